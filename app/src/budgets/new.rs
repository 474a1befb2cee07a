//! `/budgets/new`: the form, and beside it how the last twelve periods would have gone.

use backend::categories::OwnCategory;
use domain::{
    Currency,
    budget::{BudgetForm, Period, Replay, Rollover, State},
    day,
    query::Pairs,
};
use leptos::prelude::*;

use super::{
    api::{replay_budget, usual_currency},
    bar::amount,
    fields::{Rest, categories},
};
use crate::{
    AppError,
    form::use_form_for,
    routes,
    server::{new_key, set_status},
    transactions::list_categories,
    ui::{
        AppShell, Button, Card, Checkbox, Choice, HiddenField, InputKind, LinkButton, PostForm,
        Section, SelectField, TextField, Variant,
        load::load,
        money::{WHOLE, share},
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
        let replay = if wanted {
            match replay_budget(typed.clone()).await {
                Ok(replay) => Some(Ok(replay)),
                Err(AppError::Invalid(errors)) => {
                    set_status(422);
                    Some(Err(errors))
                }
                Err(error) => return Err(error),
            }
        } else {
            None
        };
        let beside = replay.map(|replay| match replay {
            Ok(replay) => view! { <LookBack replay form=typed.clone()/> }.into_any(),
            Err(errors) => {
                let words = errors.into_iter().map(|error| view! { <li>{error.message}</li> });
                view! {
                    <Card id="replay" title="Not yet">
                        <ul class="list-disc pl-5" role="alert">{words.collect_view()}</ul>
                    </Card>
                }
                .into_any()
            }
        });
        Ok(view! {
            <AppShell page="budget-new" title="New budget" section=Section::Budgets back=("Budgets", routes::BUDGETS)>
                <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
                    <div class="card min-w-0 p-4 md:p-6"><Form typed own/></div>
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
    }
}

#[component]
fn Form(typed: BudgetForm, own: Vec<OwnCategory>) -> AnyView {
    let periods = Period::ALL.iter().map(|word| Choice::new(word.as_str(), word.label())).collect();
    let currencies = Currency::all().map(|currency| Choice::new(currency.code(), currency.code()));
    let period = typed.period.parse().unwrap_or(Period::Monthly).as_str();
    let rollover = typed.rollover.parse().unwrap_or(Rollover::None);
    view! {
        <PostForm action=routes::NEW_BUDGET>
            <HiddenField name="idempotencyKey" value=new_key()/>
            <SelectField name="category" label="Category" choices=categories(&own) value=typed.category placeholder="Choose a category"/>
            <div class="grid grid-cols-2 gap-4">
                <TextField name="amount" label="Amount" kind=InputKind::Amount value=typed.amount maxlength=20/>
                <SelectField name="currency" label="Currency" choices=currencies.collect() value=typed.currency/>
            </div>
            <SelectField name="period" label="Period" choices=periods value=period/>
            <TextField
                name="startDate"
                label="First day"
                hint="Empty means today."
                kind=InputKind::Date
                value=typed.start_date
                optional=true
            />
            <Checkbox name="fromStart" label="Count from the start of that period" checked=typed.from_start/>
            <Rest rollover cap=typed.cap end=typed.end_date prorate=typed.prorate/>
            <div class="flex flex-wrap gap-3">
                <Button busy="Creating…" attr:data-testid="budget-submit">"Create budget"</Button>
                <Button
                    variant=Variant::Secondary
                    attr:formmethod="get"
                    attr:formaction=routes::NEW_BUDGET
                    attr:name="preview"
                    attr:value="1"
                    attr:data-testid="budget-preview"
                >
                    "Preview"
                </Button>
                <LinkButton href=routes::BUDGETS variant=Variant::Ghost>"Cancel"</LinkButton>
            </div>
        </PostForm>
    }
    .into_any()
}

/// The last twelve periods with these settings.
#[component]
fn LookBack(replay: Replay, form: BudgetForm) -> AnyView {
    let period = form.period.parse().unwrap_or(Period::Monthly);
    let currency = form.currency;
    let sentence = replay.sentence(period);
    let largest = replay
        .windows
        .iter()
        .map(|window| window.spent_minor.max(window.available_minor))
        .max()
        .unwrap_or(1)
        .max(1);
    let bars = replay
        .windows
        .into_iter()
        .map(|window| {
            let state = window.state.as_str();
            let over = if window.state == State::Over { " · over" } else { "" };
            let words = format!("{}{over}", amount(window.spent_minor, &currency));
            let value = share(window.spent_minor, largest);
            view! {
                <li data-testid="budget-replay-window" data-state=state>
                    <span class="flex justify-between gap-3 text-sm">
                        <span>{day::format_day_short(window.from)}</span>
                        <span class="amount">{words}</span>
                    </span>
                    <progress class="bar" data-state=state aria-hidden="true" max=WHOLE value=value></progress>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card id="replay" title="Looking back">
            <p class="mb-3 text-ink-2" data-testid="budget-replay">{sentence}</p>
            <ul class="flex flex-col gap-2">{bars}</ul>
        </Card>
    }
    .into_any()
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
}
