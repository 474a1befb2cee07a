//! What the owner of a connection does with it: read now, remove.

use domain::{
    ConnectionId, UserId,
    activity::Action,
    states::connection::{ConnectionState, Event},
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    CONNECTION, open_token, rows,
    state::{self, Means},
};
use crate::{
    Backend, Error, Result, SignedIn,
    accounts::{self, banked},
    audit,
    banks::TroubleKind,
    db::{SystemTx, UserTx},
    jobs::{self, Job, Options},
    look,
};

/// What came of asking for a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncAsked {
    /// It begins at once.
    Begins,
    /// One is running; another follows it.
    Follows,
    /// The bank wants its customer first.
    NeedsOwner,
}

/// What becomes of the accounts of a connection that is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// They stay, with their rows, and are kept by hand.
    Keep,
    /// They go, with their rows.
    Delete,
}

/// Asks for a sync of one of the caller's connections.
///
/// # Errors
/// [`Error::NotFound`] also for a connection of somebody else; [`Error::Expired`] for one that has ended.
#[tracing::instrument(name = "connections.sync_now", skip_all, fields(user.id = %caller.user()))]
pub async fn sync_now(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
) -> Result<SyncAsked> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let mut row = rows::hold(&mut tx, connection).await?;
    if !row.state.may_call() {
        return Err(Error::Expired(CONNECTION));
    }
    if !row.state.may_sync() {
        return Ok(SyncAsked::NeedsOwner);
    }
    let runs = row.state == ConnectionState::Syncing;
    state::look_again(&mut tx, backend, &mut row).await?;
    rows::save(&mut tx, &row, backend.clock.now().into()).await?;
    tx.commit().await?;
    Ok(if runs { SyncAsked::Follows } else { SyncAsked::Begins })
}

/// Removes one of the caller's connections: access at the provider is ended by a job, until it is.
///
/// # Errors
/// [`Error::NotFound`] also for a connection of somebody else, and for one that was removed.
#[tracing::instrument(name = "connections.remove", skip_all, fields(user.id = %caller.user()))]
pub async fn remove(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
    history: History,
) -> Result<()> {
    let user = caller.user();
    let mut tx = backend.db.as_user(user).read().await?;
    let row = rows::find(&mut tx, connection).await?;
    drop(tx);
    let means = Means { token: open_token(backend, user, &row).await?, email: None };

    let now = backend.clock.now();
    let mut tx = backend.db.as_user(user).write().await?;
    let mut row = rows::hold(&mut tx, connection).await?;
    if !state::step(&mut tx, backend, &mut row, Event::Removed, &means).await? {
        return Err(Error::NotFound(CONNECTION));
    }
    (row.token, row.removed_at) = (None, Some(now.into()));
    match history {
        History::Keep => banked::forget_provider(&mut tx, connection, true, now.into()).await?,
        History::Delete => delete_accounts(&mut tx, backend, caller, connection).await?,
    }
    rows::save(&mut tx, &row, now.into()).await?;
    tx.commit().await?;
    Ok(())
}

async fn delete_accounts(
    tx: &mut UserTx,
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
) -> Result<()> {
    for account in banked::of(tx, connection).await? {
        let transactions = accounts::erase(tx, &account.id).await?;
        let event = audit::Event::by(Action::BankAccountRemoved, caller);
        let event = event.subject("bank_account", &account.id).note("transactions", transactions);
        audit::record(tx, backend, event).await?;
    }
    look::later(tx, backend, caller.user()).await
}

/// Ends access at a provider. What is gone there already is done.
pub(crate) async fn remove_item(
    backend: &Backend,
    provider: &str,
    token: String,
) -> Result<SystemTx> {
    let Some(provider) = backend.banks.named(provider) else {
        return Err(Error::Upstream { service: "bank", reason: "not configured".to_owned() });
    };
    match provider.remove(&SecretString::from(token)).await {
        Ok(()) => {}
        Err(trouble) if trouble.kind == TroubleKind::Gone => {}
        Err(trouble) => {
            let reason = trouble.to_string();
            return Err(Error::Upstream { service: "bank", reason });
        }
    }
    Ok(backend.db.system().write().await?)
}

/// What would go on at providers without a person: the jobs that end it, for whoever deletes them.
pub(crate) async fn items(backend: &Backend, user: &UserId) -> Result<Vec<Job>> {
    let mut tx = backend.db.as_user(user).read().await?;
    let rows = rows::all(&mut tx).await?;
    drop(tx);
    let mut jobs = Vec::new();
    for row in rows {
        let token = match open_token(backend, user, &row).await {
            // Nobody is kept from leaving.
            Err(Error::Corrupt(what)) => {
                tracing::error!(connection.id = %row.id, what, "access at a provider cannot be ended");
                continue;
            }
            token => token?,
        };
        if let Some(token) = token {
            let provider = row.provider()?.as_str().to_owned();
            jobs.push(Job::RemoveItem { provider, token: token.expose_secret().to_owned() });
        }
    }
    Ok(jobs)
}

/// Puts the jobs of [`items`] into the transaction that deletes the person.
pub(crate) async fn farewell(tx: &mut SystemTx, backend: &Backend, items: &[Job]) -> Result<()> {
    for job in items {
        jobs::enqueue(tx, backend, job, Options::default()).await?;
    }
    Ok(())
}
