//! What a plan adds where somebody has come to its end, and how much of it is used. Never blurred or made-up data.

use domain::{
    day::{Date, format_day},
    plan::{Limit, Plan},
};
use leptos::prelude::*;

use super::{Glyph, Icon, LinkButton, Variant, count::count};
use crate::{AppError, routes};

/// What a larger plan adds: in place of the summary of a form that was refused because the plan is full.
#[component]
pub fn PlanAdds(
    /// What the plan ran out of.
    limit: Limit,
    /// The smallest plan that allows more.
    #[prop(optional_no_strip)]
    plan: Option<Plan>,
    /// What is full, and what would help.
    #[prop(optional, into)]
    message: String,
) -> AnyView {
    let plans = plan.map(|plan| {
        view! {
            <div class="mt-3 flex flex-wrap gap-3">
                <LinkButton href=routes::pricing(plan.code())>{format!("See {}", plan.name())}</LinkButton>
                <LinkButton href=routes::BILLING variant=Variant::Ghost>"Your plan"</LinkButton>
            </div>
        }
    });
    view! {
        <div
            class="notice border-accent bg-accent-soft"
            role="alert"
            tabindex="-1"
            autofocus
            data-testid="plan-adds"
            data-state=limit.code()
        >
            <span class="mt-0.5 shrink-0 text-accent"><Icon glyph=Glyph::Info/></span>
            <div class="min-w-0">
                {(!message.is_empty()).then(|| view! { <p class="font-medium">{message}</p> })}
                {plan.map(|plan| view! { <p>{adds(limit, plan)}</p> })}
                <p>{stays(limit)}</p>
                {plans}
            </div>
        </div>
    }
    .into_any()
}

/// What a guarded part of a page shows: the part, or what a larger plan adds. Every other failure is the page's.
///
/// # Errors
/// Those of `guard` that are not about the plan.
pub fn unless_full(
    guard: Result<(), AppError>,
    part: impl FnOnce() -> AnyView,
) -> Result<AnyView, AppError> {
    match guard {
        Ok(()) => Ok(part()),
        Err(AppError::PlanRequired { message, limit, plan }) => {
            Ok(view! { <PlanAdds message limit plan/> }.into_any())
        }
        Err(other) => Err(other),
    }
}

/// What `plan` gives instead, in words.
fn adds(limit: Limit, plan: Plan) -> String {
    let name = plan.name();
    match (limit, plan.limits().of(limit)) {
        (Limit::Accounts, Some(most)) => format!("With {name} you can keep {most} accounts."),
        (Limit::Accounts, None) => {
            format!("With {name} you can keep as many accounts as you like.")
        }
        (Limit::Imports, Some(most)) => {
            format!("With {name} you can import {most} files each month.")
        }
        (Limit::Imports, None) => format!("With {name} you can import as many files as you like."),
        (Limit::History, Some(months)) => {
            format!("{name} shows {months} months of transactions.")
        }
        (Limit::History, None) => format!("{name} shows all your transactions, however old."),
    }
}

/// What stays as it is.
fn stays(limit: Limit) -> &'static str {
    match limit {
        Limit::Accounts => "The accounts you have stay, with everything in them.",
        Limit::Imports => "What you've imported stays. The count begins anew with the next month.",
        Limit::History => "Older transactions are kept, and they are in your export.",
    }
}

/// The line under a list that ends where the plan does.
#[component]
pub fn OlderHidden(
    /// The first day that is shown.
    before: Date,
) -> AnyView {
    let next = Plan::Free.next_for(Limit::History).unwrap_or(Plan::Starter);
    view! {
        <p class="flex flex-wrap items-center gap-x-2 text-sm text-ink-2" data-testid="older-hidden" data-state=before.to_string()>
            <span>
                <span class="sr-only">{format!("The list begins on {}. ", format_day(before))}</span>
                {format!("Older transactions are kept. {} shows everything.", next.name())}
            </span>
            <a class="link" href=routes::pricing(next.code())>"See plans"</a>
        </p>
    }
    .into_any()
}

/// How much of a limit is used: in words, and as a bar for the eye.
#[component]
pub fn Meter(
    /// The limit.
    limit: Limit,
    /// What it counts: `Bank accounts`.
    label: &'static str,
    /// How many are used.
    used: i64,
    /// How many there may be.
    most: Option<u32>,
) -> AnyView {
    let noun = match limit {
        Limit::Accounts => "account",
        Limit::Imports => "file",
        Limit::History => "month",
    };
    let text = match most {
        Some(most) => format!("{used} of {}", count(i64::from(most), noun)),
        None => format!("{}, without limit", count(used, noun)),
    };
    let state = match most {
        Some(most) if used > i64::from(most) => "over",
        Some(most) if used == i64::from(most) => "full",
        _ => "free",
    };
    let note = match state {
        "over" => Some("More than the plan holds. Everything stays."),
        "full" => Some("All used."),
        _ => None,
    };
    view! {
        <div class="flex flex-col gap-1.5" data-testid=format!("billing-use-{}", limit.code()) data-state=state>
            <p class="flex flex-wrap items-baseline justify-between gap-x-4">
                <span class="font-medium">{label}</span>
                <span class="text-sm text-ink-2 tabular-nums">{text}</span>
            </p>
            {most.map(|most| view! {
                <progress class="bar" aria-hidden="true" max=most.to_string() value=used.clamp(0, i64::from(most)).to_string()></progress>
            })}
            {note.map(|note| view! { <p class="text-sm text-ink-2">{note}</p> })}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn render(view: impl FnOnce() -> AnyView) -> String {
        Owner::new().with(|| view().to_html())
    }

    #[test]
    fn a_gate_says_what_a_plan_adds_and_leads_to_it() {
        let message = Limit::Accounts.refusal(Plan::Free);
        let html = render(|| {
            view! { <PlanAdds limit=Limit::Accounts plan=Some(Plan::Starter) message/> }.into_any()
        });

        assert!(html.contains("The Free plan holds 3 accounts. Starter allows 10."), "{html}");
        assert!(html.contains("you can keep 10 accounts"));
        assert!(html.contains(r#"href="/pricing?plan=starter""#));
        assert!(html.contains("The accounts you have stay"));
    }

    #[test]
    fn a_gate_that_no_plan_opens_has_no_button() {
        let html = render(|| view! { <PlanAdds limit=Limit::Imports plan=None/> }.into_any());

        assert!(!html.contains("href"), "{html}");
    }

    #[test]
    fn a_list_that_ends_early_says_that_nothing_is_gone() {
        let html = render(|| view! { <OlderHidden before=date!(2025 - 05 - 04)/> }.into_any());

        assert!(html.contains("Older transactions are kept. Starter shows everything."), "{html}");
        assert!(html.contains("4 May 2025"));
    }

    #[test]
    fn a_meter_says_in_words_what_its_bar_shows() {
        let meter = |used, most| {
            render(move || {
                view! { <Meter limit=Limit::Accounts label="Bank accounts" used most/> }.into_any()
            })
        };

        assert!(meter(2, Some(3)).contains("2 of 3 accounts"));
        assert!(meter(3, Some(3)).contains("All used."));
        let over = meter(5, Some(3));
        assert!(over.contains(r#"data-state="over""#) && over.contains(r#"value="3""#), "{over}");
        let free = meter(1, None);
        assert!(free.contains("1 account, without limit") && !free.contains("<progress"));
    }
}
