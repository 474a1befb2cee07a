//! Budgets as pages and programs see them: one period of all of them, and one with its history.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    BudgetId, Date, Month,
    budget::{
        BudgetChange, BudgetForm, BudgetView, BudgetWindow, Limits, Link, NewBudget, Replay,
        Rollover, median, window,
    },
    category, day,
};
use serde::{Deserialize, Serialize};

use super::{
    change,
    rows::{self, Budget},
};
use crate::{
    Backend, Error, Result, SignedIn,
    db::UserTx,
    preferences,
    transactions::{self, Period},
};

/// Months whose median is suggested.
const SUGGESTED_FROM: usize = 6;
/// Windows in the history of a budget.
const HISTORY: usize = 12;

/// Spending that no budget counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unbudgeted {
    /// The key of the category.
    pub category: String,
    /// ISO 4217.
    pub currency: String,
    /// Spent this month, minor units, above zero is out.
    pub spent_minor: i64,
    /// The median of the last six months, minor units; what a budget might be worth.
    pub suggested_minor: i64,
}

/// All budgets of one person in the windows of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetsPage {
    /// Today, where the person lives.
    #[serde(with = "day::iso")]
    pub today: Date,
    /// The day that was asked for.
    #[serde(with = "day::iso")]
    pub day: Date,
    /// The budgets that live on that day, in the order they were made.
    pub budgets: Vec<BudgetView>,
    /// Spending of the day's month beside them, the largest first.
    pub unbudgeted: Vec<Unbudgeted>,
}

/// One budget with what led to where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetDetail {
    /// Today, where the person lives.
    #[serde(with = "day::iso")]
    pub today: Date,
    /// The budget in the window of today, or in its last.
    pub budget: BudgetView,
    /// The last windows, the oldest first.
    pub history: Vec<BudgetWindow>,
    /// The first day and the amount of each change, the oldest first.
    pub revisions: Vec<AmountFrom>,
}

/// What a budget is worth from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AmountFrom {
    /// The first day.
    #[serde(with = "day::iso")]
    pub from: Date,
    /// Minor units.
    pub amount_minor: i64,
}

/// The caller's budgets on a day; without one, today.
#[tracing::instrument(name = "budgets.page", skip_all, fields(user.id = %caller.user()))]
pub async fn page(backend: &Backend, caller: &SignedIn, day: Option<Date>) -> Result<BudgetsPage> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let today = preferences::today(&mut tx, backend).await?;
    let day = day.unwrap_or(today);
    let budgets = rows::with_limits(&mut tx).await?;
    let month = Month::containing(day);
    let months = months_before(month);
    let first = months.first().map_or(month.first_day(), |first| first.first_day());
    let (from, to) = reach(&budgets, day);
    let sums = transactions::period(&mut tx, from.min(first), to.max(month.last_day())).await?;
    let views: Vec<BudgetView> = budgets
        .iter()
        .filter_map(|(budget, limits)| view(budget, limits, day, today, &sums))
        .collect();
    let unbudgeted = unbudgeted(&views, &sums, month, &months);
    Ok(BudgetsPage { today, day, budgets: views, unbudgeted })
}

/// One of the caller's budgets.
///
/// # Errors
/// [`Error::NotFound`] also for a budget of somebody else.
#[tracing::instrument(name = "budgets.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(backend: &Backend, caller: &SignedIn, id: &BudgetId) -> Result<BudgetDetail> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let Life { today, budget, limits, day, sums, links } = life(&mut tx, backend, id).await?;
    let history = links.iter().rev().take(HISTORY).rev().map(|link| window(*link, today)).collect();
    let view = view(&budget, &limits, day, today, &sums).ok_or(Error::NotFound(super::BUDGET))?;
    Ok(BudgetDetail { today, budget: view, history, revisions: rows::amounts(&limits) })
}

/// Every window of one of the caller's budgets up to that of today, or to its last, the newest first; of a very long life
/// the last 600.
///
/// # Errors
/// [`Error::NotFound`] also for a budget of somebody else.
#[tracing::instrument(name = "budgets.history", skip_all, fields(user.id = %caller.user()))]
pub async fn history(
    backend: &Backend,
    caller: &SignedIn,
    id: &BudgetId,
) -> Result<Vec<BudgetWindow>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let Life { today, links, .. } = life(&mut tx, backend, id).await?;
    Ok(links.into_iter().rev().map(|link| window(link, today)).collect())
}

/// One budget with all of its windows so far.
struct Life {
    today: Date,
    budget: Budget,
    limits: Limits,
    /// The day that its last window is told on: today, else its first or its last.
    day: Date,
    sums: Period,
    links: Vec<Link>,
}

async fn life(tx: &mut UserTx, backend: &Backend, id: &BudgetId) -> Result<Life> {
    let today = preferences::today(tx, backend).await?;
    let (budget, limits) = rows::one(tx, id).await?;
    let day = budget.end_date.map_or(today, |end| today.min(end)).max(budget.start_date);
    let to = limits.grid.window(day).to;
    let sums = transactions::period(tx, budget.start_date, to).await?;
    let links = chain(&budget, &limits, day, &sums);
    Ok(Life { today, budget, limits, day, sums, links })
}

/// What the last twelve windows would have been with a budget that is not there yet.
///
/// # Errors
/// [`Error::Invalid`] names each field.
#[tracing::instrument(name = "budgets.preview", skip_all, fields(user.id = %caller.user()))]
pub async fn preview(backend: &Backend, caller: &SignedIn, form: &BudgetForm) -> Result<Replay> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let new = change::checked(&mut tx, backend, form).await?;
    replay(&mut tx, backend, &new, new.limits()).await
}

/// What the last twelve windows of one of the caller's budgets would have been after a change, as if its first day lay
/// before them. Nothing is changed.
///
/// # Errors
/// [`Error::Invalid`] names each field; [`Error::NotFound`] also for a budget of somebody else.
#[tracing::instrument(name = "budgets.preview_change", skip_all, fields(user.id = %caller.user()))]
pub async fn preview_change(
    backend: &Backend,
    caller: &SignedIn,
    id: &BudgetId,
    change: BudgetChange,
) -> Result<Replay> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (budget, there) = rows::one(&mut tx, id).await?;
    let new = change::checked(&mut tx, backend, &change.over(budget.form())).await?;
    // Its windows begin where they did when it was made, whatever its owner begins them at now.
    replay(&mut tx, backend, &new, Limits { grid: there.grid, ..new.limits() }).await
}

async fn replay(
    tx: &mut UserTx,
    backend: &Backend,
    new: &NewBudget,
    limits: Limits,
) -> Result<Replay> {
    let today = preferences::today(tx, backend).await?;
    let sums = transactions::period(tx, Replay::first_day(&limits, today), today).await?;
    Ok(Replay::of(&limits, today, |window| {
        sums.spent(&new.category, new.currency.code(), window.from, window.to)
    }))
}

/// The first and the last day whose rows decide how these budgets stand on a day.
pub(super) fn reach(budgets: &[(Budget, Limits)], day: Date) -> (Date, Date) {
    budgets.iter().fold((day, day), |(from, to), (budget, limits)| {
        let window = limits.grid.window(day);
        // What is carried over depends on every window before.
        let first = if budget.rollover == Rollover::None { window.from } else { budget.start_date };
        (from.min(first), to.max(window.to))
    })
}

fn chain(budget: &Budget, limits: &Limits, day: Date, sums: &Period) -> Vec<Link> {
    let spent = |window: domain::budget::Window| {
        sums.spent(&budget.category, budget.currency.code(), window.from, window.to)
    };
    limits.chain(day, spent).links
}

/// How one budget stands in the window of a day; nothing when it does not live on it.
pub(super) fn link(budget: &Budget, limits: &Limits, day: Date, sums: &Period) -> Option<Link> {
    let wanted = limits.window(day)?;
    chain(budget, limits, day, sums).into_iter().find(|link| link.window == wanted)
}

fn view(
    budget: &Budget,
    limits: &Limits,
    day: Date,
    today: Date,
    sums: &Period,
) -> Option<BudgetView> {
    if budget.end_date.is_some_and(|end| end < day) {
        return None;
    }
    let link = link(budget, limits, day, sums)?;
    Some(BudgetView {
        id: budget.id.clone(),
        category: budget.category.clone(),
        currency: budget.currency.code().to_owned(),
        period: budget.period,
        start_date: budget.start_date,
        end_date: budget.end_date,
        rollover: budget.rollover,
        cap_minor: budget.cap_minor,
        prorate: budget.prorate,
        alerts: budget.alert_percents.clone(),
        amount_minor: budget.amount_minor,
        window: window(link, today),
    })
}

/// The six months before one, the oldest first.
fn months_before(month: Month) -> Vec<Month> {
    let mut months: Vec<Month> =
        std::iter::successors(Some(month.previous()), |month| Some(month.previous()))
            .take(SUGGESTED_FROM)
            .collect();
    months.reverse();
    months
}

fn unbudgeted(
    budgets: &[BudgetView],
    sums: &Period,
    month: Month,
    months: &[Month],
) -> Vec<Unbudgeted> {
    let budgeted: BTreeSet<(&str, &str)> =
        budgets.iter().map(|budget| (&*budget.currency, &*budget.category)).collect();
    let is_budgeted = |currency: &str, key: &str| {
        budgeted.contains(&(currency, key))
            || budgeted.contains(&(currency, category::group_of(key)))
    };
    let mut by_month: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for before in months {
        for total in sums.categories(before.first_day(), before.last_day()) {
            by_month.entry((total.currency, total.category)).or_default().push(-total.minor);
        }
    }
    let mut rest: Vec<Unbudgeted> = sums
        .categories(month.first_day(), month.last_day())
        .into_iter()
        .filter(|total| total.minor < 0 && !is_budgeted(&total.currency, &total.category))
        .map(|total| {
            let before = by_month.get(&(total.currency.clone(), total.category.clone()));
            let mut before = before.cloned().unwrap_or_default();
            before.resize(months.len(), 0);
            let suggested = median(&before).filter(|minor| *minor > 0).unwrap_or(-total.minor);
            Unbudgeted {
                category: total.category,
                currency: total.currency,
                spent_minor: -total.minor,
                suggested_minor: suggested,
            }
        })
        .collect();
    rest.sort_by_key(|found| std::cmp::Reverse(found.spent_minor));
    rest
}

/// The sums that decide how these budgets stand on a day.
pub(super) async fn sums(
    tx: &mut UserTx,
    budgets: &[(Budget, Limits)],
    day: Date,
) -> Result<Period> {
    let (from, to) = reach(budgets, day);
    transactions::period(tx, from, to).await
}
