//! The browser's entry point: the page's loader calls [`hydrate`] and then hands each island its element.

// Links the islands into this module.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Gets the reactive system ready. The loader calls it once, before the islands.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
