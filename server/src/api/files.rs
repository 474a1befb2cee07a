//! What leaves as a file: the list of transactions with its filters, and everything that is a person's own. Browsers come
//! here by links, so whoever is not signed in, or has to confirm first, is led to a page.

use axum::{
    Extension,
    extract::{RawQuery, State},
    response::Response,
};
use backend::{Backend, auth::UserView, transactions::export::Format};

use super::{list::ErrorBody, transaction_shapes::FileTransaction, transactions::FilterQuery};
use crate::{export, http::Failure, session::Caller};

/// The transactions for a spreadsheet: RFC 4180 in UTF-8, with a header; no cell is a formula.
#[utoipa::path(
    get,
    path = "/transactions.csv",
    tag = "Files",
    params(FilterQuery),
    responses(
        (status = 200, description = "All that the filters let through, newest first, written while it is read, with the columns date, description, merchant, category, type, status, amount, currency, account, account_mask, note, tags and id; amounts plain with their sign", content_type = "text/csv", body = String, headers(("Content-Disposition", description = "A name for the file"))),
        (status = 303, description = "Nobody is signed in: it leads to the page to sign in"),
        (status = 422, description = "A filter doesn't fit", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "export.csv", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn csv(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    export::rows(&backend, &caller, query, Format::Csv)
}

/// The transactions for a program, all in one list.
#[utoipa::path(
    get,
    path = "/transactions.json",
    tag = "Files",
    params(FilterQuery),
    responses(
        (status = 200, description = "All that the filters let through, newest first, written while it is read", content_type = "application/json", body = Vec<FileTransaction>, headers(("Content-Disposition", description = "A name for the file"))),
        (status = 303, description = "Nobody is signed in: it leads to the page to sign in"),
        (status = 422, description = "A filter doesn't fit", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "export.json", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn json(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    export::rows(&backend, &caller, query, Format::Json)
}

/// Everything that is yours, with a sign-in of a short time ago. Secrets are not in it; `excluded` says which. It is
/// noted in your activity.
#[utoipa::path(
    get,
    path = "/settings/export",
    tag = "Files",
    responses(
        (status = 200, description = "One object, written while it is read: `format` is `coffer-export`, `version` 1; profile, connections, accounts, imports, preferences, categories, rules, budgets and the rest, then `transactions`", content_type = "application/json", body = Object, headers(("Content-Disposition", description = "A name for the file"))),
        (status = 303, description = "Nobody is signed in, or the last sign-in is too long ago: it leads to the page to sign in, or to `/confirm`"),
        (status = 429, description = "More than 6 in an hour", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "export.download", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn everything(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Extension(user): Extension<UserView>,
) -> Response {
    export::everything(&backend, &caller, user)
}
