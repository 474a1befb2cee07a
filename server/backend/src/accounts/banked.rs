//! Accounts that a connection reads: added with what the bank says of them, kept in step, let go.

use domain::{
    AccountId, AccountStatus, AccountType, ConnectionId, UserId,
    states::account::{self, Event, Standing, Suspension},
};

use super::{ACCOUNT, create::Sealed};
use crate::{
    Backend, Error, Result, Timestamp,
    banks::{Numbers, ProviderAccount},
    db::UserTx,
    execute, fetch_all, fetch_optional,
};

/// An account that a connection reads.
#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(crate) struct Banked {
    pub id: AccountId,
    pub provider_id: Option<String>,
    pub persistent_id: Option<String>,
    pub currency: String,
    pub status: AccountStatus,
    pub status_reason: Option<Suspension>,
    /// The blind index of its numbers; none for an account whose numbers we do not have.
    pub number_index: Option<String>,
    opening_minor: i64,
    bank_balance_at: Option<Timestamp>,
    gap_since: Option<Timestamp>,
}

/// An account of the person, as far as it may be one that a bank offers.
#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(crate) struct Known {
    pub id: AccountId,
    pub connection_id: Option<ConnectionId>,
    /// The word of the connection's state.
    pub connection_state: Option<String>,
    pub institution_id: Option<String>,
    pub provider: Option<String>,
    pub provider_id: Option<String>,
    pub persistent_id: Option<String>,
    pub number_index: Option<String>,
    pub bank_name: String,
    pub account_nickname: Option<String>,
    pub account_type: AccountType,
    pub mask: Option<String>,
    pub currency: String,
    pub status: AccountStatus,
    pub status_reason: Option<Suspension>,
}

impl Known {
    /// Whether a live connection reads it.
    pub fn is_read(&self) -> bool {
        let ended = |state: &str| matches!(state, "revoked" | "removed");
        self.connection_state.as_deref().is_some_and(|state| !ended(state))
    }
}

/// An account as a connection brings it.
pub(crate) struct Arrival<'a> {
    pub id: AccountId,
    pub connection: &'a ConnectionId,
    pub bank_name: &'a str,
    pub account: &'a ProviderAccount,
    pub numbers: Option<&'a SealedNumbers>,
}

/// Numbers that were encrypted for one account.
pub(crate) struct SealedNumbers {
    sealed: Sealed,
    is_token: bool,
    is_proven: bool,
}

/// Encrypts numbers for an account; call it before the transaction. The plain ones end with it.
pub(crate) async fn seal(
    backend: &Backend,
    user: &UserId,
    account: &AccountId,
    numbers: Numbers,
) -> Result<SealedNumbers> {
    let (is_token, is_proven) = (numbers.is_token, numbers.is_proven);
    let sealed =
        super::create::seal(backend, user, account, &numbers.routing, &numbers.number).await?;
    Ok(SealedNumbers { sealed, is_token, is_proven })
}

/// The accounts that a connection reads, archived ones too.
pub(crate) async fn of(tx: &mut UserTx, connection: &ConnectionId) -> Result<Vec<Banked>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "providerId", "persistentId", "currency", "status", "statusReason", "numberIndex",
               "openingMinor", "bankBalanceAt", "gapSince"
        from "bank_account"
        where "userId" = $1 and "connectionId" = $2
        order by "createdAt", "id"
        "#,
        user,
        connection,
    )?)
}

/// Every account of the person, with the connection that reads it.
pub(crate) async fn known(tx: &mut UserTx) -> Result<Vec<Known>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select a."id", a."connectionId", c."state" as "connectionState", c."institutionId", c."provider",
               a."providerId", a."persistentId", a."numberIndex", a."bankName", a."accountNickname",
               a."accountType", a."mask", a."currency", a."status", a."statusReason"
        from "bank_account" a
        left join "connection" c on c."userId" = a."userId" and c."id" = a."connectionId"
        where a."userId" = $1 and a."archivedAt" is null
        "#,
        user,
    )?)
}

/// Adds an account: active at once where its bank has proven it, else as far as the provider's proof is. False when the person has one with these numbers.
pub(crate) async fn add(tx: &mut UserTx, arrival: &Arrival<'_>, now: Timestamp) -> Result<bool> {
    let user = tx.user().clone();
    let beginning = account::beginning_of(arrival.account.verification);
    let verified_at = beginning.method.map(|_| now);
    let (numbers, account) = (arrival.numbers, arrival.account);
    let added = execute!(
        tx,
        r#"
        insert into "bank_account" ("id", "userId", "bankName", "accountType", "accountNickname", "accountNumber",
                                    "routingNumber", "numberIndex", "numberIsToken", "mask", "status", "currency",
                                    "connectionId", "providerId", "persistentId", "verification",
                                    "verificationMethod", "verifiedAt", "createdAt", "updatedAt", "numberLock")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20)
        on conflict do nothing
        "#,
        &arrival.id,
        user,
        arrival.bank_name,
        account.account_type,
        &account.name,
        numbers.map(|numbers| numbers.sealed.number.as_str()),
        numbers.map(|numbers| numbers.sealed.routing.as_str()),
        numbers.map(|numbers| numbers.sealed.index.as_str()),
        numbers.is_some_and(|numbers| numbers.is_token),
        account.mask.as_deref(),
        beginning.standing.status(),
        account.currency.code(),
        arrival.connection,
        &account.id,
        account.persistent_id.as_deref(),
        beginning.verification,
        beginning.method,
        verified_at,
        now,
        numbers.map(|numbers| numbers.sealed.lock.as_str()),
    )?;
    Ok(added == 1)
}

/// Lets a connection read an account that is here and that no live connection reads. Where the provider has proven it, a
/// suspension for want of a proof ends; where not, what is proven stays so, with the numbers it was proven with, and what
/// waits for a proof goes on waiting. False when it is somebody's who is reading it.
pub(crate) async fn adopt(
    tx: &mut UserTx,
    known: &Known,
    arrival: &Arrival<'_>,
    now: Timestamp,
) -> Result<bool> {
    let user = tx.user().clone();
    let standing = Standing::new(known.status, known.status_reason);
    let beginning = account::beginning_of(arrival.account.verification);
    let may_take = beginning.method.is_some() || standing.awaits_proof();
    let numbers = unshared(tx, &known.id, arrival.numbers.filter(|_| may_take)).await?;
    let (standing, begun) = if beginning.method.is_some() {
        let proven = account::next(standing, Event::Verified);
        (proven.map_or(standing, |(next, _)| next), Some(beginning))
    } else if standing == Standing::Pending {
        (beginning.standing, Some(beginning))
    } else {
        (standing, None)
    };
    let method = begun.and_then(|begun| begun.method);
    let verified_at = method.map(|_| now);
    let adopted = execute!(
        tx,
        r#"
        update "bank_account"
        set "connectionId" = $3, "providerId" = $4, "persistentId" = coalesce($5, "persistentId"),
            "accountNumber" = coalesce($6, "accountNumber"), "routingNumber" = coalesce($7, "routingNumber"),
            "numberIndex" = coalesce($8, "numberIndex"), "numberIsToken" = coalesce($9, "numberIsToken"),
            "mask" = coalesce($10, "mask"), "numberLock" = coalesce($17, "numberLock"),
            "status" = $11, "statusReason" = $12, "verification" = coalesce($13, "verification"),
            "verificationMethod" = coalesce($14, "verificationMethod"), "verifiedAt" = coalesce($15, "verifiedAt"),
            "updatedAt" = $16
        where "userId" = $1 and "id" = $2
          and ("connectionId" is null or "connectionId" in (
              select "id" from "connection" where "userId" = $1 and "state" in ('revoked', 'removed')))
        "#,
        user,
        &known.id,
        arrival.connection,
        &arrival.account.id,
        arrival.account.persistent_id.as_deref(),
        numbers.map(|numbers| numbers.sealed.number.as_str()),
        numbers.map(|numbers| numbers.sealed.routing.as_str()),
        numbers.map(|numbers| numbers.sealed.index.as_str()),
        numbers.map(|numbers| numbers.is_token),
        arrival.account.mask.as_deref(),
        standing.status(),
        standing.reason(),
        begun.map(|begun| begun.verification),
        method,
        verified_at,
        now,
        numbers.map(|numbers| numbers.sealed.lock.as_str()),
    )?;
    Ok(adopted == 1)
}

/// The numbers, unless another account of the person has them: one that was typed in while this one had none keeps them.
async fn unshared<'n>(
    tx: &mut UserTx,
    account: &AccountId,
    numbers: Option<&'n SealedNumbers>,
) -> Result<Option<&'n SealedNumbers>> {
    let Some(numbers) = numbers else { return Ok(None) };
    let user = tx.user().clone();
    let other: Option<(AccountId,)> = fetch_optional!(
        tx,
        r#"
        select "id"
        from "bank_account"
        where "userId" = $1 and "id" <> $2 and "numberIndex" = $3 and "archivedAt" is null
        "#,
        user,
        account,
        numbers.sealed.index.as_str(),
    )?;
    Ok(other.is_none().then_some(numbers))
}

/// The bank calls an account of this connection by another id, says its owner: it goes on under the new one, with its rows
/// and where it stands. Numbers come along where the bank vouches for them.
pub(crate) async fn move_on(
    tx: &mut UserTx,
    known: &Known,
    arrival: &Arrival<'_>,
    now: Timestamp,
) -> Result<bool> {
    let user = tx.user().clone();
    let is_proven = account::beginning_of(arrival.account.verification).method.is_some();
    let numbers = unshared(tx, &known.id, arrival.numbers.filter(|_| is_proven)).await?;
    let moved = execute!(
        tx,
        r#"
        update "bank_account"
        set "providerId" = $4, "persistentId" = coalesce($5, "persistentId"),
            "accountNumber" = coalesce($6, "accountNumber"), "routingNumber" = coalesce($7, "routingNumber"),
            "numberIndex" = coalesce($8, "numberIndex"), "numberIsToken" = coalesce($9, "numberIsToken"),
            "numberLock" = coalesce($10, "numberLock"), "updatedAt" = $11
        where "userId" = $1 and "id" = $2 and "connectionId" = $3 and "archivedAt" is null
        "#,
        user,
        &known.id,
        arrival.connection,
        &arrival.account.id,
        arrival.account.persistent_id.as_deref(),
        numbers.map(|numbers| numbers.sealed.number.as_str()),
        numbers.map(|numbers| numbers.sealed.routing.as_str()),
        numbers.map(|numbers| numbers.sealed.index.as_str()),
        numbers.map(|numbers| numbers.is_token),
        numbers.map(|numbers| numbers.sealed.lock.as_str()),
        now,
    )?;
    Ok(moved == 1)
}

/// The provider calls an account by another id now.
pub(crate) async fn rename(tx: &mut UserTx, account: &AccountId, provider_id: &str) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"update "bank_account" set "providerId" = $3 where "userId" = $1 and "id" = $2"#,
        user,
        account,
        provider_id,
    )?;
    Ok(())
}

/// Keeps what the bank says an account holds, and since when our ledger says something else. While the bank's past is
/// still being read (`settling`), what lies before it is set so that the two agree: nobody else knows it.
pub(crate) async fn set_balance(
    tx: &mut UserTx,
    banked: &Banked,
    account: &ProviderAccount,
    settling: bool,
    now: Timestamp,
) -> Result<()> {
    let Some(balance) =
        account.balance_minor.filter(|_| account.currency.code() == banked.currency)
    else {
        return Ok(());
    };
    let user = tx.user().clone();
    let booked: Option<(i64,)> = fetch_optional!(
        tx,
        r#"
        select cast("inMinor" + "outMinor" as bigint)
        from "ledger_sum"
        where "userId" = $1 and "accountId" = $2 and "currency" = $3 and "status" = 'completed'
        "#,
        &user,
        &banked.id,
        &banked.currency,
    )?;
    let booked = booked.map_or(0, |(sum,)| sum);
    let untouched = banked.bank_balance_at.is_none() && banked.opening_minor == 0;
    let is_ours = untouched || (settling && banked.bank_balance_at.is_some());
    let too_large = || Error::Corrupt("balance");
    let opening = if is_ours {
        balance.checked_sub(booked).ok_or_else(too_large)?
    } else {
        banked.opening_minor
    };
    let differs = opening.checked_add(booked).ok_or_else(too_large)? != balance;
    execute!(
        tx,
        r#"
        update "bank_account"
        set "bankBalanceMinor" = $3, "bankAvailableMinor" = $4, "bankBalanceAt" = $5, "openingMinor" = $6,
            "gapSince" = $7, "updatedAt" = $5
        where "userId" = $1 and "id" = $2
        "#,
        user,
        &banked.id,
        balance,
        account.available_minor,
        now,
        opening,
        differs.then(|| banked.gap_since.unwrap_or(now)),
    )?;
    Ok(())
}

/// Stops using an account whose proof is gone: its numbers are erased.
pub(crate) async fn suspend(
    tx: &mut UserTx,
    banked: &Banked,
    event: Event,
    now: Timestamp,
) -> Result<()> {
    let standing = Standing::new(banked.status, banked.status_reason);
    // What is not active has nothing to lose.
    let Ok((next, _)) = account::next(standing, event) else { return Ok(()) };
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "bank_account"
        set "status" = $3, "statusReason" = $4, "accountNumber" = null, "routingNumber" = null, "numberIndex" = null,
            "numberLock" = null, "updatedAt" = $5
        where "userId" = $1 and "id" = $2
        "#,
        user,
        &banked.id,
        next.status(),
        next.reason(),
        now,
    )?;
    Ok(())
}

/// Numbers that were fetched anew: where the provider has proven whose they are, the account is proven again; else one that
/// waits for its proof has them now, and nothing else changes. Nothing when another account has them.
pub(crate) async fn renumber(
    tx: &mut UserTx,
    banked: &Banked,
    numbers: &SealedNumbers,
    now: Timestamp,
) -> Result<()> {
    let standing = Standing::new(banked.status, banked.status_reason);
    if !numbers.is_proven && standing != Standing::Pending {
        return Ok(());
    }
    let begun = numbers.is_proven.then(|| account::beginning(account::Origin::Provider));
    let standing = match begun {
        Some(_) => account::next(standing, Event::Verified).map_or(standing, |(next, _)| next),
        None => standing,
    };
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "bank_account"
        set "accountNumber" = $3, "routingNumber" = $4, "numberIndex" = $5, "numberIsToken" = $6, "status" = $7,
            "statusReason" = $8, "verification" = coalesce($9, "verification"),
            "verificationMethod" = coalesce($10, "verificationMethod"), "verifiedAt" = coalesce($11, "verifiedAt"),
            "updatedAt" = $12, "numberLock" = $13
        where "userId" = $1 and "id" = $2
          and not exists (
              select 1 from "bank_account" o
              where o."userId" = $1 and o."id" <> $2 and o."numberIndex" = $5 and o."archivedAt" is null)
        "#,
        user,
        &banked.id,
        &numbers.sealed.number,
        &numbers.sealed.routing,
        &numbers.sealed.index,
        numbers.is_token,
        standing.status(),
        standing.reason(),
        begun.map(|begun| begun.verification),
        begun.and_then(|begun| begun.method),
        begun.map(|_| now),
        now,
        &numbers.sealed.lock,
    )?;
    Ok(())
}

/// Deposits of the provider's own lapsed: whoever waits for their proof waits no more.
pub(crate) async fn lapse(
    tx: &mut UserTx,
    connection: &ConnectionId,
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "bank_account" set "verification" = 'expired', "updatedAt" = $3
        where "userId" = $1 and "connectionId" = $2 and "verification" in ('unstarted', 'sent', 'posted')
        "#,
        user,
        connection,
        now,
    )?;
    Ok(())
}

/// Forgets what a provider says of the accounts of a connection: balances, and which is which. Rows stay.
pub(crate) async fn forget_provider(
    tx: &mut UserTx,
    connection: &ConnectionId,
    detach: bool,
    now: Timestamp,
) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "bank_account"
        set "bankBalanceMinor" = null, "bankAvailableMinor" = null, "gapSince" = null, "providerId" = null,
            "connectionId" = case when $3 then null else "connectionId" end, "updatedAt" = $4
        where "userId" = $1 and "connectionId" = $2
        "#,
        user,
        connection,
        detach,
        now,
    )?;
    Ok(())
}

/// Holds an account until the end of the transaction: two readings of it never pass each other.
pub(crate) async fn hold(tx: &mut UserTx, account: &AccountId, now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    let held = execute!(
        tx,
        r#"update "bank_account" set "updatedAt" = $3 where "userId" = $1 and "id" = $2"#,
        user,
        account,
        now,
    )?;
    if held == 0 { Err(Error::NotFound(ACCOUNT)) } else { Ok(()) }
}
