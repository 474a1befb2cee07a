//! Who somebody is: signing up, in and out, and the session between.

mod change_password;
mod credential;
mod deletion;
#[cfg(test)]
mod deletion_tests;
pub mod devices;
pub mod email;
mod failure;
mod linked;
mod links;
mod login;
mod mails;
mod member;
pub mod oauth;
pub mod passkeys;
pub mod passwords;
mod planted;
mod profile;
mod reauthenticate;
mod reset;
pub mod sessions;
mod sign_in;
mod sign_out;
mod sign_up;
mod signed_in;
mod symmetric;
mod throttle;
mod token;
pub mod two_factor;
mod users;
mod verification;
mod views;

#[cfg(test)]
mod core_tests;

pub use change_password::{ChangePassword, change_password, set_password, verify_password};
pub use deletion::{
    Deletion, DeletionRequest, delete_account, delete_with_token, deletion_life, request_deletion,
};
pub use failure::AuthFailure;
pub use linked::{LinkedAccount, Which, linked_accounts, unlink};
pub use links::COMPONENT;
pub use login::{Client, Login, Method};
pub use oauth::Providers;
pub use passwords::{HashParams, Password, Passwords};
pub use profile::{ProfileChange, update_profile};
pub use reauthenticate::reauthenticate;
pub use reset::{ResetLink, check_reset, request_reset, reset_password};
pub use sign_in::{SignIn, SignInRequest, sign_in};
pub use sign_out::sign_out;
pub use sign_up::{SignUpOutcome, SignUpRequest, sign_up};
pub use signed_in::SignedIn;
pub use token::SessionToken;
pub(crate) use users::{Row as UserRow, address_of, by_email as user_by_email};
pub(crate) use verification::MAILED_BY_BETTER_AUTH;
pub(crate) use verification::sweep as sweep_verifications;
pub use views::{SessionView, UserView};
