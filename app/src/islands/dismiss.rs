//! Closes a message: by its button, and after a while by itself unless somebody looks at it.

use std::time::Duration;

use leptos::prelude::*;

/// A button that removes the element `target`; the element also goes by itself after some seconds, which do not pass
/// while the pointer or the focus is on it.
#[island]
pub fn Dismiss(
    /// The element's id.
    target: String,
    /// How many seconds it stays; none for what only the button closes: errors.
    seconds: Option<u32>,
) -> impl IntoView {
    let id = target.clone();
    Effect::new(move |_| {
        if let Some(seconds) = seconds {
            tick(id.clone(), seconds);
        }
    });
    view! {
        <button type="button" class="btn-icon needs-script -my-2 -mr-2" aria-label="Dismiss" on:click=move |_| close(&target)>
            <span aria-hidden="true" class="text-xl leading-none">"×"</span>
        </button>
    }
}

/// Lets one second pass.
fn tick(id: String, left: u32) {
    set_timeout(
        move || {
            let Some(message) = document().get_element_by_id(&id) else { return };
            let looked_at = message.matches(":hover, :focus-within").unwrap_or(false);
            match left.saturating_sub(u32::from(!looked_at)) {
                0 => message.remove(),
                left => tick(id, left),
            }
        },
        Duration::from_secs(1),
    );
}

fn close(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.remove();
    }
}
