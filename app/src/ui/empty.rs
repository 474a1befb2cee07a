//! What stands where nothing is yet.

use leptos::prelude::*;

/// One sentence on what will be here, and the actions that bring it.
#[component]
pub fn EmptyState(
    /// The sentence.
    #[prop(into)]
    text: String,
    /// The actions.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <div class="flex flex-col items-center gap-4 px-4 py-10 text-center" data-testid="empty-state">
            <p class="max-w-prose text-ink-2">{text}</p>
            {children.map(|children| {
                view! { <div class="flex flex-wrap items-center justify-center gap-3">{children()}</div> }
            })}
        </div>
    }
    .into_any()
}
