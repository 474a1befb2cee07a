//! `/api/bank-accounts/{id}/verification` and `/api/verifications`: small deposits that prove an account.

use axum::{Json, extract::State, http::StatusCode};
use backend::{
    Backend,
    limits::Address,
    verification::{self, Ask},
};
use domain::{
    AccountId, Code, FieldError, NumbersForm, RoundId, day,
    verification::{AnswerForm, NextStep, RoundView, VerificationMethod, VerificationView},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    body::{Body, IdPath},
    error::{invalid, reject},
    list::ErrorBody,
};
use crate::{
    http::{ClientAddress, Failure},
    session::Caller,
};

/// How the proof of an account stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Verification {
    /// The account.
    account_id: String,
    /// `not_needed`, `unstarted`, `sent`, `posted`, `verified`, `failed`, `expired` or `locked`.
    state: &'static str,
    /// How it was verified: `instant`, `amounts` or `code`.
    method: Option<&'static str>,
    /// When it was verified, in UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    verified_at: Option<OffsetDateTime>,
    /// What is wrong, as a sentence for people.
    message: Option<String>,
    /// The one thing to do next, as the words on a button.
    next_step: Option<&'static str>,
    /// A round of deposits may be asked for now.
    can_start: bool,
    /// Its numbers were erased, and it needs them before deposits can be sent.
    needs_numbers: bool,
    /// The newest round of deposits.
    round: Option<DepositRound>,
}

/// A round of deposits.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DepositRound {
    /// Its id, which an answer names.
    id: String,
    /// `amounts`: two small deposits. `code`: one of a cent with a code in its text.
    kind: &'static str,
    /// `sent`, `posted`, `verified`, `failed` or `expired`.
    state: &'static str,
    /// The day by which the deposits should be there.
    #[schema(format = Date)]
    expected_on: String,
    /// The last instant for an answer, in UTC; null before they are there.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<OffsetDateTime>,
    /// How many answers are left.
    tries_left: u32,
    /// What to look for and what to do; null once it has ended.
    instruction: Option<String>,
}

impl From<VerificationView> for Verification {
    fn from(view: VerificationView) -> Self {
        Self {
            account_id: view.account.into_string(),
            state: view.state.as_str(),
            method: view.method.map(VerificationMethod::as_str),
            verified_at: view.verified_at,
            message: view.message,
            next_step: view.next_step.map(NextStep::label),
            can_start: view.can_start,
            needs_numbers: view.needs_numbers,
            round: view.round.map(DepositRound::from),
        }
    }
}

impl From<RoundView> for DepositRound {
    fn from(view: RoundView) -> Self {
        Self {
            id: view.id.into_string(),
            kind: view.kind.as_str(),
            state: view.state.as_str(),
            expected_on: day::format_iso(view.expected_on),
            ends_at: view.ends_at,
            tries_left: view.tries_left,
            instruction: view.instruction,
        }
    }
}

/// What is to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewDeposits {
    /// `amounts` or `code`.
    #[serde(default)]
    kind: String,
}

/// The numbers of an account that lost them.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EnteredNumbers {
    /// The nine digits of the bank.
    #[serde(default)]
    #[schema(example = "021000021", required = true)]
    routing_number: String,
    /// 4 to 17 digits; blanks and hyphens are dropped.
    #[serde(default)]
    #[schema(example = "000123456789", required = true)]
    account_number: String,
}

/// What stands on the statement of the account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DepositAnswer {
    /// One of two amounts, whichever: `0.32`, `.32`, `$0.32` and `32` are all 32 cents.
    #[serde(default)]
    amount1: String,
    /// The other one.
    #[serde(default)]
    amount2: String,
    /// The code, with or without `CF` before it.
    #[serde(default)]
    code: String,
}

/// How the proof of one of your accounts stands.
#[utoipa::path(
    get,
    path = "/api/bank-accounts/{id}/verification",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account")),
    responses(
        (status = 200, description = "The verification", body = Verification),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.verifications.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<AccountId>,
) -> Result<Json<Verification>, Failure> {
    let view = verification::of_account(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(view.into()))
}

/// Sends deposits to one of your accounts.
#[utoipa::path(
    post,
    path = "/api/bank-accounts/{id}/verification",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account")),
    request_body = NewDeposits,
    responses(
        (status = 201, description = "They are on their way", body = Verification),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account, or nobody sends deposits here", body = ErrorBody),
        (status = 410, description = "The account can't be proven this way now", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "`kind` is neither, or there were enough rounds", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.verifications.start", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn start(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    client: ClientAddress,
    IdPath(id): IdPath<AccountId>,
    body: Body<NewDeposits>,
) -> Result<(StatusCode, Json<Verification>), Failure> {
    let unknown = |code: Code| invalid(&[FieldError::new("kind", code)]);
    let kind = body.value.kind.parse().map_err(unknown)?;
    let ask = Ask { account: &id, kind, address: &Address::of(Some(client.0)) };
    let view = verification::start(&backend, &caller, &ask).await.map_err(reject)?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

/// Takes the numbers of one of your accounts that lost them before it was proven (`needsNumbers`).
#[utoipa::path(
    put,
    path = "/api/bank-accounts/{id}/numbers",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The account")),
    request_body = EnteredNumbers,
    responses(
        (status = 200, description = "They are kept, encrypted", body = Verification),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
        (status = 410, description = "The account needs no numbers", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "They are none, or another account of yours has them", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.verifications.enter", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn enter(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<AccountId>,
    body: Body<EnteredNumbers>,
) -> Result<Json<Verification>, Failure> {
    let EnteredNumbers { routing_number, account_number } = body.value;
    let form = NumbersForm { routing_number, account_number, account_number_again: None };
    verification::enter_numbers(&backend, &caller, &id, form).await.map_err(reject)?;
    let view = verification::of_account(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(view.into()))
}

/// Answers a round of deposits. A wrong answer uses a try, a malformed one does not.
#[utoipa::path(
    post,
    path = "/api/verifications/{id}/answers",
    tag = "Bank accounts",
    params(("id" = String, Path, description = "The round")),
    request_body = DepositAnswer,
    responses(
        (status = 200, description = "The account is verified", body = Verification),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such round", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "The answer is malformed, wrong, too early or too late", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.verifications.answer", skip_all, fields(user.id = %caller.user(), round.id = %id))]
pub(super) async fn answer(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<RoundId>,
    body: Body<DepositAnswer>,
) -> Result<Json<Verification>, Failure> {
    let DepositAnswer { amount1, amount2, code } = body.value;
    let form = AnswerForm { amount1, amount2, code };
    let view = verification::answer(&backend, &caller, &id, &form).await.map_err(reject)?;
    Ok(Json(view.into()))
}
