//! `/budgets/{id}`: where it stands, its history, and what can be changed.

use backend::budgets::BudgetDetail;
use domain::{BudgetId, budget::BudgetView, day};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::{get_budget, replay_change},
    bar::{BudgetBar, StateWord, amount, asides, left},
    change::{Change, example, is_asked, typed},
    history::History,
    list::{days, rows_of},
    replay::{Looked, look},
};
use crate::{
    routes,
    transactions::{category_label, list_categories},
    ui::{
        AppShell, Button, Card, HiddenField, PostForm, Section, Variant, load::load, money::raw,
        query::page_query,
    },
};

/// One budget.
#[component]
pub fn BudgetPage() -> impl IntoView {
    let id = BudgetId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    let query = page_query();
    let wanted = is_asked(&query);
    load(async move {
        let detail = get_budget(id).await?;
        let own = list_categories().await?;
        let title = format!("{} budget", category_label(&own, &detail.budget.category));
        let BudgetDetail { budget, history, .. } = &detail;
        let typed = typed(&query, budget);
        let found = if wanted {
            Some(look(replay_change(budget.id.clone(), typed.form.clone()).await)?)
        } else {
            None
        };
        let example = example(found.as_ref(), &typed.form, budget, history);
        let (period, currency) = (budget.period, budget.currency.clone());
        let beside = found.map(|look| view! { <Looked look period currency/> });
        Ok(view! {
            <AppShell page="budget" title section=Section::Budgets back=("Budgets", routes::BUDGETS)>
                <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
                    <div class="flex min-w-0 flex-col gap-4">
                        <Standing budget=detail.budget.clone()/>
                        <History windows=detail.history.clone() budget=detail.budget.clone()/>
                        <Revisions detail=detail.clone()/>
                    </div>
                    <div class="flex min-w-0 flex-col gap-4">
                        <Change budget=detail.budget.clone() typed example/>
                        {beside}
                        <Leave budget=detail.budget/>
                    </div>
                </div>
            </AppShell>
        })
    })
}

#[component]
fn Standing(budget: BudgetView) -> AnyView {
    let window = budget.window.clone();
    let rows = rows_of(&budget.category, &budget.currency, &window);
    let minor = raw(window.remaining_minor);
    let (left, word) = left(window.remaining_minor, &budget.currency);
    let mut notes = vec![format!(
        "{} of {} spent",
        amount(window.spent_minor, &budget.currency),
        amount(window.available_minor, &budget.currency)
    )];
    notes.extend(asides(&window, budget.period, &budget.currency));
    view! {
        <section class="card flex min-w-0 flex-col gap-3 p-4 md:p-6" data-testid="budget-standing" data-minor=minor>
            <p class="text-sm text-ink-2">{days(&budget)}</p>
            <div class="flex flex-wrap items-center justify-between gap-3">
                <p class="text-2xl font-semibold"><span class="amount">{left}</span> " " {word}</p>
                <StateWord window=window.clone() currency=budget.currency.clone()/>
            </div>
            <BudgetBar window currency=budget.currency.clone()/>
            <p class="text-sm text-ink-2">{notes.join(" · ")}</p>
            <p><a href=rows class="link inline-flex min-h-8 items-center text-sm">"See the transactions"</a></p>
        </section>
    }
    .into_any()
}

/// Each amount and since when; one that never changed needs no list.
#[component]
fn Revisions(detail: BudgetDetail) -> impl IntoView {
    let BudgetDetail { budget, revisions, .. } = detail;
    (revisions.len() > 1).then(|| {
        let items = revisions
            .iter()
            .rev()
            .map(|revision| {
                let worth = amount(revision.amount_minor, &budget.currency);
                let words = format!("{worth} from {}", day::format_day(revision.from));
                view! { <li>{words}</li> }
            })
            .collect_view();
        view! {
            <Card id="amounts" title="Amounts">
                <ul class="flex flex-col gap-1 text-ink-2">{items}</ul>
            </Card>
        }
    })
}

/// End it and keep its history, or delete both.
#[component]
fn Leave(budget: BudgetView) -> AnyView {
    let id = budget.id.to_string();
    let end = budget.end_date.is_none().then(|| {
        view! {
            <PostForm action=routes::END_BUDGET page=routes::budget(&budget.id) prefix="end-">
                <HiddenField name="id" value=id.clone()/>
                <p class="text-sm text-ink-2">"It stops counting today. Its history stays."</p>
                <div><Button variant=Variant::Secondary busy="Ending…" attr:data-testid="budget-end">"End budget"</Button></div>
            </PostForm>
        }
    });
    view! {
        <Card id="leave" title="End or delete">
            <div class="flex flex-col gap-5">
                {end}
                <details class="disclosure">
                    <summary>"Delete with its history"</summary>
                    <div class="mt-3">
                        <PostForm action=routes::DELETE_BUDGET page=routes::budget(&budget.id) prefix="delete-">
                            <HiddenField name="id" value=budget.id.to_string()/>
                            <p class="text-sm text-ink-2">"Your transactions stay. This can't be undone."</p>
                            <div><Button variant=Variant::Danger busy="Deleting…" attr:data-testid="budget-delete">"Delete budget"</Button></div>
                        </PostForm>
                    </div>
                </details>
            </div>
        </Card>
    }
    .into_any()
}
