//! Two sides of one movement between a person's own accounts: found, suggested, confirmed, unlinked.

use domain::UserId;

use crate::{Backend, Result};

/// Looks for pairs among rows that are in none.
pub(crate) async fn look(_backend: &Backend, _user: &UserId) -> Result<()> {
    Ok(())
}
