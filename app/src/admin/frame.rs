//! The frame of the pages of administrators, and who gets to see it.

use backend::{Backend, admin::Admin};
use leptos::prelude::*;

use crate::{
    AppError,
    form::use_form,
    routes,
    server::{admin, set_status},
    ui::{
        AppShell, Card, ErrorSummary, LinkButton, Section, Tab, Tabs, form::FormScope, load::load,
    },
};

/// The tabs, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminTab {
    /// Numbers.
    Overview,
    /// Deliveries of Polar.
    Webhooks,
    /// Differences to Polar.
    Drift,
    /// Jobs that were given up.
    Jobs,
    /// Bank accounts of people.
    Accounts,
}

impl AdminTab {
    const ALL: [Self; 5] =
        [Self::Overview, Self::Webhooks, Self::Drift, Self::Jobs, Self::Accounts];

    fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Webhooks => "Webhooks",
            Self::Drift => "Drift",
            Self::Jobs => "Jobs",
            Self::Accounts => "Accounts",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Overview => routes::ADMIN,
            Self::Webhooks => routes::ADMIN_WEBHOOKS,
            Self::Drift => routes::ADMIN_DRIFT,
            Self::Jobs => routes::ADMIN_JOBS,
            Self::Accounts => routes::ADMIN_ACCOUNTS,
        }
    }

    fn page(self) -> &'static str {
        match self {
            Self::Overview => "admin",
            Self::Webhooks => "admin-webhooks",
            Self::Drift => "admin-drift",
            Self::Jobs => "admin-jobs",
            Self::Accounts => "admin-accounts",
        }
    }
}

/// A page of administrators: everybody else gets the page for addresses that lead nowhere, and an administrator
/// without a second factor is told how to switch it on.
pub fn admin_page<F, V>(
    tab: AdminTab,
    page: impl FnOnce(Backend, Admin) -> F + Send + 'static,
) -> AnyView
where
    F: Future<Output = Result<V, AppError>> + Send + 'static,
    V: IntoView + Send + 'static,
{
    load(async move {
        let (backend, admin) = match admin().await {
            Ok(known) => known,
            Err(AppError::Forbidden) => {
                set_status(403);
                return Ok(view! { <SecondFactorFirst/> }.into_any());
            }
            Err(AppError::SignedOut | AppError::NotFound) => return Err(AppError::NotFound),
            Err(error) => return Err(error),
        };
        let content = page(backend, admin).await?;
        Ok(view! { <Shell tab>{content}</Shell> }.into_any())
    })
}

#[component]
fn Shell(tab: AdminTab, children: Children) -> AnyView {
    let tabs = AdminTab::ALL.map(|item| Tab::new(item.label(), item.path(), item == tab)).to_vec();
    let refused = FormScope { state: use_form(), prefix: "" };
    let title = match tab {
        AdminTab::Overview => "Administration".to_owned(),
        other => format!("Administration: {}", other.label().to_lowercase()),
    };
    view! {
        <AppShell page=tab.page() title section=Section::None>
            <div class="flex flex-col gap-5">
                <Tabs label="Administration" items=tabs/>
                <ErrorSummary scope=refused/>
                {children()}
            </div>
        </AppShell>
    }
    .into_any()
}

#[component]
fn SecondFactorFirst() -> AnyView {
    view! {
        <AppShell page="admin-second-factor" title="Administration" section=Section::None>
            <div class="max-w-2xl">
                <Card id="second-factor" title="Switch on the second step first">
                    <div class="flex flex-col gap-4">
                        <p class="text-ink-2">
                            "These pages need more than a password. Switch on the second step of your sign-in, with an authenticator app or mailed codes, then come back."
                        </p>
                        <div><LinkButton href=format!("{}#second-step", routes::SECURITY)>"Go to security settings"</LinkButton></div>
                    </div>
                </Card>
            </div>
        </AppShell>
    }
    .into_any()
}
