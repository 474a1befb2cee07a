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
    if rules.iter().any(|rule| does_always(rule, merchant_key, category)) {
        return None;
    }
    let (test, action) = wish(merchant_key, category);
    Some(Rule { r#match: Match::All, conditions: vec![test], actions: vec![action], stop: false })
}

/// Whether a rule gives every row of this merchant this category.
pub fn does_always(rule: &Rule, merchant_key: &str, category: &str) -> bool {
    let (test, action) = wish(merchant_key, category);
    let is_all = rule.conditions.len() == 1 || rule.r#match == Match::Any;
    is_all && rule.conditions.contains(&test) && rule.actions.contains(&action)
}

fn wish(merchant_key: &str, category: &str) -> (Condition, Action) {
    let test = Condition::Merchant(TextTest::Equals(merchant_key.to_owned()));
    (test, Action::Category(category.to_owned()))
}
