//! What stands in for the outside world in development and in tests. Production has none of these
//! routes, unless somebody asks for Polar's by name.

use axum::Router;
use backend::Backend;
use polar_local::PolarLocal;

mod mailbox;
pub(crate) mod polar;

/// The routes of the mailbox.
pub fn mailbox(backend: Backend) -> Router {
    mailbox::routes(backend)
}

/// The API and the pages of the stand-in of Polar.
pub fn polar(polar: &PolarLocal, exposed: bool) -> Router {
    polar::routes(polar, exposed)
}
