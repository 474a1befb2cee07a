//! `/api/transactions`.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use backend::{Backend, transactions};
use domain::{PageRequest, TransactionFilter, query};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    error::{invalid, reject},
    list::{ErrorBody, List},
    transaction_shapes::{Sum, Transaction},
};
use crate::{http::Failure, session::Caller};

/// One page of transactions, and what the whole list adds up to.
#[derive(Serialize, ToSchema)]
pub(super) struct Transactions {
    #[serde(flatten)]
    list: List<Transaction>,
    /// What came in and went out in the whole list, one entry a currency. Transfers between your accounts are left out.
    sums: Vec<Sum>,
    /// How many transactions the sums leave out: sides of such transfers.
    transfers: i64,
}

/// Which page of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the query; the domain reads it")]
pub(super) struct CursorQuery {
    /// From 1. `page` times `limit` reaches 10,000 rows; further down use `cursor`.
    #[param(required = false, minimum = 1, default = 1)]
    page: i64,
    /// 1 to 200.
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: i64,
    /// `nextCursor` or `prevCursor` of another page of the same filters.
    cursor: Option<String>,
}

/// Which transactions.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the query; the domain reads it")]
pub(super) struct FilterQuery {
    /// Words in the description, the merchant or the note.
    q: Option<String>,
    /// The id of an account. Several times: any of them.
    account: Option<String>,
    /// The key of a category; that of a group means everything in it, and of a split row its parts are asked. Several
    /// times: any of them.
    category: Option<String>,
    /// As `category`: none of them.
    not_category: Option<String>,
    /// A tag. Several times: any of them.
    tag: Option<String>,
    /// A tag. Several times: none of them.
    not_tag: Option<String>,
    /// `debit`, `credit` or `transfer`.
    r#type: Option<String>,
    /// `pending`, `completed` or `failed`; failed ones are listed only when asked for. Several times: any of them.
    status: Option<String>,
    /// ISO 4217: rows in this currency.
    currency: Option<String>,
    /// `spending`, `income` or `either`: rows that count so in totals, which transfers, rows left out and failed ones
    /// don't. The sums are then of what counts: of split rows, the parts that do.
    counted: Option<String>,
    /// `in` or `out`: rows that go this way, transfers too.
    flow: Option<String>,
    /// The smallest amount without its sign, as a decimal: `20.00`.
    min: Option<String>,
    /// The largest amount without its sign.
    max: Option<String>,
    /// The first day, `YYYY-MM-DD`.
    from: Option<String>,
    /// The last day.
    to: Option<String>,
}

/// Your transactions, newest first.
#[utoipa::path(
    get,
    path = "/api/transactions",
    tag = "Transactions",
    params(CursorQuery, FilterQuery),
    responses(
        (status = 200, description = "One page of them", body = Transactions),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A filter, the page or the cursor doesn't fit", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.transactions.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Transactions>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let filter = TransactionFilter::from_query(&pairs).map_err(|errors| invalid(&errors))?;
    let request =
        PageRequest::from_query(&pairs, filter.hash()).map_err(|errors| invalid(&errors))?;
    let page = transactions::list(&backend, &caller, &filter, &request).await.map_err(reject)?;
    Ok(Json(Transactions {
        list: List {
            items: page.items.into_iter().map(Transaction::from).collect(),
            page: page.page,
            limit: page.limit,
            total: page.total,
            total_pages: page.total_pages,
            next_cursor: page.next_cursor,
            prev_cursor: page.prev_cursor,
        },
        sums: page.sums.into_iter().map(Sum::from).collect(),
        transfers: page.transfers,
    }))
}
