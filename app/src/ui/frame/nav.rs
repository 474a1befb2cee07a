//! The navigation: a bar at the bottom of a phone, a rail on a tablet, a sidebar on a desk.

use leptos::prelude::*;

use super::{logo, this_page};
use crate::{
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
    /// Import of files.
    Import,
    /// Settings.
    Settings,
    /// None of them.
    None,
}

/// Every entry, in order: section, words, icon, path.
const ENTRIES: [(Section, &str, Glyph, &str); 6] = [
    (Section::Dashboard, "Dashboard", Glyph::LayoutDashboard, routes::DASHBOARD),
    (Section::Accounts, "Accounts", Glyph::Landmark, routes::ACCOUNTS),
    (Section::Transactions, "Transactions", Glyph::ArrowLeftRight, routes::TRANSACTIONS),
    (Section::Budgets, "Budgets", Glyph::Target, routes::BUDGETS),
    (Section::Import, "Import", Glyph::Upload, routes::IMPORT),
    (Section::Settings, "Settings", Glyph::Settings, routes::PROFILE),
];

/// The navigation of a signed-in person.
#[component]
pub fn Nav(
    /// The current entry.
    section: Section,
) -> AnyView {
    let entries = ENTRIES
        .into_iter()
        .map(|(entry, label, glyph, href)| {
            let current = (entry == section).then_some("page");
            view! {
                <li>
                    <a href=href class="nav-item" aria-current=current>
                        <Icon glyph large=true/>
                        <span class="nav-label">{label}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="shell-nav" aria-label="Main">
            <div class="nav-logo">{logo(routes::DASHBOARD)}</div>
            <ul class="nav-list">{entries}</ul>
            <SidebarToggle/>
        </nav>
    }
    .into_any()
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
