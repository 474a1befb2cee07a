//! What administrators do with the bank accounts of people: stop one, and take that back (spec: banking 4). They see
//! whose it is, its bank and how it stands, and neither numbers nor money.

use domain::{
    AccountId, AccountStatus, Code, Email, UserId,
    activity::Action,
    states::{
        Letter as LetterOf,
        account::{self, Effect, Event as Happening, Standing, Suspension},
    },
    text,
};

use super::Admin;
use crate::{
    Backend, Error, Result, Timestamp,
    accounts::{ACCOUNT, proof},
    audit::{self, Event},
    auth::address_of,
    db::UserTx,
    fetch_all, fetch_optional,
    mail::{self, Letter},
};

/// The longest reason, in characters.
const REASON_MAX: usize = 200;

/// A bank account as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Overseen {
    /// Its id.
    pub id: AccountId,
    /// The name of the bank.
    pub bank_name: String,
    /// The last digits of its number.
    pub mask: Option<String>,
    /// Where it stands.
    pub status: AccountStatus,
    status_reason: Option<Suspension>,
}

impl Overseen {
    /// Whether it can be stopped.
    pub fn may_be_suspended(&self) -> bool {
        account::next(self.standing(), Happening::Suspended).is_ok()
    }

    /// Whether an administrator stopped it.
    pub fn may_be_restored(&self) -> bool {
        account::next(self.standing(), Happening::Restored).is_ok()
    }

    fn standing(&self) -> Standing {
        Standing::new(self.status, self.status_reason)
    }
}

/// A person's bank accounts, those put away too, by the person's e-mail address.
///
/// # Errors
/// [`Error::Invalid`] at `email` for what is no address, and for one that nobody has.
#[tracing::instrument(name = "admin.accounts_of", skip_all, fields(user.id = %admin.caller().user()))]
pub async fn accounts_of(
    backend: &Backend,
    admin: &Admin,
    email: &str,
) -> Result<(UserId, Vec<Overseen>)> {
    let email = Email::parse(email.trim()).map_err(|code| Error::field("email", code))?;
    let mut tx = backend.db.system().read().await?;
    let person: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "id" from "user" where lower("email") = $1"#,
        email.as_str(),
    )?;
    drop(tx);
    let (owner,) = person.ok_or_else(|| Error::field("email", Code::PersonUnknown))?;
    let owner = UserId::new(owner);
    let mut tx = backend.db.as_user(&owner).read().await?;
    let accounts = fetch_all!(
        tx,
        r#"
        select "id", "bankName", "mask", "status", "statusReason"
        from "bank_account" where "userId" = $1 order by "createdAt", "id"
        "#,
        &owner,
    )?;
    Ok((owner, accounts))
}

/// Stops a person's account. The person gets a letter without the reason; the reason is in both trails.
///
/// # Errors
/// [`Error::Invalid`] at `reason`; [`Error::NotFound`] for an account that is not there, or in no state for it.
#[tracing::instrument(name = "admin.suspend_account", skip_all, fields(user.id = %admin.caller().user(), account.id = %account))]
pub async fn suspend_account(
    backend: &Backend,
    admin: &Admin,
    owner: &UserId,
    account: &AccountId,
    reason: &str,
) -> Result<()> {
    step(backend, admin, owner, account, reason, Happening::Suspended).await
}

/// Takes that back.
///
/// # Errors
/// As [`suspend_account`].
#[tracing::instrument(name = "admin.restore_account", skip_all, fields(user.id = %admin.caller().user(), account.id = %account))]
pub async fn restore_account(
    backend: &Backend,
    admin: &Admin,
    owner: &UserId,
    account: &AccountId,
    reason: &str,
) -> Result<()> {
    step(backend, admin, owner, account, reason, Happening::Restored).await
}

async fn step(
    backend: &Backend,
    admin: &Admin,
    owner: &UserId,
    account: &AccountId,
    reason: &str,
    happening: Happening,
) -> Result<()> {
    let reason =
        text::clean_line(reason, REASON_MAX).map_err(|code| Error::field("reason", code))?;
    if reason.is_empty() {
        return Err(Error::field("reason", Code::TextRequired));
    }
    let action = match happening {
        Happening::Suspended => Action::BankAccountSuspended,
        _ => Action::BankAccountRestored,
    };
    let email = address_of(backend, owner).await?;
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.as_user(owner).write().await?;
    let mut proof = proof::hold(&mut tx, account, now).await?;
    let (standing, effects) =
        account::next(proof.standing(), happening).map_err(|_| Error::NotFound(ACCOUNT))?;
    proof.stand(standing);
    proof::save(&mut tx, &proof, now).await?;
    for effect in effects {
        match effect {
            Effect::Audit => {
                let event = Event::new(action, Some(owner)).by_operator();
                let event = event.subject("bank_account", account).note("reason", reason.as_str());
                let event = event.note("admin", admin.caller().user().as_str());
                audit::record(&mut tx, backend, event).await?;
            }
            Effect::Mail(letter) => {
                tell(&mut tx, backend, account, &proof.bank_name, letter, email.as_deref()).await?;
            }
            // None of these follows from what an administrator does.
            Effect::EraseNumbers | Effect::FetchNumbers | Effect::Hide => {}
        }
    }
    tx.commit().await?;
    // The administrator's own trail is another person's, so another transaction's. The owner's names both.
    let mut trail = backend.db.system().write().await?;
    let event = Event::by(action, admin.caller()).subject("bank_account", account);
    audit::record(&mut trail, backend, event.note("reason", reason.as_str())).await?;
    trail.commit().await?;
    Ok(())
}

async fn tell(
    tx: &mut UserTx,
    backend: &Backend,
    account: &AccountId,
    bank: &str,
    letter: LetterOf,
    email: Option<&str>,
) -> Result<()> {
    let Some(email) = email else { return Ok(()) };
    let (subject, line) = match letter {
        LetterOf::AccountSuspended => (
            format!("Your account at {bank} is suspended"),
            "We have suspended this account. Its transactions stay where they are. Answer this mail if you think this is a mistake.",
        ),
        LetterOf::AccountRestored => {
            (format!("Your account at {bank} is active again"), "You can use it as before.")
        }
        _ => return Ok(()),
    };
    let page = backend.settings.app_url.join(&format!("/accounts/{account}")).ok();
    let action = page.map(|page| mail::Action { label: "See the account", link: page.into() });
    let reason = "You get this mail because you added this account at Coffer.".to_owned();
    mail::post(
        tx,
        backend,
        email,
        &Letter { subject, lines: vec![line.to_owned()], action, reason },
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        accounts::{self, testing::account_of},
        admin, both_engines,
        testing::{World, switch_second_factor_on},
    };

    both_engines! {
        async fn an_account_is_stopped_for_a_reason_and_given_back(db: TestDb) {
            let w = World::new(db).await;
            admin::grant(&w.backend, "alice@example.com").await.unwrap();
            switch_second_factor_on(&w.backend, "alice").await;
            let alice = admin::require(&w.backend, &w.alice).await.unwrap();
            let id = account_of(&w.backend, &w.mallory).await;
            let (owner, seen) = accounts_of(&w.backend, &alice, " Mallory@Example.com ").await.unwrap();
            assert_eq!((&owner, seen.len()), (w.mallory.user(), 1));
            assert!(seen[0].may_be_suspended() && !seen[0].may_be_restored());

            w.backend.clock.advance(std::time::Duration::from_secs(1));
            let silent = suspend_account(&w.backend, &alice, &owner, &id, "  ").await;
            suspend_account(&w.backend, &alice, &owner, &id, "Reported as stolen").await.unwrap();
            let twice = suspend_account(&w.backend, &alice, &owner, &id, "Again").await;
            let stopped = accounts::get(&w.backend, &w.mallory, &id).await.unwrap();
            w.backend.clock.advance(std::time::Duration::from_secs(1));
            let seen = accounts_of(&w.backend, &alice, "mallory@example.com").await.unwrap().1;
            restore_account(&w.backend, &alice, &owner, &id, "It was not").await.unwrap();
            let back = accounts::get(&w.backend, &w.mallory, &id).await.unwrap();

            assert!(matches!(silent, Err(Error::Invalid(_))) && matches!(twice, Err(Error::NotFound(_))));
            assert_eq!(stopped.status, AccountStatus::Suspended);
            assert_eq!(stopped.suspended.as_deref(), Some("We have suspended this account. Contact support."));
            assert!(!seen[0].may_be_suspended() && seen[0].may_be_restored());
            assert_eq!((back.status, back.suspended), (AccountStatus::Active, None));
            for who in [&w.alice, &w.mallory] {
                let lines = audit::recent(&w.backend, who).await.unwrap();
                let actions: Vec<Action> = lines.into_iter().map(|line| line.action).collect();
                assert_eq!(actions[..2], [Action::BankAccountRestored, Action::BankAccountSuspended]);
            }
        }

        async fn an_address_that_nobody_has_is_named(db: TestDb) {
            let w = World::new(db).await;
            admin::grant(&w.backend, "alice@example.com").await.unwrap();
            switch_second_factor_on(&w.backend, "alice").await;
            let alice = admin::require(&w.backend, &w.alice).await.unwrap();

            for email in ["nobody@example.com", "no address"] {
                let answer = accounts_of(&w.backend, &alice, email).await;
                assert!(matches!(&answer, Err(Error::Invalid(errors)) if errors[0].field == "email"), "{answer:?}");
            }
        }
    }
}
