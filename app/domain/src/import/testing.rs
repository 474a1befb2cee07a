//! What tests of the formats share.

use time::macros::date;

use super::{File, ImportOptions, Interpretation, Target};
use crate::{Currency, Date, query};

pub(super) const TODAY: Date = date!(2026 - 06 - 10);

/// An account without a number, in dollars.
pub(super) fn usd() -> Target<'static> {
    account("USD", None)
}

pub(super) fn account<'a>(currency: &str, mask: Option<&'a str>) -> Target<'a> {
    Target { currency: Currency::parse(currency).unwrap(), mask }
}

pub(super) fn of(file: &File, options: &str, account: Target<'_>) -> Interpretation {
    let options = ImportOptions::from_query(&query::parse(options)).unwrap();
    file.interpret(&options, account, TODAY)
}

pub(super) fn read(text: &str, options: &str, account: Target<'_>) -> Interpretation {
    of(&File::parse(text.as_bytes()).unwrap(), options, account)
}

/// The rows by date, amount and text. Fails while a question is open.
pub(super) fn rows(result: &Interpretation) -> Vec<(&str, i64, &str)> {
    assert_eq!(result.questions, []);
    result
        .good_rows()
        .map(|(_, row)| {
            let date: &str = Box::leak(row.date.to_string().into_boxed_str());
            (date, row.minor, row.description.as_str())
        })
        .collect()
}

/// The errors by line, column and code.
pub(super) fn errors(result: &Interpretation) -> Vec<(u32, &str, &str)> {
    let failed = result.rows.iter().filter_map(|row| Some((row.line, row.outcome.as_ref().err()?)));
    failed
        .flat_map(|(line, errors)| {
            errors.iter().map(move |error| (line, error.column.as_str(), error.code.as_str()))
        })
        .collect()
}
