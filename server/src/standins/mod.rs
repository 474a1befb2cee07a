//! What stands in for the outside world in development and in tests. Production has none of these
//! routes, unless somebody asks for Polar's by name.

use axum::{Router, middleware::from_fn_with_state};
use backend::Backend;
use polar_local::PolarLocal;

mod mailbox;
pub(crate) mod polar;

/// The routes of the mailbox.
pub fn mailbox(backend: Backend) -> Router {
    mailbox::routes(backend)
}

/// Routes that refuse the deliveries that the stand-in's switch `app_5xx` names, before anything looks at them.
pub fn refusing(router: Router, polar: &PolarLocal) -> Router {
    router.layer(from_fn_with_state(polar.clone(), polar::refuse_as_told))
}

/// The API and the pages of the stand-in of Polar.
pub fn polar(polar: &PolarLocal, exposed: bool) -> Router {
    polar::routes(polar, exposed)
}
