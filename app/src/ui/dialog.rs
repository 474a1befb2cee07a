//! Dialogs: a native `<dialog>` shown as a popover, so that it opens, and closes by Escape, without script.

use leptos::prelude::*;

use super::{Glyph, Icon, Variant};

/// A dialog with a heading. [`DialogButton`] opens it.
#[component]
pub fn Dialog(
    /// The id, unique on the page.
    id: &'static str,
    /// The heading.
    #[prop(into)]
    title: String,
    children: Children,
) -> AnyView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <dialog id=id popover="auto" class="dialog" aria-labelledby=labelled_by>
            <div class="flex items-start justify-between gap-4">
                <h2 id=heading class="text-lg font-semibold" tabindex="-1" autofocus>{title}</h2>
                <button
                    type="button"
                    class="btn-icon -mt-1 -mr-2"
                    popovertarget=id
                    popovertargetaction="hide"
                    aria-label="Close"
                >
                    <Icon glyph=Glyph::X/>
                </button>
            </div>
            <div class="mt-3">{children()}</div>
        </dialog>
    }
    .into_any()
}

/// A button that opens the dialog `target`.
#[component]
pub fn DialogButton(
    /// The dialog's id.
    target: &'static str,
    /// How much it weighs.
    #[prop(default = Variant::Secondary)]
    variant: Variant,
    children: Children,
) -> AnyView {
    view! {
        <button type="button" class=variant.class() popovertarget=target>{children()}</button>
    }
    .into_any()
}
