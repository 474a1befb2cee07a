//! What goes into and comes out of `/api/recurring`.

use backend::recurring::{Coming, MergeLook, SeriesRow};
use domain::{day, recurring::SeriesView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Something that repeats.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Series {
    /// Its id.
    id: String,
    /// The account of its transactions.
    account_id: String,
    /// The name of the merchant.
    merchant: String,
    /// `weekly`, `biweekly`, `monthly`, `quarterly` or `yearly`.
    cadence: &'static str,
    /// `fixed` or `variable`.
    kind: &'static str,
    /// `early`, `active`, `missed` or `ended`.
    status: &'static str,
    /// `open`, `confirmed` or `ignored`: what you said about it.
    decision: &'static str,
    /// What the next one should be, in minor units, in above zero.
    amount_minor: i64,
    /// ISO 4217.
    currency: String,
    /// When the next one should come; in the past when it is late.
    next_date: String,
    /// When the last one came.
    last_date: String,
    /// The last change of its price.
    price_change: Option<Change>,
    /// How many transactions it has.
    transactions: i64,
}

/// A change of a price.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PriceChange)]
pub(super) struct Change {
    /// The date of the first transaction with the new price.
    on: String,
    /// Minor units, without regard to direction: above zero is more than before.
    by_minor: i64,
}

impl From<SeriesView> for Series {
    fn from(series: SeriesView) -> Self {
        Self {
            id: series.id.into_string(),
            account_id: series.account_id.into_string(),
            merchant: series.merchant,
            cadence: series.cadence.as_str(),
            kind: series.kind.as_str(),
            status: series.status.as_str(),
            decision: series.decision.as_str(),
            amount_minor: series.amount_minor,
            currency: series.currency,
            next_date: day::format_iso(series.next_date),
            last_date: day::format_iso(series.last_date),
            price_change: series
                .change
                .map(|change| Change { on: day::format_iso(change.on), by_minor: change.by_minor }),
            transactions: series.rows,
        }
    }
}

/// What you say about it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Said {
    /// `confirmed`, `ignored`, or `open` to take either back.
    #[schema(example = "confirmed")]
    pub decision: String,
}

/// Another series.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SeriesTarget)]
pub(super) struct Target {
    /// The series that it is part of.
    pub into: String,
}

/// A transaction that is taken out, or put back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LeftOutTransaction)]
pub(super) struct LeftOut {
    /// Which.
    pub transaction_id: String,
}

/// What should come in the next 31 days.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ComingTransactions)]
pub(super) struct ComingList {
    /// Today where you live.
    pub today: String,
    /// By day.
    pub items: Vec<ComingRow>,
}

/// One transaction that should come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ComingTransaction)]
pub(super) struct ComingRow {
    /// When.
    date: String,
    /// Of which series.
    series_id: String,
    /// The name of the merchant.
    merchant: String,
    /// Minor units, in above zero.
    amount_minor: i64,
    /// ISO 4217.
    currency: String,
}

impl From<Coming> for ComingRow {
    fn from(row: Coming) -> Self {
        Self {
            date: day::format_iso(row.date),
            series_id: row.series.into_string(),
            merchant: row.merchant,
            amount_minor: row.amount_minor,
            currency: row.currency,
        }
    }
}

/// Which series it would be part of.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query, which is read by hand")]
pub(super) struct TargetQuery {
    /// The id of the other series.
    into: String,
}

/// What a merge would join.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SeriesMerge {
    /// The one that becomes part of the other.
    series: Series,
    /// The other: its amount, rhythm and next date stay.
    into: Series,
    /// The transactions that come along, the newest first.
    transactions: Vec<SeriesTransaction>,
    /// The transactions that the other has, the newest first.
    into_transactions: Vec<SeriesTransaction>,
}

/// One transaction of a series.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SeriesTransaction {
    /// Its id.
    id: String,
    /// Its date.
    date: String,
    /// The name of the shop, else the bank's text.
    title: String,
    /// Minor units, in above zero.
    amount_minor: i64,
}

impl From<SeriesRow> for SeriesTransaction {
    fn from(row: SeriesRow) -> Self {
        Self {
            id: row.id.into_string(),
            date: day::format_iso(row.date),
            title: row.title,
            amount_minor: row.amount_minor,
        }
    }
}

impl From<MergeLook> for SeriesMerge {
    fn from(look: MergeLook) -> Self {
        Self {
            series: look.series.into(),
            into: look.into.into(),
            transactions: look.rows.into_iter().map(Into::into).collect(),
            into_transactions: look.into_rows.into_iter().map(Into::into).collect(),
        }
    }
}
