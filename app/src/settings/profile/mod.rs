//! Who somebody is: name, picture, address.

mod api;
mod email;
mod page;

pub use api::{ChangeEmail, SaveProfile, change_email, get_profile, get_session, save_profile};
pub use page::ProfilePage;
