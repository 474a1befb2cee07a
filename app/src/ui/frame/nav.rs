//! The navigation: a bar at the bottom of a phone, a rail on a tablet, a sidebar on a desk.

use leptos::prelude::*;

use super::{logo, this_page};
use crate::{
    islands::keys::go_to,
    preferences::Sidebar,
    routes,
    ui::{Glyph, Icon},
};

/// The places in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The overview.
    Dashboard,
    /// Accounts.
    Accounts,
    /// Transactions.
    Transactions,
    /// Budgets.
    Budgets,
    /// What waits for a look.
    Review,
    /// What repeats.
    Recurring,
    /// Rules that sort rows.
    Rules,
    /// Import of files.
    Import,
    /// Settings.
    Settings,
    /// None of them.
    None,
}

/// An entry: section, words, icon, path.
type Entry = (Section, &'static str, Glyph, &'static str);

/// The entries that a phone's bar has room for, in order.
const FIRST: [Entry; 4] = [
    (Section::Dashboard, "Dashboard", Glyph::LayoutDashboard, routes::DASHBOARD),
    (Section::Accounts, "Accounts", Glyph::Landmark, routes::ACCOUNTS),
    (Section::Transactions, "Transactions", Glyph::ArrowLeftRight, routes::TRANSACTIONS),
    (Section::Budgets, "Budgets", Glyph::Target, routes::BUDGETS),
];

/// Those that follow; on a phone they are behind "More".
const MORE: [Entry; 5] = [
    (Section::Review, "Review", Glyph::CircleCheck, routes::REVIEW),
    (Section::Recurring, "Recurring", Glyph::CalendarDays, routes::RECURRING),
    (Section::Rules, "Rules", Glyph::ListFilter, routes::RULES),
    (Section::Import, "Import", Glyph::Upload, routes::IMPORT),
    (Section::Settings, "Settings", Glyph::Settings, routes::PROFILE),
];

/// The navigation of a signed-in person.
#[component]
pub fn Nav(
    /// The current entry.
    section: Section,
) -> AnyView {
    let links = |entries: &[Entry], class: &'static str| {
        entries.iter().map(|entry| link(*entry, section, class)).collect_view()
    };
    let is_behind = MORE.iter().any(|(entry, ..)| *entry == section);
    view! {
        <nav class="shell-nav" aria-label="Main" data-region="">
            <div class="nav-logo">{logo(routes::DASHBOARD)}</div>
            <ul class="nav-list">
                {links(&FIRST, "")}
                {links(&MORE, "nav-wide")}
                <li class="nav-more">
                    <details>
                        <summary class="nav-item" data-current=is_behind.then_some("true")>
                            <Icon glyph=Glyph::Ellipsis large=true/>
                            <span class="nav-label">"More"</span>
                        </summary>
                        <ul class="nav-panel">{links(&MORE, "")}</ul>
                    </details>
                </li>
            </ul>
            <SidebarToggle/>
        </nav>
    }
    .into_any()
}

fn link(entry: Entry, section: Section, class: &'static str) -> impl IntoView {
    let (place, label, glyph, href) = entry;
    let current = (place == section).then_some("page");
    view! {
        <li class=class>
            <a href=href class="nav-item" aria-current=current data-key=go_to(href)>
                <Icon glyph large=true/>
                <span class="nav-label">{label}</span>
            </a>
        </li>
    }
}

/// Opens or closes the sidebar; remembered in a cookie.
#[component]
fn SidebarToggle() -> AnyView {
    let sidebar = Sidebar::current();
    let (label, glyph) = match sidebar {
        Sidebar::Open => ("Collapse sidebar", Glyph::PanelLeftClose),
        Sidebar::Collapsed => ("Expand sidebar", Glyph::PanelLeftOpen),
    };
    view! {
        <form method="post" action=routes::SIDEBAR class="nav-toggle">
            <input type="hidden" name="page" value=this_page()/>
            <button class="nav-item w-full" name="sidebar" value=sidebar.toggled().as_str()>
                <Icon glyph large=true/>
                <span class="nav-label">{label}</span>
            </button>
        </form>
    }
    .into_any()
}

/// Whether the navigation leads to a path.
#[cfg(test)]
pub(super) fn has(path: &str) -> bool {
    FIRST.iter().chain(&MORE).any(|(.., href)| *href == path)
}
