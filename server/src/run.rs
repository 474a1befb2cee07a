//! From the environment to a running server, and out again.

use std::path::Path;

use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;

use crate::{
    assets,
    config::{Config, Problems, Vars},
    health::{self, Health},
    http::{self, Deps, ServeSettings, Shutdown, shutdown::Signals},
    telemetry,
};

/// Reads `.env` and the environment. `random` makes the development secrets on the very first start.
///
/// # Errors
/// Every problem there is, one a line.
pub fn configure(random: &mut dyn FnMut(&mut [u8])) -> Result<Config, Problems> {
    // A variable that is no text cannot be one of ours.
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let vars = Vars::layered(Path::new(".env"), environment)?;
    Config::read(&vars, random)
}

/// The sockets, opened before anything else is started.
pub struct Listeners {
    public: TcpListener,
    ops: Option<TcpListener>,
}

impl Listeners {
    /// Opens `BIND` and `OPS_BIND`.
    ///
    /// # Errors
    /// One sentence, when an address cannot be had.
    pub fn open(config: &Config) -> Result<Self, String> {
        let address = &config.address;
        let public = http::bind(address.bind, "BIND")?;
        let ops = address.ops_bind.map(|ops| http::bind(ops, "OPS_BIND")).transpose()?;
        Ok(Self { public, ops })
    }

    /// Serves `site` until a signal comes and every running request is finished. `leave` is told at the
    /// first signal; a second one returns at once.
    pub async fn serve(
        self,
        config: &Config,
        site: Site,
        signals: Signals,
        leave: Shutdown,
    ) -> Ended {
        let Site { router, deps, health, metrics } = site;
        let settings = ServeSettings {
            // Behind proxies all connections come from a few addresses.
            per_address: ServeSettings::default()
                .per_address
                .filter(|_| config.address.trusted_proxies.is_empty()),
            ..ServeSettings::default()
        };
        // The ops address answers to the last, so that draining can be watched.
        let ops_leave = Shutdown::default();
        let ops = self.ops.map(|listener| {
            let app = health::routes(health.clone()).merge(telemetry::routes(metrics));
            tokio::spawn(http::serve(listener, app, settings.clone(), ops_leave.clone()))
        });

        let public = router
            .merge(health::routes(health))
            .merge(assets::routes())
            .merge(http::csp_report_routes());
        let app = http::surface(public, config, deps);
        tracing::info!(address = %config.address.bind, "Coffer is ready on {}", config.address.origin());
        let ended = tokio::select! {
            () = http::serve(self.public, app, settings, leave.clone()) => Ended::Finished,
            () = signals.drive(leave.clone(), config.drain_delay) => Ended::CutShort,
        };
        ops_leave.close();
        if let (Some(ops), Ended::Finished) = (ops, ended) {
            // The task only ends early if it panicked, which was logged.
            let _ = ops.await;
        }
        ended
    }
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every request was finished, or had its time.
    Finished,
    /// A second signal came.
    CutShort,
}

/// What is served.
pub struct Site {
    /// Pages, server functions and the API; everything but assets and health.
    pub router: Router,
    /// Time, randomness and error pages for the layers.
    pub deps: Deps,
    /// Answers the probes.
    pub health: Health,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, net::SocketAddr, process::Command, sync::Arc};

    use axum::routing::get;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use time::macros::datetime;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
        sync::Notify,
        task::JoinHandle,
    };

    use super::*;
    use crate::{health::Readiness, http::Sources};

    struct Running {
        public: SocketAddr,
        ops: SocketAddr,
        leave: Shutdown,
        entered: Arc<Notify>,
        go: Arc<Notify>,
        task: JoinHandle<Ended>,
    }

    /// A server on free ports whose one route waits to be let go.
    fn start() -> Running {
        let folder = tempfile::tempdir().unwrap();
        let pairs = [
            ("BIND", "127.0.0.1:0"),
            ("OPS_BIND", "127.0.0.1:0"),
            ("DATA_DIR", folder.path().to_str().unwrap()),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let vars = Vars::from(BTreeMap::from(pairs));
        let config = Config::read(&vars, &mut |buffer| buffer.fill(7)).unwrap();
        let listeners = Listeners::open(&config).unwrap();
        let public = listeners.public.local_addr().unwrap();
        let ops = listeners.ops.as_ref().unwrap().local_addr().unwrap();

        let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (enter, wait) = (entered.clone(), go.clone());
        let slow = get(async move || {
            enter.notify_one();
            wait.notified().await;
            "finished"
        });
        let sources =
            Sources::new(|| datetime!(2026-05-04 12:00 UTC), |buffer: &mut [u8]| buffer.fill(1));
        let leave = Shutdown::default();
        let probe = || async { Readiness::READY };
        let site = Site {
            router: Router::new().route("/slow", slow),
            health: Health::new(probe, leave.clone(), sources.clone()),
            deps: Deps {
                sources,
                limits: backend::Limits::off(),
                providers: backend::auth::Providers::default(),
                payments: Vec::new(),
            },
            metrics: PrometheusBuilder::new().build_recorder().handle(),
        };
        let signals = Signals::listen().unwrap();
        let told = leave.clone();
        let task = tokio::spawn(async move { listeners.serve(&config, site, signals, told).await });
        Running { public, ops, leave, entered, go, task }
    }

    async fn ask(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost:0\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    fn terminate_ourselves() {
        let command = format!("kill -TERM {}", std::process::id());
        assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
    }

    // One test, because a signal reaches every server of the process.
    #[tokio::test]
    async fn a_signal_finishes_what_runs_and_a_second_one_does_not_wait() {
        let patient = start();
        assert!(ask(patient.public, "/health/ready").await.starts_with("HTTP/1.1 200"));
        assert!(ask(patient.ops, "/metrics").await.starts_with("HTTP/1.1 200"));
        assert!(ask(patient.public, "/metrics").await.starts_with("HTTP/1.1 404"));
        let running = tokio::spawn(ask(patient.public, "/slow"));
        patient.entered.notified().await;

        terminate_ourselves();
        patient.leave.closing().await;
        assert!(ask(patient.ops, "/health/ready").await.starts_with("HTTP/1.1 503"));
        assert!(ask(patient.ops, "/health/live").await.starts_with("HTTP/1.1 200"));
        patient.go.notify_one();

        assert!(running.await.unwrap().ends_with("finished"));
        assert_eq!(patient.task.await.unwrap(), Ended::Finished);

        let hurried = start();
        let running = tokio::spawn(ask(hurried.public, "/slow"));
        hurried.entered.notified().await;

        terminate_ourselves();
        hurried.leave.closing().await;
        terminate_ourselves();

        assert_eq!(hurried.task.await.unwrap(), Ended::CutShort);
        running.abort();
    }
}
