//! `/api/transactions/duplicates`: two transactions that may be one.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use backend::{
    Backend,
    transactions::{
        Brief,
        duplicates::{self, Doubt},
    },
};
use domain::{Code, DoubtId, FieldError, TransactionId, day, query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{Done, done},
    body::{Body, IdPath},
    error::{invalid, reject},
    list::{ErrorBody, List, PageQuery, numbered},
};
use crate::{http::Failure, session::Caller};

/// Two transactions that may be one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Duplicate {
    /// Its id.
    id: String,
    /// `copy`, or `final_amount`: the one may be the other before its final amount was known.
    kind: &'static str,
    /// The one that stays unless you say otherwise.
    kept: DuplicateSide,
    /// The other one.
    other: DuplicateSide,
}

/// One of the two.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DuplicateSide {
    /// The id of the transaction.
    transaction_id: String,
    /// What its account is called.
    account_name: String,
    /// `YYYY-MM-DD`.
    date: String,
    /// The bank's text.
    description: String,
    /// Minor units, in above zero.
    amount_minor: i64,
    /// ISO 4217.
    currency: String,
    /// `pending`, `completed` or `failed`.
    status: &'static str,
    /// Where it comes from.
    source: String,
    /// The code of what speaks against keeping it instead of the other; null when you may.
    refused: Option<&'static str>,
}

fn side(row: Brief, may_stay: Result<(), Code>) -> DuplicateSide {
    DuplicateSide {
        transaction_id: row.id.into_string(),
        account_name: row.account_name,
        date: day::format_iso(row.date),
        description: row.description,
        amount_minor: row.amount_minor,
        currency: row.currency,
        status: row.status.as_str(),
        source: row.source,
        refused: may_stay.err().map(|code| code.as_str()),
    }
}

impl From<Doubt> for Duplicate {
    fn from(doubt: Doubt) -> Self {
        let [kept, other] = doubt.may_stay();
        Self {
            id: doubt.id.into_string(),
            kind: doubt.kind.as_str(),
            kept: side(doubt.kept, kept),
            other: side(doubt.other, other),
        }
    }
}

/// What you say about the two.
#[derive(Deserialize, ToSchema)]
#[schema(as = DuplicateDecision)]
#[serde(rename_all = "camelCase")]
pub(super) struct Said {
    /// `same`: one stays, with what you wrote on the other. `different`: both stay. `open`: takes either back.
    #[schema(example = "same")]
    decision: String,
    /// With `same`: the id of the transaction that stays. Without it the one under `kept` stays.
    keep: Option<String>,
}

/// The newest hundred pairs of transactions that may be one, and that you have not decided about.
#[utoipa::path(
    get,
    path = "/api/transactions/duplicates",
    tag = "Transactions",
    params(PageQuery),
    responses(
        (status = 200, description = "One page of them", body = List<Duplicate>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.duplicates.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Duplicate>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    let all = duplicates::list(&backend, &caller).await.map_err(reject)?;
    Ok(Json(List::of(all, &request)))
}

/// Says what two transactions are. What is decided stays known by its id, so that it can be taken back.
#[utoipa::path(
    patch,
    path = "/api/transactions/duplicates/{id}",
    tag = "Transactions",
    params(("id" = String, Path, description = "The pair")),
    request_body = Said,
    responses(
        (status = 200, description = "Done", body = Done),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such pair, or it is decided already", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "The decision is none, or the other transaction has to stay", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.duplicates.decide", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn decide(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<DoubtId>,
    body: Body<Said>,
) -> Result<Json<Done>, Failure> {
    let said = body.value;
    let keep = said.keep.map(TransactionId::new);
    let decided = match said.decision.as_str() {
        "same" => duplicates::same(&backend, &caller, &id, keep.as_ref()).await,
        "different" => duplicates::different(&backend, &caller, &id).await,
        "open" => duplicates::take_back(&backend, &caller, &id).await,
        _ => return Err(invalid(&[FieldError::new("decision", Code::OptionUnknown)])),
    };
    decided.map_err(reject)?;
    Ok(done())
}
