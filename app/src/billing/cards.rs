//! One card a plan: whom it is for, what it costs, what it gives, and the way to it.

use domain::{
    Money,
    billing::{Entitlement, OfferView},
    plan::{Interval, Plan},
};
use leptos::prelude::*;

use super::{
    pricing::{Offers, in_interval},
    words::{gives, per},
};
use crate::{
    routes,
    ui::{Amount, Badge, Button, Glyph, Icon, LinkButton, PostForm, Tone, Variant},
};

/// All plans. They stand in one form: each button says which plan it begins.
#[component]
pub fn Cards(
    /// What is shown.
    offers: Offers,
) -> AnyView {
    let here = offers.here.clone();
    let cards = Plan::ALL.into_iter().map(|plan| card(plan, &offers)).collect::<Vec<_>>();
    view! {
        <PostForm action=routes::PRICING page=here>
            <ul class="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">{cards}</ul>
        </PostForm>
    }
    .into_any()
}

/// How a card relates to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Current,
    Chosen,
    None,
}

impl Mark {
    fn state(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Chosen => "chosen",
            Self::None => "open",
        }
    }
}

fn card(plan: Plan, offers: &Offers) -> impl IntoView + use<> {
    let offer = offers
        .sold
        .iter()
        .find(|offer| offer.plan == plan && offer.interval == offers.interval)
        .map(|offer| open_to(offers.own.as_ref(), offer));
    let current = offers.own.as_ref().is_some_and(|own| own.plan == plan);
    let chosen = offer.as_ref().is_some_and(|offer| offers.chosen.as_ref() == Some(&offer.slug));
    let mark = match (current, chosen) {
        (true, _) => Mark::Current,
        (false, true) => Mark::Chosen,
        (false, false) => Mark::None,
    };
    let badge = match mark {
        Mark::Current => Some(view! { <Badge tone=Tone::Positive>"Your plan"</Badge> }),
        Mark::Chosen => Some(view! { <Badge tone=Tone::Accent>"Your choice"</Badge> }),
        Mark::None => None,
    };
    let class = if mark == Mark::None {
        "card flex min-w-0 flex-col gap-4 p-5"
    } else {
        "card flex min-w-0 flex-col gap-4 border-accent p-5"
    };
    let lines = gives(plan)
        .into_iter()
        .map(|line| {
            view! {
                <li class="flex items-start gap-2">
                    <span class="mt-0.5 shrink-0 text-positive"><Icon glyph=Glyph::Check/></span>
                    {line}
                </li>
            }
        })
        .collect_view();
    let way = way(plan, offer.as_ref(), offers, mark);
    let price = price(plan, offer.as_ref(), offers);
    view! {
        <li class=class data-testid="pricing-card" data-id=plan.code() data-state=mark.state()>
            <div class="flex min-h-7 flex-wrap items-center justify-between gap-2">
                <h2 class="text-lg font-semibold">{plan.name()}</h2>
                {badge}
            </div>
            <p class="text-sm text-ink-2 lg:min-h-11">{plan.for_whom()}</p>
            {price}
            <ul class="flex flex-col gap-2 text-sm">{lines}</ul>
            <div class="mt-auto flex flex-col gap-2 pt-2">{way}</div>
        </li>
    }
}

/// The offer as this reader can have it: a person has one trial.
fn open_to(own: Option<&Entitlement>, offer: &OfferView) -> OfferView {
    let had_trial = own.is_some_and(|own| own.had_trial);
    OfferView { trial_days: offer.trial_days.filter(|_| !had_trial), ..offer.clone() }
}

/// What it costs, and what that is a month.
fn price(plan: Plan, offer: Option<&OfferView>, offers: &Offers) -> AnyView {
    let amount = match offer.and_then(|offer| offer.price) {
        Some(price) => Some(price),
        None if plan == Plan::Free => free(&offers.sold),
        None => None,
    };
    let Some(amount) = amount else {
        let (shown, why) = match plan {
            Plan::Free => ("Free", ""),
            _ => ("—", "You'll see the price before you pay."),
        };
        return view! {
            <div class="flex flex-col gap-1 lg:min-h-16">
                <p class="text-2xl font-semibold">{shown}</p>
                <p class="text-sm text-ink-2">{why}</p>
            </div>
        }
        .into_any();
    };
    let under = match (offers.interval, plan) {
        (_, Plan::Free) => Some("For as long as you like.".to_owned()),
        (Interval::Year, _) => {
            amount.div_round_half_even(12).map(|month| format!("About {} a month.", month.format()))
        }
        (Interval::Month, _) => None,
    };
    let trial = offer.and_then(|offer| offer.trial_days).filter(|days| *days > 0);
    view! {
        <div class="flex flex-col gap-1 lg:min-h-16">
            <p class="flex flex-wrap items-baseline gap-x-1.5" data-testid="pricing-price">
                <span class="text-2xl font-semibold"><Amount money=amount/></span>
                {(plan != Plan::Free).then(|| view! { <span class="text-sm text-ink-2">{per(offers.interval)}</span> })}
            </p>
            {trial.map(|days| view! { <p class="text-sm text-ink-2">{format!("Nothing for the first {days} days.")}</p> })}
            {under.map(|text| view! { <p class="text-sm text-ink-2">{text}</p> })}
        </div>
    }
    .into_any()
}

/// Nothing, in the currency of the other plans.
fn free(offers: &[OfferView]) -> Option<Money> {
    offers.iter().find_map(|offer| offer.price).map(|price| Money::new(0, price.currency))
}

/// What a reader can do about a plan.
fn way(plan: Plan, offer: Option<&OfferView>, offers: &Offers, mark: Mark) -> AnyView {
    let variant = if mark == Mark::Chosen { Variant::Primary } else { Variant::Secondary };
    match &offers.own {
        None => stranger(plan, offer, variant),
        Some(own) if own.billable => subscriber(plan, own, offers.interval, offer),
        Some(_) if mark == Mark::Current => here("This is your plan."),
        Some(own) if plan <= own.plan => here("In your plan already."),
        Some(_) => match offer {
            Some(offer) => buy(plan, offer, variant, offers.test),
            None => here("Not sold for this period."),
        },
    }
}

/// The way of somebody who is not signed in leads over the sign-up, which remembers the plan.
fn stranger(plan: Plan, offer: Option<&OfferView>, variant: Variant) -> AnyView {
    let href = match (plan, offer) {
        (Plan::Free, _) => routes::SIGN_UP.to_owned(),
        (_, Some(offer)) => routes::sign_up_for(&offer.slug),
        (_, None) => return here("Not sold for this period."),
    };
    let label = if plan == Plan::Free {
        "Start with Free".to_owned()
    } else {
        format!("Choose {}", plan.name())
    };
    view! { <LinkButton href variant wide=true>{label}</LinkButton> }.into_any()
}

fn buy(plan: Plan, offer: &OfferView, variant: Variant, test: bool) -> AnyView {
    let label = match offer.trial_days.filter(|days| *days > 0) {
        Some(days) => format!("Try {} for {days} days", plan.name()),
        None => format!("Choose {}", plan.name()),
    };
    view! {
        <Button variant wide=true attr:name="slug" attr:value=offer.slug.clone() attr:data-testid="pricing-choose">
            {label}
        </Button>
        {test.then(|| view! { <p class="text-center text-sm text-ink-2">"Test checkout"</p> })}
    }
    .into_any()
}

/// Who pays already changes what they have, on a page that says what that costs.
fn subscriber(
    plan: Plan,
    own: &Entitlement,
    interval: Interval,
    offer: Option<&OfferView>,
) -> AnyView {
    let shown = own.subscription.as_ref();
    let of = shown.and_then(|subscription| subscription.plan);
    let paid = shown.and_then(domain::billing::SubscriptionView::interval);
    if plan == Plan::Free {
        return view! { <LinkButton href=routes::CANCEL variant=Variant::Ghost wide=true>"End subscription"</LinkButton> }
            .into_any();
    }
    let same = of == Some(plan);
    if same && paid.is_none_or(|paid| paid == interval) {
        return view! { <LinkButton href=routes::BILLING variant=Variant::Secondary wide=true>"Manage plan"</LinkButton> }
            .into_any();
    }
    let Some(slug) = offer.and_then(|_| in_interval(plan, interval)) else {
        return here("Not sold for this period.");
    };
    let label = match (same, interval) {
        (true, Interval::Month) => "Pay by the month".to_owned(),
        (true, Interval::Year) => "Pay by the year".to_owned(),
        (false, _) => format!("Change to {}", plan.name()),
    };
    view! { <LinkButton href=routes::change_plan(slug) variant=Variant::Secondary wide=true>{label}</LinkButton> }
        .into_any()
}

fn here(text: &'static str) -> AnyView {
    view! { <p class="flex min-h-10 items-center justify-center text-center text-sm text-ink-2">{text}</p> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use domain::Currency;

    use super::*;

    fn offers(own: Option<Entitlement>) -> Offers {
        let offer = |slug: &str, plan, minor: Option<i64>| OfferView {
            slug: slug.to_owned(),
            plan,
            interval: Interval::Month,
            price: minor.map(|minor| Money::new(minor, Currency::USD)),
            trial_days: None,
        };
        Offers {
            interval: Interval::Month,
            sold: vec![
                offer("starter", Plan::Starter, Some(900)),
                offer("plus", Plan::Plus, Some(1_900)),
                offer("premium", Plan::Premium, None),
            ],
            chosen: Some("plus".to_owned()),
            own,
            test: true,
            here: "/pricing?plan=plus".to_owned(),
        }
    }

    fn render(own: Option<Entitlement>) -> String {
        Owner::new().with(|| view! { <Cards offers=offers(own)/> }.to_html())
    }

    #[test]
    fn a_stranger_signs_up_first_and_the_plan_is_remembered() {
        let html = render(None);

        assert!(html.contains(r#"href="/sign-up?next=%2Fpricing%3Fplan%3Dplus""#), "{html}");
        assert!(!html.contains("<button"), "{html}");
        assert!(html.contains("Your choice") && html.contains("$19.00"));
        assert!(
            html.contains("—") && html.contains("You'll see the price before you pay.")
                || html.contains("You&#x27;ll see the price before you pay.")
        );
    }

    #[test]
    fn somebody_without_a_subscription_buys_with_one_button_a_plan() {
        let html = render(Some(Entitlement::default()));

        assert_eq!(html.matches("<form").count(), 1);
        assert_eq!(html.matches(r#"name="slug""#).count(), 3, "{html}");
        assert!(html.contains("This is your plan.") && html.contains("Test checkout"));
    }

    #[test]
    fn who_had_a_trial_is_offered_no_second_one() {
        let shown = |had_trial| {
            let own = Entitlement { had_trial, ..Entitlement::default() };
            let mut offers = offers(Some(own));
            offers.sold[1].trial_days = Some(7);
            Owner::new().with(|| view! { <Cards offers/> }.to_html())
        };

        let (first, second) = (shown(false), shown(true));

        assert!(first.contains("Try Plus for 7 days"), "{first}");
        assert!(first.contains("Nothing for the first 7 days."));
        assert!(second.contains("Choose Plus") && !second.contains("7 days"), "{second}");
    }

    #[test]
    fn a_present_is_no_reason_to_buy_less() {
        let own = Entitlement { plan: Plan::Plus, gift: true, ..Entitlement::default() };
        let html = render(Some(own));

        assert_eq!(html.matches(r#"name="slug""#).count(), 1, "{html}");
    }

    #[test]
    fn who_pays_already_changes_and_buys_nothing_a_second_time() {
        let own = Entitlement { plan: Plan::Starter, billable: true, ..Entitlement::default() };
        let html = render(Some(own));

        assert!(!html.contains(r#"name="slug""#), "{html}");
        assert!(html.contains(r#"href="/billing/plan?to=plus""#));
        assert!(html.contains(r#"href="/billing/cancel""#));
    }
}
