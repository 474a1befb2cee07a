//! Which rows of the list are wanted. The whole of it lives in the address.

pub(crate) mod chips;
#[cfg(test)]
mod tests;

pub use chips::Chip;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::form::Errors;
use crate::query::{self, Pairs};
use crate::{
    AccountId, Code, Currency, Date, FieldError, Money, TransactionStatus, TransactionType,
    category, day, ids, money, tags, text,
};

/// Most characters in a search.
pub(crate) const SEARCH_MAX: usize = 100;
/// Most values under one name.
const VALUES_MAX: u32 = 50;

words! {
    /// What a row has to count as in the totals: transfers, rows that were left out and failed ones never do, and of a
    /// row that was split its parts are asked.
    pub enum Counted (Code::OptionUnknown) {
        /// Lowers or, as a refund, raises what is spent.
        Spending = "spending", "Counted as spending";
        /// Is earned.
        Income = "income", "Counted as income";
        /// The one or the other.
        Either = "either", "Counted in totals";
    }
}

words! {
    /// Which way the money of a row goes, by its sign: transfers too.
    pub enum Flow (Code::OptionUnknown) {
        In = "in", "Coming in";
        Out = "out", "Going out";
    }
}

/// Which rows of the list are wanted. Everything absent means all of them; what is there must all hold.
///
/// Of accounts, categories and states there are two fields each: the one where one is wanted, and the list, sorted and of
/// two or more, where any of several is. [`TransactionFilter::accounts_wanted`] and its like look at both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransactionFilter {
    /// Words in the description, the merchant or the note. Never empty.
    pub text: Option<String>,
    /// Rows of this account.
    pub account: Option<AccountId>,
    /// Rows of any of these accounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountId>,
    /// The key of a category; a group means all of its leaves ([`category::subtree`]).
    pub category: Option<String>,
    /// The keys of categories, of which a row has any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// The keys of categories, of which a row has none; a group means all of its leaves. Sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_categories: Vec<String>,
    /// Tags, of which a row has any. Sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Tags, of which a row has none. Sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_tags: Vec<String>,
    /// Rows of this type.
    pub r#type: Option<TransactionType>,
    /// Rows in this state.
    pub status: Option<TransactionStatus>,
    /// Rows in any of these states.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<TransactionStatus>,
    /// Rows in this currency.
    pub currency: Option<Currency>,
    /// Rows that count as this.
    pub counted: Option<Counted>,
    /// Rows that go this way.
    pub flow: Option<Flow>,
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

impl TransactionFilter {
    /// Reads `q`, `account`, `category`, `notCategory`, `tag`, `notTag`, `type`, `status`, `currency`, `counted`, `flow`,
    /// `min`, `max`, `from`, `to`, of which accounts, categories, tags and states may stand several times. Other names
    /// are left alone.
    pub fn from_query<K: AsRef<str>, V: AsRef<str>>(
        pairs: &[(K, V)],
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors::default();
        let mut read = Reader { pairs, errors: &mut errors };
        let text = read
            .value("q", |text| text::clean_line(text, SEARCH_MAX))
            .filter(|text| !text.is_empty());
        let (account, accounts) = one_or_many(read.values("account", account_id));
        let (category, categories) = one_or_many(read.values("category", category::parse_key));
        let not_categories = read.values("notCategory", category::parse_key);
        let tags = read.values("tag", tags::parse);
        let not_tags = read.values("notTag", tags::parse);
        let r#type = read.value("type", str::parse);
        let (status, statuses) = one_or_many(read.values("status", str::parse));
        let filter = Self {
            text,
            account,
            accounts,
            category,
            categories,
            not_categories,
            tags,
            not_tags,
            r#type,
            status,
            statuses,
            currency: read.value("currency", Currency::parse),
            counted: read.value("counted", str::parse),
            flow: read.value("flow", str::parse),
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
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let mut pairs = Pairs::new();
        pairs.extend(self.text.iter().map(|text| pair("q", text.clone())));
        pairs.extend(self.accounts_wanted().iter().map(|id| pair("account", id.to_string())));
        let categories = self.categories_wanted();
        pairs.extend(categories.iter().map(|key| pair("category", (*key).to_owned())));
        let not_categories = sorted(&self.not_categories);
        pairs.extend(not_categories.iter().map(|key| pair("notCategory", (*key).clone())));
        pairs.extend(sorted(&self.tags).iter().map(|tag| pair("tag", (*tag).clone())));
        pairs.extend(sorted(&self.not_tags).iter().map(|tag| pair("notTag", (*tag).clone())));
        pairs.extend(self.r#type.map(|r#type| pair("type", r#type.to_string())));
        pairs
            .extend(self.statuses_wanted().iter().map(|status| pair("status", status.to_string())));
        pairs.extend(self.currency.map(|currency| pair("currency", currency.to_string())));
        pairs.extend(self.counted.map(|counted| pair("counted", counted.to_string())));
        pairs.extend(self.flow.map(|flow| pair("flow", flow.to_string())));
        pairs.extend(self.min.map(|min| pair("min", amount(min))));
        pairs.extend(self.max.map(|max| pair("max", amount(max))));
        pairs.extend(self.from.map(|from| pair("from", day::format_iso(from))));
        pairs.extend(self.to.map(|to| pair("to", day::format_iso(to))));
        pairs
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

    /// The accounts of which a row must have one, sorted; none when any will do.
    pub fn accounts_wanted(&self) -> Vec<&AccountId> {
        sorted(self.account.iter().chain(&self.accounts))
    }

    /// The categories of which a row must have one, sorted; none when any will do.
    pub fn categories_wanted(&self) -> Vec<&str> {
        sorted(self.category.iter().chain(&self.categories).map(String::as_str))
    }

    /// The states of which a row must have one, in their order; none when any but failed will do.
    pub fn statuses_wanted(&self) -> Vec<TransactionStatus> {
        sorted(self.status.iter().chain(&self.statuses).copied())
    }

    /// The same with these accounts and no others.
    #[must_use]
    pub fn with_accounts(mut self, accounts: Vec<AccountId>) -> Self {
        (self.account, self.accounts) = one_or_many(accounts);
        self
    }

    /// The same with these categories and no others.
    #[must_use]
    pub fn with_categories(mut self, categories: Vec<String>) -> Self {
        (self.category, self.categories) = one_or_many(categories);
        self
    }

    /// The same with these states and no others.
    #[must_use]
    pub fn with_statuses(mut self, statuses: Vec<TransactionStatus>) -> Self {
        (self.status, self.statuses) = one_or_many(statuses);
        self
    }
}

/// Sorted, each once.
pub(crate) fn sorted<T: Ord>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort();
    values.dedup();
    values
}

/// A single value by itself, several as a sorted list.
fn one_or_many<T: Ord>(values: Vec<T>) -> (Option<T>, Vec<T>) {
    let mut values = sorted(values);
    if values.len() > 1 { (None, values) } else { (values.pop(), Vec::new()) }
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

    /// Every value under a name, sorted and each once; the first that is wrong is noted.
    fn values<T: Ord>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, Code>) -> Vec<T> {
        let read: Result<Vec<T>, Code> = query::values(self.pairs, name).map(parse).collect();
        let bounded = read.map(sorted).and_then(|values| {
            let is_few = u32::try_from(values.len()).is_ok_and(|count| count <= VALUES_MAX);
            if is_few { Ok(values) } else { Err(Code::FilterValues(VALUES_MAX)) }
        });
        self.errors.take(name, bounded).unwrap_or_default()
    }
}

fn account_id(text: &str) -> Result<AccountId, Code> {
    if ids::is_well_formed(text) { Ok(AccountId::new(text)) } else { Err(Code::AccountRequired) }
}

fn absolute(text: &str) -> Result<i64, Code> {
    money::parse_minor(text, Currency::USD).map(i64::saturating_abs)
}

fn date(text: &str) -> Result<Date, Code> {
    day::parse_iso(text).ok_or(Code::DateInvalid)
}
