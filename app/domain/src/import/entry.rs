//! One entry of a statement as one row, or everything that is wrong with it.

use super::Role;
use super::dates::{self, DateFormat};
use super::numbers::{self, Decimal};
use super::outcome::{ImportPart, ImportRow, RowError, RowFlag, RowResult};
use super::row::{NO_DESCRIPTION, one_line};
use super::statement::{Entry, Hint, MAX_PARTS, RawPart, Sign};
use crate::{Code, Currency, Date, category};

/// How the cells of a statement are read, once that is known.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) dates: DateFormat,
    pub(super) decimal: Decimal,
    /// The last day a row may have.
    pub(super) latest: Date,
    /// True when an entry that is taken back goes against its own direction.
    pub(super) turn_reversals: bool,
}

/// Reads one entry; every cell that is wrong is noted, not the first alone.
pub(super) fn read(entry: &Entry, style: Style, currency: Result<Currency, Code>) -> RowResult {
    let mut errors = Vec::new();
    let mut fail = |column: &str, code: Code| errors.push(error(column, code));
    if entry.cut_off {
        fail("", Code::FileDamaged);
    }
    let date = dates::checked(&entry.date, style.dates, style.latest);
    let date = date.map_err(|code| fail(Role::Date.label(), code));
    let currency = currency.map_err(|code| fail(Role::Currency.label(), code));
    let minor = currency.and_then(|currency| {
        amount(&entry.amount, entry.sign, style.decimal, currency).map_err(|code| {
            let column =
                if code == Code::IndicatorUnknown { Role::Indicator } else { Role::Amount };
            fail(column.label(), code);
        })
    });
    let outcome = match (date, minor, currency) {
        (Ok(date), Ok(minor), Ok(currency)) if errors.is_empty() => {
            let turned = entry.reversal && style.turn_reversals;
            let minor = if turned { minor.saturating_neg() } else { minor };
            Ok(row(entry, date, minor, currency, style.decimal))
        }
        _ => Err(errors),
    };
    RowResult { line: entry.line, outcome }
}

fn row(entry: &Entry, date: Date, minor: i64, currency: Currency, decimal: Decimal) -> ImportRow {
    let parts = parts(&entry.parts, minor, currency, decimal);
    let dropped = parts.is_none();
    ImportRow {
        date,
        minor,
        currency,
        description: one_line(&entry.description).unwrap_or_else(|| NO_DESCRIPTION.to_owned()),
        category: category_of(&entry.hint, minor).map(str::to_owned),
        note: one_line(&entry.note),
        balance: None,
        external_id: None,
        provider_id: one_line(&entry.provider_id),
        status: entry.status,
        merchant: one_line(&entry.merchant),
        transfer: entry.transfer,
        other_account: entry.other_account.as_deref().and_then(one_line),
        parts: parts.unwrap_or_default(),
        replaces: Vec::new(),
        flag: dropped.then_some(RowFlag::PartsDropped),
    }
}

/// The signed amount in a cell.
pub(super) fn amount(
    cell: &str,
    sign: Sign,
    decimal: Decimal,
    currency: Currency,
) -> Result<i64, Code> {
    if cell.is_empty() {
        return Err(Code::AmountRequired);
    }
    let minor = numbers::parse(cell, decimal, currency)?;
    match sign {
        Sign::Written | Sign::In => Ok(minor),
        Sign::Out => Ok(minor.saturating_neg()),
        Sign::Unknown => Err(Code::IndicatorUnknown),
    }
}

/// The parts of a split; nothing when they don't add up, or there are too many or empty ones.
fn parts(
    raw: &[RawPart],
    minor: i64,
    currency: Currency,
    decimal: Decimal,
) -> Option<Vec<ImportPart>> {
    if raw.len() < 2 {
        return Some(Vec::new());
    }
    let mut sum = 0_i64;
    let mut parts = Vec::with_capacity(raw.len());
    for part in raw {
        let part_minor = numbers::parse(&part.amount, decimal, currency).ok()?;
        sum = sum.checked_add(part_minor)?;
        let other_account = account_in(&part.label);
        let label = if other_account.is_some() { "" } else { part.label.as_str() };
        parts.push(ImportPart {
            minor: Some(part_minor).filter(|minor| *minor != 0)?,
            category: category_of(&Hint::Label(label.to_owned()), part_minor).map(str::to_owned),
            note: one_line(&part.note),
            other_account: other_account.and_then(one_line),
        });
    }
    (sum == minor && parts.len() <= MAX_PARTS).then_some(parts)
}

/// The name of the account in `[Savings]` or `[Savings]/Class`.
pub(super) fn account_in(label: &str) -> Option<&str> {
    let (name, _) = label.trim().strip_prefix('[')?.split_once(']')?;
    Some(name.trim()).filter(|name| !name.is_empty())
}

/// The key of the category that a hint means.
fn category_of(hint: &Hint, minor: i64) -> Option<&'static str> {
    match hint {
        Hint::None => None,
        Hint::Interest if minor < 0 => Some("financial.interest_charges"),
        Hint::Interest => Some("income.interest"),
        Hint::Dividend => Some("income.dividends"),
        Hint::Fee => Some("financial.bank_fees"),
        Hint::Label(label) => {
            // `Group:Leaf/Class`: the class says nothing of the category.
            let whole = label.split('/').next().unwrap_or(label);
            let (group, leaf) = whole.rsplit_once(':').unwrap_or(("", whole));
            [leaf, whole, group].into_iter().find_map(category::from_label)
        }
    }
}

fn error(column: &str, code: Code) -> RowError {
    RowError {
        column: column.to_owned(),
        code: code.as_str().to_owned(),
        message: code.message().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(label: &str, amount: &str) -> RawPart {
        RawPart { label: label.to_owned(), note: String::new(), amount: amount.to_owned() }
    }

    fn minors(raw: &[RawPart], minor: i64) -> Option<Vec<i64>> {
        let parts = parts(raw, minor, Currency::USD, Decimal::Point)?;
        Some(parts.into_iter().map(|part| part.minor).collect())
    }

    #[test]
    fn parts_are_kept_when_they_add_up() {
        let two = [part("Groceries", "-30.00"), part("[Savings]", "-4.50")];
        assert_eq!(minors(&two, -3450), Some(vec![-3000, -450]));
        assert_eq!(minors(&two, -3451), None);
        assert_eq!(minors(&[part("a", "x"), part("b", "1")], 100), None);
        assert_eq!(minors(&[part("a", "0"), part("b", "1")], 100), None);
        assert_eq!(minors(&[part("a", "1")], 100), Some(Vec::new()), "one part is the whole");
        assert_eq!(minors(&[], 100), Some(Vec::new()));
        assert_eq!(minors(&vec![part("a", "1"); 20], 2000).map(|parts| parts.len()), Some(20));
        assert_eq!(minors(&vec![part("a", "1"); 21], 2100), None);
    }

    #[test]
    fn a_hint_is_one_of_our_categories_or_none() {
        let label = |text: &str| category_of(&Hint::Label(text.to_owned()), -1);
        assert_eq!(label("Food:Groceries/Holiday"), Some("food.groceries"));
        assert_eq!(label("Groceries"), Some("food.groceries"));
        assert_eq!(label("Travel:Whatever"), Some("travel"));
        assert_eq!(label("Whatever"), None);
        assert_eq!(label(""), None);
        assert_eq!(category_of(&Hint::Interest, 1), Some("income.interest"));
        assert_eq!(category_of(&Hint::Interest, -1), Some("financial.interest_charges"));
    }

    #[test]
    fn every_hint_is_a_category_that_exists() {
        for hint in [Hint::Interest, Hint::Dividend, Hint::Fee] {
            for minor in [-1, 1] {
                assert!(category_of(&hint, minor).and_then(category::find).is_some(), "{hint:?}");
            }
        }
    }

    #[test]
    fn an_account_in_brackets_is_a_transfer() {
        assert_eq!(account_in("[Savings]"), Some("Savings"));
        assert_eq!(account_in(" [ My Savings ]/Class"), Some("My Savings"));
        for label in ["Savings", "[]", "[Savings", ""] {
            assert_eq!(account_in(label), None, "{label}");
        }
    }
}
