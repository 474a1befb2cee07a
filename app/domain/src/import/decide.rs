//! How a whole column is written: the reading that fits most cells, and a question when two fit and disagree.

use super::dates::{self, DateFormat};
use super::numbers::{self, Decimal};
use super::outcome::{Choice, Example, Question};
use crate::{Currency, Date, Money, day};

/// The way of writing that most dates follow; a question when two do and disagree.
pub(super) fn date_format(cells: &[&str], latest: Date) -> Result<DateFormat, Question> {
    let read = |cell: &str, format: DateFormat| dates::parse(cell, format, latest);
    let count = |format| cells.iter().filter(|cell| read(cell, format).is_some()).count();
    let fitting = best(DateFormat::ALL.iter().map(|format| (count(*format), *format)));
    let first = fitting.first().copied().unwrap_or(DateFormat::Ymd);
    let differing: Vec<&str> = cells
        .iter()
        .copied()
        .filter(|cell| fitting.iter().any(|format| read(cell, *format) != read(cell, first)))
        .take(2)
        .collect();
    if differing.is_empty() {
        return Ok(first);
    }
    let meaning = |cell: &str, format| {
        read(cell, format).map_or_else(|| "no date".to_owned(), day::format_day)
    };
    let choices = fitting.iter().map(|format| Choice {
        value: format.as_str().to_owned(),
        label: format.label().to_owned(),
        examples: differing.iter().map(|cell| example(cell, meaning(cell, *format))).collect(),
    });
    Err(Question::DateFormat { choices: choices.collect() })
}

/// The decimal sign that most amounts fit; a question when both fit and disagree.
pub(super) fn decimal(cells: &[(&str, Currency)]) -> Result<Decimal, Question> {
    let read = |(cell, currency): (&str, Currency), decimal: Decimal| {
        numbers::parse(cell, decimal, currency).ok().map(|minor| Money::new(minor, currency))
    };
    let count =
        |decimal: Decimal| cells.iter().filter(|cell| read(**cell, decimal).is_some()).count();
    let fitting = best(Decimal::ALL.iter().map(|decimal| (count(*decimal), *decimal)));
    if let &[only] = fitting.as_slice() {
        return Ok(only);
    }
    let differing: Vec<(&str, Currency)> = cells
        .iter()
        .copied()
        .filter(|cell| read(*cell, Decimal::Point) != read(*cell, Decimal::Comma))
        .take(2)
        .collect();
    // Where no amount can be read at all, the rows say so themselves.
    if differing.is_empty() || fitting.is_empty() {
        return Ok(Decimal::Point);
    }
    let meaning =
        |cell, decimal| read(cell, decimal).map_or_else(|| "no amount".to_owned(), Money::format);
    let choices = Decimal::ALL.iter().map(|decimal| Choice {
        value: decimal.as_str().to_owned(),
        label: decimal.label().to_owned(),
        examples: differing.iter().map(|cell| example(cell.0, meaning(*cell, *decimal))).collect(),
    });
    Err(Question::Decimal { choices: choices.collect() })
}

/// Those with the highest count, in their order; none when nothing was counted.
fn best<T: Copy>(counted: impl Iterator<Item = (usize, T)>) -> Vec<T> {
    let counted: Vec<(usize, T)> = counted.collect();
    let most = counted.iter().map(|(count, _)| *count).max().filter(|count| *count > 0);
    counted.into_iter().filter(|(count, _)| Some(*count) == most).map(|(_, value)| value).collect()
}

fn example(cell: &str, meaning: String) -> Example {
    Example { text: cell.to_owned(), meaning }
}
