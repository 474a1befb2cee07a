//! Connections for tests.

use domain::ConnectionId;
use secrecy::SecretString;

use super::{BeginAsk, Begun, FinishAsk, Finished, begin_link, candidates, choose, finish_link};
use crate::{
    Backend, SignedIn,
    banks::{ProviderKind, Purpose},
};

/// What reads a connection at its provider.
pub async fn token(backend: &Backend, who: &SignedIn, connection: &ConnectionId) -> SecretString {
    candidates::ready(backend, who, connection).await.expect("a live connection").token
}

/// Begins to link a bank by way of Plaid.
pub async fn begin_at_plaid(backend: &Backend, who: &SignedIn) -> Begun {
    let return_url = "http://localhost:3000/accounts/link/return".parse().expect("an address");
    let ask = BeginAsk {
        provider: ProviderKind::Plaid,
        purpose: Purpose::New,
        institution: None,
        return_url: &return_url,
    };
    begin_link(backend, who, &ask).await.expect("a token for the window")
}

/// Links the bank of [`crate::testing::PlaidStandIn`]; its accounts are not chosen yet.
pub async fn link_at_plaid(backend: &Backend, who: &SignedIn) -> Finished {
    let begun = begin_at_plaid(backend, who).await;
    let public_token = SecretString::from("public-sandbox-b0e2c4ee");
    let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
    finish_link(backend, who, &ask).await.expect("a connection")
}

/// The same with every account of it; nothing is read yet.
pub async fn choose_at_plaid(backend: &Backend, who: &SignedIn) -> ConnectionId {
    let Finished::Linked { connection } = link_at_plaid(backend, who).await else {
        panic!("a new connection")
    };
    let offered = candidates(backend, who, &connection).await.expect("what the bank offers");
    let ids: Vec<String> = offered.into_iter().map(|account| account.provider_id).collect();
    let chosen = choose(backend, who, &connection, &ids).await.expect("a choice");
    assert!(chosen.refused.is_empty(), "{chosen:?}");
    connection
}
