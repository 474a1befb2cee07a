//! Demonstration data: a bank of the built-in ones is linked in one step, and read like any other.

use domain::{ConnectionId, connection::ConnectionView};
use url::Url;

use super::{
    BeginAsk, FinishAsk, Finished, History, begin_link, candidates, choose, finish_link, list,
    remove,
};
use crate::{
    Backend, Error, Result, SignedIn,
    banks::{ProviderKind, Purpose},
};

/// The bank whose customers have two years of salary, rent and groceries.
const BANK: &str = "sim_first_harbor";
/// Who signs in there.
const LOGIN: &str = "demo";

/// Links the demonstration bank, with as many of its accounts as the plan has room for. A person who has it already is
/// led to it.
///
/// # Errors
/// [`Error::NotFound`] where the built-in bank is closed; [`Error::PlanRequired`] where there is no room for any account.
#[tracing::instrument(name = "connections.link_demo", skip_all, fields(user.id = %caller.user()))]
pub async fn link_demo(
    backend: &Backend,
    caller: &SignedIn,
    return_url: &Url,
) -> Result<ConnectionId> {
    let bank = backend.banks.simbank().ok_or(Error::NotFound("bank"))?;
    let ask = BeginAsk {
        provider: ProviderKind::Simbank,
        purpose: Purpose::New,
        institution: Some(BANK),
        return_url,
    };
    let begun = begin_link(backend, caller, &ask).await?;
    let public_token = bank.arrive(caller.user(), BANK, LOGIN).await?;
    let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
    let connection = match finish_link(backend, caller, &ask).await? {
        Finished::Linked { connection } => connection,
        Finished::Repaired { connection } | Finished::AlreadyLinked { connection, .. } => {
            return Ok(connection);
        }
    };
    let offered = candidates(backend, caller, &connection).await?;
    let mut ids: Vec<String> = offered.into_iter().map(|account| account.provider_id).collect();
    loop {
        match choose(backend, caller, &connection, &ids).await {
            Err(Error::PlanRequired { .. }) if ids.len() > 1 => ids.truncate(ids.len() - 1),
            Err(error) => {
                // Nothing of it stays, so that nothing has to be tidied up.
                remove(backend, caller, &connection, History::Delete).await?;
                return Err(error);
            }
            Ok(_) => return Ok(connection),
        }
    }
}

/// Whether what a connection reads is invented.
pub fn is_invented(connection: &ConnectionView) -> bool {
    connection.provider == ProviderKind::Simbank.as_str()
}

/// Takes the caller's connections to test banks away, with their accounts. One that goes meanwhile is gone.
#[tracing::instrument(name = "connections.remove_demo", skip_all, fields(user.id = %caller.user()))]
pub async fn remove_demo(backend: &Backend, caller: &SignedIn) -> Result<()> {
    for connection in list(backend, caller).await?.iter().filter(|one| is_invented(one)) {
        match remove(backend, caller, &connection.id, History::Delete).await {
            Ok(()) | Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
