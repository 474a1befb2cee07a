//! What is enqueued again and again. However many processes look, one of them enqueues each time.

use std::time::Duration;

use time::OffsetDateTime;

use super::{Job, Options, enqueue};
use crate::{Backend, Result, Timestamp, db::SystemTx, execute, fetch_all, fetch_optional};

/// One recurring job.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Names its row; also the key of its jobs, so that two of them never run at once.
    pub name: &'static str,
    /// From one time to the next.
    pub every: Duration,
    /// Makes the job.
    pub job: fn() -> Job,
}

/// Every recurring job of the product.
pub const SCHEDULES: &[Schedule] = &[
    Schedule { name: "sweep-sessions", every: Duration::from_hours(1), job: || Job::SweepSessions },
    Schedule { name: "sweep-drafts", every: Duration::from_hours(1), job: || Job::SweepDrafts },
    Schedule { name: "sweep-mail", every: Duration::from_hours(24), job: || Job::SweepMail },
    Schedule { name: "sweep-trail", every: Duration::from_hours(24), job: || Job::SweepTrail },
    Schedule {
        name: "sweep-webhooks",
        every: Duration::from_hours(24),
        job: || Job::SweepWebhooks,
    },
    Schedule { name: "sync-products", every: Duration::from_hours(1), job: || Job::SyncProducts },
    Schedule { name: "reconcile", every: Duration::from_mins(15), job: || Job::Reconcile },
    Schedule {
        name: "reconcile-subscriptions",
        every: Duration::from_hours(24),
        job: || Job::ReconcileSubscriptions { page: 1 },
    },
    Schedule {
        name: "reconcile-orders",
        every: Duration::from_hours(24),
        job: || Job::ReconcileOrders { page: 1 },
    },
    Schedule { name: "check-webhooks", every: Duration::from_hours(1), job: || Job::CheckWebhooks },
    Schedule { name: "send-usage", every: Duration::from_mins(5), job: || Job::SendUsage },
    Schedule { name: "sync-due", every: Duration::from_mins(5), job: || Job::SyncDue },
    Schedule { name: "check-deposits", every: Duration::from_mins(15), job: || Job::CheckDeposits },
    Schedule { name: "sweep-banks", every: Duration::from_hours(1), job: || Job::SweepBanks },
];

/// A schedule is tried a few times; then its next time comes anyway.
const MAX_ATTEMPTS: i64 = 5;

impl Schedule {
    fn every_ms(&self) -> i64 {
        i64::try_from(self.every.as_millis()).unwrap_or(i64::MAX)
    }

    /// The first time after `now` in the rhythm of `from`: times that passed while nothing ran are not made up for.
    fn next(&self, from: OffsetDateTime, now: OffsetDateTime) -> OffsetDateTime {
        let passed = Timestamp::from(now).unix_ms() - Timestamp::from(from).unix_ms();
        from + time::Duration::milliseconds((passed / self.every_ms() + 1) * self.every_ms())
    }
}

/// Makes the rows of `schedules`. A new one is due at once; one whose rhythm changed, after its new time.
pub async fn install(backend: &Backend, schedules: &[Schedule]) -> Result<()> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().write().await?;
    for schedule in schedules {
        execute!(
            tx,
            r#"
            insert into "schedule" ("name", "everyMs", "nextAt") values ($1, $2, $3)
            on conflict ("name") do update
            set "everyMs" = excluded."everyMs", "nextAt" = $4
            where "schedule"."everyMs" <> excluded."everyMs"
            "#,
            schedule.name,
            schedule.every_ms(),
            Timestamp::from(now),
            Timestamp::from(now + schedule.every),
        )?;
    }
    tx.commit().await?;
    Ok(())
}

/// Enqueues the jobs whose time has come; answers how many this call enqueued.
pub async fn fire_due(backend: &Backend, schedules: &[Schedule]) -> Result<usize> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().read().await?;
    let due: Vec<(String, Timestamp)> = fetch_all!(
        tx,
        r#"select "name", "nextAt" from "schedule" where "nextAt" <= $1"#,
        Timestamp::from(now),
    )?;
    drop(tx);

    let mut fired = 0;
    for (name, next_at) in due {
        // A row of another release waits for that release.
        let Some(schedule) = schedules.iter().find(|schedule| schedule.name == name) else {
            continue;
        };
        fired += usize::from(fire(backend, schedule, next_at.into(), now).await?);
    }
    Ok(fired)
}

/// Moves the row on and enqueues, in one transaction: whoever moves it is the one who enqueues.
async fn fire(
    backend: &Backend,
    schedule: &Schedule,
    at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<bool> {
    let mut tx = backend.db.system().write().await?;
    let moved = execute!(
        tx,
        r#"update "schedule" set "nextAt" = $2 where "name" = $1 and "nextAt" = $3"#,
        schedule.name,
        Timestamp::from(schedule.next(at, now)),
        Timestamp::from(at),
    )?;
    if moved == 0 {
        return Ok(false);
    }
    let enqueued = !is_queued(&mut tx, schedule.name).await?;
    if enqueued {
        let options = Options {
            key: Some(schedule.name.to_owned()),
            max_attempts: Some(MAX_ATTEMPTS),
            ..Options::default()
        };
        enqueue(&mut tx, backend, &(schedule.job)(), options).await?;
    }
    tx.commit().await?;
    Ok(enqueued)
}

/// Whether the job of the last time has not run to its end yet.
async fn is_queued(tx: &mut SystemTx, key: &str) -> Result<bool> {
    let queued: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "id" from "job" where "key" = $1 and "state" <> 'dead' limit 1"#,
        key,
    )?;
    Ok(queued.is_some())
}
