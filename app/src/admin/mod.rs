//! What administrators look after: how things stand, deliveries, differences, jobs, and bank accounts that have to
//! be stopped. No balances, numbers or transactions of anybody.

mod accounts;
mod api;
mod drift;
mod frame;
mod jobs;
mod overview;
mod webhooks;

pub use accounts::{AdminAccountsPage, OverseeAccount, oversee_account};
pub use api::{ReplayJob, ReplayWebhook, replay_job, replay_webhook};
pub use drift::AdminDriftPage;
pub use jobs::AdminJobsPage;
pub use overview::AdminPage;
pub use webhooks::AdminWebhooksPage;
