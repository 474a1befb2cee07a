//! What verification does on the server. The forms post to paths without ids; those travel in fields.

use std::collections::HashMap;

use backend::{
    banks::simbank::SimDeposits,
    limits::Address,
    verification::{self, Ask},
};
use domain::{
    AccountId, Code, Date, FieldError, NumbersForm, RoundId,
    verification::{AnswerForm, VerificationView},
};
use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    AppError,
    auth::client,
    flash,
    flash::Flash,
    routes,
    server::{reject, signed_in},
};

/// Whether somebody sends deposits on this site.
pub(crate) fn sends_deposits() -> bool {
    verification::is_available(&crate::server::backend())
}

/// How the proof of one of the caller's accounts stands.
pub async fn verification_of(account: &AccountId) -> Result<VerificationView, AppError> {
    let (backend, caller) = signed_in()?;
    verification::of_account(&backend, &caller, account).await.map_err(reject)
}

/// The caller's accounts that wait for an answer, and the day by which the deposits should be there.
pub async fn awaited() -> Result<HashMap<AccountId, Date>, AppError> {
    let (backend, caller) = signed_in()?;
    Ok(verification::open(&backend, &caller).await.map_err(reject)?.into_iter().collect())
}

/// What the built-in bank's own statement says of the deposits it sends.
pub(super) async fn statement_of(account: &AccountId) -> Result<Option<SimDeposits>, AppError> {
    let (backend, caller) = signed_in()?;
    verification::statement(&backend, &caller, account).await.map_err(reject)
}

/// `POST /accounts/verify/numbers`: takes the numbers of an account that lost them, and goes on to its proof.
#[server(prefix = "", endpoint = "accounts/verify/numbers")]
pub async fn enter_numbers(
    #[server(default)] id: String,
    #[server(default)]
    #[server(rename = "routingNumber")]
    routing_number: String,
    #[server(default)]
    #[server(rename = "accountNumber")]
    account_number: String,
    #[server(default)]
    #[server(rename = "accountNumberAgain")]
    account_number_again: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = AccountId::new(id);
    let account_number_again = Some(account_number_again);
    let form = NumbersForm { routing_number, account_number, account_number_again };
    verification::enter_numbers(&backend, &caller, &id, form).await.map_err(reject)?;

    flash::set(&Flash::done("Numbers saved. Now prove that the account is yours."));
    redirect(&routes::verify(&id));
    Ok(())
}

/// `POST /accounts/verify/start`: sends deposits to one of the caller's accounts.
#[server(prefix = "", endpoint = "accounts/verify/start")]
pub async fn start_deposits(
    #[server(default)] id: String,
    #[server(default)] kind: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = AccountId::new(id);
    let unknown = |code: Code| AppError::Invalid(vec![FieldError::new("kind", code)]);
    let kind = kind.parse().map_err(unknown)?;
    let ask = Ask { account: &id, kind, address: &Address::parse(&client().ip) };
    verification::start(&backend, &caller, &ask).await.map_err(reject)?;
    redirect(&routes::verify(&id));
    Ok(())
}

/// `POST /accounts/verify`: answers a round of deposits.
#[server(prefix = "", endpoint = "accounts/verify")]
pub async fn answer_deposits(
    #[server(default)] round: String,
    #[server(default)] amount1: String,
    #[server(default)] amount2: String,
    #[server(default)] code: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let form = AnswerForm { amount1, amount2, code };
    let round = RoundId::new(round);
    let view = verification::answer(&backend, &caller, &round, &form).await.map_err(reject)?;

    flash::set(&Flash::done("Account verified.").with_link("Make a budget", routes::NEW_BUDGET));
    redirect(&routes::account(&view.account));
    Ok(())
}

/// `POST /accounts/verify/arrive`: the built-in bank's deposits arrive now.
#[server(prefix = "", endpoint = "accounts/verify/arrive")]
pub async fn let_arrive(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let id = AccountId::new(id);
    verification::post_now(&backend, &caller, &id).await.map_err(reject)?;
    redirect(&routes::verify(&id));
    Ok(())
}
