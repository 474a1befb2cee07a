//! Adding the rows of a file: all of them or none, once.

use std::collections::BTreeSet;

use domain::{
    AccountId, Code, FieldError, ImportId,
    activity::Action,
    import::{ImportOptions, Interpretation, Question},
    plan::Limit,
    states::import::ImportState,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{IMPORT, add, draft, history, read};
use crate::{
    Backend, Error, Result, SignedIn, audit, billing,
    idempotency::{self, Begun, Once, Outcome},
    look, preferences,
};

/// Which rows are wanted, by their line in the file; what is not named is taken as the preview shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// New rows that are not wanted.
    pub leave_out: BTreeSet<i64>,
    /// Rows that may be here already and are wanted.
    pub take_in: BTreeSet<i64>,
    /// Every row that may be here already is wanted.
    pub take_all: bool,
}

impl Choice {
    /// Whether a row that may be here already is wanted.
    pub(super) fn wants(&self, line: i64) -> bool {
        self.take_all || self.take_in.contains(&line)
    }
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
pub(super) struct Reading {
    pub account: AccountId,
    pub interpretation: Interpretation,
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
                let added = add::rows(backend, &mut tx, import, &reading, choice).await;
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
    let today = preferences::today(&mut tx, backend).await?;
    drop(tx);
    let options = draft::merged(options, draft.remembered.as_ref());
    let (_, interpretation) = read::rows(&draft, options, today).await?;
    if !interpretation.questions.is_empty() {
        return Err(Error::Invalid(interpretation.questions.iter().flat_map(open).collect()));
    }
    Ok(Reading { account: draft.account, interpretation })
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
