//! Many rows at once: a statement takes a thousand as one JSON text, so that its form does not depend on how many.

use domain::{AccountId, Date, ImportId, TransactionStatus, TransactionType, day};
use serde::Serialize;

use super::list::searchable;
use crate::{Error, Result, Timestamp, db::UserTx, execute};

/// Rows in one statement.
const CHUNK: usize = 1_000;

/// A transaction that is not stored yet.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewTransaction {
    pub id: String,
    #[serde(with = "day::iso")]
    pub date: Date,
    pub description: String,
    pub merchant: Option<String>,
    pub category: String,
    pub category_by: &'static str,
    pub r#type: TransactionType,
    pub status: TransactionStatus,
    pub amount_minor: i64,
    pub currency: String,
    pub note: Option<String>,
    pub source: &'static str,
    pub fingerprint: Option<String>,
    pub likeness: Option<String>,
}

#[derive(Serialize)]
struct Searchable<'r> {
    #[serde(flatten)]
    row: &'r NewTransaction,
    search: String,
}

/// Adds rows to an account of the person whose transaction this is; answers how many were new. A row with the id
/// or the fingerprint of one that is there is left out.
pub(crate) async fn insert(
    tx: &mut UserTx,
    account: &AccountId,
    import: Option<&ImportId>,
    rows: &[NewTransaction],
    now: Timestamp,
) -> Result<u64> {
    let user = tx.user().clone();
    let mut added = 0;
    for chunk in rows.chunks(CHUNK) {
        let chunk: Vec<Searchable<'_>> = chunk.iter().map(with_search).collect();
        let json = serde_json::to_string(&chunk).map_err(|_| Error::Corrupt("new transaction"))?;
        added += execute!(
            tx,
            sqlite: r#"
            insert into "transaction" ("id", "userId", "accountId", "importId", "date", "description", "merchant",
                                       "category", "categoryBy", "type", "status", "amountMinor", "currency", "note",
                                       "source", "fingerprint", "likeness", "search", "createdAt", "updatedAt")
            select r.value ->> 'id', $1, $2, $3, r.value ->> 'date', r.value ->> 'description',
                   r.value ->> 'merchant', r.value ->> 'category', r.value ->> 'categoryBy', r.value ->> 'type',
                   r.value ->> 'status', r.value ->> 'amountMinor', r.value ->> 'currency', r.value ->> 'note',
                   r.value ->> 'source', r.value ->> 'fingerprint', r.value ->> 'likeness', r.value ->> 'search',
                   $4, $4
            from json_each($5) r
            where true
            on conflict do nothing
            "#,
            postgres: r#"
            insert into "transaction" ("id", "userId", "accountId", "importId", "date", "description", "merchant",
                                       "category", "categoryBy", "type", "status", "amountMinor", "currency", "note",
                                       "source", "fingerprint", "likeness", "search", "createdAt", "updatedAt")
            select r."id", $1, $2, $3, r."date", r."description", r."merchant", r."category", r."categoryBy", r."type",
                   r."status", r."amountMinor", r."currency", r."note", r."source", r."fingerprint", r."likeness",
                   r."search", $4, $4
            from json_to_recordset(cast($5 as json)) as r(
                "id" text, "date" date, "description" text, "merchant" text, "category" text, "categoryBy" text,
                "type" text, "status" text, "amountMinor" bigint, "currency" text, "note" text, "source" text,
                "fingerprint" text, "likeness" text, "search" text)
            on conflict do nothing
            "#,
            &user,
            account,
            import,
            now,
            json,
        )?;
    }
    Ok(added)
}

fn with_search(row: &NewTransaction) -> Searchable<'_> {
    let parts = [Some(row.description.as_str()), row.merchant.as_deref(), row.note.as_deref()];
    Searchable { row, search: searchable(parts) }
}
