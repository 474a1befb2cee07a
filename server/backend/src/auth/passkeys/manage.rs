//! A person's own passkeys.

use domain::activity::Action;

use super::{Passkey, PasskeyFailure, rows};
use crate::{
    Backend, Result, SignedIn,
    audit::{self, Event},
    auth::{two_factor::letters, users},
    execute, mail,
};

/// Most characters of a name.
const NAME_MAX: usize = 60;

/// The caller's passkeys, the oldest first.
pub async fn passkeys(backend: &Backend, caller: &SignedIn) -> Result<Vec<Passkey>> {
    let mut tx = backend.db.system().read().await?;
    rows::of(&mut tx, caller.user()).await
}

/// Gives one of the caller's passkeys another name.
///
/// # Errors
/// [`PasskeyFailure::NotFound`] for an id that is not one of theirs; [`PasskeyFailure::NameInvalid`].
#[tracing::instrument(name = "passkeys.rename", skip_all, fields(user.id = %caller.user()))]
pub async fn rename(
    backend: &Backend,
    caller: &SignedIn,
    id: &str,
    name: &str,
) -> Result<Passkey, PasskeyFailure> {
    let name = clean_name(name)?;
    let mut tx = backend.db.system().write().await?;
    let changed = execute!(
        tx,
        r#"update "passkey" set "name" = $3 where "id" = $1 and "userId" = $2"#,
        id,
        caller.user(),
        &name,
    )?;
    if changed == 0 {
        return Err(PasskeyFailure::NotFound);
    }
    let passkeys = rows::of(&mut tx, caller.user()).await?;
    tx.commit().await?;
    passkeys.into_iter().find(|passkey| passkey.id == id).ok_or(PasskeyFailure::NotFound)
}

/// Removes one of the caller's passkeys, and tells them by mail.
///
/// # Errors
/// [`PasskeyFailure::NotFound`] for an id that is not one of theirs.
#[tracing::instrument(name = "passkeys.remove", skip_all, fields(user.id = %caller.user()))]
pub async fn remove(backend: &Backend, caller: &SignedIn, id: &str) -> Result<(), PasskeyFailure> {
    let mut tx = backend.db.system().write().await?;
    let deleted = execute!(
        tx,
        r#"delete from "passkey" where "id" = $1 and "userId" = $2"#,
        id,
        caller.user(),
    )?;
    if deleted == 0 {
        return Err(PasskeyFailure::NotFound);
    }
    let user = users::by_id(&mut tx, caller.user()).await?.ok_or(PasskeyFailure::NotFound)?;
    audit::record(&mut tx, backend, Event::by(Action::PasskeyRemoved, caller)).await?;
    mail::post(&mut tx, backend, &user.email, &letters::passkey_removed(backend)).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) fn clean_name(name: &str) -> Result<String, PasskeyFailure> {
    let name = domain::text::clean_line(name.trim(), NAME_MAX);
    name.ok().filter(|name| !name.is_empty()).ok_or(PasskeyFailure::NameInvalid)
}
