//! Sessions: one row for each signed-in browser. The row decides; nothing else proves a session.

mod manage;
mod start;

use domain::{SessionId, UserId, activity::Action};
use time::{Duration, OffsetDateTime};

use super::{Client, SessionToken, SessionView, SignedIn, UserView};
use crate::{
    AuthProfile, Backend, Error, Result, Timestamp,
    audit::{self, Event},
    execute, fetch_optional,
};

pub use manage::{OwnSession, list, revoke, revoke_all, revoke_others};
pub(super) use manage::{end_all, is_remembered};
pub(super) use start::{replace, start};

/// Life of a remembered session from its start or its last extension.
pub const LIFETIME: Duration = Duration::days(7);
/// A session is extended when its last extension is at least this old.
const EXTEND_AFTER: Duration = Duration::days(1);
/// Life of a session that ends with the browser.
const LIFETIME_UNREMEMBERED: Duration = Duration::days(1);
/// The hardened profile ends an unremembered session that nobody uses.
const IDLE: Duration = Duration::minutes(30);
/// The hardened profile ends every session some day, however often it was extended.
const ABSOLUTE: Duration = Duration::days(30);
/// `lastSeenAt` is not written more often.
const SEEN_EVERY: Duration = Duration::minutes(1);

/// Whether a look-up may extend the session that it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extend {
    /// When it is due.
    WhenDue,
    /// The request said no, or its cookie is not to outlive the browser.
    Never,
}

/// A live session, proven by its row.
#[derive(Clone, Debug)]
pub struct Found {
    /// The proof.
    pub caller: SignedIn,
    /// The session.
    pub session: SessionView,
    /// Whose it is.
    pub user: UserView,
    /// Whether this look-up extended it: its cookies are to be set again.
    pub extended: bool,
    /// Whether [`touch`] has something to write.
    pub touch_due: bool,
}

impl Found {
    /// The seconds after which the session ends that nobody uses, if this one does.
    pub fn idle_seconds(&self, backend: &Backend) -> Option<u32> {
        let ends = backend.is_hardened() && !self.session.remembered;
        ends.then(|| u32::try_from(IDLE.whole_seconds()).ok()).flatten()
    }
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    session_id: String,
    expires_at: Timestamp,
    session_created_at: Timestamp,
    session_updated_at: Timestamp,
    ip_address: Option<String>,
    user_agent: Option<String>,
    last_seen_at: Option<Timestamp>,
    absolute_at: Option<Timestamp>,
    remembered: bool,
    user_id: String,
    name: String,
    email: String,
    email_verified: bool,
    image: Option<String>,
    two_factor_enabled: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Row {
    fn last_seen(&self) -> OffsetDateTime {
        self.last_seen_at.unwrap_or(self.session_created_at).into()
    }

    /// The day on which even a session in daily use ends; none where Better Auth's rules hold.
    fn absolute_end(&self, profile: AuthProfile) -> Option<OffsetDateTime> {
        let created = OffsetDateTime::from(self.session_created_at);
        (profile == AuthProfile::Hardened)
            .then(|| self.absolute_at.map_or(created + ABSOLUTE, OffsetDateTime::from))
    }

    fn is_over(&self, profile: AuthProfile, now: OffsetDateTime) -> bool {
        let idle =
            profile == AuthProfile::Hardened && !self.remembered && self.last_seen() + IDLE <= now;
        OffsetDateTime::from(self.expires_at) <= now
            || idle
            || self.absolute_end(profile).is_some_and(|end| end <= now)
    }

    /// Better Auth goes by the browser's cookie alone, which the caller has read.
    fn is_due_for_extension(&self, profile: AuthProfile, now: OffsetDateTime) -> bool {
        let may = self.remembered || profile == AuthProfile::BetterAuth;
        may && OffsetDateTime::from(self.expires_at) - LIFETIME + EXTEND_AFTER <= now
    }

    fn into_found(self, touch_due: bool, extended: bool) -> Found {
        let (user_id, session_id) = (UserId::new(self.user_id), SessionId::new(self.session_id));
        Found {
            caller: SignedIn::new(
                user_id.clone(),
                session_id.clone(),
                self.session_created_at.into(),
            ),
            session: SessionView {
                id: session_id,
                user_id: user_id.clone(),
                expires_at: self.expires_at.into(),
                created_at: self.session_created_at.into(),
                updated_at: self.session_updated_at.into(),
                ip_address: self.ip_address.unwrap_or_default(),
                user_agent: self.user_agent.unwrap_or_default(),
                remembered: self.remembered,
            },
            user: UserView {
                id: user_id,
                name: self.name,
                email: self.email,
                email_verified: self.email_verified,
                image: self.image,
                two_factor_enabled: self.two_factor_enabled,
                created_at: self.created_at.into(),
                updated_at: self.updated_at.into(),
            },
            extended,
            touch_due,
        }
    }
}

/// The session with this token and its person, in one statement. A session that is over counts as none and
/// loses its row.
///
/// # Errors
/// [`Error::Expired`] when the row disappears while it is being extended; [`Error::Database`].
#[tracing::instrument(name = "sessions.find", skip_all)]
pub async fn find(
    backend: &Backend,
    token: &SessionToken,
    extend: Extend,
) -> Result<Option<Found>> {
    let profile = backend.settings.auth.profile;
    let stored = token.at_rest(profile);
    let mut tx = backend.db.system().read().await?;
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select s."id" as "sessionId", s."expiresAt", s."createdAt" as "sessionCreatedAt",
               s."updatedAt" as "sessionUpdatedAt", s."ipAddress", s."userAgent", s."lastSeenAt", s."absoluteAt",
               s."remembered", u."id" as "userId", u."name", u."email", u."emailVerified", u."image",
               u."twoFactorEnabled", u."createdAt", u."updatedAt"
        from "session" s
        join "user" u on u."id" = s."userId"
        where s."token" = $1
        "#,
        &stored,
    )?;
    drop(tx);

    let Some(mut row) = row else { return Ok(None) };
    let now = backend.clock.now();
    if row.is_over(profile, now) {
        delete_over(backend, &row).await?;
        return Ok(None);
    }
    let extended = extend == Extend::WhenDue && row.is_due_for_extension(profile, now);
    if extended {
        extend_row(backend, &stored, &mut row, now).await?;
    }
    let touch_due = !extended && row.last_seen() + SEEN_EVERY <= now;
    Ok(Some(row.into_found(touch_due, extended)))
}

/// Moves the end of a session that is alive. A row that was deleted meanwhile stays deleted.
async fn extend_row(
    backend: &Backend,
    stored: &str,
    row: &mut Row,
    now: OffsetDateTime,
) -> Result<()> {
    let until = now + LIFETIME;
    let until = row.absolute_end(backend.settings.auth.profile).map_or(until, |end| end.min(until));
    let mut tx = backend.db.system().write().await?;
    let changed = execute!(
        tx,
        r#"
        update "session"
        set "expiresAt" = $1, "updatedAt" = $2, "lastSeenAt" = $2
        where "token" = $3 and "expiresAt" > $2
        "#,
        Timestamp::from(until),
        Timestamp::from(now),
        stored,
    )?;
    tx.commit().await?;
    if changed == 0 {
        return Err(Error::Expired("session"));
    }
    (row.expires_at, row.session_updated_at) = (until.into(), now.into());
    Ok(())
}

/// Deletes a row that was found to be over, unless it was extended since.
async fn delete_over(backend: &Backend, row: &Row) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    execute!(
        tx,
        r#"delete from "session" where "id" = $1 and "expiresAt" = $2"#,
        &row.session_id,
        row.expires_at,
    )?;
    tx.commit().await?;
    Ok(())
}

/// Notes that the session is in use. Called beside the request, when [`Found::touch_due`] says so.
#[tracing::instrument(name = "sessions.touch", skip_all)]
pub async fn touch(backend: &Backend, caller: &SignedIn) -> Result<()> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().write().await?;
    execute!(
        tx,
        r#"
        update "session"
        set "lastSeenAt" = $1
        where "id" = $2 and "expiresAt" > $1 and ("lastSeenAt" is null or "lastSeenAt" <= $3)
        "#,
        Timestamp::from(now),
        caller.session(),
        Timestamp::from(now - SEEN_EVERY),
    )?;
    tx.commit().await?;
    Ok(())
}

/// Ends the session with this token. One that is already over is no error.
#[tracing::instrument(name = "sessions.end", skip_all)]
pub async fn end(backend: &Backend, token: &SessionToken) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    let ended: Option<(UserId, SessionId)> = fetch_optional!(
        tx,
        r#"delete from "session" where "token" = $1 returning "userId", "id""#,
        token.at_rest(backend.settings.auth.profile),
    )?;
    if let Some((user, session)) = &ended {
        let event = Event::new(Action::SignOut, Some(user)).session(session);
        audit::record(&mut tx, backend, event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Deletes the rows of all sessions that are over; answers how many there were.
#[tracing::instrument(name = "sessions.delete_expired", skip_all)]
pub async fn delete_expired(backend: &Backend) -> Result<u64> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().write().await?;
    let deleted = match backend.settings.auth.profile {
        AuthProfile::BetterAuth => {
            execute!(tx, r#"delete from "session" where "expiresAt" <= $1"#, Timestamp::from(now))?
        }
        AuthProfile::Hardened => execute!(
            tx,
            r#"
            delete from "session"
            where "expiresAt" <= $1
               or "absoluteAt" <= $1
               or ("absoluteAt" is null and "createdAt" <= $2)
               or (not "remembered" and coalesce("lastSeenAt", "createdAt") <= $3)
            "#,
            Timestamp::from(now),
            Timestamp::from(now - ABSOLUTE),
            Timestamp::from(now - IDLE),
        )?,
    };
    tx.commit().await?;
    Ok(deleted)
}

#[cfg(test)]
mod tests;
