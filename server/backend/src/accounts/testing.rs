//! Accounts for tests.

use domain::{AccountId, NewAccount, NewAccountForm};

use crate::{Backend, SignedIn};

/// A checking account with these numbers.
pub fn checking(routing: &str, number: &str) -> NewAccount {
    parse(NewAccountForm {
        bank_name: "First Harbor".to_owned(),
        account_type: "checking".to_owned(),
        routing_number: routing.to_owned(),
        account_number: number.to_owned(),
        ..NewAccountForm::default()
    })
}

/// An account kept by hand, without numbers.
pub fn by_hand(name: &str, currency: &str) -> NewAccount {
    parse(NewAccountForm {
        bank_name: name.to_owned(),
        account_type: "cash".to_owned(),
        currency: currency.to_owned(),
        ..NewAccountForm::default()
    })
}

fn parse(form: NewAccountForm) -> NewAccount {
    form.parse().unwrap_or_else(|errors| panic!("the form of a test: {errors:?}"))
}

/// Adds an account kept by hand, in US dollars.
pub async fn account_of(backend: &Backend, who: &SignedIn) -> AccountId {
    super::create(backend, who, by_hand("Wallet", "USD"), None)
        .await
        .expect("a new account")
        .value
        .id
}
