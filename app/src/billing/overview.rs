//! `/billing`: what somebody has, what they use of it, and what they have paid.

use backend::billing::{self, PlanUse};
use domain::{
    billing::{Entitlement, Metered, OrderView, State, SubscriptionView},
    day::format_day,
    page::PageRequest,
    plan::{Limit, Plan},
};
use leptos::prelude::*;

use super::{
    invoices::Invoices,
    ribbon::{TestPayments, is_test},
};
use crate::{
    form::use_form,
    routes,
    server::{reject, signed_in},
    settings::frame::{SettingsShell, SettingsTab},
    ui::{
        Amount, Badge, Button, Card, ErrorSummary, HiddenField, LinkButton, Meter, Notice, Tone,
        Variant,
        form::FormScope,
        load::load,
        query::{page_number, page_query},
    },
};

/// Orders on a page.
const ORDERS: i64 = 12;

/// The plan, its use, the invoices.
#[component]
pub fn BillingPage() -> AnyView {
    let page = page_number(&page_query());
    load(async move {
        let (backend, caller) = signed_in()?;
        if backend.settings.billing.is_none() {
            return Ok(view! { <Off/> }.into_any());
        }
        let own = billing::entitlement(&backend, &caller).await.map_err(reject)?;
        let used = billing::plan_use(&backend, &caller).await.map_err(reject)?;
        let request = PageRequest::Page { page, limit: ORDERS };
        let (orders, total) = billing::orders(&backend, &caller, request).await.map_err(reject)?;
        let pages = domain::page::total_pages(total, ORDERS);
        let test = is_test(&backend);
        Ok(view! { <Overview own used orders test page pages/> }.into_any())
    })
}

/// Nothing is sold here.
#[component]
fn Off() -> AnyView {
    view! {
        <SettingsShell tab=SettingsTab::Billing>
            <Card id="plan" title="Your plan">
                <p class="text-ink-2" data-testid="billing-off">
                    "Everything is included: accounts, imports and history without limits. Nothing is sold on this installation."
                </p>
            </Card>
        </SettingsShell>
    }
    .into_any()
}

#[component]
fn Overview(
    own: Entitlement,
    used: PlanUse,
    orders: Vec<OrderView>,
    test: bool,
    page: i64,
    pages: i64,
) -> AnyView {
    let refused = FormScope { state: use_form(), prefix: "" };
    let late = own.subscription.clone().filter(|shown| shown.state == State::PastDue);
    let (plan, metered) = (own.plan, own.metered.clone());
    let customer = own.subscription.is_some() || !orders.is_empty();
    view! {
        <SettingsShell tab=SettingsTab::Billing>
            <TestPayments test/>
            <ErrorSummary scope=refused/>
            {late.map(|shown| view! { <Late sentence=shown.sentence()/> })}
            <PlanCard own customer/>
            <Use plan used metered/>
            <Invoices orders page pages/>
        </SettingsShell>
    }
    .into_any()
}

/// A payment is owed, and this button leads to where it is made.
#[component]
fn Late(sentence: String) -> AnyView {
    view! {
        <Notice tone=Tone::Warning>
            <div class="flex flex-wrap items-center justify-between gap-3" data-testid="billing-late">
                <p class="min-w-0 flex-1">{sentence}</p>
                <Act action=routes::PORTAL label="Update card" busy="Opening…"/>
            </div>
        </Notice>
    }
    .into_any()
}

/// One button that does one thing.
#[component]
fn Act(
    action: &'static str,
    #[prop(into)] label: String,
    busy: &'static str,
    #[prop(optional)] variant: Variant,
) -> AnyView {
    view! {
        <form method="post" action=action>
            <HiddenField name="page" value=routes::BILLING/>
            <Button variant busy>{label}</Button>
        </form>
    }
    .into_any()
}

#[component]
fn PlanCard(own: Entitlement, customer: bool) -> AnyView {
    let Entitlement { plan, gift, subscription, billable, .. } = own;
    let shown = subscription.clone();
    let state = shown.as_ref().map_or(State::None, |shown| shown.state);
    // A subscription that gives nothing is not what somebody has.
    let name = match &shown {
        Some(shown) if shown.access && !gift => shown.name().to_owned(),
        _ => plan.name().to_owned(),
    };
    let price = shown.as_ref().filter(|shown| shown.access || billable).and_then(|shown| {
        let amount = shown.price()?;
        Some(view! {
            <p class="text-ink-2" data-testid="billing-price"><Amount money=amount/> {format!(" a {}", shown.period())}</p>
        })
    });
    let lines = sentences(plan, gift, shown.as_ref());
    view! {
        <Card id="plan" title="Your plan">
            <div class="flex flex-col gap-4" data-testid="billing-plan" data-id=plan.code() data-state=state_word(state)>
                <div class="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
                    <div>
                        <p class="text-2xl font-semibold" data-testid="billing-name">{name}</p>
                        {price}
                    </div>
                    {state_badge(state, gift)}
                </div>
                {(!lines.is_empty()).then(|| view! {
                    <div class="flex flex-col gap-1">
                        {lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
                    </div>
                })}
                <Ways plan subscription billable customer/>
            </div>
        </Card>
    }
    .into_any()
}

/// What is to be known of the plan, the most important first.
fn sentences(plan: Plan, gift: bool, shown: Option<&SubscriptionView>) -> Vec<String> {
    let mut lines = Vec::new();
    if gift {
        lines.push(format!("{} is a present. You pay nothing for it.", plan.name()));
    }
    // One that is owed is told above the card.
    if let Some(shown) = shown.filter(|shown| !matches!(shown.state, State::PastDue | State::None))
    {
        lines.push(shown.sentence());
    }
    if let Some(pending) = shown.filter(|shown| shown.pending_product_id.is_some()) {
        let name = pending.pending_product_name.as_deref().unwrap_or("another plan");
        lines.push(match pending.pending_applies_at {
            Some(at) => format!("On {} it changes to {name}.", format_day(at.date())),
            None => format!("With the next period it changes to {name}."),
        });
    }
    if lines.is_empty() && plan == Plan::Free {
        lines.push("You're on the Free plan.".to_owned());
    }
    lines
}

fn state_word(state: State) -> &'static str {
    match state {
        State::Trialing => "trialing",
        State::Active => "active",
        State::Canceling => "canceling",
        State::PastDue => "past_due",
        State::Paused => "paused",
        State::Ended => "ended",
        State::None => "none",
    }
}

fn state_badge(state: State, gift: bool) -> Option<AnyView> {
    let (tone, word) = match state {
        _ if gift => (Tone::Accent, "Present"),
        State::Trialing => (Tone::Accent, "Trial"),
        State::Active => (Tone::Positive, "Active"),
        State::Canceling => (Tone::Warning, "Ending"),
        State::PastDue => (Tone::Negative, "Payment failed"),
        State::Paused => (Tone::Neutral, "Paused"),
        State::Ended => (Tone::Neutral, "Ended"),
        State::None => return None,
    };
    Some(view! { <Badge tone>{word}</Badge> }.into_any())
}

/// What can be done about it.
#[component]
fn Ways(
    plan: Plan,
    subscription: Option<SubscriptionView>,
    billable: bool,
    customer: bool,
) -> AnyView {
    let state = subscription.as_ref().map_or(State::None, |shown| shown.state);
    let name = subscription.as_ref().map_or("", |shown| shown.name()).to_owned();
    let pending = subscription.as_ref().is_some_and(|shown| shown.pending_product_id.is_some());
    let resume = match state {
        State::Canceling => Some(format!("Keep {name}")),
        State::Paused => Some(format!("Resume {name}")),
        _ => None,
    };
    let change = match (billable, plan) {
        (true, _) => Some("Change plan"),
        (false, Plan::Premium) => None,
        (false, _) => Some("See plans"),
    };
    let first = if billable { Variant::Secondary } else { Variant::Primary };
    view! {
        <div class="flex flex-wrap gap-3">
            {resume.map(|label| view! { <Act action=routes::RESUME label busy="One moment…"/> })}
            {pending.then(|| view! { <Act action=routes::KEEP_PLAN label=format!("Stay with {name}") busy="One moment…"/> })}
            {change.map(|label| view! { <LinkButton href=routes::PRICING variant=first>{label}</LinkButton> })}
            {customer.then(|| view! { <Act action=routes::PORTAL label="Manage payment" busy="Opening…" variant=Variant::Secondary/> })}
            {can_cancel(state).then(|| view! { <LinkButton href=routes::CANCEL variant=Variant::Ghost>"Cancel subscription"</LinkButton> })}
        </div>
    }
    .into_any()
}

/// Whether there is something left to cancel here. Polar ends no subscription that rests: it goes on first.
pub fn can_cancel(state: State) -> bool {
    matches!(state, State::Trialing | State::Active | State::PastDue)
}

#[component]
fn Use(plan: Plan, used: PlanUse, metered: Option<Metered>) -> AnyView {
    let limits = plan.limits();
    let lines = metered.map(metered_lines).unwrap_or_default();
    let lines = lines.into_iter().map(|(name, text)| {
        view! {
            <div class="flex flex-wrap items-baseline justify-between gap-x-4" data-testid="billing-use-metered">
                <p class="font-medium">{name}</p>
                <p class="text-sm text-ink-2">{text}</p>
            </div>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Card id="use" title="What you use">
            <div class="flex flex-col gap-5">
                <Meter limit=Limit::Accounts label="Bank accounts" used=used.accounts most=limits.accounts/>
                <Meter limit=Limit::Imports label="Imports this month" used=used.imports_this_month most=limits.imports/>
                <div class="flex flex-wrap items-baseline justify-between gap-x-4" data-testid="billing-use-history">
                    <p class="font-medium">"Transactions shown"</p>
                    <p class="text-sm text-ink-2">{history(plan)}</p>
                </div>
                {lines}
            </div>
        </Card>
    }
    .into_any()
}

/// What was used of what is metered: our count, and Polar's.
fn metered_lines(metered: Metered) -> Vec<(String, String)> {
    let since = format_day(metered.since.date());
    let counts = metered.counts.into_iter().filter_map(|used| {
        // Imports are among the limits of the plan, with what is left of them.
        let name = (used.event == "api_call").then_some("API calls")?;
        Some((name.to_owned(), format!("{} since {since}.", used.count)))
    });
    let meters = metered.meters.into_iter().map(|meter| {
        let name = meter.name.unwrap_or_else(|| "Metered use".to_owned());
        let text = format!("{} used, {} left, by Polar's count.", meter.used, meter.left);
        (format!("{name}, as billed"), text)
    });
    counts.chain(meters).collect()
}

fn history(plan: Plan) -> String {
    match plan.limits().history_months {
        Some(months) => format!("The last {months} months. Older ones are kept."),
        None => "All of them.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::billing::{MeterView, UseCount};
    use time::macros::datetime;

    use super::*;

    fn shown(state: State) -> SubscriptionView {
        let now = datetime!(2026-11-21 12:00 UTC);
        SubscriptionView {
            id: "s".to_owned(),
            product_id: "p".to_owned(),
            product_name: None,
            plan: Some(Plan::Plus),
            status: "active".to_owned(),
            state,
            access: true,
            amount: 1_900,
            currency: "usd".to_owned(),
            recurring_interval: "month".to_owned(),
            recurring_interval_count: 1,
            current_period_start: now,
            current_period_end: Some(datetime!(2026-12-21 12:00 UTC)),
            cancel_at_period_end: state == State::Canceling,
            pause_at_period_end: false,
            canceled_at: None,
            ends_at: None,
            ended_at: None,
            trial_end: None,
            grace_until: None,
            resumes_at: None,
            pending_product_id: None,
            pending_product_name: None,
            pending_applies_at: None,
        }
    }

    fn card(own: Entitlement) -> String {
        Owner::new().with(|| {
            let customer = own.subscription.is_some();
            view! { <PlanCard own customer/> }.to_html()
        })
    }

    fn plus(state: State) -> Entitlement {
        let subscription = Some(shown(state));
        Entitlement { plan: Plan::Plus, subscription, billable: true, ..Entitlement::default() }
    }

    #[test]
    fn a_running_plan_says_its_price_and_when_it_renews() {
        let html = card(plus(State::Active));

        assert!(html.contains("Plus renews on 21 December 2026."), "{html}");
        assert!(html.contains("$19.00") && html.contains(" a month"));
        assert!(
            html.contains(r#"action="/billing/portal""#)
                && html.contains(r#"href="/billing/cancel""#)
        );
        assert!(!html.contains(r#"action="/billing/resume""#));
    }

    #[test]
    fn one_that_ends_can_be_kept_and_not_be_cancelled_again() {
        let html = card(plus(State::Canceling));

        assert!(
            html.contains("Keep Plus") && html.contains(r#"action="/billing/resume""#),
            "{html}"
        );
        assert!(!html.contains("/billing/cancel"));
    }

    #[test]
    fn one_that_rests_goes_on_before_it_can_end() {
        let html = card(plus(State::Paused));

        assert!(html.contains("Resume Plus"), "{html}");
        assert!(!html.contains("/billing/cancel") && html.contains(r#"action="/billing/portal""#));
    }

    #[test]
    fn what_is_metered_is_told_by_our_count_and_by_polars() {
        let count = |event: &str| UseCount { event: event.to_owned(), count: 12 };
        let meter = |name: Option<&str>| MeterView {
            id: "m".to_owned(),
            name: name.map(str::to_owned),
            used: "12.5".to_owned(),
            left: "-2.5".to_owned(),
        };
        let metered = Metered {
            since: datetime!(2026-11-01 00:00 UTC),
            counts: vec![count("api_call"), count("import")],
            meters: vec![meter(Some("API calls")), meter(None)],
        };

        let lines: Vec<String> = metered_lines(metered)
            .into_iter()
            .map(|(name, text)| format!("{name}: {text}"))
            .collect();

        assert_eq!(
            lines,
            [
                "API calls: 12 since 1 November 2026.",
                "API calls, as billed: 12.5 used, -2.5 left, by Polar's count.",
                "Metered use, as billed: 12.5 used, -2.5 left, by Polar's count.",
            ]
        );
    }

    #[test]
    fn a_change_that_waits_is_told_and_can_be_withdrawn() {
        let mut own = plus(State::Active);
        if let Some(shown) = &mut own.subscription {
            shown.pending_product_id = Some("q".to_owned());
            shown.pending_product_name = Some("Starter".to_owned());
            shown.pending_applies_at = Some(datetime!(2026-12-21 12:00 UTC));
        }
        let html = card(own);

        assert!(html.contains("On 21 December 2026 it changes to Starter."), "{html}");
        assert!(html.contains("Stay with Plus") && html.contains(r#"action="/billing/plan/keep""#));
    }

    #[test]
    fn a_present_costs_nothing_and_nobody_without_one_has_a_portal() {
        let gift = card(Entitlement { plan: Plan::Plus, gift: true, ..Entitlement::default() });
        let free = card(Entitlement::default());

        assert!(gift.contains("Plus is a present. You pay nothing for it."), "{gift}");
        assert!(free.contains("on the Free plan.") && !free.contains("portal"), "{free}");
    }
}
