//! Which request the work at hand belongs to: for what is written down about it, never for decisions.

use std::{future::Future, sync::Arc};

/// What is known of a request from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Its id, as answers and log lines have it.
    pub id: String,
    /// The network it came from: the /24 of IPv4, the /48 of IPv6.
    pub ip_prefix: String,
    /// The `User-Agent` header; empty when absent.
    pub user_agent: String,
}

tokio::task_local! {
    static CURRENT: Arc<Request>;
}

/// Runs `work` as part of `request`. What it spawns is on its own.
pub async fn within<F: Future>(request: Request, work: F) -> F::Output {
    CURRENT.scope(Arc::new(request), work).await
}

/// The request at hand; none in jobs and commands.
pub(crate) fn current() -> Option<Arc<Request>> {
    CURRENT.try_with(Arc::clone).ok()
}
