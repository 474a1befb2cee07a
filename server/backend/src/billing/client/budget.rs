//! We stay below Polar's limits for an organization (500 calls a minute, 100 in the sandbox), in all processes
//! together where limits are counted together.

use std::time::Duration;

use super::PolarError;
use crate::{Backend, billing::PolarServer, limits::Rule};

/// 400 a minute, and 50 at once.
const PRODUCTION: Rule = Rule::rate("polar_calls", 50, Duration::from_millis(7_500));
/// 80 a minute, and 10 at once.
const SANDBOX: Rule = Rule::rate("polar_calls_sandbox", 10, Duration::from_millis(7_500));
/// How long a call may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(1);

/// One call more.
///
/// # Errors
/// [`PolarError::RateLimited`] when its turn does not come soon.
pub async fn take(backend: &Backend, server: PolarServer) -> Result<(), PolarError> {
    let rule = match server {
        PolarServer::Sandbox => SANDBOX,
        PolarServer::Production | PolarServer::Local => PRODUCTION,
    };
    let mut waited = Duration::ZERO;
    loop {
        let Err(wait) = backend.limits.take(rule, "").await else { return Ok(()) };
        waited += wait.0;
        if waited > PATIENCE {
            return Err(PolarError::RateLimited(wait.0));
        }
        tokio::time::sleep(wait.0).await;
    }
}
