//! The proof that a request comes from somebody.

use domain::{SessionId, UserId};
use time::{Duration, OffsetDateTime};

use super::SessionView;
use crate::{AuthProfile, Backend};

/// Whoever holds one is signed in: the database has said so during this request. Nothing else proves it, but for
/// [`SignedIn::by_display_cache`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    user: UserId,
    session: SessionId,
    since: OffsetDateTime,
}

/// A session counts as fresh for a day after the sign-in, as in Better Auth.
const FRESH: Duration = Duration::days(1);
/// The hardened profile asks again after a quarter of an hour (NIST SP 800-63B, reauthentication).
const FRESH_HARDENED: Duration = Duration::minutes(15);

impl SignedIn {
    /// Only the session look-up of this module's folder says who is signed in.
    pub(super) fn new(user: UserId, session: SessionId, since: OffsetDateTime) -> Self {
        Self { user, session, since }
    }

    /// Somebody whose signed display cache was right. None in the hardened profile. In Better Auth's, whose routes
    /// for the profile and the accounts take it, an ended session lives on in it for up to five minutes.
    pub fn by_display_cache(backend: &Backend, session: &SessionView) -> Option<Self> {
        let SessionView { user_id, id, created_at, .. } = session.clone();
        (!backend.is_hardened()).then(|| Self::new(user_id, id, created_at))
    }

    /// The person.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The session that proved it.
    pub fn session(&self) -> &SessionId {
        &self.session
    }

    /// Whether the sign-in was a short time ago; an extension does not make a session fresh.
    pub fn is_fresh(&self, backend: &Backend) -> bool {
        let life = match backend.settings.auth.profile {
            AuthProfile::Hardened => FRESH_HARDENED,
            AuthProfile::BetterAuth => FRESH,
        };
        self.since + life > backend.clock.now()
    }

    /// A caller without a session row, for tests of what lies behind the sign-in.
    #[cfg(feature = "testing")]
    pub fn in_a_test(user: UserId, since: OffsetDateTime) -> Self {
        Self::new(user, SessionId::new("a-session-of-a-test"), since)
    }
}
