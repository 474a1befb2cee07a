//! `/billing/plan?to=…`: what another plan means, before anything is changed.

use backend::billing::{self, PlanUse, When};
use domain::{
    billing::{Entitlement, OfferView, State, SubscriptionView},
    day::format_day,
    plan::{Plan, offer},
};
use leptos::prelude::*;

use super::{
    ribbon::{TestPayments, is_test},
    words::{gives, per, stops},
};
use crate::{
    form::use_form_for,
    routes,
    server::{reject, signed_in},
    ui::{
        AppShell, Button, Card, HiddenField, LinkButton, PostForm, Section, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// The page that asks before a plan is changed. Without a subscription, or a plan to change to, it leads to the plans.
#[component]
pub fn ChangePlanPage() -> AnyView {
    let asked = use_form_for(routes::CHANGE_PLAN).value("slug").map(str::to_owned);
    let asked = asked.or_else(|| find(&page_query(), "to").map(str::to_owned));
    load(async move {
        let (backend, caller) = signed_in()?;
        let Some(offer) = asked.as_deref().and_then(offer) else {
            leptos_axum::redirect(routes::PRICING);
            return Ok(().into_any());
        };
        let own = billing::entitlement(&backend, &caller).await.map_err(reject)?;
        let Entitlement { billable: true, subscription: Some(subscription), .. } = own else {
            leptos_axum::redirect(&routes::pricing(offer.slug));
            return Ok(().into_any());
        };
        let offers = billing::catalogue(&backend).await.map_err(reject)?;
        let used = billing::plan_use(&backend, &caller).await.map_err(reject)?;
        let to = offers.into_iter().find(|sold| sold.slug == offer.slug);
        let to = to.ok_or(crate::AppError::NotFound)?;
        let test = is_test(&backend);
        Ok(view! { <Change subscription to used test/> }.into_any())
    })
}

#[component]
fn Change(subscription: SubscriptionView, to: OfferView, used: PlanUse, test: bool) -> AnyView {
    let from = subscription.plan.unwrap_or_default();
    let name = to.plan.name();
    let is_same = from == to.plan && subscription.interval() == Some(to.interval);
    let stays = format!("Keep {}", subscription.name());
    let title = if is_same { "Your plan".to_owned() } else { format!("Change to {name}") };
    let body = if is_same {
        view! {
            <Card id="change" title=format!("You have {name}")>
                <p class="mb-4 text-ink-2">"This is your plan already. Nothing is to be changed."</p>
                <LinkButton href=routes::BILLING>"Go to billing"</LinkButton>
            </Card>
        }
        .into_any()
    } else {
        let page = routes::change_plan(&to.slug);
        let slug = to.slug.clone();
        view! {
            <Means subscription from to used/>
            <PostForm action=routes::CHANGE_PLAN page class="flex flex-col gap-5">
                <HiddenField name="slug" value=slug/>
                <div class="flex flex-wrap gap-3">
                    <Button busy="Changing…" attr:data-testid="billing-change-submit">{format!("Change to {name}")}</Button>
                    <LinkButton href=routes::BILLING variant=Variant::Ghost>{stays}</LinkButton>
                </div>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <AppShell page="billing-plan" title section=Section::Settings back=("Billing", routes::BILLING)>
            <div class="flex max-w-3xl flex-col gap-5">
                <TestPayments test/>
                {body}
            </div>
        </AppShell>
    }
    .into_any()
}

/// What is charged and when, what comes and what goes.
#[component]
fn Means(subscription: SubscriptionView, from: Plan, to: OfferView, used: PlanUse) -> AnyView {
    let charged = charged(&subscription, &to);
    let less = stops(from, to.plan, used);
    let more = if to.plan > from { gives(to.plan) } else { Vec::new() };
    let name = to.plan.name();
    let list = |items: Vec<String>| {
        let items = items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view();
        view! { <ul class="flex list-disc flex-col gap-1.5 pl-5">{items}</ul> }
    };
    view! {
        <Card id="charged" title="What you pay">
            <div class="flex flex-col gap-2" data-testid="billing-change-charged">
                {charged.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            </div>
        </Card>
        {(!more.is_empty()).then(|| view! {
            <Card id="gives" title=format!("What {name} gives you")>{list(more)}</Card>
        })}
        {(!less.is_empty()).then(|| view! {
            <Card id="stops" title="What stops working">
                <div class="flex flex-col gap-3" data-testid="billing-change-stops">
                    {list(less)}
                    <p class="font-medium">"Nothing is deleted."</p>
                </div>
            </Card>
        })}
    }
    .into_any()
}

/// What is charged and when, in sentences.
fn charged(subscription: &SubscriptionView, to: &OfferView) -> Vec<String> {
    let (name, per) = (to.plan.name(), per(to.interval));
    let price = to.price.map(|price| format!("{} {per}", price.format()));
    let end = subscription.current_period_end.map(|end| format_day(end.date()));
    let trial = subscription.trial_end.filter(|_| subscription.state == State::Trialing);
    let mut lines = Vec::new();
    match (When::for_change(subscription, to.plan, to.interval), trial) {
        (When::Now, Some(trial)) => {
            lines.push(format!("{name} begins at once, and your trial goes on until {}. Nothing is charged before that.", format_day(trial.date())));
            lines.push(match &price {
                Some(price) => format!("Then it costs {price}, before tax."),
                None => "You see the price on the invoice.".to_owned(),
            });
        }
        (When::Now, None) => {
            lines.push(format!(
                "{name} begins at once. You're charged now for the difference, and what is left of the period you've paid for counts."
            ));
            lines.push(match &price {
                Some(price) => format!("From then on it costs {price}, before tax."),
                None => "From then on it costs what the invoice says.".to_owned(),
            });
        }
        (When::NextPeriod, _) => {
            lines.push(match end {
                Some(end) => format!(
                    "Nothing is charged now. Until {end} you keep {}; then {name} begins.",
                    subscription.name()
                ),
                None => format!("Nothing is charged now. {name} begins with the next period."),
            });
            if let Some(price) = &price {
                lines.push(format!("From then on it costs {price}, before tax."));
            }
            lines.push("You can change your mind until then.".to_owned());
        }
    }
    if subscription.state == State::PastDue {
        lines.push("Your last payment is still open. Update your card first, or the change may be refused.".to_owned());
    }
    lines
}
