//! `/rules/new` and `/rules/{id}`: the form, and beside it what the rule would change.

use backend::rules::{RulePreview, RuleSample};
use domain::{Currency, Money, RuleId, day, query::Pairs};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    api::{get_rule, preview_rule},
    fields::RuleFields,
    form::TypedRule,
};
use crate::{
    AppError,
    accounts::list_accounts,
    form::use_form_for,
    routes,
    server::{new_key, set_status},
    transactions::list_categories,
    ui::{
        Amount, AppShell, Button, Card, Checkbox, HiddenField, LinkButton, PostForm, Section,
        Variant,
        count::count,
        load::load,
        query::{find, page_query},
    },
};

/// A new rule. Its state is the address, so that Preview works without script.
#[component]
pub fn NewRulePage() -> impl IntoView {
    let query = page_query();
    let is_asked = is_asked(&query, routes::NEW_RULE);
    load(async move {
        let typed = TypedRule::of_query(&query);
        let accounts = list_accounts().await?;
        let own = list_categories().await?;
        let beside = if is_asked { Some(beside(typed.clone(), None).await?) } else { None };
        Ok(view! {
            <AppShell page="rule-new" title="New rule" section=Section::Rules back=("Rules", routes::RULES)>
                <Sheet beside>
                    <PostForm action=routes::NEW_RULE>
                        <RuleFields typed extras=Vec::new() accounts own/>
                        <Buttons label="Add rule" busy="Adding…" preview=routes::NEW_RULE.to_owned()/>
                    </PostForm>
                </Sheet>
            </AppShell>
        })
    })
}

/// One rule.
#[component]
pub fn RulePage() -> impl IntoView {
    let id = RuleId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    let query = page_query();
    let is_asked = is_asked(&query, routes::CHANGE_RULE);
    load(async move {
        let rule = get_rule(id).await?;
        let accounts = list_accounts().await?;
        let own = list_categories().await?;
        let typed = if is_asked {
            TypedRule::of_query(&query)
        } else {
            TypedRule::of(&rule.name, &rule.rule)
        };
        // What is only typed is not applied.
        let is_saved = typed.says(&rule.rule);
        let extras = TypedRule::of(&rule.name, &rule.rule).also;
        let apply = is_saved.then(|| rule.id.clone());
        let beside = if is_asked { Some(beside(typed.clone(), apply).await?) } else { None };
        let (path, title) = (routes::rule(&rule.id), rule.name.clone());
        let enabled = if is_asked { find(&query, "enabled").is_some() } else { rule.enabled };
        let id = rule.id.to_string();
        let leave = view! { <Leave id=id.clone() page=path.clone()/> };
        let preview = path.clone();
        Ok(view! {
            <AppShell page="rule" title section=Section::Rules back=("Rules", routes::RULES)>
                <Sheet beside>
                    <PostForm action=routes::CHANGE_RULE page=path>
                        <HiddenField name="id" value=id/>
                        <RuleFields typed extras accounts own/>
                        <Checkbox name="enabled" label="Ask this rule" checked=enabled/>
                        <Buttons label="Save changes" busy="Saving…" preview/>
                    </PostForm>
                    {leave}
                </Sheet>
            </AppShell>
        })
    })
}

/// Deleting it, folded away.
#[component]
fn Leave(id: String, page: String) -> AnyView {
    view! {
        <details class="disclosure mt-6">
            <summary>"Delete this rule"</summary>
            <div class="mt-3">
                <PostForm action=routes::DELETE_RULE page prefix="delete-">
                    <HiddenField name="id" value=id/>
                    <p class="text-sm text-ink-2">"What it set stays as it is."</p>
                    <div><Button variant=Variant::Danger busy="Deleting…" attr:data-testid="rule-delete">"Delete rule"</Button></div>
                </PostForm>
            </div>
        </details>
    }
    .into_any()
}

/// Whether the address asks for a look, and no form has just been refused.
fn is_asked(query: &Pairs, action: &'static str) -> bool {
    find(query, "preview").is_some() && !use_form_for(action).was_posted()
}

/// The form, and a look beside it.
#[component]
fn Sheet(beside: Option<AnyView>, children: Children) -> AnyView {
    view! {
        <div class="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
            <div class="card min-w-0 p-4 md:p-6">{children()}</div>
            <div class="flex min-w-0 flex-col gap-4">{beside}</div>
        </div>
    }
    .into_any()
}

#[component]
fn Buttons(label: &'static str, busy: &'static str, preview: String) -> AnyView {
    view! {
        <div class="flex flex-wrap gap-3">
            <Button busy attr:data-testid="rule-submit">{label}</Button>
            <Button
                variant=Variant::Secondary
                attr:formmethod="get"
                attr:formaction=preview
                attr:name="preview"
                attr:value="1"
                attr:data-testid="rule-preview"
            >
                "Preview"
            </Button>
            <LinkButton href=routes::RULES variant=Variant::Ghost>"Cancel"</LinkButton>
        </div>
    }
    .into_any()
}

/// What the rule would change, or what is wrong with it.
async fn beside(typed: TypedRule, apply: Option<RuleId>) -> Result<AnyView, AppError> {
    match preview_rule(typed).await {
        Ok(found) => Ok(view! { <Look found apply/> }.into_any()),
        Err(AppError::Invalid(errors)) => {
            set_status(422);
            let words = errors.into_iter().map(|error| view! { <li>{error.message}</li> });
            let list = words.collect_view();
            Ok(view! {
                <Card id="look" title="Not yet">
                    <ul class="list-disc pl-5" role="alert">{list}</ul>
                </Card>
            }
            .into_any())
        }
        Err(error) => Err(error),
    }
}

/// How many rows fit, and some of those that would be different.
#[component]
fn Look(found: RulePreview, apply: Option<RuleId>) -> AnyView {
    let after = (found.changing > 0).then(|| view! { <Apply rule=apply changing=found.changing/> });
    let sentence = match (found.fitting, found.changing) {
        (0, _) => "No transaction that is here fits.".to_owned(),
        (fitting, 0) => {
            format!("{} fit, and none would be different.", count(fitting, "transaction"))
        }
        (fitting, changing) => {
            format!(
                "{} fit. {changing} of them would look different.",
                count(fitting, "transaction")
            )
        }
    };
    let rows = found.samples.into_iter().map(sample).collect_view();
    view! {
        <Card id="look" title="What is here">
            <p class="mb-3 text-ink-2" data-testid="rule-look" data-minor=found.changing.to_string()>{sentence}</p>
            <ul class="flex flex-col gap-3">{rows}</ul>
            {after}
        </Card>
    }
    .into_any()
}

/// The button that does it to the rows that are here, once the rule is saved as it is shown.
#[component]
fn Apply(rule: Option<RuleId>, changing: i64) -> AnyView {
    let Some(rule) = rule else {
        return view! {
            <p class="mt-4 text-sm text-ink-2">"Save the rule first, then it can be applied to what is here."</p>
        }
        .into_any();
    };
    let label = format!("Apply to {}", count(changing, "transaction"));
    view! {
        <div class="mt-4">
            <PostForm action=routes::APPLY_RULE page=routes::rule(&rule) prefix="apply-" class="flex flex-col gap-3">
                <HiddenField name="id" value=rule.to_string()/>
                <HiddenField name="idempotencyKey" value=new_key()/>
                <p class="text-sm text-ink-2">"What you set yourself stays. You can undo it for 30 days."</p>
                <div><Button variant=Variant::Secondary busy="Applying…" attr:data-testid="rule-apply">{label}</Button></div>
            </PostForm>
        </div>
    }
    .into_any()
}

fn sample(sample: RuleSample) -> impl IntoView {
    let money = Currency::parse(&sample.currency)
        .ok()
        .map(|currency| Money::new(sample.amount_minor, currency));
    view! {
        <li class="flex flex-col text-sm" data-testid="rule-sample">
            <span class="flex justify-between gap-3">
                <span class="min-w-0 break-words">{sample.title}</span>
                {money.map(|money| view! { <Amount money signed=true/> })}
            </span>
            <span class="text-ink-2">{format!("{} · {}", day::format_day_short(sample.date), sample.becomes)}</span>
        </li>
    }
}
