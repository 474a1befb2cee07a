//! The rows of budgets and of their amounts.

use std::collections::HashMap;

use domain::{
    BudgetId, Currency, Date, Money,
    budget::{Alerts, BudgetForm, Grid, Limits, Period, Revision, Rollover},
    day,
};
use serde::Serialize;

use super::{AmountFrom, BUDGET};
use crate::{Error, Result, db::UserTx, fetch_all};

/// The row of a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Budget {
    pub(super) id: BudgetId,
    pub(super) category: String,
    pub(super) amount_minor: i64,
    pub(super) currency: Currency,
    pub(super) period: Period,
    #[serde(with = "domain::day::iso")]
    pub(super) start_date: Date,
    #[serde(with = "domain::day::iso::option")]
    pub(super) end_date: Option<Date>,
    pub(super) rollover: Rollover,
    pub(super) cap_minor: Option<i64>,
    pub(super) prorate: bool,
    pub(super) alert_percents: Alerts,
    pub(super) anchor: i64,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Amount {
    budget_id: BudgetId,
    from_date: Date,
    #[sqlx(rename = "amountMinor")]
    minor: i64,
}

impl Budget {
    /// What decides the limit of each window.
    pub(super) fn limits(&self, revisions: Vec<Revision>) -> Result<Limits> {
        Ok(Limits {
            grid: Grid::new(self.period, self.anchor).ok_or(Error::Corrupt(BUDGET))?,
            start: self.start_date,
            end: self.end_date,
            rollover: self.rollover,
            cap: self.cap_minor,
            prorate: self.prorate,
            revisions,
        })
    }

    /// The form that would make it as it is.
    pub(super) fn form(&self) -> BudgetForm {
        let plain = |minor: i64| Money::new(minor, self.currency).to_plain();
        BudgetForm {
            category: self.category.clone(),
            amount: plain(self.amount_minor),
            currency: self.currency.code().to_owned(),
            period: self.period.as_str().to_owned(),
            start_date: day::format_iso(self.start_date),
            from_start: false,
            end_date: self.end_date.map(day::format_iso).unwrap_or_default(),
            rollover: self.rollover.as_str().to_owned(),
            cap: self.cap_minor.map(plain).unwrap_or_default(),
            prorate: self.prorate,
            alert_percents: self.alert_percents.word().to_owned(),
            alert_own: String::new(),
        }
    }
}

/// A budget as its owner takes it along, with each amount and since when.
#[derive(Serialize)]
pub(crate) struct Kept {
    #[serde(flatten)]
    budget: Budget,
    amounts: Vec<AmountFrom>,
}

/// Every budget of the person whose transaction this is, the oldest first, as they take them along.
pub(crate) async fn kept(tx: &mut UserTx) -> Result<Vec<Kept>> {
    let budgets = with_limits(tx).await?.into_iter();
    let kept = budgets.map(|(budget, limits)| Kept { budget, amounts: amounts(&limits) });
    Ok(kept.collect())
}

/// Each amount and since when, the oldest first.
pub(super) fn amounts(limits: &Limits) -> Vec<AmountFrom> {
    let revisions = limits.revisions.iter();
    revisions
        .map(|revision| AmountFrom { from: revision.from, amount_minor: revision.minor })
        .collect()
}

/// The budgets of the person whose transaction this is, the oldest first.
pub(super) async fn all(tx: &mut UserTx) -> Result<Vec<Budget>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "category", "amountMinor", "currency", "period", "startDate", "endDate", "rollover", "capMinor",
               "prorate", "alertPercents", "anchor"
        from "budget"
        where "userId" = $1
        order by "createdAt", "id"
        "#,
        user,
    )?)
}

/// Every budget with what decides its limits.
pub(super) async fn with_limits(tx: &mut UserTx) -> Result<Vec<(Budget, Limits)>> {
    let user = tx.user().clone();
    let amounts: Vec<Amount> = fetch_all!(
        tx,
        r#"
        select "budgetId", "fromDate", "amountMinor"
        from "budget_revision"
        where "userId" = $1
        order by "fromDate"
        "#,
        user,
    )?;
    let mut revisions: HashMap<BudgetId, Vec<Revision>> = HashMap::new();
    for amount in amounts {
        let revision = Revision { from: amount.from_date, minor: amount.minor };
        revisions.entry(amount.budget_id).or_default().push(revision);
    }
    let budgets = all(tx).await?;
    budgets
        .into_iter()
        .map(|budget| {
            let limits = budget.limits(revisions.remove(&budget.id).unwrap_or_default())?;
            Ok((budget, limits))
        })
        .collect()
}

/// One of them.
pub(super) async fn one(tx: &mut UserTx, id: &BudgetId) -> Result<(Budget, Limits)> {
    let found = with_limits(tx).await?.into_iter().find(|(budget, _)| budget.id == *id);
    found.ok_or(Error::NotFound(BUDGET))
}
