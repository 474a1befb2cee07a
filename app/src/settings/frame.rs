//! The frame of the settings: one page for each tab.

use leptos::prelude::*;

use crate::{
    routes,
    ui::{AppShell, Section, Tab, Tabs},
};

/// The tabs, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsTab {
    /// Who the person is, and how pages look to them.
    Profile,
    /// How they count their days, and what is done for them.
    Preferences,
    /// What they call their categories.
    Categories,
    /// How they sign in, and where they are signed in.
    Security,
    /// Who else may sign them in.
    Connections,
    /// Which mails they get.
    Notifications,
    /// What of theirs is kept, and how to take it along.
    Data,
    /// What they pay for.
    Billing,
    /// Taking everything along, and leaving.
    Danger,
}

impl SettingsTab {
    const ALL: [Self; 9] = [
        Self::Profile,
        Self::Preferences,
        Self::Categories,
        Self::Security,
        Self::Connections,
        Self::Notifications,
        Self::Data,
        Self::Billing,
        Self::Danger,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Profile => "Profile",
            Self::Preferences => "Preferences",
            Self::Categories => "Categories",
            Self::Security => "Security",
            Self::Connections => "Connections",
            Self::Notifications => "Notifications",
            Self::Data => "Data",
            Self::Billing => "Billing",
            Self::Danger => "Danger",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Profile => "Profile settings",
            Self::Preferences => "Preferences",
            Self::Categories => "Categories",
            Self::Security => "Security settings",
            Self::Connections => "Connection settings",
            Self::Notifications => "Notifications",
            Self::Data => "Your data",
            Self::Billing => "Billing",
            Self::Danger => "Export or delete",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Profile => routes::PROFILE,
            Self::Preferences => routes::PREFERENCES,
            Self::Categories => routes::CATEGORIES,
            Self::Security => routes::SECURITY,
            Self::Connections => routes::CONNECTIONS,
            Self::Notifications => routes::NOTIFICATIONS,
            Self::Data => routes::DATA,
            Self::Billing => routes::BILLING,
            Self::Danger => routes::DANGER,
        }
    }

    fn page(self) -> &'static str {
        match self {
            Self::Profile => "settings-profile",
            Self::Preferences => "settings-preferences",
            Self::Categories => "settings-categories",
            Self::Security => "settings-security",
            Self::Connections => "settings-connections",
            Self::Notifications => "settings-notifications",
            Self::Data => "settings-data",
            Self::Billing => "billing",
            Self::Danger => "settings-danger",
        }
    }
}

/// One page of the settings.
#[component]
pub fn SettingsShell(
    /// Which one.
    tab: SettingsTab,
    children: Children,
) -> AnyView {
    let tabs =
        SettingsTab::ALL.map(|item| Tab::new(item.label(), item.path(), item == tab)).to_vec();
    view! {
        <AppShell page=tab.page() title=tab.title() section=Section::Settings>
            <div class="flex max-w-3xl flex-col gap-6">
                <Tabs label="Settings" items=tabs/>
                {children()}
            </div>
        </AppShell>
    }
    .into_any()
}
