//! Doing it: a bounded number of rows at a time, all in one transaction.

use std::borrow::Cow;

use domain::{
    BatchId, Code, Direction, TransactionFilter, TransactionId,
    batch::{Batch, BatchAction, BatchForm, BatchTarget, Deed, MAX_MATCHING},
    category,
    entry::BY_HAND,
    ledger::provenance::Writer,
    tags,
};

use super::{
    BATCH, BatchView, CHUNK,
    fields::Fields,
    kept,
    rows::{self, Row},
};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp, categories,
    db::UserTx,
    execute,
    idempotency::{self, Begun, Once, Outcome},
    look,
    transactions::{
        TRANSACTION,
        list::{self, FIRST_DAY, LAST_DAY, Stretch},
        rows as list_rows, sums,
    },
};

/// Changes many of the caller's rows. What is set is theirs from now on.
///
/// # Errors
/// [`Error::Invalid`] names each field, `all` for more rows than one change takes; [`Error::NotFound`] when none of
/// the ticked rows is the caller's; and what [`Once`] can be refused for.
#[tracing::instrument(name = "transactions.change", skip_all, fields(user.id = %caller.user()))]
pub async fn change(
    backend: &Backend,
    caller: &SignedIn,
    form: &BatchForm,
    once: Option<&Once>,
) -> Result<Outcome<BatchView>> {
    let batch = form.parse().map_err(Error::Invalid)?;
    let tx = backend.db.as_user(caller.user()).write().await?;
    let mut tx = match idempotency::begin(tx, once, BATCH, backend.clock.now()).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    let made = change_in(backend, &mut tx, &batch).await;
    if made.is_ok() {
        look::later(&mut tx, backend, caller.user()).await?;
    }
    idempotency::finish(tx, once, made).await
}

async fn change_in(backend: &Backend, tx: &mut UserTx, batch: &Batch) -> Result<BatchView> {
    if let BatchAction::Category(key) = &batch.action
        && category::find(key).is_none()
        && !categories::own_keys(tx).await?.contains(key)
    {
        return Err(Error::field("category", Code::CategoryUnknown));
    }
    let (deed, value) = batch.action.deed();
    let mut making = Making::begin(tx, backend, deed, value).await?;
    match &batch.target {
        BatchTarget::Rows(ids) => {
            let mut found = 0;
            for chunk in ids.chunks(CHUNK) {
                found += making.change(tx, chunk, &batch.action).await?;
            }
            if found == 0 {
                return Err(Error::NotFound(TRANSACTION));
            }
        }
        BatchTarget::Matching(filter) => {
            let filter = list::reach(tx, backend, filter).await?.filter;
            refuse_too_many(tx, &filter).await?;
            let mut after = None;
            while let Some(ids) = matching_after(tx, &filter, &mut after).await? {
                making.change(tx, &ids, &batch.action).await?;
            }
        }
    }
    making.finish(tx).await
}

/// Refuses a list that is longer than what one change takes.
pub(super) async fn refuse_too_many(tx: &mut UserTx, filter: &TransactionFilter) -> Result<()> {
    let matching: i64 = sums::fetch(tx, filter).await?.iter().map(|sum| sum.rows).sum();
    if matching > MAX_MATCHING {
        return Err(Error::field("all", Code::BatchTooLarge));
    }
    Ok(())
}

/// The next rows of a list; nothing at its end. What has been changed lies behind the place that is read from.
pub(super) async fn matching_after(
    tx: &mut UserTx,
    filter: &TransactionFilter,
    after: &mut Option<(time::Date, TransactionId)>,
) -> Result<Option<Vec<TransactionId>>> {
    let (from, to) = (filter.from.unwrap_or(FIRST_DAY), filter.to.unwrap_or(LAST_DAY));
    let (date, id) = after.take().map_or_else(
        || (to.next_day().unwrap_or(to), String::new()),
        |(date, id)| (date, id.into_string()),
    );
    let stretch = Stretch {
        direction: Direction::Next,
        date,
        id: Cow::Owned(id),
        from,
        to,
        limit: i64::try_from(CHUNK).unwrap_or(i64::MAX),
        offset: 0,
    };
    let found = list_rows::fetch(tx, filter, &stretch).await?;
    *after = found.last().map(|row| (row.date, row.id.clone()));
    let ids: Vec<TransactionId> = found.into_iter().map(|row| row.id).collect();
    Ok((!ids.is_empty()).then_some(ids))
}

/// What the action makes of a row; nothing when it is so already, or can't be.
fn wanted(action: &BatchAction, row: &Row) -> Option<Fields> {
    let fields = match action {
        // While a row is split, the categories of its parts count.
        BatchAction::Category(_) if row.has_parts => return None,
        BatchAction::Category(key) => Fields {
            category: Some(key.clone()),
            category_by: Some(Writer::User),
            ..Fields::default()
        },
        BatchAction::AddTag(tag) => {
            let all = tags::from_column(&row.tags);
            if all.contains(tag) {
                return None;
            }
            tagged(tags::join(all.into_iter().chain([tag.clone()]))?)
        }
        BatchAction::RemoveTag(tag) => {
            let mut all = tags::from_column(&row.tags);
            let before = all.len();
            all.retain(|other| other != tag);
            if all.len() == before {
                return None;
            }
            tagged(all)
        }
        BatchAction::Exclude => counted(true),
        BatchAction::Include => counted(false),
        BatchAction::Delete if row.source != BY_HAND || row.transfer_id.is_some() => return None,
        BatchAction::Delete => Fields { deleted: Some(true), ..Fields::default() },
    };
    (!fields.hold(row)).then_some(fields)
}

fn tagged(all: Vec<String>) -> Fields {
    Fields { tags: Some(tags::to_column(&all)), tags_by: Some(Writer::User), ..Fields::default() }
}

fn counted(excluded: bool) -> Fields {
    Fields { excluded: Some(excluded), excluded_by: Some(Writer::User), ..Fields::default() }
}

/// A batch that is being made.
pub(super) struct Making {
    id: BatchId,
    now: Timestamp,
    changed: usize,
    skipped: usize,
}

impl Making {
    pub async fn begin(
        tx: &mut UserTx,
        backend: &Backend,
        deed: Deed,
        value: Option<&str>,
    ) -> Result<Self> {
        let (id, now) = (BatchId::new(backend.new_id()), Timestamp::from(backend.clock.now()));
        let user = tx.user().clone();
        rows::hold(tx).await?;
        execute!(
            tx,
            r#"
            insert into "transaction_batch" ("id", "userId", "deed", "value", "createdAt")
            values ($1, $2, $3, $4, $5)
            "#,
            &id,
            user,
            deed,
            value,
            now,
        )?;
        Ok(Self { id, now, changed: 0, skipped: 0 })
    }

    /// Does it to those of these rows that the person has; answers how many these are.
    async fn change(
        &mut self,
        tx: &mut UserTx,
        ids: &[TransactionId],
        action: &BatchAction,
    ) -> Result<usize> {
        let rows = rows::of(tx, ids).await?;
        let found = rows.len();
        let changes = rows.into_iter().filter_map(|row| {
            let fields = wanted(action, &row)?;
            Some((row, fields))
        });
        self.write(tx, ids.len(), changes.collect()).await?;
        Ok(found)
    }

    /// Writes what becomes of rows; of those that were meant the others stay.
    pub async fn write(
        &mut self,
        tx: &mut UserTx,
        meant: usize,
        changes: Vec<(Row, Fields)>,
    ) -> Result<()> {
        self.changed += changes.len();
        self.skipped += meant.saturating_sub(changes.len());
        if changes.is_empty() {
            return Ok(());
        }
        rows::keep_and_write(tx, &self.id, &changes, self.now).await
    }

    pub async fn finish(self, tx: &mut UserTx) -> Result<BatchView> {
        let user = tx.user().clone();
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        execute!(
            tx,
            r#"
            update "transaction_batch" set "changed" = $3, "skipped" = $4
            where "userId" = $1 and "id" = $2
            "#,
            user,
            &self.id,
            number(self.changed),
            number(self.skipped),
        )?;
        kept::one(tx, &self.id).await
    }
}
