//! Patterns that people write: an engine that is linear in the text, bounded in length and in compiled size. Without the
//! feature `rules-regex` only the length is looked at, and a pattern can't be used.

use crate::Code;

/// Most characters in a pattern.
pub const MAX_PATTERN: usize = 256;

/// Says what is wrong with a pattern. Where the feature is off, a pattern of allowed length is taken as it is.
pub fn check(pattern: &str) -> Result<(), Code> {
    if pattern.chars().count() > MAX_PATTERN {
        return Err(Code::RuleRegex("it is longer than 256 characters"));
    }
    engine::check(pattern)
}

/// A pattern that can be used.
pub(super) struct Pattern(engine::Compiled);

impl Pattern {
    pub(super) fn new(pattern: &str) -> Result<Self, Code> {
        check(pattern)?;
        engine::compile(pattern).map(Self)
    }

    /// True when the text has something of this pattern, in either case.
    pub(super) fn is_match(&self, text: &str) -> bool {
        engine::is_match(&self.0, text)
    }
}

#[cfg(any(test, feature = "rules-regex"))]
mod engine {
    use regex::{Regex, RegexBuilder};
    use regex_syntax::ast::ErrorKind;
    use regex_syntax::{Error, Parser, hir};

    use crate::Code;

    /// Most bytes a compiled pattern takes, and as many for what it remembers while it runs.
    const MAX_COMPILED: usize = 256 * 1024;
    /// How deep groups may lie in groups.
    const MAX_DEPTH: u32 = 20;

    pub(super) type Compiled = Regex;

    pub(super) fn check(pattern: &str) -> Result<(), Code> {
        compile(pattern).map(drop)
    }

    pub(super) fn compile(pattern: &str) -> Result<Compiled, Code> {
        RegexBuilder::new(pattern)
            .case_insensitive(true)
            .size_limit(MAX_COMPILED)
            .dfa_size_limit(MAX_COMPILED)
            .nest_limit(MAX_DEPTH)
            .build()
            .map_err(|error| Code::RuleRegex(detail(pattern, &error)))
    }

    pub(super) fn is_match(compiled: &Compiled, text: &str) -> bool {
        compiled.is_match(text)
    }

    /// What is wrong, in our words.
    fn detail(pattern: &str, error: &regex::Error) -> &'static str {
        if matches!(error, regex::Error::CompiledTooBig(_)) {
            return "it is too large";
        }
        match Parser::new().parse(pattern) {
            Err(Error::Parse(error)) => written(error.kind()),
            Err(Error::Translate(error)) => match error.kind() {
                hir::ErrorKind::UnicodePropertyNotFound
                | hir::ErrorKind::UnicodePropertyValueNotFound => {
                    "that kind of character isn't known"
                }
                _ => UNREADABLE,
            },
            // The parser alone allows deeper nesting.
            Ok(_) => "its groups are nested too deeply",
            Err(_) => UNREADABLE,
        }
    }

    const UNREADABLE: &str = "it can't be read";

    fn written(kind: &ErrorKind) -> &'static str {
        match kind {
            ErrorKind::GroupUnclosed => "a group isn't closed",
            ErrorKind::GroupUnopened => "a bracket closes nothing",
            ErrorKind::ClassUnclosed => "a set isn't closed",
            ErrorKind::ClassRangeInvalid => "a range goes backwards",
            ErrorKind::RepetitionMissing => "there is nothing to repeat",
            ErrorKind::RepetitionCountInvalid
            | ErrorKind::RepetitionCountDecimalEmpty
            | ErrorKind::RepetitionCountUnclosed
            | ErrorKind::DecimalEmpty
            | ErrorKind::DecimalInvalid => "a count of repeats can't be read",
            ErrorKind::EscapeUnexpectedEof => "something must follow the backslash",
            ErrorKind::EscapeUnrecognized => "a backslash stands before the wrong character",
            ErrorKind::UnsupportedBackreference => "back-references can't be used",
            ErrorKind::UnsupportedLookAround => "looking ahead or back can't be used",
            ErrorKind::NestLimitExceeded(_) => "its groups are nested too deeply",
            _ => UNREADABLE,
        }
    }
}

#[cfg(not(any(test, feature = "rules-regex")))]
mod engine {
    use crate::Code;

    /// There are none.
    pub(super) enum Compiled {}

    #[expect(clippy::unnecessary_wraps, reason = "as where there is an engine")]
    pub(super) fn check(_pattern: &str) -> Result<(), Code> {
        Ok(())
    }

    pub(super) fn compile(_pattern: &str) -> Result<Compiled, Code> {
        Err(Code::RuleRegex("patterns can't be used here"))
    }

    pub(super) fn is_match(compiled: &Compiled, _text: &str) -> bool {
        match *compiled {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(pattern: &str) -> String {
        check(pattern).unwrap_err().message().into_owned()
    }

    #[test]
    fn a_pattern_finds_its_text_in_either_case() {
        let pattern = Pattern::new(r"blue\s+bottle|^sq \*").unwrap();

        assert!(pattern.is_match("SQ *BLUE  BOTTLE 0231"));
        assert!(pattern.is_match("Blue Bottle"));
        assert!(!pattern.is_match("bluebottle"));
    }

    #[test]
    fn what_is_wrong_with_a_pattern_is_said_in_words() {
        let cases = [
            ("(", "a group isn't closed"),
            (")", "a bracket closes nothing"),
            ("[a", "a set isn't closed"),
            ("[z-a]", "a range goes backwards"),
            ("*", "there is nothing to repeat"),
            ("a{2,1}", "a count of repeats can't be read"),
            ("a{", "a count of repeats can't be read"),
            ("a\\", "something must follow the backslash"),
            (r"\y", "a backslash stands before the wrong character"),
            (r"(a)\1", "back-references can't be used"),
            ("a(?=b)", "looking ahead or back can't be used"),
            (r"\p{Zzz}", "that kind of character isn't known"),
            ("(?P<a", "it can't be read"),
        ];
        for (pattern, words) in cases {
            assert_eq!(detail(pattern), format!("That pattern isn't valid: {words}."), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_is_bounded_in_length_size_and_depth() {
        assert!(check(&"é".repeat(256)).is_ok());
        assert!(detail(&"a".repeat(257)).contains("longer than 256 characters"));
        for pattern in [r"\w{1000}", r"((a{100}){100}){100}", r"(?:\pL{50}){50}"] {
            assert!(detail(pattern).contains("too large"), "{pattern}");
        }
        let deep = "(".repeat(30) + "a" + &")".repeat(30);
        assert!(detail(&deep).contains("nested too deeply"));
    }

    #[test]
    fn a_pattern_that_ruins_other_engines_takes_time_in_step_with_the_text() {
        let pattern = Pattern::new("^(a+)+$").unwrap();
        let text = "a".repeat(100_000) + "b";

        assert!(!pattern.is_match(&text));
    }
}
