//! What a reading changes, many rows in one statement. Whether a person or a rule has set a field is looked at by the
//! statement itself, so that what they set meanwhile stays as well.

use domain::{
    AccountId, Date, TransactionId, TransactionStatus, TransactionType, day,
    ledger::{
        matching::RELEASED,
        provenance::{Writer, may_write},
    },
    rules::Compiled,
};
use serde::Serialize;

use super::{
    Reading,
    load::Stored,
    ruled::{self, Ruled},
    slots,
};
use crate::{
    Error, Result, Timestamp, banks::ProviderRow, db::UserTx, execute, transactions::edit::words,
};

/// Rows in one statement.
const CHUNK: usize = 1_000;

/// What a row is from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    pub id: TransactionId,
    #[serde(with = "day::iso")]
    pub date: Date,
    #[serde(with = "day::iso::option")]
    posted_date: Option<Date>,
    pub description: String,
    /// None: as it is.
    pub merchant: Option<String>,
    pub merchant_key: String,
    /// None: as it is.
    pub category: Option<&'static str>,
    r#type: TransactionType,
    status: TransactionStatus,
    pub amount_minor: i64,
    pub currency: String,
    provider_id: String,
    pending_id: Option<String>,
    pub provider_category: Option<String>,
    provider_transfer: bool,
    search: String,
    /// What it is called from now on, and the note on it: a search finds it by them.
    #[serde(skip)]
    pub shown: Option<String>,
    #[serde(skip)]
    note: Option<String>,
    /// What the person's rules say to its new text.
    #[serde(skip)]
    pub ruled: Option<Ruled>,
    #[serde(skip)]
    pub has_parts: bool,
    /// Its parts must add up to another amount.
    #[serde(skip)]
    pub parts_follow: bool,
}

impl Change {
    /// What a stored row becomes.
    pub fn of(
        stored: &Stored,
        row: &ProviderRow,
        merchant_key: String,
        date: Date,
        pending_id: Option<&str>,
    ) -> Self {
        let merchant = row.merchant.as_deref();
        let shown = match merchant {
            Some(merchant) if may_write(stored.merchant_by, Writer::Provider) => Some(merchant),
            _ => stored.merchant.as_deref(),
        };
        let mut change = Self {
            id: stored.id.clone(),
            date,
            posted_date: slots::posted_date(row),
            merchant: row.merchant.clone(),
            merchant_key,
            category: row.category,
            r#type: TransactionType::of(row.minor),
            status: slots::status(row),
            amount_minor: row.minor,
            currency: slots::currency(row).to_owned(),
            provider_id: row.id.clone(),
            pending_id: pending_id.map(str::to_owned),
            provider_category: row.provider_category.clone(),
            provider_transfer: row.is_transfer,
            search: String::new(),
            shown: shown.map(str::to_owned),
            note: stored.note.clone(),
            ruled: None,
            has_parts: stored.has_parts,
            parts_follow: stored.has_parts && stored.amount_minor != row.minor,
            description: row.description.clone(),
        };
        change.reword(&[]);
        change
    }

    /// The same, with what rules say to it.
    pub fn ruled(mut self, stored: &Stored, rules: &[Compiled], account: &AccountId) -> Self {
        self.ruled = ruled::ask(rules, account, stored, &self);
        if let Some(ruled) = &self.ruled {
            self.shown = ruled.merchant.clone().or(self.shown);
            self.note = ruled.note.clone().or(self.note);
            self.reword(&[]);
        }
        self
    }

    /// Lets a search find the row by what it says from now on, with the notes on its parts.
    pub fn reword(&mut self, part_notes: &[String]) {
        let (shown, note) = (self.shown.as_deref(), self.note.as_deref());
        self.search = words(&self.description, shown, note, part_notes);
    }

    /// Whether anything would be different.
    pub fn differs_from(&self, stored: &Stored, source: &str) -> bool {
        let may = |by| may_write(by, Writer::Provider);
        let set = |by: Writer| by == Writer::Provider;
        let is_dated = stored.date == self.date && set(stored.date_by);
        let is_named = match &self.merchant {
            Some(merchant) => stored.merchant.as_ref() == Some(merchant) && set(stored.merchant_by),
            None => true,
        };
        let is_sorted = match self.category {
            Some(category) => stored.category == category && set(stored.category_by),
            None => true,
        };
        (may(stored.date_by) && !is_dated)
            || (may(stored.merchant_by) && !is_named)
            || (may(stored.category_by) && !is_sorted)
            || stored.source != source
            || stored.provider_id.as_ref() != Some(&self.provider_id)
            || stored.pending_id != self.pending_id
            || stored.posted_date != self.posted_date
            || stored.description != self.description
            || stored.status != self.status
            || stored.amount_minor != self.amount_minor
            || stored.currency != self.currency
            || stored.provider_category != self.provider_category
            || stored.provider_transfer != self.provider_transfer
    }
}

/// Makes rows what they are now; answers how many.
pub(super) async fn update(
    tx: &mut UserTx,
    reading: &Reading<'_>,
    changes: &[Change],
    now: Timestamp,
) -> Result<u64> {
    let user = tx.user().clone();
    let mut touched = 0;
    for chunk in changes.chunks(CHUNK) {
        let json = serde_json::to_string(chunk).map_err(|_| Error::Corrupt("changed row"))?;
        touched += execute!(
            tx,
            sqlite: r#"
            with r as materialized (select value from json_each($5))
            update "transaction" as t
            set "date" = case when t."dateBy" in ('user', 'rule') then t."date" else r.value ->> 'date' end,
                "dateBy" = case when t."dateBy" in ('user', 'rule') then t."dateBy" else 'provider' end,
                "merchant" = case when t."merchantBy" in ('user', 'rule') then t."merchant"
                                  else coalesce(r.value ->> 'merchant', t."merchant") end,
                "merchantBy" = case when t."merchantBy" in ('user', 'rule') or r.value ->> 'merchant' is null
                                    then t."merchantBy" else 'provider' end,
                "category" = case when t."categoryBy" in ('user', 'rule') then t."category"
                                  else coalesce(r.value ->> 'category', t."category") end,
                "categoryBy" = case when t."categoryBy" in ('user', 'rule') or r.value ->> 'category' is null
                                    then t."categoryBy" else 'provider' end,
                "type" = case when t."type" = 'transfer' and r.value ->> 'amountMinor' <> 0 then t."type"
                              else r.value ->> 'type' end,
                "flag" = case when t."flag" = $6 then null else t."flag" end,
                "postedDate" = r.value ->> 'postedDate', "description" = r.value ->> 'description',
                "merchantKey" = r.value ->> 'merchantKey', "status" = r.value ->> 'status',
                "amountMinor" = r.value ->> 'amountMinor', "currency" = r.value ->> 'currency', "source" = $3,
                "importId" = case when t."source" = $3 then t."importId" end,
                "providerId" = r.value ->> 'providerId', "pendingId" = r.value ->> 'pendingId',
                "providerCategory" = r.value ->> 'providerCategory',
                "providerTransfer" = r.value ->> 'providerTransfer', "search" = r.value ->> 'search', "updatedAt" = $4
            from r
            where t."userId" = $1 and t."accountId" = $2 and t."id" = r.value ->> 'id'
            "#,
            postgres: r#"
            update "transaction" t
            set "date" = case when t."dateBy" in ('user', 'rule') then t."date" else r."date" end,
                "dateBy" = case when t."dateBy" in ('user', 'rule') then t."dateBy" else 'provider' end,
                "merchant" = case when t."merchantBy" in ('user', 'rule') then t."merchant"
                                  else coalesce(r."merchant", t."merchant") end,
                "merchantBy" = case when t."merchantBy" in ('user', 'rule') or r."merchant" is null
                                    then t."merchantBy" else 'provider' end,
                "category" = case when t."categoryBy" in ('user', 'rule') then t."category"
                                  else coalesce(r."category", t."category") end,
                "categoryBy" = case when t."categoryBy" in ('user', 'rule') or r."category" is null
                                    then t."categoryBy" else 'provider' end,
                "type" = case when t."type" = 'transfer' and r."amountMinor" <> 0 then t."type" else r."type" end,
                "flag" = case when t."flag" = $6 then null else t."flag" end,
                "postedDate" = r."postedDate", "description" = r."description", "merchantKey" = r."merchantKey",
                "status" = r."status", "amountMinor" = r."amountMinor", "currency" = r."currency", "source" = $3,
                "importId" = case when t."source" = $3 then t."importId" end,
                "providerId" = r."providerId", "pendingId" = r."pendingId",
                "providerCategory" = r."providerCategory", "providerTransfer" = r."providerTransfer",
                "search" = r."search", "updatedAt" = $4
            from json_to_recordset(cast($5 as json)) as r(
                "id" text, "date" date, "postedDate" date, "description" text, "merchant" text, "merchantKey" text,
                "category" text, "type" text, "status" text, "amountMinor" bigint, "currency" text,
                "providerId" text, "pendingId" text, "providerCategory" text, "providerTransfer" boolean,
                "search" text)
            where t."userId" = $1 and t."accountId" = $2 and t."id" = r."id"
            "#,
            &user,
            reading.account,
            reading.source,
            now,
            json,
            RELEASED,
        )?;
    }
    Ok(touched)
}

/// Pending rows that the bank let go fail, and say why; answers how many.
pub(super) async fn release(
    tx: &mut UserTx,
    account: &AccountId,
    ids: &[TransactionId],
    now: Timestamp,
) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let user = tx.user().clone();
    let ids = serde_json::to_string(ids).map_err(|_| Error::Corrupt("id"))?;
    Ok(execute!(
        tx,
        sqlite: r#"
        update "transaction" set "status" = 'failed', "flag" = $4, "updatedAt" = $5
        where "userId" = $1 and "accountId" = $2 and "id" in (select value from json_each($3))
        "#,
        postgres: r#"
        update "transaction" set "status" = 'failed', "flag" = $4, "updatedAt" = $5
        where "userId" = $1 and "accountId" = $2
          and "id" in (select value from json_array_elements_text(cast($3 as json)))
        "#,
        user,
        account,
        ids,
        RELEASED,
        now,
    )?)
}

/// Booked rows that the bank took back are put away.
pub(super) async fn delete(
    tx: &mut UserTx,
    account: &AccountId,
    ids: &[TransactionId],
    now: Timestamp,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let user = tx.user().clone();
    let ids = serde_json::to_string(ids).map_err(|_| Error::Corrupt("id"))?;
    execute!(
        tx,
        sqlite: r#"
        update "transaction" set "deletedAt" = $4, "updatedAt" = $4
        where "userId" = $1 and "accountId" = $2 and "id" in (select value from json_each($3))
        "#,
        postgres: r#"
        update "transaction" set "deletedAt" = $4, "updatedAt" = $4
        where "userId" = $1 and "accountId" = $2
          and "id" in (select value from json_array_elements_text(cast($3 as json)))
        "#,
        user,
        account,
        ids,
        now,
    )?;
    Ok(())
}

/// See [`super::unbind`].
pub(super) async fn unbind(tx: &mut UserTx, account: &AccountId, source: &str) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "transaction" set "providerId" = null, "pendingId" = null
        where "userId" = $1 and "accountId" = $2 and "source" = $3 and "providerId" is not null
        "#,
        user,
        account,
        source,
    )?;
    Ok(())
}
