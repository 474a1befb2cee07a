//! Tags and texts of OFX, whose first version is SGML: elements without ends, ampersands that mean themselves.
//!
//! Nothing is expanded but the entities of XML and references by number. Each byte is looked at a bounded number of
//! times, whatever the file.

use std::borrow::Cow;

use crate::Code;

/// Longest name of an entity, between `&` and `;`.
const ENTITY: usize = 10;

/// One piece of a file. Names are as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    Open(&'t str),
    Close(&'t str),
    Text(Cow<'t, str>),
}

/// Reads a text once, from start to end. Ends after the first thing that has no end itself.
pub(super) struct Markup<'t> {
    rest: &'t str,
    /// The name of an element that opened and closed in one tag.
    closing: Option<&'t str>,
}

impl<'t> Markup<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { rest: text, closing: None }
    }

    /// What stands before `end`, which is dropped as well. Without it, the file is damaged.
    fn until(&mut self, end: &str) -> Result<&'t str, Code> {
        if let Some((inside, rest)) = self.rest.split_once(end) {
            self.rest = rest;
            return Ok(inside);
        }
        self.rest = "";
        Err(Code::FileDamaged)
    }

    /// A comment, a declaration or an instruction: dropped, but for text that only looks like one.
    fn aside(&mut self) -> Result<Option<Token<'t>>, Code> {
        if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
            self.rest = rest;
            return Ok(Some(Token::Text(Cow::Borrowed(self.until("]]>")?))));
        }
        if self.rest.starts_with("<!--") {
            self.until("-->")?;
        } else if self.rest.starts_with("<?") {
            self.until(">")?;
        } else {
            let declaration = self.until(">")?;
            if declaration.contains('[') && !declaration.contains(']') {
                self.until("]")?;
                self.until(">")?;
            }
        }
        Ok(None)
    }

    fn tag(&mut self, inside: &'t str, rest: &'t str) -> Token<'t> {
        self.rest = rest;
        if let Some(name) = inside.strip_prefix('/') {
            return Token::Close(name_in(name));
        }
        let name = name_in(inside.trim_end_matches('/'));
        if inside.ends_with('/') {
            self.closing = Some(name);
        }
        Token::Open(name)
    }

    /// Everything up to the next `<`. One at the start is text.
    fn text(&mut self) -> Token<'t> {
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        let tail = self.rest.get(first..).unwrap_or_default();
        let end = tail.find('<').map_or(self.rest.len(), |at| at.saturating_add(first));
        let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        Token::Text(resolved(text))
    }
}

impl<'t> Iterator for Markup<'t> {
    type Item = Result<Token<'t>, Code>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(name) = self.closing.take() {
            return Some(Ok(Token::Close(name)));
        }
        while !self.rest.is_empty() {
            if self.rest.starts_with("<!") || self.rest.starts_with("<?") {
                match self.aside() {
                    Ok(None) => continue,
                    Ok(Some(token)) => return Some(Ok(token)),
                    Err(code) => return Some(Err(code)),
                }
            }
            return Some(Ok(match tag(self.rest) {
                Some((inside, rest)) => self.tag(inside, rest),
                None => self.text(),
            }));
        }
        None
    }
}

/// The inside of the tag that a text begins with, and what stands behind it.
fn tag(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = inside.find(['<', '>'])?;
    let (inside, rest) = inside.split_at_checked(end)?;
    Some((inside, rest.strip_prefix('>')?))
}

/// The name in a tag: without attributes, and without a prefix of a namespace.
fn name_in(tag: &str) -> &str {
    let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or(tag);
    name.rsplit(':').next().unwrap_or(name)
}

/// The text with its entities resolved. An ampersand that begins none stands for itself.
fn resolved(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut pieces = text.split('&');
    let mut result = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.bytes().take(ENTITY).position(|byte| byte == b';');
        let named = end.and_then(|end| Some((entity(piece.get(..end)?)?, piece.get(end..)?)));
        if let Some((c, rest)) = named {
            result.push(c);
            result.push_str(rest.strip_prefix(';').unwrap_or(rest));
        } else {
            result.push('&');
            result.push_str(piece);
        }
    }
    Cow::Owned(result)
}

/// The character of an entity's name.
fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{A0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !matches!(c, '\0'..='\u{8}' | '\u{B}'..='\u{1F}'))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        Markup::new(text).collect::<Result<_, _>>().unwrap()
    }

    fn text(text: &str) -> Token<'_> {
        Token::Text(Cow::Borrowed(text))
    }

    #[test]
    fn elements_may_have_no_ends() {
        assert_eq!(
            tokens("<A><B>x<C>y</A>"),
            [
                Token::Open("A"),
                Token::Open("B"),
                text("x"),
                Token::Open("C"),
                text("y"),
                Token::Close("A")
            ]
        );
        assert_eq!(
            tokens("<x:A b='c'/></ A>"),
            [Token::Open("A"), Token::Close("A"), text("</ A>")]
        );
    }

    #[test]
    fn what_is_not_data_is_dropped() {
        let asides = "<?xml version=\"1.0\"?><!-- <A> --><!DOCTYPE x [<!ENTITY a \"<B>\">]><!X>";
        assert_eq!(tokens(&format!("{asides}<A>")), [Token::Open("A")]);
        assert_eq!(tokens("<![CDATA[a <b> &amp;]]>"), [text("a <b> &amp;")]);
    }

    #[test]
    fn only_the_entities_of_xml_are_known() {
        for (written, meant) in [
            ("CITY POWER &amp; LIGHT", "CITY POWER & LIGHT"),
            ("AT&T", "AT&T"),
            ("&lt;&gt;&quot;&apos;&nbsp;.", "<>\"'\u{A0}."),
            ("&#8364; &#x20AC;", "€ €"),
            ("&lol; &#xD800; &#0; &#99999999999; &; &", "&lol; &#xD800; &#0; &#99999999999; &; &"),
            ("&averylongname;", "&averylongname;"),
            ("&é;&€€€€;", "&é;&€€€€;"),
        ] {
            assert_eq!(resolved(written), meant);
        }
    }

    #[test]
    fn a_bracket_that_begins_no_tag_is_text() {
        let joined = |written: &str| {
            tokens(written)
                .into_iter()
                .map(|token| match token {
                    Token::Text(text) => text.into_owned(),
                    other => panic!("{other:?}"),
                })
                .collect::<String>()
        };
        for written in ["I <3 U", "a < b", "<", "<a <", "é<", "<<<<"] {
            assert_eq!(joined(written), written);
        }
    }

    #[test]
    fn what_never_ends_is_damaged() {
        for text in ["<!--", "<![CDATA[x", "<?xml", "<!DOCTYPE", "<!DOCTYPE x [ > "] {
            let last = Markup::new(text).last();
            assert_eq!(last, Some(Err(Code::FileDamaged)), "{text}");
        }
    }

    #[test]
    fn a_million_open_brackets_take_no_time() {
        for piece in ["<a", "<", "<a ", "&", "<!", "&#"] {
            let text = piece.repeat(1_000_000);
            assert!(Markup::new(&text).count() <= 1_000_001);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered_without_a_panic(text in "[<>/!?&;#a-cé \\[\\]-]{0,80}") {
            for token in Markup::new(&text) {
                let _ = token;
            }
        }
    }
}
