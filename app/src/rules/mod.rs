//! Rules: the list in its order, a new one with a look at what it would change, one that is changed.

mod api;
mod edit;
mod fields;
mod form;
mod list;
mod words;

pub use api::{
    ApplyRule, ChangeRule, CreateRule, DeleteRule, GetRule, ListRules, PreviewRule, ShiftRule,
};
pub use edit::{NewRulePage, RulePage};
pub use list::RulesPage;
