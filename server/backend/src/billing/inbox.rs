//! Deliveries of Polar: believed, kept, acknowledged, and applied by a job afterwards. What is stored is in the
//! inbox before Polar hears of it, so a crash between the two loses nothing.

use domain::page::PageRequest;
use metrics::{counter, histogram};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use super::{
    apply::{self, Applied},
    instant::Micros,
    settings::API_VERSION,
    signature::{self, Forged, Headers},
    wire::Envelope,
};
use crate::{
    Backend, Error, Result, Timestamp,
    db::SystemTx,
    execute, fetch_all, fetch_one, fetch_optional,
    jobs::{self, Job, Options},
};

/// Bodies hold names and addresses: they go after this time, as Polar's own do. The rows stay.
const BODIES_KEPT: Duration = Duration::days(90);

/// The word for a missing delivery, in errors.
const WEBHOOK: &str = "webhook";

/// What became of a delivery that is from Polar. All of them are acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// Kept, and a job applies it.
    Stored,
    /// It is here already.
    Repeated,
    /// Kept, and nothing we act on.
    Ignored,
    /// Kept for a person to look at: sending it again would not help.
    Broken,
}

/// Why a delivery is not acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is not from Polar, or nobody can say so. Nothing is stored.
    #[error("the delivery is not believed: {}", .0.as_str())]
    Forged(Forged),
    /// It could not be stored: the one case in which Polar should send it again.
    #[error(transparent)]
    Store(#[from] Error),
}

/// The id of whatever an event is about.
#[derive(Deserialize)]
struct Object {
    #[serde(default)]
    id: Option<String>,
}

/// What is known of a delivery before anything is done with it.
struct Arrival<'a> {
    kind: Option<String>,
    event_at: Option<Micros>,
    api_version: Option<String>,
    object: Option<String>,
    body: std::borrow::Cow<'a, str>,
    outcome: Received,
    error: Option<&'static str>,
}

/// Takes one delivery: `body` as it came, byte for byte.
///
/// # Errors
/// [`Refused::Forged`] for whatever is not from Polar; [`Refused::Store`] when our database is out of reach.
#[tracing::instrument(name = "billing.receive", skip_all)]
pub async fn receive(
    backend: &Backend,
    headers: Headers<'_>,
    body: &[u8],
) -> Result<Received, Refused> {
    let Some(settings) = &backend.settings.billing else {
        return Err(Refused::Forged(Forged::Signature));
    };
    let now = backend.clock.now();
    if let Err(forged) = signature::verify(&settings.webhook_secrets, headers, body, now) {
        count_rejected(forged.as_str());
        return Err(Refused::Forged(forged));
    }
    let arrival = look(body);
    let version = arrival.api_version.as_deref();
    if version.is_some_and(|version| version != API_VERSION) {
        tracing::warn!(version, "a webhook of another version of Polar's API");
    }
    let outcome = store(backend, headers.id, &arrival).await?;
    counter!("coffer_webhook_received_total", "outcome" => outcome.as_str()).increment(1);
    if outcome == Received::Broken {
        counter!("coffer_webhook_failed_total").increment(1);
        tracing::error!(webhook.id = headers.id, "a signed webhook cannot be read");
    }
    Ok(outcome)
}

/// Counts a delivery that was refused before it could be looked at.
pub fn count_rejected(reason: &'static str) {
    counter!("coffer_webhook_rejected_total", "reason" => reason).increment(1);
}

impl Received {
    fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Repeated => "repeated",
            Self::Ignored => "ignored",
            Self::Broken => "broken",
        }
    }

    /// The state of a new row.
    fn state(self) -> &'static str {
        match self {
            Self::Stored | Self::Repeated => "new",
            Self::Ignored => "ignored",
            Self::Broken => "failed",
        }
    }
}

fn look(body: &[u8]) -> Arrival<'_> {
    let text = String::from_utf8_lossy(body);
    let broken = |body, error| Arrival {
        kind: None,
        event_at: None,
        api_version: None,
        object: None,
        body,
        outcome: Received::Broken,
        error: Some(error),
    };
    if matches!(text, std::borrow::Cow::Owned(_)) {
        return broken(text, "the body is not UTF-8");
    }
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(&text) else {
        return broken(text, "the body is not an event");
    };
    let object = serde_json::from_str::<Object>(envelope.data.get()).ok().and_then(|data| data.id);
    let (outcome, error) = match apply::check(&envelope) {
        None => (Received::Ignored, None),
        Some(Ok(())) => (Received::Stored, None),
        // A kind of event that this release has not heard of may show something else.
        Some(Err(_)) if !apply::is_known(&envelope.kind) => (Received::Ignored, None),
        Some(Err(_)) => {
            (Received::Broken, Some("a field that we need is missing or of another type"))
        }
    };
    let plain = |text: String| text.replace('\0', "");
    Arrival {
        kind: Some(plain(envelope.kind)),
        event_at: Some(envelope.timestamp),
        api_version: envelope.api_version.map(plain),
        object: object.map(plain),
        outcome,
        error,
        body: text,
    }
}

async fn store(backend: &Backend, id: &str, arrival: &Arrival<'_>) -> Result<Received> {
    let now = backend.clock.now();
    let body = backend.vault.seal_waiting(&place(id), &arrival.body);
    let mut tx = backend.db.system().write().await?;
    let stored = execute!(
        tx,
        r#"
        insert into "polar_webhook"
            ("webhookId", "type", "eventAt", "apiVersion", "objectId", "body", "receivedAt", "state", "error")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict ("webhookId") do nothing
        "#,
        id,
        arrival.kind.as_deref(),
        arrival.event_at.map(Timestamp::from),
        arrival.api_version.as_deref(),
        arrival.object.as_deref(),
        body,
        Timestamp::from(now),
        arrival.outcome.state(),
        arrival.error,
    )?;
    if stored == 0 {
        return Ok(Received::Repeated);
    }
    if arrival.outcome == Received::Stored {
        enqueue(&mut tx, backend, id).await?;
    }
    tx.commit().await?;
    Ok(arrival.outcome)
}

async fn enqueue(tx: &mut SystemTx, backend: &Backend, id: &str) -> Result<()> {
    let job = Job::ApplyWebhook { webhook: id.to_owned() };
    jobs::enqueue(tx, backend, &job, Options::default()).await?;
    Ok(())
}

/// What a sealed body is bound to.
fn place(id: &str) -> String {
    format!("polar_webhook:{id}")
}

/// Applies one delivery that waits; the transaction holds the effect and the new state. One that was applied before
/// is left alone, so the job may run again.
#[tracing::instrument(name = "billing.apply", skip_all, fields(webhook.id = %id))]
pub(crate) async fn apply_stored(backend: &Backend, id: &str) -> Result<SystemTx> {
    let mut tx = backend.db.system().write().await?;
    let waiting: Option<(Option<String>, Timestamp)> = fetch_optional!(
        tx,
        r#"
        update "polar_webhook" set "attempts" = "attempts" + 1
        where "webhookId" = $1 and "state" = 'new'
        returning "body", "receivedAt"
        "#,
        id,
    )?;
    let Some((Some(body), received_at)) = waiting else { return Ok(tx) };
    let body = backend.vault.open_waiting(&place(id), &body)?;
    let applied = match serde_json::from_str::<Envelope<'_>>(&body) {
        Ok(envelope) => apply::apply(&mut tx, backend, &envelope).await?,
        Err(_) => Applied::Unreadable,
    };
    let now = backend.clock.now();
    execute!(
        tx,
        r#"update "polar_webhook" set "state" = $2, "error" = $3, "settledAt" = $4 where "webhookId" = $1"#,
        id,
        applied.state(),
        applied.error(),
        Timestamp::from(now),
    )?;
    if applied == Applied::Unreadable {
        counter!("coffer_webhook_failed_total").increment(1);
        tracing::error!("a webhook cannot be applied");
    }
    let lag = now - OffsetDateTime::from(received_at);
    histogram!("coffer_webhook_lag_seconds").record(lag.as_seconds_f64());
    Ok(tx)
}

/// One delivery, for an administrator. Its body is not shown: it holds names and addresses.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Delivery {
    /// `webhook-id`
    pub webhook_id: String,
    /// What happened; none for a body that could not be read.
    #[sqlx(rename = "type")]
    pub kind: Option<String>,
    /// What it is about.
    pub object_id: Option<String>,
    /// When Polar took the picture.
    pub event_at: Option<Timestamp>,
    /// When it came.
    pub received_at: Timestamp,
    /// `new`, `applied`, `stale`, `ignored` or `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// One page of the deliveries, the newest first, of one state or of all, and how many there are on all pages.
pub async fn list(
    backend: &Backend,
    state: Option<&str>,
    page: PageRequest,
) -> Result<(Vec<Delivery>, i64)> {
    let mut tx = backend.db.system().read().await?;
    let (total,): (i64,) = fetch_one!(
        tx,
        r#"select count(*) from "polar_webhook" where coalesce($1, "state") = "state""#,
        state,
    )?;
    let rows = fetch_all!(
        tx,
        r#"
        select "webhookId", "type", "objectId", "eventAt", "receivedAt", "state", "attempts", "error"
        from "polar_webhook"
        where coalesce($1, "state") = "state"
        order by "receivedAt" desc, "webhookId"
        limit $2 offset $3
        "#,
        state,
        page.limit(),
        page.offset(),
    )?;
    Ok((rows, total))
}

/// Lets a delivery that failed, or that never came to its turn, be applied once more.
///
/// # Errors
/// [`Error::NotFound`] when there is none, and [`Error::Expired`] when its body is gone.
#[tracing::instrument(name = "billing.replay", skip_all, fields(webhook.id = %id))]
pub async fn replay(backend: &Backend, id: &str) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    replay_in(&mut tx, backend, id).await?;
    tx.commit().await?;
    Ok(())
}

/// The same in the transaction of whoever has more to write.
pub(crate) async fn replay_in(tx: &mut SystemTx, backend: &Backend, id: &str) -> Result<()> {
    let body: Option<(Option<String>,)> = fetch_optional!(
        tx,
        r#"
        update "polar_webhook" set "state" = 'new', "error" = null, "settledAt" = null
        where "webhookId" = $1
        returning "body"
        "#,
        id,
    )?;
    match body {
        None => Err(Error::NotFound(WEBHOOK)),
        Some((None,)) => Err(Error::Expired(WEBHOOK)),
        Some((Some(_),)) => enqueue(tx, backend, id).await,
    }
}

/// Drops bodies whose time is over; answers how many.
pub(crate) async fn sweep(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    Ok(execute!(
        tx,
        r#"update "polar_webhook" set "body" = null where "body" is not null and "receivedAt" <= $1"#,
        Timestamp::from(now - BODIES_KEPT),
    )?)
}
