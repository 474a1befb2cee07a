//! `/delete-account`: the end of a person's account, by a mailed link.

use backend::auth::{self, AuthFailure};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::api::refuse;
use crate::{
    AppError,
    islands::ForgetQuery,
    routes,
    server::{CookieChange, SignInCookies, backend, own_row},
    session::use_session,
    ui::{
        AuthShell, Button, HiddenField, LinkButton, PostForm, Variant,
        query::{find, page_query},
    },
};

/// The page after a link that no longer works.
const SPENT: &str = "/delete-account?error=INVALID_TOKEN";

/// `POST /delete-account`: deletes the caller's account with the token of a mailed link.
#[server(prefix = "", endpoint = "delete-account")]
pub async fn delete_user(#[server(default)] token: String) -> Result<(), AppError> {
    let own = own_row()?;
    match auth::delete_with_token(&backend(), &own, &token).await {
        Err(AuthFailure::TokenInvalid) => {
            redirect(SPENT);
            return Ok(());
        }
        Err(AuthFailure::DeletionOff) => {
            return Err(AppError::message(403, "Accounts can't be deleted here. Ask for help."));
        }
        done => done.map_err(refuse)?,
    }
    SignInCookies::set(CookieChange::End);
    redirect(routes::ACCOUNT_DELETED);
    Ok(())
}

/// What goes, and the button that lets it go.
#[component]
pub fn DeleteUserPage() -> AnyView {
    match find(&page_query(), "token") {
        Some(token) => view! { <LetGo token=token.to_owned()/> }.into_any(),
        None => view! { <Spent/> }.into_any(),
    }
}

#[component]
fn LetGo(token: String) -> AnyView {
    let email = use_session().map(|session| session.email).unwrap_or_default();
    view! {
        <AuthShell page="delete-account" title="Delete your account?">
            <ForgetQuery/>
            <p class="text-ink-2">
                "The Coffer account of " <super::Email email/> " will be deleted at once and for good, and with it:"
            </p>
            <ul class="my-4 list-disc pl-5 text-ink-2">
                <li>"your accounts and their transactions"</li>
                <li>"your imports and their history"</li>
                <li>"every way to sign in, on every device"</li>
                {backend().settings.billing.is_some().then(|| view! {
                    <li>"your plan: a subscription is cancelled at once and not charged again"</li>
                })}
            </ul>
            <p class="mb-6 text-ink-2">"Nothing happens at your bank. This can't be undone."</p>
            <PostForm action=routes::DELETE_USER page=routes::with_token(routes::DELETE_USER, &token) class="mb-2">
                <HiddenField name="token" value=token/>
                <Button variant=Variant::Danger wide=true busy="Deleting…" attr:data-testid="delete-account-submit">
                    "Delete my account"
                </Button>
            </PostForm>
            <LinkButton href=routes::DASHBOARD variant=Variant::Ghost wide=true>"Keep it"</LinkButton>
        </AuthShell>
    }
    .into_any()
}

#[component]
fn Spent() -> AnyView {
    let life = domain::wait::life_in_words(auth::deletion_life(&backend()));
    view! {
        <AuthShell page="delete-account" title="This link doesn't work any more">
            <ForgetQuery/>
            <p class="mb-6 text-ink-2">
                {format!("It's older than {life}, was used already, or belongs to another account. Nothing was deleted.")}
            </p>
            <LinkButton href=routes::DASHBOARD wide=true>"Open dashboard"</LinkButton>
        </AuthShell>
    }
    .into_any()
}
