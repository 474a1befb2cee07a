//! What goes into and comes out of `/api/rules`.

use backend::rules::{RulePreview as PreviewView, RuleSample as SampleView, RuleView};
use domain::rules::{ActionForm, ConditionForm, RuleForm};
use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

/// The word of a ticked box.
const TICKED: &str = "on";

/// A rule as its owner sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    /// Its id.
    id: String,
    /// What you call it.
    name: String,
    /// Whether it sorts what comes.
    enabled: bool,
    /// `all` or `any`: how its conditions go together.
    #[schema(example = "all")]
    r#match: String,
    /// What it asks of a transaction.
    conditions: Vec<Condition>,
    /// What it sets.
    actions: Vec<Action>,
    /// Whether rules after it are not asked when it fits.
    stop: bool,
}

impl From<RuleView> for Rule {
    fn from(view: RuleView) -> Self {
        let form = RuleForm::of(&view.rule);
        Self {
            id: view.id.into_string(),
            name: view.name,
            enabled: view.enabled,
            r#match: form.r#match,
            conditions: form.conditions.into_iter().map(Condition::from).collect(),
            actions: form.actions.into_iter().map(Action::from).collect(),
            stop: !form.stop.is_empty(),
        }
    }
}

/// Something a rule asks.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RuleCondition)]
pub(super) struct Condition {
    /// `description`, `merchant`, `amount`, `direction`, `account`, `currency`, `day` or `providerCategory`.
    #[serde(default)]
    #[schema(example = "description", required = true)]
    field: String,
    /// For texts `contains` (without it), `equals`, `startsWith` or `regex`; for amounts and days `equals` (without it)
    /// or `between`; for the others `equals`.
    #[serde(default)]
    #[schema(example = "contains")]
    operator: String,
    /// A text; an amount without its sign, `20.00`; `in` or `out`; the id of an account; ISO 4217; 1 to 31.
    #[serde(default)]
    #[schema(example = "coffee", required = true)]
    value: String,
    /// The end of `between`; empty for the others.
    #[serde(default)]
    to: String,
}

impl From<ConditionForm> for Condition {
    fn from(form: ConditionForm) -> Self {
        let ConditionForm { field, operator, value, to } = form;
        Self { field, operator, value, to }
    }
}

impl From<Condition> for ConditionForm {
    fn from(condition: Condition) -> Self {
        let Condition { field, operator, value, to } = condition;
        Self { field, operator, value, to }
    }
}

/// Something a rule sets.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RuleAction)]
pub(super) struct Action {
    /// `category`, `merchant`, `tag`, `note`, `exclude` or `transfer`.
    #[serde(default)]
    #[schema(example = "category", required = true)]
    kind: String,
    /// The key, the name, the tag, the note or the id of the other account; nothing for `exclude`.
    #[serde(default)]
    #[schema(example = "food.coffee")]
    value: String,
}

impl From<ActionForm> for Action {
    fn from(ActionForm { kind, value }: ActionForm) -> Self {
        Self { kind, value }
    }
}

impl From<Action> for ActionForm {
    fn from(Action { kind, value }: Action) -> Self {
        Self { kind, value }
    }
}

/// A rule to be added, or to be looked at before.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewRule {
    /// What you call it; at most 80 characters.
    #[serde(default)]
    #[schema(example = "Coffee", required = true)]
    pub name: String,
    /// `all` (without it) or `any`.
    #[serde(default)]
    r#match: String,
    /// 1 to 20.
    #[serde(default)]
    #[schema(required = true)]
    conditions: Vec<Condition>,
    /// 1 to 10.
    #[serde(default)]
    #[schema(required = true)]
    actions: Vec<Action>,
    /// Whether rules after it are not asked when it fits.
    #[serde(default)]
    stop: bool,
}

impl NewRule {
    /// Everything but its name.
    pub fn form(self) -> RuleForm {
        RuleForm {
            r#match: self.r#match,
            conditions: self.conditions.into_iter().map(ConditionForm::from).collect(),
            actions: self.actions.into_iter().map(ActionForm::from).collect(),
            stop: ticked(self.stop),
        }
    }
}

/// What is to be different. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangedRule {
    /// What you call it; at most 80 characters.
    #[serde(default)]
    name: Option<String>,
    /// Whether it sorts what comes.
    #[serde(default)]
    enabled: Option<bool>,
    /// `all` or `any`.
    #[serde(default)]
    r#match: Option<String>,
    /// All of its conditions, 1 to 20.
    #[serde(default)]
    conditions: Option<Vec<Condition>>,
    /// All of its actions, 1 to 10.
    #[serde(default)]
    actions: Option<Vec<Action>>,
    /// Whether rules after it are not asked when it fits.
    #[serde(default)]
    stop: Option<bool>,
}

/// A whole rule as it is to be.
pub(super) struct WholeRule {
    pub name: String,
    pub form: RuleForm,
    pub enabled: bool,
}

impl ChangedRule {
    /// What is left out is taken from the rule.
    pub fn over(self, rule: &RuleView) -> WholeRule {
        let there = RuleForm::of(&rule.rule);
        let conditions = self.conditions.map(|all| all.into_iter().map(Into::into).collect());
        let actions = self.actions.map(|all| all.into_iter().map(Into::into).collect());
        WholeRule {
            name: self.name.unwrap_or_else(|| rule.name.clone()),
            form: RuleForm {
                r#match: self.r#match.unwrap_or(there.r#match),
                conditions: conditions.unwrap_or(there.conditions),
                actions: actions.unwrap_or(there.actions),
                stop: self.stop.map_or(there.stop, ticked),
            },
            enabled: self.enabled.unwrap_or(rule.enabled),
        }
    }
}

fn ticked(stop: bool) -> String {
    if stop { TICKED.to_owned() } else { String::new() }
}

/// In which order rules are asked.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RuleOrder {
    /// The ids of all of your rules, each once.
    #[serde(default)]
    #[schema(required = true)]
    pub ids: Vec<String>,
}

/// A rule was added.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedRule)]
pub(super) struct Added {
    /// Always true.
    pub success: bool,
    /// The new rule.
    pub rule: Rule,
}

/// What a rule would do to the transactions that are here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RulePreview {
    /// How many fit.
    fitting: i64,
    /// How many of them would be different. What somebody set by hand stays.
    changing: i64,
    /// Some of those, the newest first.
    samples: Vec<RuleSample>,
}

/// One transaction that would be different.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RuleSample {
    /// Its id.
    id: String,
    /// Its date.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The name of the shop, else the bank's text.
    title: String,
    /// Minor units: above zero came in, below went out.
    signed_amount_cents: i64,
    /// ISO 4217.
    currency: String,
    /// What would be different, for people.
    #[schema(example = "Category: Coffee · Tags: trip")]
    becomes: String,
}

impl From<PreviewView> for RulePreview {
    fn from(view: PreviewView) -> Self {
        Self {
            fitting: view.fitting,
            changing: view.changing,
            samples: view.samples.into_iter().map(RuleSample::from).collect(),
        }
    }
}

impl From<SampleView> for RuleSample {
    fn from(view: SampleView) -> Self {
        Self {
            id: view.id.into_string(),
            date: view.date,
            title: view.title,
            signed_amount_cents: view.amount_minor,
            currency: view.currency,
            becomes: view.becomes,
        }
    }
}
