//! `/connections/{id}/disconnect`: what ends, what stays, and the choice between the two.

use backend::connections::is_invented;
use domain::{
    AccountView, ConnectionId, connection::ConnectionView, states::connection::ConnectionState,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{added::accounts_of, api::get};
use crate::{
    routes,
    server::fresh,
    ui::{
        AppShell, Button, Choice, HiddenField, LinkButton, PostForm, RadioGroup, Section, Variant,
        count::count, load::load,
    },
};

/// Asks before a connection ends.
#[component]
pub fn DisconnectPage() -> AnyView {
    let id = ConnectionId::new(use_params_map().read_untracked().get("id").unwrap_or_default());
    load(async move {
        let connection = get(&id).await?;
        if !is_invented(&connection) {
            // Asked of the form alone, it would come after the choice, which would be lost.
            fresh()?;
        }
        let accounts = accounts_of(&connection).await?;
        let title = format!("Disconnect {}", connection.institution_name);
        let body = if connection.state == ConnectionState::Removed {
            let sentence = connection.state.sentence(&connection.institution_name, None);
            view! { <p>{sentence}</p> <div><LinkButton href=routes::ACCOUNTS>"Go to accounts"</LinkButton></div> }.into_any()
        } else {
            view! { <Ask connection accounts/> }.into_any()
        };
        Ok(view! {
            <AppShell page="connection-disconnect" title section=Section::Accounts back=("Accounts", routes::ACCOUNTS)>
                <div class="card flex max-w-xl flex-col gap-5 p-4 md:p-6">{body}</div>
            </AppShell>
        })
    })
}

#[component]
fn Ask(connection: ConnectionView, accounts: Vec<AccountView>) -> AnyView {
    let ConnectionView { id, institution_name: bank, .. } = connection;
    view! {
        <p>{format!("Coffer stops reading {bank}, and the access it gave us ends. Nothing else happens at your bank.")}</p>
        <PostForm action=routes::DISCONNECT page=routes::disconnect(&id)>
            <HiddenField name="id" value=id.to_string()/>
            <RadioGroup name="history" legend="What becomes of what was read?" choices=choices(&accounts) value="keep"/>
            <div class="flex flex-wrap gap-3">
                <Button variant=Variant::Danger busy="Disconnecting…" attr:data-testid="connection-disconnect-submit">"Disconnect"</Button>
                <LinkButton href=routes::connection(&id) variant=Variant::Ghost>"Stay connected"</LinkButton>
            </div>
        </PostForm>
    }
    .into_any()
}

fn choices(accounts: &[AccountView]) -> Vec<Choice> {
    let here = count(i64::try_from(accounts.len()).unwrap_or(i64::MAX), "account");
    let rows = count(accounts.iter().map(|account| account.transactions).sum(), "transaction");
    vec![
        Choice::new("keep", "Keep them")
            .with_hint(format!("{here} and {rows} stay. You go on by hand or with files.")),
        Choice::new("delete", "Delete them")
            .with_hint(format!("{here} and {rows} are deleted for good. This can't be undone.")),
    ]
}
