//! `POST /api/csp-report`: what browsers blocked, counted, and a little of it logged.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use metrics::counter;
use serde_json::Value;
use tokio::time::{Duration, Instant};
use url::Url;

/// Log lines in one [`WINDOW`], from everybody together.
const SAMPLES: u32 = 10;
const WINDOW: Duration = Duration::from_mins(1);

/// The route that browsers send reports to (Reporting API).
pub fn routes() -> Router {
    Router::new().route("/api/csp-report", post(report)).with_state(Arc::new(Sampler::default()))
}

async fn report(State(sampler): State<Arc<Sampler>>, body: Bytes) -> StatusCode {
    counter!("coffer_csp_reports_total").increment(1);
    if let Some((directive, blocked)) = summary(&body).filter(|_| sampler.admits()) {
        tracing::warn!(directive, blocked, "a page was kept from loading something");
    }
    StatusCode::NO_CONTENT
}

#[derive(Default)]
struct Sampler(Mutex<Option<(Instant, u32)>>);

impl Sampler {
    fn admits(&self) -> bool {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let (start, used) = window.filter(|(start, _)| now - *start < WINDOW).unwrap_or((now, 0));
        *window = Some((start, used.saturating_add(1)));
        used < SAMPLES
    }
}

/// Directive and origin of the first violation. Addresses are cut to their origin: the rest may be personal.
fn summary(body: &[u8]) -> Option<(String, String)> {
    let report: Value = super::super::json::parse(body).ok()?;
    let first = report.get(0).unwrap_or(&report);
    let violation = first.get("body").or_else(|| first.get("csp-report")).unwrap_or(first);
    let text = |names: [&str; 2]| {
        names.iter().find_map(|name| violation.get(name)).and_then(Value::as_str).unwrap_or("")
    };
    let directive = text(["effectiveDirective", "effective-directive"]);
    let directive: String = directive
        .chars()
        .filter(|letter| letter.is_ascii_lowercase() || *letter == '-')
        .take(32)
        .collect();
    let blocked = text(["blockedURL", "blocked-uri"]);
    let blocked = match Url::parse(blocked) {
        Ok(url) => url.origin().ascii_serialization(),
        Err(_) if matches!(blocked, "inline" | "eval" | "wasm-eval") => blocked.to_owned(),
        Err(_) => "other".to_owned(),
    };
    (!directive.is_empty()).then_some((directive, blocked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_reports_are_understood_and_cut_to_what_is_harmless() {
        let new = r#"[{"type":"csp-violation","body":{"effectiveDirective":"script-src-elem","blockedURL":"https://evil.example/x?token=1"}}]"#;
        let old = r#"{"csp-report":{"effective-directive":"style-src","blocked-uri":"inline"}}"#;

        assert_eq!(
            summary(new.as_bytes()),
            Some(("script-src-elem".into(), "https://evil.example".into()))
        );
        assert_eq!(summary(old.as_bytes()), Some(("style-src".into(), "inline".into())));
        assert_eq!(summary(b"not json"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_few_reports_a_minute_reach_the_log() {
        let sampler = Sampler::default();
        let admitted = (0..100).filter(|_| sampler.admits()).count();
        assert_eq!(admitted, 10);

        tokio::time::advance(WINDOW).await;
        assert!(sampler.admits());
    }
}
