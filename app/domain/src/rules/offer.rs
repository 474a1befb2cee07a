//! "Always categorise Blue Bottle as Coffee?"

use super::condition::{Condition, TextTest};
use super::{Action, Match, Rule};
use crate::category::UNCATEGORIZED;

/// So many changes of one merchant to one category, and we offer to do it from now on.
const OFFER_AFTER: u32 = 2;

/// The rule to offer after somebody gave a row of this merchant this category by hand, `by_hand` times including this
/// one. Nothing before the second time, or when a rule does it already.
pub fn offer_always(
    merchant_key: &str,
    category: &str,
    by_hand: u32,
    rules: &[Rule],
) -> Option<Rule> {
    let is_nothing = merchant_key.is_empty() || category == UNCATEGORIZED;
    if is_nothing || by_hand < OFFER_AFTER {
        return None;
    }
    let test = Condition::Merchant(TextTest::Equals(merchant_key.to_owned()));
    let action = Action::Category(category.to_owned());
    let does_it = |rule: &Rule| {
        let is_all = rule.conditions.len() == 1 || rule.r#match == Match::Any;
        is_all && rule.conditions.contains(&test) && rule.actions.contains(&action)
    };
    if rules.iter().any(does_it) {
        return None;
    }
    Some(Rule { r#match: Match::All, conditions: vec![test], actions: vec![action], stop: false })
}
