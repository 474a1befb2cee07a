//! The number of a bank account: a secret with as few ways out as possible.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Code;

/// An account number. It can't be printed, copied or serialised, and its memory is cleared when it goes.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AccountNumber(String);

impl AccountNumber {
    /// Reads 4 to 17 digits; spaces and hyphens are dropped, leading zeros kept.
    pub fn parse(text: &str) -> Result<Self, Code> {
        // Room for all of it at once: growing would leave copies behind.
        let mut number = Self(String::with_capacity(text.len()));
        number.0.extend(text.trim().chars().filter(|c| !matches!(c, ' ' | '-')));
        if !number.0.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Code::AccountNumberDigits);
        }
        if !(4..=17).contains(&number.0.len()) {
            return Err(Code::AccountNumberLength);
        }
        if number.0.bytes().all(|b| b == b'0') {
            return Err(Code::AccountNumberZero);
        }
        Ok(number)
    }

    /// The digits, for encryption and for sending to a provider. Nothing else has a reason to call it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be kept and shown: the last 4 digits of 7 or more, the last 2 of 5 or 6, none of 4.
    pub fn mask(&self) -> Option<String> {
        let shown = shown_digits(self.0.len())?;
        self.0.get(self.0.len().saturating_sub(shown)..).map(str::to_owned)
    }

    /// True when both are the same number.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

/// How many characters at the end of a number of this length may be kept and shown.
pub(crate) const fn shown_digits(length: usize) -> Option<usize> {
    match length {
        7.. => Some(4),
        5 | 6 => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(number: &str) -> Result<Option<String>, Code> {
        AccountNumber::parse(number).map(|number| number.mask())
    }

    #[test]
    fn the_mask_shows_less_of_shorter_numbers() {
        assert_eq!(mask("000123456789"), Ok(Some("6789".to_owned())));
        assert_eq!(mask("1234567"), Ok(Some("4567".to_owned())));
        assert_eq!(mask("123456"), Ok(Some("56".to_owned())));
        assert_eq!(mask("12345"), Ok(Some("45".to_owned())));
        assert_eq!(mask("1234"), Ok(None));
    }

    #[test]
    fn what_is_not_an_account_number_is_refused() {
        for (number, code) in [
            ("123", Code::AccountNumberLength),
            ("", Code::AccountNumberLength),
            ("123456789012345678", Code::AccountNumberLength),
            ("0000000", Code::AccountNumberZero),
            ("12A4567", Code::AccountNumberDigits),
            ("１２３４５６７", Code::AccountNumberDigits),
        ] {
            assert_eq!(mask(number), Err(code), "{number}");
        }
    }

    #[test]
    fn spaces_and_hyphens_are_dropped_and_leading_zeros_kept() {
        let number = AccountNumber::parse(" 0001-2345 6789 ").ok().unwrap();
        assert_eq!(number.expose(), "000123456789");
        assert!(number.is_same(&AccountNumber::parse("000123456789").ok().unwrap()));
        assert!(!number.is_same(&AccountNumber::parse("123456789").ok().unwrap()));
    }
}
