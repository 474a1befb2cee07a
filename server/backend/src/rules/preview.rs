//! What a rule would do to the rows that are here. Nothing is written.

use domain::{
    Date, TransactionId, day,
    rules::{Changes, Compiled, RuleForm},
};
use serde::{Deserialize, Serialize};

use super::{
    RULE,
    change::checked,
    old::{OldRow, older},
};
use crate::{Backend, Error, Result, SignedIn, categories};

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
        match rows.into_iter().next_back() {
            Some(last) => before = Some((last.date, last.id)),
            None => return Ok(found),
        }
    }
}

fn sample(row: &OldRow, changes: &Changes, category: Option<String>) -> RuleSample {
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
