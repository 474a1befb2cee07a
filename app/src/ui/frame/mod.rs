//! The frames around pages: for signed-in people, for signing in, for everybody.

mod app;
mod auth;
mod banner;
mod footer;
mod header;
mod keys;
mod nav;
mod public;

pub use app::AppShell;
pub use auth::AuthShell;
pub use keys::KeysPage;
pub use nav::Section;
pub use public::PublicShell;

use leptos::prelude::*;
use leptos_meta::Title;

use super::{Glyph, Icon};
use crate::server::RequestPath;

/// The first link of every page.
fn skip_link() -> impl IntoView {
    view! { <a href="#main" class="skip-link">"Skip to content"</a> }
}

/// `<title>`: "Accounts · Coffer".
fn page_title(title: &str) -> impl IntoView + use<> {
    let text = if title == "Coffer" { title.to_owned() } else { format!("{title} · Coffer") };
    view! { <Title text/> }
}

/// The sign and the name of the product.
fn logo(href: &'static str) -> impl IntoView {
    view! {
        <a href=href class="logo">
            <svg class="size-7 shrink-0" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                <rect width="32" height="32" rx="8" class="fill-accent"></rect>
                <path d="M8 13.5h16M10.5 9h11A2.5 2.5 0 0 1 24 11.5v9a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 8 20.5v-9A2.5 2.5 0 0 1 10.5 9zM16 16v3" class="logo-line"></path>
            </svg>
            <span class="logo-name">"Coffer"</span>
        </a>
    }
}

/// The help link; the same words in the same place of header and footer on every page.
fn help_link(class: &'static str) -> impl IntoView {
    view! { <a href=crate::routes::HELP class=class>"Help"</a> }
}

/// The way back from a page: what is there, and its address.
#[derive(Clone, Debug)]
pub struct Back {
    label: &'static str,
    href: String,
}

impl<H: Into<String>> From<(&'static str, H)> for Back {
    fn from((label, href): (&'static str, H)) -> Self {
        Self { label, href: href.into() }
    }
}

/// The path of this page, for forms that come back to it.
fn this_page() -> String {
    use_context::<RequestPath>().map_or_else(|| crate::routes::HOME.to_owned(), |path| path.0)
}

/// An icon with its label hidden from sight.
fn named_icon(glyph: Glyph, name: &'static str) -> impl IntoView {
    view! { <Icon glyph large=true/> <span class="sr-only">{name}</span> }
}
