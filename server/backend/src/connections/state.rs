//! The steps of a connection, and what follows from each, in one transaction.

use domain::{
    activity::Action,
    states::{
        Letter,
        connection::{self, ConnectionState, Effect, Event, retry_after},
    },
};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use super::{key, letters, rows::Row};
use crate::{
    Backend, Result, Timestamp,
    accounts::banked,
    audit,
    db::UserTx,
    jobs::{self, Job, Options},
    mail, preferences,
};

/// What a step may need that is not in the transaction.
#[derive(Default)]
pub(super) struct Means {
    /// The address of the owner, where they may be told.
    pub email: Option<String>,
    /// What reads the connection, where it may be ended.
    pub token: Option<SecretString>,
}

/// Takes a step on a held row, with everything that follows; the caller saves the row. False when there is no such
/// step: providers repeat themselves and are late.
pub(super) async fn step(
    tx: &mut UserTx,
    backend: &Backend,
    row: &mut Row,
    event: Event,
    means: &Means,
) -> Result<bool> {
    let (next, effects) = match connection::next(row.state, event) {
        Ok(next) => next,
        Err(illegal) => {
            tracing::debug!(connection.id = %row.id, %illegal, "a step that is none");
            return Ok(false);
        }
    };
    if next != row.state {
        tracing::info!(connection.id = %row.id, from = row.state.as_str(), to = next.as_str(), "a connection changed its state");
    }
    row.state = next;
    for effect in effects {
        follow(tx, backend, row, effect, means).await?;
    }
    if !next.may_sync() {
        row.next_sync_at = None;
    }
    Ok(true)
}

async fn follow(
    tx: &mut UserTx,
    backend: &Backend,
    row: &mut Row,
    effect: Effect,
    means: &Means,
) -> Result<()> {
    let now = backend.clock.now();
    match effect {
        Effect::Mail(letter) => tell(tx, backend, row, letter, means).await?,
        Effect::Audit => {
            let user = tx.user().clone();
            let action = if row.state == ConnectionState::Removed {
                Action::BankUnlinked
            } else {
                Action::BankAccessEnded
            };
            let event = audit::Event::new(action, Some(&user)).subject("connection", &row.id);
            audit::record(tx, backend, event).await?;
        }
        Effect::Sync => enqueue(tx, backend, row, None, 0).await?,
        Effect::Retry => {
            row.failures = row.failures.saturating_add(1);
            let failures = u32::try_from(row.failures).unwrap_or(u32::MAX);
            row.next_sync_at = Some((now + retry_after(failures)).into());
        }
        Effect::ForgetFailures => {
            (row.failures, row.problem, row.told_of) = (0, None, None);
        }
        Effect::KeepExpiry(day) => row.expires_on = day,
        Effect::EndAtProvider => end(tx, backend, row, means).await?,
        Effect::EraseToken => (row.token, row.cursor) = (None, None),
        Effect::DeleteProviderData => {
            banked::forget_provider(tx, &row.id, false, now.into()).await?;
        }
        Effect::Accounts(event) => {
            for account in banked::of(tx, &row.id).await? {
                banked::suspend(tx, &account, event, now.into()).await?;
            }
        }
    }
    Ok(())
}

/// One mail for each problem, for whoever wants them. No amounts, no numbers.
async fn tell(
    tx: &mut UserTx,
    backend: &Backend,
    row: &mut Row,
    letter: Letter,
    means: &Means,
) -> Result<()> {
    let letters = letters::of(backend, letter, &row.institution_name, row.expires_on);
    let Some((word, letter)) = letters else { return Ok(()) };
    if row.told_of.as_deref() == Some(word) {
        return Ok(());
    }
    row.told_of = Some(word.to_owned());
    let Some(email) = &means.email else { return Ok(()) };
    if preferences::of(tx).await?.mails.connections {
        mail::post(tx, backend, email, &letter).await?;
    }
    Ok(())
}

async fn end(tx: &mut UserTx, backend: &Backend, row: &Row, means: &Means) -> Result<()> {
    let Some(token) = &means.token else { return Ok(()) };
    let provider = row.provider()?.as_str().to_owned();
    let job = Job::RemoveItem { provider, token: token.expose_secret().to_owned() };
    jobs::enqueue(tx, backend, &job, Options::default()).await?;
    Ok(())
}

/// Asks for a sync, now or at a time; `tries` counts those that found the list changing or not ready.
pub(super) async fn enqueue(
    tx: &mut UserTx,
    backend: &Backend,
    row: &Row,
    at: Option<OffsetDateTime>,
    tries: u32,
) -> Result<()> {
    let user = tx.user().clone();
    let job = Job::SyncConnection { user, connection: row.id.clone(), tries };
    let options = Options { key: Some(key(&row.id)), run_at: at, ..Options::default() };
    jobs::enqueue(tx, backend, &job, options).await?;
    Ok(())
}

/// Asks for a sync, or notes that the one that runs is not enough.
pub(super) async fn look_again(tx: &mut UserTx, backend: &Backend, row: &mut Row) -> Result<()> {
    if row.state == ConnectionState::Syncing {
        row.sync_again = true;
        return Ok(());
    }
    enqueue(tx, backend, row, None, 0).await
}

/// From now on until so many seconds have passed.
pub(super) fn in_seconds(backend: &Backend, seconds: u32) -> Timestamp {
    (backend.clock.now() + time::Duration::seconds(i64::from(seconds))).into()
}
