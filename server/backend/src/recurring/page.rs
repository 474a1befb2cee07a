//! What repeats, as its owner sees it.

use std::collections::BTreeMap;

use domain::{
    AccountId, CurrencySum, Date, SeriesId, TransactionId, day,
    recurring::{Kind, SeriesView},
    states::series::{SeriesDecision, SeriesStatus},
};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::{
    SERIES,
    merge::may_be_one,
    rows::{self, Stored},
};
use crate::{Backend, Error, Result, SignedIn, db::UserTx, fetch_all, preferences};

/// How many days ahead are told.
const AHEAD: Duration = Duration::days(31);

/// Everything that repeats for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecurringPage {
    /// Today where they live.
    #[serde(with = "day::iso")]
    pub today: Date,
    /// What goes on, by the next date.
    pub series: Vec<SeriesView>,
    /// What has ended.
    pub ended: Vec<SeriesView>,
    /// What they do not want to see.
    pub ignored: Vec<SeriesView>,
    /// What fixed amounts come to in an average month, one entry a currency, in minor units.
    pub monthly: Vec<CurrencySum>,
    /// What should come in the next 31 days, by day.
    pub coming: Vec<Coming>,
}

/// One row that should come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Coming {
    /// When.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// Of which series.
    pub series: SeriesId,
    /// At which account.
    pub account: AccountId,
    /// The name of the merchant.
    pub merchant: String,
    /// Minor units, in above zero.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// One series with its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeriesDetail {
    /// The series.
    pub series: SeriesView,
    /// Its rows, the newest first.
    pub rows: Vec<SeriesRow>,
    /// Rows that were taken out of it, the newest first.
    pub left_out: Vec<SeriesRow>,
    /// Others of the same currency and direction that it may be part of.
    pub others: Vec<SeriesView>,
}

/// One row of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
#[sqlx(rename_all = "camelCase")]
pub struct SeriesRow {
    /// The transaction.
    pub id: TransactionId,
    /// Its date.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// The name of the shop, else the bank's text.
    pub title: String,
    /// Minor units, in above zero.
    pub amount_minor: i64,
}

/// What repeats for the caller.
#[tracing::instrument(name = "recurring.page", skip_all, fields(user.id = %caller.user()))]
pub async fn page(backend: &Backend, caller: &SignedIn) -> Result<RecurringPage> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let today = preferences::today(&mut tx, backend).await?;
    let stored = rows::on_day(&mut tx, today).await?;
    drop(tx);
    let views = |wanted: fn(&Stored) -> bool| -> Vec<SeriesView> {
        stored.iter().filter(|one| wanted(one)).map(|one| one.view(&stored)).collect()
    };
    Ok(RecurringPage {
        today,
        monthly: monthly(&stored),
        coming: coming(&stored, today, None),
        series: views(Stored::is_running),
        ended: views(|one| one.is_shown() && one.status == SeriesStatus::Ended),
        ignored: views(|one| one.decision == SeriesDecision::Ignored),
    })
}

/// What should come in one of the caller's accounts in the 31 days from `today`, their own day; nothing in one that was
/// put away or is somebody else's.
#[tracing::instrument(name = "recurring.coming_in", skip_all, fields(user.id = %caller.user()))]
pub async fn coming_in(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
    today: Date,
) -> Result<Vec<Coming>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let stored = rows::on_day(&mut tx, today).await?;
    Ok(coming(&stored, today, Some(account)))
}

/// Fixed amounts of series that go on and are more than a guess.
fn monthly(stored: &[Stored]) -> Vec<CurrencySum> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    let counts = |one: &&Stored| {
        one.is_running() && one.kind == Kind::Fixed && one.status != SeriesStatus::Early
    };
    for one in stored.iter().filter(counts) {
        let Some(minor) = domain::recurring::monthly_minor(one.cadence, one.amount_minor) else {
            continue;
        };
        let (money_in, money_out) = sums.entry(one.currency.code()).or_default();
        let side = if minor > 0 { money_in } else { money_out };
        *side = side.saturating_add(minor);
    }
    let sums = sums.into_iter().map(|(currency, (in_minor, out_minor))| CurrencySum {
        currency: currency.to_owned(),
        in_minor,
        out_minor,
    });
    sums.collect()
}

/// Each row that should come from today on, by day, in one account or in all. One that is late has its place in the list
/// alone.
fn coming(stored: &[Stored], today: Date, account: Option<&AccountId>) -> Vec<Coming> {
    let end = today.saturating_add(AHEAD);
    let mut coming: Vec<Coming> = stored
        .iter()
        .filter(|one| one.is_running())
        .filter(|one| account.is_none_or(|account| one.account_id == *account))
        .flat_map(|one| {
            let view = one.view(stored);
            let days = one.coming().take_while(move |day| *day <= end);
            days.filter(move |day| *day >= today).map(move |date| Coming {
                date,
                series: view.id.clone(),
                account: view.account_id.clone(),
                merchant: view.merchant.clone(),
                amount_minor: view.amount_minor,
                currency: view.currency.clone(),
            })
        })
        .collect();
    coming.sort_by_key(|row| (row.date, row.amount_minor));
    coming
}

/// One of the caller's series with its rows.
///
/// # Errors
/// [`Error::NotFound`] also for a series of somebody else, and for one that was merged into another.
#[tracing::instrument(name = "recurring.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(backend: &Backend, caller: &SignedIn, id: &SeriesId) -> Result<SeriesDetail> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let today = preferences::today(&mut tx, backend).await?;
    let stored = rows::on_day(&mut tx, today).await?;
    let one = find(&stored, id)?;
    let rows = rows_of(&mut tx, &stored, one).await?;
    let left_out = one.with_merged(&stored).flat_map(|series| series.left_out.0.iter());
    let left_out = read(&mut tx, &left_out.collect::<Vec<_>>()).await?;
    let others = stored
        .iter()
        .filter(|other| other.id != *id && may_be_one(one, other))
        .map(|other| other.view(&stored))
        .collect();
    Ok(SeriesDetail { series: one.view(&stored), rows, left_out, others })
}

/// One that stands for itself.
pub(super) fn find<'s>(stored: &'s [Stored], id: &SeriesId) -> Result<&'s Stored> {
    let found = stored.iter().find(|one| one.id == *id && one.merged_into.is_none());
    found.ok_or(Error::NotFound(SERIES))
}

/// The rows of a series and of those that were merged into it, the newest first.
pub(super) async fn rows_of(
    tx: &mut UserTx,
    stored: &[Stored],
    one: &Stored,
) -> Result<Vec<SeriesRow>> {
    let members = one.with_merged(stored).flat_map(|series| series.members.0.iter());
    read(tx, &members.collect::<Vec<_>>()).await
}

async fn read(tx: &mut UserTx, members: &[&TransactionId]) -> Result<Vec<SeriesRow>> {
    let user = tx.user().clone();
    let members = serde_json::to_string(members).map_err(|_| Error::Corrupt(SERIES))?;
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        select "id", "date", coalesce("merchant", "description") as "title", "amountMinor"
        from "transaction"
        where "userId" = $1 and "deletedAt" is null and "id" in (select value from json_each($2))
        order by "date" desc, "id" desc
        "#,
        postgres: r#"
        select "id", "date", coalesce("merchant", "description") as "title", "amountMinor"
        from "transaction"
        where "userId" = $1 and "deletedAt" is null
          and "id" in (select value from json_array_elements_text(cast($2 as json)))
        order by "date" desc, "id" desc
        "#,
        user,
        members,
    )?)
}
