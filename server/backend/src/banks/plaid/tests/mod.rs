use domain::{AccountType, ConnectionId, Currency, UserId, day::parse_iso};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use time::macros::datetime;

use super::{
    testing::{ACCESS_TOKEN, CHECKING, ITEM, JSON, PlaidStandIn, SAVINGS, SECRET, recorded_plaid},
    *,
};
use crate::banks::{ProviderRow, Purpose, Readiness};

mod accounts;
mod errors;
mod link;
mod numbers;
mod sync;

/// Plaid as a stand-in, at noon on 4 May 2026; we are on the open internet.
fn plaid(stand_in: &PlaidStandIn) -> Plaid {
    plaid_of("https://bank.example", stand_in)
}

fn plaid_of(app_url: &str, stand_in: &PlaidStandIn) -> Plaid {
    plaid_with(stand_in.settings(), app_url)
}

fn plaid_with(settings: PlaidSettings, app_url: &str) -> Plaid {
    let clock = Clock::frozen(datetime!(2026-05-04 12:00 UTC));
    let random = Random::seeded(1);
    let outgoing = Outgoing::new(&clock, &random, [settings.api.clone()]).unwrap();
    Plaid::new(settings, &app_url.parse().unwrap(), &outgoing, &clock, &random)
}

fn access() -> SecretString {
    SecretString::from(ACCESS_TOKEN)
}

/// A recorded body with other values at a place of it: `/item/error`.
fn with(body: &str, changes: &[(&str, Value)]) -> String {
    let mut value: Value = serde_json::from_str(body).unwrap();
    for (place, change) in changes {
        *value.pointer_mut(place).unwrap() = change.clone();
    }
    value.to_string()
}
