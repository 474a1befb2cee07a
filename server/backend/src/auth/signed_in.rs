//! The proof that a request comes from somebody.

use domain::{SessionId, UserId};

/// Whoever holds one is signed in: the database has said so during this request. Nothing else proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    user: UserId,
    session: SessionId,
}

impl SignedIn {
    /// Only the session look-up of this module's folder says who is signed in.
    pub(super) fn new(user: UserId, session: SessionId) -> Self {
        Self { user, session }
    }

    /// The person.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The session that proved it.
    pub fn session(&self) -> &SessionId {
        &self.session
    }

    /// A caller without a session row, for tests of what lies behind the sign-in.
    #[cfg(feature = "testing")]
    pub fn in_a_test(user: UserId) -> Self {
        Self::new(user, SessionId::new("a-session-of-a-test"))
    }
}
