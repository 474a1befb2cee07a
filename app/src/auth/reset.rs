//! `/reset-password`: a new password for whoever holds a mailed link.

use backend::auth::{ResetLink, check_reset};
use leptos::prelude::*;

use crate::{
    AppError,
    islands::ForgetQuery,
    routes,
    server::{backend, reject, site},
    ui::{
        AuthShell, Button, HiddenField, LinkButton, PasswordField, PostForm,
        load::load,
        query::{find, page_query},
    },
};

/// One field for the new password; for a link that no longer works, the way to another one.
#[component]
pub fn ResetPasswordPage() -> AnyView {
    let query = page_query();
    let token = find(&query, "token").map(str::to_owned);
    let is_bare = token.is_none() && find(&query, "error").is_none();
    let reason = find(&query, "reason").map(str::to_owned);
    load(async move {
        let link = match &token {
            Some(token) => check_reset(&backend(), token).await.map_err(reject)?,
            None => ResetLink::Unknown,
        };
        Ok::<_, AppError>(match token.filter(|_| link == ResetLink::Works) {
            Some(token) => view! { <Choose token/> }.into_any(),
            None if is_bare => view! { <NoLink/> }.into_any(),
            None => {
                let reason = link.reason().map(str::to_owned).or(reason);
                view! { <Spent reason/> }.into_any()
            }
        })
    })
}

#[component]
fn Choose(token: String) -> AnyView {
    let least = site().password_min;
    // Shown again, the page finds the token where it was.
    let page = routes::with_token(routes::RESET_PASSWORD, &token);
    let ends_sessions = backend().is_hardened();
    view! {
        <AuthShell page="reset" title="Choose a new password">
            <ForgetQuery/>
            {ends_sessions.then(|| view! {
                <p class="mb-6 text-ink-2">"You'll be signed out everywhere else."</p>
            })}
            <PostForm action=routes::RESET_PASSWORD page>
                <HiddenField name="token" value=token/>
                <PasswordField
                    name="password"
                    label="New password"
                    hint=super::password_hint(least)
                    autocomplete="new-password"
                    least
                />
                <Button wide=true busy="Saving…" attr:data-testid="reset-submit">"Save new password"</Button>
            </PostForm>
        </AuthShell>
    }
    .into_any()
}

/// Expired or used, where somebody can tell; a newer one may have taken its place as well.
#[component]
fn Spent(reason: Option<String>) -> AnyView {
    let sentence = match reason.as_deref() {
        Some("used") => {
            "It was used already, and a link works once. If that wasn't you, ask for a new one now."
        }
        Some("expired") => "It's older than 60 minutes. Your password is as it was.",
        _ => {
            "It's older than 60 minutes, was used already, or a newer one was sent. Your password is as it was."
        }
    };
    view! {
        <AuthShell page="reset" title="This link doesn't work any more">
            <ForgetQuery/>
            <p class="mb-6 text-ink-2">{sentence}</p>
            <LinkButton href=routes::FORGOT_PASSWORD wide=true>"Send a new link"</LinkButton>
        </AuthShell>
    }
    .into_any()
}

/// Somebody has reloaded the page, or typed its address.
#[component]
fn NoLink() -> AnyView {
    view! {
        <AuthShell page="reset" title="Choose a new password">
            <p class="mb-6 text-ink-2">"Open the link in the mail we've sent you once more, or ask for a new one."</p>
            <LinkButton href=routes::FORGOT_PASSWORD wide=true>"Send a new link"</LinkButton>
        </AuthShell>
    }
    .into_any()
}
