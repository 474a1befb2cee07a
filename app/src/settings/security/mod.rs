//! How somebody signs in, and where they are signed in.

mod page;
mod passkeys;
mod password;
pub mod second_step;
mod sessions;

pub use page::SecurityPage;
pub use passkeys::{RemovePasskey, RenamePasskey, remove_passkey, rename_passkey};
pub use password::{ChangePassword, SetPassword, change_password, set_password};
pub use second_step::SecondStepPage;
pub use sessions::{EndOtherSessions, EndSession, end_other_sessions, end_session, list_sessions};
