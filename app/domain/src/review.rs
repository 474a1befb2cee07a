//! What waits for a look: its kinds, and which categories a row is likely to have.

use crate::{Code, category};

words! {
    /// What waits, in the order of the tabs.
    pub enum Kind (Code::OptionUnknown) {
        /// Rows without a category.
        Unsorted = "uncategorized", "Uncategorized";
        /// Two rows that may be one.
        Duplicates = "duplicates", "Possible duplicates";
        /// Two rows that may be a transfer.
        Transfers = "transfers", "Transfers";
        /// What is paid again and again, and costs more now.
        Prices = "prices", "Price rises";
    }
}

/// Most categories that are suggested for one row.
const SUGGESTED: usize = 3;

/// The likely categories of a row, the likeliest first: what its owner gave to rows of the same shop by hand, as often
/// as the number says, then a guess by its text and its sign.
pub fn suggestions(by_hand: &[(String, i64)], description: &str, minor: i64) -> Vec<String> {
    let mut known: Vec<&(String, i64)> = by_hand.iter().collect();
    known.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let guessed = category::guess(description, minor).to_owned();
    let mut likely: Vec<String> = Vec::new();
    for key in known.into_iter().map(|(key, _)| key.clone()).chain([guessed]) {
        if key != category::UNCATEGORIZED && !likely.contains(&key) {
            likely.push(key);
        }
    }
    likely.truncate(SUGGESTED);
    likely
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(keys: &[(&str, i64)]) -> Vec<(String, i64)> {
        keys.iter().map(|(key, times)| ((*key).to_owned(), *times)).collect()
    }

    #[test]
    fn what_was_said_most_often_comes_first_and_a_guess_last() {
        let by_hand = known(&[("travel", 1), ("giving", 4)]);

        assert_eq!(
            suggestions(&by_hand, "NETFLIX.COM", -1_549),
            ["giving", "travel", "entertainment.streaming"]
        );
    }

    #[test]
    fn each_is_there_once_and_there_are_three_at_most() {
        let by_hand = known(&[("entertainment.streaming", 2), ("uncategorized", 9)]);
        assert_eq!(suggestions(&by_hand, "NETFLIX.COM", -1_549), ["entertainment.streaming"]);
        let many = known(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)]);
        assert_eq!(suggestions(&many, "NETFLIX.COM", -1_549), ["a", "b", "c"]);
    }

    #[test]
    fn nothing_is_suggested_for_what_nobody_knows() {
        assert!(suggestions(&[], "ZXQV 77", -100).is_empty());
    }
}
