//! `/settings/connections`: who else may sign somebody in, and the banks that are read.

use backend::auth::{self, AuthFailure, Which};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::frame::{SettingsShell, SettingsTab};
use crate::{
    AppError,
    auth::{LINK_PROVIDER, ProviderRefusal, refuse},
    connections::BankConnections,
    flash,
    flash::Flash,
    routes,
    server::{fresh, reject, signed_in, site},
    ui::{Button, Card, Day, HiddenField, PostForm, Variant, load::load},
};

/// Where the form that disconnects a provider posts to.
const UNLINK: &str = "/settings/connections/unlink";
/// The provider of a password.
const PASSWORD: &str = "credential";

/// One way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WayIn {
    /// What names it to [`unlink_provider`].
    pub id: String,
    /// `credential`, `google`, …
    pub provider: String,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}

impl WayIn {
    /// Whether it is the password.
    pub fn is_password(&self) -> bool {
        self.provider == PASSWORD
    }
}

/// The caller's ways in: the password and connected providers, the oldest first.
#[server(prefix = "/api/fn", endpoint = "ways-in/list")]
pub async fn list_ways_in() -> Result<Vec<WayIn>, AppError> {
    let (backend, caller) = signed_in()?;
    let accounts = auth::linked_accounts(&backend, &caller).await.map_err(reject)?;
    Ok(accounts
        .into_iter()
        .map(|account| WayIn {
            id: account.id,
            provider: account.provider_id,
            since: account.created_at,
        })
        .collect())
}

/// `POST /settings/connections/unlink`: a provider signs the caller in no longer. The last way in stays.
#[server(prefix = "", endpoint = "settings/connections/unlink")]
pub async fn unlink_provider(#[server(default)] id: String) -> Result<(), AppError> {
    let (backend, caller) = fresh()?;
    let accounts = auth::linked_accounts(&backend, &caller).await.map_err(reject)?;
    let provider = accounts.iter().find(|account| account.id == id);
    let provider = provider.filter(|account| account.provider_id != PASSWORD);
    let name = name_of(&provider.ok_or(AppError::NotFound)?.provider_id);
    auth::unlink(&backend, &caller, &Which::Row(id)).await.map_err(|failure| match failure {
        AuthFailure::LastAccount => AppError::message(
            409,
            "This is your only way to sign in. Set a password or connect another provider first.",
        ),
        AuthFailure::AccountUnknown => AppError::NotFound,
        other => refuse(other),
    })?;

    flash::set(&Flash::done(format!("{name} is disconnected.")));
    redirect(routes::CONNECTIONS);
    Ok(())
}

/// What a provider is called: as on its button, where it has one.
fn name_of(provider: &str) -> String {
    let button = site().providers.into_iter().find(|button| button.id == provider);
    button.map_or_else(|| spelled(provider), |button| button.label)
}

/// The same of one that is no longer set up.
fn spelled(provider: &str) -> String {
    match provider {
        "google" => "Google".to_owned(),
        "github" => "GitHub".to_owned(),
        "microsoft" => "Microsoft".to_owned(),
        other => {
            let mut letters = other.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        }
    }
}

/// Connected providers, and connected banks.
#[component]
pub fn ConnectionsPage() -> AnyView {
    load(async move {
        let ways = list_ways_in().await?;
        let banks = BankConnections::load().await?;
        Ok(view! {
            <SettingsShell tab=SettingsTab::Connections>
                <ProviderRefusal/>
                <Providers ways/>
                {banks.card()}
            </SettingsShell>
        })
    })
}

#[component]
fn Providers(ways: Vec<WayIn>) -> AnyView {
    let last = ways.len() == 1;
    let connectable = connectable(&ways);
    let rows = ways
        .into_iter()
        .filter(|way| !way.is_password())
        .map(|way| view! { <Connected way last/> })
        .collect::<Vec<_>>();
    let none = rows.is_empty();
    view! {
        <Card id="providers" title="Sign-in providers">
            <PostForm action=UNLINK page=routes::CONNECTIONS>
                {none.then(|| view! {
                    <p class="text-ink-2">"No provider is connected. You sign in with your e-mail and password."</p>
                })}
                <ul class="flex flex-col divide-y divide-line">{rows}</ul>
            </PostForm>
            {connectable}
        </Card>
    }
    .into_any()
}

/// A button for each provider of this site that is not connected yet.
fn connectable(ways: &[WayIn]) -> AnyView {
    let new = site()
        .providers
        .into_iter()
        .filter(|provider| !ways.iter().any(|way| way.provider == provider.id));
    let forms: Vec<_> = new
        .map(|provider| {
            let testid = format!("connect-{}", provider.id);
            view! {
                <form method="post" action=LINK_PROVIDER>
                    <HiddenField name="page" value=routes::CONNECTIONS/>
                    <HiddenField name="provider" value=provider.id/>
                    <Button variant=Variant::Secondary attr:data-testid=testid>
                        {format!("Connect {}", provider.label)}
                    </Button>
                </form>
            }
        })
        .collect();
    if forms.is_empty() {
        return ().into_any();
    }
    view! { <div class="mt-5 flex flex-wrap gap-3">{forms}</div> }.into_any()
}

#[component]
fn Connected(way: WayIn, last: bool) -> AnyView {
    let name = name_of(&way.provider);
    let label = format!("Disconnect {name}");
    view! {
        <li class="flex flex-wrap items-center justify-between gap-3 py-3 first:pt-0 last:pb-0" data-testid="provider-row" data-id=way.provider>
            <div>
                <p class="font-medium">{name}</p>
                <p class="text-sm text-ink-2">"Connected on " <Day date=way.since.date()/></p>
            </div>
            {if last {
                view! {
                    <p class="max-w-xs text-sm text-ink-2">
                        "Your only way to sign in. " <a class="link" href=routes::SECURITY>"Set a password"</a> " before you disconnect it."
                    </p>
                }
                .into_any()
            } else {
                view! {
                    <Button variant=Variant::Secondary attr:name="id" attr:value=way.id attr:aria-label=label>"Disconnect"</Button>
                }
                .into_any()
            }}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_have_the_names_people_know() {
        let names = ["google", "github", "microsoft", "keycloak", ""].map(spelled);

        assert_eq!(names, ["Google", "GitHub", "Microsoft", "Keycloak", ""]);
    }
}
