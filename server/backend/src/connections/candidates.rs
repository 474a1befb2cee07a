//! What a bank offers to a connection: every account there, and whether the person has it already.

use std::sync::Arc;

use domain::{ConnectionId, connection::AccountCandidate};
use secrecy::SecretString;

use super::{
    CONNECTION, failed, not_configured, open_token,
    rows::{self, Row},
};
use crate::{
    Backend, Error, Result, SignedIn,
    accounts::banked::{self, Known},
    banks::{Provider, ProviderAccount},
};
/// A connection, ready to be asked.
pub(super) struct Ready {
    pub row: Row,
    pub token: SecretString,
    pub provider: Arc<dyn Provider>,
}

/// Opens a connection of the caller's to ask its provider.
///
/// # Errors
/// [`Error::NotFound`] also for a connection of somebody else; [`Error::Expired`] for one that has ended.
pub(super) async fn ready(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
) -> Result<Ready> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let row = rows::find(&mut tx, connection).await?;
    drop(tx);
    let token = open_token(backend, caller.user(), &row).await?;
    let token = token.filter(|_| row.state.may_call()).ok_or(Error::Expired(CONNECTION))?;
    let provider = backend.banks.provider(row.provider()?);
    let provider = provider.ok_or_else(|| not_configured(&row.institution_name))?;
    Ok(Ready { row, token, provider })
}

impl Ready {
    /// Every account at the bank.
    pub async fn accounts(&self) -> Result<Vec<ProviderAccount>> {
        let accounts = self.provider.accounts(&self.token).await;
        accounts
            .map_err(|trouble| failed(self.provider.kind(), &self.row.institution_name, &trouble))
    }
}

/// The person's account that one at a bank is, when nothing but its ids is looked at.
pub(super) fn same<'k>(
    known: &'k [Known],
    connection: &ConnectionId,
    account: &ProviderAccount,
) -> Option<&'k Known> {
    let lasting = account.persistent_id.as_deref();
    known.iter().find(|known| {
        let by_connection = known.connection_id.as_ref() == Some(connection)
            && known.provider_id.as_deref() == Some(&*account.id);
        by_connection || (lasting.is_some() && known.persistent_id.as_deref() == lasting)
    })
}

/// The accounts that a connection could read, those that are added already among them.
///
/// # Errors
/// [`Error::Bank`] when the bank does not say; [`Error::NotFound`] also for a connection of somebody else;
/// [`Error::Expired`] for one that has ended.
#[tracing::instrument(name = "connections.candidates", skip_all, fields(user.id = %caller.user()))]
pub async fn candidates(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
) -> Result<Vec<AccountCandidate>> {
    let accounts = ready(backend, caller, connection).await?.accounts().await?;
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let known = banked::known(&mut tx).await?;
    let candidates = accounts.into_iter().map(|account| AccountCandidate {
        added: same(&known, connection, &account).is_some_and(Known::is_read),
        provider_id: account.id,
        name: account.name,
        account_type: account.account_type,
        mask: account.mask,
        currency: account.currency.code().to_owned(),
        balance_minor: account.balance_minor,
    });
    Ok(candidates.collect())
}
