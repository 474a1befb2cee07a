//! Somebody signed in, with what risky acts ask of their session: how old its proofs are.

use domain::SessionId;
use time::{Duration, OffsetDateTime};

use super::{Password, SignedIn, UserView, credential, passwords::Match, users};
use crate::{Backend, Error, Result, Timestamp, db::SystemTx, execute, fetch_optional};

/// How old the sign-in, or the proof of a factor, may be for a risky act of the hardened profile (NIST SP
/// 800-63B, reauthentication).
const RECENT: Duration = Duration::minutes(15);

/// The person behind a session, and the age of its proofs.
pub(in crate::auth) struct Member {
    pub(in crate::auth) user: UserView,
    pub(in crate::auth) remembered: bool,
    auth_at: OffsetDateTime,
    factor_at: Option<OffsetDateTime>,
}

impl Member {
    /// The caller's person and session.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the session ended a moment ago.
    pub(in crate::auth) async fn load(backend: &Backend, caller: &SignedIn) -> Result<Self> {
        let mut tx = backend.db.system().read().await?;
        let user = users::by_id(&mut tx, caller.user()).await?.ok_or(Error::NotFound("user"))?;
        let session: Option<(bool, Timestamp, Option<Timestamp>)> = fetch_optional!(
            tx,
            r#"
            select "remembered", coalesce("authAt", "createdAt") as "authAt", "factorAt"
            from "session"
            where "id" = $1 and "userId" = $2
            "#,
            caller.session(),
            caller.user(),
        )?;
        let (remembered, auth_at, factor_at) = session.ok_or(Error::NotFound("session"))?;
        let (auth_at, factor_at) = (auth_at.into(), factor_at.map(OffsetDateTime::from));
        Ok(Self { user, remembered, auth_at, factor_at })
    }

    /// Whether the sign-in is young enough for a risky act. Better Auth's profile leaves that to its guards.
    pub(in crate::auth) fn is_recent(&self, backend: &Backend) -> bool {
        !backend.is_hardened() || self.auth_at + RECENT > backend.clock.now()
    }

    /// Whether this session proved a second factor a short time ago.
    pub(in crate::auth) fn proved_factor(&self, backend: &Backend) -> bool {
        self.factor_at.is_some_and(|at| at + RECENT > backend.clock.now())
    }

    /// Whether the person may do a risky act: by their password, or, where they have none, by a recent sign-in
    /// (hardened profile).
    pub(in crate::auth) async fn proves(
        &self,
        backend: &Backend,
        password: Option<&Password>,
    ) -> Result<bool> {
        let mut tx = backend.db.system().read().await?;
        let credential = credential::find(&mut tx, &self.user.id).await?;
        drop(tx);
        match (credential.and_then(|credential| credential.hash), password) {
            (Some(hash), Some(password)) => {
                Ok(backend.passwords.verify(password, &hash).await? != Match::Wrong)
            }
            (Some(_), None) => Ok(false),
            (None, _) => Ok(backend.is_hardened() && self.is_recent(backend)),
        }
    }
}

/// Notes that this session has proved a second factor now.
pub(in crate::auth) async fn note_factor(
    tx: &mut SystemTx,
    backend: &Backend,
    session: &SessionId,
) -> Result<()> {
    execute!(
        tx,
        r#"update "session" set "factorAt" = $2 where "id" = $1"#,
        session,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(())
}
