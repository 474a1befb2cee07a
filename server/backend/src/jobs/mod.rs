//! One durable queue in our own database, for everything that must happen once, later or again.
//!
//! A job is enqueued in the transaction of its cause. A runner leases it, does the work, and deletes the row in
//! the transaction that holds the effect: both happen or neither. Work whose effect is elsewhere (a mail over
//! SMTP) happens at least once. See `docs/adr/0006-jobs-in-our-database.md`.

use std::sync::Arc;

use domain::{ConnectionId, RoundId, UserId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio::sync::Notify;

use crate::{Backend, Error, Result, Timestamp, db::Tx, execute, mail::Mail};

mod backoff;
mod dead;
mod product;
mod queue;
mod run;
mod schedule;
mod worker;

pub(crate) use dead::replay_in;
pub use dead::{DeadJob, dead, replay};
pub use product::Product;
pub use run::{Handler, run_due, run_due_with};
pub use schedule::{SCHEDULES, Schedule, fire_due, install};
pub use worker::{Pace, Worker};

#[cfg(test)]
mod tests;

/// Tries before a job is given up: with the waits between them about a day.
const DEFAULT_MAX_ATTEMPTS: i64 = 20;

/// What there is to do. Stored as JSON with the name of the variant, so a variant may gain fields that have a
/// default, and is renamed only when none is queued.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Job {
    /// Hands one mail to the mailer.
    SendMail(Mail),
    /// Does nothing: where a mail may be due or not, the two cost the same.
    Nothing,
    /// Deletes sessions whose time is over.
    SweepSessions,
    /// Deletes what people uploaded and never applied, and answers kept for repeated requests.
    SweepDrafts,
    /// Deletes old messages of the built-in mailbox.
    SweepMail,
    /// Deletes browsers nobody signed in with for long, and the end of the trail.
    SweepTrail,
    /// Applies one delivery of Polar that is kept in the inbox.
    ApplyWebhook {
        /// Its `webhook-id`.
        webhook: String,
    },
    /// Asks Polar how one subscription stands.
    ReconcileSubscription {
        /// Polar's id of it.
        subscription: String,
    },
    /// Drops the bodies of old deliveries, and old differences.
    SweepWebhooks,
    /// Makes a person a customer at Polar.
    CreateCustomer {
        /// Who.
        user: UserId,
    },
    /// Tells Polar the name and the address of a person.
    UpdateCustomer {
        /// Who.
        user: UserId,
    },
    /// Lets Polar forget a customer.
    DeleteCustomer {
        /// The id that we gave them.
        external_id: String,
    },
    /// Reads Polar's catalogue, and looks whether everything we sell is in it.
    SyncProducts,
    /// Looks for subscriptions that Polar should be asked about.
    Reconcile,
    /// Compares one page of all subscriptions, and goes on with the next.
    ReconcileSubscriptions {
        /// From 1.
        page: i64,
    },
    /// The same of the orders of the last days.
    ReconcileOrders {
        /// From 1.
        page: i64,
    },
    /// Looks whether Polar still sends webhooks, and asks for those that did not arrive.
    CheckWebhooks,
    /// Sends Polar what was used of something metered.
    SendUsage,
    /// Looks which connections are due, and enqueues a sync for each.
    SyncDue,
    /// Reads what is new at one bank.
    SyncConnection {
        /// Whose.
        user: UserId,
        /// Which.
        connection: ConnectionId,
        /// How often it was found to be changing, or not ready, so far.
        #[serde(default)]
        tries: u32,
    },
    /// Ends access to one login at a provider of bank data, and what is billed for it.
    RemoveItem {
        /// The word of the provider.
        provider: String,
        /// What reads it. Payloads are sealed.
        token: String,
    },
    /// Acts on one webhook of a provider of bank data.
    ApplyBankWebhook {
        /// Our id of it.
        webhook: String,
    },
    /// Looks at a person's rows again after some of them changed: what repeats, budgets.
    LookAgain {
        /// Whose.
        user: UserId,
    },
    /// Sends the deposits of one round.
    SendDeposits {
        /// Whose.
        user: UserId,
        /// Which.
        round: RoundId,
        /// The amounts, or the code. Payloads are sealed.
        answer: String,
    },
    /// Looks which rounds are open, and enqueues a look at each.
    CheckDeposits,
    /// Looks how one round stands.
    CheckRound {
        /// Whose.
        user: UserId,
        /// Which.
        round: RoundId,
    },
    /// Deletes attempts to link that nobody finished, and the bodies of old webhooks of banks.
    SweepBanks,
}

impl Job {
    /// The name of the variant, for logs, metrics and the `kind` column.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SendMail(_) => "sendMail",
            Self::Nothing => "nothing",
            Self::SweepSessions => "sweepSessions",
            Self::SweepDrafts => "sweepDrafts",
            Self::SweepMail => "sweepMail",
            Self::SweepTrail => "sweepTrail",
            Self::ApplyWebhook { .. } => "applyWebhook",
            Self::ReconcileSubscription { .. } => "reconcileSubscription",
            Self::SweepWebhooks => "sweepWebhooks",
            Self::CreateCustomer { .. } => "createCustomer",
            Self::UpdateCustomer { .. } => "updateCustomer",
            Self::DeleteCustomer { .. } => "deleteCustomer",
            Self::SyncProducts => "syncProducts",
            Self::Reconcile => "reconcile",
            Self::ReconcileSubscriptions { .. } => "reconcileSubscriptions",
            Self::ReconcileOrders { .. } => "reconcileOrders",
            Self::CheckWebhooks => "checkWebhooks",
            Self::SendUsage => "sendUsage",
            Self::SyncDue => "syncDue",
            Self::SyncConnection { .. } => "syncConnection",
            Self::RemoveItem { .. } => "removeItem",
            Self::ApplyBankWebhook { .. } => "applyBankWebhook",
            Self::LookAgain { .. } => "lookAgain",
            Self::SendDeposits { .. } => "sendDeposits",
            Self::CheckDeposits => "checkDeposits",
            Self::CheckRound { .. } => "checkRound",
            Self::SweepBanks => "sweepBanks",
        }
    }
}

/// How a job runs, where it differs from "now, and again after failures for about a day".
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Of the jobs with one key, one runs at a time. They are not kept in order.
    pub key: Option<String>,
    /// Not before this instant.
    pub run_at: Option<OffsetDateTime>,
    /// Tries before it is kept as dead.
    pub max_attempts: Option<i64>,
}

/// The queue's handle on [`Backend`]: wakes the runner of this process when a job is there.
#[derive(Clone, Default)]
pub struct Queue {
    arrived: Arc<Notify>,
}

impl Queue {
    /// Waits until a transaction that enqueued something has been committed by this process.
    async fn arrival(&self) {
        self.arrived.notified().await;
    }
}

/// Adds a job to the transaction of its cause; answers its id. It exists once that transaction is committed.
pub async fn enqueue(
    tx: &mut impl Tx,
    backend: &Backend,
    job: &Job,
    options: Options,
) -> Result<String> {
    let now = backend.clock.now();
    let id = backend.new_id();
    let payload = serde_json::to_string(job).map_err(|_| Error::Corrupt("job"))?;
    // A mail may hold a link that lets somebody in: whoever reads the database must not read it.
    let payload = backend.vault.seal_waiting(&id, &payload);
    execute!(
        tx,
        r#"
        insert into "job" ("id", "kind", "payload", "key", "runAt", "maxAttempts", "createdAt")
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        &id,
        job.kind(),
        payload,
        options.key,
        Timestamp::from(options.run_at.unwrap_or(now)),
        options.max_attempts.unwrap_or(DEFAULT_MAX_ATTEMPTS),
        Timestamp::from(now),
    )?;
    tx.notify_after_commit(backend.jobs.arrived.clone());
    Ok(id)
}
