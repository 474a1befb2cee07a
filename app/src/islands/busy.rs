//! Looks after every form of a page: marks it as sent, so that its button says so and a second click does
//! nothing, and takes an error away as soon as its field is filled in anew.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, Event};

/// The mark on a form that is on its way; the style sheet swaps the button's words.
const SENT: &str = "data-sent";

/// Watches every form of the page. Prints nothing.
#[island]
pub fn BusyForms() -> impl IntoView {
    Effect::new(|_| {
        let submit = window_event_listener(ev::submit, |event| {
            let Some(form) = element(&event) else { return };
            if form.has_attribute(SENT) {
                event.prevent_default();
            } else if !event.default_prevented() {
                let _ = form.set_attribute(SENT, "true");
            }
        });
        let typed = window_event_listener(ev::input, |event| {
            if let Some(field) = element(&event) {
                forget_error(&field);
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
            typed.remove();
            shown.remove();
        });
    });
}

fn element(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Takes away what the server said about the field's last value.
fn forget_error(field: &Element) {
    let told = format!("[data-testid=field-error][id='{}-error']", field.id());
    if let Ok(Some(error)) = document().query_selector(&told) {
        error.remove();
        let _ = field.remove_attribute("aria-invalid");
    }
}
