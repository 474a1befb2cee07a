//! How the last twelve periods would have gone with what is typed.

use domain::{
    FieldError,
    budget::{Period, Replay, State},
    day,
};
use leptos::prelude::*;

use super::bar::amount;
use crate::{
    AppError,
    server::set_status,
    ui::{
        Button, Card, Variant,
        money::{WHOLE, share},
    },
};

/// A look back, or what is wrong with what was typed.
pub(super) type Look = Result<Replay, Vec<FieldError>>;

/// What is wrong with the fields belongs on the page; any other failure is the page's own.
pub(super) fn look(found: Result<Replay, AppError>) -> Result<Look, AppError> {
    match found {
        Ok(replay) => Ok(Ok(replay)),
        Err(AppError::Invalid(errors)) => {
            set_status(422);
            Ok(Err(errors))
        }
        Err(error) => Err(error),
    }
}

/// Asks for a look back with what is typed: it goes into the address of the page, and nothing is stored.
#[component]
pub(super) fn PreviewButton(page: String) -> AnyView {
    view! {
        <Button
            variant=Variant::Secondary
            attr:formmethod="get"
            attr:formaction=page
            attr:name="preview"
            attr:value="1"
            attr:data-testid="budget-preview"
        >
            "Preview"
        </Button>
    }
    .into_any()
}

/// The look back as a card, or why there is none yet.
#[component]
pub(super) fn Looked(look: Look, period: Period, currency: String) -> AnyView {
    match look {
        Ok(replay) => view! { <LookBack replay period currency/> }.into_any(),
        Err(errors) => {
            let words = errors.into_iter().map(|error| view! { <li>{error.message}</li> });
            let words = words.collect_view();
            view! {
                <Card id="replay" title="Not yet">
                    <ul class="list-disc pl-5" role="alert">{words}</ul>
                </Card>
            }
            .into_any()
        }
    }
}

/// The last twelve periods with these settings.
#[component]
fn LookBack(replay: Replay, period: Period, currency: String) -> AnyView {
    let sentence = replay.sentence(period);
    let largest = replay
        .windows
        .iter()
        .map(|window| window.spent_minor.max(window.available_minor))
        .max()
        .unwrap_or(1)
        .max(1);
    let bars = replay
        .windows
        .into_iter()
        .map(|window| {
            let state = window.state.as_str();
            let over = if window.state == State::Over { " · over" } else { "" };
            let words = format!("{}{over}", amount(window.spent_minor, &currency));
            let value = share(window.spent_minor, largest);
            view! {
                <li data-testid="budget-replay-window" data-state=state>
                    <span class="flex justify-between gap-3 text-sm">
                        <span>{day::format_day_short(window.from)}</span>
                        <span class="amount">{words}</span>
                    </span>
                    <progress class="bar" data-state=state aria-hidden="true" max=WHOLE value=value></progress>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card id="replay" title="Looking back">
            <p class="mb-3 text-ink-2" data-testid="budget-replay">{sentence}</p>
            <ul class="flex flex-col gap-2">{bars}</ul>
        </Card>
    }
    .into_any()
}
