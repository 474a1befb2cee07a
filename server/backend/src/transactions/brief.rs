//! Rows as short as a list of things to decide needs them.

use std::collections::HashMap;

use domain::{
    AccountType, Currency, Date, Money, TransactionId, TransactionStatus, account, day, tags,
};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, db::UserTx, fetch_all};

/// A row in a few words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Brief {
    /// Its id.
    pub id: TransactionId,
    /// What its account is called.
    pub account_name: String,
    /// The last digits of that account's number, when they may be shown.
    pub account_mask: Option<String>,
    /// The date that is shown and counted.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// The name of the shop, else the bank's text.
    pub title: String,
    /// The bank's text.
    pub description: String,
    /// The key of its shop; empty where there is none.
    pub merchant_key: String,
    /// The key of its category.
    pub category: String,
    /// What the person wrote on it.
    pub note: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// How far the bank is with it.
    pub status: TransactionStatus,
    /// Minor units, in above zero.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Where it comes from.
    pub source: String,
    /// Its category stands in its parts.
    pub split: bool,
    /// It has been put away.
    pub deleted: bool,
}

impl Brief {
    /// The amount with its sign; nothing when the currency is unknown to this version.
    pub fn amount(&self) -> Option<Money> {
        Some(Money::new(self.amount_minor, Currency::parse(&self.currency).ok()?))
    }

    /// True for a row that counts no more: put away, or never booked.
    pub fn is_gone(&self) -> bool {
        self.deleted || self.status == TransactionStatus::Failed
    }
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: TransactionId,
    bank_name: String,
    account_type: AccountType,
    account_nickname: Option<String>,
    mask: Option<String>,
    date: Date,
    title: String,
    description: String,
    merchant_key: String,
    category: String,
    note: Option<String>,
    tags: String,
    status: TransactionStatus,
    amount_minor: i64,
    currency: String,
    source: String,
    has_parts: bool,
    deleted: bool,
}

impl From<Row> for Brief {
    fn from(row: Row) -> Self {
        Self {
            account_name: account::display_name(
                row.account_nickname.as_deref(),
                &row.bank_name,
                row.account_type,
            ),
            id: row.id,
            account_mask: row.mask,
            date: row.date,
            title: row.title,
            description: row.description,
            merchant_key: row.merchant_key,
            category: row.category,
            note: row.note,
            tags: tags::from_column(&row.tags),
            status: row.status,
            amount_minor: row.amount_minor,
            currency: row.currency,
            source: row.source,
            split: row.has_parts,
            deleted: row.deleted,
        }
    }
}

/// Those of these rows that the person of this transaction has, also what has been put away.
pub(crate) async fn of<'i>(
    tx: &mut UserTx,
    ids: impl IntoIterator<Item = &'i TransactionId>,
) -> Result<HashMap<TransactionId, Brief>> {
    let user = tx.user().clone();
    let ids: Vec<&TransactionId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = serde_json::to_string(&ids).map_err(|_| Error::Corrupt("id"))?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        sqlite: r#"
        select t."id", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               coalesce(t."merchant", t."description") as "title", t."description", t."merchantKey", t."category",
               t."note", t."tags", t."status", t."amountMinor", t."currency", t."source", t."hasParts",
               t."deletedAt" is not null as "deleted"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."id" in (select value from json_each($2))
        "#,
        postgres: r#"
        select t."id", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               coalesce(t."merchant", t."description") as "title", t."description", t."merchantKey", t."category",
               t."note", t."tags", t."status", t."amountMinor", t."currency", t."source", t."hasParts",
               t."deletedAt" is not null as "deleted"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."id" in (select value from json_array_elements_text(cast($2 as json)))
        "#,
        user,
        ids,
    )?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), row.into())).collect())
}
