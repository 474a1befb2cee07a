mod balances;
mod cases;
mod formats;
mod life;
mod others;

use std::time::Duration;

use domain::{
    AccountId, ImportId,
    import::{ImportOptions, Question},
    query,
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use time::macros::date;

use super::{preview::RowState, *};
use crate::{
    Error, Result, SignedIn,
    accounts::{
        self,
        testing::{account_of, by_hand},
    },
    both_engines, execute, fetch_all,
    idempotency::{Key, Once, Outcome},
    testing::World,
    transactions::testing::{Given, give},
};

const TWO_COFFEES: &str =
    "Date,Description,Amount\n2026-05-04,Coffee,-4.50\n2026-05-04,Coffee,-4.50";

fn options(query: &str) -> ImportOptions {
    ImportOptions::from_query(&query::parse(query)).unwrap()
}

async fn put(w: &World, account: &AccountId, text: &str) -> ImportId {
    upload(&w.backend, &w.alice, account, "bank.csv", text.as_bytes().to_vec()).await.unwrap()
}

async fn look(w: &World, import: &ImportId, query: &str) -> Preview {
    preview(&w.backend, &w.alice, import, &options(query)).await.unwrap()
}

async fn take(w: &World, import: &ImportId, query: &str) -> Applied {
    apply(&w.backend, &w.alice, import, &options(query), &Choice::default(), None)
        .await
        .unwrap()
        .value
}

/// Uploads and applies at once.
async fn bring(w: &World, account: &AccountId, text: &str) -> (ImportId, Applied) {
    let id = put(w, account, text).await;
    let applied = take(w, &id, "").await;
    (id, applied)
}

/// What is in the ledger: date, amount, currency, text, in the order of the list.
async fn rows(w: &World, who: &SignedIn) -> Vec<(String, i64, String, String)> {
    #[derive(sqlx::FromRow)]
    #[sqlx(rename_all = "camelCase")]
    struct Row {
        date: time::Date,
        amount_minor: i64,
        currency: String,
        description: String,
    }
    let mut tx = w.backend.db.as_user(who.user()).read().await.unwrap();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "date", "amountMinor", "currency", "description"
        from "transaction"
        where "userId" = $1 and "deletedAt" is null
        order by "date", "amountMinor", "description", "id"
        "#,
        who.user(),
    )
    .unwrap();
    rows.into_iter()
        .map(|r| (r.date.to_string(), r.amount_minor, r.currency, r.description))
        .collect()
}

fn row(date: &str, minor: i64, currency: &str, text: &str) -> (String, i64, String, String) {
    (date.to_owned(), minor, currency.to_owned(), text.to_owned())
}

fn counts(preview: &Preview) -> (i64, i64, i64, i64) {
    let c = preview.counts;
    (c.new, c.here, c.possible, c.failed)
}

fn codes(preview: &Preview) -> Vec<(i64, String, String)> {
    let of = |row: &PreviewRow| match &row.state {
        RowState::Failed(errors) => {
            errors.iter().map(|e| (row.line, e.column.clone(), e.code.clone())).collect()
        }
        _ => Vec::new(),
    };
    preview.rows.iter().flat_map(of).collect()
}

fn refused<T: std::fmt::Debug>(result: Result<T>) -> (String, String) {
    let Err(Error::Invalid(fields)) = result else { panic!("{result:?}") };
    (fields[0].field.clone(), fields[0].code.clone())
}
