//! The frame of signed-in pages.

use leptos::prelude::*;

use super::{
    Back,
    banner::banner,
    footer::Footer,
    header::Header,
    keys::KeysHelp,
    nav::{Nav, Section},
    page_title, skip_link, this_page,
};
use crate::{
    islands::{BusyForms, PageKeys, SessionEnds, SignedOut},
    preferences::Sidebar,
    routes,
    session::use_session,
    shell::HydrationScripts,
    ui::FlashMessage,
};

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
    #[prop(optional, into)]
    back: Option<Back>,
    /// Leaves out the line that asks the database what needs attention: that may be what failed.
    #[prop(optional)]
    without_banner: bool,
    children: Children,
) -> AnyView {
    // In a boundary of its own: one inside another's view would not be waited for.
    let banner = (!without_banner).then(|| view! { <Suspense>{Suspend::new(banner())}</Suspense> });
    view! {
        {page_title(&title)}
        {skip_link()}
        {banner}
        <div class="shell" data-sidebar=Sidebar::current().as_str()>
            <Header title back/>
            <Nav section/>
            <main id="main" class="shell-main" tabindex="-1" aria-labelledby="page-title" data-region="" data-testid=page>
                <FlashMessage/>
                {children()}
            </main>
            <Footer/>
        </div>
        <KeysHelp/>
        <BusyForms/>
        <PageKeys/>
        {use_session().map(|session| view! {
            <SignedOut sign_in=routes::with_next(routes::SIGN_IN, Some(&this_page()))/>
            {session.idle_seconds.map(|idle| view! { <SessionEnds idle/> })}
        })}
        <HydrationScripts/>
    }
    .into_any()
}
