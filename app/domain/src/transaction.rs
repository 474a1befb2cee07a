//! Transactions: what a page may know of one, the filters of a list, and the sums beside it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::form::Errors;
use crate::query::{self, Pairs};
use crate::{
    AccountId, Code, Currency, Date, FieldError, Money, TransactionId, category, day, money, text,
};

/// Most characters in a search.
const SEARCH_MAX: usize = 100;
/// Longest account id in an address.
const ID_MAX: usize = 64;

words! {
    /// Which way the money went; a transfer is between two accounts of one person.
    pub enum TransactionType (Code::TransactionTypeUnknown) {
        Debit = "debit", "Money out";
        Credit = "credit", "Money in";
        Transfer = "transfer", "Transfer";
    }
}

impl TransactionType {
    /// The type of a row that isn't a transfer, by its sign.
    pub const fn of(minor: i64) -> Self {
        if minor > 0 { Self::Credit } else { Self::Debit }
    }
}

words! {
    /// How far the bank is with it. Failed rows count nowhere.
    pub enum TransactionStatus (Code::TransactionStatusUnknown) {
        Pending = "pending", "Pending";
        Completed = "completed", "Completed";
        Failed = "failed", "Failed";
    }
}

/// A transaction as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionView {
    /// Its id.
    pub id: TransactionId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// What that account is called.
    pub account_name: String,
    /// The last digits of that account's number, when they may be shown.
    pub account_mask: Option<String>,
    /// The date at the bank.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// The bank's text.
    pub description: String,
    /// The name of the shop, when known.
    pub merchant: Option<String>,
    /// The key of its category.
    pub category: String,
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
}

impl TransactionView {
    /// The amount with its sign; nothing when the currency is unknown to this version.
    pub fn amount(&self) -> Option<Money> {
        Some(Money::new(self.signed_amount_cents, Currency::parse(&self.currency).ok()?))
    }

    /// The shop's name, else the bank's text.
    pub fn title(&self) -> &str {
        self.merchant.as_deref().unwrap_or(&self.description)
    }
}

/// What came in and went out in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CurrencySum {
    /// ISO 4217.
    pub currency: String,
    /// Minor units in, zero or above.
    pub in_minor: i64,
    /// Minor units out, zero or below.
    pub out_minor: i64,
}

/// One part of a list, and what is true of the whole list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionPage {
    /// The rows, newest first.
    pub items: Vec<TransactionView>,
    /// The number of the page, from 1; 1 also for a cursor's page.
    pub page: i64,
    /// How many rows were asked for.
    pub limit: i64,
    /// How many rows the whole list has.
    pub total: i64,
    /// How many pages they fill.
    pub total_pages: i64,
    /// For older rows, when there are any.
    pub next_cursor: Option<String>,
    /// For newer rows, when there are any.
    pub prev_cursor: Option<String>,
    /// What came in and went out in the whole list, one entry a currency.
    pub sums: Vec<CurrencySum>,
    /// There are rows before this day that the list leaves out: the plan reaches no further back.
    #[serde(default, with = "day::iso::option", skip_serializing_if = "Option::is_none")]
    pub hidden_before: Option<Date>,
}

/// The sum of one category in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryTotal {
    /// The key of the category.
    pub category: String,
    /// ISO 4217.
    pub currency: String,
    /// Minor units, in above zero.
    pub minor: i64,
    /// How many rows.
    pub count: i64,
}

/// The sum, or the balance, of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotal {
    /// The day.
    #[serde(with = "day::iso")]
    pub date: Date,
    /// Minor units.
    pub minor: i64,
}

/// Which rows of the list are wanted. Everything absent means all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransactionFilter {
    /// Words in the description, the merchant or the note. Never empty.
    pub text: Option<String>,
    /// Rows of this account.
    pub account: Option<AccountId>,
    /// The key of a category; a group means all of its leaves ([`category::subtree`]).
    pub category: Option<String>,
    /// Rows of this type.
    pub r#type: Option<TransactionType>,
    /// Rows in this state.
    pub status: Option<TransactionStatus>,
    /// The smallest amount without its sign, in minor units of two decimals.
    pub min: Option<i64>,
    /// The largest amount without its sign, in minor units of two decimals.
    pub max: Option<i64>,
    /// The first day.
    #[serde(with = "day::iso::option")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(with = "day::iso::option")]
    pub to: Option<Date>,
}

/// A filter that is on, with the way to switch it off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// The name of the filter in the address: `q`, `account`, `category`, `type`, `status`, `amount`, `date`.
    pub name: &'static str,
    /// What it says: "Groceries", "From 1 May 2026".
    pub label: String,
    /// The query of the list without it.
    pub without: String,
}

impl TransactionFilter {
    /// Reads `q`, `account`, `category`, `type`, `status`, `min`, `max`, `from`, `to`. Other names are left alone.
    pub fn from_query<K: AsRef<str>, V: AsRef<str>>(
        pairs: &[(K, V)],
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors::default();
        let mut read = Reader { pairs, errors: &mut errors };
        let filter = Self {
            text: read
                .value("q", |text| text::clean_line(text, SEARCH_MAX))
                .filter(|text| !text.is_empty()),
            account: read.value("account", account_id),
            category: read.value("category", category_key),
            r#type: read.value("type", str::parse),
            status: read.value("status", str::parse),
            min: read.value("min", absolute),
            max: read.value("max", absolute),
            from: read.value("from", date),
            to: read.value("to", date),
        };
        if filter.min.zip(filter.max).is_some_and(|(min, max)| min > max) {
            errors.push("max", Code::AmountOrder);
        }
        if filter.from.zip(filter.to).is_some_and(|(from, to)| from > to) {
            errors.push("to", Code::DateOrder);
        }
        errors.finish(Some(filter))
    }

    /// The pairs that [`TransactionFilter::from_query`] reads, always in the same order.
    pub fn to_pairs(&self) -> Pairs {
        let amount = |minor: i64| Money::new(minor, Currency::USD).to_plain();
        let pairs = [
            ("q", self.text.clone()),
            ("account", self.account.as_ref().map(ToString::to_string)),
            ("category", self.category.clone()),
            ("type", self.r#type.map(|r#type| r#type.to_string())),
            ("status", self.status.map(|status| status.to_string())),
            ("min", self.min.map(amount)),
            ("max", self.max.map(amount)),
            ("from", self.from.map(day::format_iso)),
            ("to", self.to.map(day::format_iso)),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    /// The same as the query of an address: `q=coffee&from=2026-05-01`.
    pub fn to_query(&self) -> String {
        query::encode(&self.to_pairs())
    }

    /// True when every row is wanted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same number for the same filters, on every machine and in every version.
    pub fn hash(&self) -> u64 {
        let digest: [u8; 32] = Sha256::digest(self.to_query()).into();
        digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    /// The filters that are on, as people read them. `account_name` knows what an account is called.
    pub fn chips(&self, account_name: impl Fn(&AccountId) -> Option<String>) -> Vec<Chip> {
        let chip = |name, label: Option<String>, without: Self| {
            Some(Chip { name, label: label?, without: without.to_query() })
        };
        let on = self.clone();
        [
            chip(
                "q",
                on.text.as_ref().map(|text| format!("“{text}”")),
                Self { text: None, ..on.clone() },
            ),
            chip(
                "account",
                on.account
                    .as_ref()
                    .map(|id| account_name(id).unwrap_or_else(|| "Account".to_owned())),
                Self { account: None, ..on.clone() },
            ),
            chip(
                "category",
                on.category.as_deref().map(category::label).map(str::to_owned),
                Self { category: None, ..on.clone() },
            ),
            chip(
                "type",
                on.r#type.map(|r#type| r#type.label().to_owned()),
                Self { r#type: None, ..on.clone() },
            ),
            chip(
                "status",
                on.status.map(|status| status.label().to_owned()),
                Self { status: None, ..on.clone() },
            ),
            chip(
                "amount",
                amount_label(on.min, on.max),
                Self { min: None, max: None, ..on.clone() },
            ),
            chip("date", date_label(on.from, on.to), Self { from: None, to: None, ..on.clone() }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Reads one value after the other and notes what is wrong.
struct Reader<'r, K, V> {
    pairs: &'r [(K, V)],
    errors: &'r mut Errors,
}

impl<K: AsRef<str>, V: AsRef<str>> Reader<'_, K, V> {
    fn value<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, Code>) -> Option<T> {
        query::value(self.pairs, name).and_then(|text| self.errors.take(name, parse(text)))
    }
}

fn account_id(text: &str) -> Result<AccountId, Code> {
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if text.len() > ID_MAX || !text.bytes().all(known) {
        return Err(Code::AccountRequired);
    }
    Ok(AccountId::new(text))
}

fn category_key(text: &str) -> Result<String, Code> {
    category::find(text).map(|category| category.key.to_owned()).ok_or(Code::CategoryUnknown)
}

fn absolute(text: &str) -> Result<i64, Code> {
    money::parse_minor(text, Currency::USD).map(i64::saturating_abs)
}

fn date(text: &str) -> Result<Date, Code> {
    day::parse_iso(text).ok_or(Code::DateInvalid)
}

/// "20.00 to 50.00": the list may hold several currencies, so no sign of one.
fn amount_label(min: Option<i64>, max: Option<i64>) -> Option<String> {
    let plain = |minor: i64| Money::new(minor, Currency::USD).format_absolute().replace('$', "");
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("Exactly {}", plain(min))),
        (Some(min), Some(max)) => Some(format!("{} to {}", plain(min), plain(max))),
        (Some(min), None) => Some(format!("{} or more", plain(min))),
        (None, Some(max)) => Some(format!("{} or less", plain(max))),
        (None, None) => None,
    }
}

/// "From 1 May 2026", "1 May 2026 to 31 May 2026", or the month when it is a whole one.
fn date_label(from: Option<Date>, to: Option<Date>) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) => {
            let month = day::Month::containing(from);
            Some(if from == month.first_day() && to == month.last_day() {
                month.label()
            } else if from == to {
                day::format_day(from)
            } else {
                format!("{} to {}", day::format_day(from), day::format_day(to))
            })
        }
        (Some(from), None) => Some(format!("From {}", day::format_day(from))),
        (None, Some(to)) => Some(format!("Until {}", day::format_day(to))),
        (None, None) => None,
    }
}

#[cfg(test)]
#[path = "transaction_tests.rs"]
mod tests;
