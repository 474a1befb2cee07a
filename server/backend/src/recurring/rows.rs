//! The rows of series.

use domain::{
    AccountId, AccountType, Currency, Date, SeriesId, TransactionId, account, merchant,
    recurring::{Cadence, Kind, Known, PriceChange, SeriesView, status_on},
    states::series::{self, Event, SeriesDecision, SeriesStatus},
};
use serde::Serialize;
use sqlx::types::Json;

use super::SERIES;
use crate::{Backend, Error, Result, db::UserTx, fetch_all, preferences};

/// A series as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Stored {
    pub(super) id: SeriesId,
    pub(super) account_id: AccountId,
    bank_name: String,
    account_type: AccountType,
    account_nickname: Option<String>,
    pub(super) key: String,
    merchant: String,
    pub(super) currency: Currency,
    pub(super) cadence: Cadence,
    pub(super) kind: Kind,
    pub(super) status: SeriesStatus,
    pub(super) amount_minor: i64,
    change_minor: i64,
    changed_on: Option<Date>,
    first_on: Date,
    last_on: Date,
    pub(super) next_on: Date,
    anchor: i64,
    pub(super) members: Json<Vec<TransactionId>>,
    pub(super) left_out: Json<Vec<TransactionId>>,
    pub(super) decision: SeriesDecision,
    pub(super) merged_into: Option<SeriesId>,
    /// The day of the last change of price that its owner has seen.
    seen_on: Option<Date>,
}

impl Stored {
    /// What it is recognised by when it is looked for again.
    pub(super) fn known(&self) -> Known {
        Known {
            key: self.key.clone(),
            account: self.account_id.clone(),
            merchant: self.merchant.clone(),
            currency: self.currency,
            cadence: self.cadence,
            minor: self.amount_minor,
            members: self.members.0.clone(),
        }
    }

    /// As it is on a day, whenever it was looked for: days pass without a row that would have it looked for again.
    /// Nothing for a guess that did not come true and that its owner said nothing about.
    fn on(mut self, today: Date) -> Result<Option<Self>> {
        if self.status == SeriesStatus::Ended {
            return Ok(Some(self));
        }
        let is_mature = self.status != SeriesStatus::Early;
        self.status = match status_on(self.cadence, self.next_on, is_mature, today) {
            Some(status) => moved(self.status, series::events(self.status, status))?,
            None if self.is_kept() => moved(self.status, &[Event::Gone])?,
            None => return Ok(None),
        };
        Ok(Some(self))
    }

    /// True when its owner said something about it: it stays, whether it is found or not.
    pub(super) fn is_kept(&self) -> bool {
        self.decision != SeriesDecision::Open || !self.left_out.0.is_empty()
    }

    /// It and those that were merged into it.
    pub(super) fn with_merged<'s>(&'s self, all: &'s [Self]) -> impl Iterator<Item = &'s Self> {
        let merged = all.iter().filter(|other| other.merged_into.as_ref() == Some(&self.id));
        merged.chain([self])
    }

    /// True while its owner wants to see it.
    pub(super) fn is_shown(&self) -> bool {
        matches!(self.decision, SeriesDecision::Open | SeriesDecision::Confirmed)
    }

    /// True while more rows of it are expected.
    pub(super) fn is_running(&self) -> bool {
        self.is_shown() && self.status != SeriesStatus::Ended
    }

    /// True while its last change of price has not been seen.
    pub(super) fn is_news(&self) -> bool {
        self.changed_on.is_some_and(|on| self.seen_on.is_none_or(|seen| seen < on))
    }

    /// The days on which its next rows should come, without end, from the next one on.
    pub(super) fn coming(&self) -> impl Iterator<Item = Date> + use<> {
        let (cadence, anchor) = (self.cadence, u8::try_from(self.anchor).unwrap_or(1));
        std::iter::successors(Some(self.next_on), move |day| {
            Some(cadence.following(*day, anchor)).filter(|next| next > day)
        })
    }

    /// As its owner sees it, with the rows of those that were merged into it.
    pub(super) fn view(&self, all: &[Self]) -> SeriesView {
        let rows = self.with_merged(all).map(|one| one.members.len()).sum::<usize>();
        let nickname = self.account_nickname.as_deref();
        SeriesView {
            id: self.id.clone(),
            account_id: self.account_id.clone(),
            account_name: account::display_name(nickname, &self.bank_name, self.account_type),
            merchant: merchant::display_name(&self.merchant)
                .unwrap_or_else(|| self.merchant.clone()),
            cadence: self.cadence,
            kind: self.kind,
            status: self.status,
            decision: self.decision,
            amount_minor: self.amount_minor,
            currency: self.currency.code().to_owned(),
            next_date: self.next_on,
            last_date: self.last_on,
            change: self.changed_on.map(|on| PriceChange { on, by_minor: self.change_minor }),
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
        }
    }
}

/// The series of the person whose transaction this is as they are on a day, by their next date.
pub(super) async fn on_day(tx: &mut UserTx, today: Date) -> Result<Vec<Stored>> {
    stored(tx).await?.into_iter().filter_map(|one| one.on(today).transpose()).collect()
}

/// The status of a series after what happened to it, by the one table of [`series::next`].
pub(super) fn moved(from: SeriesStatus, events: &[Event]) -> Result<SeriesStatus> {
    series::after(from, events.iter().copied()).map_err(|_| Error::Corrupt(SERIES))
}

/// The series of the person whose transaction this is as they were found last, by their next date.
pub(super) async fn stored(tx: &mut UserTx) -> Result<Vec<Stored>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select s."id", s."accountId", a."bankName", a."accountType", a."accountNickname", s."key", s."merchant",
               s."currency", s."cadence", s."kind", s."status", s."amountMinor", s."changeMinor", s."changedOn",
               s."firstOn", s."lastOn", s."nextOn", s."anchor", s."members", s."leftOut", s."decision", s."mergedInto",
               s."seenOn"
        from "recurring_series" s
        join "bank_account" a on a."userId" = s."userId" and a."id" = s."accountId"
        where s."userId" = $1 and a."archivedAt" is null
        order by s."nextOn", s."id"
        "#,
        user,
    )?)
}

/// A series as its owner takes it along.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    #[serde(flatten)]
    series: SeriesView,
    #[serde(with = "domain::day::iso")]
    first_date: Date,
    transactions: Vec<TransactionId>,
}

/// Every series of the person whose transaction this is, as they take them along.
pub(crate) async fn all(tx: &mut UserTx, backend: &Backend) -> Result<Vec<Kept>> {
    let today = preferences::today(tx, backend).await?;
    let stored = on_day(tx, today).await?;
    let kept = stored.iter().map(|one| Kept {
        series: one.view(&stored),
        first_date: one.first_on,
        transactions: one.members.0.clone(),
    });
    Ok(kept.collect())
}
