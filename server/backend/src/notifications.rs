//! Mails that a person chooses: here is the one that shows them that mails arrive. Which ones come is a preference.

use crate::{
    Backend, Error, Result, SignedIn, auth,
    mail::{self, Action, Letter},
};

/// Where they are chosen.
const PAGE: &str = "/settings/notifications";

/// Sends the caller a mail that says nothing but that it arrived; answers the address it goes to.
///
/// # Errors
/// [`Error::NotFound`] when the account is gone.
#[tracing::instrument(name = "notifications.send_test", skip_all, fields(user.id = %caller.user()))]
pub async fn send_test(backend: &Backend, caller: &SignedIn) -> Result<String> {
    let address = auth::address_of(backend, caller.user()).await?;
    let address = address.ok_or(Error::NotFound("user"))?;
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    mail::post(&mut tx, backend, &address, &letter(backend)).await?;
    tx.commit().await?;
    Ok(address)
}

fn letter(backend: &Backend) -> Letter {
    let page = backend.settings.app_url.join(PAGE).ok();
    Letter {
        subject: "A test mail from Coffer".to_owned(),
        lines: vec!["Mails from Coffer reach you at this address.".to_owned()],
        action: page.map(|page| Action { label: "Choose your mails", link: page.into() }),
        reason: "You get this mail because you asked for a test at Coffer.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        both_engines,
        testing::{World, mails_of},
    };

    both_engines! {
        async fn a_test_goes_to_whoever_asks_and_nobody_else(db: TestDb) {
            let w = World::new(db).await;

            assert_eq!(send_test(&w.backend, &w.alice).await.unwrap(), "alice@example.com");

            let mails = mails_of(&w.backend, "alice@example.com").await;
            let subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
            assert_eq!(subjects, ["A test mail from Coffer"]);
            assert!(mails[0].text.contains("/settings/notifications"), "{}", mails[0].text);
            assert!(mails_of(&w.backend, "mallory@example.com").await.is_empty());
        }
    }
}
