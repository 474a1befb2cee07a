//! What other services tell us. They prove themselves by signature, not by session.

mod plaid;
mod polar;
mod simbank;

use axum::Router;
use backend::Backend;

/// The routes of every sender.
pub fn routes(backend: Backend) -> Router {
    polar::routes(backend.clone())
        .merge(plaid::routes(backend.clone()))
        .merge(simbank::routes(backend))
}
