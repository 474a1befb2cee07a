//! What a bank offers to a connection: every account there, and whether the person has it already.

use std::sync::Arc;

use domain::{
    ConnectionId, account,
    connection::{AccountCandidate, MayBe},
};
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

/// The person's accounts that one at a bank may be under a new id, where no id says which: of the same kind and currency,
/// with the same digits shown. They are read by this connection under an id that the bank does not know any more, or they
/// are of the same bank and nobody reads them. One that is called the same comes first.
pub(super) fn may_be<'k>(
    known: &'k [Known],
    row: &Row,
    all: &[ProviderAccount],
    account: &ProviderAccount,
) -> Vec<&'k Known> {
    if account.mask.is_none() || same(known, &row.id, account).is_some() {
        return Vec::new();
    }
    let is_there = |known: &Known| {
        let only = std::slice::from_ref(known);
        all.iter().any(|other| same(only, &row.id, other).is_some())
    };
    let is_free = |known: &Known| {
        if known.connection_id.as_ref() == Some(&row.id) {
            return known.provider_id.is_some();
        }
        !known.is_read() && known.bank_name.eq_ignore_ascii_case(&row.institution_name)
    };
    let is_another = |known: &Known| {
        let lasting = known.persistent_id.as_ref().zip(account.persistent_id.as_ref());
        lasting.is_some_and(|(one, other)| one != other)
    };
    let looks_the_same = |known: &Known| {
        known.account_type == account.account_type
            && known.mask == account.mask
            && known.currency == account.currency.code()
    };
    let mut found: Vec<&Known> = known
        .iter()
        .filter(|known| looks_the_same(known) && is_free(known))
        .filter(|known| !is_another(known) && !is_there(known))
        .collect();
    let is_called = |known: &Known| {
        known
            .account_nickname
            .as_deref()
            .is_some_and(|name| name.eq_ignore_ascii_case(&account.name))
    };
    found.sort_by_key(|known| !is_called(known));
    found
}

fn named(known: &Known) -> MayBe {
    MayBe {
        account: known.id.clone(),
        name: account::display_name(
            known.account_nickname.as_deref(),
            &known.bank_name,
            known.account_type,
        ),
        mask: known.mask.clone(),
    }
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
    let ready = ready(backend, caller, connection).await?;
    let accounts = ready.accounts().await?;
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let known = banked::known(&mut tx).await?;
    let all = accounts.clone();
    let candidates = accounts.into_iter().map(|account| AccountCandidate {
        may_be: may_be(&known, &ready.row, &all, &account).into_iter().map(named).collect(),
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
