//! Whether the process lives, and whether it should get requests. Public answers hold no details.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::Serialize;
use time::{
    OffsetDateTime, UtcOffset, format_description::BorrowedFormatItem, macros::format_description,
};

use crate::http::{Shutdown, Sources};

/// A probe that takes longer counts as failed.
const PATIENCE: Duration = Duration::from_secs(1);

const ISO_8601: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// What a probe found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// A connection was given, the primary can be written, and the migrations are ours.
    pub database: bool,
    /// Sign-in can read its tables and hash passwords.
    pub auth: bool,
}

impl Readiness {
    /// Everything works.
    pub const READY: Self = Self { database: true, auth: true };

    fn is_ready(self) -> bool {
        self == Self::READY
    }
}

type Answer = Pin<Box<dyn Future<Output = Readiness> + Send>>;

/// Answers whether the process is ready.
#[derive(Clone)]
pub struct Health {
    probe: Arc<dyn Fn() -> Answer + Send + Sync>,
    shutdown: Shutdown,
    sources: Sources,
}

impl Health {
    /// `probe` is asked for each answer and given up after a second.
    pub fn new<F>(
        probe: impl Fn() -> F + Send + Sync + 'static,
        shutdown: Shutdown,
        sources: Sources,
    ) -> Self
    where
        F: Future<Output = Readiness> + Send + 'static,
    {
        Self { probe: Arc::new(move || Box::pin(probe())), shutdown, sources }
    }

    async fn ask(&self) -> Readiness {
        if self.shutdown.is_leaving() {
            return Readiness::default();
        }
        tokio::time::timeout(PATIENCE, (self.probe)()).await.unwrap_or_default()
    }
}

/// `/health/live`, `/health/ready` and `/api/health`.
pub fn routes(health: Health) -> Router {
    Router::new()
        .route("/health/live", get(|| async { Json(Status { status: "ok" }) }))
        .route("/health/ready", get(ready))
        .route("/api/health", get(api))
        .with_state(health)
}

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

#[derive(Serialize)]
struct Report {
    status: &'static str,
    timestamp: String,
    services: Services,
}

#[derive(Serialize)]
struct Services {
    database: &'static str,
    auth: &'static str,
}

async fn ready(State(health): State<Health>) -> (StatusCode, Json<Status>) {
    let is_ready = health.ask().await.is_ready();
    (code(is_ready), Json(Status { status: word(is_ready) }))
}

async fn api(State(health): State<Health>) -> (StatusCode, Json<Report>) {
    let found = health.ask().await;
    let report = Report {
        status: word(found.is_ready()),
        timestamp: iso_8601(health.sources.now()),
        services: Services { database: word(found.database), auth: word(found.auth) },
    };
    (code(found.is_ready()), Json(report))
}

fn code(ok: bool) -> StatusCode {
    if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

fn word(ok: bool) -> &'static str {
    if ok { "ok" } else { "error" }
}

fn iso_8601(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC).format(ISO_8601).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use http_body_util::BodyExt;
    use serde_json::{Value, json};
    use time::macros::datetime;
    use tower::ServiceExt;

    use super::*;

    fn sources() -> Sources {
        Sources::new(|| datetime!(2026-05-04 12:00:00.045 UTC), |_| {})
    }

    async fn ask(health: &Health, path: &str) -> (u16, Value) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = routes(health.clone()).oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    fn health(found: Readiness) -> Health {
        Health::new(move || async move { found }, Shutdown::default(), sources())
    }

    #[tokio::test]
    async fn all_is_well() {
        let health = health(Readiness::READY);

        assert_eq!(ask(&health, "/health/live").await, (200, json!({ "status": "ok" })));
        assert_eq!(ask(&health, "/health/ready").await, (200, json!({ "status": "ok" })));
        let expected = json!({
            "status": "ok",
            "timestamp": "2026-05-04T12:00:00.045Z",
            "services": { "database": "ok", "auth": "ok" },
        });
        assert_eq!(ask(&health, "/api/health").await, (200, expected));
    }

    #[tokio::test]
    async fn without_a_database_the_process_lives_but_is_not_ready() {
        let health = health(Readiness { database: false, auth: true });

        assert_eq!(ask(&health, "/health/live").await.0, 200);
        assert_eq!(ask(&health, "/health/ready").await, (503, json!({ "status": "error" })));
        let (status, report) = ask(&health, "/api/health").await;
        assert_eq!((status, &report["status"]), (503, &json!("error")));
        assert_eq!(report["services"], json!({ "database": "error", "auth": "ok" }));
    }

    #[tokio::test]
    async fn a_leaving_process_is_not_ready_from_the_first_moment() {
        let shutdown = Shutdown::default();
        let probe = || async { Readiness::READY };
        let health = Health::new(probe, shutdown.clone(), sources());

        shutdown.leave();

        assert_eq!(ask(&health, "/health/live").await.0, 200);
        assert_eq!(ask(&health, "/health/ready").await.0, 503);
        assert_eq!(ask(&health, "/api/health").await.0, 503);
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_hangs_is_given_up_after_a_second() {
        let health = Health::new(std::future::pending, Shutdown::default(), sources());
        let begun = tokio::time::Instant::now();

        assert_eq!(ask(&health, "/health/ready").await.0, 503);
        assert_eq!(begun.elapsed(), PATIENCE);
    }
}
