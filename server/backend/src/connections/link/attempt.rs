//! One attempt to link: what of it waits, sealed, for whoever comes back.

use domain::{ConnectionId, UserId};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::{Begun, LINK};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    banks::{LinkStart, ProviderKind},
    execute, fetch_optional,
};

/// How long an attempt may take.
const LIFE: Duration = Duration::minutes(30);
/// Characters of what binds an answer to its attempt.
pub(super) const STATE_LENGTH: usize = 32;

/// [`LinkStart`] as it waits for somebody who comes back from their bank in the middle of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Waiting {
    Script { token: String, expires_at: i64, state: String },
    Redirect { url: String },
}

impl Waiting {
    fn of(start: &LinkStart, state: &str) -> Self {
        match start {
            LinkStart::Script { token, expires_at } => Self::Script {
                token: token.expose_secret().to_owned(),
                expires_at: expires_at.unix_timestamp(),
                state: state.to_owned(),
            },
            LinkStart::Redirect { url } => Self::Redirect { url: url.clone() },
        }
    }

    fn into_start(self) -> LinkStart {
        match self {
            Self::Script { token, expires_at, .. } => LinkStart::Script {
                token: token.into(),
                expires_at: OffsetDateTime::from_unix_timestamp(expires_at)
                    .unwrap_or(OffsetDateTime::UNIX_EPOCH),
            },
            Self::Redirect { url } => LinkStart::Redirect { url },
        }
    }
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Attempt {
    id: String,
    pub provider: String,
    /// Which one is repaired.
    pub connection_id: Option<ConnectionId>,
    start: Option<String>,
}

/// States are long and random: a plain hash tells nothing.
fn hash(state: &str) -> String {
    hex::encode(Sha256::digest(state.as_bytes()))
}

fn place(attempt: &str) -> String {
    format!("link_attempt:{attempt}")
}

/// Writes an attempt down, with what it began with.
pub(super) async fn remember(
    backend: &Backend,
    user: &UserId,
    provider: ProviderKind,
    connection: Option<&ConnectionId>,
    state: &str,
    start: &LinkStart,
) -> Result<()> {
    let id = backend.new_id();
    let waiting =
        serde_json::to_string(&Waiting::of(start, state)).map_err(|_| Error::Corrupt(LINK))?;
    let sealed = backend.vault.seal_waiting(&place(&id), &waiting);
    let now = backend.clock.now();
    let mut tx = backend.db.as_user(user).write().await?;
    execute!(
        tx,
        r#"
        insert into "link_attempt" ("id", "userId", "provider", "connectionId", "stateHash", "start", "expiresAt",
                                    "createdAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        &id,
        user,
        provider.as_str(),
        connection,
        hash(state),
        sealed,
        Timestamp::from(now + LIFE),
        Timestamp::from(now),
    )?;
    tx.commit().await?;
    Ok(())
}

/// How an attempt began, for somebody whose bank sent them back in the middle of it.
///
/// # Errors
/// [`Error::Expired`] for an attempt of somebody else, one that was used, and one that took too long.
#[tracing::instrument(name = "connections.resume_link", skip_all, fields(user.id = %caller.user()))]
pub async fn resume_link(backend: &Backend, caller: &SignedIn, state: &str) -> Result<LinkStart> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let attempt: Option<Attempt> = fetch_optional!(
        tx,
        r#"
        select "id", "provider", "connectionId", "start"
        from "link_attempt"
        where "userId" = $1 and "stateHash" = $2 and "usedAt" is null and "expiresAt" > $3
        "#,
        caller.user(),
        hash(state),
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(waiting(backend, attempt)?.into_start())
}

/// The caller's latest attempt by way of a provider's script, for somebody whose bank sent them back without its state:
/// the address that a bank returns to is the same for everybody.
///
/// # Errors
/// [`Error::Expired`] where none is open.
#[tracing::instrument(name = "connections.resume_latest", skip_all, fields(user.id = %caller.user()))]
pub async fn resume_latest(
    backend: &Backend,
    caller: &SignedIn,
    provider: ProviderKind,
) -> Result<Begun> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let attempt: Option<Attempt> = fetch_optional!(
        tx,
        r#"
        select "id", "provider", "connectionId", "start"
        from "link_attempt"
        where "userId" = $1 and "provider" = $2 and "usedAt" is null and "expiresAt" > $3
        order by "createdAt" desc, "id" desc
        limit 1
        "#,
        caller.user(),
        provider.as_str(),
        Timestamp::from(backend.clock.now()),
    )?;
    let waiting = waiting(backend, attempt)?;
    let Waiting::Script { state, .. } = &waiting else { return Err(Error::Expired(LINK)) };
    Ok(Begun { state: state.clone(), start: waiting.into_start() })
}

fn waiting(backend: &Backend, attempt: Option<Attempt>) -> Result<Waiting> {
    let attempt = attempt.ok_or(Error::Expired(LINK))?;
    let sealed = attempt.start.ok_or(Error::Expired(LINK))?;
    let waiting = backend.vault.open_waiting(&place(&attempt.id), &sealed)?;
    serde_json::from_str(&waiting).map_err(|_| Error::Corrupt(LINK))
}

/// Spends an attempt: once, by the person who began it, within its time.
pub(super) async fn spend(backend: &Backend, user: &UserId, state: &str) -> Result<Attempt> {
    let mut tx = backend.db.as_user(user).write().await?;
    let attempt: Option<Attempt> = fetch_optional!(
        tx,
        r#"
        update "link_attempt" set "usedAt" = $3, "start" = null
        where "userId" = $1 and "stateHash" = $2 and "usedAt" is null and "expiresAt" > $3
        returning "id", "provider", "connectionId", "start"
        "#,
        user,
        hash(state),
        Timestamp::from(backend.clock.now()),
    )?;
    tx.commit().await?;
    attempt.ok_or(Error::Expired(LINK))
}
