//! The routes from outside: requests through the router, on both engines.

mod flood;
mod fuzz;
mod get_session;
mod guards;
mod layer;
mod passkey;
mod sign_in;
mod sign_up;
mod support;
mod throttle;
mod two_factor;
