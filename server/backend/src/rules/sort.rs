//! Rules asked of rows that come.

use domain::{
    AccountId, Currency, RuleId, TransactionType,
    ledger::provenance::Writer,
    rules::{self, Compiled, Current, Subject},
    tags,
};

use super::{RULE, rows};
use crate::{Error, Result, db::UserTx, transactions::NewTransaction};

/// The word of a rule in the columns that say who set something.
const BY_RULE: &str = "rule";

/// The rules of the person whose transaction this is, ready for many rows. Those that are switched off are left out.
pub(crate) async fn compiled(tx: &mut UserTx) -> Result<Vec<Compiled>> {
    let rules = rows::all(tx).await?.into_iter().filter(|view| view.enabled);
    rules.map(|view| Compiled::new(&view.rule).map_err(|_| Error::Corrupt(RULE))).collect()
}

/// One rule of the person whose transaction this is, by its name, ready for many rows. Also one that is switched off.
///
/// # Errors
/// [`Error::NotFound`] also for a rule of somebody else.
pub(crate) async fn ready(tx: &mut UserTx, id: &RuleId) -> Result<(String, [Compiled; 1])> {
    let found = rows::all(tx).await?.into_iter().find(|view| view.id == *id);
    let view = found.ok_or(Error::NotFound(RULE))?;
    let rule = Compiled::new(&view.rule).map_err(|_| Error::Corrupt(RULE))?;
    Ok((view.name, [rule]))
}

/// The account that rules say is the other side of a row, where they make it a transfer.
pub(crate) fn other_side(rules: &[Compiled], row: &Subject<'_>) -> Option<AccountId> {
    rules::evaluate(rules, row).transfer.map(|chosen| chosen.value)
}

/// A row that comes, as the rules want it.
pub(crate) fn sorted(
    rules: &[Compiled],
    account: &AccountId,
    mut row: NewTransaction,
) -> NewTransaction {
    let Ok(currency) = Currency::parse(&row.currency) else { return row };
    let subject = Subject {
        description: &row.description,
        merchant: row.merchant.as_deref(),
        merchant_key: &row.merchant_key,
        minor: row.amount_minor,
        currency,
        account,
        date: row.date,
        provider_category: row.provider_category.as_deref(),
    };
    let own_tags = tags::from_column(&row.tags);
    let by = |word: &str| word.parse().unwrap_or(Writer::Default);
    let current = Current {
        category: &row.category,
        category_by: by(row.category_by),
        merchant: row.merchant.as_deref(),
        merchant_by: by(row.merchant_by),
        note: row.note.as_deref(),
        note_by: by(row.note_by),
        tags: &own_tags,
        tags_by: by(row.tags_by),
        excluded: row.excluded,
        excluded_by: by(row.excluded_by),
        paired: row.r#type == TransactionType::Transfer,
    };
    let changes = rules::evaluate(rules, &subject).changes(&current);
    if let Some(category) = changes.category {
        (row.category, row.category_by) = (category, BY_RULE);
    }
    if let Some(merchant) = changes.merchant {
        (row.merchant, row.merchant_by) = (Some(merchant), BY_RULE);
    }
    if let Some(note) = changes.note {
        (row.note, row.note_by) = (Some(note), BY_RULE);
    }
    if let Some(tags) = changes.tags {
        (row.tags, row.tags_by) = (tags::to_column(&tags), BY_RULE);
    }
    if changes.exclude {
        (row.excluded, row.excluded_by) = (true, BY_RULE);
    }
    if changes.transfer.is_some() && row.amount_minor != 0 {
        row.r#type = TransactionType::Transfer;
    }
    row
}
