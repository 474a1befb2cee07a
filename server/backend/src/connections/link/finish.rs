//! What the browser brought back becomes a connection, or a repaired one.

use domain::{
    ConnectionId, UserId, activity::Action, connection::BankProblem, provider::TroubleKind,
    states::connection::Event,
};
use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;

use super::{Hint, HintAccount, attempt::spend};
use crate::{
    Backend, Error, Result, SignedIn,
    accounts::banked::{self, Known},
    audit,
    banks::{FailedLink, FinishLink, NewConnection, ProviderAccount, ProviderKind, Purpose},
    connections::{
        CONNECTION, failed, not_configured, note, open_token,
        rows::{self, New},
        seal_token,
        state::{self, Means},
    },
    db::UserTx,
    error::chain,
    jobs::{self, Job, Options},
};

/// What the browser brought back.
#[derive(Clone)]
pub struct FinishAsk<'a> {
    /// [`super::Begun::state`].
    pub state: &'a str,
    /// The provider's one-time token.
    pub public_token: &'a SecretString,
    /// What the provider's script says was chosen, where it says so before the token is spent.
    pub hint: Option<Hint>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// A new connection: its accounts are to be chosen.
    Linked {
        /// Which.
        connection: ConnectionId,
    },
    /// One that is read again.
    Repaired {
        /// Which.
        connection: ConnectionId,
    },
    /// The person has linked these accounts before: nothing was added; offer to repair that connection.
    AlreadyLinked {
        /// Which.
        connection: ConnectionId,
        /// The bank's name.
        institution_name: String,
    },
}

/// Finishes what [`super::begin_link`] began, to its end: whoever asked may be gone before the provider has answered, and what
/// it gives for the one-time token is given once.
///
/// # Errors
/// [`Error::Expired`] for an attempt of somebody else, one that was used, and one that took too long; [`Error::Bank`] when
/// the provider does not do its part.
#[tracing::instrument(name = "connections.finish_link", skip_all, fields(user.id = %caller.user()))]
pub async fn finish_link(
    backend: &Backend,
    caller: &SignedIn,
    ask: &FinishAsk<'_>,
) -> Result<Finished> {
    let tasks = backend.tasks.clone();
    let (backend, caller) = (backend.clone(), caller.clone());
    let (state, token) = (ask.state.to_owned(), ask.public_token.clone());
    let hint = ask.hint.clone();
    let finish = async move {
        let ask = FinishAsk { state: &state, public_token: &token, hint };
        finish(&backend, &caller, &ask).await
    };
    match tasks.spawn(finish.in_current_span()).await {
        Ok(finished) => finished,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(Error::Busy),
    }
}

async fn finish(backend: &Backend, caller: &SignedIn, ask: &FinishAsk<'_>) -> Result<Finished> {
    let user = caller.user();
    let attempt = spend(backend, user, ask.state).await?;
    let kind = ProviderKind::parse(&attempt.provider).ok_or(Error::Corrupt("provider"))?;
    match attempt.connection_id {
        Some(connection) => repair(backend, caller, kind, connection, ask).await,
        None => link(backend, caller, kind, ask).await,
    }
}

/// Exchanges the one-time token. Access that comes to nothing is ended.
async fn exchange(
    backend: &Backend,
    kind: ProviderKind,
    bank: &str,
    finish: FinishLink<'_>,
) -> Result<NewConnection> {
    let provider = backend.banks.provider(kind).ok_or_else(|| not_configured(bank))?;
    let user = finish.user;
    match provider.finish_link(finish).await {
        Ok(made) => Ok(made),
        Err(FailedLink { trouble, stray }) => {
            if let Some(token) = stray {
                discard(backend, user, kind, &token).await;
            }
            Err(failed(kind, bank, &trouble))
        }
    }
}

async fn link(
    backend: &Backend,
    caller: &SignedIn,
    kind: ProviderKind,
    ask: &FinishAsk<'_>,
) -> Result<Finished> {
    let user = caller.user();
    if let Some(hint) = &ask.hint
        && let Some(found) = linked_before(backend, user, kind, hint, &[]).await?
    {
        return Ok(found);
    }
    let finish =
        FinishLink { user, purpose: &Purpose::New, token: None, public_token: ask.public_token };
    let made = exchange(backend, kind, "Your bank", finish).await?;
    let kept = keep(backend, caller, kind, &made).await;
    // The same access brought once more is somebody's.
    if matches!(&kept, Err(error) if !matches!(error, Error::AlreadyExists(_))) {
        discard(backend, user, kind, &made.token).await;
    }
    kept
}

/// Has access ended that could not be kept: nobody will know its token again, and it is billed for. By a job, which does
/// not give up soon; at once where no job can be written down.
async fn discard(backend: &Backend, user: &UserId, kind: ProviderKind, token: &SecretString) {
    if let Err(error) = end_later(backend, user, kind, token).await {
        tracing::warn!(error = chain(&error), "access is ended without a job");
        abandon(backend, kind, token).await;
    }
}

async fn end_later(
    backend: &Backend,
    user: &UserId,
    kind: ProviderKind,
    token: &SecretString,
) -> Result<()> {
    let mut tx = backend.db.as_user(user).write().await?;
    end(&mut tx, backend, kind, token).await?;
    tx.commit().await?;
    Ok(())
}

async fn abandon(backend: &Backend, kind: ProviderKind, token: &SecretString) {
    let Some(provider) = backend.banks.provider(kind) else { return };
    if let Err(trouble) = provider.remove(token).await {
        note(kind, &trouble);
        tracing::error!(
            provider = kind.as_str(),
            "a connection that nobody has stays at its provider"
        );
    }
}

/// Stores what the provider gave.
async fn keep(
    backend: &Backend,
    caller: &SignedIn,
    kind: ProviderKind,
    made: &NewConnection,
) -> Result<Finished> {
    let user = caller.user();
    let seen = Hint {
        institution_id: made.institution_id.clone(),
        accounts: made.accounts.iter().map(HintAccount::of).collect(),
    };
    if let Some(found) = linked_before(backend, user, kind, &seen, &made.accounts).await? {
        let mut tx = backend.db.as_user(user).write().await?;
        if !rows::has_item(&mut tx, kind, &made.item_id).await? {
            // Access that nobody wants is ended: it is billed for.
            end(&mut tx, backend, kind, &made.token).await?;
        }
        tx.commit().await?;
        return Ok(found);
    }
    let connection = ConnectionId::new(backend.new_id());
    let token = seal_token(backend, user, &connection, &made.token).await?;
    let new = New {
        id: &connection,
        provider: kind,
        institution_id: &made.institution_id,
        institution_name: &made.institution_name,
        item_id: &made.item_id,
        token: &token,
    };
    let mut tx = backend.db.as_user(user).write().await?;
    rows::insert(&mut tx, &new, backend.clock.now().into()).await?;
    let event = audit::Event::by(Action::BankLinked, caller).subject("connection", &connection);
    audit::record(&mut tx, backend, event.note("provider", kind.as_str())).await?;
    tx.commit().await?;
    Ok(Finished::Linked { connection })
}

/// The live connection of the same bank that reads one of these accounts. Names are left out: people give their own.
async fn linked_before(
    backend: &Backend,
    user: &UserId,
    kind: ProviderKind,
    hint: &Hint,
    accounts: &[ProviderAccount],
) -> Result<Option<Finished>> {
    let mut tx = backend.db.as_user(user).read().await?;
    let known = banked::known(&mut tx).await?;
    let is_same = |known: &&Known| {
        let lasting = known.persistent_id.as_deref();
        let by_id = accounts
            .iter()
            .any(|account| lasting.is_some() && account.persistent_id.as_deref() == lasting);
        let by_mask = hint.accounts.iter().any(|account| {
            account.mask.is_some()
                && (account.account_type, &account.mask) == (known.account_type, &known.mask)
        });
        known.is_read()
            && known.provider.as_deref() == Some(kind.as_str())
            && known.institution_id.as_deref() == Some(&*hint.institution_id)
            && (by_id || by_mask)
    };
    let Some(connection) = known.iter().find(is_same).and_then(|known| known.connection_id.clone())
    else {
        return Ok(None);
    };
    let institution_name = rows::find(&mut tx, &connection).await?.institution_name;
    Ok(Some(Finished::AlreadyLinked { connection, institution_name }))
}

async fn end(
    tx: &mut UserTx,
    backend: &Backend,
    kind: ProviderKind,
    token: &SecretString,
) -> Result<()> {
    let token = token.expose_secret().to_owned();
    let job = Job::RemoveItem { provider: kind.as_str().to_owned(), token };
    jobs::enqueue(tx, backend, &job, Options::default()).await?;
    Ok(())
}

async fn repair(
    backend: &Backend,
    caller: &SignedIn,
    kind: ProviderKind,
    connection: ConnectionId,
    ask: &FinishAsk<'_>,
) -> Result<Finished> {
    let user = caller.user();
    let mut tx = backend.db.as_user(user).read().await?;
    let row = rows::find(&mut tx, &connection).await?;
    drop(tx);
    let known = open_token(backend, user, &row).await?.ok_or(Error::Expired(CONNECTION))?;
    let purpose = Purpose::Repair(connection.clone());
    let finish =
        FinishLink { user, purpose: &purpose, token: Some(&known), public_token: ask.public_token };
    let made = exchange(backend, kind, &row.institution_name, finish).await?;
    if made.item_id != row.item_id {
        // Somebody signed in to something else: that is not this connection.
        let mut tx = backend.db.as_user(user).write().await?;
        end(&mut tx, backend, kind, &made.token).await?;
        tx.commit().await?;
        let problem = BankProblem::Trouble(TroubleKind::NeedsLogin);
        return Err(Error::Bank { problem, bank: row.institution_name });
    }
    let token = seal_token(backend, user, &connection, &made.token).await?;
    let mut tx = backend.db.as_user(user).write().await?;
    let mut row = rows::hold(&mut tx, &connection).await?;
    if !row.state.may_call() {
        return Err(Error::Expired(CONNECTION));
    }
    let asked = row.state.asks_person();
    (row.token, row.problem) = (Some(token), None);
    state::step(&mut tx, backend, &mut row, Event::LoginRepaired, &Means::default()).await?;
    if !asked {
        state::look_again(&mut tx, backend, &mut row).await?;
    }
    rows::save(&mut tx, &row, backend.clock.now().into()).await?;
    let event = audit::Event::by(Action::BankRepaired, caller).subject("connection", &connection);
    audit::record(&mut tx, backend, event).await?;
    tx.commit().await?;
    Ok(Finished::Repaired { connection })
}
