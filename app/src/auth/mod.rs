//! Signing in, signing up, signing out: pages and server functions.

mod api;
mod sign_in;
mod sign_up;
mod verify;

pub(crate) use api::refuse;
pub use api::{SignIn, SignOut, SignUp, sign_in, sign_out, sign_up};
pub use sign_in::SignInPage;
pub use sign_up::SignUpPage;
pub use verify::VerifyEmailPage;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::form::use_form;

/// The checked local path to go to afterwards: from the refused form, else from the query.
fn wanted_page() -> Option<String> {
    let posted = use_form().value("next").map(str::to_owned);
    let asked = posted.or_else(|| use_query_map().read_untracked().get("next"))?;
    domain::redirect::safe_next(&asked)
}

/// `path` with `?next=…`, so that the wanted page survives the way to the other form.
fn with_next(path: &str, next: Option<&str>) -> String {
    next.map_or_else(
        || path.to_owned(),
        |next| {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("next", next)
                .finish();
            format!("{path}?{query}")
        },
    )
}
