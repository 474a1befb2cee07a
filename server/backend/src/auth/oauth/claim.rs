//! Whoever proves a mailbox gets the account that somebody made for it, and nothing that somebody put there.

use super::{Identity, accounts};
use crate::{
    Backend, Result, Timestamp,
    auth::{UserView, verification},
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
    execute!(tx, r#"delete from "session" where "userId" = $1"#, &user.id)?;
    execute!(tx, r#"delete from "account" where "userId" = $1"#, &user.id)?;
    execute!(tx, r#"delete from "passkey" where "userId" = $1"#, &user.id)?;
    execute!(tx, r#"delete from "twoFactor" where "userId" = $1"#, &user.id)?;
    execute!(tx, r#"delete from "known_device" where "userId" = $1"#, &user.id)?;
    execute!(tx, r#"delete from "trustedDevice" where "userId" = $1"#, &user.id)?;
    execute!(tx, r#"delete from "explicit_linking" where "userId" = $1"#, &user.id)?;
    verification::void_all(tx, &user.id).await?;

    let now = backend.clock.now();
    (user.name, user.image) = (accounts::name(identity, true), accounts::image(identity, true));
    (user.email_verified, user.two_factor_enabled, user.updated_at) = (true, false, now);
    execute!(
        tx,
        r#"
        update "user"
        set "name" = $1, "image" = $2, "emailVerified" = true, "twoFactorEnabled" = false, "updatedAt" = $3
        where "id" = $4
        "#,
        &user.name,
        user.image.as_deref(),
        Timestamp::from(now),
        &user.id,
    )?;
    customers::changed(tx, backend, &user.id).await
}
