//! Tests of the real program as processes see it: killed, told to stop, started wrongly.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod client;
mod crash;
mod doctor;
mod jobs;
mod passwords;
mod program;
mod start;
mod stop;
mod storm;
mod webhooks;
