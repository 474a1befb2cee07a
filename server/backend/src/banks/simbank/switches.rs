//! What a developer, or a browser test, does to the bank: break, revoke, add. `item` is the provider's id of a
//! connection.

use domain::UserId;
use secrecy::SecretString;

use super::{
    ExtraRow, Fault, Simbank, institutions, logins::Arrival, provider::account_id, seed_of,
};
use crate::{Error, Result, fetch_one};

/// The word for a missing login, in errors.
const LOGIN: &str = "login";
/// Most rows that are added to one login by hand.
const MOST_EXTRAS: usize = 100;

/// A row to book.
#[derive(Clone, Copy, Debug)]
pub struct BankRow<'a> {
    /// The provider's id of the account.
    pub account: &'a str,
    /// The bank's text.
    pub description: &'a str,
    /// Minor units, in above zero.
    pub minor: i64,
}

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

    /// Books a row today, on an account by the id that its reader knows it by.
    ///
    /// # Errors
    /// As [`Simbank::add_transaction`]; [`Error::Forbidden`] when a hundred were added.
    pub async fn book(&self, item: &str, row: &BankRow<'_>) -> Result<()> {
        let login = self.login(item).await?.ok_or(Error::NotFound(LOGIN))?;
        if login.extras()?.len() >= MOST_EXTRAS {
            return Err(Error::Forbidden("another transaction of the test bank"));
        }
        let accounts = institutions::accounts(&login.institution, &login.name);
        let account =
            accounts.iter().find(|account| account_id(&login, account.key) == row.account);
        let account = account.ok_or(Error::NotFound("account"))?.key.to_owned();
        let (description, date) = (row.description.to_owned(), self.today().await?);
        let row = ExtraRow { account, date, description, minor: row.minor, pending: false };
        self.add_transaction(item, &row).await
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
