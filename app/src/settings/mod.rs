//! Settings.

mod api;
mod profile;

pub use api::{SaveProfile, save_profile};
pub use profile::ProfilePage;
