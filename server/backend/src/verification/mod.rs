//! Proof that an account is its owner's, by small deposits.

use crate::{Backend, Result, db::SystemTx};

/// Looks how open deposits stand, and reminds of those that lapse soon.
pub(crate) async fn check_deposits(backend: &Backend) -> Result<SystemTx> {
    Ok(backend.db.system().write().await?)
}
