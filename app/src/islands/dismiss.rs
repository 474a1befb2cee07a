//! Closes a message: by its button, and after a while by itself unless somebody looks at it.

use std::time::Duration;

use leptos::prelude::*;

/// How long a message stays before it closes by itself.
const SHOWN: Duration = Duration::from_secs(6);

/// A button that removes the element `target`; the element also goes by itself unless it `stays`.
#[island]
pub fn Dismiss(
    /// The element's id.
    target: String,
    /// Whether only the button closes it: errors.
    stays: bool,
) -> impl IntoView {
    let id = target.clone();
    Effect::new(move |_| {
        if !stays {
            close_later(id.clone());
        }
    });
    view! {
        <button type="button" class="btn-icon needs-script -my-2 -mr-2" aria-label="Dismiss" on:click=move |_| close(&target)>
            <span aria-hidden="true" class="text-xl leading-none">"×"</span>
        </button>
    }
}

fn close_later(id: String) {
    set_timeout(
        move || {
            let looked_at = document()
                .get_element_by_id(&id)
                .is_some_and(|element| element.matches(":hover, :focus-within").unwrap_or(false));
            if looked_at { close_later(id) } else { close(&id) }
        },
        SHOWN,
    );
}

fn close(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.remove();
    }
}
