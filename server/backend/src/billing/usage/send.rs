//! Sends what was used, a batch at a time. One that was sent and not marked is sent again: Polar knows it by its id.

use domain::UserId;

use crate::{
    Backend, Result, Timestamp,
    billing::client::{Event, PolarClient, PolarError},
    db::SystemTx,
    execute, fetch_all,
    jobs::{self, Job, Options},
};

/// Events of one call.
const BATCH: i64 = 100;
/// The name of the schedule, whose jobs run one at a time.
const KEY: &str = "send-usage";

/// A use that Polar has not heard of.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    user_id: UserId,
    name: String,
    metadata: String,
    at: Timestamp,
}

/// Sends the oldest uses that Polar has not heard of.
#[tracing::instrument(name = "billing.send_usage", skip_all)]
pub(crate) async fn send(backend: &Backend) -> Result<SystemTx> {
    let rows = waiting(backend).await?;
    if let Some(client) = PolarClient::of(backend).filter(|_| !rows.is_empty()) {
        match client.ingest(&events(&rows, true)).await {
            // Our clock may be ahead of Polar's, which takes no event of the future: then it says when it was.
            Err(PolarError::Validation(fields)) => {
                tracing::warn!(?fields, "Polar refuses events of use with their times");
                client.ingest(&events(&rows, false)).await?;
            }
            outcome => outcome?,
        }
        return mark(backend, &rows).await;
    }
    Ok(backend.db.system().write().await?)
}

async fn waiting(backend: &Backend) -> Result<Vec<Row>> {
    let mut tx = backend.db.system().read().await?;
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "userId", "name", "metadata", "at" from "polar_usage"
        where "sentAt" is null
        order by "at", "id"
        limit $1
        "#,
        BATCH,
    )?)
}

fn events(rows: &[Row], dated: bool) -> Vec<Event<'_>> {
    rows.iter()
        .map(|row| Event {
            id: &row.id,
            name: &row.name,
            user: &row.user_id,
            at: dated.then(|| row.at.into()),
            metadata: serde_json::from_str(&row.metadata).unwrap_or_default(),
        })
        .collect()
}

async fn mark(backend: &Backend, rows: &[Row]) -> Result<SystemTx> {
    let now = Timestamp::from(backend.clock.now());
    let mut tx = backend.db.system().write().await?;
    for row in rows {
        execute!(tx, r#"update "polar_usage" set "sentAt" = $2 where "id" = $1"#, &row.id, now)?;
    }
    if i64::try_from(rows.len()).is_ok_and(|sent| sent == BATCH) {
        let options = Options { key: Some(KEY.to_owned()), ..Options::default() };
        jobs::enqueue(&mut tx, backend, &Job::SendUsage, options).await?;
    }
    Ok(tx)
}
