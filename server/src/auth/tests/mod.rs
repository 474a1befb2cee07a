//! The routes from outside: requests through the router, on both engines.

mod flood;
mod fuzz;
mod get_session;
mod guards;
mod layer;
mod sign_in;
mod sign_up;
pub(crate) mod support;
mod throttle;
