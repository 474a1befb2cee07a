//! Budgets of the hardened profile against guessing and flooding, asked before anything is looked up. Requests
//! as such are counted at the edge; these count what came of them.

use std::time::Duration;

use domain::{Email, UserId};

use super::{AuthFailure, Client, devices};
use crate::{
    Backend,
    limits::{Address, Charges, Rule, Shape, Wait},
};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

const FAILED_BY_ADDRESS: Rule = Rule::rate("failed_sign_ins_address", 15, Duration::from_mins(15));
const FAILED_BY_DEVICE: Rule = Rule::rate("failed_sign_ins_device", 10, HOUR);
/// Nobody can lock an owner out: a guess more passes each minute, at the latest.
const FAILED_BY_ACCOUNT: Rule = Rule {
    name: "failed_sign_ins_account",
    shape: Shape::Slowdown { max: 50, per: HOUR, longest: MINUTE },
};
const ACCOUNTS_BY_ADDRESS: Rule = Rule::rate("accounts_tried_address", 30, HOUR);
const ACCOUNT_WAS_TRIED: Rule = Rule::rate("account_tried_by_address", 1, HOUR);
const SIGN_UPS_AN_HOUR: Rule = Rule::rate("sign_ups_hour", 10, HOUR);
const SIGN_UPS_A_DAY: Rule = Rule::rate("sign_ups_day", 30, DAY);
/// Besides the five tries of a challenge and the rest after ten in a row, which both start anew with time.
const SECOND_FACTORS_BY_ACCOUNT: Rule = Rule::rate("second_factor_account", 20, HOUR);
const MAILS_BY_TARGET: Rule = Rule::rate("mails_target", 3, HOUR);
const MAILS_BY_ADDRESS: Rule = Rule::rate("mails_address", 10, HOUR);

/// What an attempt to sign in costs while nobody knows how it ends.
///
/// # Errors
/// [`AuthFailure::TooManyAttempts`].
pub(super) async fn sign_in(
    backend: &Backend,
    email: &Email,
    client: &Client,
) -> Result<Charges, AuthFailure> {
    let mut charges = backend.limits.charges();
    if !applies(backend) {
        return Ok(charges);
    }
    let address = Address::parse(&client.ip);
    charges.take_of(FAILED_BY_ADDRESS, &address).await?;
    let pair = format!("{}|{email}", address.client);
    if charges.is_first(ACCOUNT_WAS_TRIED, pair).await {
        charges.take_of(ACCOUNTS_BY_ADDRESS, &address).await?;
    }
    match devices::known(backend, email, client).await? {
        Some(device) => charges.take(FAILED_BY_DEVICE, device).await?,
        None => charges.take(FAILED_BY_ACCOUNT, email.as_str()).await?,
    }
    Ok(charges)
}

/// What an attempt to sign up costs.
///
/// # Errors
/// [`AuthFailure::TooManyAttempts`].
pub(super) async fn sign_up(backend: &Backend, client: &Client) -> Result<Charges, AuthFailure> {
    let mut charges = backend.limits.charges();
    if applies(backend) {
        let address = Address::parse(&client.ip);
        charges.take_of(SIGN_UPS_AN_HOUR, &address).await?;
        charges.take_of(SIGN_UPS_A_DAY, &address).await?;
    }
    Ok(charges)
}

/// What a code costs while nobody knows whether it is right.
///
/// # Errors
/// How long to wait.
pub(super) async fn second_factor(backend: &Backend, user: &UserId) -> Result<Charges, Wait> {
    let mut charges = backend.limits.charges();
    if applies(backend) {
        charges.take(SECOND_FACTORS_BY_ACCOUNT, user.as_str()).await?;
    }
    Ok(charges)
}

/// Whether one more mail may go to `target` because somebody asked for it. When the mailbox had enough, nobody
/// learns of it: the answer is the same and nothing is sent.
///
/// # Errors
/// [`AuthFailure::TooManyAttempts`] when this client has asked too often, whoever for.
pub(super) async fn mail(
    backend: &Backend,
    target: &str,
    client: &Client,
) -> Result<bool, AuthFailure> {
    if applies(backend) {
        let mut charges = backend.limits.charges();
        charges.take_of(MAILS_BY_ADDRESS, &Address::parse(&client.ip)).await?;
    }
    Ok(may_mail(backend, target).await)
}

/// The same for a mail that nobody asked for in so many words.
pub(super) async fn may_mail(backend: &Backend, target: &str) -> bool {
    let target = target.to_ascii_lowercase();
    !applies(backend) || backend.limits.take(MAILS_BY_TARGET, &target).await.is_ok()
}

fn applies(backend: &Backend) -> bool {
    backend.limits.are_on() && backend.is_hardened()
}

#[cfg(test)]
mod tests;
