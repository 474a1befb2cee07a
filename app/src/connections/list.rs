//! The connections to banks in the settings.

use domain::connection::ConnectionView;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    api::all_connections,
    words::{Standing, StateBadge},
};
use crate::{
    AppError, routes,
    server::now,
    ui::{Card, Glyph, LinkButton, Variant, count::count},
};

/// The card of them; made before the page that shows it.
#[derive(Clone)]
pub struct BankConnections {
    connections: Vec<ConnectionView>,
    now: OffsetDateTime,
}

impl BankConnections {
    /// Those of the caller.
    pub async fn load() -> Result<Self, AppError> {
        Ok(Self { connections: all_connections().await?, now: now() })
    }

    /// The card.
    pub fn card(self) -> AnyView {
        let Self { connections, now } = self;
        let none = connections.is_empty();
        let rows = connections
            .into_iter()
            .map(|connection| view! { <Row connection now/> })
            .collect_view();
        view! {
            <Card id="banks" title="Bank connections">
                {none.then(|| view! {
                    <p class="text-ink-2">"No bank is connected. Accounts by hand and imported files need none."</p>
                })}
                <ul class="flex flex-col divide-y divide-line">{rows}</ul>
                <div class="mt-5">
                    <LinkButton href=routes::ADD_ACCOUNT variant=Variant::Secondary icon=Glyph::Plus>"Link a bank"</LinkButton>
                </div>
            </Card>
        }
        .into_any()
    }
}

#[component]
fn Row(connection: ConnectionView, now: OffsetDateTime) -> AnyView {
    let href = routes::connection(&connection.id);
    let name = connection.institution_name.clone();
    view! {
        <li class="flex flex-wrap items-center justify-between gap-3 py-3 first:pt-0 last:pb-0" data-testid="connection-row" data-id=connection.id.to_string() data-state=connection.state.as_str()>
            <div class="min-w-0">
                <p><a class="row-link" href=href>{name}</a></p>
                <p class="text-sm text-ink-2">
                    {count(connection.accounts, "account")} " · " <Standing connection=connection.clone() now/>
                </p>
            </div>
            <StateBadge state=connection.state/>
        </li>
    }
    .into_any()
}
