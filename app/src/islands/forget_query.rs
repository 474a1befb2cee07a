//! Takes a mailed token out of the address bar and out of the history of the tab.

use leptos::prelude::*;

/// Leaves only the path in the address of this page. Prints nothing.
#[island]
pub fn ForgetQuery() -> impl IntoView {
    Effect::new(|_| {
        let path = location().pathname().unwrap_or_default();
        if let Ok(history) = window().history() {
            let nothing = leptos::wasm_bindgen::JsValue::NULL;
            let _ = history.replace_state_with_url(&nothing, "", Some(&path));
        }
    });
}
