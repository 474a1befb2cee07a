//! What other services tell us. They prove themselves by signature, not by session.

mod banks;
mod polar;

use axum::Router;
use backend::Backend;

/// The routes of every sender.
pub fn routes(backend: Backend) -> Router {
    polar::routes(backend.clone()).merge(banks::routes(backend))
}
