//! The one price to show, of all that a product has: other currencies, meters, seats, and prices of the past.

use std::cmp::Reverse;

use domain::{Currency, Money};
use serde::Deserialize;
use serde_json::Value;

use crate::billing::instant::Micros;

/// What is shown where a product has it.
const PREFERRED: Currency = Currency::USD;

#[derive(Deserialize)]
struct Price {
    amount_type: String,
    #[serde(default, rename = "price_amount")]
    amount: Option<i64>,
    #[serde(rename = "price_currency")]
    currency: String,
    #[serde(default)]
    is_archived: bool,
    /// `ad_hoc` ones were made for somebody.
    #[serde(default)]
    source: Option<String>,
    created_at: Micros,
}

/// The newest fixed price of the catalogue that is still asked for: in dollars, or in the only other currency there
/// is; the first by its code where there are several.
pub fn of(prices: &str) -> Option<Money> {
    let prices: Vec<Value> = serde_json::from_str(prices).ok()?;
    prices
        .into_iter()
        .filter_map(|price| serde_json::from_value(price).ok())
        .filter(|price: &Price| price.amount_type == "fixed" && !price.is_archived)
        .filter(|price| price.source.as_deref() != Some("ad_hoc"))
        .filter_map(|price| {
            let currency = Currency::parse(&price.currency).ok()?;
            Some((Money::new(price.amount?, currency), price.created_at))
        })
        .min_by_key(|(money, created_at)| {
            let currency = money.currency;
            (currency != PREFERRED, currency, Reverse(*created_at))
        })
        .map(|(money, _)| money)
}

/// A price by use.
#[derive(Deserialize)]
struct ByUse {
    meter: Meter,
}

#[derive(Deserialize)]
struct Meter {
    id: String,
    name: String,
}

/// The meters that prices count by: Polar's id, and the name.
pub fn meters(prices: &str) -> Vec<(String, String)> {
    let prices: Vec<Value> = serde_json::from_str(prices).unwrap_or_default();
    let by_use = prices.into_iter().filter_map(|price| serde_json::from_value(price).ok());
    by_use.map(|price: ByUse| (price.meter.id, price.meter.name)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn price(amount: i64, currency: &str, day: u8) -> Value {
        json!({
            "amount_type": "fixed",
            "price_amount": amount,
            "price_currency": currency,
            "is_archived": false,
            "source": "catalog",
            "created_at": format!("2026-01-{day:02}T00:00:00Z"),
        })
    }

    fn with(mut price: Value, name: &str, value: Value) -> Value {
        price[name] = value;
        price
    }

    fn shown(prices: &[Value]) -> Option<(i64, String)> {
        let money = of(&Value::from(prices.to_vec()).to_string())?;
        Some((money.minor, money.currency.code().to_owned()))
    }

    #[test]
    fn the_first_price_is_not_simply_the_price() {
        let prices = [
            with(price(100, "usd", 1), "is_archived", json!(true)),
            with(price(200, "usd", 2), "amount_type", json!("metered_unit")),
            with(price(300, "usd", 3), "source", json!("ad_hoc")),
            price(400, "eur", 4),
            price(500, "usd", 5),
            price(900, "usd", 9),
            price(600, "usd", 6),
            json!({ "amount_type": "of tomorrow" }),
        ];

        assert_eq!(shown(&prices), Some((900, "USD".to_owned())));
    }

    #[test]
    fn another_currency_is_shown_where_it_is_the_only_one() {
        assert_eq!(shown(&[price(900, "eur", 1)]), Some((900, "EUR".to_owned())));
        assert_eq!(shown(&[price(0, "usd", 1)]), Some((0, "USD".to_owned())), "a free plan");
        assert_eq!(shown(&[]), None);
    }
}
