//! Webhooks: the queue, the signature, and the sending.

mod outbox;
mod send;
mod sign;
mod worker;

use outbox::Job;
pub use outbox::{Attempt, Event, EventState, Outbox};
pub use sign::{Scheme, Signer};
pub use worker::run;

use std::time::Duration;

/// How long each try waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
