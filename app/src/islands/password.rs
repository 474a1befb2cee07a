//! Shows and hides a password, and says in words how strong it is.

use domain::password::strength_from;
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};

/// Wraps a password's control (its children).
#[island]
pub fn PasswordTools(
    /// The fewest characters of a new password, when it says how strong it is.
    least: Option<u32>,
    children: Children,
) -> impl IntoView {
    let frame: NodeRef<html::Div> = NodeRef::new();
    let shown = RwSignal::new(false);
    let words = RwSignal::new(String::new());
    let toggle = move |_| {
        shown.update(|shown| *shown = !*shown);
        let kind = if shown.get_untracked() { "text" } else { "password" };
        let input =
            frame.get_untracked().and_then(|frame| frame.query_selector("input").ok().flatten());
        if let Some(input) =
            input.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            input.set_type(kind);
        }
    };
    let typed = move |event: ev::Event| {
        let value = event_target_value(&event);
        let least = least.filter(|_| !value.is_empty());
        words.set(least.map_or_else(String::new, |least| rating(&value, least)));
    };
    view! {
        <div class="relative" node_ref=frame on:input=typed>
            {children()}
            <button type="button" class="reveal needs-script" on:click=toggle aria-pressed=move || shown.get().to_string()>
                {move || if shown.get() { "Hide" } else { "Show" }}
                <span class="sr-only">" password"</span>
            </button>
        </div>
        <p class="text-sm text-ink-2" role="status" class:hidden=move || words.read().is_empty()>{move || words.get()}</p>
    }
}

/// "Strength: fine".
fn rating(password: &str, least: u32) -> String {
    let least = usize::try_from(least).unwrap_or(usize::MAX);
    format!("Strength: {}", strength_from(password, least).label().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rating_is_a_word() {
        assert_eq!(rating("short", 12), "Strength: too short");
        assert_eq!(rating("correct horse battery staple", 12), "Strength: strong");
    }
}
