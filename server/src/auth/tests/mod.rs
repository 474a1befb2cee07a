//! The routes from outside: requests through the router, on both engines.

mod account;
mod flood;
mod fuzz;
mod get_session;
mod guards;
mod layer;
mod sign_in;
mod sign_up;
mod support;
mod throttle;
