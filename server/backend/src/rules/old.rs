//! The rows that are here, and what rules would change on them.

use domain::{
    AccountId, Currency, Date, TransactionId, TransactionType,
    ledger::provenance::Writer,
    merchant,
    rules::{self, Changes, Compiled, Current, Subject},
    tags,
};

use crate::{Result, db::UserTx, fetch_all, transactions};

/// Rows of one statement.
const CHUNK: i64 = 5_000;

/// A row that is here, as a rule looks at it.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(crate) struct OldRow {
    pub(crate) id: TransactionId,
    account_id: AccountId,
    pub(crate) date: Date,
    pub(super) description: String,
    pub(super) merchant: Option<String>,
    merchant_by: String,
    category: String,
    category_by: String,
    r#type: TransactionType,
    pub(super) amount_minor: i64,
    pub(super) currency: String,
    note: Option<String>,
    note_by: String,
    tags: String,
    tags_by: String,
    excluded: bool,
    excluded_by: String,
    provider_category: Option<String>,
    has_parts: bool,
}

impl OldRow {
    /// What the rule would change on it; nothing when it does not fit.
    pub(crate) fn changes(&self, rule: &[Compiled]) -> Option<Changes> {
        let key = merchant::key(self.merchant.as_deref().unwrap_or(&self.description));
        let subject = Subject {
            description: &self.description,
            merchant: self.merchant.as_deref(),
            merchant_key: &key,
            minor: self.amount_minor,
            currency: Currency::parse(&self.currency).ok()?,
            account: &self.account_id,
            date: self.date,
            provider_category: self.provider_category.as_deref(),
        };
        let outcome = rules::evaluate(rule, &subject);
        if outcome.fitting.is_empty() {
            return None;
        }
        let by = |word: &str| word.parse().unwrap_or(Writer::Default);
        let tags = tags::from_column(&self.tags);
        Some(outcome.changes(&Current {
            category: &self.category,
            category_by: by(&self.category_by),
            merchant: self.merchant.as_deref(),
            merchant_by: by(&self.merchant_by),
            note: self.note.as_deref(),
            note_by: by(&self.note_by),
            tags: &tags,
            tags_by: by(&self.tags_by),
            excluded: self.excluded,
            excluded_by: by(&self.excluded_by),
            // What is split or worth nothing can be no transfer.
            paired: self.r#type == TransactionType::Transfer
                || self.has_parts
                || self.amount_minor == 0,
        }))
    }
}

/// The next rows of the person whose transaction this is, the newest first.
pub(crate) async fn older(
    tx: &mut UserTx,
    before: Option<&(Date, TransactionId)>,
) -> Result<Vec<OldRow>> {
    let user = tx.user().clone();
    let (date, id) = before.map_or((transactions::LAST_DAY, ""), |(date, id)| (*date, id.as_str()));
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "accountId", "date", "description", "merchant", "merchantBy", "category", "categoryBy", "type",
               "amountMinor", "currency", "note", "noteBy", "tags", "tagsBy", "excluded", "excludedBy",
               "providerCategory", "hasParts"
        from "transaction"
        where "userId" = $1 and "deletedAt" is null and ("date", "id") < ($2, $3)
        order by "date" desc, "id" desc
        limit $4
        "#,
        user,
        date,
        id,
        CHUNK,
    )?)
}
