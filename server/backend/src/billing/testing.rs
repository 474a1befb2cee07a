//! What tests tell a backend in Polar's place.

use super::{apply, wire::Envelope};
use crate::Backend;

/// Applies one event, as its webhook would.
pub async fn tell(backend: &Backend, event: &str) {
    let envelope: Envelope<'_> = serde_json::from_str(event).expect("an event");
    let mut tx = backend.db.system().write().await.expect("a transaction");
    apply::apply(&mut tx, backend, &envelope).await.expect("an event that can be applied");
    tx.commit().await.expect("a commit");
}
