//! `/api/transactions/{id}/always`: a rule from what somebody said about a shop twice.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use backend::{Backend, rules, transactions, transactions::Offer as Offered};
use domain::TransactionId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{answer::created, body::IdPath, error::reject, list::ErrorBody, rule_shapes::Added};
use crate::{http::Failure, session::Caller};

/// What would be done from now on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RuleOffer)]
pub(super) struct Offer {
    /// The name of the shop.
    merchant: String,
    /// The key of the category that its transactions would get.
    #[schema(example = "food.coffee")]
    category: String,
}

impl From<Offered> for Offer {
    fn from(Offered { merchant, category }: Offered) -> Self {
        Self { merchant, category }
    }
}

/// What is offered beside a transaction.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RuleOfferAnswer)]
pub(super) struct Answer {
    /// Null before the shop got this category twice by hand, and once a rule gives it.
    offer: Option<Offer>,
}

/// Whether the category of a transaction is offered for all that comes from its shop.
#[utoipa::path(
    get,
    path = "/api/transactions/{id}/always",
    tag = "Rules",
    params(("id" = String, Path, description = "The transaction")),
    responses(
        (status = 200, description = "The offer, if there is one", body = Answer),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such transaction", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.always.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<TransactionId>,
) -> Result<Json<Answer>, Failure> {
    let offer = transactions::offer(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(Answer { offer: offer.map(Into::into) }))
}

/// Takes the offer: a rule that gives every transaction of this shop the category of this one. Asked again, it answers
/// with the same rule.
#[utoipa::path(
    post,
    path = "/api/transactions/{id}/always",
    tag = "Rules",
    params(("id" = String, Path, description = "The transaction")),
    responses(
        (status = 200, description = "A rule does it already: this one", body = Added),
        (status = 201, description = "The rule, at the end of your list", body = Added, headers(("Location", description = "Where the rule is"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such transaction, or nothing is offered beside it", body = ErrorBody),
        (status = 422, description = "You have rules enough", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.always.take", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn take(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<TransactionId>,
) -> Result<Response, Failure> {
    let (rule, is_new) = transactions::always(&backend, &caller, &id).await.map_err(reject)?;
    let location = format!("/api/rules/{rule}");
    let rule = rules::get(&backend, &caller, &rule).await.map_err(reject)?;
    let added = Added { success: true, rule: rule.into() };
    if is_new {
        return Ok(created(&location, added, false));
    }
    Ok((StatusCode::OK, Json(added)).into_response())
}
