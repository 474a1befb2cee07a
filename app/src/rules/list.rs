//! `/rules`.

use backend::{categories::OwnCategory, rules::RuleView};
use domain::AccountView;
use leptos::prelude::*;

use super::{
    api::list_rules,
    words::{then, when},
};
use crate::{
    accounts::list_accounts,
    islands::keys::NEW,
    routes,
    transactions::list_categories,
    ui::{
        AppShell, Badge, Button, EmptyState, Glyph, HiddenField, LinkButton, PostForm, Section,
        Variant, load::load,
    },
};

/// Every rule in the order in which they are asked.
#[component]
pub fn RulesPage() -> impl IntoView {
    load(async move {
        let rules = list_rules().await?;
        let accounts = list_accounts().await?;
        let own = list_categories().await?;
        Ok(view! {
            <AppShell page="rules" title="Rules" section=Section::Rules>
                <div class="flex flex-col gap-4">
                    <div class="flex flex-wrap items-center justify-between gap-3">
                        <p class="max-w-prose text-ink-2">
                            "Rules sort every transaction that comes, in this order. For each field the first rule that sets it wins; what you set by hand stays."
                        </p>
                        <LinkButton href=routes::NEW_RULE icon=Glyph::Plus attr:data-key=NEW>"New rule"</LinkButton>
                    </div>
                    <Body rules accounts own/>
                </div>
            </AppShell>
        })
    })
}

#[component]
fn Body(rules: Vec<RuleView>, accounts: Vec<AccountView>, own: Vec<OwnCategory>) -> AnyView {
    if rules.is_empty() {
        let text = "No rules yet. A rule can name a merchant, choose a category or add a tag, so that you need not.";
        return view! { <div class="card"><EmptyState text/></div> }.into_any();
    }
    let last = rules.len() - 1;
    let rows = rules
        .into_iter()
        .enumerate()
        .map(|(place, rule)| {
            let when = when(&rule.rule, &accounts);
            let done = then(&rule.rule, &own, &accounts);
            view! { <Row rule when done first=place == 0 last=place == last/> }
        })
        .collect_view();
    view! { <ol class="card divide-y divide-line" aria-label="Rules">{rows}</ol> }.into_any()
}

#[component]
fn Row(rule: RuleView, when: String, done: String, first: bool, last: bool) -> AnyView {
    let id = rule.id.to_string();
    let name = rule.name.clone();
    let shift = |way: &'static str, label: &'static str| {
        let (id, name) = (id.clone(), name.clone());
        view! {
            <PostForm action=routes::SHIFT_RULE page=routes::RULES class="inline-flex">
                <HiddenField name="id" value=id/>
                <HiddenField name="way" value=way/>
                <Button variant=Variant::Ghost attr:data-testid=format!("rule-{way}")>
                    {label} <span class="sr-only">": " {name}</span>
                </Button>
            </PostForm>
        }
        .into_any()
    };
    let off = (!rule.enabled).then(|| view! { <Badge>"Off"</Badge> });
    view! {
        <li class="flex flex-col gap-2 px-4 py-4 md:px-5" data-testid="rule-row" data-id=id.clone()>
            <div class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
                <a href=routes::rule(&rule.id) class="row-link">{rule.name.clone()}</a>
                {off}
            </div>
            <p class="text-sm break-words">{when}</p>
            <p class="text-sm break-words text-ink-2">{done}</p>
            <div class="flex flex-wrap gap-2">
                {(!first).then(|| shift("up", "Earlier"))}
                {(!last).then(|| shift("down", "Later"))}
            </div>
        </li>
    }
    .into_any()
}
