//! What an import would do, as `/api/imports/{id}` tells it.

use std::collections::BTreeMap;

use backend::imports::{LedgerGap, Opening, Preview, PreviewCounts, PreviewRow, RowState};
use domain::import::{
    Balance as BalanceView, Balances as BalancesView, Choice as ChoiceView, DateFormat, Decimal,
    Question as Open, RowError as RowErrorView, StatementInfo,
};
use serde::Serialize;
use time::Date;
use utoipa::ToSchema;

use super::{list::List, transaction_shapes::Sum};

/// What a draft would do. Nothing is written before it is committed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImportPreview {
    /// The currency of the account, ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// `csv`, `ofx1`, `ofx2`, `qfx`, `qif` or `camt053`.
    #[schema(example = "csv")]
    format: &'static str,
    /// The accounts in the file; none in a table.
    statements: Vec<FileStatement>,
    /// Which of them is read, counted from 0.
    statement: Option<u32>,
    /// What the file says the account had before and after.
    balances: Option<FileBalances>,
    /// What becomes of the opening balance of a QIF file: `taken` as that of the account, `same` as it has, or `kept`
    /// for the account's own, since it has older transactions or a bank says what it holds.
    #[schema(example = "taken")]
    opening: Option<&'static str>,
    /// The bank's closing balance, when the ledger would come to something else with the new rows.
    gap: Option<FileGap>,
    /// How many transactions of earlier files the bank takes back with this one.
    taken_back: i64,
    /// How the file is read: `options` to commit it so.
    #[schema(example = "date=dmy&col.amount=3")]
    options: String,
    /// Whether the last file of the same make said something.
    remembered: bool,
    /// The names of the file's columns.
    columns: Vec<String>,
    /// Which column is what, counted from 0.
    mapping: BTreeMap<&'static str, u32>,
    /// `ymd`, `compact`, `dmy`, `mdy` or `named`.
    date_format: Option<&'static str>,
    /// `point` or `comma`.
    decimal: Option<&'static str>,
    /// What only you can know. While one is open there are no rows.
    questions: Vec<Question>,
    /// Whether the file itself says which way money went.
    sign_proven: bool,
    /// Whether signs are turned.
    flipped: bool,
    /// Lines around the table that were left out.
    skipped_lines: Vec<u32>,
    /// How many rows there are of each kind.
    counts: Counts,
    /// What the new rows add up to, one entry a currency.
    sums: Vec<Sum>,
    /// One page of the rows, in the order of the file.
    rows: List<Row>,
}

impl ImportPreview {
    /// A preview with one page of its rows.
    pub fn of(preview: Preview, rows: List<Row>) -> Self {
        Self {
            currency: preview.currency,
            format: preview.format.as_str(),
            statements: preview.statements.into_iter().map(FileStatement::from).collect(),
            statement: preview.statement,
            balances: preview.balances.map(FileBalances::from),
            opening: preview.opening.map(Opening::as_str),
            gap: preview.gap.map(FileGap::from),
            taken_back: preview.taken_back,
            options: preview.options.to_query(),
            remembered: preview.remembered,
            columns: preview.columns,
            mapping: preview.mapping.iter().map(|(role, at)| (role.as_str(), at)).collect(),
            date_format: preview.date_format.map(DateFormat::as_str),
            decimal: preview.decimal.map(Decimal::as_str),
            questions: preview.questions.into_iter().map(Question::from).collect(),
            sign_proven: preview.sign_proven,
            flipped: preview.flipped,
            skipped_lines: preview.skipped_lines,
            counts: preview.counts.into(),
            sums: preview.sums.into_iter().map(Sum::from).collect(),
            rows,
        }
    }
}

/// One account's part of a file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FileStatement {
    /// What it is called, for people.
    #[schema(example = "Checking •••• 6789")]
    label: String,
    /// The digits of its number that may be shown.
    mask: Option<String>,
    /// How many entries it has.
    entries: u32,
}

impl From<StatementInfo> for FileStatement {
    fn from(info: StatementInfo) -> Self {
        Self { label: info.label(), mask: info.mask, entries: info.entries }
    }
}

/// What a file says the account had, booked rows alone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FileBalances {
    /// Before its first row.
    opening: Option<FileBalance>,
    /// After its last row.
    closing: Option<FileBalance>,
    /// Whether the rows lead from one to the other; null when it cannot be told.
    agrees: Option<bool>,
}

/// A closing balance that the ledger does not come to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FileGap {
    /// What the bank says, in minor units.
    bank_minor: i64,
    /// What the ledger has with the new rows of the file.
    ledger_minor: i64,
    /// ISO 4217.
    currency: String,
    /// The day of the bank's word, when the file says which.
    #[serde(with = "domain::day::iso::option")]
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
}

impl From<LedgerGap> for FileGap {
    fn from(gap: LedgerGap) -> Self {
        let LedgerGap { bank_minor, ledger_minor, currency, date } = gap;
        Self { bank_minor, ledger_minor, currency: currency.code().to_owned(), date }
    }
}

/// What an account had.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FileBalance {
    /// Minor units.
    minor: i64,
    /// ISO 4217.
    currency: String,
    /// On this day, when the file says which.
    #[serde(with = "domain::day::iso::option")]
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
}

impl From<BalancesView> for FileBalances {
    fn from(view: BalancesView) -> Self {
        Self {
            opening: view.opening.map(FileBalance::from),
            closing: view.closing.map(FileBalance::from),
            agrees: view.agrees,
        }
    }
}

impl From<BalanceView> for FileBalance {
    fn from(view: BalanceView) -> Self {
        Self { minor: view.minor, currency: view.currency.code().to_owned(), date: view.date }
    }
}

/// How many rows there are of each kind.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportCounts)]
struct Counts {
    /// Will be added.
    new: i64,
    /// Are here already.
    here: i64,
    /// May be here, from another source.
    possible: i64,
    /// Have errors.
    failed: i64,
}

impl From<PreviewCounts> for Counts {
    fn from(counts: PreviewCounts) -> Self {
        let PreviewCounts { new, here, possible, failed } = counts;
        Self { new, here, possible, failed }
    }
}

/// Something the file doesn't say.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ImportQuestion)]
struct Question {
    /// `columns`, `dateFormat`, `decimal` or `statement`.
    #[schema(example = "dateFormat")]
    kind: &'static str,
    /// The parameters that answer it.
    #[schema(example = json!(["date"]))]
    answered_by: Vec<String>,
    /// The answers that fit; none for columns, which are counted from 0.
    choices: Vec<Choice>,
}

impl From<Open> for Question {
    fn from(open: Open) -> Self {
        let one = |kind, name: &str, choices: Vec<ChoiceView>| Self {
            kind,
            answered_by: vec![name.to_owned()],
            choices: choices.into_iter().map(Choice::from).collect(),
        };
        match open {
            Open::Columns { missing, .. } => Self {
                kind: "columns",
                answered_by: missing.into_iter().map(|role| format!("col.{role}")).collect(),
                choices: Vec::new(),
            },
            Open::DateFormat { choices } => one("dateFormat", "date", choices),
            Open::Decimal { choices } => one("decimal", "decimal", choices),
            Open::Statement { choices } => one("statement", "statement", choices),
        }
    }
}

/// One answer to a question.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportChoice)]
struct Choice {
    /// The value of the parameter.
    #[schema(example = "dmy")]
    value: String,
    /// What it is called.
    label: String,
    /// What it makes of cells of this file, two at most.
    examples: Vec<Example>,
}

/// A cell, and what an answer makes of it.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportExample)]
struct Example {
    /// The cell as written.
    #[schema(example = "03/04/2026")]
    text: String,
    /// What it would mean.
    #[schema(example = "3 April 2026")]
    meaning: String,
}

impl From<ChoiceView> for Choice {
    fn from(view: ChoiceView) -> Self {
        let examples = view.examples.into_iter();
        Self {
            value: view.value,
            label: view.label,
            examples: examples
                .map(|example| Example { text: example.text, meaning: example.meaning })
                .collect(),
        }
    }
}

/// One row of the file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ImportRow)]
pub(super) struct Row {
    /// The line of the file it starts in, from 1: its name when it is left out or taken in.
    line: i64,
    /// `new`, `replaces` (the bank corrects one that is here), `here`, `possible` or `failed`.
    #[schema(example = "new")]
    state: &'static str,
    /// The date at the bank; null in a row with errors.
    #[serde(with = "domain::day::iso::option")]
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
    /// The bank's text.
    description: String,
    /// Minor units: above zero came in, below went out; null in a row with errors.
    signed_amount_cents: Option<i64>,
    /// ISO 4217.
    currency: String,
    /// The key of the category it would get.
    category: String,
    /// The note of the file.
    note: Option<String>,
    /// The transaction that it may be.
    possible: Option<Match>,
    /// What is wrong with it.
    errors: Vec<RowError>,
}

/// The transaction that a row of the file may be.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportMatch)]
struct Match {
    /// Its date.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Its text.
    description: String,
}

/// One thing wrong with one cell.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportRowError)]
struct RowError {
    /// The name of the column.
    column: String,
    /// A stable word for programs.
    #[schema(example = "date_invalid")]
    code: String,
    /// A sentence for people.
    message: String,
}

/// The words of what becomes of a row.
pub(super) const STATES: [&str; 5] = ["new", "replaces", "here", "possible", "failed"];

/// What becomes of a row, as a word.
pub(super) fn word(state: &RowState) -> &'static str {
    let [new, replaces, here, possible, failed] = STATES;
    match state {
        RowState::New => new,
        RowState::Replaces => replaces,
        RowState::Here => here,
        RowState::Possible(_) => possible,
        RowState::Failed(_) => failed,
    }
}

impl From<PreviewRow> for Row {
    fn from(row: PreviewRow) -> Self {
        let state = word(&row.state);
        let (possible, errors) = match row.state {
            RowState::Possible(found) => {
                (Some(Match { date: found.date, description: found.description }), Vec::new())
            }
            RowState::Failed(errors) => (None, errors),
            RowState::New | RowState::Replaces | RowState::Here => (None, Vec::new()),
        };
        let error = |RowErrorView { column, code, message }| RowError { column, code, message };
        Self {
            line: row.line,
            state,
            date: row.date,
            description: row.description,
            signed_amount_cents: row.minor,
            currency: row.currency,
            category: row.category,
            note: row.note,
            possible,
            errors: errors.into_iter().map(error).collect(),
        }
    }
}
