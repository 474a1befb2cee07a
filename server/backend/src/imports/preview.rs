//! What an import would do, row by row. Nothing is written.

use std::collections::BTreeMap;

use domain::{
    CurrencySum, Date, ImportId, category, day,
    import::{
        Balances, DateFormat, Decimal, FileFormat, ImportOptions, ImportRow, Interpretation,
        Mapping, Question, RowError, StatementInfo,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    compare::{self, Verdict},
    draft,
    history::{self, ImportView},
    read,
};
use crate::{Backend, Result, SignedIn, preferences};

/// What an import would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The import and its account.
    pub import: ImportView,
    /// The currency of the account, ISO 4217.
    pub currency: String,
    /// What kind of file it is.
    pub format: FileFormat,
    /// The accounts in the file; none in a table.
    pub statements: Vec<StatementInfo>,
    /// Which of them is read, counted from 0.
    pub statement: Option<u32>,
    /// What the file says the account had before and after.
    pub balances: Option<Balances>,
    /// How many rows of earlier files the bank takes back with this one.
    pub taken_back: i64,
    /// What is chosen: now, and from the last file of the same make.
    pub options: ImportOptions,
    /// True when the last file of the same make said something.
    pub remembered: bool,
    /// The names of the file's columns.
    pub columns: Vec<String>,
    /// Its first ten rows as they stand there, a cell a column; none where there are no columns.
    pub sample: Vec<Vec<String>>,
    /// Which column is what.
    pub mapping: Mapping,
    /// How dates are read.
    pub date_format: Option<DateFormat>,
    /// How decimals are read.
    pub decimal: Option<Decimal>,
    /// What only the person can know. While one is open there are no rows.
    pub questions: Vec<Question>,
    /// True when the file itself says which way money went.
    pub sign_proven: bool,
    /// True when signs are turned.
    pub flipped: bool,
    /// Lines around the table that were left out.
    pub skipped_lines: Vec<u32>,
    /// The rows, in the order of the file.
    pub rows: Vec<PreviewRow>,
    /// How many there are of each kind.
    pub counts: PreviewCounts,
    /// What the new rows add up to, one entry a currency.
    pub sums: Vec<CurrencySum>,
}

impl Preview {
    /// True when the file says everything itself, so that there is nothing to choose.
    pub fn is_plain(&self) -> bool {
        let is_statement = !matches!(self.format, FileFormat::Csv | FileFormat::Qif);
        is_statement && self.questions.is_empty() && self.statements.len() < 2
    }
}

/// One row of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewRow {
    /// The line of the file it starts in, from 1: its name when it is left out or taken in.
    pub line: i64,
    /// The date at the bank; absent in a row with errors.
    #[serde(with = "day::iso::option")]
    pub date: Option<Date>,
    /// The bank's text.
    pub description: String,
    /// Minor units, in above zero; absent in a row with errors.
    pub minor: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// The category it would get.
    pub category: String,
    /// The note of the file.
    pub note: Option<String>,
    /// What becomes of it.
    pub state: RowState,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "detail")]
pub enum RowState {
    /// Will be added.
    New,
    /// Will take the place of a row that the bank corrects.
    Replaces,
    /// Is in the ledger already; left out.
    Here,
    /// May be in the ledger from another source; left out unless taken in.
    Possible(PossibleMatch),
    /// Cannot be read; left out.
    Failed(Vec<RowError>),
}

/// The row in the ledger that a row of the file may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PossibleMatch {
    /// Its date.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// Its text.
    pub description: String,
}

/// How many rows there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewCounts {
    /// Will be added.
    pub new: i64,
    /// Are here.
    pub here: i64,
    /// May be here.
    pub possible: i64,
    /// Have errors.
    pub failed: i64,
}

/// What the import would do with these options.
///
/// # Errors
/// [`crate::Error::NotFound`] also for an import of somebody else, [`crate::Error::Expired`] for one that was
/// applied or whose file is gone.
#[tracing::instrument(name = "imports.preview", skip_all, fields(user.id = %caller.user()))]
pub async fn preview(
    backend: &Backend,
    caller: &SignedIn,
    import: &ImportId,
    options: &ImportOptions,
) -> Result<Preview> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let view = history::one(&mut tx, import).await?;
    let draft = draft::load(&mut tx, import).await?;
    let today = preferences::today(&mut tx, backend).await?;
    drop(tx);

    let options = draft::merged(options, draft.remembered.as_ref());
    let (written, read) = read::rows(&draft, options.clone(), today).await?;

    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let ledger = compare::ledger(&mut tx, &draft.account, &read).await?;
    drop(tx);
    let taken_back = compare::deleted(&read, &ledger).len();
    let rows = rows(&read, compare::judge(&read, &ledger), draft.currency.code());

    Ok(Preview {
        import: view,
        currency: draft.currency.code().to_owned(),
        format: read.format,
        statements: read.statements,
        statement: read.statement,
        balances: read.balances,
        taken_back: i64::try_from(taken_back).unwrap_or(i64::MAX),
        options,
        remembered: draft.remembered.is_some(),
        columns: written.columns,
        sample: written.sample,
        mapping: read.mapping,
        date_format: read.date_format,
        decimal: read.decimal,
        questions: read.questions,
        sign_proven: read.sign_proven,
        flipped: read.flipped,
        skipped_lines: read.skipped,
        counts: counts(&rows),
        sums: sums(&rows),
        rows,
    })
}

fn rows(read: &Interpretation, verdicts: Vec<Verdict>, currency: &str) -> Vec<PreviewRow> {
    let mut verdicts = verdicts.into_iter();
    read.rows
        .iter()
        .map(|row| match &row.outcome {
            Ok(good) => {
                let state = match verdicts.next() {
                    Some(Verdict::Here) => RowState::Here,
                    Some(Verdict::Replaces(..)) => RowState::Replaces,
                    Some(Verdict::Possible(other, _)) => RowState::Possible(PossibleMatch {
                        date: other.date,
                        description: other.description,
                    }),
                    Some(Verdict::New(_)) | None => RowState::New,
                };
                good_row(row.line, good, state)
            }
            Err(errors) => PreviewRow {
                line: row.line.into(),
                date: None,
                description: String::new(),
                minor: None,
                currency: currency.to_owned(),
                category: category::UNCATEGORIZED.to_owned(),
                note: None,
                state: RowState::Failed(errors.clone()),
            },
        })
        .collect()
}

fn good_row(line: u32, row: &ImportRow, state: RowState) -> PreviewRow {
    PreviewRow {
        line: line.into(),
        date: Some(row.date),
        description: row.description.clone(),
        minor: Some(row.minor),
        currency: row.currency.code().to_owned(),
        category: category_of(row).0,
        note: row.note.clone(),
        state,
    }
}

/// The category of a new row and who says so: the file, or our guess.
pub(super) fn category_of(row: &ImportRow) -> (String, &'static str) {
    match &row.category {
        Some(category) => (category.clone(), "provider"),
        None if row.transfer => ("transfer.internal".to_owned(), "provider"),
        None => (category::guess(&row.description, row.minor).to_owned(), "default"),
    }
}

fn counts(rows: &[PreviewRow]) -> PreviewCounts {
    let mut counts = PreviewCounts::default();
    for row in rows {
        *match row.state {
            RowState::New | RowState::Replaces => &mut counts.new,
            RowState::Here => &mut counts.here,
            RowState::Possible(_) => &mut counts.possible,
            RowState::Failed(_) => &mut counts.failed,
        } += 1;
    }
    counts
}

fn sums(rows: &[PreviewRow]) -> Vec<CurrencySum> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in rows.iter().filter(|row| matches!(row.state, RowState::New | RowState::Replaces)) {
        let minor = row.minor.unwrap_or(0);
        let (money_in, money_out) = sums.entry(&row.currency).or_default();
        let side = if minor > 0 { money_in } else { money_out };
        *side = side.saturating_add(minor);
    }
    sums.into_iter()
        .map(|(currency, (in_minor, out_minor))| CurrencySum {
            currency: currency.to_owned(),
            in_minor,
            out_minor,
        })
        .collect()
}
