//! The form of a rule.

use serde::{Deserialize, Serialize};

use super::condition::{AmountTest, Condition, DayTest, TextTest, Way};
use super::{
    Action, ActionKind, ConditionField, MAX_ACTIONS, MAX_CONDITIONS, Match, Operator, Rule, pattern,
};
use crate::form::Errors;
use crate::{AccountId, Code, Currency, FieldError, Money, category, ids, money, tags, text};

/// Most characters in a text a condition compares with.
const VALUE_MAX: usize = 200;
/// Most characters in the name of a merchant.
const MERCHANT_MAX: usize = 200;
/// Most characters in a note.
const NOTE_MAX: usize = 1_000;

/// One condition as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionForm {
    /// `field`: a word of [`ConditionField`].
    pub field: String,
    /// `operator`: a word of [`Operator`]; empty means the first that the field has.
    pub operator: String,
    /// `value`
    pub value: String,
    /// `to`: the end of "between".
    pub to: String,
}

/// One action as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ActionForm {
    /// `kind`: a word of [`ActionKind`].
    pub kind: String,
    /// `value`: the key, the name, the tag, the note or the account; nothing for "leave out".
    pub value: String,
}

/// The form of a rule. Unused lines count for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RuleForm {
    /// `match`: a word of [`Match`]; empty means all.
    pub r#match: String,
    /// `conditions[0]`, …
    pub conditions: Vec<ConditionForm>,
    /// `actions[0]`, …
    pub actions: Vec<ActionForm>,
    /// `stop`: anything but nothing means yes, as a ticked box sends it.
    pub stop: String,
}

impl RuleForm {
    /// Checks everything and gives all errors at once, at `conditions[n].value` and the like.
    pub fn parse(&self) -> Result<Rule, Vec<FieldError>> {
        let mut errors = Errors::default();
        let r#match = match self.r#match.trim() {
            "" => Some(Match::All),
            word => errors.take("match", word.parse()),
        };
        let used = self.conditions.iter().enumerate().filter(|(_, line)| !line.is_empty());
        let conditions: Vec<Option<Condition>> =
            used.map(|(n, line)| line.read(n, &mut errors)).collect();
        let used = self.actions.iter().enumerate().filter(|(_, line)| !line.is_empty());
        let actions: Vec<Option<Action>> =
            used.map(|(n, line)| line.read(n, &mut errors)).collect();
        if conditions.is_empty() {
            errors.push("conditions", Code::RuleEmpty);
        }
        if actions.is_empty() {
            errors.push("actions", Code::RuleActions);
        }
        if conditions.len() > MAX_CONDITIONS || actions.len() > MAX_ACTIONS {
            errors.push("conditions", Code::RuleParts);
        }
        let conditions: Option<Vec<Condition>> = conditions.into_iter().collect();
        let actions: Option<Vec<Action>> = actions.into_iter().collect();
        let stop = !self.stop.trim().is_empty();
        let rule = r#match.zip(conditions).zip(actions);
        let rule = rule.map(|((r#match, conditions), actions)| Rule {
            r#match,
            conditions,
            actions,
            stop,
        });
        errors.finish(rule)
    }

    /// The form of a rule, for an editor that opens with what is there, and to check a rule that came as JSON.
    pub fn of(rule: &Rule) -> Self {
        Self {
            r#match: rule.r#match.to_string(),
            conditions: rule.conditions.iter().map(ConditionForm::of).collect(),
            actions: rule.actions.iter().map(ActionForm::of).collect(),
            stop: if rule.stop { "on".to_owned() } else { String::new() },
        }
    }
}

impl ConditionForm {
    /// True for a line of the form that nobody used.
    fn is_empty(&self) -> bool {
        [&self.field, &self.value, &self.to].into_iter().all(|text| text.trim().is_empty())
    }

    fn read(&self, n: usize, errors: &mut Errors) -> Option<Condition> {
        let at = |name: &str| format!("conditions[{n}].{name}");
        let field = errors.take(&at("field"), self.field.trim().parse::<ConditionField>())?;
        let operator = errors.take(&at("operator"), self.operator(field))?;
        let value = self.value.trim();
        match field {
            ConditionField::Description => {
                errors.take(&at("value"), text_test(operator, value)).map(Condition::Description)
            }
            ConditionField::Merchant => {
                errors.take(&at("value"), text_test(operator, value)).map(Condition::Merchant)
            }
            ConditionField::ProviderCategory => errors
                .take(&at("value"), text_test(operator, value))
                .map(Condition::ProviderCategory),
            ConditionField::Direction => {
                let way = errors.take(&at("value"), value.parse::<Way>())?;
                Some(Condition::Direction { value: way })
            }
            ConditionField::Account => {
                let account = errors.take(&at("value"), account(value))?;
                Some(Condition::Account { value: account })
            }
            ConditionField::Currency => {
                let currency = errors.take(&at("value"), Currency::parse(value))?;
                Some(Condition::Currency { value: currency })
            }
            ConditionField::Amount => {
                let (value, to) = self.range(operator, &at, errors, amount, Code::AmountOrder)?;
                Some(Condition::Amount(match to {
                    None => AmountTest::Equals { value },
                    Some(to) => AmountTest::Between { value, to },
                }))
            }
            ConditionField::Day => {
                let (value, to) = self.range(operator, &at, errors, day, Code::DayRange)?;
                Some(Condition::Day(match to {
                    None => DayTest::Equals { value },
                    Some(to) => DayTest::Between { value, to },
                }))
            }
        }
    }

    fn operator(&self, field: ConditionField) -> Result<Operator, Code> {
        let possible = field.operators();
        let operator = match self.operator.trim() {
            "" => possible.first().copied().ok_or(Code::OptionUnknown)?,
            word => word.parse()?,
        };
        if possible.contains(&operator) { Ok(operator) } else { Err(Code::OptionUnknown) }
    }

    /// One value, or two for "between", the first not above the second.
    fn range<T: PartialOrd + Copy>(
        &self,
        operator: Operator,
        at: &impl Fn(&str) -> String,
        errors: &mut Errors,
        parse: impl Fn(&str) -> Result<T, Code>,
        order: Code,
    ) -> Option<(T, Option<T>)> {
        let value = errors.take(&at("value"), parse(self.value.trim()));
        if operator != Operator::Between {
            return Some((value?, None));
        }
        let to = errors.take(&at("to"), parse(self.to.trim()));
        let (value, to) = (value?, to?);
        if value > to {
            errors.push(&at("to"), order);
            return None;
        }
        Some((value, Some(to)))
    }

    fn of(condition: &Condition) -> Self {
        let line = |field: ConditionField, operator: Operator, value: String| Self {
            field: field.to_string(),
            operator: operator.to_string(),
            value,
            to: String::new(),
        };
        let words = |field: ConditionField, test: &TextTest| match test {
            TextTest::Contains(text) => line(field, Operator::Contains, text.clone()),
            TextTest::Equals(text) => line(field, Operator::Equals, text.clone()),
            TextTest::StartsWith(text) => line(field, Operator::StartsWith, text.clone()),
            TextTest::Regex(text) => line(field, Operator::Regex, text.clone()),
        };
        let is = |field: ConditionField, value: String| line(field, Operator::Equals, value);
        let between = |field: ConditionField, value: String, to: String| Self {
            to,
            ..line(field, Operator::Between, value)
        };
        let plain = |hundredths: i64| Money::new(hundredths, Currency::USD).to_plain();
        match condition {
            Condition::Description(test) => words(ConditionField::Description, test),
            Condition::Merchant(test) => words(ConditionField::Merchant, test),
            Condition::ProviderCategory(test) => words(ConditionField::ProviderCategory, test),
            Condition::Direction { value } => is(ConditionField::Direction, value.to_string()),
            Condition::Account { value } => is(ConditionField::Account, value.to_string()),
            Condition::Currency { value } => is(ConditionField::Currency, value.to_string()),
            Condition::Amount(AmountTest::Equals { value }) => {
                is(ConditionField::Amount, plain(*value))
            }
            Condition::Amount(AmountTest::Between { value, to }) => {
                between(ConditionField::Amount, plain(*value), plain(*to))
            }
            Condition::Day(DayTest::Equals { value }) => is(ConditionField::Day, value.to_string()),
            Condition::Day(DayTest::Between { value, to }) => {
                between(ConditionField::Day, value.to_string(), to.to_string())
            }
        }
    }
}

impl ActionForm {
    fn is_empty(&self) -> bool {
        self.kind.trim().is_empty() && self.value.trim().is_empty()
    }

    fn read(&self, n: usize, errors: &mut Errors) -> Option<Action> {
        let at = |name: &str| format!("actions[{n}].{name}");
        let kind = errors.take(&at("kind"), self.kind.trim().parse::<ActionKind>())?;
        let value = self.value.trim();
        let action = match kind {
            ActionKind::Category => category::parse_key(value).map(Action::Category),
            ActionKind::Merchant => line(value, MERCHANT_MAX).map(Action::Merchant),
            ActionKind::Tag => tags::parse(value).map(Action::Tag),
            ActionKind::Note => note(value).map(Action::Note),
            ActionKind::Exclude => Ok(Action::Exclude),
            ActionKind::Transfer => account(value).map(Action::Transfer),
        };
        errors.take(&at("value"), action)
    }

    fn of(action: &Action) -> Self {
        let line = |kind: ActionKind, value: &str| Self {
            kind: kind.to_string(),
            value: value.to_owned(),
        };
        match action {
            Action::Category(key) => line(ActionKind::Category, key),
            Action::Merchant(name) => line(ActionKind::Merchant, name),
            Action::Tag(tag) => line(ActionKind::Tag, tag),
            Action::Note(note) => line(ActionKind::Note, note),
            Action::Exclude => line(ActionKind::Exclude, ""),
            Action::Transfer(account) => line(ActionKind::Transfer, account.as_str()),
        }
    }
}

fn text_test(operator: Operator, value: &str) -> Result<TextTest, Code> {
    match operator {
        Operator::Contains => line(value, VALUE_MAX).map(TextTest::Contains),
        Operator::Equals => line(value, VALUE_MAX).map(TextTest::Equals),
        Operator::StartsWith => line(value, VALUE_MAX).map(TextTest::StartsWith),
        Operator::Regex if value.is_empty() => Err(Code::TextRequired),
        Operator::Regex => pattern::check(value).map(|()| TextTest::Regex(value.to_owned())),
        Operator::Between => Err(Code::OptionUnknown),
    }
}

fn line(text: &str, max: usize) -> Result<String, Code> {
    filled(text::clean_line(text, max)?)
}

fn note(text: &str) -> Result<String, Code> {
    filled(text::clean_note(text, NOTE_MAX)?)
}

fn filled(text: String) -> Result<String, Code> {
    if text.is_empty() { Err(Code::TextRequired) } else { Ok(text) }
}

fn account(text: &str) -> Result<AccountId, Code> {
    if ids::is_well_formed(text) { Ok(AccountId::new(text)) } else { Err(Code::AccountRequired) }
}

fn amount(text: &str) -> Result<i64, Code> {
    money::parse_minor(text, Currency::USD).map(i64::saturating_abs)
}

fn day(text: &str) -> Result<u8, Code> {
    text.parse().ok().filter(|day| (1..=31).contains(day)).ok_or(Code::DayRange)
}
