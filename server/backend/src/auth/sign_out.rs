//! Signing out.

use domain::activity::Action;

use super::SignedIn;
use crate::{
    Backend, Result,
    audit::{self, Event},
    execute,
};

/// Ends the caller's session. Their next request, from wherever, is nobody's.
#[tracing::instrument(name = "auth.sign_out", skip_all, fields(user.id = %caller.user()))]
pub async fn sign_out(backend: &Backend, caller: &SignedIn) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    let ended = execute!(
        tx,
        r#"delete from "session" where "id" = $1 and "userId" = $2"#,
        caller.session(),
        caller.user(),
    )?;
    if ended > 0 {
        audit::record(&mut tx, backend, Event::by(Action::SignOut, caller)).await?;
    }
    tx.commit().await?;
    Ok(())
}
