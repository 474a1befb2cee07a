//! What a person typed: what stays in the form, and what is wrong with it.

use super::super::{form::Form, show::COUNTRIES};
use crate::{
    api::is_email,
    engine::TestCard,
    model::{Address, Checkout, Customer},
    moment::Moment,
};

/// What stays in the form. Never the card.
#[derive(Default)]
pub struct Typed {
    pub email: String,
    pub name: String,
    pub address: Address,
}

/// A field and what is wrong with it.
pub type Problem = (&'static str, &'static str);

impl Typed {
    /// What was typed before, or is known.
    pub fn remembered(checkout: &Checkout, owner: Option<&Customer>) -> Self {
        let of_owner = |pick: fn(&Customer) -> Option<String>| owner.and_then(pick);
        Self {
            email: of_owner(|owner| Some(owner.email.clone()))
                .or_else(|| checkout.customer_email.clone())
                .unwrap_or_default(),
            name: checkout
                .customer_name
                .clone()
                .or_else(|| of_owner(|owner| owner.name.clone()))
                .unwrap_or_default(),
            address: checkout
                .address
                .clone()
                .or_else(|| owner.and_then(|owner| owner.billing_address.clone()))
                .unwrap_or_else(|| Address { country: "US".to_owned(), ..Address::default() }),
        }
    }

    /// What is typed now; the address of a known customer stays.
    pub fn read(form: &Form, owner: Option<&Customer>) -> Self {
        Self {
            email: owner.map_or_else(|| form.get("email").to_owned(), |owner| owner.email.clone()),
            name: form.get("name").to_owned(),
            address: Address {
                line1: form.given("line1"),
                line2: None,
                postal_code: form.given("postal_code"),
                city: form.given("city"),
                state: form.given("state"),
                country: form.get("country").to_owned(),
            },
        }
    }

    /// A line of the address.
    pub fn field(&self, name: &str) -> &str {
        let text = match name {
            "line1" => &self.address.line1,
            "postal_code" => &self.address.postal_code,
            "city" => &self.address.city,
            _ => &self.address.state,
        };
        text.as_deref().unwrap_or_default()
    }

    /// The card, and what is wrong with the fields.
    pub fn check(&self, form: &Form, now: Moment) -> (Option<TestCard>, Vec<Problem>) {
        let mut errors = Vec::new();
        if !is_email(&self.email) {
            errors.push(("email", "Enter an e-mail address."));
        }
        if self.name.is_empty() {
            errors.push(("name", "Enter a name."));
        }
        if !COUNTRIES.iter().any(|(code, _)| *code == self.address.country) {
            errors.push(("country", "Choose a country."));
        }
        let card = TestCard::read(form.get("card_number"));
        if card.is_none() {
            errors.push(("card_number", "Enter the number of a test card."));
        }
        if !is_in_future(form.get("card_expiry"), now) {
            errors.push(("card_expiry", "Enter a month in the future, like 12/34."));
        }
        let cvc = form.get("card_cvc");
        if !(3..=4).contains(&cvc.len()) || !cvc.bytes().all(|byte| byte.is_ascii_digit()) {
            errors.push(("card_cvc", "Enter three digits."));
        }
        (card, errors)
    }
}

/// `MM/YY` or `MM/YYYY`; the month itself still counts.
pub fn is_in_future(text: &str, now: Moment) -> bool {
    let Some((month, year)) = text.split_once('/') else { return false };
    let (Ok(month), Ok(year)) = (month.trim().parse::<u32>(), year.trim().parse::<u32>()) else {
        return false;
    };
    let year = if year < 100 { 2_000 + year } else { year };
    let today = now.to_string();
    (1..=12).contains(&month) && format!("{year:04}-{month:02}").as_str() >= &today[..7]
}
