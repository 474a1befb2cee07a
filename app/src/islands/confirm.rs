//! Looks whether a payment has come through, so that nobody has to press a button for it.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::js::post_form;

/// After two minutes.
pub const TAKES_LONG: &str =
    "This is taking longer than usual. You have access to what you had; we'll mail you.";

/// Where the progress of a checkout is asked for.
const PROGRESS: &str = "/api/fn/billing/progress";
/// Where Polar is asked once more.
const CHECK: &str = "/success";

/// Each second for so long, then now and then.
const CLOSELY: u32 = 20;
/// How often then, in seconds.
const RARELY: u32 = 10;
/// Then it takes long.
const LONG: u32 = 120;

/// Asks each second for the progress of a checkout and opens `here` again as soon as it has changed. Without script the
/// button beside it does the same.
#[island]
pub fn ConfirmPayment(
    /// Polar's id of the checkout.
    checkout: String,
    /// This page.
    here: String,
    /// Whether the page itself says already that it takes long.
    is_long: bool,
) -> impl IntoView {
    let seconds = RwSignal::new(0_u32);
    Effect::new(move |_| {
        let (checkout, here) = (StoredValue::new(checkout.clone()), StoredValue::new(here.clone()));
        let timer = set_interval_with_handle(
            move || {
                seconds.update(|seconds| *seconds = seconds.saturating_add(1));
                let passed = seconds.get_untracked();
                if document().hidden() || !is_due(passed) {
                    return;
                }
                spawn_local(async move {
                    if passed == CLOSELY {
                        ask(CHECK, "checkoutId", &checkout.get_value()).await;
                    }
                    let word = ask(PROGRESS, "checkout", &checkout.get_value()).await;
                    if word.is_some_and(|word| word != "confirming") {
                        let _ = window().location().replace(&here.get_value());
                    }
                });
            },
            Duration::from_secs(1),
        );
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    view! {
        <p class="text-ink-2" role="status" class:hidden=move || is_long || seconds.get() < LONG>
            {move || if seconds.get() < LONG { "" } else { TAKES_LONG }}
        </p>
    }
}

fn is_due(passed: u32) -> bool {
    passed <= CLOSELY || passed.is_multiple_of(RARELY)
}

/// The word that the server answers; none when there was no answer or it was a refusal.
async fn ask(path: &str, field: &str, value: &str) -> Option<String> {
    let body = format!("{field}={}", js_sys::encode_uri_component(value));
    let (status, answer) = post_form(path, &body).await.ok()?;
    (status == 200).then(|| answer.as_string()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_closely_at_first_and_rarely_afterwards() {
        let times = (1..=LONG).filter(|second| is_due(*second)).count();

        assert_eq!(times, 20 + 10);
        assert!(is_due(20) && !is_due(21) && is_due(30));
    }
}
