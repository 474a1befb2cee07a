//! Rules that sort rows: an ordered list, each with conditions and what it sets. The first that sets a field wins for
//! that field.

mod condition;
mod evaluate;
mod form;
mod offer;
mod pattern;

#[cfg(test)]
mod tests;

pub use condition::{AmountTest, Condition, DayTest, Subject, TextTest, Way};
pub use evaluate::{Changes, Chosen, Compiled, Current, Outcome, evaluate};
pub use form::{ActionForm, ConditionForm, RuleForm};
pub use offer::{does_always, offer_always};
pub use pattern::{MAX_PATTERN, check as check_pattern};

use serde::{Deserialize, Serialize};

use crate::{AccountId, Code};

/// Most conditions of one rule.
pub const MAX_CONDITIONS: usize = 20;
/// Most actions of one rule.
pub const MAX_ACTIONS: usize = 10;

words! {
    /// How the conditions of a rule go together.
    pub enum Match (Code::OptionUnknown) {
        All = "all", "All of these";
        Any = "any", "Any of these";
    }
}

/// A rule as it is kept, in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// How the conditions go together.
    pub r#match: Match,
    /// At least one.
    pub conditions: Vec<Condition>,
    /// At least one.
    pub actions: Vec<Action>,
    /// Rules after this one are not looked at when it fits.
    #[serde(default)]
    pub stop: bool,
}

/// What a rule does to a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "set", content = "to", rename_all = "camelCase")]
pub enum Action {
    /// Its category, by key.
    Category(String),
    /// The name of its merchant.
    Merchant(String),
    /// A tag more.
    Tag(String),
    /// Its note.
    Note(String),
    /// Leaves it out of budgets, sums and charts.
    Exclude,
    /// Makes it a transfer with this account as the other side.
    Transfer(AccountId),
}

words! {
    /// The kinds of [`Action`], as a form lists them.
    pub enum ActionKind (Code::OptionUnknown) {
        Category = "category", "Set the category";
        Merchant = "merchant", "Name the merchant";
        Tag = "tag", "Add a tag";
        Note = "note", "Write a note";
        Exclude = "exclude", "Leave out of budgets";
        Transfer = "transfer", "Mark as transfer";
    }
}

words! {
    /// What a condition looks at.
    pub enum ConditionField (Code::OptionUnknown) {
        Description = "description", "Bank's text";
        Merchant = "merchant", "Merchant";
        Amount = "amount", "Amount";
        Direction = "direction", "In or out";
        Account = "account", "Account";
        Currency = "currency", "Currency";
        Day = "day", "Day of the month";
        ProviderCategory = "providerCategory", "Bank's category";
    }
}

words! {
    /// How a condition compares.
    pub enum Operator (Code::OptionUnknown) {
        Contains = "contains", "Contains";
        Equals = "equals", "Is";
        StartsWith = "startsWith", "Starts with";
        Between = "between", "Is between";
        Regex = "regex", "Matches the pattern";
    }
}

impl ConditionField {
    /// The operators it can have, in the order a form lists them.
    pub const fn operators(self) -> &'static [Operator] {
        match self {
            Self::Description | Self::Merchant | Self::ProviderCategory => {
                &[Operator::Contains, Operator::Equals, Operator::StartsWith, Operator::Regex]
            }
            Self::Amount | Self::Day => &[Operator::Equals, Operator::Between],
            Self::Direction | Self::Account | Self::Currency => &[Operator::Equals],
        }
    }
}
