//! Adding the rows of a file: all of them or none, once.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    AccountId, Code, FieldError, ImportId,
    activity::Action,
    fingerprint::RowKey,
    import::{ImportOptions, ImportRow, Interpretation, Question},
    plan::Limit,
    states::import::{Event, ImportState},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;

use super::{
    IMPORT, SOURCE,
    compare::{self, Fingerprints, Verdict},
    draft, history,
    preview::category_of,
    read,
};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp, accounts, audit, billing,
    db::UserTx,
    execute,
    idempotency::{self, Begun, Once, Outcome},
    look,
    transactions::{self, NewTransaction},
};

/// Rows that are made and added together, so that a large file does not stand in memory twice.
const CHUNK: usize = 1_000;

/// Which rows are wanted, by their line in the file; what is not named is taken as the preview shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// New rows that are not wanted.
    pub leave_out: BTreeSet<i64>,
    /// Rows that may be here already and are wanted.
    pub take_in: BTreeSet<i64>,
}

/// What was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Rows that are new in the ledger.
    pub added: i64,
    /// Rows that were here, or not wanted.
    pub skipped: i64,
    /// Rows with errors.
    pub failed: i64,
}

/// A file that has been read, ready to be compared and added.
struct Reading {
    account: AccountId,
    interpretation: Interpretation,
    keys: Vec<RowKey>,
}

/// Adds the rows of an import. Applied again, it answers what it did the first time.
///
/// # Errors
/// [`Error::PlanRequired`] when the plan is full; [`Error::Invalid`] while a question of the preview is open; [`Error::NotFound`] also for an import of somebody
/// else; [`Error::Expired`] when it was undone or its file is gone; and what [`Once`] can be refused for.
#[tracing::instrument(name = "imports.apply", skip_all, fields(user.id = %caller.user()))]
pub async fn apply(
    backend: &Backend,
    caller: &SignedIn,
    import: &ImportId,
    options: &ImportOptions,
    choice: &Choice,
    once: Option<&Once>,
) -> Result<Outcome<Applied>> {
    let reading = reading(backend, caller, import, options).await;

    let now = backend.clock.now();
    let tx = backend.db.as_user(caller.user()).write().await?;
    let mut tx = match idempotency::begin(tx, once, IMPORT, now).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    let applied = match history::one(&mut tx, import).await {
        Ok(view) if view.state == ImportState::Applied => {
            tx.rollback().await?;
            let counts = Applied { added: view.added, skipped: view.skipped, failed: view.failed };
            return Ok(Outcome::again(counts));
        }
        Ok(_) => match reading {
            Ok(reading) => {
                billing::admit(&mut tx, backend, Limit::Imports).await?;
                let added = add(backend, &mut tx, import, &reading, choice).await;
                if let Ok(counts) = &added {
                    let event =
                        audit::Event::by(Action::Imported, caller).subject("import", import);
                    audit::record(&mut tx, backend, event.note("added", counts.added)).await?;
                    look::later(&mut tx, backend, caller.user()).await?;
                    let (user, rows) = (caller.user(), json!({ "rows": counts.added }));
                    // Undone, it was used all the same; its id is counted once.
                    billing::record_usage(&mut tx, backend, user, "import", &rows, import.as_str())
                        .await?;
                }
                added
            }
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    idempotency::finish(tx, once, applied).await
}

/// Reads the file before anything is locked.
async fn reading(
    backend: &Backend,
    caller: &SignedIn,
    import: &ImportId,
    options: &ImportOptions,
) -> Result<Reading> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let draft = draft::load(&mut tx, import).await?;
    drop(tx);
    let options = draft::merged(options, draft.remembered.as_ref());
    let today = backend.clock.today();
    let content = Arc::clone(&draft.content);
    let (_, interpretation) = read::rows(content, options, draft.currency, today).await?;
    if !interpretation.questions.is_empty() {
        return Err(Error::Invalid(interpretation.questions.iter().flat_map(open).collect()));
    }
    let keys = compare::keys(interpretation.good_rows().map(|(_, row)| row));
    Ok(Reading { account: draft.account, interpretation, keys })
}

/// An open question as errors of the fields that answer it.
fn open(question: &Question) -> Vec<FieldError> {
    match question {
        Question::Columns { missing, .. } => missing
            .iter()
            .map(|role| FieldError::new(&format!("col.{role}"), Code::OptionUnknown))
            .collect(),
        Question::DateFormat { .. } => vec![FieldError::new("date", Code::OptionUnknown)],
        Question::Decimal { .. } => vec![FieldError::new("decimal", Code::OptionUnknown)],
        Question::Statement { .. } => vec![FieldError::new("statement", Code::OptionUnknown)],
    }
}

async fn add(
    backend: &Backend,
    tx: &mut UserTx,
    import: &ImportId,
    reading: &Reading,
    choice: &Choice,
) -> Result<Applied> {
    let now = Timestamp::from(backend.clock.now());
    // Holds the account until the end: two files of one account are compared one after the other.
    accounts::touch(tx, &reading.account, now).await?;
    // Another request may have been here while this one waited.
    let view = history::one(tx, import).await?;
    let applying = view.state.after(&[Event::Map, Event::Compare, Event::Apply]);
    let applied = applying.and_then(|state| state.after(&[Event::Finish]));
    let applied = applied.map_err(|_| Error::Expired(IMPORT))?;

    let ledger = compare::ledger(tx, &reading.account, &reading.keys).await?;
    let verdicts = compare::judge(&reading.keys, &reading.account, &ledger);
    let good = reading.interpretation.good_rows();
    let wanted: Vec<(&ImportRow, &RowKey)> = good
        .zip(&reading.keys)
        .zip(verdicts)
        .filter(|(((line, _), _), verdict)| match verdict {
            Verdict::New => !choice.leave_out.contains(&i64::from(*line)),
            Verdict::Possible(_) => choice.take_in.contains(&i64::from(*line)),
            Verdict::Here => false,
        })
        .map(|(((_, row), key), _)| (row, key))
        .collect();

    let mut fingerprints = Fingerprints::new(&reading.account, ledger);
    let mut ids = ids(backend, &wanted).into_iter();
    let mut added = 0;
    for chunk in wanted.chunks(CHUNK) {
        let rows: Vec<NewTransaction> = chunk
            .iter()
            .zip(&mut ids)
            .map(|((row, key), id)| new_row(id, row, fingerprints.take(key)))
            .collect();
        added += transactions::insert(tx, &reading.account, Some(import), &rows, now).await?;
    }
    let added = i64::try_from(added).unwrap_or(i64::MAX);
    let good = i64::try_from(reading.keys.len()).unwrap_or(i64::MAX);
    let all = i64::try_from(reading.interpretation.rows.len()).unwrap_or(i64::MAX);
    let counts = Applied { added, skipped: good - added, failed: all - good };
    mark(tx, import, applied, counts, &reading.interpretation.options(), now).await?;
    Ok(counts)
}

/// Ids in the order in which rows of one day are listed: as in the file, newest first.
fn ids(backend: &Backend, rows: &[(&ImportRow, &RowKey)]) -> Vec<String> {
    let mut ids: Vec<String> = rows.iter().map(|_| backend.new_id()).collect();
    ids.sort_unstable();
    let newest_first =
        rows.first().zip(rows.last()).is_some_and(|(first, last)| first.0.date > last.0.date);
    if newest_first {
        ids.reverse();
    }
    ids
}

fn new_row(
    id: String,
    row: &ImportRow,
    (likeness, fingerprint): (String, String),
) -> NewTransaction {
    let (category, category_by) = category_of(row);
    let (text, currency) = (row.description.clone(), row.currency.code().to_owned());
    NewTransaction {
        category,
        category_by,
        note: row.note.clone(),
        fingerprint: Some(fingerprint),
        likeness: Some(likeness),
        ..NewTransaction::plain(id, row.date, text, row.minor, currency, SOURCE)
    }
}

/// Notes what was done, remembers how the file was read, and drops the file.
async fn mark(
    tx: &mut UserTx,
    import: &ImportId,
    state: ImportState,
    counts: Applied,
    options: &ImportOptions,
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "import"
        set "state" = $3, "added" = $4, "skipped" = $5, "failed" = $6, "options" = $7, "appliedAt" = $8,
            "content" = null
        where "userId" = $1 and "id" = $2
        "#,
        user,
        import,
        state.as_str(),
        counts.added,
        counts.skipped,
        counts.failed,
        Json(options),
        now,
    )?;
    Ok(())
}
