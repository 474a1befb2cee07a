//! Log lines and metrics of the whole process. What never appears in them is decided by types, not here.

use std::{backtrace::Backtrace, io, panic::PanicHookInfo};

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};
use metrics::gauge;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, layer::SubscriberExt};

use crate::config::{LogConfig, LogFormat};

/// Upper ends of the duration buckets, in seconds: fine where people notice, coarse to the total time-out.
const BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 120.0];

/// Log lines from here on, and panics as log lines instead of text on standard error.
pub fn start_log(config: &LogConfig) {
    let subscriber = subscriber(config, io::stderr);
    // Only a second start in the same process can fail; the first one's lines go on.
    let _ = tracing::subscriber::set_global_default(subscriber);
    std::panic::set_hook(Box::new(log_panic));
}

/// What [`start_log`] installs, writing to `writer`.
fn subscriber<W>(config: &LogConfig, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&config.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    match config.format {
        LogFormat::Json => {
            let layer = layer.json().flatten_event(true).with_span_list(false);
            Box::new(registry.with(layer))
        }
        LogFormat::Pretty => Box::new(registry.with(layer.compact())),
    }
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().unwrap_or("no message");
    // Empty unless RUST_BACKTRACE asks for it.
    let backtrace = Backtrace::capture();
    tracing::error!(location, message, %backtrace, "panicked");
}

/// Collects metrics from here on.
pub fn start_metrics() -> Result<PrometheusHandle, BuildError> {
    let handle = builder()?.install_recorder()?;
    gauge!("coffer_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let durations = Matcher::Suffix("_seconds".to_owned());
    PrometheusBuilder::new().set_buckets_for_metric(durations, &BUCKETS)
}

/// `GET /metrics`, for the ops address alone.
pub fn routes(metrics: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(render)).with_state(metrics)
}

async fn render(State(metrics): State<PrometheusHandle>) -> impl IntoResponse {
    metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render())
}

/// What the current thread logs, for tests. One subscriber for the whole process: subscribers of single threads
/// that come and go confuse each other's cache of what is enabled.
#[cfg(test)]
pub(crate) mod capture {
    use std::{cell::RefCell, io, sync::Once};

    thread_local! {
        static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }

    struct ThisThread;

    impl io::Write for ThisThread {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Forgets earlier lines of this thread and collects new ones, from level INFO up.
    pub(crate) fn start() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let subscriber = tracing_subscriber::fmt().json().with_writer(|| ThisThread).finish();
            tracing::subscriber::set_global_default(subscriber).expect("nobody else installs one");
        });
        LINES.with_borrow_mut(Vec::clear);
    }

    /// The lines since [`start`].
    pub(crate) fn text() -> String {
        LINES.with_borrow(|lines| String::from_utf8(lines.clone()).unwrap())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{body::Body, http::Request};
    use http_body_util::BodyExt;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, filter: &str, act: impl FnOnce()) -> String {
        capture::start();
        let lines = Lines::default();
        let writer = lines.clone();
        let config = LogConfig { format, filter: filter.to_owned() };
        let subscriber = subscriber(&config, move || writer.clone());
        tracing::subscriber::with_default(subscriber, act);
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_json_line_has_its_fields_at_the_top_and_the_request_id_of_its_span() {
        let text = logged(LogFormat::Json, "info", || {
            let span = tracing::info_span!("request", request_id = "r-1");
            span.in_scope(|| tracing::info!(user_id = "u-1", "did\n\u{1b}[31msomething"));
        });

        assert_eq!(text.lines().count(), 1, "{text}");
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["user_id"], "u-1");
        assert_eq!(line["span"]["request_id"], "r-1");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn the_filter_decides_which_lines_appear() {
        let act = || tracing::info!("quiet");
        assert_eq!(logged(LogFormat::Pretty, "warn", act), "");
        assert!(logged(LogFormat::Pretty, "info", act).contains("quiet"));
    }

    #[tokio::test]
    async fn metrics_are_rendered_with_buckets_for_durations() {
        let recorder = builder().unwrap().build_recorder();
        let app = routes(recorder.handle());
        metrics::with_local_recorder(&recorder, || {
            metrics::histogram!("coffer_http_duration_seconds").record(0.03);
        });

        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = app.oneshot(request).await.unwrap();

        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains("coffer_http_duration_seconds_bucket{le=\"0.05\"} 1"), "{text}");
    }
}
