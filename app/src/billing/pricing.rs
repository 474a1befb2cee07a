//! `/pricing`: the plans, for everybody.

use backend::billing;
use domain::{
    billing::{Entitlement, OfferView},
    plan::{Interval, Plan, offer},
};
use leptos::prelude::*;

use super::{
    cards::Cards,
    compare::Compare,
    ribbon::{TestPayments, is_test},
};
use crate::{
    routes,
    server::{RequestPath, backend, reject, signed_in},
    session::use_session,
    ui::{
        LinkButton, Notice, PublicShell, Tone,
        load::load,
        query::{find, page_query},
    },
};

/// What the page shows to this visitor.
#[derive(Clone, Debug)]
pub struct Offers {
    /// By the month or by the year.
    pub interval: Interval,
    /// What is sold, with prices.
    pub sold: Vec<OfferView>,
    /// The name of the offer that was chosen before signing up.
    pub chosen: Option<String>,
    /// What the visitor has; none for a stranger.
    pub own: Option<Entitlement>,
    /// Payments are tried out.
    pub test: bool,
    /// The address of this page, for a form that is refused.
    pub here: String,
}

/// Cards and a comparison; the way to pay for who is signed in, the way to sign up for everybody else.
#[component]
pub fn PricingPage() -> AnyView {
    let query = page_query();
    let chosen = find(&query, "plan").and_then(offer);
    let interval = find(&query, "interval")
        .and_then(Interval::parse)
        .or(chosen.map(|offer| offer.interval))
        .unwrap_or(Interval::Month);
    let chosen = chosen.map(|offer| offer.slug.to_owned());
    let here = use_context::<RequestPath>().map_or_else(|| routes::PRICING.to_owned(), |at| at.0);
    load(async move {
        let backend = backend();
        if backend.settings.billing.is_none() {
            return Ok(view! { <Everything/> }.into_any());
        }
        let sold = billing::catalogue(&backend).await.map_err(reject)?;
        let own = match signed_in() {
            Ok((backend, caller)) => {
                Some(billing::entitlement(&backend, &caller).await.map_err(reject)?)
            }
            Err(_) => None,
        };
        let test = is_test(&backend);
        let offers = Offers { interval, sold, chosen, own, test, here };
        Ok(view! { <Plans offers/> }.into_any())
    })
}

#[component]
fn Plans(offers: Offers) -> AnyView {
    let current: Option<Plan> = offers.own.as_ref().map(|own| own.plan);
    let table = offers.sold.clone();
    view! {
        <PublicShell page="pricing" title="Plans and prices">
            <div class="mx-auto max-w-6xl px-4 py-10 md:px-6 md:py-14">
                <TestPayments test=offers.test/>
                <div class="mt-2 mb-8 flex flex-wrap items-end justify-between gap-x-8 gap-y-5">
                    <div>
                        <h1 class="text-2xl font-semibold md:text-3xl">"Plans and prices"</h1>
                        <p class="mt-2 max-w-prose text-ink-2">
                            "Begin with Free for as long as you like. Change or end a plan at any time; what you've put in stays yours."
                        </p>
                    </div>
                    <Switch interval=offers.interval chosen=offers.chosen.clone()/>
                </div>
                <Cards offers/>
                <Compare offers=table current/>
            </div>
        </PublicShell>
    }
    .into_any()
}

/// By the month or by the year: two links, the state is in the address.
#[component]
fn Switch(interval: Interval, chosen: Option<String>) -> AnyView {
    let link = |label: &'static str, to: Interval| {
        let current = (to == interval).then_some("page");
        let href = format!("{}?interval={}", routes::PRICING, to.as_str());
        // The plan stays chosen, with its other price.
        let plan = chosen.as_deref().and_then(offer).map(|offer| in_interval(offer.plan, to));
        let href = match plan.flatten() {
            Some(slug) => format!("{href}&plan={slug}"),
            None => href,
        };
        view! { <li><a href=href class="page-link px-3" aria-current=current>{label}</a></li> }
    };
    view! {
        <nav aria-label="How often you pay" data-testid="pricing-interval">
            <ul class="inline-flex gap-1 rounded-lg border border-line bg-surface p-1">
                {link("Monthly", Interval::Month)}
                {link("Yearly", Interval::Year)}
            </ul>
        </nav>
    }
    .into_any()
}

/// The name of a plan's offer.
pub fn in_interval(plan: Plan, interval: Interval) -> Option<&'static str> {
    let of = |offer: &&domain::plan::Offer| offer.plan == plan && offer.interval == interval;
    domain::plan::OFFERS.iter().find(of).map(|offer| offer.slug)
}

/// Billing is switched off: nothing is sold, and nobody lacks anything.
#[component]
fn Everything() -> AnyView {
    let (href, label) = if use_session().is_some() {
        (routes::DASHBOARD, "Open dashboard")
    } else {
        (routes::SIGN_UP, "Create your account")
    };
    view! {
        <PublicShell page="pricing" title="Plans and prices">
            <div class="mx-auto flex max-w-2xl flex-col items-start gap-5 px-4 py-12 md:py-16">
                <h1 class="text-2xl font-semibold">"Plans and prices"</h1>
                <Notice tone=Tone::Positive>
                    <p data-testid="pricing-off">
                        "Everything is included here: accounts, imports and history without limits. Nothing is sold on this installation."
                    </p>
                </Notice>
                <LinkButton href>{label}</LinkButton>
            </div>
        </PublicShell>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_one_name_for_each_interval() {
        assert_eq!(in_interval(Plan::Plus, Interval::Year), Some("plus-yearly"));
        assert_eq!(in_interval(Plan::Free, Interval::Month), None);
    }

    #[test]
    fn the_switch_keeps_the_chosen_plan() {
        let html = Owner::new().with(|| {
            view! { <Switch interval=Interval::Year chosen=Some("plus-yearly".to_owned())/> }
                .to_html()
        });

        assert!(
            html.contains("/pricing?interval=month&amp;plan=plus\"")
                || html.contains("/pricing?interval=month&plan=plus\""),
            "{html}"
        );
        assert_eq!(html.matches("aria-current").count(), 1);
    }
}
