//! Bank accounts: added, listed with their balance, renamed, deleted.

mod archive;
mod balance;
pub(crate) mod banked;
mod create;
mod lines;
mod order;
pub(crate) mod proof;
mod statement;
#[cfg(feature = "testing")]
pub mod testing;

use domain::{
    AccountId, AccountStatus, AccountType, AccountView, Code, FieldError,
    activity::Action,
    states::account::{Standing, Suspension},
};

use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    audit::{self, Event},
    db::UserTx,
    execute, fetch_all, fetch_optional, look,
};

pub use archive::{archive, archived, unarchive};
pub use balance::{Balances, BankBalance, Gap, GapCause, GapKind, balances};
pub use create::create;
pub(crate) use create::open;
pub(crate) use lines::lines;
pub use lines::{Lines, with_lines};
pub use order::{Way, shift};
pub use statement::{Statement, statement, statements};

/// The word for a missing account, in errors.
pub(crate) const ACCOUNT: &str = "account";

/// An account with what its rows add up to.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: AccountId,
    bank_name: String,
    account_type: AccountType,
    account_nickname: Option<String>,
    status: AccountStatus,
    status_reason: Option<Suspension>,
    mask: Option<String>,
    number_is_token: bool,
    currency: String,
    balance_minor: i64,
    bank_balance_minor: Option<i64>,
    transactions: i64,
    invented: bool,
    archived_at: Option<Timestamp>,
    updated_at: Timestamp,
    created_at: Timestamp,
}

impl From<Row> for AccountView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            bank_name: row.bank_name,
            account_type: row.account_type,
            account_nickname: row.account_nickname,
            status: row.status,
            suspended: Standing::new(row.status, row.status_reason)
                .reason()
                .map(|reason| reason.sentence().to_owned()),
            mask: row.mask,
            number_is_token: row.number_is_token,
            currency: row.currency,
            balance_minor: row.balance_minor,
            bank_balance_minor: row.bank_balance_minor,
            transactions: row.transactions,
            invented: row.invented,
            archived_at: row.archived_at.map(Into::into),
            updated_at: row.updated_at.into(),
            created_at: row.created_at.into(),
        }
    }
}

/// The caller's accounts: those that they moved where they put them, then the others as they were added.
#[tracing::instrument(name = "accounts.list", skip_all, fields(user.id = %caller.user()))]
pub async fn list(backend: &Backend, caller: &SignedIn) -> Result<Vec<AccountView>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    all(&mut tx).await
}

/// The accounts of the person whose transaction this is, without those that were put away.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<AccountView>> {
    listed(tx, false).await
}

/// The accounts in use, or those that were put away.
async fn listed(tx: &mut UserTx, archived: bool) -> Result<Vec<AccountView>> {
    let user = tx.user().clone();
    // Completed rows in the account's own currency make its balance; failed rows never count. An id that stays and begins
    // with `per-` is the built-in bank's.
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select a."id", a."bankName", a."accountType", a."accountNickname", a."status",
               a."statusReason", a."mask", a."numberIsToken", a."currency", a."bankBalanceMinor",
               a."openingMinor" + cast(coalesce(sum(case when s."status" = 'completed' and s."currency" = a."currency"
                                                         then s."inMinor" + s."outMinor" end), 0) as bigint)
                   as "balanceMinor",
               cast(coalesce(sum(case when s."status" <> 'failed' then s."rows" end), 0) as bigint) as "transactions",
               coalesce(a."persistentId" like 'per-%', false) as "invented", a."archivedAt", a."updatedAt",
               a."createdAt"
        from "bank_account" a
        left join "ledger_sum" s on s."userId" = a."userId" and s."accountId" = a."id"
        where a."userId" = $1 and (a."archivedAt" is not null) = $2
        group by a."id"
        order by a."position" is null, a."position", a."createdAt", a."id"
        "#,
        user,
        archived,
    )?;
    Ok(rows.into_iter().map(AccountView::from).collect())
}

/// One of the caller's accounts, put away or not.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else.
#[tracing::instrument(name = "accounts.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(backend: &Backend, caller: &SignedIn, account: &AccountId) -> Result<AccountView> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    one(&mut tx, account).await
}

/// One account of the person whose transaction this is.
pub(crate) async fn one(tx: &mut UserTx, account: &AccountId) -> Result<AccountView> {
    let user = tx.user().clone();
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select a."id", a."bankName", a."accountType", a."accountNickname", a."status",
               a."statusReason", a."mask", a."numberIsToken", a."currency", a."bankBalanceMinor",
               a."openingMinor" + cast(coalesce(sum(case when s."status" = 'completed' and s."currency" = a."currency"
                                                         then s."inMinor" + s."outMinor" end), 0) as bigint)
                   as "balanceMinor",
               cast(coalesce(sum(case when s."status" <> 'failed' then s."rows" end), 0) as bigint) as "transactions",
               coalesce(a."persistentId" like 'per-%', false) as "invented", a."archivedAt", a."updatedAt",
               a."createdAt"
        from "bank_account" a
        left join "ledger_sum" s on s."userId" = a."userId" and s."accountId" = a."id"
        where a."userId" = $1 and a."id" = $2
        group by a."id"
        "#,
        user,
        account,
    )?;
    row.map(AccountView::from).ok_or(Error::NotFound(ACCOUNT))
}

/// What is to be different about an account. Nothing means: as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::option_option, reason = "as it is, or taken away, or another")]
pub struct AccountChange {
    bank_name: Option<String>,
    nickname: Option<Option<String>>,
}

impl AccountChange {
    /// Checks what was typed: `bankName` must not be empty, an empty `accountNickname` takes the nickname away.
    pub fn parse(bank_name: Option<&str>, nickname: Option<&str>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut note = |field: &str, code: Code| errors.push(FieldError::new(field, code));
        let bank_name = bank_name.map(domain::account::bank_name).transpose();
        let nickname = nickname.map(domain::account::nickname).transpose();
        match (bank_name, nickname) {
            (Ok(bank_name), Ok(nickname)) => Ok(Self { bank_name, nickname }),
            (bank_name, nickname) => {
                if let Err(code) = bank_name {
                    note("bankName", code);
                }
                if let Err(code) = nickname {
                    note("accountNickname", code);
                }
                Err(errors)
            }
        }
    }
}

/// Renames one of the caller's accounts.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else.
#[tracing::instrument(name = "accounts.update", skip_all, fields(user.id = %caller.user()))]
pub async fn update(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
    change: &AccountChange,
) -> Result<AccountView> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    execute!(
        tx,
        r#"
        update "bank_account"
        set "bankName" = coalesce($3, "bankName"),
            "accountNickname" = case when $4 then $5 else "accountNickname" end,
            "updatedAt" = $6
        where "userId" = $1 and "id" = $2
        "#,
        caller.user(),
        account,
        change.bank_name.as_deref(),
        change.nickname.is_some(),
        change.nickname.as_ref().and_then(Option::as_deref),
        Timestamp::from(backend.clock.now()),
    )?;
    let view = one(&mut tx, account).await?;
    tx.commit().await?;
    Ok(view)
}

/// What went with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// How many transactions it had.
    pub transactions: u64,
}

/// Deletes one of the caller's accounts with its transactions and imports, for good.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else.
#[tracing::instrument(name = "accounts.delete", skip_all, fields(user.id = %caller.user()))]
pub async fn delete(backend: &Backend, caller: &SignedIn, account: &AccountId) -> Result<Deleted> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let transactions = erase(&mut tx, account).await?;
    let event = Event::by(Action::BankAccountRemoved, caller).subject("bank_account", account);
    audit::record(&mut tx, backend, event.note("transactions", transactions)).await?;
    // What is left of its transfers and series is looked at again.
    look::later(&mut tx, backend, caller.user()).await?;
    tx.commit().await?;
    Ok(Deleted { transactions })
}

/// Takes an account away with everything in it; answers how many rows that were.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else.
pub(crate) async fn erase(tx: &mut UserTx, account: &AccountId) -> Result<u64> {
    let user = tx.user().clone();
    let transactions = execute!(
        tx,
        r#"delete from "transaction" where "userId" = $1 and "accountId" = $2"#,
        &user,
        account,
    )?;
    let deleted = execute!(
        tx,
        r#"delete from "bank_account" where "userId" = $1 and "id" = $2"#,
        user,
        account,
    )?;
    if deleted == 0 { Err(Error::NotFound(ACCOUNT)) } else { Ok(transactions) }
}

/// Notes that something in an account changed, and keeps two imports of one account from passing each other.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else.
pub(crate) async fn touch(tx: &mut UserTx, account: &AccountId, now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    let touched = execute!(
        tx,
        r#"update "bank_account" set "updatedAt" = $3 where "userId" = $1 and "id" = $2 and "archivedAt" is null"#,
        user,
        account,
        now,
    )?;
    if touched == 0 { Err(Error::NotFound(ACCOUNT)) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
