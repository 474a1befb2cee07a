//! One row in parts: each with an amount and a category of its own, together what the row is.

use serde::{Deserialize, Serialize};

use crate::form::Errors;
use crate::{Code, FieldError, Money, TransactionStatus, category, money, tags, text};

/// Fewest parts.
pub const MIN_PARTS: usize = 2;
/// Most parts.
pub const MAX_PARTS: usize = 20;
/// Most characters in the note of a part.
const NOTE_MAX: usize = 1_000;
/// Why somebody should look at a split row: its amount changed, and the last part took the difference.
pub const ADJUSTED: &str = "split_adjusted";

/// One part of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Minor units, signed like rows: in above zero. Never zero.
    pub minor: i64,
    /// The key of its category.
    pub category: String,
    /// What the person wrote on it.
    pub note: Option<String>,
    /// Its tags, sorted.
    pub tags: Vec<String>,
}

/// What the parts add up to and what the row is, as the person reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SplitSums {
    /// The sum of the parts.
    pub sum: Money,
    /// The amount of the row.
    pub total: Money,
}

impl SplitSums {
    /// The sentence with `{sum}` and `{total}` filled in.
    pub(crate) fn say(&self, sentence: &str) -> String {
        sentence.replace("{sum}", &self.sum.format()).replace("{total}", &self.total.format())
    }
}

/// One part as typed. The amount goes the way of the row: `20` of a purchase is money out, `-20` of it is money in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PartForm {
    /// `amount`
    pub amount: String,
    /// `category`: the key of one.
    pub category: String,
    /// `note`
    pub note: String,
    /// `tags`, with commas between them.
    pub tags: String,
}

impl PartForm {
    /// True for a line of the form that nobody used.
    fn is_empty(&self) -> bool {
        [&self.amount, &self.category, &self.note, &self.tags]
            .into_iter()
            .all(|text| text.trim().is_empty())
    }

    /// The form of a part of a row of that amount, for an editor that opens with what is there.
    pub fn of(part: &Part, whole: Money) -> Self {
        Self {
            amount: Money::new(along(part.minor, whole), whole.currency).to_plain(),
            category: part.category.clone(),
            note: part.note.clone().unwrap_or_default(),
            tags: part.tags.join(", "),
        }
    }
}

/// The editor of a split. Unused lines count for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SplitForm {
    /// `parts[0]`, `parts[1]`, …
    pub parts: Vec<PartForm>,
}

impl SplitForm {
    /// Checks every part, then their number, then their sum against the row's signed amount.
    pub fn parse(&self, whole: Money) -> Result<Vec<Part>, Vec<FieldError>> {
        let mut errors = Errors::default();
        let used = self.parts.iter().enumerate().filter(|(_, part)| !part.is_empty());
        let parts: Vec<Option<Part>> =
            used.map(|(n, part)| read(part, n, whole, &mut errors)).collect();
        if !(MIN_PARTS..=MAX_PARTS).contains(&parts.len()) {
            errors.push("parts", Code::SplitParts);
        }
        let parts: Option<Vec<Part>> = parts.into_iter().collect();
        if let Some(parts) = &parts
            && let Err(code) = check_sum(parts, whole)
        {
            errors.push("parts", code);
        }
        errors.finish(parts)
    }

    /// What is left of the row for further parts, as the person reads it: zero when the parts are right. Amounts that
    /// can't be read count as nothing. Nothing when it doesn't fit.
    pub fn remaining(&self, whole: Money) -> Option<Money> {
        let typed = self.parts.iter().filter_map(|part| {
            money::parse_minor(&part.amount, whole.currency).ok().map(|minor| along(minor, whole))
        });
        let left = typed.into_iter().try_fold(whole.minor, i64::checked_sub)?;
        Some(Money::new(along(left, whole), whole.currency))
    }
}

impl SplitForm {
    /// How far the parts are from the row, in words; nothing when it doesn't fit.
    pub fn left_words(&self, whole: Money) -> Option<String> {
        let left = self.remaining(whole)?;
        let total = Money::new(along(whole.minor, whole), whole.currency).format();
        Some(match left.minor {
            0 => format!("The parts add up to {total}"),
            1.. => format!("{} of {total} left for further parts", left.format()),
            _ => format!("{} more than the {total} there is", left.format_absolute()),
        })
    }

    /// The form with all that the other parts leave in its last line. Nothing when it doesn't fit.
    #[must_use]
    pub fn balanced(mut self, whole: Money) -> Option<Self> {
        let last = self.parts.pop()?;
        let left = self.remaining(whole)?;
        let amount = if left.minor == 0 { String::new() } else { left.to_plain() };
        self.parts.push(PartForm { amount, ..last });
        Some(self)
    }
}

/// Only what the bank has posted can be split, and no side of a transfer.
pub fn may_split(status: TransactionStatus, is_paired: bool) -> Result<(), Code> {
    match (status, is_paired) {
        (_, true) => Err(Code::SplitPaired),
        (TransactionStatus::Completed, false) => Ok(()),
        (TransactionStatus::Pending | TransactionStatus::Failed, false) => Err(Code::SplitPending),
    }
}

/// Refuses parts that don't add up to the row.
pub fn check_sum(parts: &[Part], whole: Money) -> Result<(), Code> {
    let sum = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.minor));
    let sum = sum.ok_or(Code::AmountTooLarge)?;
    if sum == whole.minor {
        return Ok(());
    }
    let as_read = |minor| Money::new(along(minor, whole), whole.currency);
    Err(Code::SplitSum(SplitSums { sum: as_read(sum), total: as_read(whole.minor) }))
}

/// The parts after the bank changed the amount of their row: the last one takes the difference. One that would become
/// zero goes, and with fewer than two left the row is whole again: no parts. Nothing when it doesn't fit.
pub fn follow(mut parts: Vec<Part>, new_total: i64) -> Option<Vec<Part>> {
    let sum = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.minor))?;
    let difference = new_total.checked_sub(sum)?;
    if let Some(last) = parts.last_mut() {
        last.minor = last.minor.checked_add(difference)?;
        if last.minor == 0 {
            parts.pop();
        }
    }
    if parts.len() < MIN_PARTS {
        parts.clear();
    }
    Some(parts)
}

fn read(form: &PartForm, n: usize, whole: Money, errors: &mut Errors) -> Option<Part> {
    let field = |name: &str| format!("parts[{n}].{name}");
    let minor = errors.take(&field("amount"), amount(&form.amount, whole));
    let category = errors.take(&field("category"), category::parse_key(form.category.trim()));
    let note = errors.take(&field("note"), text::clean_note(&form.note, NOTE_MAX));
    let tags = errors.take(&field("tags"), tags::parse_list(&form.tags));
    let note = note.map(|note| Some(note).filter(|note| !note.is_empty()));
    Some(Part { minor: minor?, category: category?, note: note?, tags: tags? })
}

fn amount(text: &str, whole: Money) -> Result<i64, Code> {
    match money::parse_minor(text, whole.currency)? {
        0 => Err(Code::AmountZero),
        minor => Ok(along(minor, whole)),
    }
}

/// Between an amount as stored and the same as read along the row: the sign turns for money out.
const fn along(minor: i64, whole: Money) -> i64 {
    if whole.minor < 0 { minor.saturating_neg() } else { minor }
}

#[cfg(test)]
#[path = "splits_tests.rs"]
mod tests;
