//! A person's sessions: seeing them, ending them.

use domain::{SessionId, UserId, activity::Action};
use time::OffsetDateTime;

use super::{SessionToken, SessionView, SignedIn};
use crate::{
    AuthProfile, Backend, Result, Timestamp,
    audit::{self, Event},
    db::SystemTx,
    execute, fetch_all, fetch_optional,
};

/// One of the caller's sessions.
#[derive(Clone, Debug)]
pub struct OwnSession {
    /// The session.
    pub session: SessionView,
    /// What names it in [`revoke`]: its token as Better Auth has it; in the hardened profile, where only hashes
    /// are kept, its id.
    pub handle: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it was last used.
    pub last_seen_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    expires_at: Timestamp,
    token: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    ip_address: Option<String>,
    user_agent: Option<String>,
    last_seen_at: Option<Timestamp>,
    remembered: bool,
}

impl Row {
    fn into_own(self, backend: &Backend, caller: &SignedIn) -> OwnSession {
        let handle = match backend.settings.auth.profile {
            AuthProfile::Hardened => self.id.clone(),
            AuthProfile::BetterAuth => self.token,
        };
        OwnSession {
            current: caller.session().as_str() == self.id,
            handle,
            last_seen_at: self.last_seen_at.unwrap_or(self.created_at).into(),
            session: SessionView {
                id: SessionId::new(self.id),
                user_id: caller.user().clone(),
                expires_at: self.expires_at.into(),
                created_at: self.created_at.into(),
                updated_at: self.updated_at.into(),
                ip_address: self.ip_address.unwrap_or_default(),
                user_agent: self.user_agent.unwrap_or_default(),
                remembered: self.remembered,
            },
        }
    }
}

/// The caller's live sessions, the one used last first.
#[tracing::instrument(name = "sessions.list", skip_all, fields(user.id = %caller.user()))]
pub async fn list(backend: &Backend, caller: &SignedIn) -> Result<Vec<OwnSession>> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().read().await?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "expiresAt", "token", "createdAt", "updatedAt", "ipAddress", "userAgent", "lastSeenAt",
               "remembered"
        from "session"
        where "userId" = $1 and "expiresAt" > $2
        order by coalesce("lastSeenAt", "createdAt") desc, "id"
        "#,
        caller.user(),
        Timestamp::from(now),
    )?;
    Ok(rows.into_iter().map(|row| row.into_own(backend, caller)).collect())
}

/// Ends the caller's session with this handle or token. One that is unknown, or somebody else's, is no error:
/// the two are not told apart. Answers whether the caller has ended their own.
#[tracing::instrument(name = "sessions.revoke", skip_all, fields(user.id = %caller.user()))]
pub async fn revoke(backend: &Backend, caller: &SignedIn, handle: &str) -> Result<bool> {
    let stored = SessionToken::from_signed_cookie(handle).at_rest(backend.settings.auth.profile);
    let by_id = match backend.settings.auth.profile {
        AuthProfile::Hardened => handle,
        AuthProfile::BetterAuth => "",
    };
    let mut tx = backend.db.system().write().await?;
    let ended: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        delete from "session"
        where "userId" = $1 and ("token" = $2 or "id" = $3)
        returning "id"
        "#,
        caller.user(),
        stored,
        by_id,
    )?;
    if let Some((id,)) = &ended {
        let event = Event::by(Action::SessionsRevoked, caller).subject("session", id);
        audit::record(&mut tx, backend, event.note("count", 1)).await?;
    }
    tx.commit().await?;
    Ok(ended.is_some_and(|(id,)| id == caller.session().as_str()))
}

/// Ends every session of the caller, this one included.
#[tracing::instrument(name = "sessions.revoke_all", skip_all, fields(user.id = %caller.user()))]
pub async fn revoke_all(backend: &Backend, caller: &SignedIn) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    let ended = end_all(&mut tx, caller.user()).await?;
    let event = Event::by(Action::SessionsRevoked, caller).note("count", ended);
    audit::record(&mut tx, backend, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends every session of the caller but this one; answers how many there were.
#[tracing::instrument(name = "sessions.revoke_others", skip_all, fields(user.id = %caller.user()))]
pub async fn revoke_others(backend: &Backend, caller: &SignedIn) -> Result<u64> {
    let mut tx = backend.db.system().write().await?;
    let ended = execute!(
        tx,
        r#"delete from "session" where "userId" = $1 and "id" <> $2"#,
        caller.user(),
        caller.session(),
    )?;
    let event = Event::by(Action::SessionsRevoked, caller).note("count", ended);
    audit::record(&mut tx, backend, event).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Ends every session of a person, in the transaction of what ends them.
pub(in crate::auth) async fn end_all(tx: &mut SystemTx, user: &UserId) -> Result<u64> {
    Ok(execute!(tx, r#"delete from "session" where "userId" = $1"#, user)?)
}

/// Whether the caller's session outlives the browser; none when it has ended.
pub(in crate::auth) async fn is_remembered(
    tx: &mut SystemTx,
    caller: &SignedIn,
) -> Result<Option<bool>> {
    let row: Option<(bool,)> = fetch_optional!(
        tx,
        r#"select "remembered" from "session" where "id" = $1 and "userId" = $2"#,
        caller.session(),
        caller.user(),
    )?;
    Ok(row.map(|(remembered,)| remembered))
}
