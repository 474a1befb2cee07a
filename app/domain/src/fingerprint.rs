//! Recognising a row of a file that is already in the ledger, when the bank gave it no id.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::{AccountId, Currency, Date, day};

/// Hex SHA-256 of `v1|account|date|minor|currency|description|n`; `n` counts equal rows of one file from 0.
pub fn fingerprint(
    account: &AccountId,
    date: Date,
    minor: i64,
    currency: Currency,
    description: &str,
    n: u32,
) -> String {
    let date = day::format_iso(date);
    let description = normalise_description(description);
    let digest =
        Sha256::digest(format!("v1|{account}|{date}|{minor}|{currency}|{description}|{n}"));
    hex(&digest)
}

/// Two characters a byte, lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hex_digit).collect()
}

/// One of `0` to `f`.
fn hex_digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
}

/// NFKC, runs of blanks made one, none at the ends, lower case.
pub fn normalise_description(description: &str) -> String {
    let text: String = description.nfkc().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What makes two rows of one account the same, but for how often they occur.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowKey {
    /// The date at the bank.
    pub date: Date,
    /// Signed minor units.
    pub minor: i64,
    /// The currency of the row.
    pub currency: Currency,
    /// The description by [`normalise_description`].
    pub description: String,
}

impl RowKey {
    /// The key of a row as it stands in a file.
    pub fn new(date: Date, minor: i64, currency: Currency, description: &str) -> Self {
        Self { date, minor, currency, description: normalise_description(description) }
    }

    /// The fingerprint of the `n`-th such row.
    pub fn fingerprint(&self, account: &AccountId, n: u32) -> String {
        fingerprint(account, self.date, self.minor, self.currency, &self.description, n)
    }
}

/// For each row, how many equal ones stand before it: 0 for the first, 1 for the second.
pub fn number_occurrences(rows: &[RowKey]) -> Vec<u32> {
    let mut seen: HashMap<&RowKey, u32> = HashMap::with_capacity(rows.len());
    rows.iter()
        .map(|row| {
            let count = seen.entry(row).or_default();
            let n = *count;
            *count = count.saturating_add(1);
            n
        })
        .collect()
}

/// For each row, whether it is already in the ledger: of `m` equal rows there, the first `m` of the file are the same.
pub fn already_here<S: std::hash::BuildHasher>(
    rows: &[RowKey],
    ledger: &HashMap<RowKey, u32, S>,
) -> Vec<bool> {
    let numbers = number_occurrences(rows);
    rows.iter().zip(numbers).map(|(row, n)| n < ledger.get(row).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn fingerprints_are_the_published_ones() {
        let account = AccountId::new("acc_1");
        let day = date!(2026 - 05 - 04);
        let coffee = |n| fingerprint(&account, day, -450, Currency::USD, "BLUE BOTTLE  #12 ", n);

        assert_eq!(coffee(0), "e450c484e8b95348f4d97a21d283eb49b0560b820baafba9f476711a1d31cecd");
        assert_eq!(coffee(1), "8895b89b1e36177b3fb28c647cfe4c7de7d5246c21a6ed49bd4173c718f6b166");
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(
            fingerprint(&account, day, 1_000_000, yen, "ＡＭＡＺＯＮ", 0),
            "5d678e693f19d21d4c8c7680b6c2e4190a154810d62623c7433af8dead6e4981"
        );
    }

    #[test]
    fn two_equal_coffees_are_two_rows() {
        let coffee = RowKey::new(date!(2026 - 05 - 04), -450, Currency::USD, "Coffee");
        let rent = RowKey::new(date!(2026 - 05 - 04), -450, Currency::USD, "Rent");
        let rows = [coffee.clone(), rent.clone(), coffee.clone(), coffee.clone()];

        assert_eq!(number_occurrences(&rows), [0, 0, 1, 2]);
        assert_eq!(already_here(&rows, &HashMap::new()), [false; 4]);
        let ledger = HashMap::from([(coffee, 2)]);
        assert_eq!(already_here(&rows, &ledger), [true, false, true, false]);
        let ledger = HashMap::from([(rent, 5)]);
        assert_eq!(already_here(&rows, &ledger), [false, true, false, false]);
    }

    proptest! {
        #[test]
        fn blanks_and_case_make_no_difference(words in prop::collection::vec("[a-z0-9#*]{1,8}", 1..6)) {
            let narrow = words.join(" ");
            let wide = format!("  {}\t", words.join(" \u{A0}\t ").to_uppercase());

            prop_assert_eq!(normalise_description(&narrow), normalise_description(&wide));
        }

        #[test]
        fn normalising_twice_changes_nothing(text in "[ -~äÖßＡ-Ｚ\u{A0}]{0,30}") {
            let once = normalise_description(&text);
            prop_assert_eq!(normalise_description(&once), once.clone());
        }
    }
}
