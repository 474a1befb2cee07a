//! Warns before a session ends that nobody uses, while its page is open. One key goes on with it.

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use wasm_bindgen_futures::JsFuture;

use super::{
    js::{call, new},
    signed_out::elapsed,
};

/// How many seconds before the end it is said.
const BEFORE: u32 = 120;
/// The server notes once a minute at most that a session is used: it may end that many seconds earlier.
const NOTED_EVERY: u32 = 60;
/// Any page: whoever asks for one uses the session.
const ANY_PAGE: &str = "/help";

/// A dialog that opens two minutes before the end. Another tab may have gone on with the session; then it asks for
/// nothing more than a key.
#[expect(clippy::float_arithmetic, reason = "the browser tells time in fractions")]
#[island]
pub fn SessionEnds(
    /// The seconds that the session lives unused.
    idle: u32,
) -> impl IntoView {
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    let used = StoredValue::new(0.0);
    let warn = move || {
        let Some(dialog) = dialog.get_untracked() else { return };
        if is_due(elapsed() - used.get_value(), idle) && !document().hidden() && !dialog.open() {
            let _ = dialog.show_modal();
        }
    };
    // A moment later, so that the time is up by every clock.
    let wait = move || set_timeout(warn, Duration::from_secs(u64::from(warns_after(idle)) + 1));
    Effect::new(move |_| {
        used.set_value(elapsed());
        wait();
        let shown = window_event_listener_untyped("visibilitychange", move |_| warn());
        on_cleanup(move || shown.remove());
    });
    let stay = move |_| {
        spawn_local(async move {
            let answer = JsFuture::from(window().fetch_with_str(ANY_PAGE)).await;
            let answer = answer.ok().and_then(|answer| answer.dyn_into::<web_sys::Response>().ok());
            if !answer.is_some_and(|answer| answer.ok()) {
                return;
            }
            used.set_value(elapsed());
            wait();
            if let Some(dialog) = dialog.get_untracked() {
                dialog.close();
            }
            // Pressed too late, it is the other dialog's turn: it looks when somebody comes back.
            if let Ok(focus) = new("Event", &["focus".into()]) {
                let _ = call(&window(), "dispatchEvent", &[focus]);
            }
        });
    };
    view! {
        <dialog node_ref=dialog class="dialog" aria-labelledby="session-ends-title" data-testid="session-ends">
            <h2 id="session-ends-title" class="text-lg font-semibold">"Your session is about to end"</h2>
            <p class="mt-2 text-ink-2">
                "Nothing was sent from here for a while, so you'll be signed out in a moment. What you've typed stays on the page."
            </p>
            <div class="mt-5">
                <button
                    type="button"
                    class="btn bg-accent text-on-accent hover:bg-accent-hover"
                    autofocus
                    on:click=stay
                    data-testid="session-ends-stay"
                >
                    "Stay signed in"
                </button>
            </div>
        </dialog>
    }
}

/// The seconds after which an unused session is warned about.
fn warns_after(idle: u32) -> u32 {
    idle.saturating_sub(BEFORE + NOTED_EVERY)
}

/// Whether the session ends soon and has not yet.
#[expect(clippy::float_arithmetic, reason = "the browser tells time in fractions")]
fn is_due(unused: f64, idle: u32) -> bool {
    let seconds = unused / 1000.0;
    seconds >= f64::from(warns_after(idle)) && seconds < f64::from(idle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes;

    #[test]
    fn it_is_said_two_minutes_before_the_earliest_end_and_not_after_the_last() {
        let minutes = |minutes: u32| is_due(f64::from(minutes * 60_000), 30 * 60);

        assert!(!minutes(0) && !minutes(26));
        assert!(minutes(27) && minutes(29));
        assert!(!minutes(30));
    }

    #[test]
    fn the_page_that_is_asked_for_is_there() {
        assert_eq!(ANY_PAGE, routes::HELP);
    }
}
