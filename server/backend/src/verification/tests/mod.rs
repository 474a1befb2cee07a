//! The cases M1 to M11 of the product's rules for deposits, with the built-in bank and the real jobs.

mod answers;
mod demo;
mod jobs;
mod numbers;
mod starts;

use domain::{
    AccountId, RoundId,
    verification::{AnswerForm, DepositKind, NextStep, VerificationView},
};

use super::{Ask, answer, of_account, start};
use crate::{
    Backend, Error, Result, SignedIn,
    accounts::{create, testing::checking},
    banks::{Simbank, simbank::SimDeposits},
    jobs::run_due,
    limits::Address,
    testing::World,
};

fn bank(backend: &Backend) -> &Simbank {
    backend.banks.simbank().expect("the built-in bank of the tests")
}

/// An account with these numbers, that nobody has proven.
async fn account(w: &World, who: &SignedIn, number: &str) -> AccountId {
    create(&w.backend, who, checking("021000021", number), None).await.unwrap().value.id
}

async fn begin(
    w: &World,
    who: &SignedIn,
    account: &AccountId,
    kind: DepositKind,
) -> Result<VerificationView> {
    let ask = Ask { account, kind, address: &Address::of(None) };
    start(&w.backend, who, &ask).await
}

/// A round whose deposits left, and what the statement of the account says of them.
async fn sent(
    w: &World,
    who: &SignedIn,
    account: &AccountId,
    kind: DepositKind,
) -> (RoundId, SimDeposits) {
    let round = begin(w, who, account, kind).await.unwrap().round.unwrap().id;
    run_due(&w.backend).await.unwrap();
    (round.clone(), statement(w, who, &round).await)
}

async fn statement(w: &World, who: &SignedIn, round: &RoundId) -> SimDeposits {
    let mut tx = w.backend.db.as_user(who.user()).read().await.unwrap();
    let row = super::rows::find(&mut tx, round).await.unwrap();
    let reference = row.reference.expect("deposits that left");
    drop(tx);
    bank(&w.backend).deposits(&reference).await.unwrap().unwrap()
}

/// The same, and they are there.
async fn posted(w: &World, who: &SignedIn, account: &AccountId) -> (RoundId, (u8, u8)) {
    let (round, deposits) = sent(w, who, account, DepositKind::Amounts).await;
    bank(&w.backend).post_deposits_now().await.unwrap();
    look(w).await;
    let (low, high) = deposits.answer.split_once(',').unwrap();
    (round, (low.parse().unwrap(), high.parse().unwrap()))
}

/// What the schedule does.
async fn look(w: &World) {
    let tx = super::check_deposits(&w.backend).await.unwrap();
    tx.commit().await.unwrap();
    run_due(&w.backend).await.unwrap();
}

fn amounts(one: impl ToString, other: impl ToString) -> AnswerForm {
    AnswerForm { amount1: one.to_string(), amount2: other.to_string(), code: String::new() }
}

/// Two amounts that can be deposits and are not these.
fn wrong((low, high): (u8, u8)) -> AnswerForm {
    let other = (1..=98).find(|cents| *cents != low && *cents != high).unwrap();
    amounts(low, other)
}

/// The code of the first error.
fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Invalid(errors)) => errors[0].code.clone(),
        other => panic!("{other:?}"),
    }
}

/// Whether an account is in use.
async fn status(w: &World, who: &SignedIn, account: &AccountId) -> domain::AccountStatus {
    let accounts = crate::accounts::list(&w.backend, who).await.unwrap();
    accounts.into_iter().find(|found| found.id == *account).unwrap().status
}

async fn tries_left(w: &World, who: &SignedIn, account: &AccountId) -> u32 {
    of_account(&w.backend, who, account).await.unwrap().round.unwrap().tries_left
}
