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
