//! The frame of pages for everybody. No script, no WASM.

use leptos::prelude::*;

use super::{footer::Footer, help_link, logo, page_title, skip_link};
use crate::{
    routes,
    session::use_session,
    ui::{FlashMessage, LinkButton, Variant},
};

/// A page for everybody.
#[component]
pub fn PublicShell(
    /// The page's name in tests: the `data-testid` of its root.
    page: &'static str,
    /// The title of the page.
    #[prop(into)]
    title: String,
    children: Children,
) -> AnyView {
    view! {
        {page_title(&title)}
        {skip_link()}
        <div class="flex min-h-dvh flex-col">
            <header class="border-b border-line">
                <div class="mx-auto flex h-16 max-w-6xl items-center justify-between gap-4 px-4 md:px-6">
                    {logo(routes::HOME)}
                    <Entrance/>
                </div>
            </header>
            <main id="main" class="flex-1 outline-none" tabindex="-1" data-testid=page>
                <FlashMessage/>
                {children()}
            </main>
            <div class="border-t border-line"><div class="mx-auto max-w-6xl"><Footer/></div></div>
        </div>
    }
    .into_any()
}

/// Sign in and get started; open the dashboard for who is signed in.
#[component]
fn Entrance() -> AnyView {
    let doors = if use_session().is_some() {
        view! { <LinkButton href=routes::DASHBOARD>"Open dashboard"</LinkButton> }.into_any()
    } else {
        view! {
            <LinkButton href=routes::SIGN_IN variant=Variant::Ghost>"Sign in"</LinkButton>
            <LinkButton href=routes::SIGN_UP>"Get started"</LinkButton>
        }
        .into_any()
    };
    view! {
        <nav aria-label="Main" class="flex items-center gap-1 sm:gap-3">
            <a href=routes::PRICING class="btn text-ink-2 hover:text-ink hidden sm:inline-flex">"Pricing"</a>
            {help_link("btn text-ink-2 hover:text-ink hidden sm:inline-flex")}
            {doors}
        </nav>
    }
    .into_any()
}
