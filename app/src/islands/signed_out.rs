//! Notices that the session has ended elsewhere, when somebody comes back to the page. What they have typed stays.

use leptos::{ev, html, prelude::*, serde_json::Value, task::spawn_local, wasm_bindgen::JsCast};
use wasm_bindgen_futures::JsFuture;

use crate::session::use_session;

/// The truth, not the display cache; looking must not make the session live longer.
const ASK: &str = "/api/auth/get-session?disableCookieCache=true&disableRefresh=true";

/// The least time between two looks, in milliseconds.
const PAUSE: f64 = 60_000.0;

/// A dialog that opens when nobody, or somebody else, is signed in any more. It closes by itself as soon as the same
/// person is back: they sign in in another tab.
#[expect(clippy::float_arithmetic, reason = "the browser tells time in fractions")]
#[island]
pub fn SignedOut(
    /// The sign-in page that leads back to this one.
    sign_in: String,
) -> impl IntoView {
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    Effect::new(move |_| {
        let Some(session) = use_session() else { return };
        let user = StoredValue::new(session.user_id.to_string());
        let looked = StoredValue::new(elapsed());
        let look = move || {
            let Some(dialog) = dialog.get_untracked() else { return };
            let is_due = dialog.open() || elapsed() - looked.get_value() >= PAUSE;
            if document().hidden() || !is_due {
                return;
            }
            looked.set_value(elapsed());
            spawn_local(async move {
                match is_signed_in(&user.get_value()).await {
                    Some(true) if dialog.open() => dialog.close(),
                    Some(false) if !dialog.open() => {
                        let _ = dialog.show_modal();
                    }
                    _ => {}
                }
            });
        };
        let focused = window_event_listener(ev::focus, move |_| look());
        let shown = window_event_listener_untyped("visibilitychange", move |_| look());
        on_cleanup(move || {
            focused.remove();
            shown.remove();
        });
    });
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog node_ref=dialog class="dialog" aria-labelledby="signed-out-title" data-testid="signed-out">
            <h2 id="signed-out-title" class="text-lg font-semibold" tabindex="-1" autofocus>"You've been signed out"</h2>
            <p class="mt-2 text-ink-2">
                "Sign in again to go on. That opens in a new tab; what you've typed here stays as it is."
            </p>
            <div class="mt-5 flex flex-wrap gap-3">
                <a href=sign_in class="btn bg-accent text-on-accent hover:bg-accent-hover" target="_blank" rel="noopener">
                    "Sign in"
                </a>
                <button type="button" class="btn text-ink-2 hover:bg-sunken hover:text-ink" on:click=close>
                    "Not now"
                </button>
            </div>
        </dialog>
    }
}

/// Milliseconds since the page was opened.
pub(super) fn elapsed() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Whether the session of `user` is alive; none when nobody can tell: offline, or the server is busy.
async fn is_signed_in(user: &str) -> Option<bool> {
    let answer = JsFuture::from(window().fetch_with_str(ASK)).await.ok()?;
    let answer: web_sys::Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    is_session_of(user, &text)
}

/// Reads `null`, or `{"user":{"id":…},…}`.
fn is_session_of(user: &str, text: &str) -> Option<bool> {
    let session: Value = leptos::serde_json::from_str(text).ok()?;
    Some(session["user"]["id"].as_str() == Some(user))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_session_of_the_same_person_counts() {
        let of = |id: &str| format!(r#"{{"session":{{"id":"s1"}},"user":{{"id":"{id}"}}}}"#);

        assert_eq!(is_session_of("u1", &of("u1")), Some(true));
        assert_eq!(is_session_of("u1", &of("u2")), Some(false));
        assert_eq!(is_session_of("u1", "null"), Some(false));
        assert_eq!(is_session_of("u1", "<html>"), None);
    }
}
