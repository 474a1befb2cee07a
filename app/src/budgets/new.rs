//! `/budgets/new`: the form, and beside it how the last twelve periods would have gone.

use backend::categories::OwnCategory;
use domain::{
    Currency,
    budget::{BudgetForm, Period},
    query::Pairs,
};
use leptos::prelude::*;

use super::{
    api::{replay_budget, usual_currency},
    example::Example,
    fields::{Rest, categories},
    replay::{Looked, PreviewButton, look},
};
use crate::{
    form::use_form_for,
    routes,
    server::new_key,
    transactions::list_categories,
    ui::{
        AppShell, Button, Checkbox, Choice, HiddenField, InputKind, LinkButton, PostForm, Section,
        SelectField, TextField, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// The form that makes a budget. Its state is the address, so that Preview works without script.
#[component]
pub fn NewBudgetPage() -> impl IntoView {
    let query = page_query();
    let mut typed = typed(&query);
    let wanted =
        find(&query, "preview").is_some() && !use_form_for(routes::NEW_BUDGET).was_posted();
    load(async move {
        let own = list_categories().await?;
        if typed.currency.is_empty() {
            usual_currency().await?.code().clone_into(&mut typed.currency);
        }
        let found = if wanted { Some(look(replay_budget(typed.clone()).await)?) } else { None };
        let period = typed.period.parse().unwrap_or(Period::Monthly);
        let replay = found.as_ref().and_then(|found| found.as_ref().ok());
        let example = replay.and_then(|replay| {
            Example::of_replay(&replay.windows, period, &typed.cap, &typed.currency)
        });
        let currency = typed.currency.clone();
        let beside = found.map(|look| view! { <Looked look period currency/> });
        Ok(view! {
            <AppShell page="budget-new" title="New budget" section=Section::Budgets back=("Budgets", routes::BUDGETS)>
                <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
                    <div class="card min-w-0 p-4 md:p-6"><Form typed own example/></div>
                    <div class="flex min-w-0 flex-col gap-4">{beside}</div>
                </div>
            </AppShell>
        })
    })
}

/// The fields as they stand in the address.
fn typed(query: &Pairs) -> BudgetForm {
    let text = |name: &str| find(query, name).unwrap_or_default().to_owned();
    let ticked = |name: &str| find(query, name).is_some();
    BudgetForm {
        category: text("category"),
        amount: text("amount"),
        currency: text("currency"),
        period: text("period"),
        start_date: text("startDate"),
        // Ticked on a first visit; a preview says what was chosen.
        from_start: ticked("fromStart") || find(query, "preview").is_none(),
        end_date: text("endDate"),
        rollover: text("rollover"),
        cap: text("cap"),
        prorate: ticked("prorate"),
        alert_percents: text("alertPercents"),
        alert_own: text("alertOwn"),
    }
}

#[component]
fn Form(typed: BudgetForm, own: Vec<OwnCategory>, example: Option<Example>) -> AnyView {
    let periods = Period::ALL.iter().map(|word| Choice::new(word.as_str(), word.label())).collect();
    let currencies = Currency::all().map(|currency| Choice::new(currency.code(), currency.code()));
    let period = typed.period.parse().unwrap_or(Period::Monthly).as_str();
    let from_start = from_start(&typed);
    view! {
        <PostForm action=routes::NEW_BUDGET>
            <HiddenField name="idempotencyKey" value=new_key()/>
            <SelectField name="category" label="Category" choices=categories(&own) value=typed.category.clone() placeholder="Choose a category"/>
            <div class="grid grid-cols-2 gap-4">
                <TextField name="amount" label="Amount" kind=InputKind::Amount value=typed.amount.clone() maxlength=20/>
                <SelectField name="currency" label="Currency" choices=currencies.collect() value=typed.currency.clone()/>
            </div>
            <SelectField name="period" label="Period" choices=periods value=period/>
            <TextField
                name="startDate"
                label="First day"
                hint="Empty means today."
                kind=InputKind::Date
                value=typed.start_date.clone()
                optional=true
            />
            <Checkbox name="fromStart" label=from_start checked=typed.from_start/>
            <Rest typed example/>
            <div class="flex flex-wrap gap-3">
                <Button busy="Creating…" attr:data-testid="budget-submit">"Create budget"</Button>
                <PreviewButton page=routes::NEW_BUDGET.to_owned()/>
                <LinkButton href=routes::BUDGETS variant=Variant::Ghost>"Cancel"</LinkButton>
            </div>
        </PostForm>
    }
    .into_any()
}

/// "Count from the start of this month": of the period that is chosen, and of its first day where there is one.
fn from_start(typed: &BudgetForm) -> String {
    let posted = use_form_for(routes::NEW_BUDGET);
    let said = |field: &str, typed: &str| posted.value(field).unwrap_or(typed).trim().to_owned();
    let period = said("period", &typed.period).parse().unwrap_or(Period::Monthly);
    let which = if said("startDate", &typed.start_date).is_empty() { "this" } else { "that" };
    format!("Count from the start of {which} {}", period.unit())
}

#[cfg(test)]
mod tests {
    use domain::query;

    use super::*;

    #[test]
    fn a_first_visit_counts_from_the_start_and_a_preview_as_it_was_chosen() {
        assert!(typed(&query::parse("category=food")).from_start);
        assert!(!typed(&query::parse("category=food&preview=1")).from_start);
        assert!(typed(&query::parse("fromStart=true&preview=1")).from_start);
    }

    #[test]
    fn the_start_is_that_of_the_period_that_is_chosen() {
        for (query, label) in [
            ("", "Count from the start of this month"),
            ("period=weekly", "Count from the start of this week"),
            ("period=yearly&startDate=2026-05-01", "Count from the start of that year"),
        ] {
            let said = Owner::new().with(|| from_start(&typed(&query::parse(query))));
            assert_eq!(said, label);
        }
    }
}
