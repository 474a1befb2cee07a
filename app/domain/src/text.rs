//! Text that people type: one normal form, no hidden characters, a length counted in characters.

use unicode_normalization::UnicodeNormalization;

use crate::Code;

/// One line in NFC: blanks at the ends dropped, runs of blanks made one, at most `max` characters.
///
/// Control characters and those that turn the direction of writing are refused.
pub fn clean_line(text: &str, max: usize) -> Result<String, Code> {
    if text.chars().any(|c| is_hidden(c) && c != '\t') {
        return Err(Code::TextCharacters);
    }
    let words: Vec<String> = text.split_whitespace().map(|word| word.nfc().collect()).collect();
    bounded(words.join(" "), max)
}

/// One line of what another program wrote, in NFC: hidden characters count as blanks, runs of blanks are made one, and
/// what follows `max` characters is cut. Nothing when nothing can be seen.
pub fn visible_line(text: &str, max: usize) -> Option<String> {
    let visible: String = text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    let words: Vec<String> = visible.split_whitespace().map(|word| word.nfc().collect()).collect();
    let line: String = words.join(" ").chars().take(max).collect();
    let line = line.trim_end();
    (!line.is_empty()).then(|| line.to_owned())
}

/// Several lines in NFC: line ends made `\n`, blanks at the ends dropped, at most `max` characters.
pub fn clean_note(text: &str, max: usize) -> Result<String, Code> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().any(|c| is_hidden(c) && c != '\n' && c != '\t') {
        return Err(Code::TextCharacters);
    }
    bounded(text.trim().nfc().collect(), max)
}

/// A person's name: required, one line, at most 80 characters.
pub fn person_name(text: &str) -> Result<String, Code> {
    match clean_line(text, 80) {
        Ok(name) if name.is_empty() => Err(Code::NameRequired),
        Err(Code::TextLength(_)) => Err(Code::NameLength),
        result => result,
    }
}

fn bounded(text: String, max: usize) -> Result<String, Code> {
    if text.chars().count() > max {
        return Err(Code::TextLength(u32::try_from(max).unwrap_or(u32::MAX)));
    }
    Ok(text)
}

/// Controls (U+0000 among them) and the direction overrides, embeddings and isolates of Unicode.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_trimmed_and_put_in_one_form() {
        assert_eq!(clean_line("  Cafe\u{301}\t au  lait ", 20).as_deref(), Ok("Café au lait"));
        assert_eq!(clean_line("", 20).as_deref(), Ok(""));
    }

    #[test]
    fn hidden_characters_are_refused() {
        for text in ["a\0b", "a\nb", "a\u{202E}b", "a\u{2066}b", "\u{7F}", "\u{2028}"] {
            assert_eq!(clean_line(text, 20), Err(Code::TextCharacters), "{text:?}");
        }
        assert_eq!(clean_note("a\u{202E}b", 20), Err(Code::TextCharacters));
    }

    #[test]
    fn length_counts_characters_after_composition() {
        assert_eq!(clean_line("e\u{301}e\u{301}", 2).as_deref(), Ok("éé"));
        assert_eq!(clean_line("abc", 2), Err(Code::TextLength(2)));
    }

    #[test]
    fn what_a_program_wrote_is_made_visible_and_cut() {
        let cases = [
            ("  SQ *BLUE\u{0}BOTTLE \r\n 0231", 40, Some("SQ *BLUE BOTTLE 0231")),
            ("a\u{202E}b", 40, Some("a b")),
            ("Cafe\u{301} au lait", 5, Some("Café")),
            (" \t\u{2028} ", 40, None),
            ("", 40, None),
        ];
        for (text, max, line) in cases {
            assert_eq!(visible_line(text, max).as_deref(), line, "{text:?}");
        }
    }

    #[test]
    fn a_note_keeps_its_lines() {
        assert_eq!(clean_note(" one\r\ntwo\rthree ", 20).as_deref(), Ok("one\ntwo\nthree"));
    }

    #[test]
    fn a_name_is_needed_and_has_an_end() {
        assert_eq!(person_name(" \t "), Err(Code::NameRequired));
        assert_eq!(person_name(&"x".repeat(81)), Err(Code::NameLength));
        assert_eq!(person_name("Ada  Lovelace").as_deref(), Ok("Ada Lovelace"));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "\\PC{0,40}") {
            if let Ok(once) = clean_line(&text, 200) {
                prop_assert_eq!(clean_line(&once, 200), Ok(once.clone()));
            }
        }
    }
}
