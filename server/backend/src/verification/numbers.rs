//! Numbers typed once more, for an account that lost them before it was proven: it was put away and brought back.

use domain::{AccountId, NumbersForm, activity::Action};

use super::VERIFICATION;
use crate::{Backend, Error, Result, SignedIn, accounts::proof, audit};

/// Keeps the numbers of one of the caller's accounts, so that it can be proven. Sent twice, they are kept once.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else, and for one that was put away; [`Error::Expired`] for one
/// that needs none; [`Error::Invalid`] names each field, with `account_duplicate` when another account has these numbers.
#[tracing::instrument(name = "verification.enter_numbers", skip_all, fields(user.id = %caller.user()))]
pub async fn enter_numbers(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
    form: NumbersForm,
) -> Result<()> {
    let user = caller.user();
    let mut tx = backend.db.as_user(user).read().await?;
    proof::find(&mut tx, account).await?;
    drop(tx);
    let (routing, number) = form.parse().map_err(Error::Invalid)?;
    let mask = number.mask();
    let sealed = proof::seal(backend, user, account, &routing, &number).await?;
    drop((routing, number));

    let now = backend.clock.now().into();
    let mut tx = backend.db.as_user(user).write().await?;
    let held = proof::hold(&mut tx, account, now).await?;
    if held.is_of(&sealed) {
        return Ok(());
    }
    if !held.needs_numbers() {
        return Err(Error::Expired(VERIFICATION));
    }
    proof::enter(&mut tx, account, &sealed, mask.as_deref(), now).await?;
    let event = audit::Event::by(Action::BankAccountAdded, caller).subject("bank_account", account);
    audit::record(&mut tx, backend, event.note("by", "numbers")).await?;
    tx.commit().await?;
    Ok(())
}
