//! What the forms of budgets have in common.

use backend::categories::OwnCategory;
use domain::{
    budget::{BudgetForm, NO_ALERTS, OWN_ALERTS, Rollover},
    category,
};
use leptos::prelude::*;

use super::example::{Example, hint};
use crate::{
    transactions::category_choices,
    ui::{Checkbox, Choice, InputKind, RadioGroup, SelectField, TextField},
};

/// The categories that something is spent on: each group, then its leaves, ours and the person's own.
pub(super) fn categories(own: &[OwnCategory]) -> Vec<Choice> {
    let mut choices = category_choices(own);
    choices.retain(|choice| !["income", "transfer"].contains(&category::group_of(&choice.value)));
    choices
}

/// What happens with what is left, the most of it, where it ends, and when its owner is mailed.
#[component]
pub(super) fn Rest(typed: BudgetForm, example: Option<Example>) -> AnyView {
    let rollover = typed.rollover.parse().unwrap_or(Rollover::None).as_str();
    let choices = Rollover::ALL.iter().map(|word| {
        Choice::new(word.as_str(), word.label()).with_hint(hint(*word, example.as_ref()))
    });
    let (percents, own) = alerts(&typed);
    view! {
        <RadioGroup name="rollover" legend="At the end of a period" choices=choices.collect() value=rollover/>
        <TextField
            name="cap"
            label="Carry over at most"
            kind=InputKind::Amount
            value=typed.cap
            maxlength=20
            optional=true
        />
        <TextField name="endDate" label="Last day" kind=InputKind::Date value=typed.end_date optional=true/>
        <Checkbox name="prorate" label="Give a period that is cut short its share alone" checked=typed.prorate/>
        <SelectField
            name="alertPercents"
            label="Mail me at"
            hint="Once each in every period, as long as your settings let mails about budgets through."
            choices=ALERTS.map(|(word, label)| Choice::new(word, label)).into()
            value=percents
        />
        <TextField
            name="alertOwn"
            label="Percentages of your own"
            hint="From 50 to 100, like 60, 90. They count when they are chosen above."
            value=own
            maxlength=30
            optional=true
        />
    }
    .into_any()
}

/// The answers to "Mail me at".
const ALERTS: [(&str, &str); 4] = [
    (USUAL_ALERTS, "80 % and 100 %"),
    ("100", "100 %"),
    (OWN_ALERTS, "Percentages of your own"),
    (NO_ALERTS, "Never"),
];
const USUAL_ALERTS: &str = "80,100";

/// What is chosen, and what stands in the field beside it.
fn alerts(typed: &BudgetForm) -> (&'static str, String) {
    let said = typed.alert_percents.trim();
    match ALERTS.iter().find(|(word, _)| *word == said) {
        Some((word, _)) => (*word, typed.alert_own.clone()),
        None if said.is_empty() => (USUAL_ALERTS, typed.alert_own.clone()),
        None => (OWN_ALERTS, said.replace(',', ", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_can_be_set_for_a_group_or_a_leaf_and_not_for_income() {
        let leaf = |key: &str, group: &str| OwnCategory {
            key: key.to_owned(),
            group_key: group.to_owned(),
            label: "Mine".to_owned(),
            own: true,
        };
        let own = [leaf("food.school-lunch", "food"), leaf("income.side-job", "income")];

        let keys: Vec<String> = categories(&own).into_iter().map(|choice| choice.value).collect();

        for key in ["food", "food.groceries", "food.school-lunch"] {
            assert!(keys.contains(&key.to_owned()), "{key}");
        }
        assert!(!keys.iter().any(|key| key.starts_with("income") || key.starts_with("transfer")));
    }

    #[test]
    fn what_is_no_answer_of_the_list_is_ones_own() {
        let chosen = |percents: &str, own: &str| {
            alerts(&BudgetForm {
                alert_percents: percents.to_owned(),
                alert_own: own.to_owned(),
                ..BudgetForm::default()
            })
        };
        for (percents, own, word, beside) in [
            ("", "", "80,100", ""),
            ("80,100", "", "80,100", ""),
            ("none", "60", "none", "60"),
            ("own", "sixty", "own", "sixty"),
            ("60,90", "", "own", "60, 90"),
        ] {
            assert_eq!(chosen(percents, own), (word, beside.to_owned()), "{percents}");
        }
    }
}
