//! What a plan has room for. Asked in the transaction that adds, so that two requests at once cannot both have the
//! last place.

use domain::{
    Date,
    plan::{Limit, Plan},
};
use time::{OffsetDateTime, Time};

use super::entitlement;
use crate::{Backend, Error, Result, SignedIn, Timestamp, db::UserTx, fetch_one};

/// How much of a plan is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanUse {
    /// Bank accounts.
    pub accounts: i64,
    /// Files imported in this calendar month (UTC).
    pub imports_this_month: i64,
}

/// How much of their plan the caller uses.
#[tracing::instrument(name = "billing.plan_use", skip_all, fields(user.id = %caller.user()))]
pub async fn plan_use(backend: &Backend, caller: &SignedIn) -> Result<PlanUse> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let accounts = accounts(&mut tx).await?;
    let imports_this_month = imports(&mut tx, month_start(backend.clock.now())).await?;
    Ok(PlanUse { accounts, imports_this_month })
}

/// Refuses one more of `limit` when the plan of this person has no room for it. Costs nothing without billing.
///
/// # Errors
/// [`Error::PlanRequired`].
pub(crate) async fn admit(tx: &mut UserTx, backend: &Backend, limit: Limit) -> Result<()> {
    if backend.settings.billing.is_none() {
        return Ok(());
    }
    let plan = entitlement::of(tx, backend).await?.plan;
    if plan.limits().of(limit).is_none() {
        return Ok(());
    }
    one_at_a_time(tx).await?;
    room(tx, backend, plan, limit).await
}

/// Refuses where the caller's plan has no room for one more of `limit`: for pages, which say so before anything is
/// typed. Whoever adds something is asked again, in the transaction that adds it.
///
/// # Errors
/// [`Error::PlanRequired`].
#[tracing::instrument(name = "billing.plan_required", skip_all, fields(user.id = %caller.user()))]
pub async fn plan_required(backend: &Backend, caller: &SignedIn, limit: Limit) -> Result<()> {
    if backend.settings.billing.is_none() {
        return Ok(());
    }
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let plan = entitlement::of(&mut tx, backend).await?.plan;
    room(&mut tx, backend, plan, limit).await
}

async fn room(tx: &mut UserTx, backend: &Backend, plan: Plan, limit: Limit) -> Result<()> {
    let Some(most) = plan.limits().of(limit) else { return Ok(()) };
    let used = match limit {
        Limit::Accounts => accounts(tx).await?,
        Limit::Imports => imports(tx, month_start(backend.clock.now())).await?,
        // Reaching back is cut, not refused.
        Limit::History => return Ok(()),
    };
    if used >= i64::from(most) { Err(Error::PlanRequired { limit, plan }) } else { Ok(()) }
}

/// The first day that the plan of this person reaches back to; nothing where it reaches back to the beginning.
pub(crate) async fn history_start(tx: &mut UserTx, backend: &Backend) -> Result<Option<Date>> {
    if backend.settings.billing.is_none() {
        return Ok(None);
    }
    let plan = entitlement::of(tx, backend).await?.plan;
    Ok(plan.history_start(backend.clock.today()))
}

/// Lets the acts of one person that count come one after the other. On SQLite writers do so anyway.
async fn one_at_a_time(tx: &mut UserTx) -> Result<()> {
    let user = tx.user().clone();
    let _: (i64,) = fetch_one!(
        tx,
        sqlite: r"select 1 where $1 <> ''",
        postgres: r"select cast(1 as bigint) from pg_advisory_xact_lock(hashtextextended($1, 8))",
        user,
    )?;
    Ok(())
}

async fn accounts(tx: &mut UserTx) -> Result<i64> {
    let user = tx.user().clone();
    let (count,): (i64,) = fetch_one!(
        tx,
        r#"select count(*) from "bank_account" where "userId" = $1 and "archivedAt" is null"#,
        user,
    )?;
    Ok(count)
}

/// Undone imports count too: the work was done.
async fn imports(tx: &mut UserTx, since: OffsetDateTime) -> Result<i64> {
    let user = tx.user().clone();
    let (count,): (i64,) = fetch_one!(
        tx,
        r#"select count(*) from "import" where "userId" = $1 and "appliedAt" >= $2"#,
        user,
        Timestamp::from(since),
    )?;
    Ok(count)
}

/// The first instant of the calendar month (UTC).
pub(super) fn month_start(now: OffsetDateTime) -> OffsetDateTime {
    let first = now.date().replace_day(1).unwrap_or(now.date());
    first.with_time(Time::MIDNIGHT).assume_utc()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_month_begins_at_midnight_utc() {
        let now = datetime!(2026-11-21 23:59:59 UTC);
        assert_eq!(month_start(now), datetime!(2026-11-01 00:00 UTC));
    }
}
