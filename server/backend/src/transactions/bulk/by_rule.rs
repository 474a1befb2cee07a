//! A rule applied to the rows that are here. What somebody set by hand stays.

use domain::{
    Date, RuleId, TransactionId, TransactionType,
    batch::Deed,
    ledger::provenance::Writer,
    rules::{Changes, Compiled},
    tags,
};

use super::{BATCH, BatchView, change::Making, fields::Fields, rows};
use crate::{
    Backend, Result, SignedIn,
    db::UserTx,
    idempotency::{self, Begun, Once, Outcome},
    look, rules,
};

/// Does what one of the caller's rules says to all of their rows that fit, as [`rules::preview`] shows it.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) also for a rule of somebody else, and what [`Once`] can be refused for.
#[tracing::instrument(name = "transactions.apply_rule", skip_all, fields(user.id = %caller.user()))]
pub async fn apply_rule(
    backend: &Backend,
    caller: &SignedIn,
    id: &RuleId,
    once: Option<&Once>,
) -> Result<Outcome<BatchView>> {
    let tx = backend.db.as_user(caller.user()).write().await?;
    let mut tx = match idempotency::begin(tx, once, BATCH, backend.clock.now()).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    let made = apply_in(backend, &mut tx, id).await;
    if made.is_ok() {
        look::later(&mut tx, backend, caller.user()).await?;
    }
    idempotency::finish(tx, once, made).await
}

async fn apply_in(backend: &Backend, tx: &mut UserTx, id: &RuleId) -> Result<BatchView> {
    let (name, rule) = rules::ready(tx, id).await?;
    let mut making = Making::begin(tx, backend, Deed::Rule, Some(&name)).await?;
    let mut before: Option<(Date, TransactionId)> = None;
    loop {
        let old = rules::older(tx, before.as_ref()).await?;
        let Some(last) = old.last() else { break };
        before = Some((last.date, last.id.clone()));
        for chunk in old.chunks(super::CHUNK) {
            let (fitting, changes) = changes(&rule, chunk);
            write(tx, &mut making, fitting, changes).await?;
        }
    }
    making.finish(tx).await
}

/// How many of these rows fit, and what becomes of those that would be different.
fn changes(rule: &[Compiled], rows: &[rules::OldRow]) -> (usize, Vec<(TransactionId, Fields)>) {
    let fitting = rows.iter().filter_map(|row| row.changes(rule).map(|changes| (row, changes)));
    let fitting: Vec<_> = fitting.collect();
    let count = fitting.len();
    let changes = fitting
        .into_iter()
        .filter(|(_, changes)| !changes.is_empty())
        .map(|(row, changes)| (row.id.clone(), fields(changes)));
    (count, changes.collect())
}

fn fields(changes: Changes) -> Fields {
    let by = |is_set: bool| is_set.then_some(Writer::Rule);
    Fields {
        category_by: by(changes.category.is_some()),
        category: changes.category,
        merchant_by: by(changes.merchant.is_some()),
        merchant: changes.merchant,
        note_by: by(changes.note.is_some()),
        note: changes.note,
        tags_by: by(changes.tags.is_some()),
        tags: changes.tags.map(|all| tags::to_column(&all)),
        excluded_by: by(changes.exclude),
        excluded: changes.exclude.then_some(true),
        r#type: changes.transfer.map(|_| TransactionType::Transfer),
        ..Fields::default()
    }
}

/// Whoever set a field between the look and now outranks the rule.
async fn write(
    tx: &mut UserTx,
    making: &mut Making,
    fitting: usize,
    changes: Vec<(TransactionId, Fields)>,
) -> Result<()> {
    let ids: Vec<TransactionId> = changes.iter().map(|(id, _)| id.clone()).collect();
    let held = if ids.is_empty() { Vec::new() } else { rows::of(tx, &ids).await? };
    let mut fields: std::collections::HashMap<_, _> = changes.into_iter().collect();
    let changes = held.into_iter().filter_map(|row| {
        let fields = fields.remove(&row.id)?;
        let now = fields.of(&row);
        let writers = [now.category_by, now.merchant_by, now.note_by, now.tags_by, now.excluded_by];
        (!writers.contains(&Some(Writer::User))).then_some((row, fields))
    });
    making.write(tx, fitting, changes.collect()).await
}
