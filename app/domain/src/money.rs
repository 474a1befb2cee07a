//! Money as whole minor units. In is above zero, out is below, on every kind of account.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Code, Currency};

/// The largest amount a person or a file can give, in minor units, either way.
pub const MAX_MINOR: i64 = 1_000_000_000_000;

/// The sign in front of money going out: U+2212.
pub const MINUS: char = '\u{2212}';

/// What stands in for an amount that is hidden: always the same length.
pub const HIDDEN: &str = "••••";

/// An amount in one currency. Arithmetic is checked and never mixes currencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: cents for dollars, whole yen for yen.
    pub minor: i64,
    /// What they are units of.
    pub currency: Currency,
}

impl Money {
    /// An amount of `minor` units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The sum, or nothing when the currencies differ or it doesn't fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self { minor: self.minor.checked_add(other.minor)?, ..self })
    }

    /// The difference, or nothing when the currencies differ or it doesn't fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self { minor: self.minor.checked_sub(other.minor)?, ..self })
    }

    /// The same amount the other way round.
    pub fn checked_neg(self) -> Option<Self> {
        Some(Self { minor: self.minor.checked_neg()?, ..self })
    }

    /// One `divisor`-th of the amount; a half goes to the even neighbour. Nothing for zero.
    pub fn div_round_half_even(self, divisor: i64) -> Option<Self> {
        Some(Self { minor: div_round_half_even(self.minor, divisor)?, ..self })
    }

    /// `parts` amounts that differ by at most one unit and add up to this one, larger ones first. Nothing for no parts.
    pub fn split(self, parts: u32) -> Option<Vec<Self>> {
        let count = i64::from(parts);
        let floor = self.minor.checked_div_euclid(count)?;
        let larger = self.minor.checked_rem_euclid(count)?;
        let part = |n: i64| {
            Some(Self { minor: if n < larger { floor.checked_add(1)? } else { floor }, ..self })
        };
        (0..count).map(part).collect()
    }

    /// As people read it: `$1,234.56`, `−$1,234.56`, `KWD 1.234`.
    pub fn format(self) -> String {
        let sign = if self.minor < 0 { MINUS.to_string() } else { String::new() };
        sign + &self.format_absolute()
    }

    /// As lists show it, money in with a plus: `+$20.00`, `−$4.50`, `$0.00`.
    pub fn format_signed(self) -> String {
        let sign = if self.minor > 0 { "+" } else { "" };
        sign.to_owned() + &self.format()
    }

    /// Without a sign: `$1,234.56` for money in and out alike.
    pub fn format_absolute(self) -> String {
        let prefix = match self.currency.symbol() {
            Some(symbol) => symbol.to_owned(),
            None => format!("{} ", self.currency.code()),
        };
        prefix + &number(self.minor, self.currency, Some(','))
    }

    /// As programs read it, with an ASCII minus and a point: `-1234.56`.
    pub fn to_plain(self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        sign.to_owned() + &number(self.minor, self.currency, None)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format())
    }
}

/// The digits of an amount without its sign, in groups of three when a separator is given.
fn number(minor: i64, currency: Currency, group: Option<char>) -> String {
    let places = currency.exponent() as usize;
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = places.saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
    let mut text = String::with_capacity(digits.len().saturating_mul(2));
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(at);
        if let Some(group) = group.filter(|_| at > 0 && left.is_multiple_of(3)) {
            text.push(group);
        }
        text.push(digit);
    }
    if places > 0 {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Divides and rounds to the nearest; a half goes to the even neighbour. Nothing for zero, or when it doesn't fit.
pub fn div_round_half_even(value: i64, divisor: i64) -> Option<i64> {
    if divisor == 0 {
        return None;
    }
    let (value, divisor) = (i128::from(value), i128::from(divisor));
    let floor = value.checked_div_euclid(divisor)?;
    let twice = value.checked_rem_euclid(divisor)?.checked_mul(2)?;
    let step = if divisor > 0 { 1 } else { -1 };
    let up = match twice.cmp(&divisor.checked_abs()?) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => floor.checked_rem(2)? != 0,
        std::cmp::Ordering::Greater => true,
    };
    i64::try_from(if up { floor.checked_add(step)? } else { floor }).ok()
}

/// Twice the middle of some numbers, so that it is a whole one where two are in the middle. Nothing for none.
pub fn doubled_median(numbers: &[i64]) -> Option<i64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len().checked_div(2)?)?;
    let lower = *sorted.get(sorted.len().checked_sub(1)?.checked_div(2)?)?;
    lower.checked_add(upper)
}

/// The middle of some numbers, half to even where two are in the middle. Nothing for none.
pub fn median(numbers: &[i64]) -> Option<i64> {
    div_round_half_even(doubled_median(numbers)?, 2)
}

/// Reads what a person typed, or what [`Money::format`] wrote: `1234.5`, `$1,234.50`, `−12`, `(3.00)`.
///
/// Groups are commas and must be threes; decimals stand after a point and never exceed the currency's.
pub fn parse_minor(text: &str, currency: Currency) -> Result<i64, Code> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return Err(Code::AmountRequired);
    }
    let (negative, rest) = sign(&text)?;
    let rest = currency.symbol().and_then(|symbol| rest.strip_prefix(symbol)).unwrap_or(rest);
    let rest = rest.strip_prefix(currency.code()).unwrap_or(rest);
    let (negative, rest) = match rest.strip_prefix(['-', MINUS]) {
        Some(_) if negative => return Err(Code::AmountNumber),
        Some(rest) => (true, rest),
        None => (negative, rest),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let whole = ungroup(whole, ',').ok_or(Code::AmountNumber)?;
    if (whole.is_empty() && fraction.is_empty()) || rest.ends_with('.') {
        return Err(Code::AmountNumber);
    }
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Code::AmountNumber);
    }
    if fraction.len() > currency.exponent() as usize {
        return Err(Code::AmountPrecision(currency));
    }
    minor_of(&whole, fraction, negative, currency)
}

/// The sign in front, or brackets around, and what is left.
fn sign(text: &str) -> Result<(bool, &str), Code> {
    if let Some(rest) = text.strip_prefix('(') {
        return rest.strip_suffix(')').map(|rest| (true, rest)).ok_or(Code::AmountNumber);
    }
    match text.strip_prefix(['-', MINUS]) {
        Some(rest) => Ok((true, rest)),
        None => Ok((false, text.strip_prefix('+').unwrap_or(text))),
    }
}

/// The digits without their group separators, if every group but the first has three.
pub(crate) fn ungroup(whole: &str, separator: char) -> Option<String> {
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let all_digits = |group: &&str| group.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(&first) || !rest.iter().all(|group| group.len() == 3 && all_digits(group)) {
        return None;
    }
    if !rest.is_empty() && !(1..=3).contains(&first.len()) {
        return None;
    }
    Some(first.to_owned() + &rest.concat())
}

/// Puts digits together to minor units; the fraction may be shorter than the currency's, never longer.
pub(crate) fn minor_of(
    whole: &str,
    fraction: &str,
    negative: bool,
    currency: Currency,
) -> Result<i64, Code> {
    let width = currency.exponent() as usize;
    let digits = format!("{whole}{fraction:0<width$}");
    let digits = digits.trim_start_matches('0');
    let minor: i64 =
        if digits.is_empty() { 0 } else { digits.parse().map_err(|_| Code::AmountTooLarge)? };
    if minor > MAX_MINOR {
        return Err(Code::AmountTooLarge);
    }
    Ok(if negative { minor.saturating_neg() } else { minor })
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;
