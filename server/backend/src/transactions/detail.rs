//! One row with everything that is known of it.

use domain::{
    AccountId, AccountType, Date, PairId, TransactionId, TransactionStatus, TransactionType,
    account,
    entry::{PartView, TransactionDetail, TransferView},
    ledger::provenance::Writer,
    tags,
};

use super::TRANSACTION;
use crate::{Backend, Error, Result, SignedIn, Timestamp, db::UserTx, fetch_all, fetch_optional};

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: TransactionId,
    account_id: AccountId,
    bank_name: String,
    account_type: AccountType,
    account_nickname: Option<String>,
    mask: Option<String>,
    date: Date,
    date_by: Writer,
    posted_date: Option<Date>,
    description: String,
    merchant: Option<String>,
    merchant_by: Writer,
    category: String,
    category_by: Writer,
    r#type: TransactionType,
    status: TransactionStatus,
    amount_minor: i64,
    currency: String,
    note: Option<String>,
    note_by: Writer,
    tags: String,
    tags_by: Writer,
    excluded: bool,
    excluded_by: Writer,
    source: String,
    provider_category: Option<String>,
    has_parts: bool,
    transfer_id: Option<PairId>,
    flag: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Part {
    category: String,
    amount_minor: i64,
    note: Option<String>,
    tags: String,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Side {
    id: PairId,
    other_id: TransactionId,
    account_nickname: Option<String>,
    bank_name: String,
    account_type: AccountType,
    date: Date,
    by_rule: bool,
}

/// One of the caller's transactions, with its parts and the other side of a transfer.
///
/// # Errors
/// [`Error::NotFound`] also for a transaction of somebody else.
#[tracing::instrument(name = "transactions.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(
    backend: &Backend,
    caller: &SignedIn,
    id: &TransactionId,
) -> Result<TransactionDetail> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    one(&mut tx, id).await
}

/// One transaction of the person whose database transaction this is.
pub(crate) async fn one(tx: &mut UserTx, id: &TransactionId) -> Result<TransactionDetail> {
    let user = tx.user().clone();
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select t."id", t."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", t."date",
               t."dateBy", t."postedDate", t."description", t."merchant", t."merchantBy", t."category",
               t."categoryBy", t."type", t."status", t."amountMinor", t."currency", t."note", t."noteBy", t."tags",
               t."tagsBy", t."excluded", t."excludedBy", t."source", t."providerCategory", t."hasParts",
               t."transferId", t."flag", t."createdAt", t."updatedAt"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."id" = $2 and t."deletedAt" is null
        "#,
        user,
        id,
    )?;
    let row = row.ok_or(Error::NotFound(TRANSACTION))?;
    let parts = if row.has_parts { parts(tx, id).await? } else { Vec::new() };
    let transfer = match &row.transfer_id {
        Some(pair) => other_side(tx, pair, id).await?,
        None => None,
    };
    Ok(view(row, parts, transfer))
}

/// The parts of a row, in their order.
pub(super) async fn parts(tx: &mut UserTx, id: &TransactionId) -> Result<Vec<PartView>> {
    let user = tx.user().clone();
    let parts: Vec<Part> = fetch_all!(
        tx,
        r#"
        select "category", "amountMinor", "note", "tags"
        from "transaction_part"
        where "userId" = $1 and "transactionId" = $2
        order by "position"
        "#,
        user,
        id,
    )?;
    Ok(parts
        .into_iter()
        .map(|part| PartView {
            category: part.category,
            signed_amount_cents: part.amount_minor,
            note: part.note,
            tags: tags::from_column(&part.tags),
        })
        .collect())
}

async fn other_side(
    tx: &mut UserTx,
    pair: &PairId,
    id: &TransactionId,
) -> Result<Option<TransferView>> {
    let user = tx.user().clone();
    let side: Option<Side> = fetch_optional!(
        tx,
        r#"
        select p."id", t."id" as "otherId", a."accountNickname", a."bankName", a."accountType", t."date", p."byRule"
        from "transfer_pair" p
        join "transaction" t on t."userId" = p."userId" and t."id" = case when p."outId" = $3 then p."inId" else p."outId" end
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where p."userId" = $1 and p."id" = $2
        "#,
        user,
        pair,
        id,
    )?;
    Ok(side.map(|side| TransferView {
        account_name: account::display_name(
            side.account_nickname.as_deref(),
            &side.bank_name,
            side.account_type,
        ),
        id: side.id,
        other: side.other_id,
        date: side.date,
        auto: side.by_rule,
    }))
}

fn view(row: Row, parts: Vec<PartView>, transfer: Option<TransferView>) -> TransactionDetail {
    TransactionDetail {
        account_name: account::display_name(
            row.account_nickname.as_deref(),
            &row.bank_name,
            row.account_type,
        ),
        id: row.id,
        account_id: row.account_id,
        account_mask: row.mask,
        date: row.date,
        date_by: row.date_by,
        posted_date: row.posted_date,
        description: row.description,
        merchant: row.merchant,
        merchant_by: row.merchant_by,
        category: row.category,
        category_by: row.category_by,
        r#type: row.r#type,
        status: row.status,
        amount_cents: row.amount_minor.saturating_abs(),
        signed_amount_cents: row.amount_minor,
        currency: row.currency,
        note: row.note,
        note_by: row.note_by,
        tags: tags::from_column(&row.tags),
        tags_by: row.tags_by,
        excluded: row.excluded,
        excluded_by: row.excluded_by,
        source: row.source,
        provider_category: row.provider_category,
        parts,
        transfer,
        flag: row.flag,
        created_at: row.created_at.into(),
        updated_at: row.updated_at.into(),
    }
}
