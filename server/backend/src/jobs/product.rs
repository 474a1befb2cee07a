//! What each of the product's jobs does.

use super::{Handler, Job};
use crate::{
    Backend, Result, audit, auth,
    billing::{self, customers, reconcile},
    connections,
    db::SystemTx,
    idempotency, imports, look, mail, transactions, verification,
};

/// Hands each job to the feature it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Product;

impl Handler for Product {
    async fn perform(&self, backend: &Backend, id: &str, job: Job) -> Result<SystemTx> {
        match job {
            Job::SendMail(mail) => mail::deliver(backend, id, &mail).await,
            Job::Nothing => Ok(backend.db.system().write().await?),
            Job::SweepSessions => sweep_sessions(backend).await,
            Job::SweepDrafts => sweep_drafts(backend).await,
            Job::SweepMail => sweep_mail(backend).await,
            Job::SweepTrail => sweep_trail(backend).await,
            Job::ApplyWebhook { webhook } => billing::apply_stored(backend, &webhook).await,
            Job::SweepWebhooks => sweep_webhooks(backend).await,
            Job::CreateCustomer { user } => customers::create(backend, &user).await,
            Job::UpdateCustomer { user } => customers::update(backend, &user).await,
            Job::DeleteCustomer { external_id } => customers::delete(backend, &external_id).await,
            Job::SyncProducts => billing::sync_products_later(backend).await,
            Job::Reconcile => reconcile::suspicious(backend).await,
            Job::ReconcileSubscription { subscription } => {
                reconcile::one(backend, &subscription).await
            }
            Job::ReconcileSubscriptions { page } => reconcile::subscriptions(backend, page).await,
            Job::ReconcileOrders { page } => reconcile::orders(backend, page).await,
            Job::CheckWebhooks => reconcile::check_webhooks(backend).await,
            Job::SendUsage => billing::send_usage(backend).await,
            Job::SyncDue => connections::sync_due(backend).await,
            Job::SyncConnection { user, connection, tries } => {
                connections::sync(backend, &user, &connection, tries).await
            }
            Job::RemoveItem { provider, token } => {
                connections::remove_item(backend, &provider, token).await
            }
            Job::ApplyBankWebhook { webhook } => {
                connections::apply_webhook(backend, &webhook).await
            }
            Job::LookAgain { user } => look::again(backend, &user).await,
            Job::SendDeposits { user, round, answer } => {
                verification::send(backend, &user, &round, &answer).await
            }
            Job::CheckDeposits => verification::check_deposits(backend).await,
            Job::CheckRound { user, round } => {
                verification::check_round(backend, &user, &round).await
            }
            Job::SweepBanks => connections::sweep(backend).await,
        }
    }
}

async fn sweep_sessions(backend: &Backend) -> Result<SystemTx> {
    let deleted = auth::sessions::delete_expired(backend).await?;
    auth::oauth::delete_expired_flows(backend).await?;
    let mut tx = backend.db.system().write().await?;
    let proofs = auth::sweep_verifications(&mut tx, backend.clock.now()).await?;
    let devices = auth::two_factor::sweep_devices(&mut tx, backend.clock.now()).await?;
    tracing::info!(
        deleted,
        proofs,
        devices,
        "sessions, proofs and trusted devices whose time is over are gone"
    );
    Ok(tx)
}

async fn sweep_drafts(backend: &Backend) -> Result<SystemTx> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().write().await?;
    let uploads = imports::sweep(&mut tx, now).await?;
    let answers = idempotency::sweep(&mut tx, now).await?;
    let batches = transactions::sweep_batches(&mut tx, now).await?;
    tracing::info!(uploads, answers, batches, "old uploads, answers and batches are gone");
    Ok(tx)
}

async fn sweep_mail(backend: &Backend) -> Result<SystemTx> {
    let mut tx = backend.db.system().write().await?;
    let messages = mail::mailbox::sweep(&mut tx, backend.clock.now()).await?;
    tracing::info!(messages, "old messages are gone");
    Ok(tx)
}

async fn sweep_trail(backend: &Backend) -> Result<SystemTx> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().write().await?;
    let devices = auth::devices::sweep(&mut tx, now).await?;
    let events = audit::sweep(&mut tx, now).await?;
    tracing::info!(devices, events, "forgotten browsers and the end of the trail are gone");
    Ok(tx)
}

async fn sweep_webhooks(backend: &Backend) -> Result<SystemTx> {
    let mut tx = backend.db.system().write().await?;
    let bodies = billing::sweep(&mut tx, backend.clock.now()).await?;
    let differences = reconcile::sweep(&mut tx, backend.clock.now()).await?;
    tracing::info!(bodies, differences, "bodies of old webhooks and old differences are gone");
    Ok(tx)
}
