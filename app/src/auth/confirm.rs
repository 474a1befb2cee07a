//! `/confirm`: the password once more, before something that needs a sign-in of a short time ago.

use backend::auth::linked_accounts;
use leptos::prelude::*;

use super::wanted_page;
use crate::{
    AppError, routes,
    server::{reject, signed_in},
    session::use_session,
    ui::{
        AuthShell, Button, HiddenField, LinkButton, PasswordField, PostForm, UsernameField,
        Variant, load::load,
    },
};

/// Asks for the password; who has none signs in anew the way they came.
#[component]
pub fn ConfirmPage() -> AnyView {
    let next = wanted_page().unwrap_or_else(|| routes::DASHBOARD.to_owned());
    load(async move {
        let has_password = has_password().await?;
        Ok(view! {
            <AuthShell page="confirm" title="Confirm it's you">
                {if has_password {
                    view! { <Again next/> }.into_any()
                } else {
                    view! { <Anew next/> }.into_any()
                }}
                <LinkButton href=routes::DASHBOARD variant=Variant::Ghost wide=true>"Not now"</LinkButton>
            </AuthShell>
        })
    })
}

/// Whether the caller can be asked for a password at all.
async fn has_password() -> Result<bool, AppError> {
    let (backend, caller) = signed_in()?;
    let ways = linked_accounts(&backend, &caller).await.map_err(reject)?;
    Ok(ways.iter().any(|way| way.provider_id == "credential"))
}

#[component]
fn Again(next: String) -> AnyView {
    let email = use_session().map(|session| session.email).unwrap_or_default();
    view! {
        <p class="mb-6 text-ink-2">
            "The next step needs a sign-in of the last few minutes. Enter the password of "
            <span class="font-medium wrap-break-word text-ink">{email.clone()}</span> "."
        </p>
        <PostForm action=routes::CONFIRM class="mb-2 flex flex-col gap-5">
            <HiddenField name="next" value=next/>
            <UsernameField value=email/>
            <PasswordField name="currentPassword" label="Password" autocomplete="current-password"/>
            <Button wide=true busy="Checking…" attr:data-testid="confirm-submit">"Go on"</Button>
        </PostForm>
    }
    .into_any()
}

#[component]
fn Anew(next: String) -> AnyView {
    view! {
        <p class="mb-6 text-ink-2">
            "The next step needs a sign-in of the last few minutes. You have no Coffer password, so sign out and come back the way you usually sign in."
        </p>
        <form method="post" action=routes::SIGN_OUT class="mb-2">
            <HiddenField name="next" value=next/>
            <Button wide=true busy="Signing out…">"Sign out and sign in again"</Button>
        </form>
    }
    .into_any()
}
