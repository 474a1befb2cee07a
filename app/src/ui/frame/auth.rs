//! The frame of sign-in and sign-up.

use leptos::prelude::*;

use super::{footer::Footer, help_link, logo, page_title, skip_link};
use crate::{islands::BusyForms, routes, shell::HydrationScripts, ui::FlashMessage};

/// One narrow column with a heading.
#[component]
pub fn AuthShell(
    /// The page's name in tests: the `data-testid` of its root.
    page: &'static str,
    /// The heading and the title of the page.
    title: &'static str,
    children: Children,
) -> AnyView {
    view! {
        {page_title(title)}
        {skip_link()}
        <div class="flex min-h-dvh flex-col">
            <header class="flex h-16 items-center justify-between px-4 md:px-6">
                {logo(routes::HOME)}
                {help_link("link-quiet text-sm")}
            </header>
            <main
                id="main"
                class="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center px-4 pt-4 pb-16 outline-none"
                tabindex="-1"
                data-testid=page
            >
                <FlashMessage/>
                <h1 class="mb-6 text-2xl font-semibold">{title}</h1>
                {children()}
            </main>
            <div class="border-t border-line"><Footer/></div>
        </div>
        <BusyForms/>
        <HydrationScripts/>
    }
    .into_any()
}
