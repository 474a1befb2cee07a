//! The bar at the top of signed-in pages.

use leptos::prelude::*;

use super::{Back, help_link, named_icon, this_page};
use crate::{
    islands::keys::{HIDE, SEARCH},
    preferences::{Amounts, Theme},
    routes,
    session::{Session, use_session},
    ui::{Avatar, Glyph, Icon, MenuLink},
};

/// Title, search, hidden amounts, help, theme, and the person.
#[component]
pub fn Header(
    /// The page's title.
    title: String,
    /// A label and a path back.
    back: Option<Back>,
) -> AnyView {
    view! {
        <header class="shell-header" data-region="">
            <div class="flex min-w-0 flex-1 items-center gap-2">
                {back.map(|Back { label, href }| view! {
                    <a href=href class="btn-icon -ml-2" aria-label=format!("Back to {label}")>
                        <Icon glyph=Glyph::ChevronLeft large=true/>
                    </a>
                })}
                <h1 id="page-title" class="min-w-0 text-base font-semibold wrap-break-word md:text-lg">{title}</h1>
            </div>
            <a href=format!("{}#q", routes::TRANSACTIONS) class="btn-icon" data-key=SEARCH>
                {named_icon(Glyph::Search, "Search transactions")}
            </a>
            <AmountsToggle/>
            {help_link("btn text-ink-2 hover:text-ink hidden sm:inline-flex")}
            <ThemeMenu/>
            {use_session().map(|session| view! { <PersonMenu session/> })}
        </header>
    }
    .into_any()
}

/// Hides every amount from whoever looks over a shoulder, or shows them again; remembered in a cookie. Its name stays and
/// `aria-pressed` says the rest; the tooltip says what a press does.
#[component]
fn AmountsToggle() -> AnyView {
    let amounts = Amounts::current();
    let (glyph, tip) = match amounts {
        Amounts::Shown => (Glyph::Eye, "Hide amounts"),
        Amounts::Hidden => (Glyph::EyeOff, "Show amounts"),
    };
    let pressed = if amounts == Amounts::Hidden { "true" } else { "false" };
    view! {
        <form method="post" action=routes::AMOUNTS class="contents">
            <input type="hidden" name="page" value=this_page()/>
            <button
                class="btn-icon"
                name="amounts"
                value=amounts.toggled().as_str()
                aria-pressed=pressed
                title=tip
                data-key=HIDE
                data-testid="amounts-toggle"
            >
                {named_icon(glyph, "Hide amounts")}
            </button>
        </form>
    }
    .into_any()
}

/// Light, dark or as the system says; posts the choice.
#[component]
pub fn ThemeMenu() -> AnyView {
    let current = Theme::current();
    let face = match current {
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
        Theme::System => Glyph::Monitor,
    };
    view! {
        <button type="button" class="btn-icon" popovertarget="theme-menu" aria-label="Theme">
            <Icon glyph=face large=true/>
        </button>
        <div popover="auto" id="theme-menu" class="menu menu-corner">
            <form method="post" action=routes::THEME>
                <input type="hidden" name="page" value=this_page()/>
                {Theme::ALL.map(|theme| theme_choice(theme, theme == current)).collect_view()}
            </form>
        </div>
    }
    .into_any()
}

fn theme_choice(theme: Theme, chosen: bool) -> impl IntoView {
    let glyph = match theme {
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
        Theme::System => Glyph::Monitor,
    };
    view! {
        <button class="menu-item" name="theme" value=theme.as_str() aria-current=chosen.then_some("true")>
            <Icon glyph/>
            {theme.label()}
            {chosen.then(|| view! { <span class="ml-auto"><Icon glyph=Glyph::Check/></span> })}
        </button>
    }
}

/// Who is signed in, settings, sign out.
#[component]
fn PersonMenu(session: Session) -> AnyView {
    let initials = session.initials();
    view! {
        <button type="button" class="avatar-button" popovertarget="person-menu" aria-label=format!("Your account: {}", session.name)>
            <Avatar initials image=session.image/>
        </button>
        <div popover="auto" id="person-menu" class="menu menu-corner">
            <div class="border-b border-line px-3 pt-1 pb-2.5">
                <p class="truncate font-medium">{session.name}</p>
                <p class="truncate text-sm text-ink-2">{session.email}</p>
            </div>
            <div class="pt-1.5">
                <MenuLink href=routes::PROFILE icon=Glyph::Settings>"Settings"</MenuLink>
                <MenuLink href=routes::BILLING icon=Glyph::CreditCard>"Billing"</MenuLink>
                <MenuLink href=routes::SECURITY icon=Glyph::ShieldCheck>"Security"</MenuLink>
                <MenuLink href=routes::KEYS icon=Glyph::Keyboard>"Keyboard shortcuts"</MenuLink>
                <MenuLink href=routes::HELP icon=Glyph::CircleHelp>"Help"</MenuLink>
                <form method="post" action=routes::SIGN_OUT>
                    <button class="menu-item">
                        <Icon glyph=Glyph::LogOut/>
                        "Sign out"
                    </button>
                </form>
            </div>
        </div>
    }
    .into_any()
}
