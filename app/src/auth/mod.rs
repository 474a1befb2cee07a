//! Signing in, signing up, signing out: pages and server functions.

mod api;
mod confirm;
mod delete;
mod deleted;
mod forgot;
mod forgotten;
pub mod mailed;
mod reset;
mod sign_in;
mod sign_up;
mod social;
mod two_factor;
mod undo;
mod verify;
mod verify_api;
mod verify_link;
mod waiting;

pub use api::{Confirm, SignIn, SignOut, SignUp, confirm, sign_in, sign_out, sign_up};
pub(crate) use api::{client, refuse};
pub use confirm::ConfirmPage;
pub use delete::{DeleteUser, DeleteUserPage, delete_user};
pub use deleted::AccountDeletedPage;
pub use forgot::ForgotPasswordPage;
pub use forgotten::{ForgotPassword, ResetPassword, forgot_password, reset_password};
pub use reset::ResetPasswordPage;
pub use sign_in::SignInPage;
pub use sign_up::SignUpPage;
pub use social::{
    LINK_PROVIDER, LinkProvider, ProviderButtons, ProviderRefusal, SignInWith, link_provider,
    sign_in_with,
};
pub use two_factor::TwoFactorPage;
pub(crate) use two_factor::{digits, refuse_factor};
pub use undo::{UndoEmailChange, UndoEmailChangePage, undo_email_change};
pub use verify::VerifyEmailPage;
pub use verify_api::{ResendVerification, VerifyEmail, resend_verification, verify_email};
use waiting::Email;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{form::use_form, routes::with_next};

/// The checked local path to go to afterwards: from the refused form, else from the query.
fn wanted_page() -> Option<String> {
    let posted = use_form().value("next").map(str::to_owned);
    let asked = posted.or_else(|| use_query_map().read_untracked().get("next"))?;
    domain::redirect::safe_next(&asked)
}

/// The rule of new passwords in words, with the number of this installation.
fn password_hint(least: u32) -> String {
    format!("At least {least} characters. A few words you can remember are fine.")
}
