//! `/budgets`.

use std::collections::BTreeMap;

use backend::{
    budgets::{BudgetsPage as Budgets, Unbudgeted},
    categories::OwnCategory,
};
use domain::{
    Counted, Currency, Money, Month, TransactionFilter,
    budget::{BudgetView, BudgetWindow, wholes},
    category, day,
};
use leptos::prelude::*;

use super::{
    api::list_budgets,
    bar::{BudgetBar, StateWord, amount, asides, money},
};
use crate::{
    connections::TryDemo,
    islands::keys::NEW,
    routes,
    transactions::{category_label, list_categories},
    ui::{
        Amount, AppShell, Card, EmptyState, Glyph, Icon, LinkButton, MonthPager, Section, Variant,
        load::load,
        money::{are_hidden, raw},
        query::{address, find, page_query},
    },
};

/// How much unbudgeted spending is listed.
const SHOWN: usize = 8;

/// Every budget in one month, and the spending that none of them counts.
#[component]
pub fn BudgetsPage() -> impl IntoView {
    let asked: Option<Month> = find(&page_query(), "month").and_then(|month| month.parse().ok());
    load(async move {
        let page = list_budgets(asked).await?;
        let own = list_categories().await?;
        let month = asked.unwrap_or_else(|| Month::containing(page.today));
        Ok(view! {
            <AppShell page="budgets" title="Budgets" section=Section::Budgets>
                <div class="flex flex-col gap-4">
                    <div class="flex flex-wrap items-center justify-between gap-3">
                        <MonthPager path=routes::BUDGETS month today=page.today/>
                        <LinkButton href=routes::NEW_BUDGET icon=Glyph::Plus attr:data-key=NEW>"New budget"</LinkButton>
                    </div>
                    <Body page month own/>
                </div>
            </AppShell>
        })
    })
}

#[component]
fn Body(page: Budgets, month: Month, own: Vec<OwnCategory>) -> AnyView {
    let rest = page.unbudgeted.clone();
    if page.budgets.is_empty() {
        return view! { <Nothing rest month own/> }.into_any();
    }
    let sums = summary(&page.budgets);
    let rows = page
        .budgets
        .into_iter()
        .map(|budget| {
            let name = category_label(&own, &budget.category).to_owned();
            view! { <Row budget name/> }
        })
        .collect_view();
    view! {
        {sums}
        <section id="budgets-rows" class="card min-w-0" aria-label="Budgets">
            <ul class="divide-y divide-line">{rows}</ul>
        </section>
        {(!rest.is_empty()).then(|| view! { <Rest rest month own/> })}
    }
    .into_any()
}

/// Budgeted, spent, left: one line of tiles a currency. They add up the list below them; a budget inside a group that
/// has one too counts there.
fn summary(budgets: &[BudgetView]) -> impl IntoView + use<> {
    let mut sums: BTreeMap<String, [i64; 3]> = BTreeMap::new();
    for budget in wholes(budgets) {
        let window = &budget.window;
        let values = [window.available_minor, window.spent_minor, window.remaining_minor];
        let sum = sums.entry(budget.currency.clone()).or_default();
        for (sum, value) in sum.iter_mut().zip(values) {
            *sum = sum.saturating_add(value);
        }
    }
    sums.into_iter()
        .map(|(currency, values)| {
            let [budgeted, spent, left] = values;
            let last = if left < 0 { "Over" } else { "Left" };
            let tiles = [("Budgeted", budgeted), ("Spent", spent), (last, left.saturating_abs())]
                .map(|(label, minor)| tile(label, money(minor, &currency)))
                .into_iter()
                .collect_view();
            view! { <dl class="grid grid-cols-3 gap-3" data-testid="budgets-summary" data-currency=currency>{tiles}</dl> }
        })
        .collect_view()
}

fn tile(label: &'static str, money: Option<Money>) -> impl IntoView {
    view! {
        <div class="card min-w-0 px-3 py-3 md:px-5">
            <dt class="text-sm text-ink-2">{label}</dt>
            <dd class="text-base font-semibold break-words md:text-xl">
                <a href="#budgets-rows" class="figure-link">{money.map(|money| view! { <Amount money/> })}</a>
            </dd>
        </div>
    }
}

/// One budget: where it stands, as a bar and in words.
#[component]
fn Row(budget: BudgetView, name: String) -> AnyView {
    let rows = rows_of(&budget.category, &budget.currency, &budget.window);
    let icon = icon_of(&budget.category);
    let BudgetView { id, currency, window, period, .. } = budget;
    let of = format!(
        "{} of {}",
        amount(window.spent_minor, &currency),
        amount(window.available_minor, &currency)
    );
    let mut notes = vec![period.label().to_owned()];
    notes.extend(asides(&window, period, &currency));
    let (state, left) = (window.state.as_str(), raw(window.remaining_minor));
    let (bar, code) = ((window.clone(), currency.clone()), currency.clone());
    view! {
        <li
            class="flex flex-col gap-2 px-4 py-4 md:px-5"
            data-testid="budget-row"
            data-id=id.to_string()
            data-state=state
            data-minor=left
            data-currency=code
        >
            <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
                <span class="flex min-w-0 items-center gap-2">
                    <span class="shrink-0 text-ink-2"><Icon glyph=icon/></span>
                    <a href=routes::budget(&id) class="row-link">{name}</a>
                </span>
                <a href=rows class="figure-link amount inline-flex min-h-6 items-center text-sm">{of}</a>
            </div>
            <BudgetBar window=bar.0 currency=bar.1/>
            <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm text-ink-2">
                <span>{notes.join(" · ")}</span>
                <StateWord window currency/>
            </div>
        </li>
    }
    .into_any()
}

/// The icon of a category; of one's own, that of its group.
fn icon_of(key: &str) -> Glyph {
    let found = category::find(key).or_else(|| category::find(category::group_of(key)));
    found.map_or(Glyph::CircleDashed, |category| Glyph::of_category(category.icon))
}

/// Spending that no budget counts, each with a way to count it.
#[component]
fn Rest(rest: Vec<Unbudgeted>, month: Month, own: Vec<OwnCategory>) -> AnyView {
    let items =
        rest.into_iter().take(SHOWN).map(|found| unbudgeted(&found, month, &own)).collect_view();
    view! {
        <Card id="unbudgeted" title="Not in a budget" flush=true>
            <ul class="divide-y divide-line">{items}</ul>
        </Card>
    }
    .into_any()
}

fn unbudgeted(found: &Unbudgeted, month: Month, own: &[OwnCategory]) -> AnyView {
    let days = (month.first_day(), month.last_day());
    let rows = rows_between(&found.category, &found.currency, Counted::Spending, days);
    let label = category_label(own, &found.category).to_owned();
    let spent = money(found.spent_minor, &found.currency);
    view! {
        <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3 md:px-5" data-testid="budget-missing" data-id=found.category.clone()>
            <span class="min-w-0">{label.clone()}</span>
            <span class="flex items-center gap-4">
                <a href=rows class="figure-link inline-flex min-h-6 items-center">{spent.map(|money| view! { <Amount money/> })}</a>
                <a href=suggest(found) class="link inline-flex min-h-8 items-center text-sm">
                    "Budget this" <span class="sr-only">": " {label}</span>
                </a>
            </span>
        </li>
    }
    .into_any()
}

/// The form with what real spending suggests; without the amount while amounts are hidden.
fn suggest(found: &Unbudgeted) -> String {
    let amount = money(found.suggested_minor, &found.currency).filter(|_| !are_hidden());
    let pairs = [
        ("category", found.category.clone()),
        ("amount", amount.map(Money::to_plain).unwrap_or_default()),
        ("currency", found.currency.clone()),
    ];
    address(routes::NEW_BUDGET, &pairs.map(|(name, value)| (name.to_owned(), value)))
}

/// Before the first budget: three suggestions from real spending.
#[component]
fn Nothing(rest: Vec<Unbudgeted>, month: Month, own: Vec<OwnCategory>) -> AnyView {
    let suggestions: Vec<Unbudgeted> = rest.into_iter().take(3).collect();
    let text = "Your budgets will be here: what you mean to spend, and what is left of it.";
    view! {
        <div class="card">
            <EmptyState text>
                <LinkButton href=routes::NEW_BUDGET>"Set a budget"</LinkButton>
                <LinkButton href=routes::ADD_ACCOUNT variant=Variant::Secondary>"Link a bank"</LinkButton>
                <LinkButton href=routes::IMPORT variant=Variant::Secondary>"Import a file"</LinkButton>
                <TryDemo page=routes::BUDGETS/>
            </EmptyState>
        </div>
        {(!suggestions.is_empty()).then(|| view! { <Rest rest=suggestions month own/> })}
    }
    .into_any()
}

/// The rows that a budget counts in a window, and nothing else.
pub(super) fn rows_of(category: &str, currency: &str, window: &BudgetWindow) -> String {
    rows_between(category, currency, Counted::Either, (window.from, window.to))
}

/// The rows of a category that count so between two days.
fn rows_between(
    category: &str,
    currency: &str,
    counted: Counted,
    (from, to): (domain::Date, domain::Date),
) -> String {
    let filter = TransactionFilter {
        category: Some(category.to_owned()),
        currency: Currency::parse(currency).ok(),
        counted: Some(counted),
        from: Some(from),
        to: Some(to),
        ..TransactionFilter::default()
    };
    address(routes::TRANSACTIONS, &filter.to_pairs())
}

/// "1 May to 31 May 2026".
pub(super) fn days(budget: &BudgetView) -> String {
    let (from, to) = (budget.window.from, budget.window.to);
    if from.year() == to.year() {
        format!("{} to {}", day::format_day_short(from), day::format_day(to))
    } else {
        format!("{} to {}", day::format_day(from), day::format_day(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_category_has_the_icon_of_its_group() {
        assert_eq!(icon_of("food.school-lunch"), icon_of("food"));
        assert_ne!(icon_of("food"), Glyph::CircleDashed);
        assert_eq!(icon_of("uncategorized"), Glyph::CircleDashed);
    }

    #[test]
    fn a_suggestion_fills_the_form() {
        let found = Unbudgeted {
            category: "food.coffee".to_owned(),
            currency: "USD".to_owned(),
            spent_minor: 100,
            suggested_minor: 2_550,
        };

        assert_eq!(suggest(&found), "/budgets/new?category=food.coffee&amount=25.50&currency=USD");
    }
}
