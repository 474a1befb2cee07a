//! The frame of signed-in pages.

use leptos::prelude::*;

use super::{
    footer::Footer,
    header::Header,
    nav::{Nav, Section},
    page_title, skip_link,
};
use crate::{islands::BusyForms, preferences::Sidebar, shell::HydrationScripts, ui::FlashMessage};

/// A page of a signed-in person: skip link, header, navigation, content, footer.
#[component]
pub fn AppShell(
    /// The page's name in tests: the `data-testid` of its root.
    page: &'static str,
    /// The title of the page; its only first-level heading.
    #[prop(into)]
    title: String,
    /// Which entry of the navigation is current.
    section: Section,
    /// A label and a path back, before the title.
    #[prop(optional)]
    back: Option<(&'static str, &'static str)>,
    children: Children,
) -> AnyView {
    view! {
        {page_title(&title)}
        {skip_link()}
        <div class="shell" data-sidebar=Sidebar::current().as_str()>
            <Header title back/>
            <Nav section/>
            <main id="main" class="shell-main" tabindex="-1" aria-labelledby="page-title" data-testid=page>
                <FlashMessage/>
                {children()}
            </main>
            <Footer/>
        </div>
        <BusyForms/>
        <HydrationScripts/>
    }
    .into_any()
}
