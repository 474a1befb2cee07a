//! The switches of the built-in bank (spec: banking 5.1), each on a connection of the person's own. What they do is
//! seen by the next sync, which is asked for at once.

use domain::{AccountId, Code, ConnectionId, Currency, money, text};

use super::{CONNECTION, manage::sync_now, rows};
use crate::{
    Backend, Error, Result, SignedIn,
    accounts::banked,
    banks::{
        ProviderKind, Simbank,
        simbank::{BankRow, Fault},
    },
};

/// The longest text of a row, in characters.
const TEXT_MAX: usize = 140;

/// Switches a fault of the caller's login at the built-in bank on, or with nothing the one that is on off.
///
/// # Errors
/// [`Error::NotFound`] for a connection of somebody else, or to another bank; [`Error::Expired`] for one that has ended.
#[tracing::instrument(name = "connections.switch_fault", skip_all, fields(user.id = %caller.user()))]
pub async fn switch_fault(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
    fault: Option<Fault>,
) -> Result<()> {
    let (bank, row) = at_bank(backend, caller, connection).await?;
    bank.set(&row.item_id, fault).await?;
    sync_now(backend, caller, connection).await.map(|_| ())
}

/// Books a row on one of the caller's accounts at the built-in bank, today. `amount` is typed by a person, in the
/// currency of the account, below zero for money out.
///
/// # Errors
/// As [`switch_fault`]; [`Error::Invalid`] at `account`, `description` and `amount`.
#[tracing::instrument(name = "connections.book_at_test_bank", skip_all, fields(user.id = %caller.user()))]
pub async fn book(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
    account: &AccountId,
    description: &str,
    amount: &str,
) -> Result<()> {
    let (bank, row) = at_bank(backend, caller, connection).await?;
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let known = banked::of(&mut tx, &row.id).await?;
    drop(tx);
    let known = known.into_iter().find(|known| known.id == *account);
    let known = known.and_then(|known| Some((known.provider_id?, known.currency)));
    let (at_provider, currency) =
        known.ok_or_else(|| Error::field("account", Code::OptionUnknown))?;
    let currency = Currency::parse(&currency).map_err(|_| Error::Corrupt("currency"))?;
    let description = text::clean_line(description, TEXT_MAX)
        .map_err(|code| Error::field("description", code))?;
    let minor = money::parse_minor(amount, currency)
        .and_then(|minor| if minor == 0 { Err(Code::AmountRequired) } else { Ok(minor) })
        .map_err(|code| Error::field("amount", code))?;
    bank.book(&row.item_id, &BankRow { account: &at_provider, description: &description, minor })
        .await?;
    sync_now(backend, caller, connection).await.map(|_| ())
}

/// The connection, where it is one to the built-in bank and that is open.
async fn at_bank<'b>(
    backend: &'b Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
) -> Result<(&'b Simbank, rows::Row)> {
    let bank = backend.banks.simbank().ok_or(Error::NotFound(CONNECTION))?;
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let row = rows::find(&mut tx, connection).await?;
    if row.provider()? == ProviderKind::Simbank {
        Ok((bank, row))
    } else {
        Err(Error::NotFound(CONNECTION))
    }
}
