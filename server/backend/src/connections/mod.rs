//! Connections to banks: linked, read on a schedule and when their provider calls, repaired, removed.

mod candidates;
mod choose;
mod demo;
mod due;
mod letters;
mod link;
mod manage;
mod rows;
mod state;
mod sync;
mod test_bank;
#[cfg(feature = "testing")]
pub mod testing;
mod views;
mod webhooks;

#[cfg(test)]
mod tests;

use domain::{ConnectionId, UserId, connection::BankProblem};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    Backend, Error, Result,
    banks::{Numbers, Provider, ProviderKind, Trouble, TroubleKind},
    vault::{Field, Purpose},
};

pub use candidates::candidates;
pub use choose::{Chosen, Refused, choose, choose_as};
pub use demo::{is_invented, link_demo, remove_demo};
pub(crate) use due::{sweep, sync_due};
pub use link::{
    BeginAsk, Begun, FinishAsk, Finished, Hint, HintAccount, begin_link, finish_link,
    resume_latest, resume_link,
};
pub(crate) use manage::remove_item;
pub use manage::{History, SyncAsked, remove, sync_now};
pub(crate) use manage::{farewell, items};
pub(crate) use sync::sync;
pub use test_bank::{book, switch_fault};
pub(crate) use views::all;
pub(crate) use views::bank_side;
pub use views::{BankSide, bank_sides, get, item_of, list};
pub(crate) use webhooks::apply as apply_webhook;
pub use webhooks::receive;

/// The word for a missing connection, in errors.
pub(crate) const CONNECTION: &str = "connection";

/// Of the jobs of one connection, one runs at a time.
fn key(connection: &ConnectionId) -> String {
    format!("connection:{connection}")
}

/// Where the token of a connection is kept.
fn token_field<'a>(connection: &'a ConnectionId, user: &'a UserId) -> Field<'a> {
    Field { table: "connection", column: "token", row: connection.as_str(), user }
}

/// The token of a connection; none once it is erased. Not within a transaction: it may look for a key.
async fn open_token(
    backend: &Backend,
    user: &UserId,
    row: &rows::Row,
) -> Result<Option<SecretString>> {
    let Some(sealed) = &row.token else { return Ok(None) };
    let field = token_field(&row.id, user);
    let token = backend.vault.decrypt(Purpose::ProviderToken, &field, sealed).await?;
    Ok(Some(SecretString::from(token.as_str())))
}

async fn seal_token(
    backend: &Backend,
    user: &UserId,
    connection: &ConnectionId,
    token: &SecretString,
) -> Result<String> {
    let field = token_field(connection, user);
    backend.vault.encrypt(Purpose::ProviderToken, &field, token.expose_secret()).await
}

/// The numbers that a bank gives for some accounts. Where none of them has any, or they were not shared, there are none:
/// such accounts are read all the same.
async fn shared_numbers(
    provider: &dyn Provider,
    bank: &str,
    token: &SecretString,
    accounts: &[String],
) -> Result<Vec<Numbers>> {
    match provider.numbers(token, accounts).await {
        Err(trouble)
            if matches!(trouble.kind, TroubleKind::NeedsConsent | TroubleKind::NoneShared) =>
        {
            Ok(Vec::new())
        }
        numbers => numbers.map_err(|trouble| failed(provider.kind(), bank, &trouble)),
    }
}

/// A trouble as the failure of a use case.
fn failed(provider: ProviderKind, bank: &str, trouble: &Trouble) -> Error {
    note(provider, trouble);
    Error::Bank { problem: trouble.kind.into(), bank: bank.to_owned() }
}

/// Writes a trouble down, once, with what the provider calls it.
fn note(provider: ProviderKind, trouble: &Trouble) {
    let (provider, kind) = (provider.as_str(), trouble.kind.as_str());
    let Trouble { code, request_id, .. } = trouble;
    if trouble.kind == TroubleKind::BadRequest {
        tracing::error!(
            provider,
            code,
            request_id,
            "a provider of bank data finds our request wrong"
        );
    } else {
        tracing::warn!(
            provider,
            kind,
            code,
            request_id,
            "a provider of bank data did not do what it was asked"
        );
    }
    metrics::counter!("coffer_bank_troubles_total", "provider" => provider, "kind" => kind)
        .increment(1);
}

/// The failure of a provider that is not configured any more: ours.
fn not_configured(bank: &str) -> Error {
    tracing::error!("a connection belongs to a provider that is not configured");
    let problem = BankProblem::from(TroubleKind::BadRequest);
    Error::Bank { problem, bank: bank.to_owned() }
}
