//! Counts down to the moment at which another mail can be asked for.

use std::time::Duration;

use leptos::{html, prelude::*, wasm_bindgen::JsCast};

/// Wraps the button that asks for another mail (its children). With script the button waits; without it, the server
/// says the same to whoever is too early.
#[island]
pub fn ResendTimer(
    /// Seconds until another mail can be asked for.
    seconds: u32,
    children: Children,
) -> impl IntoView {
    let frame: NodeRef<html::Div> = NodeRef::new();
    let left = RwSignal::new(seconds);
    Effect::new(move |_| {
        let timer = set_interval_with_handle(
            move || left.update(|left| *left = left.saturating_sub(1)),
            Duration::from_secs(1),
        );
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    Effect::new(move |_| {
        let waits = left.get() > 0;
        let button = frame.get().and_then(|frame| frame.query_selector("button").ok().flatten());
        if let Some(button) =
            button.and_then(|button| button.dyn_into::<web_sys::HtmlButtonElement>().ok())
        {
            button.set_disabled(waits);
        }
    });
    view! {
        <div node_ref=frame>{children()}</div>
        <p class="mt-2 text-center text-sm text-ink-2" class:hidden=move || left.get() == 0>
            {move || again_in(left.get())}
        </p>
    }
}

/// "You can ask for another one in 42 seconds."
pub(crate) fn again_in(seconds: u32) -> String {
    let unit = if seconds == 1 { "second" } else { "seconds" };
    format!("You can ask for another one in {seconds} {unit}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_text() {
        assert_eq!(again_in(42), "You can ask for another one in 42 seconds.");
        assert_eq!(again_in(1), "You can ask for another one in 1 second.");
    }
}
