//! What the ledger has of the rows that a reading is about.

use std::collections::BTreeSet;

use domain::{
    AccountId, Currency, Date, TransactionId, TransactionStatus, TransactionType,
    ledger::{
        matching::{Kept, OwnRow, State},
        provenance::Writer,
    },
};
use time::Duration;

use super::Reading;
use crate::{Error, Result, Timestamp, db::UserTx, fetch_all};

/// A booked row is the pending one at most so many days before it; a claim reaches less far.
const REACH: Duration = Duration::days(8);
/// Ids in one statement.
const CHUNK: usize = 10_000;

/// A row as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Stored {
    pub id: TransactionId,
    pub source: String,
    pub provider_id: Option<String>,
    pub pending_id: Option<String>,
    pub date: Date,
    pub date_by: Writer,
    pub posted_date: Option<Date>,
    pub description: String,
    pub merchant: Option<String>,
    pub merchant_by: Writer,
    pub merchant_key: String,
    pub category: String,
    pub category_by: Writer,
    pub status: TransactionStatus,
    pub amount_minor: i64,
    pub currency: String,
    pub note: Option<String>,
    pub note_by: Writer,
    pub tags: String,
    pub tags_by: Writer,
    pub excluded: bool,
    pub excluded_by: Writer,
    pub r#type: TransactionType,
    pub provider_category: Option<String>,
    pub provider_transfer: bool,
    pub has_parts: bool,
    pub deleted_at: Option<Timestamp>,
}

impl Stored {
    /// As matching sees it; nothing for a row that no provider reported, or in a currency that is none.
    pub fn kept(&self, account: &AccountId) -> Option<Kept> {
        Some(Kept {
            id: self.id.clone(),
            account: account.clone(),
            currency: Currency::parse(&self.currency).ok()?,
            provider_id: self.provider_id.clone()?,
            pending_id: self.pending_id.clone(),
            date: self.date,
            minor: self.amount_minor,
            merchant_key: self.merchant_key.clone(),
            is_fuel: is_fuel(&self.category),
            state: self.state(),
        })
    }

    pub fn state(&self) -> State {
        match self.status {
            _ if self.deleted_at.is_some() => State::Deleted,
            TransactionStatus::Pending => State::Pending,
            TransactionStatus::Completed => State::Completed,
            TransactionStatus::Failed => State::Released,
        }
    }

    /// As a row that a new one of a provider may be.
    pub fn own(&self, account: &AccountId) -> Option<OwnRow> {
        Some(OwnRow {
            id: self.id.clone(),
            account: account.clone(),
            currency: Currency::parse(&self.currency).ok()?,
            minor: self.amount_minor,
            date: self.date,
        })
    }
}

/// Whether a category is that of a petrol pump.
pub(super) fn is_fuel(category: &str) -> bool {
    category == "transport.fuel"
}

/// What there is.
pub(super) struct Loaded {
    /// Rows of this provider: those the reading names, and those that are pending.
    pub reported: Vec<Stored>,
    /// Rows near its dates without an id of any provider.
    pub own: Vec<Stored>,
    /// Rows near its dates with an id of another source.
    pub foreign: Vec<Stored>,
}

/// Looks up what a reading is about.
pub(super) async fn of(tx: &mut UserTx, reading: &Reading<'_>) -> Result<Loaded> {
    let mut names: BTreeSet<&str> = reading.removed.iter().map(String::as_str).collect();
    for row in reading.rows {
        names.insert(&row.id);
        names.extend(row.pending_id.as_deref());
    }
    let names: Vec<&str> = names.into_iter().collect();
    let mut reported = Vec::new();
    for chunk in names.chunks(CHUNK) {
        let wanted = serde_json::to_string(chunk).map_err(|_| Error::Corrupt("provider's id"))?;
        reported.extend(named(tx, reading, &wanted).await?);
        reported.extend(consumed(tx, reading, &wanted).await?);
    }
    let dates =
        || reading.rows.iter().flat_map(|row| [Some(row.date), row.authorized_date]).flatten();
    let Some((first, last)) = dates().min().zip(dates().max()) else {
        return Ok(Loaded { reported, own: Vec::new(), foreign: Vec::new() });
    };
    let first = first.checked_sub(REACH).unwrap_or(first);
    let last = last.checked_add(REACH).unwrap_or(last);
    reported.extend(open(tx, reading, first, last).await?);
    let others = others(tx, reading, first, last).await?;
    let (foreign, own) = others.into_iter().partition(|row| row.provider_id.is_some());
    Ok(Loaded { reported, own, foreign })
}

/// Rows of this provider by its ids. The fence (`offset 0`) makes it one look into the index for each id.
async fn named(tx: &mut UserTx, reading: &Reading<'_>, wanted: &str) -> Result<Vec<Stored>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        select "id", "source", "providerId", "pendingId", "date", "dateBy", "postedDate", "description", "merchant",
               "merchantBy", "merchantKey", "category", "categoryBy", "status", "amountMinor", "currency",
               "note", "noteBy", "tags", "tagsBy", "excluded", "excludedBy", "type", "providerCategory",
               "providerTransfer", "hasParts", "deletedAt"
        from "transaction"
        where "userId" = $1 and "accountId" = $2 and "source" = $3
          and "providerId" in (select value from json_each($4))
        "#,
        postgres: r#"
        select t.*
        from json_array_elements_text(cast($4 as json)) w
        cross join lateral (
            select "id", "source", "providerId", "pendingId", "date", "dateBy", "postedDate", "description",
                   "merchant", "merchantBy", "merchantKey", "category", "categoryBy", "status", "amountMinor",
                   "currency", "note", "noteBy", "tags", "tagsBy", "excluded", "excludedBy", "type",
                   "providerCategory", "providerTransfer", "hasParts", "deletedAt"
            from "transaction"
            where "userId" = $1 and "accountId" = $2 and "source" = $3 and "providerId" = w.value
            offset 0
        ) t
        "#,
        user,
        reading.account,
        reading.source,
        wanted,
    )?)
}

/// Rows that one of these ids has become.
async fn consumed(tx: &mut UserTx, reading: &Reading<'_>, wanted: &str) -> Result<Vec<Stored>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        select "id", "source", "providerId", "pendingId", "date", "dateBy", "postedDate", "description", "merchant",
               "merchantBy", "merchantKey", "category", "categoryBy", "status", "amountMinor", "currency",
               "note", "noteBy", "tags", "tagsBy", "excluded", "excludedBy", "type", "providerCategory",
               "providerTransfer", "hasParts", "deletedAt"
        from "transaction"
        where "userId" = $1 and "accountId" = $2 and "source" = $3 and "pendingId" is not null
          and "pendingId" in (select value from json_each($4))
        "#,
        postgres: r#"
        select t.*
        from json_array_elements_text(cast($4 as json)) w
        cross join lateral (
            select "id", "source", "providerId", "pendingId", "date", "dateBy", "postedDate", "description",
                   "merchant", "merchantBy", "merchantKey", "category", "categoryBy", "status", "amountMinor",
                   "currency", "note", "noteBy", "tags", "tagsBy", "excluded", "excludedBy", "type",
                   "providerCategory", "providerTransfer", "hasParts", "deletedAt"
            from "transaction"
            where "userId" = $1 and "accountId" = $2 and "source" = $3 and "pendingId" is not null
              and "pendingId" = w.value
            offset 0
        ) t
        "#,
        user,
        reading.account,
        reading.source,
        wanted,
    )?)
}

/// Rows of this provider that are pending.
async fn open(
    tx: &mut UserTx,
    reading: &Reading<'_>,
    first: Date,
    last: Date,
) -> Result<Vec<Stored>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "source", "providerId", "pendingId", "date", "dateBy", "postedDate", "description", "merchant",
               "merchantBy", "merchantKey", "category", "categoryBy", "status", "amountMinor", "currency",
               "note", "noteBy", "tags", "tagsBy", "excluded", "excludedBy", "type", "providerCategory",
               "providerTransfer", "hasParts", "deletedAt"
        from "transaction"
        where "userId" = $1 and "accountId" = $2 and "deletedAt" is null and "status" = 'pending' and "source" = $3
          and "date" between $4 and $5
        "#,
        user,
        reading.account,
        reading.source,
        first,
        last,
    )?)
}

/// Rows that came another way.
async fn others(
    tx: &mut UserTx,
    reading: &Reading<'_>,
    first: Date,
    last: Date,
) -> Result<Vec<Stored>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "source", "providerId", "pendingId", "date", "dateBy", "postedDate", "description", "merchant",
               "merchantBy", "merchantKey", "category", "categoryBy", "status", "amountMinor", "currency",
               "note", "noteBy", "tags", "tagsBy", "excluded", "excludedBy", "type", "providerCategory",
               "providerTransfer", "hasParts", "deletedAt"
        from "transaction"
        where "userId" = $1 and "accountId" = $2 and "deletedAt" is null and "status" <> 'failed'
          and ("providerId" is null or "source" <> $3) and "date" between $4 and $5
        "#,
        user,
        reading.account,
        reading.source,
        first,
        last,
    )?)
}
