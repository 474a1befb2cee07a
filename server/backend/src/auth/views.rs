//! People and sessions as they may be shown: no hash, no secret.

use domain::{SessionId, UserId};
use time::OffsetDateTime;

/// A person, as Better Auth's `user` object has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserView {
    /// The person's id.
    pub id: UserId,
    /// The name they gave; may be empty.
    pub name: String,
    /// Their address, in lower case.
    pub email: String,
    /// Whether the mailbox was proven to be theirs.
    pub email_verified: bool,
    /// The address of their picture.
    pub image: Option<String>,
    /// Whether a password alone does not let them in.
    pub two_factor_enabled: bool,
    /// When they signed up.
    pub created_at: OffsetDateTime,
    /// When one of these values last changed.
    pub updated_at: OffsetDateTime,
}

/// A signed-in browser, as Better Auth's `session` object has it, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// The session's id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// When it ends unless it is extended.
    pub expires_at: OffsetDateTime,
    /// When somebody signed in.
    pub created_at: OffsetDateTime,
    /// When it was last extended.
    pub updated_at: OffsetDateTime,
    /// The client's address; empty when unknown.
    pub ip_address: String,
    /// The browser's own words about itself; empty when it said nothing.
    pub user_agent: String,
    /// Whether it outlives the browser.
    pub remembered: bool,
}
