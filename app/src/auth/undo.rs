//! `/undo-email-change`: the old address takes a change back.

use backend::auth::{AuthFailure, email};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{api::refuse, mailed::Mailed};
use crate::{
    AppError, flash,
    flash::Flash,
    islands::ForgetQuery,
    routes,
    server::backend,
    ui::{
        AuthShell, Button, HiddenField, LinkButton, PostForm,
        query::{find, page_query},
    },
};

/// The page after a link that no longer works.
const SPENT: &str = "/undo-email-change?error=INVALID_TOKEN";

/// `POST /undo-email-change`: gives the account its old address back, then asks for a new password: whoever changed
/// the address knew the old one.
#[server(prefix = "", endpoint = "undo-email-change")]
pub async fn undo_email_change(#[server(default)] token: String) -> Result<(), AppError> {
    let email = match email::undo_change(&backend(), &token).await {
        Err(AuthFailure::TokenInvalid) => {
            redirect(SPENT);
            return Ok(());
        }
        done => done.map_err(refuse)?,
    };
    Mailed::address(email).keep();
    flash::set(&Flash::done(
        "Your account has its old address again, and every device is signed out. Now choose a new password.",
    ));
    redirect(routes::FORGOT_PASSWORD);
    Ok(())
}

/// One button.
#[component]
pub fn UndoEmailChangePage() -> AnyView {
    match find(&page_query(), "token") {
        Some(token) => view! { <TakeBack token=token.to_owned()/> }.into_any(),
        None => view! { <Spent/> }.into_any(),
    }
}

#[component]
fn TakeBack(token: String) -> AnyView {
    view! {
        <AuthShell page="undo-email-change" title="Take the change back">
            <ForgetQuery/>
            <p class="mb-6 text-ink-2">
                "Your Coffer account gets this address back, and every device is signed out. Choose a new password afterwards: whoever changed the address may know the old one."
            </p>
            <PostForm action=routes::UNDO_EMAIL_CHANGE page=routes::with_token(routes::UNDO_EMAIL_CHANGE, &token)>
                <HiddenField name="token" value=token/>
                <Button wide=true busy="One moment…" attr:data-testid="undo-email-change-submit">"Take the change back"</Button>
            </PostForm>
        </AuthShell>
    }
    .into_any()
}

#[component]
fn Spent() -> AnyView {
    view! {
        <AuthShell page="undo-email-change" title="This link doesn't work any more">
            <ForgetQuery/>
            <p class="mb-6 text-ink-2">
                "It's older than 7 days, was used already, or the address has changed again since. If you can't get into your account, ask for help."
            </p>
            <LinkButton href=routes::HELP wide=true>"Get help"</LinkButton>
        </AuthShell>
    }
    .into_any()
}
