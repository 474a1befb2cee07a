//! Menus: a native popover behind a button. Escape and a click outside close it, without script.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// A button that opens a panel of links and forms.
#[component]
pub fn Menu(
    /// The id of the panel, unique on the page.
    #[prop(into)]
    id: String,
    /// What the button opens, for assistive technology.
    #[prop(into)]
    label: String,
    /// What the button shows; three dots when there is nothing.
    #[prop(optional, into)]
    face: Option<ViewFnOnce>,
    children: Children,
) -> AnyView {
    let face =
        face.map_or_else(|| view! { <Icon glyph=Glyph::Ellipsis/> }.into_any(), ViewFnOnce::run);
    view! {
        <button type="button" class="btn-icon" popovertarget=id.clone() aria-label=label>
            {face}
        </button>
        <div popover="auto" id=id class="menu">{children()}</div>
    }
    .into_any()
}

/// One link in a menu.
#[component]
pub fn MenuLink(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<Glyph>,
    children: Children,
) -> AnyView {
    view! {
        <a href=href class="menu-item">
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {children()}
        </a>
    }
    .into_any()
}
