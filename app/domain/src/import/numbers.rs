//! Amounts in files: what stands around the digits, and which sign the decimals follow.

use std::borrow::Cow;

use crate::money::{MINUS, minor_of, ungroup};
use crate::{Code, Currency};

words! {
    /// The sign in front of the decimals. Decided once for a file, never row by row.
    pub enum Decimal (Code::OptionUnknown) {
        Point = "point", "Decimal point";
        Comma = "comma", "Decimal comma";
    }
}

impl Decimal {
    const fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    const fn group(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }
}

/// Reads one amount. Groups must be threes, and decimals beyond the currency's must be zeros.
///
/// Around the digits may stand a sign, brackets, a currency, blanks, apostrophes, a minus behind, `CR` or `DR`.
pub(super) fn parse(cell: &str, decimal: Decimal, currency: Currency) -> Result<i64, Code> {
    let (negative, digits) = bare(cell).ok_or(Code::AmountNumber)?;
    let (whole, fraction) = digits.split_once(decimal.sign()).unwrap_or((&digits, ""));
    let whole = ungroup(whole, decimal.group()).ok_or(Code::AmountNumber)?;
    if (whole.is_empty() && fraction.is_empty()) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Code::AmountNumber);
    }
    let places = usize::try_from(currency.exponent()).unwrap_or(0);
    let (kept, beyond) = fraction.split_at_checked(places).unwrap_or((fraction, ""));
    if beyond.bytes().any(|b| b != b'0') {
        return Err(Code::AmountPrecision(currency));
    }
    minor_of(&whole, kept, negative, currency)
}

/// True for a cell that is an amount under some reading.
pub(super) fn looks_like_number(cell: &str) -> bool {
    bare(cell).is_some_and(|(_, digits)| digits.bytes().any(|b| b.is_ascii_digit()))
}

/// Whether the amount is negative, and its digits with points and commas alone.
fn bare(cell: &str) -> Option<(bool, Cow<'_, str>)> {
    let is_plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',');
    let (mut negative, rest) = match cell.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, cell),
    };
    if !rest.is_empty() && rest.bytes().all(is_plain) {
        return Some((negative, Cow::Borrowed(rest)));
    }
    let text: String =
        cell.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '`')).collect();
    let mut rest = text.as_str();
    negative = false;
    let mut signs: u32 = 0;
    loop {
        let (after, minus) = step(rest);
        if after.len() == rest.len() {
            break;
        }
        if let Some(minus) = minus {
            negative = minus;
            signs = signs.saturating_add(1);
        }
        rest = after;
    }
    let valid = signs <= 1 && !rest.is_empty() && rest.bytes().all(is_plain);
    valid.then(|| (negative, Cow::Owned(rest.to_owned())))
}

/// Takes one sign (or brackets) or one currency from either end; tells whether it was a sign, and which.
fn step(text: &str) -> (&str, Option<bool>) {
    let minus = ['-', MINUS, '–'];
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (inside, Some(true));
    }
    if let Some(rest) = text.strip_prefix(minus).or_else(|| text.strip_suffix(minus)) {
        return (rest, Some(true));
    }
    if let Some(rest) = text.strip_prefix('+').or_else(|| text.strip_suffix('+')) {
        return (rest, Some(false));
    }
    let behind = text.trim_end_matches(|c: char| c.is_alphabetic() || is_currency_sign(c));
    match text.get(behind.len()..).unwrap_or_default() {
        "CR" | "Cr" | "cr" => return (behind, Some(false)),
        "DR" | "Dr" | "dr" => return (behind, Some(true)),
        unit if is_unit(unit) => return (behind, None),
        _ => {}
    }
    let front = text.trim_start_matches(|c: char| c.is_alphabetic() || is_currency_sign(c));
    let unit = text.get(..text.len().saturating_sub(front.len())).unwrap_or_default();
    if is_unit(unit) { (front, None) } else { (text, None) }
}

/// A currency in letters or signs: `USD`, `€`, `R$`, `kr`, `zł`, `Kč`, `Fr`.
fn is_unit(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let signs = text.chars().filter(|c| is_currency_sign(*c)).count();
    match (letters, signs) {
        (0..=2, 1) => true,
        (3, 0) => Currency::parse(text).is_ok(),
        (2, 0) => ["kr", "zł", "kč", "fr", "ft", "lei"].contains(&text.to_lowercase().as_str()),
        _ => false,
    }
}

const fn is_currency_sign(c: char) -> bool {
    matches!(c, '$' | '¢' | '£' | '¤' | '¥' | '€' | '₡'..='₿' | '₠')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(cell: &str, decimal: Decimal) -> Result<i64, Code> {
        parse(cell, decimal, Currency::USD)
    }

    #[test]
    fn what_stands_around_the_digits_is_understood() {
        let cases = [
            ("1,234.56", 123_456),
            ("-1,234.56", -123_456),
            ("−1234.56", -123_456),
            ("1234.56-", -123_456),
            ("(7.25)", -725),
            ("$(7.25)", -725),
            ("($7.25)", -725),
            ("-$7.25", -725),
            ("$-7.25", -725),
            ("USD 7.25", 725),
            ("7.25 EUR", 725),
            ("-7.25 zł", -725),
            ("kr 7.25", 725),
            ("R$ 7.25", 725),
            ("7.25 DR", -725),
            ("7.25 CR", 725),
            ("+7.25", 725),
            ("1'234.50", 123_450),
            ("1’234.50", 123_450),
            ("1\u{A0}234.50", 123_450),
            ("1\u{202F}234.50", 123_450),
            ("3.000", 300),
            (".5", 50),
            ("5.", 500),
            ("0", 0),
        ];
        for (cell, minor) in cases {
            assert_eq!(usd(cell, Decimal::Point), Ok(minor), "{cell}");
        }
    }

    #[test]
    fn a_comma_can_be_the_decimal_sign() {
        assert_eq!(usd("-1.234,56", Decimal::Comma), Ok(-123_456));
        assert_eq!(usd("3.000,00", Decimal::Comma), Ok(300_000));
        assert_eq!(usd("3.000", Decimal::Comma), Ok(300_000));
        assert_eq!(usd("1 234,5 €", Decimal::Comma), Ok(123_450));
    }

    #[test]
    fn a_reading_that_does_not_fit_is_refused() {
        for cell in [
            "abc",
            "",
            "-",
            ".",
            "1.2.3",
            "1,23",
            "12,34",
            "--1",
            "-1-",
            "(-1)",
            "1e3",
            "1 XYZ",
            "€",
            "2026-05-04",
            "1/2",
        ] {
            assert_eq!(usd(cell, Decimal::Point), Err(Code::AmountNumber), "{cell}");
        }
        assert_eq!(usd("1.234,56", Decimal::Point), Err(Code::AmountNumber));
        assert_eq!(usd("1.005", Decimal::Point), Err(Code::AmountPrecision(Currency::USD)));
        assert_eq!(usd("99999999999999.00", Decimal::Point), Err(Code::AmountTooLarge));
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(parse("1.5", Decimal::Point, yen), Err(Code::AmountPrecision(yen)));
        assert_eq!(parse("1500.00", Decimal::Point, yen), Ok(1500));
    }

    #[test]
    fn numbers_are_told_from_text() {
        for cell in ["1", "-4,50", "€ 3", "(1.00)"] {
            assert!(looks_like_number(cell), "{cell}");
        }
        for cell in ["", "x", "ACME 12", "2026-05-04", ",", "12/05"] {
            assert!(!looks_like_number(cell), "{cell}");
        }
    }
}
