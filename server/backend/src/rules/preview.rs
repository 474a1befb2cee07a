//! What a rule would do to the rows that are here. Nothing is written.

use domain::{
    AccountId, Currency, Date, TransactionId, TransactionType, day,
    ledger::provenance::Writer,
    merchant,
    rules::{self, Changes, Compiled, Current, RuleForm, Subject},
    tags,
};
use serde::{Deserialize, Serialize};

use super::{RULE, change::checked};
use crate::{Backend, Error, Result, SignedIn, categories, db::UserTx, fetch_all, transactions};

/// Rows of one statement.
const CHUNK: i64 = 5_000;
/// Rows that are shown.
const SAMPLES: usize = 10;

/// What a rule would do to the rows that are here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RulePreview {
    /// How many rows fit.
    pub fitting: i64,
    /// How many of them would be different. What somebody set by hand stays.
    pub changing: i64,
    /// Some of those, the newest first.
    pub samples: Vec<RuleSample>,
}

/// One row that would be different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleSample {
    /// The transaction.
    pub id: TransactionId,
    /// Its date.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// The name of the shop, else the bank's text.
    pub title: String,
    /// Minor units, in above zero.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// What would be different: "Category: Coffee · Tag: trip".
    pub becomes: String,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: TransactionId,
    account_id: AccountId,
    date: Date,
    description: String,
    merchant: Option<String>,
    merchant_by: String,
    category: String,
    category_by: String,
    r#type: TransactionType,
    amount_minor: i64,
    currency: String,
    note: Option<String>,
    note_by: String,
    tags: String,
    tags_by: String,
    excluded: bool,
    excluded_by: String,
    provider_category: Option<String>,
}

impl Row {
    /// What the rule would change on it; nothing when it does not fit.
    fn changes(&self, rule: &[Compiled]) -> Option<Changes> {
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
            paired: self.r#type == TransactionType::Transfer,
        }))
    }
}

/// What a rule would do to the caller's rows.
///
/// # Errors
/// [`Error::Invalid`] names each field of the form, as when it is saved.
#[tracing::instrument(name = "rules.preview", skip_all, fields(user.id = %caller.user()))]
pub async fn preview(
    backend: &Backend,
    caller: &SignedIn,
    name: &str,
    form: &RuleForm,
) -> Result<RulePreview> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (_, rule) = checked(&mut tx, name, form).await?;
    let rule = [Compiled::new(&rule).map_err(|_| Error::Corrupt(RULE))?];
    let labels = categories::labels(&mut tx).await?;
    let mut found = RulePreview { fitting: 0, changing: 0, samples: Vec::new() };
    let mut before: Option<(Date, TransactionId)> = None;
    loop {
        let rows = older(&mut tx, before.as_ref()).await?;
        for row in &rows {
            let Some(changes) = row.changes(&rule) else { continue };
            found.fitting += 1;
            if changes.is_empty() {
                continue;
            }
            found.changing += 1;
            if found.samples.len() < SAMPLES {
                let label = changes.category.as_deref().map(|key| labels.of(key).to_owned());
                found.samples.push(sample(row, &changes, label));
            }
        }
        let whole = i64::try_from(rows.len()).is_ok_and(|count| count == CHUNK);
        match rows.into_iter().next_back() {
            Some(last) if whole => before = Some((last.date, last.id)),
            _ => return Ok(found),
        }
    }
}

fn sample(row: &Row, changes: &Changes, category: Option<String>) -> RuleSample {
    let mut becomes = Vec::new();
    becomes.extend(category.map(|label| format!("Category: {label}")));
    becomes.extend(changes.merchant.as_ref().map(|name| format!("Merchant: {name}")));
    becomes.extend(changes.tags.as_ref().map(|tags| format!("Tags: {}", tags.join(", "))));
    becomes.extend(changes.note.as_ref().map(|note| format!("Note: {note}")));
    becomes.extend(changes.exclude.then(|| "Left out of budgets".to_owned()));
    becomes.extend(changes.transfer.as_ref().map(|_| "Transfer".to_owned()));
    RuleSample {
        id: row.id.clone(),
        date: row.date,
        title: row.merchant.clone().unwrap_or_else(|| row.description.clone()),
        amount_minor: row.amount_minor,
        currency: row.currency.clone(),
        becomes: becomes.join(" · "),
    }
}

/// The next rows of the person whose transaction this is, the newest first.
async fn older(tx: &mut UserTx, before: Option<&(Date, TransactionId)>) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    let (date, id) = before.map_or((transactions::LAST_DAY, ""), |(date, id)| (*date, id.as_str()));
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "accountId", "date", "description", "merchant", "merchantBy", "category", "categoryBy", "type",
               "amountMinor", "currency", "note", "noteBy", "tags", "tagsBy", "excluded", "excludedBy",
               "providerCategory"
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
