//! What a condition asks of a row.

use serde::{Deserialize, Serialize};

use super::pattern::Pattern;
use crate::fingerprint::normalise_description;
use crate::{AccountId, Code, Currency, Date};

words! {
    /// Which way the money of a row went.
    pub enum Way (Code::OptionUnknown) {
        In = "in", "Money in";
        Out = "out", "Money out";
    }
}

/// A condition as it is kept, in JSON: `{"field": "description", "operator": "contains", "value": "coffee"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "field", rename_all = "camelCase")]
pub enum Condition {
    /// The bank's text.
    Description(TextTest),
    /// The merchant's name, or the key under which its rows come together.
    Merchant(TextTest),
    /// The amount without its sign.
    Amount(AmountTest),
    /// Which way the money went.
    Direction {
        /// The way.
        value: Way,
    },
    /// The account of the row.
    Account {
        /// Its id.
        value: AccountId,
    },
    /// The currency of the row.
    Currency {
        /// ISO 4217.
        value: Currency,
    },
    /// The day of the month the row is dated.
    Day(DayTest),
    /// What the provider calls the category.
    ProviderCategory(TextTest),
}

/// How texts are compared. Case, width and runs of blanks make no difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operator", content = "value", rename_all = "camelCase")]
pub enum TextTest {
    /// The text has it somewhere.
    Contains(String),
    /// The text is it.
    Equals(String),
    /// The text begins with it.
    StartsWith(String),
    /// The text has something of this pattern somewhere, in either case.
    Regex(String),
}

/// How amounts are compared, in hundredths of the currency's unit whatever its decimals: 2000 is 20 dollars or 20 yen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operator", rename_all = "camelCase")]
pub enum AmountTest {
    /// Exactly this.
    Equals {
        /// Hundredths, without a sign.
        value: i64,
    },
    /// From one to the other, both included.
    Between {
        /// Hundredths, without a sign.
        value: i64,
        /// Hundredths, not below `value`.
        to: i64,
    },
}

/// How days of the month are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operator", rename_all = "camelCase")]
pub enum DayTest {
    /// This day.
    Equals {
        /// 1 to 31.
        value: u8,
    },
    /// From one to the other, both included.
    Between {
        /// 1 to 31.
        value: u8,
        /// Not before `value`.
        to: u8,
    },
}

/// A row as conditions see it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'r> {
    /// The bank's text.
    pub description: &'r str,
    /// The merchant's name, when there is one.
    pub merchant: Option<&'r str>,
    /// The key of the merchant ([`crate::merchant::key`]).
    pub merchant_key: &'r str,
    /// Minor units, in above zero.
    pub minor: i64,
    /// The currency of the amount.
    pub currency: Currency,
    /// The account of the row.
    pub account: &'r AccountId,
    /// The date the row shows.
    pub date: Date,
    /// What the provider calls the category, when it says.
    pub provider_category: Option<&'r str>,
}

/// A condition made ready to be asked of many rows.
pub(super) enum Test {
    Description(Text),
    Merchant(Text),
    ProviderCategory(Text),
    Amount(AmountTest),
    Way(Way),
    Account(AccountId),
    Currency(Currency),
    Day(DayTest),
}

/// A comparison of texts made ready; what it is compared with is normalised.
pub(super) enum Text {
    Contains(String),
    Equals(String),
    StartsWith(String),
    Pattern(Pattern),
}

impl Test {
    pub(super) fn new(condition: &Condition) -> Result<Self, Code> {
        Ok(match condition {
            Condition::Description(test) => Self::Description(Text::new(test)?),
            Condition::Merchant(test) => Self::Merchant(Text::new(test)?),
            Condition::ProviderCategory(test) => Self::ProviderCategory(Text::new(test)?),
            Condition::Amount(test) => Self::Amount(*test),
            Condition::Direction { value } => Self::Way(*value),
            Condition::Account { value } => Self::Account(value.clone()),
            Condition::Currency { value } => Self::Currency(*value),
            Condition::Day(test) => Self::Day(*test),
        })
    }

    pub(super) fn holds(&self, row: &Prepared<'_>) -> bool {
        match self {
            Self::Description(text) => text.holds(&row.description),
            Self::Merchant(text) => {
                row.merchant.as_deref().is_some_and(|name| text.holds(name))
                    || (!row.row.merchant_key.is_empty() && text.holds(row.row.merchant_key))
            }
            Self::ProviderCategory(text) => {
                row.provider_category.as_deref().is_some_and(|word| text.holds(word))
            }
            Self::Amount(test) => test.holds(row.row.minor, row.row.currency),
            Self::Way(Way::In) => row.row.minor > 0,
            Self::Way(Way::Out) => row.row.minor < 0,
            Self::Account(account) => account == row.row.account,
            Self::Currency(currency) => *currency == row.row.currency,
            Self::Day(test) => test.holds(row.row.date.day()),
        }
    }
}

impl Text {
    fn new(asked: &TextTest) -> Result<Self, Code> {
        Ok(match asked {
            TextTest::Contains(text) => Self::Contains(normalise_description(text)),
            TextTest::Equals(text) => Self::Equals(normalise_description(text)),
            TextTest::StartsWith(text) => Self::StartsWith(normalise_description(text)),
            TextTest::Regex(pattern) => Self::Pattern(Pattern::new(pattern)?),
        })
    }

    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Contains(part) => text.contains(part),
            Self::Equals(whole) => text == whole,
            Self::StartsWith(start) => text.starts_with(start),
            Self::Pattern(pattern) => pattern.is_match(text),
        }
    }
}

/// A row with its texts normalised once for all rules.
pub(super) struct Prepared<'r> {
    row: Subject<'r>,
    description: String,
    merchant: Option<String>,
    provider_category: Option<String>,
}

impl<'r> Prepared<'r> {
    pub(super) fn new(row: &Subject<'r>) -> Self {
        Self {
            row: *row,
            description: normalise_description(row.description),
            merchant: row.merchant.map(normalise_description),
            provider_category: row.provider_category.map(normalise_description),
        }
    }
}

impl AmountTest {
    /// True for an amount of that many minor units, whatever its sign.
    pub fn holds(self, minor: i64, currency: Currency) -> bool {
        let amount = i128::from(minor.unsigned_abs()).saturating_mul(100);
        let unit = 10_i128.saturating_pow(currency.exponent());
        let scaled = |hundredths: i64| i128::from(hundredths).saturating_mul(unit);
        match self {
            Self::Equals { value } => amount == scaled(value),
            Self::Between { value, to } => (scaled(value)..=scaled(to)).contains(&amount),
        }
    }
}

impl DayTest {
    /// True for a date on that day of its month.
    pub fn holds(self, day: u8) -> bool {
        match self {
            Self::Equals { value } => day == value,
            Self::Between { value, to } => (value..=to).contains(&day),
        }
    }
}
