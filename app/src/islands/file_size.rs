//! Says that a file is too large as soon as it is chosen, before the time of sending it is spent.

use domain::Code;
use leptos::{ev, prelude::*, wasm_bindgen::JsCast};

/// The file field (its children) with its message.
#[island]
pub fn FileSize(
    /// The largest size in bytes.
    most: u32,
    children: Children,
) -> impl IntoView {
    let too_large = RwSignal::new(false);
    let chosen = move |event: ev::Event| {
        too_large.set(size(&event).is_some_and(|size| size > f64::from(most)));
    };
    view! {
        <div class="contents" on:change=chosen>{children()}</div>
        <p class=move || if too_large.get() { "verdict verdict-wrong text-negative" } else { "hidden" } role="alert">
            {move || if too_large.get() { Code::FileTooLarge.message() } else { "".into() }}
        </p>
    }
}

/// The size of the chosen file, as the browser counts it.
fn size(event: &ev::Event) -> Option<f64> {
    let input = event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
    Some(input.files()?.get(0)?.size())
}
