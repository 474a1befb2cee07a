//! `/billing/cancel`: what ends and when, and why, if somebody wants to say so.

use backend::billing::{self, PlanUse};
use domain::{billing::SubscriptionView, day::format_day, plan::Plan};
use leptos::prelude::*;

use super::{
    api::COMMENT_MAX,
    overview::can_cancel,
    ribbon::{TestPayments, is_test},
    words::{REASONS, stops},
};
use crate::{
    routes,
    server::{reject, signed_in},
    ui::{
        AppShell, Button, Card, Choice, LinkButton, PostForm, RadioGroup, Section, TextArea,
        Variant, load::load,
    },
};

/// The page that asks before a subscription ends. Without one it leads to billing.
#[component]
pub fn CancelPage() -> AnyView {
    load(async move {
        let (backend, caller) = signed_in()?;
        let own = billing::entitlement(&backend, &caller).await.map_err(reject)?;
        let Some(subscription) = own.subscription.filter(|shown| can_cancel(shown.state)) else {
            leptos_axum::redirect(routes::BILLING);
            return Ok(().into_any());
        };
        let used = billing::plan_use(&backend, &caller).await.map_err(reject)?;
        let test = is_test(&backend);
        Ok(view! { <Cancel subscription used test/> }.into_any())
    })
}

#[component]
fn Cancel(subscription: SubscriptionView, used: PlanUse, test: bool) -> AnyView {
    let name = subscription.name().to_owned();
    let title = format!("Cancel {name}");
    let lines = stops(subscription.plan.unwrap_or_default(), Plan::Free, used);
    let until = until(&subscription);
    view! {
        <AppShell page="billing-cancel" title section=Section::Settings back=("Billing", routes::BILLING)>
            <div class="flex max-w-3xl flex-col gap-5">
                <TestPayments test/>
                <Card id="ends" title="What happens">
                    <div class="flex flex-col gap-3" data-testid="billing-cancel-ends">
                        <p>{until}</p>
                        {(!lines.is_empty()).then(|| view! {
                            <ul class="flex list-disc flex-col gap-1.5 pl-5">
                                {lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                            </ul>
                        })}
                        <p class="font-medium">"Nothing is deleted."</p>
                    </div>
                </Card>
                <Card id="why" title="Tell us why, if you like">
                    <Why name/>
                </Card>
            </div>
        </AppShell>
    }
    .into_any()
}

/// Until when everything stays as it is.
fn until(subscription: &SubscriptionView) -> String {
    let name = subscription.name();
    let end = subscription.trial_end.filter(|_| subscription.status == "trialing");
    match end.or(subscription.current_period_end) {
        Some(end) => format!(
            "{name} ends on {}. Until then nothing changes, and you can take this back. After that you have the Free plan:",
            format_day(end.date())
        ),
        None => format!("{name} ends with this period. After that you have the Free plan:"),
    }
}

#[component]
fn Why(name: String) -> AnyView {
    let choices = REASONS.iter().map(|(word, label)| Choice::new(*word, *label)).collect();
    view! {
        <PostForm action=routes::CANCEL>
            <RadioGroup name="reason" legend="Reason (optional)" choices/>
            <TextArea
                name="comment"
                label="Anything else"
                hint=format!("At most {COMMENT_MAX} characters. Whoever runs this installation reads it.")
                maxlength=u32::from(COMMENT_MAX)
                optional=true
            />
            <div class="flex flex-wrap gap-3">
                <Button variant=Variant::Danger busy="Cancelling…" attr:data-testid="billing-cancel-submit">"Cancel subscription"</Button>
                <LinkButton href=routes::BILLING variant=Variant::Ghost>{format!("Keep {name}")}</LinkButton>
            </div>
        </PostForm>
    }
    .into_any()
}
