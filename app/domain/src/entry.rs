//! Rows that a person types in, and what they change about a row of any source.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::{
    AccountId, Code, Currency, Date, FieldError, Money, PairId, TransactionId, TransactionStatus,
    TransactionType, category, day, form::Errors, ledger::provenance::Writer, money, tags, text,
};

/// The source of rows that people type in.
pub const BY_HAND: &str = "manual";
/// Most characters of a description or a merchant.
const LINE_MAX: usize = 200;
/// Most characters of a note.
const NOTE_MAX: usize = 1_000;
/// How far ahead of today a row may be dated.
const AHEAD: Duration = Duration::days(366);

/// The form that adds a row, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EntryForm {
    /// `accountId`
    pub account_id: String,
    /// `date`: `2026-05-04`.
    pub date: String,
    /// `description`
    pub description: String,
    /// `amount`, without a sign: `direction` says which way it went.
    pub amount: String,
    /// `direction`: `out` (the default) or `in`.
    pub direction: String,
    /// `category`: a key; empty means none.
    pub category: String,
    /// `note`
    pub note: String,
    /// `tags`, between commas.
    pub tags: String,
}

/// A checked row of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The date at the bank.
    pub date: Date,
    /// What it was.
    pub description: String,
    /// Minor units, in above zero.
    pub minor: i64,
    /// The key of its category, where one was chosen.
    pub category: Option<String>,
    /// What the person wrote on it.
    pub note: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
}

impl EntryForm {
    /// The account that was chosen, whose currency [`EntryForm::parse`] needs.
    pub fn account(&self) -> Result<AccountId, Vec<FieldError>> {
        let id = self.account_id.trim();
        if id.is_empty() {
            return Err(vec![FieldError::new("accountId", Code::AccountRequired)]);
        }
        Ok(AccountId::new(id))
    }

    /// Checks everything and gives all errors at once.
    pub fn parse(
        &self,
        currency: Currency,
        today: Date,
        is_category: impl Fn(&str) -> bool,
    ) -> Result<NewEntry, Vec<FieldError>> {
        let mut errors = Errors::default();
        let date = errors.take("date", entry_date(&self.date, today));
        let description = errors.take("description", required_line(&self.description));
        let is_in = errors.take("direction", self.is_in());
        let size = errors.take("amount", self.size(currency));
        let minor = is_in.zip(size);
        let minor = minor.map(|(is_in, size)| if is_in { size } else { size.saturating_neg() });
        let category = errors.take("category", chosen(&self.category, is_category));
        let note = errors.take("note", note(&self.note));
        let tags = errors.take("tags", tags::parse_list(&self.tags));
        let all = date.zip(description).zip(minor).zip(category).zip(note).zip(tags);
        errors.finish(all.map(|(((((date, description), minor), category), note), tags)| {
            NewEntry { date, description, minor, category, note, tags }
        }))
    }

    fn is_in(&self) -> Result<bool, Code> {
        match self.direction.as_str() {
            "" | "out" => Ok(false),
            "in" => Ok(true),
            _ => Err(Code::OptionUnknown),
        }
    }

    /// Minor units without a sign.
    fn size(&self, currency: Currency) -> Result<i64, Code> {
        let size = money::parse_minor(&self.amount, currency)?.saturating_abs();
        if size == 0 { Err(Code::AmountZero) } else { Ok(size) }
    }
}

/// What is to be different about a row, field by field, as typed. Absent means: as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EditForm {
    /// `category`: a key.
    pub category: Option<String>,
    /// `merchant`: empty takes the name away, so that the bank's text is shown.
    pub merchant: Option<String>,
    /// `note`: empty takes it away.
    pub note: Option<String>,
    /// `tags`, between commas; empty takes them away.
    pub tags: Option<String>,
    /// `date`
    pub date: Option<String>,
    /// `excluded`: `true` leaves the row out of budgets and sums.
    pub excluded: Option<bool>,
}

/// Checked changes of a row. Nothing means: as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The key of another category.
    pub category: Option<String>,
    /// Another name of the shop.
    pub merchant: Option<Option<String>>,
    /// Another note.
    pub note: Option<Option<String>>,
    /// Other tags.
    pub tags: Option<Vec<String>>,
    /// Another date.
    pub date: Option<Date>,
    /// Left out, or counted.
    pub excluded: Option<bool>,
}

impl EditForm {
    /// What of a whole form is different from the row it was opened with: the rest stays whose it was.
    #[must_use]
    pub fn changed(self, row: &TransactionDetail) -> Self {
        let other = |typed: Option<String>, shown: &str| {
            typed.filter(|typed| typed.replace("\r\n", "\n").trim() != shown)
        };
        Self {
            category: other(self.category, &row.category),
            merchant: other(self.merchant, row.merchant.as_deref().unwrap_or_default()),
            note: other(self.note, row.note.as_deref().unwrap_or_default()),
            tags: self.tags.filter(|typed| tags::parse_list(typed).as_ref() != Ok(&row.tags)),
            date: other(self.date, &day::format_iso(row.date)),
            excluded: self.excluded.filter(|excluded| *excluded != row.excluded),
        }
    }

    /// Checks everything and gives all errors at once.
    pub fn parse(
        &self,
        today: Date,
        is_category: impl Fn(&str) -> bool,
    ) -> Result<Edit, Vec<FieldError>> {
        let mut errors = Errors::default();
        let category = self
            .category
            .as_deref()
            .map(|typed| errors.take("category", known(typed, is_category)));
        let merchant = self.merchant.as_deref().map(|typed| errors.take("merchant", line(typed)));
        let note = self.note.as_deref().map(|typed| errors.take("note", note(typed)));
        let tags = self.tags.as_deref().map(|typed| errors.take("tags", tags::parse_list(typed)));
        let date = self.date.as_deref().map(|typed| errors.take("date", entry_date(typed, today)));
        errors.finish(Some(Edit {
            category: category.flatten(),
            merchant: merchant.flatten(),
            note: note.flatten(),
            tags: tags.flatten(),
            date: date.flatten(),
            excluded: self.excluded,
        }))
    }
}

/// A part of a row that was split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartView {
    /// The key of its category.
    pub category: String,
    /// Minor units, in above zero.
    pub signed_amount_cents: i64,
    /// What the person wrote on it.
    pub note: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// The other side of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferView {
    /// The pair.
    pub id: PairId,
    /// The row at the other side.
    pub other: TransactionId,
    /// What its account is called.
    pub account_name: String,
    /// Its date.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// Found without its owner.
    pub auto: bool,
}

/// Everything that is known of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionDetail {
    /// Its id.
    pub id: TransactionId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// What that account is called.
    pub account_name: String,
    /// The last digits of that account's number, when they may be shown.
    pub account_mask: Option<String>,
    /// The date that is shown and counted.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// Who set it.
    pub date_by: Writer,
    /// The day of booking, where it is another one.
    #[serde(with = "day::iso::option")]
    pub posted_date: Option<Date>,
    /// The bank's text.
    pub description: String,
    /// The name of the shop.
    pub merchant: Option<String>,
    /// Who set it.
    pub merchant_by: Writer,
    /// The key of its category; its parts' count while it has any.
    pub category: String,
    /// Who set it.
    pub category_by: Writer,
    /// Which way the money went.
    pub r#type: TransactionType,
    /// How far the bank is with it.
    pub status: TransactionStatus,
    /// Minor units without a sign, whatever the currency.
    pub amount_cents: i64,
    /// Minor units, in above zero.
    pub signed_amount_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// What the person wrote on it.
    pub note: Option<String>,
    /// Who set it.
    pub note_by: Writer,
    /// Its tags.
    pub tags: Vec<String>,
    /// Who set them.
    pub tags_by: Writer,
    /// Left out of budgets and sums.
    pub excluded: bool,
    /// Who said so.
    pub excluded_by: Writer,
    /// Where it comes from: `manual`, `csv`, `plaid`, …
    pub source: String,
    /// What the provider calls it.
    pub provider_category: Option<String>,
    /// Its parts, where it was split.
    pub parts: Vec<PartView>,
    /// The other side, where it is a transfer.
    pub transfer: Option<TransferView>,
    /// Why somebody should look at it: a code.
    pub flag: Option<String>,
    /// When it came here, in UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed, in UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

impl TransactionDetail {
    /// The amount with its sign; nothing when the currency is unknown to this version.
    pub fn amount(&self) -> Option<Money> {
        Some(Money::new(self.signed_amount_cents, Currency::parse(&self.currency).ok()?))
    }

    /// The shop's name, else the bank's text.
    pub fn title(&self) -> &str {
        self.merchant.as_deref().unwrap_or(&self.description)
    }

    /// Whether its owner may delete it: what they typed in, while it is no side of a transfer.
    pub fn may_delete(&self) -> bool {
        self.source == BY_HAND && self.transfer.is_none()
    }
}

/// The date of a row: none that is more than a year ahead.
pub fn entry_date(typed: &str, today: Date) -> Result<Date, Code> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Code::DateRequired);
    }
    let date = day::parse_iso(typed).ok_or(Code::DateInvalid)?;
    let latest = today.saturating_add(AHEAD);
    if date > latest { Err(Code::DateFuture(latest)) } else { Ok(date) }
}

/// A note: empty means none.
pub fn note(typed: &str) -> Result<Option<String>, Code> {
    Ok(Some(text::clean_note(typed, NOTE_MAX)?).filter(|note| !note.is_empty()))
}

fn line(typed: &str) -> Result<Option<String>, Code> {
    Ok(Some(text::clean_line(typed, LINE_MAX)?).filter(|line| !line.is_empty()))
}

fn required_line(typed: &str) -> Result<String, Code> {
    line(typed)?.ok_or(Code::TextRequired)
}

/// A category that may be left open.
fn chosen(typed: &str, is_category: impl Fn(&str) -> bool) -> Result<Option<String>, Code> {
    if typed.trim().is_empty() { Ok(None) } else { known(typed, is_category).map(Some) }
}

/// The key of a category: ours, or one that the person made.
fn known(typed: &str, is_category: impl Fn(&str) -> bool) -> Result<String, Code> {
    let key = typed.trim();
    if category::find(key).is_some() || is_category(key) {
        Ok(key.to_owned())
    } else {
        Err(Code::CategoryUnknown)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 05 - 04);

    fn coffee() -> EntryForm {
        EntryForm {
            account_id: "acc".to_owned(),
            date: "2026-05-03".to_owned(),
            description: " Coffee  to go ".to_owned(),
            amount: "4.50".to_owned(),
            category: "food.coffee".to_owned(),
            tags: "Work".to_owned(),
            ..EntryForm::default()
        }
    }

    fn parse(form: &EntryForm) -> Result<NewEntry, Vec<(String, String)>> {
        form.parse(Currency::USD, TODAY, |key| key == "food.mine")
            .map_err(|errors| errors.into_iter().map(|error| (error.field, error.code)).collect())
    }

    #[test]
    fn money_goes_out_unless_it_comes_in() {
        let out = parse(&coffee()).unwrap();
        let income = EntryForm { direction: "in".to_owned(), ..coffee() };

        assert_eq!((out.minor, &*out.description), (-450, "Coffee to go"));
        assert_eq!(out.tags, ["work"]);
        assert_eq!(parse(&income).unwrap().minor, 450);
        assert_eq!(
            parse(&EntryForm { amount: "-4.50".to_owned(), ..coffee() }).unwrap().minor,
            -450
        );
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let form = EntryForm {
            date: "2026-02-30".to_owned(),
            description: " ".to_owned(),
            amount: "0".to_owned(),
            category: "nonsense".to_owned(),
            note: "x".repeat(1_001),
            tags: "a|b".to_owned(),
            ..coffee()
        };

        let errors = parse(&form).unwrap_err();

        let codes: Vec<(&str, &str)> =
            errors.iter().map(|(field, code)| (&**field, &**code)).collect();
        assert_eq!(
            codes,
            [
                ("date", "date_invalid"),
                ("description", "text_required"),
                ("amount", "amount_zero"),
                ("category", "category_unknown"),
                ("note", "text_length"),
                ("tags", "tag_characters"),
            ]
        );
    }

    #[test]
    fn a_date_lies_at_most_a_year_ahead() {
        assert_eq!(entry_date("2027-05-05", TODAY), Ok(date!(2027 - 05 - 05)));
        assert_eq!(entry_date("2027-05-06", TODAY), Err(Code::DateFuture(date!(2027 - 05 - 05))));
        assert_eq!(entry_date(" ", TODAY), Err(Code::DateRequired));
    }

    #[test]
    fn a_category_of_ones_own_is_one() {
        let form = EntryForm { category: "food.mine".to_owned(), ..coffee() };

        assert_eq!(parse(&form).unwrap().category.as_deref(), Some("food.mine"));
        assert_eq!(
            parse(&EntryForm { category: String::new(), ..coffee() }).unwrap().category,
            None
        );
    }

    #[test]
    fn what_is_not_typed_stays_and_what_is_empty_goes() {
        let form = EditForm { note: Some(" ".to_owned()), ..EditForm::default() };

        let edit = form.parse(TODAY, |_| false).unwrap();

        assert_eq!(edit, Edit { note: Some(None), ..Edit::default() });
        let wrong = EditForm { category: Some("x".to_owned()), date: Some("x".to_owned()), ..form };
        assert_eq!(wrong.parse(TODAY, |_| false).unwrap_err().len(), 2);
    }
}
