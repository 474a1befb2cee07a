//! How somebody signs in, and where they are signed in.

mod page;
mod password;
mod sessions;

pub use page::SecurityPage;
pub use password::{ChangePassword, SetPassword, change_password, set_password};
pub use sessions::{EndOtherSessions, EndSession, end_other_sessions, end_session, list_sessions};
