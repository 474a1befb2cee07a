//! The routes from outside: requests through the router, on both engines.

mod account;
mod flood;
mod fuzz;
mod get_session;
mod guards;
mod id_tokens;
mod layer;
mod linking;
mod passkey;
pub(crate) mod polar;
mod provider;
mod sign_in;
mod sign_up;
mod social;
mod stored_tokens;
pub(crate) mod support;
mod throttle;
mod two_factor;
