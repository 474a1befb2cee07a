//! The old address takes a change back.

use domain::activity::Action;
use serde::{Deserialize, Serialize};

use super::super::{
    AuthFailure, sessions, users,
    verification::{self, Purpose},
};
use crate::{
    Backend, Error, OnConflict, Result, Timestamp,
    audit::{self, Event},
    billing::customers,
    execute,
};

/// What was changed.
#[derive(Serialize, Deserialize)]
pub(super) struct Undo {
    pub(super) from: String,
    pub(super) to: String,
}

impl Undo {
    pub(super) fn to_value(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|_| Error::Corrupt("undo"))
    }
}

/// Gives the account its old address back and ends every session: whoever changed it may still be there.
/// Answers that address, for the reset that should follow.
///
/// # Errors
/// [`AuthFailure::TokenInvalid`] for a link that is unknown, spent, older than a week, or overtaken.
#[tracing::instrument(name = "auth.undo_email_change", skip_all)]
pub async fn undo_change(backend: &Backend, token: &str) -> Result<String, AuthFailure> {
    let mut tx = backend.db.system().write().await?;
    let value = verification::take(&mut tx, backend, Purpose::UndoEmailChange, token).await?;
    let value = value.ok_or(AuthFailure::TokenInvalid)?;
    let undo: Undo = serde_json::from_str(&value).map_err(|_| AuthFailure::TokenInvalid)?;
    let user = users::by_email(&mut tx, &undo.from).await?.ok_or(AuthFailure::TokenInvalid)?;
    let changed = execute!(
        tx,
        r#"
        update "user"
        set "email" = $1, "emailVerified" = true, "updatedAt" = $2
        where "id" = $3
        "#,
        &undo.to,
        Timestamp::from(backend.clock.now()),
        &user.id,
    )
    .on_conflict("user");
    match changed {
        Ok(_) => {}
        Err(Error::AlreadyExists(_)) => return Err(AuthFailure::TokenInvalid),
        Err(error) => return Err(error.into()),
    }
    customers::changed(&mut tx, backend, &user.id).await?;
    let event = Event::new(Action::EmailChanged, Some(&user.id)).note("undone", true);
    audit::record(&mut tx, backend, event).await?;
    verification::void_all(&mut tx, &user.id).await?;
    sessions::end_all(&mut tx, &user.id).await?;
    tx.commit().await?;
    Ok(undo.to)
}
