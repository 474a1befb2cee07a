//! The form of a rule as a page has it: a few lines that most rules need. What a rule has beyond them, because a program
//! made it, is listed under them and kept as long as it is ticked.

use domain::{
    Currency, FieldError, Money,
    query::Pairs,
    rules::{
        Action, ActionForm, AmountTest, Condition, ConditionForm, DayTest, Match, Rule, RuleForm,
        TextTest,
    },
};
use serde::{Deserialize, Serialize};

use crate::ui::query::find;

/// The largest amount that can be typed, for a range without an end.
const NO_END: &str = "9999999999";
/// The same in hundredths, as a rule keeps it.
const NO_END_MINOR: i64 = 999_999_999_900;
/// The name of the boxes of what the lines have no room for.
pub(super) const ALSO: &str = "also[]";

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TypedRule {
    /// What the person calls it.
    pub name: String,
    /// `all` or `any`.
    pub r#match: String,
    /// What the first text is compared with: `description`, `merchant` or `providerCategory`.
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
    /// A currency or nothing.
    pub currency: String,
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
    /// The account that is the other side of a transfer, or nothing.
    pub transfer: String,
    /// Whether it is left out of budgets: anything but nothing means yes, as a ticked box sends it.
    pub exclude: String,
    /// Whether later rules are not asked, the same way.
    pub stop: String,
    /// What the lines have no room for, each as it is kept: an [`Extra`].
    pub also: Vec<String>,
}

/// A condition or an action that the lines have no room for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Extra {
    /// It asks.
    Condition(Condition),
    /// It does.
    Action(Action),
}

impl Extra {
    /// Reads what a box holds; nothing for what is no part of a rule.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn write(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// The line of the form that it would be.
    fn form(self) -> RuleForm {
        let (conditions, actions) = match self {
            Self::Condition(condition) => (vec![condition], Vec::new()),
            Self::Action(action) => (Vec::new(), vec![action]),
        };
        RuleForm::of(&Rule { r#match: Match::All, conditions, actions, stop: false })
    }
}

/// A condition, with the fields of the page for its value and its end.
type Line = (ConditionForm, &'static str, &'static str);

impl TypedRule {
    /// The fields as they stand in an address.
    pub fn of_query(query: &Pairs) -> Self {
        let text = |name: &str| find(query, name).unwrap_or_default().to_owned();
        let also = query.iter().filter(|(name, _)| name == ALSO);
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
            currency: text("currency"),
            day_from: text("dayFrom"),
            day_to: text("dayTo"),
            category: text("category"),
            merchant: text("merchant"),
            tag: text("tag"),
            note: text("note"),
            transfer: text("transfer"),
            exclude: text("exclude"),
            stop: text("stop"),
            also: also.map(|(_, value)| value.clone()).collect(),
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
        let mut also = Vec::new();
        for condition in &rule.conditions {
            if !typed.take_condition(condition) {
                also.push(Extra::Condition(condition.clone()));
            }
        }
        for action in &rule.actions {
            if !typed.take_action(action) {
                also.push(Extra::Action(action.clone()));
            }
        }
        typed.also = also.iter().filter_map(Extra::write).collect();
        typed
    }

    /// False where the lines have no room for it.
    fn take_condition(&mut self, condition: &Condition) -> bool {
        match condition {
            Condition::Description(test) => self.take_text("description", test),
            Condition::Merchant(test) => self.take_text("merchant", test),
            Condition::ProviderCategory(test) => self.take_text("providerCategory", test),
            Condition::Amount(test) => self.take_amount(*test),
            Condition::Direction { value } => put(&mut self.direction, value.as_str()),
            Condition::Account { value } => put(&mut self.account, value.as_str()),
            Condition::Currency { value } => put(&mut self.currency, value.code()),
            Condition::Day(test) => {
                let (from, to) = match test {
                    DayTest::Equals { value } => (value, value),
                    DayTest::Between { value, to } => (value, to),
                };
                put_range(
                    [&mut self.day_from, &mut self.day_to],
                    [from.to_string(), to.to_string()],
                )
            }
        }
    }

    /// False where another one of its kind comes before it.
    fn take_action(&mut self, action: &Action) -> bool {
        match action {
            Action::Category(key) => put(&mut self.category, key),
            Action::Merchant(name) => put(&mut self.merchant, name),
            Action::Tag(tag) => put(&mut self.tag, tag),
            Action::Note(note) => put(&mut self.note, note),
            Action::Transfer(account) => put(&mut self.transfer, account.as_str()),
            Action::Exclude => {
                self.exclude = ticked(true);
                true
            }
        }
    }

    fn take_amount(&mut self, test: AmountTest) -> bool {
        let (from, to) = match test {
            AmountTest::Equals { value } => (value, value),
            AmountTest::Between { value, to } => (value, to),
        };
        let plain = |minor: i64| Money::new(minor, Currency::USD).to_plain();
        let is_open = from > 0 && from < to && to == NO_END_MINOR;
        let end = if is_open { String::new() } else { plain(to) };
        put_range([&mut self.amount_from, &mut self.amount_to], [plain(from), end])
    }

    /// A text test in the first line that is free.
    fn take_text(&mut self, field: &str, test: &TextTest) -> bool {
        let (operator, words) = match test {
            TextTest::Contains(words) => ("contains", words),
            TextTest::Equals(words) => ("equals", words),
            TextTest::StartsWith(words) => ("startsWith", words),
            TextTest::Regex(words) => ("regex", words),
        };
        let line = if self.text.is_empty() {
            [&mut self.field, &mut self.operator, &mut self.text]
        } else if self.other_text.is_empty() {
            [&mut self.other_field, &mut self.other_operator, &mut self.other_text]
        } else {
            return false;
        };
        for (slot, value) in line.into_iter().zip([field, operator, words]) {
            value.clone_into(slot);
        }
        true
    }

    /// The conditions that are used, each with the fields that its errors belong to.
    fn lines(&self) -> Vec<Line> {
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
        let amount = range("amount", [&self.amount_from, &self.amount_to], ["0", NO_END]);
        push(&[&self.amount_from, &self.amount_to], (amount, "amountFrom", "amountTo"));
        for (name, value) in [
            ("direction", &self.direction),
            ("account", &self.account),
            ("currency", &self.currency),
        ] {
            push(&[value], (condition(name, "", value.clone(), String::new()), name, name));
        }
        let day = range("day", [&self.day_from, &self.day_to], ["1", "31"]);
        push(&[&self.day_from, &self.day_to], (day, "dayFrom", "dayTo"));
        let unknown = || ConditionForm { field: "?".to_owned(), ..ConditionForm::default() };
        for extra in &self.also {
            match Extra::read(extra).map(Extra::form) {
                None => lines.push((unknown(), "also", "also")),
                Some(form) => {
                    lines.extend(form.conditions.into_iter().map(|line| (line, "also", "also")));
                }
            }
        }
        lines
    }

    /// What is done, each with the field that its errors belong to.
    fn actions(&self) -> Vec<(ActionForm, &'static str)> {
        let fields = [
            ("category", &self.category),
            ("merchant", &self.merchant),
            ("tag", &self.tag),
            ("note", &self.note),
            ("transfer", &self.transfer),
        ];
        let used = fields.into_iter().filter(|(_, value)| !value.trim().is_empty());
        let mut actions: Vec<(ActionForm, &'static str)> = used
            .map(|(kind, value)| (ActionForm { kind: kind.to_owned(), value: value.clone() }, kind))
            .collect();
        if !self.exclude.is_empty() {
            let kind = "exclude".to_owned();
            actions.push((ActionForm { kind, value: String::new() }, "exclude"));
        }
        let also = self.also.iter().filter_map(|extra| Extra::read(extra)).map(Extra::form);
        actions.extend(also.flat_map(|form| form.actions).map(|action| (action, "also")));
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

    /// Whether what is typed says the same as this rule: the order of its parts makes no difference.
    pub fn says(&self, rule: &Rule) -> bool {
        let saved = Self::of("", rule).to_form().parse();
        saved.is_ok() && saved == self.to_form().parse()
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

/// Puts a value into a field that is free.
fn put(slot: &mut String, value: &str) -> bool {
    let is_free = slot.is_empty();
    if is_free {
        value.clone_into(slot);
    }
    is_free
}

/// Puts the two ends of a range into two fields that are free.
fn put_range(slots: [&mut String; 2], ends: [String; 2]) -> bool {
    let is_free = slots.iter().all(|slot| slot.is_empty());
    if is_free {
        for (slot, end) in slots.into_iter().zip(ends) {
            *slot = end;
        }
    }
    is_free
}

/// What is typed, or what is usual where nothing is.
fn or(text: &str, usual: &str) -> String {
    if text.trim().is_empty() { usual.to_owned() } else { text.to_owned() }
}

/// A condition of two ends; the same end twice is one value.
fn range(field: &str, [from, to]: [&String; 2], [least, most]: [&str; 2]) -> ConditionForm {
    let is_one = !from.trim().is_empty() && from.trim() == to.trim();
    let (operator, to) = if is_one { ("equals", String::new()) } else { ("between", or(to, most)) };
    ConditionForm {
        field: field.to_owned(),
        operator: operator.to_owned(),
        value: or(from, least),
        to,
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

    fn text(field: &str, words: &str) -> Condition {
        let test = TextTest::Contains(words.to_owned());
        match field {
            "bank" => Condition::ProviderCategory(test),
            _ => Condition::Description(test),
        }
    }

    /// A rule with every condition and every action there is, and some of them twice.
    fn whole() -> Rule {
        let account = |id: &str| domain::AccountId::new(id);
        Rule {
            r#match: Match::Any,
            conditions: vec![
                text("bank", "COFFEE"),
                text("", "blue"),
                text("", "red"),
                Condition::Merchant(TextTest::Regex("^b".to_owned())),
                Condition::Amount(AmountTest::Between { value: 1_000, to: NO_END_MINOR }),
                Condition::Amount(AmountTest::Equals { value: 500 }),
                Condition::Direction { value: domain::rules::Way::Out },
                Condition::Account { value: account("a1") },
                Condition::Account { value: account("a2") },
                Condition::Currency { value: Currency::USD },
                Condition::Currency { value: Currency::parse("EUR").unwrap() },
                Condition::Day(DayTest::Equals { value: 3 }),
                Condition::Day(DayTest::Between { value: 10, to: 12 }),
            ],
            actions: vec![
                Action::Category("food.coffee".to_owned()),
                Action::Merchant("Blue".to_owned()),
                Action::Tag("one".to_owned()),
                Action::Tag("two".to_owned()),
                Action::Note("two\nlines".to_owned()),
                Action::Exclude,
                Action::Transfer(account("a2")),
            ],
            stop: true,
        }
    }

    #[test]
    fn nothing_of_a_rule_is_lost_in_the_form() {
        let rule = whole();
        let typed = TypedRule::of("All", &rule);

        let saved = typed.to_form().parse().unwrap();

        assert_eq!((saved.r#match, saved.stop), (rule.r#match, rule.stop));
        assert_eq!(saved.conditions.len(), rule.conditions.len());
        assert!(rule.conditions.iter().all(|one| saved.conditions.contains(one)), "{saved:?}");
        assert_eq!(saved.actions.len(), rule.actions.len());
        assert!(rule.actions.iter().all(|one| saved.actions.contains(one)), "{saved:?}");
        assert!(typed.says(&rule) && typed.says(&saved));
        assert_eq!((typed.currency.as_str(), typed.transfer.as_str()), ("USD", "a2"));
        assert_eq!((typed.field.as_str(), typed.text.as_str()), ("providerCategory", "COFFEE"));
        assert_eq!((typed.amount_from.as_str(), typed.amount_to.as_str()), ("10.00", ""));
        assert_eq!(typed.also.len(), 7, "{:?}", typed.also);
    }

    #[test]
    fn what_is_no_longer_ticked_goes() {
        let mut typed = TypedRule::of("All", &whole());
        typed.also.clear();

        let saved = typed.to_form().parse().unwrap();

        assert_eq!((saved.conditions.len(), saved.actions.len()), (7, 6));
        assert!(!typed.says(&whole()));
    }

    #[test]
    fn a_box_with_something_else_is_an_error_of_the_boxes() {
        let wrong = TypedRule { also: vec!["{}".to_owned()], ..typed() };

        let errors = wrong.at_fields(wrong.to_form().parse().unwrap_err());

        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["also"]);
    }

    #[test]
    fn an_address_brings_every_field_back() {
        let typed = TypedRule::of("All", &whole());
        let serde_json::Value::Object(fields) = serde_json::to_value(&typed).unwrap() else {
            panic!("fields");
        };
        let mut pairs = Pairs::new();
        for (name, value) in fields {
            match value {
                serde_json::Value::Array(all) => pairs.extend(
                    all.into_iter().map(|one| (ALSO.to_owned(), one.as_str().unwrap().to_owned())),
                ),
                value => pairs.push((name, value.as_str().unwrap().to_owned())),
            }
        }

        assert_eq!(TypedRule::of_query(&pairs), typed);
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
