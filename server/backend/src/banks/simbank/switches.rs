//! What a developer, or a browser test, does to the bank: break, revoke, add. `item` is the provider's id of a
//! connection.

use domain::UserId;
use secrecy::SecretString;

use super::{ExtraRow, Fault, Simbank, institutions, logins::Arrival, seed_of};
use crate::{Error, Result, fetch_one};

/// The word for a missing login, in errors.
const LOGIN: &str = "login";

impl Simbank {
    /// Switches a fault on, or the one that is on off.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a login that is not there.
    pub async fn set(&self, item: &str, fault: Option<Fault>) -> Result<()> {
        if self.set_fault(item, fault).await? { Ok(()) } else { Err(Error::NotFound(LOGIN)) }
    }

    /// The bank wants its customer to sign in again from now on.
    ///
    /// # Errors
    /// As [`Simbank::set`].
    pub async fn break_login(&self, item: &str) -> Result<()> {
        self.set(item, Some(Fault::Login)).await
    }

    /// The customer takes the permission back.
    ///
    /// # Errors
    /// As [`Simbank::set`].
    pub async fn revoke(&self, item: &str) -> Result<()> {
        self.set(item, Some(Fault::Revoked)).await
    }

    /// Adds a row to one of the accounts.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a login or an account that is not there.
    pub async fn add_transaction(&self, item: &str, row: &ExtraRow) -> Result<()> {
        let login = self.login(item).await?.ok_or(Error::NotFound(LOGIN))?;
        let accounts = institutions::accounts(&login.institution, &login.name);
        if !accounts.iter().any(|account| account.key == row.account) {
            return Err(Error::NotFound("account"));
        }
        if self.push_extra(item, row).await? { Ok(()) } else { Err(Error::NotFound(LOGIN)) }
    }

    /// The one-time token of somebody who has just signed in, without the page: for tests and for demonstration data.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a bank without logins.
    pub async fn arrive(
        &self,
        user: &UserId,
        institution: &str,
        login: &str,
    ) -> Result<SecretString> {
        let known = institutions::institution(institution);
        let known =
            known.filter(|known| known.deposits.is_none()).ok_or(Error::NotFound("bank"))?;
        let seed = seed_of(user);
        self.open_login(&Arrival { institution: known.id, login, seed: &seed }).await
    }

    /// The one-time token of somebody who signs in to a login that is there, as the page of a repair gives it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a login that is not there, or that was revoked.
    pub async fn return_to(&self, item: &str, login: &str) -> Result<SecretString> {
        self.reopen_login(item, login).await?.ok_or(Error::NotFound(LOGIN))
    }

    /// How many logins somebody may read.
    pub async fn open_logins(&self) -> Result<i64> {
        let mut tx = self.db.system().read().await?;
        let (open,): (i64,) = fetch_one!(
            tx,
            r#"select count(*) from "simbank_login" where "tokenHash" is not null"#
        )?;
        Ok(open)
    }
}
