//! Many rows at once: a statement takes a thousand as one JSON text, so that its form does not depend on how many.

use domain::{AccountId, Date, ImportId, TransactionStatus, TransactionType, day, merchant};
use serde::Serialize;

use super::edit::words;
use crate::{Error, Result, Timestamp, db::UserTx, execute, rules};

/// Rows in one statement.
const CHUNK: usize = 1_000;

/// A transaction that is not stored yet.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewTransaction {
    pub id: String,
    #[serde(with = "day::iso")]
    pub date: Date,
    pub date_by: &'static str,
    /// The day of booking, where another is shown.
    #[serde(with = "day::iso::option")]
    pub posted_date: Option<Date>,
    pub description: String,
    pub merchant: Option<String>,
    pub merchant_by: &'static str,
    /// See [`merchant::key`].
    pub merchant_key: String,
    pub category: String,
    pub category_by: &'static str,
    pub r#type: TransactionType,
    pub status: TransactionStatus,
    pub amount_minor: i64,
    pub currency: String,
    pub note: Option<String>,
    pub note_by: &'static str,
    /// Each between bars: `|trip|work|`.
    pub tags: String,
    pub tags_by: &'static str,
    pub excluded: bool,
    pub excluded_by: &'static str,
    pub source: &'static str,
    pub provider_id: Option<String>,
    /// The provider's id of the pending row that this one was.
    pub pending_id: Option<String>,
    pub provider_category: Option<String>,
    pub provider_transfer: bool,
    pub fingerprint: Option<String>,
    pub likeness: Option<String>,
    /// Why somebody should look at it.
    pub flag: Option<&'static str>,
    /// The notes on the parts that it comes in: a search finds it by them.
    #[serde(skip)]
    pub part_notes: Vec<String>,
}

impl NewTransaction {
    /// A completed row that nobody has said more about: the type by the sign, no category, nothing set by anybody.
    pub(crate) fn plain(
        id: String,
        date: Date,
        description: String,
        amount_minor: i64,
        currency: String,
        source: &'static str,
    ) -> Self {
        Self {
            id,
            date,
            date_by: "default",
            posted_date: None,
            merchant_key: merchant::key(&description),
            description,
            merchant: None,
            merchant_by: "default",
            category: domain::category::UNCATEGORIZED.to_owned(),
            category_by: "default",
            r#type: TransactionType::of(amount_minor),
            status: TransactionStatus::Completed,
            amount_minor,
            currency,
            note: None,
            note_by: "default",
            tags: String::new(),
            tags_by: "default",
            excluded: false,
            excluded_by: "default",
            source,
            provider_id: None,
            pending_id: None,
            provider_category: None,
            provider_transfer: false,
            fingerprint: None,
            likeness: None,
            flag: None,
            part_notes: Vec::new(),
        }
    }
}

#[derive(Serialize)]
struct Searchable<'r> {
    #[serde(flatten)]
    row: &'r NewTransaction,
    search: String,
}

/// Adds rows to an account of the person whose transaction this is, sorted by their rules; answers how many were new. A row with the id,
/// the fingerprint or the provider's id of one that is there is left out.
pub(crate) async fn insert(
    tx: &mut UserTx,
    account: &AccountId,
    import: Option<&ImportId>,
    rows: &[NewTransaction],
    now: Timestamp,
) -> Result<u64> {
    let user = tx.user().clone();
    let rules = rules::compiled(tx).await?;
    let sorted: Vec<NewTransaction>;
    let rows = if rules.is_empty() {
        rows
    } else {
        let sort = |row: &NewTransaction| rules::sorted(&rules, account, row.clone());
        sorted = rows.iter().map(sort).collect();
        &sorted
    };
    let mut added = 0;
    for chunk in rows.chunks(CHUNK) {
        let chunk: Vec<Searchable<'_>> = chunk.iter().map(with_search).collect();
        let json = serde_json::to_string(&chunk).map_err(|_| Error::Corrupt("new transaction"))?;
        added += execute!(
            tx,
            // Materialized, so that each row's text is made once and not for each of its columns.
            sqlite: r#"
            insert into "transaction" ("id", "userId", "accountId", "importId", "date", "dateBy", "postedDate",
                                       "description", "merchant", "merchantBy", "merchantKey", "category", "categoryBy",
                                       "type", "status", "amountMinor", "currency", "note", "noteBy", "tags", "tagsBy",
                                       "excluded", "excludedBy", "source", "providerId", "pendingId",
                                       "providerCategory", "providerTransfer", "fingerprint", "likeness", "flag",
                                       "search", "createdAt", "updatedAt")
            with r as materialized (select value from json_each($5))
            select r.value ->> 'id', $1, $2, $3, r.value ->> 'date', r.value ->> 'dateBy', r.value ->> 'postedDate',
                   r.value ->> 'description', r.value ->> 'merchant', r.value ->> 'merchantBy',
                   r.value ->> 'merchantKey', r.value ->> 'category', r.value ->> 'categoryBy', r.value ->> 'type',
                   r.value ->> 'status', r.value ->> 'amountMinor', r.value ->> 'currency', r.value ->> 'note',
                   r.value ->> 'noteBy', r.value ->> 'tags', r.value ->> 'tagsBy', r.value ->> 'excluded',
                   r.value ->> 'excludedBy', r.value ->> 'source', r.value ->> 'providerId', r.value ->> 'pendingId',
                   r.value ->> 'providerCategory', r.value ->> 'providerTransfer', r.value ->> 'fingerprint',
                   r.value ->> 'likeness', r.value ->> 'flag', r.value ->> 'search', $4, $4
            from r
            where true
            on conflict do nothing
            "#,
            postgres: r#"
            insert into "transaction" ("id", "userId", "accountId", "importId", "date", "dateBy", "postedDate",
                                       "description", "merchant", "merchantBy", "merchantKey", "category", "categoryBy",
                                       "type", "status", "amountMinor", "currency", "note", "noteBy", "tags", "tagsBy",
                                       "excluded", "excludedBy", "source", "providerId", "pendingId",
                                       "providerCategory", "providerTransfer", "fingerprint", "likeness", "flag",
                                       "search", "createdAt", "updatedAt")
            select r."id", $1, $2, $3, r."date", r."dateBy", r."postedDate", r."description", r."merchant",
                   r."merchantBy", r."merchantKey", r."category", r."categoryBy", r."type", r."status",
                   r."amountMinor", r."currency", r."note", r."noteBy", r."tags", r."tagsBy", r."excluded",
                   r."excludedBy", r."source", r."providerId", r."pendingId", r."providerCategory",
                   r."providerTransfer", r."fingerprint", r."likeness", r."flag", r."search", $4, $4
            from json_to_recordset(cast($5 as json)) as r(
                "id" text, "date" date, "dateBy" text, "postedDate" date, "description" text, "merchant" text,
                "merchantBy" text, "merchantKey" text, "category" text, "categoryBy" text, "type" text, "status" text,
                "amountMinor" bigint, "currency" text, "note" text, "noteBy" text, "tags" text, "tagsBy" text,
                "excluded" boolean, "excludedBy" text, "source" text, "providerId" text, "pendingId" text,
                "providerCategory" text, "providerTransfer" boolean, "fingerprint" text, "likeness" text, "flag" text,
                "search" text)
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
    let (merchant, note) = (row.merchant.as_deref(), row.note.as_deref());
    Searchable { row, search: words(&row.description, merchant, note, &row.part_notes) }
}
