//! A search cut into words. Quotes keep blanks together and take every special meaning away.

/// One word of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Token {
    /// As it was typed.
    pub(super) source: String,
    /// What stands before the first colon outside quotes: `account`, `-category`.
    pub(super) key: Option<String>,
    /// The rest, without quotes.
    pub(super) value: String,
    /// It begins or goes on in quotes somewhere.
    pub(super) is_quoted: bool,
}

impl Token {
    /// The text that is looked for when the word means nothing special.
    pub(super) fn text(&self) -> String {
        match &self.key {
            Some(key) => format!("{key}:{}", self.value),
            None => self.value.clone(),
        }
    }
}

/// The words of a search, in order. A quote that is not closed goes to the end.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut token = Token::default();
    let mut in_quotes = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c.is_whitespace() && !in_quotes {
            flush(&mut tokens, &mut token);
            continue;
        }
        token.source.push(c);
        match c {
            '"' => {
                in_quotes = !in_quotes;
                token.is_quoted = true;
            }
            '\\' if in_quotes => {
                let Some(next) = chars.next() else { break };
                token.source.push(next);
                token.value.push(next);
            }
            ':' if token.key.is_none() && !token.is_quoted && is_name(&token.value) => {
                token.key = Some(std::mem::take(&mut token.value));
            }
            _ => token.value.push(c),
        }
    }
    flush(&mut tokens, &mut token);
    tokens
}

fn flush(tokens: &mut Vec<Token>, token: &mut Token) {
    let token = std::mem::take(token);
    if !token.text().is_empty() {
        tokens.push(token);
    }
}

/// True for letters, and a hyphen in front of them.
fn is_name(text: &str) -> bool {
    let letters = text.strip_prefix('-').unwrap_or(text);
    !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Puts a text in quotes, so that it is read as it stands.
pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
