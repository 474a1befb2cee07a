//! What an account's page ends with: the way to stop reading its bank, and the way to delete it.

use domain::{AccountId, connection::ConnectionView, states::connection::ConnectionState};
use leptos::prelude::*;

use crate::{
    routes,
    ui::{Card, Glyph, LinkButton, Variant, count::count},
};

/// The ways that take something away; both ask first.
#[component]
pub(super) fn Danger(
    /// The account.
    id: AccountId,
    /// The connection that reads it.
    connection: Option<ConnectionView>,
) -> AnyView {
    let connection = connection.filter(|connection| connection.state != ConnectionState::Removed);
    view! {
        {connection.map(|connection| view! { <Disconnect connection/> })}
        <Card id="account-danger" title="Delete this account">
            <p class="mb-3 text-sm text-ink-2">"Takes the account and its transactions out of Coffer. We ask first."</p>
            <LinkButton href=routes::delete_account(&id) variant=Variant::Danger icon=Glyph::Trash2>
                "Delete account"
            </LinkButton>
        </Card>
    }
    .into_any()
}

/// A connection ends as a whole: it says which other accounts are read no more.
#[component]
fn Disconnect(connection: ConnectionView) -> AnyView {
    let bank = connection.institution_name;
    let all = match connection.accounts {
        ..=1 => String::new(),
        accounts => format!(": this account and {} of it", count(accounts - 1, "other account")),
    };
    let text = format!(
        "Coffer stops reading {bank}{all}. You choose whether accounts and transactions stay. We ask first."
    );
    view! {
        <Card id="account-disconnect" title=format!("Disconnect {bank}")>
            <p class="mb-3 text-sm text-ink-2">{text}</p>
            <LinkButton href=routes::disconnect(&connection.id) variant=Variant::Secondary attr:data-testid="account-disconnect">
                "Disconnect" <span class="sr-only">{format!(" {bank}")}</span>
            </LinkButton>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::ConnectionId;
    use time::macros::datetime;

    use super::*;

    fn html(state: ConnectionState, accounts: i64) -> String {
        let connection = ConnectionView {
            id: ConnectionId::new("c1"),
            provider: "plaid".to_owned(),
            institution_name: "First Harbor".to_owned(),
            state,
            expires_on: None,
            problem: None,
            message: None,
            accounts,
            new_accounts: false,
            history_complete: true,
            last_sync_at: None,
            next_sync_at: None,
            created_at: datetime!(2026-06-01 12:00 UTC),
        };
        Owner::new().with(|| {
            view! { <Danger id=AccountId::new("a1") connection=Some(connection)/> }.to_html()
        })
    }

    #[test]
    fn the_connection_of_an_account_ends_from_its_page() {
        let one = html(ConnectionState::Healthy, 1);
        let three = html(ConnectionState::LoginRequired, 3);
        let gone = html(ConnectionState::Removed, 1);

        assert!(
            one.contains("/connections/c1/disconnect")
                && one.contains("stops reading First Harbor. "),
            "{one}"
        );
        assert!(three.contains("this account and 2 other accounts of it."), "{three}");
        assert!(!gone.contains("disconnect") && gone.contains("/accounts/a1/delete"), "{gone}");
    }
}
