//! The form of a rule as a page has it: a few lines that most rules need, instead of any number of any kind.

use domain::{
    Currency, FieldError, Money,
    query::Pairs,
    rules::{
        Action, ActionForm, AmountTest, Condition, ConditionForm, DayTest, Rule, RuleForm, TextTest,
    },
};
use serde::{Deserialize, Serialize};

use crate::ui::query::find;

/// The largest amount that can be typed, for a range without an end.
const NO_END: &str = "9999999999";

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TypedRule {
    /// What the person calls it.
    pub name: String,
    /// `all` or `any`.
    pub r#match: String,
    /// What the first text is compared with: `description` or `merchant`.
    pub field: String,
    /// How.
    pub operator: String,
    /// The first text.
    pub text: String,
    /// The same for a second one.
    pub other_field: String,
    /// How.
    pub other_operator: String,
    /// The second text.
    pub other_text: String,
    /// The least amount, without a sign.
    pub amount_from: String,
    /// The largest.
    pub amount_to: String,
    /// `in`, `out` or nothing.
    pub direction: String,
    /// An account or nothing.
    pub account: String,
    /// The first day of the month.
    pub day_from: String,
    /// The last.
    pub day_to: String,
    /// The category that is set.
    pub category: String,
    /// The merchant's name that is set.
    pub merchant: String,
    /// The tag that is added.
    pub tag: String,
    /// The note that is set.
    pub note: String,
    /// Whether it is left out of budgets: anything but nothing means yes, as a ticked box sends it.
    pub exclude: String,
    /// Whether later rules are not asked, the same way.
    pub stop: String,
}

/// A condition, with the fields of the page for its value and its end.
type Line = (ConditionForm, &'static str, &'static str);

impl TypedRule {
    /// The fields as they stand in an address.
    pub fn of_query(query: &Pairs) -> Self {
        let text = |name: &str| find(query, name).unwrap_or_default().to_owned();
        Self {
            name: text("name"),
            r#match: text("match"),
            field: text("field"),
            operator: text("operator"),
            text: text("text"),
            other_field: text("otherField"),
            other_operator: text("otherOperator"),
            other_text: text("otherText"),
            amount_from: text("amountFrom"),
            amount_to: text("amountTo"),
            direction: text("direction"),
            account: text("account"),
            day_from: text("dayFrom"),
            day_to: text("dayTo"),
            category: text("category"),
            merchant: text("merchant"),
            tag: text("tag"),
            note: text("note"),
            exclude: text("exclude"),
            stop: text("stop"),
        }
    }

    /// The fields of a rule that is there.
    pub fn of(name: &str, rule: &Rule) -> Self {
        let mut typed = Self {
            name: name.to_owned(),
            r#match: rule.r#match.as_str().to_owned(),
            stop: ticked(rule.stop),
            ..Self::default()
        };
        for condition in &rule.conditions {
            typed.take_condition(condition);
        }
        for action in &rule.actions {
            match action {
                Action::Category(key) => typed.category.clone_from(key),
                Action::Merchant(name) => typed.merchant.clone_from(name),
                Action::Tag(tag) => typed.tag.clone_from(tag),
                Action::Note(note) => typed.note.clone_from(note),
                Action::Exclude => typed.exclude = ticked(true),
                Action::Transfer(_) => {}
            }
        }
        typed
    }

    fn take_condition(&mut self, condition: &Condition) {
        let amount = |minor: i64| Money::new(minor, Currency::USD).to_plain();
        match condition {
            Condition::Description(test) => self.take_text("description", test),
            Condition::Merchant(test) => self.take_text("merchant", test),
            Condition::Amount(AmountTest::Equals { value }) => {
                (self.amount_from, self.amount_to) = (amount(*value), amount(*value));
            }
            Condition::Amount(AmountTest::Between { value, to }) => {
                (self.amount_from, self.amount_to) = (amount(*value), amount(*to));
            }
            Condition::Direction { value } => value.as_str().clone_into(&mut self.direction),
            Condition::Account { value } => self.account = value.to_string(),
            Condition::Day(DayTest::Equals { value }) => {
                (self.day_from, self.day_to) = (value.to_string(), value.to_string());
            }
            Condition::Day(DayTest::Between { value, to }) => {
                (self.day_from, self.day_to) = (value.to_string(), to.to_string());
            }
            Condition::Currency { .. } | Condition::ProviderCategory(_) => {}
        }
    }

    /// A text test in the first line that is free.
    fn take_text(&mut self, field: &str, test: &TextTest) {
        let (operator, words) = match test {
            TextTest::Contains(words) => ("contains", words),
            TextTest::Equals(words) => ("equals", words),
            TextTest::StartsWith(words) => ("startsWith", words),
            TextTest::Regex(words) => ("regex", words),
        };
        let line = if self.text.is_empty() {
            [&mut self.field, &mut self.operator, &mut self.text]
        } else {
            [&mut self.other_field, &mut self.other_operator, &mut self.other_text]
        };
        for (slot, value) in line.into_iter().zip([field, operator, words]) {
            value.clone_into(slot);
        }
    }

    /// The conditions that are used, each with the fields that its errors belong to.
    fn lines(&self) -> Vec<Line> {
        let or = |text: &str, usual: &str| {
            if text.trim().is_empty() { usual.to_owned() } else { text.to_owned() }
        };
        let condition = |field: &str, operator: &str, value: String, to: String| ConditionForm {
            field: or(field, "description"),
            operator: operator.to_owned(),
            value,
            to,
        };
        let mut lines = Vec::new();
        let mut push = |used: &[&str], line: Line| {
            if used.iter().any(|text| !text.trim().is_empty()) {
                lines.push(line);
            }
        };
        let first = condition(&self.field, &self.operator, self.text.clone(), String::new());
        push(&[&self.text], (first, "text", "text"));
        let second = condition(
            &self.other_field,
            &self.other_operator,
            self.other_text.clone(),
            String::new(),
        );
        push(&[&self.other_text], (second, "otherText", "otherText"));
        let amount =
            condition("amount", "between", or(&self.amount_from, "0"), or(&self.amount_to, NO_END));
        push(&[&self.amount_from, &self.amount_to], (amount, "amountFrom", "amountTo"));
        let direction = condition("direction", "", self.direction.clone(), String::new());
        push(&[&self.direction], (direction, "direction", "direction"));
        let account = condition("account", "", self.account.clone(), String::new());
        push(&[&self.account], (account, "account", "account"));
        let day = condition("day", "between", or(&self.day_from, "1"), or(&self.day_to, "31"));
        push(&[&self.day_from, &self.day_to], (day, "dayFrom", "dayTo"));
        lines
    }

    /// What is done, each with the field that its errors belong to.
    fn actions(&self) -> Vec<(ActionForm, &'static str)> {
        let fields = [
            ("category", &self.category),
            ("merchant", &self.merchant),
            ("tag", &self.tag),
            ("note", &self.note),
        ];
        let used = fields.into_iter().filter(|(_, value)| !value.trim().is_empty());
        let mut actions: Vec<(ActionForm, &'static str)> = used
            .map(|(kind, value)| (ActionForm { kind: kind.to_owned(), value: value.clone() }, kind))
            .collect();
        if !self.exclude.is_empty() {
            let kind = "exclude".to_owned();
            actions.push((ActionForm { kind, value: String::new() }, "exclude"));
        }
        actions
    }

    /// The form that the rules of a rule are made for.
    pub fn to_form(&self) -> RuleForm {
        RuleForm {
            r#match: self.r#match.clone(),
            conditions: self.lines().into_iter().map(|(line, ..)| line).collect(),
            actions: self.actions().into_iter().map(|(action, _)| action).collect(),
            stop: self.stop.clone(),
        }
    }

    /// Errors of that form, at the fields of the page.
    pub fn at_fields(&self, errors: Vec<FieldError>) -> Vec<FieldError> {
        let lines = self.lines();
        let actions = self.actions();
        let place = |field: &str| -> Option<&'static str> {
            let (list, rest) = field.split_once('[')?;
            let (n, name) = rest.split_once("].")?;
            let n: usize = n.parse().ok()?;
            match list {
                "conditions" => {
                    lines.get(n).map(|(_, value, to)| if name == "to" { *to } else { *value })
                }
                _ => actions.get(n).map(|(_, field)| *field),
            }
        };
        let at = |mut error: FieldError| {
            match error.field.as_str() {
                "conditions" => "text".clone_into(&mut error.field),
                "actions" => "category".clone_into(&mut error.field),
                _ => {
                    if let Some(field) = place(&error.field) {
                        field.clone_into(&mut error.field);
                    }
                }
            }
            error
        };
        errors.into_iter().map(at).collect()
    }
}

/// As a box sends it.
fn ticked(yes: bool) -> String {
    if yes { "true".to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> TypedRule {
        TypedRule {
            name: "Coffee".to_owned(),
            r#match: "all".to_owned(),
            field: "merchant".to_owned(),
            operator: "startsWith".to_owned(),
            text: "blue".to_owned(),
            amount_from: "2.00".to_owned(),
            amount_to: "9.00".to_owned(),
            direction: "out".to_owned(),
            day_from: "1".to_owned(),
            day_to: "15".to_owned(),
            category: "food.coffee".to_owned(),
            tag: "out".to_owned(),
            exclude: ticked(true),
            stop: ticked(true),
            ..TypedRule::default()
        }
    }

    #[test]
    fn what_is_typed_becomes_a_rule_and_comes_back() {
        let rule = typed().to_form().parse().unwrap();

        assert_eq!((rule.conditions.len(), rule.actions.len(), rule.stop), (4, 3, true));
        assert_eq!(TypedRule::of("Coffee", &rule), typed());
    }

    #[test]
    fn an_empty_form_has_its_errors_at_the_first_fields() {
        let empty = TypedRule::default();
        let errors = empty.at_fields(empty.to_form().parse().unwrap_err());
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["text", "category"]);
    }

    #[test]
    fn each_error_is_at_the_field_that_was_typed_in() {
        let wrong = TypedRule {
            other_text: "(".to_owned(),
            other_operator: "regex".to_owned(),
            amount_from: "9".to_owned(),
            amount_to: "2".to_owned(),
            day_from: "40".to_owned(),
            category: "nothing".to_owned(),
            tag: "a|b".to_owned(),
            ..TypedRule::default()
        };

        let errors = wrong.at_fields(wrong.to_form().parse().unwrap_err());

        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["otherText", "amountTo", "dayFrom", "category", "tag"]);
    }
}
