//! Who somebody is: signing up, in and out, and the session between.

mod failure;
mod login;
pub mod passwords;
mod profile;
pub mod sessions;
mod sign_in;
mod sign_out;
mod sign_up;
mod signed_in;
mod token;
mod verification;
mod views;

pub use failure::AuthFailure;
pub use login::{Client, Login, Method};
pub use passwords::{HashParams, Password, Passwords};
pub use profile::update_profile;
pub use sign_in::{SignIn, SignInRequest, sign_in};
pub use sign_out::sign_out;
pub use sign_up::{SignUpOutcome, SignUpRequest, sign_up};
pub use signed_in::SignedIn;
pub use token::SessionToken;
pub use views::{SessionView, UserView};
