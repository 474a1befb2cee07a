//! What pages and programs see of a series.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::{Cadence, Kind, PriceChange, SeriesDecision, SeriesStatus};
use crate::{AccountId, Currency, Date, Money, SeriesId, day, money::div_round_half_even};

/// How long a new price is news.
pub const PRICE_NEWS: Duration = Duration::days(31);

/// A series as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeriesView {
    /// Its id.
    pub id: SeriesId,
    /// The account its rows belong to.
    pub account_id: AccountId,
    /// What that account is called.
    pub account_name: String,
    /// The name of the merchant.
    pub merchant: String,
    /// How often its rows come.
    pub cadence: Cadence,
    /// Whether the amount is known in advance.
    pub kind: Kind,
    /// How far it is.
    pub status: SeriesStatus,
    /// What its owner decided.
    pub decision: SeriesDecision,
    /// What the next row should be, in minor units, in above zero.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// When the next row should come; in the past when it is late.
    #[serde(with = "day::iso")]
    pub next_date: Date,
    /// The date of the last row.
    #[serde(with = "day::iso")]
    pub last_date: Date,
    /// The last change of a fixed amount.
    pub change: Option<PriceChange>,
    /// How many rows it has.
    pub rows: i64,
}

impl SeriesView {
    /// The amount of the next row; nothing when the currency is unknown to this version.
    pub fn amount(&self) -> Option<Money> {
        Some(Money::new(self.amount_minor, Currency::parse(&self.currency).ok()?))
    }

    /// "+$2.50 on 15 May": how much more or less it costs or brings, and since when.
    pub fn change_label(&self) -> Option<String> {
        self.change_label_with(Money::format_signed)
    }

    /// The same, where an amount is said another way.
    pub fn change_label_with(&self, say: impl Fn(Money) -> String) -> Option<String> {
        let change = self.change?;
        let by = Money::new(change.by_minor, Currency::parse(&self.currency).ok()?);
        Some(format!("{} on {} {}", say(by), change.on.day(), change.on.month()))
    }

    /// How much more something that is paid costs, where that is news: since [`PRICE_NEWS`] at most.
    pub fn price_rise(&self, today: Date) -> Option<Money> {
        let change = self.change?;
        let is_new = change.on >= today.saturating_sub(PRICE_NEWS);
        let currency = Currency::parse(&self.currency).ok()?;
        (is_new && change.by_minor > 0 && self.amount_minor < 0)
            .then(|| Money::new(change.by_minor, currency))
    }

    /// What it comes to in a month, in minor units, in above zero. Nothing when it doesn't fit.
    pub fn monthly_minor(&self) -> Option<i64> {
        monthly_minor(self.cadence, self.amount_minor)
    }
}

/// What an amount of each row comes to in an average month, in minor units, half to even: a year has 52 weeks.
pub fn monthly_minor(cadence: Cadence, minor: i64) -> Option<i64> {
    let rows_a_year = match cadence {
        Cadence::Weekly => 52,
        Cadence::Biweekly => 26,
        Cadence::Monthly => 12,
        Cadence::Quarterly => 4,
        Cadence::Yearly => 1,
    };
    div_round_half_even(minor.checked_mul(rows_a_year)?, 12)
}
