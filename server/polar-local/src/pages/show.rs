//! Money and words for people.

use crate::{catalog::Product, moment::Interval};

/// Cents of a dollar.
pub fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}${}.{:02}", cents / 100, cents % 100)
}

/// What a product costs.
pub fn price(product: &Product, seats: Option<i64>) -> String {
    let amount = money(product.amount(seats));
    product.interval.map_or(amount.clone(), |interval| format!("{amount} {}", every(interval)))
}

/// How often.
pub const fn every(interval: Interval) -> &'static str {
    match interval {
        Interval::Day => "a day",
        Interval::Week => "a week",
        Interval::Month => "a month",
        Interval::Year => "a year",
    }
}

/// Countries that can be chosen; more are not needed to see what tax does.
pub const COUNTRIES: [(&str, &str); 14] = [
    ("AT", "Austria"),
    ("BE", "Belgium"),
    ("CA", "Canada"),
    ("CH", "Switzerland"),
    ("DE", "Germany"),
    ("ES", "Spain"),
    ("FR", "France"),
    ("GB", "United Kingdom"),
    ("IE", "Ireland"),
    ("IT", "Italy"),
    ("NL", "Netherlands"),
    ("PL", "Poland"),
    ("SE", "Sweden"),
    ("US", "United States"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_two_digits_of_cents() {
        assert_eq!(money(900), "$9.00");
        assert_eq!(money(-1_905), "-$19.05");
        assert_eq!(money(0), "$0.00");
    }
}
