//! Marks a form as sent, so that its button says so and a second click does nothing.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast};

/// The mark on a form that is on its way; the style sheet swaps the button's words.
const SENT: &str = "data-sent";

/// Watches every form of the page. Prints nothing.
#[island]
pub fn BusyForms() -> impl IntoView {
    Effect::new(|_| {
        let submit = window_event_listener(ev::submit, |event| {
            let Some(form) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else { return };
            if form.has_attribute(SENT) {
                event.prevent_default();
            } else if !event.default_prevented() {
                let _ = form.set_attribute(SENT, "true");
            }
        });
        // A page that comes back from the browser's memory can be sent again.
        let shown = window_event_listener_untyped("pageshow", |_| {
            while let Ok(Some(form)) = document().query_selector("form[data-sent]") {
                let _ = form.remove_attribute(SENT);
            }
        });
        on_cleanup(move || {
            submit.remove();
            shown.remove();
        });
    });
}
