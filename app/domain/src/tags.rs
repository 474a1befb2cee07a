//! Tags: words of a person's own on a row. Case makes no difference.

use crate::{Code, text};

/// Most tags on one row.
pub const MAX_TAGS: usize = 20;
/// Most characters in one tag.
const TAG_MAX: usize = 40;

/// One tag in lower case, without the `#` people put in front. Empty, or with a comma or a bar, it is refused.
pub fn parse(text: &str) -> Result<String, Code> {
    let text = text.trim_start_matches(|c: char| c == '#' || c.is_whitespace());
    let tag = match text::clean_line(&text.to_lowercase(), TAG_MAX) {
        Err(Code::TextLength(_)) => return Err(Code::TagLength),
        result => result?,
    };
    if tag.is_empty() {
        return Err(Code::TextRequired);
    }
    if tag.contains(['|', ',']) { Err(Code::TagCharacters) } else { Ok(tag) }
}

/// Tags with commas between them, as a field of a form has them: sorted, each once, at most [`MAX_TAGS`].
pub fn parse_list(text: &str) -> Result<Vec<String>, Code> {
    let is_filled = |tag: &&str| tag.contains(|c: char| c != '#' && !c.is_whitespace());
    let tags = text.split(',').filter(is_filled).map(parse).collect::<Result<Vec<_>, _>>()?;
    join(tags).ok_or(Code::TagCount)
}

/// Sorted and each once; nothing when there are more than [`MAX_TAGS`].
pub fn join(tags: impl IntoIterator<Item = String>) -> Option<Vec<String>> {
    let mut tags: Vec<String> = tags.into_iter().collect();
    tags.sort();
    tags.dedup();
    (tags.len() <= MAX_TAGS).then_some(tags)
}

/// The text of the column, each between bars, so that one can be looked for: `|trip|work|`; empty without any.
pub fn to_column(tags: &[String]) -> String {
    if tags.is_empty() { String::new() } else { format!("|{}|", tags.join("|")) }
}

/// Reads what [`to_column`] wrote.
pub fn from_column(column: &str) -> Vec<String> {
    column.split('|').filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_list_is_sorted_and_has_each_tag_once() {
        assert_eq!(parse_list(" Work, #trip ,, TRIP,").unwrap(), ["trip", "work"]);
        assert_eq!(parse_list(" , # "), Ok(Vec::new()));
    }

    #[test]
    fn what_would_break_the_column_is_refused() {
        assert_eq!(parse("a|b"), Err(Code::TagCharacters));
        assert_eq!(parse("a,b"), Err(Code::TagCharacters));
        assert_eq!(parse(" # "), Err(Code::TextRequired));
        assert_eq!(parse("a\u{202E}b"), Err(Code::TextCharacters));
        assert_eq!(parse(&"x".repeat(41)), Err(Code::TagLength));
        let many: Vec<String> = (0..21).map(|n| format!("t{n}")).collect();
        assert_eq!(parse_list(&many.join(",")), Err(Code::TagCount));
    }

    proptest! {
        #[test]
        fn tags_survive_the_column(words in prop::collection::vec("[ #a-zÄß0-9|,]{0,12}", 0..8)) {
            let tags: Vec<String> = words.iter().filter_map(|word| parse(word).ok()).collect();
            let tags = join(tags).unwrap();

            prop_assert_eq!(from_column(&to_column(&tags)), tags.clone());
            prop_assert_eq!(parse_list(&tags.join(",")), Ok(tags));
        }
    }
}
