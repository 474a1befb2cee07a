//! Whoever proves a mailbox gets the account that somebody made for it, and nothing that somebody put there.

use super::{Identity, accounts};
use crate::{
    Backend, Result, Timestamp,
    auth::{UserView, planted},
    billing::customers,
    db::SystemTx,
    execute,
};

/// Makes an unproven account the account of `identity`, whose provider runs the mailbox: every way in that was
/// set before the proof goes, in the transaction of the proof. Money and settings stay with the id.
pub(super) async fn claim(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &mut UserView,
    identity: &Identity,
) -> Result<()> {
    tracing::warn!(user.id = %user.id, "an unproven account is claimed by the owner of its mailbox");
    planted::remove(tx, backend, &user.id).await?;

    let now = backend.clock.now();
    (user.name, user.image) = (accounts::name(identity, true), accounts::image(identity, true));
    (user.email_verified, user.two_factor_enabled, user.updated_at) = (true, false, now);
    execute!(
        tx,
        r#"update "user" set "name" = $1, "image" = $2, "updatedAt" = $3 where "id" = $4"#,
        &user.name,
        user.image.as_deref(),
        Timestamp::from(now),
        &user.id,
    )?;
    customers::changed(tx, backend, &user.id).await
}
