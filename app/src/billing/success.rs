//! `/success`: back from a checkout. It says that something was paid when our tables say so, and that nothing was when
//! Polar does.

use backend::billing;
use domain::{
    billing::{CheckoutProgress, Entitlement},
    plan::Plan,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    ribbon::{TestPayments, is_test},
    words::gives,
};
use crate::{
    AppError,
    islands::{ConfirmPayment, TAKES_LONG},
    routes,
    server::{reject, signed_in},
    ui::{
        AppShell, Button, HiddenField, LinkButton, PostForm, Section, Variant,
        load::load,
        query::{find, page_query},
    },
};

/// After this many seconds it takes longer than usual.
const LONG: i64 = 120;
/// An older beginning in the address is none.
const OLDEST: i64 = 86_400;

/// How far the caller's checkout has come.
#[component]
pub fn SuccessPage() -> AnyView {
    let query = page_query();
    let checkout = find(&query, "checkout_id").map(str::to_owned);
    let since = find(&query, "since").and_then(|since| since.parse().ok());
    load(async move {
        let (backend, caller) = signed_in()?;
        let checkout = checkout.ok_or(AppError::NotFound)?;
        let progress =
            billing::checkout_progress(&backend, &caller, &checkout).await.map_err(reject)?;
        let own = billing::entitlement(&backend, &caller).await.map_err(reject)?;
        let wait = Wait::since(since, backend.clock.now());
        let test = is_test(&backend);
        Ok(view! { <Progress checkout progress own wait test/> })
    })
}

/// How long somebody has been waiting here; the beginning travels in the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wait {
    since: i64,
    is_long: bool,
}

impl Wait {
    fn since(asked: Option<i64>, now: OffsetDateTime) -> Self {
        let now = now.unix_timestamp();
        let since = asked.filter(|since| (now - OLDEST..=now).contains(since)).unwrap_or(now);
        Self { since, is_long: now - since >= LONG }
    }

    /// The address of this page, with the beginning in it.
    fn page(self, checkout: &str) -> String {
        format!("{}&since={}", routes::success(checkout), self.since)
    }
}

#[component]
fn Progress(
    checkout: String,
    progress: CheckoutProgress,
    own: Entitlement,
    wait: Wait,
    test: bool,
) -> AnyView {
    let (title, state, body) = match progress {
        CheckoutProgress::Open => (
            "Nothing was paid yet",
            "open",
            view! {
                <p>"The checkout wasn't finished, or the card was declined. You haven't been charged."</p>
                <Again/>
                <CheckAgain checkout wait/>
            }
            .into_any(),
        ),
        CheckoutProgress::Confirming => (
            "Confirming your payment…",
            "confirming",
            view! { <Confirming checkout wait/> }.into_any(),
        ),
        CheckoutProgress::Done => ("Thank you", "done", view! { <Done own/> }.into_any()),
        CheckoutProgress::Expired => (
            "This checkout has expired",
            "expired",
            view! {
                <p>"It was open for too long. You haven't been charged."</p>
                <Again/>
            }
            .into_any(),
        ),
    };
    view! {
        <AppShell page="success" title section=Section::Settings>
            <div class="flex max-w-2xl flex-col gap-5">
                <TestPayments test/>
                <div class="card flex flex-col gap-5 p-5 md:p-6" data-testid="success-progress" data-state=state>{body}</div>
            </div>
        </AppShell>
    }
    .into_any()
}

#[component]
fn Again() -> AnyView {
    view! {
        <div class="flex flex-wrap gap-3">
            <LinkButton href=routes::PRICING>"Back to the plans"</LinkButton>
            <LinkButton href=routes::BILLING variant=Variant::Ghost>"Go to billing"</LinkButton>
        </div>
    }
    .into_any()
}

/// The button works without script; with it the page looks for itself.
#[component]
fn Confirming(checkout: String, wait: Wait) -> AnyView {
    let is_long = wait.is_long;
    let here = wait.page(&checkout);
    view! {
        <p role="status">
            {if is_long { TAKES_LONG } else { "We're waiting for word that it went through. That takes a few seconds as a rule." }}
        </p>
        <ConfirmPayment checkout=checkout.clone() here is_long/>
        <div class="flex flex-wrap gap-3">
            <CheckAgain checkout wait/>
            <LinkButton href=routes::BILLING variant=Variant::Ghost>"Go to billing"</LinkButton>
        </div>
    }
    .into_any()
}

/// Asks Polar once more: for this checkout, and for everything its owner has bought.
#[component]
fn CheckAgain(checkout: String, wait: Wait) -> AnyView {
    let page = wait.page(&checkout);
    view! {
        <PostForm action=routes::SUCCESS page>
            <HiddenField name="checkoutId" value=checkout/>
            <Button variant=Variant::Secondary busy="Checking…" attr:data-testid="success-again">"Check again"</Button>
        </PostForm>
    }
    .into_any()
}

/// Our tables have it.
#[component]
fn Done(own: Entitlement) -> AnyView {
    let name = own.subscription.as_ref().filter(|shown| shown.access);
    let name = name.map_or(own.plan.name(), |shown| shown.name()).to_owned();
    let sentence = own.subscription.as_ref().filter(|shown| shown.access);
    let sentence = sentence.map(|shown| view! { <p class="text-ink-2">{shown.sentence()}</p> });
    let lines = if own.plan == Plan::Free { Vec::new() } else { gives(own.plan) };
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <div class="flex flex-col gap-1">
            <p class="text-lg font-semibold" data-testid="success-plan">
                {if own.plan == Plan::Free { "Your payment is confirmed.".to_owned() } else { format!("You have {name} now.") }}
            </p>
            {sentence}
        </div>
        <ul class="flex list-disc flex-col gap-1.5 pl-5">{lines}</ul>
        <div class="flex flex-wrap gap-3">
            <LinkButton href=routes::DASHBOARD>"Open dashboard"</LinkButton>
            <LinkButton href=routes::BILLING variant=Variant::Secondary>"Go to billing"</LinkButton>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

    #[test]
    fn it_takes_long_after_two_minutes_from_the_first_look() {
        let at = NOW.unix_timestamp();

        assert_eq!(Wait::since(None, NOW), Wait { since: at, is_long: false });
        assert!(!Wait::since(Some(at - LONG + 1), NOW).is_long);
        assert_eq!(Wait::since(Some(at - LONG), NOW), Wait { since: at - LONG, is_long: true });
    }

    #[test]
    fn a_made_up_beginning_counts_as_none() {
        let at = NOW.unix_timestamp();

        for odd in [at + 1, at - OLDEST - 1, i64::MIN, i64::MAX, 0] {
            assert_eq!(Wait::since(Some(odd), NOW), Wait { since: at, is_long: false }, "{odd}");
        }
    }

    fn page(progress: CheckoutProgress, is_long: bool) -> String {
        Owner::new().with(|| {
            let wait = Wait { since: 7, is_long };
            let own = Entitlement { plan: Plan::Plus, ..Entitlement::default() };
            let checkout = "c-1".to_owned();
            match progress {
                CheckoutProgress::Done => view! { <Done own/> }.to_html(),
                _ => view! { <Confirming checkout wait/> }.to_html(),
            }
        })
    }

    #[test]
    fn nothing_is_claimed_before_it_is_there() {
        let html = page(CheckoutProgress::Confirming, false);

        assert!(!html.contains("You have") && !html.contains("Thank you"), "{html}");
        assert!(html.contains("Check again") && html.contains(r#"action="/success""#));
        assert!(page(CheckoutProgress::Done, false).contains("You have Plus now."));
    }

    #[test]
    fn a_long_wait_says_that_nothing_is_lost() {
        let html = page(CheckoutProgress::Confirming, true);

        assert!(
            html.contains("This is taking longer than usual. You have access to what you had; we"),
            "{html}"
        );
    }
}
