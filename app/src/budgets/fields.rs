//! What the forms of budgets have in common.

use backend::categories::OwnCategory;
use domain::{budget::Rollover, category};
use leptos::prelude::*;

use crate::{
    transactions::category_choices,
    ui::{Checkbox, Choice, InputKind, RadioGroup, TextField},
};

/// The categories that something is spent on: each group, then its leaves, ours and the person's own.
pub(super) fn categories(own: &[OwnCategory]) -> Vec<Choice> {
    let mut choices = category_choices(own);
    choices.retain(|choice| !["income", "transfer"].contains(&category::group_of(&choice.value)));
    choices
}

/// What happens with what is left, the most of it, and where it ends.
#[component]
pub(super) fn Rest(rollover: Rollover, cap: String, end: String, prorate: bool) -> AnyView {
    let choices = vec![
        Choice::new(Rollover::None.as_str(), Rollover::None.label())
            .with_hint("Each period has its amount, whatever was left before."),
        Choice::new(Rollover::Surplus.as_str(), Rollover::Surplus.label())
            .with_hint("$20.00 left in May makes June $20.00 larger. An overrun changes nothing."),
        Choice::new(Rollover::Full.as_str(), Rollover::Full.label())
            .with_hint("The same, and an overrun makes the next period smaller."),
    ];
    view! {
        <RadioGroup name="rollover" legend="At the end of a period" choices value=rollover.as_str()/>
        <TextField
            name="cap"
            label="Carry over at most"
            kind=InputKind::Amount
            value=cap
            maxlength=20
            optional=true
        />
        <TextField name="endDate" label="Last day" kind=InputKind::Date value=end optional=true/>
        <Checkbox name="prorate" label="Give a period that is cut short its share alone" checked=prorate/>
    }
    .into_any()
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
}
