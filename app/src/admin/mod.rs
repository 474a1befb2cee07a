//! What administrators look after: how things stand, deliveries, differences and jobs. No balances, numbers or
//! transactions of anybody.

mod api;
mod drift;
mod frame;
mod jobs;
mod overview;
mod webhooks;

pub use api::{ReplayJob, ReplayWebhook, replay_job, replay_webhook};
pub use drift::AdminDriftPage;
pub use jobs::AdminJobsPage;
pub use overview::AdminPage;
pub use webhooks::AdminWebhooksPage;
