//! The tokens of one account, fresh from the provider.

use secrecy::SecretString;
use time::OffsetDateTime;

/// What a provider hands over. Never printed.
#[derive(Clone, Debug)]
pub(super) struct Tokens {
    pub(super) access: SecretString,
    pub(super) refresh: Option<SecretString>,
    pub(super) id: Option<SecretString>,
    pub(super) access_expires_at: Option<OffsetDateTime>,
    pub(super) refresh_expires_at: Option<OffsetDateTime>,
    /// What was granted, where the provider says.
    pub(super) scopes: Option<Vec<String>>,
}
