//! Jobs that were given up: kept until somebody has removed the cause and replays them.

use time::OffsetDateTime;

use crate::{
    Backend, Error, Result, Timestamp,
    db::{SystemTx, Tx as _},
    execute, fetch_all,
};

/// A job after its last try. Without its payload, which may hold what nobody else should read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    /// For [`replay`].
    pub id: String,
    /// The name of its variant.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed.
    pub last_error: String,
    /// When it was enqueued.
    pub created_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    kind: String,
    attempts: i64,
    last_error: Option<String>,
    created_at: Timestamp,
}

impl From<Row> for DeadJob {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            attempts: row.attempts,
            last_error: row.last_error.unwrap_or_default(),
            created_at: row.created_at.into(),
        }
    }
}

/// The oldest dead jobs, at most `limit`.
pub async fn dead(backend: &Backend, limit: i64) -> Result<Vec<DeadJob>> {
    let mut tx = backend.db.system().read().await?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "kind", "attempts", "lastError", "createdAt"
        from "job"
        where "state" = 'dead'
        order by "createdAt", "id"
        limit $1
        "#,
        limit,
    )?;
    Ok(rows.into_iter().map(DeadJob::from).collect())
}

/// Runs a dead job again, with all its tries.
#[tracing::instrument(name = "jobs.replay", skip_all, fields(job.id = %id))]
pub async fn replay(backend: &Backend, id: &str) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    replay_in(&mut tx, backend, id).await?;
    tx.commit().await?;
    Ok(())
}

/// The same in the transaction of whoever has more to write.
pub(crate) async fn replay_in(tx: &mut SystemTx, backend: &Backend, id: &str) -> Result<()> {
    let revived = execute!(
        tx,
        r#"update "job" set "state" = 'pending', "attempts" = 0, "runAt" = $2 where "id" = $1 and "state" = 'dead'"#,
        id,
        Timestamp::from(backend.clock.now()),
    )?;
    if revived == 0 {
        return Err(Error::NotFound("dead job"));
    }
    tx.notify_after_commit(backend.jobs.arrived.clone());
    Ok(())
}
