//! An account is put away and brought back. Its rows stay in the list of transactions and in what was spent; the account
//! is in no list and no total any more, its numbers are erased, no connection reads it and deposits on their way to it
//! are given up (spec: banking 4).

use domain::{
    AccountId, AccountStatus, AccountView,
    activity::Action,
    plan::Limit,
    states::account::{self, Effect, Event as Happening, Standing, Suspension},
};

use super::{ACCOUNT, listed, one};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    audit::{self, Event},
    billing,
    db::UserTx,
    execute, fetch_optional, look, verification,
};

/// What decides about an account.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Held {
    status: AccountStatus,
    status_reason: Option<Suspension>,
    archived_at: Option<Timestamp>,
}

/// The caller's accounts that were put away, in the order of [`list`](super::list).
#[tracing::instrument(name = "accounts.archived", skip_all, fields(user.id = %caller.user()))]
pub async fn archived(backend: &Backend, caller: &SignedIn) -> Result<Vec<AccountView>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    listed(&mut tx, true).await
}

/// Puts one of the caller's accounts away. Done twice, it is done once.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else.
#[tracing::instrument(name = "accounts.archive", skip_all, fields(user.id = %caller.user()))]
pub async fn archive(backend: &Backend, caller: &SignedIn, id: &AccountId) -> Result<AccountView> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let held = hold(&mut tx, id).await?;
    let standing = Standing::new(held.status, held.status_reason);
    let (_, effects) = account::next(standing, Happening::Archived)
        .map_err(|_| Error::Corrupt("state of an account"))?;
    if held.archived_at.is_none() {
        let now = Timestamp::from(backend.clock.now());
        execute!(
            tx,
            r#"
            update "bank_account"
            set "archivedAt" = case when $3 then $5 else "archivedAt" end,
                "connectionId" = case when $3 then null else "connectionId" end,
                "providerId" = case when $3 then null else "providerId" end,
                "bankBalanceMinor" = case when $3 then null else "bankBalanceMinor" end,
                "bankAvailableMinor" = case when $3 then null else "bankAvailableMinor" end,
                "gapSince" = case when $3 then null else "gapSince" end,
                "accountNumber" = case when $4 then null else "accountNumber" end,
                "routingNumber" = case when $4 then null else "routingNumber" end,
                "numberIndex" = case when $4 then null else "numberIndex" end,
                "numberLock" = case when $4 then null else "numberLock" end,
                "verification" = case when $4 and "verification" in ('sent', 'posted') then 'expired' else "verification" end,
                "updatedAt" = $5
            where "userId" = $1 and "id" = $2
            "#,
            caller.user(),
            id,
            effects.contains(&Effect::Hide),
            effects.contains(&Effect::EraseNumbers),
            now,
        )?;
        verification::close(&mut tx, id, now).await?;
        note(&mut tx, backend, caller, id, Action::BankAccountArchived).await?;
    }
    let view = one(&mut tx, id).await?;
    tx.commit().await?;
    Ok(view)
}

/// Brings one of the caller's accounts back, kept by hand until its bank is chosen again. Its numbers stay erased. Done twice, it is done once.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else; [`Error::PlanRequired`] where the plan has no room for it.
#[tracing::instrument(name = "accounts.unarchive", skip_all, fields(user.id = %caller.user()))]
pub async fn unarchive(
    backend: &Backend,
    caller: &SignedIn,
    id: &AccountId,
) -> Result<AccountView> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    if hold(&mut tx, id).await?.archived_at.is_some() {
        billing::admit(&mut tx, backend, Limit::Accounts).await?;
        execute!(
            tx,
            r#"update "bank_account" set "archivedAt" = null, "updatedAt" = $3 where "userId" = $1 and "id" = $2"#,
            caller.user(),
            id,
            Timestamp::from(backend.clock.now()),
        )?;
        note(&mut tx, backend, caller, id, Action::BankAccountUnarchived).await?;
    }
    let view = one(&mut tx, id).await?;
    tx.commit().await?;
    Ok(view)
}

async fn hold(tx: &mut UserTx, id: &AccountId) -> Result<Held> {
    let user = tx.user().clone();
    let held: Option<Held> = fetch_optional!(
        tx,
        sqlite: r#"select "status", "statusReason", "archivedAt" from "bank_account" where "userId" = $1 and "id" = $2"#,
        postgres: r#"select "status", "statusReason", "archivedAt" from "bank_account" where "userId" = $1 and "id" = $2 for update"#,
        user,
        id,
    )?;
    held.ok_or(Error::NotFound(ACCOUNT))
}

/// Writes it down, and has transfers and series looked at again, which leave such an account out.
async fn note(
    tx: &mut UserTx,
    backend: &Backend,
    caller: &SignedIn,
    id: &AccountId,
    action: Action,
) -> Result<()> {
    audit::record(tx, backend, Event::by(action, caller).subject("bank_account", id)).await?;
    look::later(tx, backend, caller.user()).await
}
