//! From the statements of a file to rows of an account: which statement, how its cells are written, what each says.

use super::dates::{self, DateFormat};
use super::file::Target;
use super::interpret::chosen;
use super::numbers::Decimal;
use super::options::ImportOptions;
use super::outcome::{Balance, Balances, Choice, Example, Interpretation, Question};
use super::statement::{RawBalance, Statement, Statements};
use super::{FileFormat, Mapping, decide};
use super::{corrections, entry};
use crate::{Code, Currency, Date, TransactionStatus};

/// Reads one statement of the file. With several, it is the chosen one, else the one with the account's mask.
pub(super) fn interpret(
    file: &Statements,
    options: &ImportOptions,
    account: Target<'_>,
    today: Date,
) -> Interpretation {
    let mut result = Interpretation {
        format: file.format,
        statements: file.list.iter().map(Statement::info).collect(),
        statement: None,
        balances: None,
        rows: Vec::new(),
        deletions: Vec::new(),
        questions: Vec::new(),
        sign_proven: false,
        balance_disagrees: false,
        flipped: options.flip.unwrap_or(false),
        mapping: Mapping::default(),
        date_format: None,
        decimal: None,
        header_signature: file.signature(),
        skipped: Vec::new(),
    };
    let Some((number, statement)) = choose(file, options.statement, account.mask) else {
        result.questions.push(which(&file.list));
        return result;
    };
    result.statement = Some(number);
    let reader = Reader {
        format: file.format,
        statement,
        currency: account.currency,
        latest: dates::a_year_after(today),
    };
    match (reader.date_format(options), reader.decimal(options)) {
        (Ok(dates), Ok(decimal)) => reader.rows(dates, decimal, &mut result),
        (dates, decimal) => {
            result.questions.extend(dates.err());
            result.questions.extend(decimal.err());
        }
    }
    result
}

fn choose<'f>(
    file: &'f Statements,
    number: Option<u32>,
    account: Option<&str>,
) -> Option<(u32, &'f Statement)> {
    let numbered = || (0_u32..).zip(&file.list);
    if let [only] = file.list.as_slice() {
        return Some((0, only));
    }
    if number.is_some() {
        return numbered().find(|(at, _)| number == Some(*at));
    }
    let mut own = numbered()
        .filter(|(_, statement)| account.is_some() && statement.mask.as_deref() == account);
    own.next().filter(|_| own.next().is_none())
}

fn which(list: &[Statement]) -> Question {
    let choices = (0_u32..).zip(list).map(|(number, statement)| Choice {
        value: number.to_string(),
        label: statement.info().label(),
        examples: statement
            .entries
            .iter()
            .take(2)
            .map(|entry| Example { text: entry.description.clone(), meaning: entry.amount.clone() })
            .collect(),
    });
    Question::Statement { choices: choices.collect() }
}

/// A statement, with what is known of it before its cells are read.
struct Reader<'f> {
    format: FileFormat,
    statement: &'f Statement,
    /// The currency of the account.
    currency: Currency,
    /// The last day a row may have.
    latest: Date,
}

impl Reader<'_> {
    fn balances(&self) -> impl Iterator<Item = &RawBalance> {
        self.statement.opening.iter().chain(&self.statement.closing)
    }

    /// The currency with this code, else the statement's, else the account's.
    fn currency(&self, code: Option<&str>) -> Result<Currency, Code> {
        match code.or(self.statement.currency.as_deref()) {
            Some(code) => Currency::parse(code),
            None => Ok(self.currency),
        }
    }

    fn date_format(&self, options: &ImportOptions) -> Result<DateFormat, Question> {
        match self.format {
            FileFormat::Camt053 => Ok(DateFormat::Ymd),
            FileFormat::Qif => chosen(options.date_format, || {
                let rows = self.statement.entries.iter().map(|entry| &entry.date);
                let dates = rows.chain(self.balances().map(|balance| &balance.date));
                let cells: Vec<&str> = dates.map(String::as_str).collect();
                decide::date_format(&cells, self.latest)
            }),
            _ => Ok(DateFormat::Compact),
        }
    }

    fn decimal(&self, options: &ImportOptions) -> Result<Decimal, Question> {
        if self.format == FileFormat::Camt053 {
            return Ok(Decimal::Point);
        }
        chosen(options.decimal, || {
            let cell = |amount, code| {
                let currency: Result<Currency, Code> = self.currency(code);
                (amount, currency.unwrap_or(self.currency))
            };
            let rows = self.statement.entries.iter();
            let balances =
                self.balances().map(|raw| cell(raw.amount.as_str(), raw.currency.as_deref()));
            let cells: Vec<(&str, Currency)> = rows
                .map(|entry| cell(entry.amount.as_str(), entry.currency.as_deref()))
                .chain(balances)
                .collect();
            decide::decimal(&cells)
        })
    }

    /// Reads every entry once it is known how they are written.
    fn rows(&self, dates: DateFormat, decimal: Decimal, result: &mut Interpretation) {
        if self.format == FileFormat::Qif {
            result.date_format = Some(dates);
        }
        if self.format != FileFormat::Camt053 {
            result.decimal = Some(decimal);
        }
        // The standards of banks say which way a sign goes; QIF has none.
        result.sign_proven = self.format != FileFormat::Qif && !result.flipped;
        let style = entry::Style { dates, decimal, latest: self.latest, turn_reversals: true };
        self.read(style, result);
        let disagrees = result.balances.as_ref().is_some_and(|found| found.agrees == Some(false));
        if disagrees && self.statement.entries.iter().any(|entry| entry.reversal) {
            // ISO 20022 lets a reversal carry its own direction; the balances say whether this bank means that.
            self.unless_worse(entry::Style { turn_reversals: false, ..style }, result);
        }
        corrections::settle(&self.statement.entries, result);
        corrections::flag_repeated(result);
        if result.flipped {
            flip(result);
        }
    }

    fn read(&self, style: entry::Style, result: &mut Interpretation) {
        let rows = self.statement.entries.iter();
        result.rows = rows
            .map(|entry| entry::read(entry, style, self.currency(entry.currency.as_deref())))
            .collect();
        result.balances = self.check(style, result);
    }

    /// Reads the entries another way, and keeps that if the balances agree with it.
    fn unless_worse(&self, style: entry::Style, result: &mut Interpretation) {
        let mut other = result.clone();
        self.read(style, &mut other);
        if other.balances.as_ref().is_some_and(|found| found.agrees == Some(true)) {
            *result = other;
        }
    }

    /// The balances of the statement, and whether its booked rows lead from one to the other.
    fn check(&self, style: entry::Style, result: &Interpretation) -> Option<Balances> {
        let read = |raw: &RawBalance| {
            let currency = self.currency(raw.currency.as_deref()).ok()?;
            Some(Balance {
                minor: entry::amount(&raw.amount, raw.sign, style.decimal, currency).ok()?,
                currency,
                date: dates::parse(&raw.date, style.dates, style.latest),
            })
        };
        let opening = self.statement.opening.as_ref().and_then(read);
        let closing = self.statement.closing.as_ref().and_then(read);
        if opening.is_none() && closing.is_none() {
            return None;
        }
        let agrees = opening
            .as_ref()
            .zip(closing.as_ref())
            .filter(|(opening, closing)| opening.currency == closing.currency)
            .and_then(|(opening, closing)| Some(sum(opening, result)? == closing.minor));
        Some(Balances { opening, closing, agrees })
    }
}

/// What the opening balance and the booked rows add up to; nothing when a row can't be read or is of another currency.
fn sum(opening: &Balance, result: &Interpretation) -> Option<i64> {
    result.rows.iter().try_fold(opening.minor, |sum, row| match &row.outcome {
        Ok(row) if row.status != TransactionStatus::Completed => Some(sum),
        Ok(row) if row.currency == opening.currency => sum.checked_add(row.minor),
        _ => None,
    })
}

fn flip(result: &mut Interpretation) {
    for row in result.rows.iter_mut().filter_map(|row| row.outcome.as_mut().ok()) {
        row.minor = row.minor.saturating_neg();
        for part in &mut row.parts {
            part.minor = part.minor.saturating_neg();
        }
    }
    // Quicken's opening balance is one of its records, written as they are; a bank's is what the holder has.
    let balances = result.balances.as_mut().filter(|_| result.format == FileFormat::Qif);
    if let Some(opening) = balances.and_then(|balances| balances.opening.as_mut()) {
        opening.minor = opening.minor.saturating_neg();
    }
}
