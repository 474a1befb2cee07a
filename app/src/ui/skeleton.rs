//! A grey stand-in for a region that never had content. Pages come finished, so it is rarely needed.

use leptos::prelude::*;

/// `lines` grey lines, hidden from assistive technology: the region itself says `aria-busy`.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: u32,
) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-3 py-2" aria-hidden="true">
            {(0..lines).map(|_| view! { <div class="skeleton h-4 rounded"></div> }).collect_view()}
        </div>
    }
}
