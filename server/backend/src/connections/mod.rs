//! Connections to banks: linked, read on a schedule and when their provider calls, repaired, removed.

use domain::{ConnectionId, UserId};

use crate::{Backend, Result, db::SystemTx};

/// Enqueues a sync for each connection that is due.
pub(crate) async fn sync_due(backend: &Backend) -> Result<SystemTx> {
    Ok(backend.db.system().write().await?)
}

/// Reads what is new at one bank, whole or not at all.
pub(crate) async fn sync(
    backend: &Backend,
    _user: &UserId,
    _connection: &ConnectionId,
) -> Result<SystemTx> {
    Ok(backend.db.system().write().await?)
}

/// Acts on one stored webhook.
pub(crate) async fn apply_webhook(backend: &Backend, _webhook: &str) -> Result<SystemTx> {
    Ok(backend.db.system().write().await?)
}

/// Deletes attempts that nobody finished, and the bodies of old webhooks.
pub(crate) async fn sweep(backend: &Backend) -> Result<SystemTx> {
    Ok(backend.db.system().write().await?)
}
