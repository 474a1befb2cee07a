//! Whose address it is: proving it, and changing it.

mod change;
mod token;
mod undo;
mod verify;

pub use change::change_email;
pub use token::verification_life;
pub use undo::undo_change;
pub use verify::{ConfirmRequest, Confirmed, Does, Link, Verified, confirm, look, verify};

use super::{AuthFailure, Client, UserView, links, mails, throttle, users};
use crate::{Backend, Result, db::SystemTx, mail};
use token::Proof;

/// Mails the link that proves the person's address, in the transaction of its cause.
pub(super) async fn mail_verification(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserView,
    callback: &str,
) -> Result<()> {
    let token = token::issue(tx, backend, user, &Proof::verify(user)).await?;
    let letter = mails::verify(links::verify_email(backend, &token, callback));
    mail::post(tx, backend, &user.email, &letter).await
}

/// Mails the link again. Somebody signed in may ask for their own address alone; for everybody else the answer
/// is the same whether the address has an account or not.
///
/// # Errors
/// [`AuthFailure::EmailMismatch`], [`AuthFailure::EmailAlreadyVerified`], both only to somebody signed in.
#[tracing::instrument(name = "auth.send_verification", skip_all)]
pub async fn send_verification(
    backend: &Backend,
    email: &str,
    callback: &str,
    caller: Option<&UserView>,
    client: &Client,
) -> Result<(), AuthFailure> {
    let may_mail = throttle::mail(backend, email, client).await?;
    let mut tx = backend.db.system().write().await?;
    let user = match caller {
        Some(caller) if !caller.email.eq_ignore_ascii_case(email) => {
            return Err(AuthFailure::EmailMismatch);
        }
        Some(caller) if caller.email_verified => return Err(AuthFailure::EmailAlreadyVerified),
        Some(caller) => Some(caller.clone()),
        None => users::by_email(&mut tx, email).await?.filter(|user| !user.email_verified),
    };
    match user.filter(|_| may_mail) {
        Some(user) => mail_verification(&mut tx, backend, &user, callback).await?,
        None => mail::post_nothing(&mut tx, backend).await?,
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests;
