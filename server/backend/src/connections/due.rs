//! What happens to connections by itself: those that are due are read, those that nobody wanted are ended, what has had its
//! day is deleted.

use domain::{ConnectionId, UserId, states::connection::Event};
use time::{Duration, OffsetDateTime};

use super::{
    open_token, rows,
    state::{self, Means},
};
use crate::{
    Backend, Error, Result, Timestamp,
    accounts::banked,
    db::SystemTx,
    execute, fetch_all,
    jobs::{self, Job, Options},
};

/// Connections that one look enqueues at most: the next look is soon.
const MOST: i64 = 500;
/// A connection whose accounts nobody chose for so long is ended.
const UNWANTED_AFTER: Duration = Duration::days(1);
/// Bodies of webhooks go after this time; that they came stays known.
const BODIES_KEPT: Duration = Duration::days(30);
const WEBHOOKS_KEPT: Duration = Duration::days(400);

/// Enqueues a sync for each connection that is due and has none.
#[tracing::instrument(name = "connections.sync_due", skip_all)]
pub(crate) async fn sync_due(backend: &Backend) -> Result<SystemTx> {
    let mut tx = backend.db.system().write().await?;
    let due: Vec<(ConnectionId, UserId)> = fetch_all!(
        tx,
        r#"
        select c."id", c."userId"
        from "connection" c
        where c."nextSyncAt" <= $1 and c."removedAt" is null
          and c."state" in ('healthy', 'syncing', 'expiring', 'institution_down')
          and not exists (
              select 1 from "job" j where j."key" = 'connection:' || c."id" and j."state" <> 'dead')
        order by c."nextSyncAt", c."id"
        limit $2
        "#,
        Timestamp::from(backend.clock.now()),
        MOST,
    )?;
    for (connection, user) in &due {
        let job =
            Job::SyncConnection { user: user.clone(), connection: connection.clone(), tries: 0 };
        let options = Options { key: Some(super::key(connection)), ..Options::default() };
        jobs::enqueue(&mut tx, backend, &job, options).await?;
    }
    if !due.is_empty() {
        tracing::info!(connections = due.len(), "connections are due");
    }
    Ok(tx)
}

/// Deletes attempts to link whose time is over and the bodies of old webhooks, and ends connections that nobody wanted.
#[tracing::instrument(name = "connections.sweep", skip_all)]
pub(crate) async fn sweep(backend: &Backend) -> Result<SystemTx> {
    let now = backend.clock.now();
    let mut tx = backend.db.system().read().await?;
    let unwanted: Vec<(ConnectionId, UserId)> = fetch_all!(
        tx,
        r#"
        select "id", "userId"
        from "connection"
        where "nextSyncAt" is null and "state" = 'healthy' and "removedAt" is null and "createdAt" <= $1
        order by "createdAt"
        limit $2
        "#,
        Timestamp::from(now - UNWANTED_AFTER),
        MOST,
    )?;
    drop(tx);
    for (connection, user) in &unwanted {
        end_unwanted(backend, user, connection).await?;
    }
    let mut tx = backend.db.system().write().await?;
    let attempts = delete_attempts(&mut tx, now).await?;
    let bodies = delete_webhooks(&mut tx, now).await?;
    tracing::info!(attempts, bodies, connections = unwanted.len(), "what banks left over is gone");
    Ok(tx)
}

async fn end_unwanted(backend: &Backend, user: &UserId, connection: &ConnectionId) -> Result<()> {
    let mut tx = backend.db.as_user(user).read().await?;
    let row = match rows::find(&mut tx, connection).await {
        Err(Error::NotFound(_)) => return Ok(()),
        row => row?,
    };
    drop(tx);
    let means = Means { token: open_token(backend, user, &row).await?, email: None };
    let now = backend.clock.now();
    let mut tx = backend.db.as_user(user).write().await?;
    let mut row = rows::hold(&mut tx, connection).await?;
    // Somebody may have chosen accounts meanwhile.
    if row.next_sync_at.is_some() || !banked::of(&mut tx, connection).await?.is_empty() {
        return Ok(());
    }
    if state::step(&mut tx, backend, &mut row, Event::Removed, &means).await? {
        (row.token, row.removed_at) = (None, Some(now.into()));
        rows::save(&mut tx, &row, now.into()).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn delete_attempts(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    Ok(
        execute!(
            tx,
            r#"delete from "link_attempt" where "expiresAt" <= $1"#,
            Timestamp::from(now),
        )?,
    )
}

async fn delete_webhooks(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    execute!(
        tx,
        r#"delete from "bank_webhook" where "receivedAt" <= $1"#,
        Timestamp::from(now - WEBHOOKS_KEPT),
    )?;
    Ok(execute!(
        tx,
        r#"update "bank_webhook" set "body" = null where "body" is not null and "receivedAt" <= $1"#,
        Timestamp::from(now - BODIES_KEPT),
    )?)
}
