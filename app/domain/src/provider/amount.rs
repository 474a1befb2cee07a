//! Amounts as they stand in a provider's JSON.

use crate::money::MAX_MINOR;
use crate::{Code, Currency};

/// Longest number that is read. What a double prints needs some thirty characters.
const TEXT_MAX: usize = 400;
/// Places that a point is moved at most; further out a number is zero or too large.
const SHIFT_MAX: i64 = 100;

/// An amount in our sign, and whether the provider's said more than the currency can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderAmount {
    /// Minor units, in above zero.
    pub minor: i64,
    /// Digits were lost: worth a line in the log.
    pub is_rounded: bool,
}

/// Reads the literal text of Plaid's `amount`, a JSON number that counts money out as positive. Rounded to the
/// currency's minor unit, a half to the even neighbour; never by way of a float.
pub fn plaid_amount(literal: &str, currency: Currency) -> Result<ProviderAmount, Code> {
    let number = Number::parse(literal).ok_or(Code::AmountNumber)?;
    let point = number.point.saturating_add(i64::from(currency.exponent()));
    if number.digits.is_empty() || point < -SHIFT_MAX {
        return Ok(ProviderAmount { minor: 0, is_rounded: !number.digits.is_empty() });
    }
    if point > SHIFT_MAX {
        return Err(Code::AmountTooLarge);
    }
    let (whole, rest) = number.split(usize::try_from(point).unwrap_or(0));
    let whole: i64 =
        if whole.is_empty() { 0 } else { whole.parse().map_err(|_| Code::AmountTooLarge)? };
    let is_rounded = rest.bytes().any(|b| b != b'0');
    let leading = usize::try_from(point.saturating_neg()).unwrap_or(0);
    let is_up = leading == 0 && rounds_up(&rest, whole);
    let size = whole.saturating_add(i64::from(is_up));
    if size > MAX_MINOR {
        return Err(Code::AmountTooLarge);
    }
    let minor = if number.is_negative { size } else { size.saturating_neg() };
    Ok(ProviderAmount { minor, is_rounded })
}

/// True when the decimals behind a whole number round it up: more than a half, or a half behind an odd one.
fn rounds_up(decimals: &str, whole: i64) -> bool {
    let rest = decimals.get(1..).unwrap_or_default();
    match decimals.as_bytes().first() {
        Some(b'6'..=b'9') => true,
        Some(b'5') => {
            let is_odd = whole.checked_rem(2) == Some(1);
            is_odd || rest.bytes().any(|b| b != b'0')
        }
        _ => false,
    }
}

/// A JSON number taken apart: its digits without zeros in front, and where the point stands among them.
struct Number {
    is_negative: bool,
    digits: String,
    /// Digits before the point; below zero, that many zeros stand between the point and the digits.
    point: i64,
}

impl Number {
    /// Reads what RFC 8259 section 6 calls a number, and nothing else.
    fn parse(literal: &str) -> Option<Self> {
        if literal.len() > TEXT_MAX {
            return None;
        }
        let (is_negative, rest) =
            literal.strip_prefix('-').map_or((false, literal), |rest| (true, rest));
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let has_zero_in_front = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || has_zero_in_front || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0').to_owned();
        let dropped = i64::try_from(all.len().saturating_sub(digits.len())).ok()?;
        let before = i64::try_from(whole.len()).ok()?;
        let point = before.saturating_sub(dropped).saturating_add(exponent);
        Some(Self { is_negative, digits, point })
    }

    /// The digits before and after a point that stands behind that many of them.
    fn split(&self, point: usize) -> (String, String) {
        match self.digits.split_at_checked(point) {
            Some((whole, rest)) => (whole.to_owned(), rest.to_owned()),
            None => (format!("{:0<point$}", self.digits), String::new()),
        }
    }
}

/// `-12`, `+3`; far beyond what is looked at it stops growing.
fn parse_exponent(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size: i64 = digits.parse().unwrap_or(i64::MAX).min(1_000_000);
    Some(if is_negative { size.saturating_neg() } else { size })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Money;

    fn read(literal: &str, code: &str) -> Result<(i64, bool), Code> {
        let amount = plaid_amount(literal, Currency::parse(code).unwrap())?;
        Ok((amount.minor, amount.is_rounded))
    }

    #[test]
    fn money_out_is_positive_at_plaid_and_negative_here() {
        let cases = [
            ("4.5", "USD", -450),
            ("-2078.5", "USD", 207_850),
            ("0", "USD", 0),
            ("-0.0", "USD", 0),
            ("89.40", "USD", -8_940),
            ("12", "JPY", -12),
            ("1.234", "KWD", -1_234),
            ("1.5e1", "USD", -1_500),
            ("1.5E+1", "USD", -1_500),
            ("45e-2", "USD", -45),
            ("5e-3", "KWD", -5),
            ("1e2", "JPY", -100),
            ("0.07", "USD", -7),
            ("10000000000", "USD", -1_000_000_000_000),
        ];
        for (literal, code, minor) in cases {
            assert_eq!(read(literal, code), Ok((minor, false)), "{literal} {code}");
        }
    }

    #[test]
    fn lost_digits_are_told_and_a_half_goes_to_the_even_neighbour() {
        let cases = [
            ("28.339999999999996", "USD", -2_834),
            ("0.125", "USD", -12),
            ("0.135", "USD", -14),
            ("0.1250000001", "USD", -13),
            ("-0.125", "USD", 12),
            ("0.005", "USD", 0),
            ("0.015", "USD", -2),
            ("0.0051", "USD", -1),
            ("0.004999", "USD", 0),
            ("0.0009", "USD", 0),
            ("1.5", "JPY", -2),
            ("2.5", "JPY", -2),
            ("0.5", "JPY", 0),
            ("9.995", "USD", -1_000),
            ("1e-200", "USD", 0),
            ("1.2345", "KWD", -1_234),
        ];
        for (literal, code, minor) in cases {
            assert_eq!(read(literal, code), Ok((minor, true)), "{literal} {code}");
        }
    }

    #[test]
    fn zeros_behind_are_no_lost_digits() {
        assert_eq!(read("4.5000", "USD"), Ok((-450, false)));
        assert_eq!(read("100.0", "JPY"), Ok((-100, false)));
        assert_eq!(read("0.000e9", "USD"), Ok((0, false)));
    }

    #[test]
    fn what_is_no_json_number_is_refused() {
        let long = "1".repeat(401);
        for literal in [
            "", "-", "+1", ".5", "5.", "1e", "1e+", "01", "1,5", "1.2.3", "NaN", "Infinity", "1 ",
            "\"1\"", "0x1", "1e1.5", "--1", "１", &long,
        ] {
            assert_eq!(read(literal, "USD"), Err(Code::AmountNumber), "{literal}");
        }
    }

    #[test]
    fn an_amount_has_an_end() {
        for literal in ["10000000000.01", "1e400", "1e99999999999999999999", "99999999999999999999"]
        {
            assert_eq!(read(literal, "USD"), Err(Code::AmountTooLarge), "{literal}");
        }
    }

    proptest! {
        #[test]
        fn what_the_currency_can_say_is_read_exactly(
            minor in -MAX_MINOR..=MAX_MINOR,
            code in prop::sample::select(vec!["USD", "JPY", "KWD", "CLF"]),
        ) {
            let amount = Money::new(minor, Currency::parse(code).unwrap());
            prop_assert_eq!(read(&amount.to_plain(), code), Ok((-minor, false)));
        }

        #[test]
        fn rounding_never_moves_more_than_half_a_unit(whole in 0_i64..1_000_000, decimals in "[0-9]{3,12}") {
            let (minor, is_rounded) = read(&format!("{whole}.{decimals}"), "USD").unwrap();
            let width = decimals.len() - 2;
            let exact: i128 = format!("{whole}{decimals}").parse().unwrap();
            let unit = 10_i128.pow(u32::try_from(width).unwrap());
            let off = (exact + i128::from(minor) * unit).abs();
            prop_assert!(off * 2 <= unit);
            prop_assert_eq!(is_rounded, off != 0);
            prop_assert!(off * 2 != unit || minor % 2 == 0);
        }
    }
}
