//! What may be bought, and what tax is on it.

use uuid::Uuid;

use super::Engine;
use crate::{
    catalog::{self, Product},
    model::Address,
    refusal::Refusal,
};

/// Tax in hundredths of a percent, by country; elsewhere none.
const TAX: [(&str, i64); 8] = [
    ("AT", 2_000),
    ("CH", 810),
    ("DE", 1_900),
    ("ES", 2_100),
    ("FR", 2_000),
    ("GB", 2_000),
    ("IT", 2_200),
    ("NL", 2_100),
];
/// Of these states of the US.
const TAX_OF_STATES: [(&str, i64); 3] = [("US-CA", 725), ("US-NY", 888), ("US-TX", 825)];

/// The tax on an amount for somebody who lives there.
pub(super) fn tax(amount: i64, address: Option<&Address>) -> i64 {
    let rate = address.map_or(0, |address| {
        let country = TAX.iter().find(|(code, _)| *code == address.country);
        let state = address.state.as_deref().filter(|_| address.country == "US");
        let state = TAX_OF_STATES.iter().find(|(code, _)| {
            state.is_some_and(|state| *code == state || code.trim_start_matches("US-") == state)
        });
        country.or(state).map_or(0, |(_, rate)| *rate)
    });
    share(amount, rate, 10_000)
}

/// `amount × part ÷ whole`, rounded to the nearest.
pub(super) fn share(amount: i64, part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let (amount, part, whole) = (i128::from(amount), i128::from(part), i128::from(whole));
    i64::try_from((2 * amount * part + whole).div_euclid(2 * whole)).unwrap_or(0)
}

impl Engine {
    /// The tax on an amount for somebody who lives there.
    pub fn tax_on(amount: i64, address: Option<&Address>) -> i64 {
        tax(amount, address)
    }

    /// The product of an id in a body.
    pub fn product(field: &str, id: Uuid) -> Result<&'static Product, Refusal> {
        catalog::find(id).ok_or_else(|| Refusal::value(field, "Product does not exist.", id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_depends_on_the_address() {
        let at = |country: &str, state: Option<&str>| Address {
            country: country.to_owned(),
            state: state.map(str::to_owned),
            ..Address::default()
        };

        assert_eq!(tax(900, Some(&at("DE", None))), 171);
        assert_eq!(tax(4_900, Some(&at("US", Some("US-TX")))), 404);
        assert_eq!(tax(4_900, Some(&at("US", Some("TX")))), 404);
        assert_eq!(tax(4_900, Some(&at("US", None))), 0);
        assert_eq!(tax(4_900, None), 0);
        assert_eq!(share(5, 1, 2), 3);
        assert_eq!(share(-1_900, 1, 3), -633);
        assert_eq!(share(1, 1, 0), 0);
    }
}
