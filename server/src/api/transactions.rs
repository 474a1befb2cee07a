//! `/api/transactions`.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use backend::{Backend, transactions};
use domain::{CurrencySum, PageRequest, TransactionFilter, TransactionView, query};
use serde::Serialize;
use time::Date;
use utoipa::{IntoParams, ToSchema};

use super::{
    error::{invalid, reject},
    list::{ErrorBody, List},
};
use crate::{http::Failure, session::Caller};

/// A transaction as its owner sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction {
    /// Its id.
    id: String,
    /// The account it belongs to.
    account_id: String,
    /// What that account is called.
    account_name: String,
    /// The last digits of that account's number, when there are enough to show some.
    account_mask: Option<String>,
    /// The date at the bank.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date, example = "2026-05-04")]
    date: Date,
    /// The bank's text.
    description: String,
    /// The name of the shop, when known.
    merchant: Option<String>,
    /// The key of its category.
    #[schema(example = "food.groceries")]
    category: String,
    /// `debit`, `credit` or `transfer`.
    r#type: &'static str,
    /// `pending`, `completed` or `failed`.
    status: &'static str,
    /// Minor units without a sign, whatever the currency.
    #[schema(example = 450)]
    amount_cents: i64,
    /// Minor units: above zero came in, below went out.
    #[schema(example = -450)]
    signed_amount_cents: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// What the person wrote on it.
    note: Option<String>,
    /// Its tags.
    tags: Vec<String>,
    /// Whether its category stands in its parts.
    split: bool,
    /// Whether it is left out of budgets and sums.
    excluded: bool,
}

impl From<TransactionView> for Transaction {
    fn from(row: TransactionView) -> Self {
        Self {
            id: row.id.into_string(),
            account_id: row.account_id.into_string(),
            account_name: row.account_name,
            account_mask: row.account_mask,
            date: row.date,
            description: row.description,
            merchant: row.merchant,
            category: row.category,
            r#type: row.r#type.as_str(),
            status: row.status.as_str(),
            amount_cents: row.amount_cents,
            signed_amount_cents: row.signed_amount_cents,
            currency: row.currency,
            note: row.note,
            tags: row.tags,
            split: row.split,
            excluded: row.excluded,
        }
    }
}

/// What came in and went out in one currency.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sum {
    /// ISO 4217.
    currency: String,
    /// Minor units that came in.
    in_minor: i64,
    /// Minor units that went out, zero or below.
    out_minor: i64,
}

impl From<CurrencySum> for Sum {
    fn from(sum: CurrencySum) -> Self {
        Self { currency: sum.currency, in_minor: sum.in_minor, out_minor: sum.out_minor }
    }
}

/// One page of transactions, and what the whole list adds up to.
#[derive(Serialize, ToSchema)]
pub(super) struct Transactions {
    #[serde(flatten)]
    list: List<Transaction>,
    /// What came in and went out in the whole list, one entry a currency.
    sums: Vec<Sum>,
}

/// Which transactions, and which page of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the query; the domain reads it")]
pub(super) struct TransactionsQuery {
    /// From 1. `page` times `limit` reaches 10,000 rows; further down use `cursor`.
    #[param(required = false, minimum = 1, default = 1)]
    page: i64,
    /// 1 to 200.
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: i64,
    /// `nextCursor` or `prevCursor` of another page of the same filters.
    cursor: Option<String>,
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
    params(TransactionsQuery),
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
    }))
}
