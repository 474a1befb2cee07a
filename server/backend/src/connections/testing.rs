//! Connections for tests.

use domain::ConnectionId;
use secrecy::SecretString;

use super::candidates;
use crate::{Backend, SignedIn};

/// What reads a connection at its provider.
pub async fn token(backend: &Backend, who: &SignedIn, connection: &ConnectionId) -> SecretString {
    candidates::ready(backend, who, connection).await.expect("a live connection").token
}
