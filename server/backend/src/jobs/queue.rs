//! The statements of the queue. Whoever finishes, renews or returns a job names its lease: a runner that was
//! slow for too long finds that the job is no longer its own.

use std::time::Duration;

use metrics::{counter, gauge};
use time::OffsetDateTime;

use super::backoff;
use crate::{
    Backend, Error, OnConflict, Result, Timestamp, db::SystemTx, execute, fetch_all, fetch_one,
    fetch_optional,
};

/// Two runners that reach for two jobs of one key at once: the second tries again, and sees the first.
const CLAIM_TRIES: usize = 3;

/// One leased job.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Claim {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) payload: String,
    pub(super) attempts: i64,
    max_attempts: i64,
    lease: String,
}

/// What waits, for the metrics.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Waiting {
    due: i64,
    oldest: Option<Timestamp>,
}

/// Leases the job that has been due for longest, if there is one that may run.
pub(super) async fn claim(backend: &Backend, lease: Duration) -> Result<Option<Claim>> {
    for _ in 0..CLAIM_TRIES {
        if !anything_due(backend).await? {
            return Ok(None);
        }
        match try_claim(backend, lease).await {
            Err(Error::AlreadyExists(_)) => {}
            decided => return decided,
        }
    }
    Ok(None)
}

/// Asks without taking the lock of the writer, for which people's own requests wait on `SQLite`.
async fn anything_due(backend: &Backend) -> Result<bool> {
    let mut tx = backend.db.system().read().await?;
    let due: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        select "id" from "job"
        where ("state" = 'pending' and "runAt" <= $1) or ("state" = 'running' and "leaseUntil" <= $1)
        limit 1
        "#,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(due.is_some())
}

async fn try_claim(backend: &Backend, lease: Duration) -> Result<Option<Claim>> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().write().await?;
    let taken_back = take_back_expired(&mut tx, now.into()).await?;
    let claim: Option<Claim> = fetch_optional!(
        tx,
        sqlite: r#"
        update "job"
        set "state" = 'running', "lease" = $1, "leaseUntil" = $2, "attempts" = "attempts" + 1
        where "id" = (
            select j."id" from "job" j
            where j."state" = 'pending' and j."runAt" <= $3
              and not exists (select 1 from "job" r where r."key" = j."key" and r."state" = 'running')
            order by j."runAt", j."id"
            limit 1)
        returning "id", "kind", "payload", "attempts", "maxAttempts", "lease"
        "#,
        postgres: r#"
        update "job"
        set "state" = 'running', "lease" = $1, "leaseUntil" = $2, "attempts" = "attempts" + 1
        where "id" = (
            select j."id" from "job" j
            where j."state" = 'pending' and j."runAt" <= $3
              and not exists (select 1 from "job" r where r."key" = j."key" and r."state" = 'running')
            order by j."runAt", j."id"
            limit 1
            for update of j skip locked)
        returning "id", "kind", "payload", "attempts", "maxAttempts", "lease"
        "#,
        backend.new_id(),
        Timestamp::from(now + lease),
        Timestamp::from(now),
    )
    .on_conflict("runner of this key")?;
    tx.commit().await?;
    for (kind, state) in taken_back {
        count_failure(kind, state == "dead");
    }
    Ok(claim)
}

/// Jobs whose runner is gone wait again, or are dead when that was their last try: a job that brings down
/// its process must not do so for ever. Answers their kinds and new states.
async fn take_back_expired(tx: &mut SystemTx, now: Timestamp) -> Result<Vec<(String, String)>> {
    Ok(fetch_all!(
        tx,
        sqlite: r#"
        update "job"
        set "state" = case when "attempts" >= "maxAttempts" then 'dead' else 'pending' end,
            "lease" = null, "leaseUntil" = null, "lastError" = 'the lease expired'
        where "state" = 'running' and "leaseUntil" <= $1
        returning "kind", "state"
        "#,
        postgres: r#"
        update "job"
        set "state" = case when "attempts" >= "maxAttempts" then 'dead' else 'pending' end,
            "lease" = null, "leaseUntil" = null, "lastError" = 'the lease expired'
        where "id" in (
            select "id" from "job" where "state" = 'running' and "leaseUntil" <= $1 for update skip locked)
        returning "kind", "state"
        "#,
        now,
    )?)
}

/// Holds the lease for longer. False: the job is somebody else's now.
pub(super) async fn renew(backend: &Backend, claim: &Claim, lease: Duration) -> Result<bool> {
    let mut tx = backend.db.system().write().await?;
    let renewed = execute!(
        tx,
        r#"update "job" set "leaseUntil" = $3 where "id" = $1 and "lease" = $2"#,
        &claim.id,
        &claim.lease,
        Timestamp::from(backend.clock.now() + lease),
    )?;
    tx.commit().await?;
    Ok(renewed == 1)
}

/// The done mark, in the transaction of the effect. False: the job is somebody else's now, and that
/// transaction must be dropped.
pub(super) async fn finish(tx: &mut SystemTx, claim: &Claim) -> Result<bool> {
    let finished = execute!(
        tx,
        r#"delete from "job" where "id" = $1 and "lease" = $2"#,
        &claim.id,
        &claim.lease,
    )?;
    Ok(finished == 1)
}

/// Puts a failed job back for later, or keeps it as dead after its last try.
pub(super) async fn fail(backend: &Backend, claim: &Claim, reason: &str) -> Result<()> {
    let dead = claim.attempts >= claim.max_attempts;
    let again = backend.clock.now() + backoff::delay(&backend.random, claim.attempts);
    let mut tx = backend.db.system().write().await?;
    execute!(
        tx,
        r#"
        update "job"
        set "state" = $3, "runAt" = $4, "lastError" = $5, "lease" = null, "leaseUntil" = null
        where "id" = $1 and "lease" = $2
        "#,
        &claim.id,
        &claim.lease,
        if dead { "dead" } else { "pending" },
        Timestamp::from(again),
        reason,
    )?;
    tx.commit().await?;
    count_failure(claim.kind.clone(), dead);
    Ok(())
}

/// Gives up the lease of a job that was interrupted, as if it had not been tried.
pub(super) async fn give_back(backend: &Backend, claim: &Claim) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    execute!(
        tx,
        r#"
        update "job"
        set "state" = 'pending', "attempts" = "attempts" - 1, "lease" = null, "leaseUntil" = null
        where "id" = $1 and "lease" = $2
        "#,
        &claim.id,
        &claim.lease,
    )?;
    tx.commit().await?;
    Ok(())
}

/// Sets the gauges of the queue.
pub(super) async fn measure(backend: &Backend) -> Result<()> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().read().await?;
    let waiting: Waiting = fetch_one!(
        tx,
        r#"select count(*) as "due", min("runAt") as "oldest" from "job" where "state" = 'pending' and "runAt" <= $1"#,
        Timestamp::from(now),
    )?;
    let oldest = waiting.oldest.map_or(time::Duration::ZERO, |at| now - OffsetDateTime::from(at));
    gauge!("coffer_jobs_pending").set(f64::from(u32::try_from(waiting.due).unwrap_or(u32::MAX)));
    gauge!("coffer_jobs_oldest_seconds").set(oldest.as_seconds_f64());
    Ok(())
}

fn count_failure(kind: String, dead: bool) {
    let outcome = if dead { "dead" } else { "retried" };
    counter!("coffer_jobs_failed_total", "kind" => kind, "outcome" => outcome).increment(1);
}
