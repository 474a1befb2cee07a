//! What stands in for the outside world in development and in tests. Production has none of these routes.

use axum::Router;
use backend::Backend;

mod mailbox;

/// The routes of every stand-in.
pub fn routes(backend: Backend) -> Router {
    mailbox::routes(backend)
}
