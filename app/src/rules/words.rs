//! A rule as sentences.

use backend::categories::OwnCategory;
use domain::{
    AccountId, AccountView, Currency, Money,
    rules::{Action, AmountTest, Condition, DayTest, Match, Rule, TextTest},
};

use crate::{transactions::category_label, ui::money::dots_or};

/// "When the bank's text contains “blue” and the money goes out".
pub(super) fn when(rule: &Rule, accounts: &[AccountView]) -> String {
    let joint = match rule.r#match {
        Match::All => " and ",
        Match::Any => " or ",
    };
    let parts: Vec<String> =
        rule.conditions.iter().map(|condition| asked(condition, accounts)).collect();
    format!("When {}", parts.join(joint))
}

/// "the bank's text contains “blue”".
pub(super) fn asked(condition: &Condition, accounts: &[AccountView]) -> String {
    match condition {
        Condition::Description(test) => format!("the bank's text {}", text(test)),
        Condition::Merchant(test) => format!("the merchant {}", text(test)),
        Condition::ProviderCategory(test) => format!("the bank's category {}", text(test)),
        Condition::Amount(AmountTest::Equals { value }) => {
            format!("the amount is {}", amount(*value))
        }
        Condition::Amount(AmountTest::Between { value, to }) => {
            format!("the amount is between {} and {}", amount(*value), amount(*to))
        }
        Condition::Direction { value } => format!("it is {}", value.label().to_lowercase()),
        Condition::Account { value } => format!("the account is {}", named(value, accounts)),
        Condition::Currency { value } => format!("the currency is {}", value.code()),
        Condition::Day(DayTest::Equals { value }) => format!("the day of the month is {value}"),
        Condition::Day(DayTest::Between { value, to }) => {
            format!("the day of the month is between {value} and {to}")
        }
    }
}

fn text(test: &TextTest) -> String {
    let (verb, words) = match test {
        TextTest::Contains(words) => ("contains", words),
        TextTest::Equals(words) => ("is", words),
        TextTest::StartsWith(words) => ("starts with", words),
        TextTest::Regex(words) => ("matches", words),
    };
    format!("{verb} “{words}”")
}

/// Amounts of rules have two decimals and no currency: "20.00".
fn amount(minor: i64) -> String {
    dots_or(|| Money::new(minor, Currency::USD).to_plain())
}

/// "Category: Coffee · Tag: out · Left out of budgets".
pub(super) fn then(rule: &Rule, own: &[OwnCategory], accounts: &[AccountView]) -> String {
    let done = rule.actions.iter().map(|action| done(action, own, accounts));
    let mut done: Vec<String> = done.collect();
    done.extend(rule.stop.then(|| "later rules are not asked".to_owned()));
    done.join(" · ")
}

/// "Category: Coffee".
pub(super) fn done(action: &Action, own: &[OwnCategory], accounts: &[AccountView]) -> String {
    match action {
        Action::Category(key) => format!("Category: {}", category_label(own, key)),
        Action::Merchant(name) => format!("Merchant: {name}"),
        Action::Tag(tag) => format!("Tag: {tag}"),
        Action::Note(note) => format!("Note: {note}"),
        Action::Exclude => "Left out of budgets".to_owned(),
        Action::Transfer(account) => format!("Transfer with {}", named(account, accounts)),
    }
}

/// What an account is called.
fn named(id: &AccountId, accounts: &[AccountView]) -> String {
    let account = accounts.iter().find(|account| account.id == *id);
    account.map_or_else(|| "an account that is gone".to_owned(), AccountView::display_name)
}

#[cfg(test)]
mod tests {
    use super::{super::form::TypedRule, *};

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let typed = TypedRule {
            text: "blue".to_owned(),
            direction: "out".to_owned(),
            amount_to: "9.00".to_owned(),
            amount_from: "2".to_owned(),
            category: "food.coffee".to_owned(),
            stop: "true".to_owned(),
            ..TypedRule::default()
        };
        let rule = typed.to_form().parse().unwrap();

        assert_eq!(
            when(&rule, &[]),
            "When the bank's text contains “blue” and the amount is between 2.00 and 9.00 and it is money out"
        );
        assert_eq!(then(&rule, &[], &[]), "Category: Coffee · later rules are not asked");
    }

    #[test]
    fn a_category_has_its_owners_word() {
        let own = [OwnCategory {
            key: "food.school-lunch".to_owned(),
            group_key: "food".to_owned(),
            label: "School lunch".to_owned(),
            own: true,
        }];
        let typed = TypedRule {
            text: "canteen".to_owned(),
            category: "food.school-lunch".to_owned(),
            ..TypedRule::default()
        };

        assert_eq!(then(&typed.to_form().parse().unwrap(), &own, &[]), "Category: School lunch");
    }
}
