//! What the built-in bank's own statement says of a round: there is no other place to read it. Of deposits that another
//! bank sends nothing is known here.

use domain::{AccountId, RoundId};

use super::{check, rows};
use crate::{
    Backend, Error, Result, SignedIn,
    accounts::proof,
    banks::{ProviderKind, Simbank, simbank::SimDeposits},
};

/// The deposits of the newest round of one of the caller's accounts, where the built-in bank sends them; none before they
/// left, and none once the round has ended.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else.
#[tracing::instrument(name = "verification.statement", skip_all, fields(user.id = %caller.user()))]
pub async fn statement(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
) -> Result<Option<SimDeposits>> {
    match sent(backend, caller, account).await? {
        Some((bank, _, reference)) => bank.deposits(&reference).await,
        None => Ok(None),
    }
}

/// Lets the deposits of that round arrive now.
///
/// # Errors
/// [`Error::NotFound`] also where the built-in bank has sent none.
#[tracing::instrument(name = "verification.post_now", skip_all, fields(user.id = %caller.user()))]
pub async fn post_now(backend: &Backend, caller: &SignedIn, account: &AccountId) -> Result<()> {
    let sent = sent(backend, caller, account).await?;
    let (bank, round, reference) = sent.ok_or(Error::NotFound(super::VERIFICATION))?;
    bank.post_now(&reference).await?;
    check::look(backend, caller.user(), &round).await
}

/// The open round whose deposits the built-in bank has, and the bank's reference for them.
async fn sent<'a>(
    backend: &'a Backend,
    caller: &SignedIn,
    account: &AccountId,
) -> Result<Option<(&'a Simbank, RoundId, String)>> {
    let Some(bank) = backend.banks.simbank() else { return Ok(None) };
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    proof::find(&mut tx, account).await?;
    let Some(row) = rows::newest(&mut tx, account).await? else { return Ok(None) };
    let is_ours = row.state.is_open() && row.provider()? == ProviderKind::Simbank;
    let reference = row.reference.filter(|_| is_ours);
    Ok(reference.map(|reference| (bank, row.id, reference)))
}
