//! What can be changed about a budget, and a look back at what that would have meant.

use domain::{
    Money,
    budget::{BudgetForm, BudgetView, BudgetWindow},
    day,
    query::Pairs,
};
use leptos::prelude::*;

use super::{
    bar::money,
    example::Example,
    fields::Rest,
    replay::{Look, PreviewButton},
};
use crate::{
    form::use_form_for,
    routes,
    ui::{Button, Card, Checkbox, HiddenField, InputKind, PostForm, TextField, query::find},
};

/// What stands in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) form: BudgetForm,
    /// The amount holds for the past too.
    past_too: bool,
}

/// Whether the address asks for a look back, and the form has not just been refused.
pub(super) fn is_asked(query: &Pairs) -> bool {
    find(query, "preview").is_some() && !use_form_for(routes::CHANGE_BUDGET).was_posted()
}

/// What was typed for a look back, as it stands in the address; without one, the budget as it is.
pub(super) fn typed(query: &Pairs, budget: &BudgetView) -> Typed {
    let there = as_it_is(budget);
    if find(query, "preview").is_none() {
        return Typed { form: there, past_too: false };
    }
    let text = |name: &str| find(query, name).unwrap_or_default().to_owned();
    let ticked = |name: &str| find(query, name).is_some();
    let form = BudgetForm {
        amount: text("amount"),
        end_date: text("endDate"),
        rollover: text("rollover"),
        cap: text("cap"),
        prorate: ticked("prorate"),
        alert_percents: text("alertPercents"),
        alert_own: text("alertOwn"),
        ..there
    };
    Typed { form, past_too: ticked("pastToo") }
}

/// The form that changes nothing.
fn as_it_is(budget: &BudgetView) -> BudgetForm {
    let plain =
        |minor: i64| money(minor, &budget.currency).map(Money::to_plain).unwrap_or_default();
    BudgetForm {
        category: budget.category.clone(),
        amount: plain(budget.amount_minor),
        currency: budget.currency.clone(),
        period: budget.period.as_str().to_owned(),
        start_date: day::format_iso(budget.start_date),
        from_start: false,
        end_date: budget.end_date.map(day::format_iso).unwrap_or_default(),
        rollover: budget.rollover.as_str().to_owned(),
        cap: budget.cap_minor.map(plain).unwrap_or_default(),
        prorate: budget.prorate,
        alert_percents: budget.alerts.word().to_owned(),
        alert_own: String::new(),
    }
}

/// The figures of the look back, else those of the last period that is over.
pub(super) fn example(
    look: Option<&Look>,
    typed: &BudgetForm,
    budget: &BudgetView,
    history: &[BudgetWindow],
) -> Option<Example> {
    match look {
        Some(Ok(replay)) => {
            Example::of_replay(&replay.windows, budget.period, &typed.cap, &budget.currency)
        }
        _ => Example::of_budget(budget, history),
    }
}

/// Another amount, end, rollover or threshold.
#[component]
pub(super) fn Change(budget: BudgetView, typed: Typed, example: Option<Example>) -> AnyView {
    let Typed { form, past_too } = typed;
    let page = routes::budget(&budget.id);
    // The look back stands below the form, which is far down on a phone.
    let preview = format!("{page}#replay");
    view! {
        <Card id="change" title="Change">
            <PostForm action=routes::CHANGE_BUDGET page prefix="change-">
                <HiddenField name="id" value=budget.id.to_string()/>
                <TextField
                    name="amount"
                    label=format!("Amount, {}", budget.currency)
                    hint="Holds from this period on."
                    kind=InputKind::Amount
                    value=form.amount.clone()
                    maxlength=20
                />
                <Checkbox name="pastToo" label="Change past periods too" checked=past_too/>
                <Rest typed=form example/>
                <div class="flex flex-wrap gap-3">
                    <Button busy="Saving…" attr:data-testid="budget-save">"Save changes"</Button>
                    <PreviewButton page=preview/>
                </div>
            </PostForm>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{
        BudgetId,
        budget::{Alerts, Period, Rollover, State},
        query,
    };
    use time::macros::date;

    use super::*;

    fn budget() -> BudgetView {
        BudgetView {
            id: BudgetId::new("b1"),
            category: "food".to_owned(),
            currency: "USD".to_owned(),
            period: Period::Monthly,
            start_date: date!(2026 - 04 - 01),
            end_date: None,
            rollover: Rollover::Full,
            cap_minor: Some(5_000),
            prorate: true,
            alerts: "60,90".parse::<Alerts>().unwrap(),
            amount_minor: 20_000,
            window: window(6, 0),
        }
    }

    fn window(month: u8, left: i64) -> BudgetWindow {
        let month = domain::Month::new(2026, month).unwrap();
        BudgetWindow {
            from: month.first_day(),
            to: month.last_day(),
            limit_minor: 20_000,
            carry_minor: 0,
            carried_from: None,
            available_minor: 20_000,
            spent_minor: 20_000 - left,
            remaining_minor: left,
            state: State::Fine,
            ahead_of_pace: false,
            left_per_day_minor: None,
        }
    }

    #[test]
    fn a_look_back_keeps_what_is_typed_and_else_the_budget_stands_there() {
        let there = typed(&query::parse("amount=5"), &budget());
        assert_eq!((&*there.form.amount, &*there.form.cap), ("200.00", "50.00"));
        assert_eq!((&*there.form.alert_percents, there.form.prorate), ("60,90", true));

        let asked = "preview=1&id=b2&amount=5&cap=&pastToo=true&alertPercents=own&alertOwn=7";
        let asked = typed(&query::parse(asked), &budget());
        assert_eq!((&*asked.form.amount, &*asked.form.cap), ("5", ""));
        assert_eq!((&*asked.form.alert_percents, &*asked.form.alert_own), ("own", "7"));
        assert_eq!((asked.past_too, asked.form.prorate), (true, false));
        assert_eq!((&*asked.form.category, &*asked.form.start_date), ("food", "2026-04-01"));
    }

    #[test]
    fn the_example_is_the_last_period_that_is_over() {
        let history = [window(4, 700), window(5, 1_240), window(6, 9_900)];
        let said = |history: &[BudgetWindow]| {
            let example = example(None, &BudgetForm::default(), &budget(), history);
            super::super::example::hint(Rollover::Surplus, example.as_ref())
        };

        let own = said(&history);
        assert!(own.contains("$12.40 left in May would have made June $212.40."), "{own}");
        let first = said(&history[2..]);
        assert!(first.starts_with("$20.00 left in May makes"), "{first}");
    }
}
