//! Budgets: what somebody means to spend on a category.

use domain::{Date, UserId};
use serde::Serialize;

use crate::{Backend, Result, db::UserTx, fetch_all};

/// A budget as its owner takes it along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
#[sqlx(rename_all = "camelCase")]
pub(crate) struct Budget {
    id: String,
    category: String,
    amount_minor: i64,
    currency: String,
    period: String,
    #[serde(with = "domain::day::iso")]
    start_date: Date,
    #[serde(with = "domain::day::iso::option")]
    end_date: Option<Date>,
    rollover: String,
    cap_minor: Option<i64>,
    prorate: bool,
}

/// The budgets of the person whose transaction this is, the oldest first.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<Budget>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "category", "amountMinor", "currency", "period", "startDate", "endDate", "rollover", "capMinor",
               "prorate"
        from "budget"
        where "userId" = $1
        order by "createdAt", "id"
        "#,
        user,
    )?)
}

/// Tells by mail which budgets came near their end or went over it, once for each window.
pub(crate) async fn look(_backend: &Backend, _user: &UserId) -> Result<()> {
    Ok(())
}
