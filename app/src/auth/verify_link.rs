//! What a mailed link's page shows before its button is pressed.

use backend::auth::email::{Does, Link};
use leptos::prelude::*;

use super::waiting::Email;
use crate::{
    islands::ForgetQuery,
    routes,
    server::backend,
    ui::{AuthShell, Button, HiddenField, PasswordField, PostForm, UsernameField},
};

/// Says what the link does; the button does it.
#[component]
pub(super) fn OpenLink(link: Link, token: String, next: Option<String>) -> AnyView {
    let Link { email, does, own } = link;
    match does {
        Does::Prove if own => view! {
            <AuthShell page="verify-email" title="Confirm your address">
                <p class="mb-6 text-ink-2">"Confirm that " <Email email/> " is your address."</p>
                <Press token next label="Confirm address"/>
            </AuthShell>
        }
        .into_any(),
        Does::Prove => view! { <ProveElsewhere email token next/> }.into_any(),
        Does::Agree(new) => view! {
            <AuthShell page="verify-email" title="Change your address">
                <p class="mb-6 text-ink-2">
                    "Your Coffer account is to have " <Email email=new/> " in place of " <Email email/> ". If you agree, we'll send a link to the new address."
                </p>
                <Press token next label="Agree to the change"/>
            </AuthShell>
        }
        .into_any(),
        Does::Change(new) => view! {
            <AuthShell page="verify-email" title="Confirm your new address">
                <p class="mb-6 text-ink-2">
                    <Email email=new/> " becomes the address of your Coffer account in place of " <Email email/> ". "
                    {backend().is_hardened().then_some("You'll be signed out everywhere else.")}
                </p>
                <Press token next label="Change address"/>
            </AuthShell>
        }
        .into_any(),
    }
}

/// Reading the mail alone says nothing about who made the account: its password does.
#[component]
fn ProveElsewhere(email: String, token: String, next: Option<String>) -> AnyView {
    view! {
        <AuthShell page="verify-email" title="Confirm your address">
            <p class="mb-6 text-ink-2">
                "Confirm that " <Email email=email.clone()/> " is your address. You aren't signed in here, so enter the password of your Coffer account, too."
            </p>
            <Press token next label="Confirm and sign in" email/>
            <p class="mt-6 text-sm text-ink-2">
                "Don't know it, or didn't make this account? "
                <a href=routes::FORGOT_PASSWORD class="link">"Choose a new password"</a>
                ": that confirms the address as well."
            </p>
        </AuthShell>
    }
    .into_any()
}

#[component]
fn Press(
    token: String,
    next: Option<String>,
    label: &'static str,
    /// The address whose password is asked for.
    #[prop(optional)]
    email: Option<String>,
) -> AnyView {
    // Shown again, the page finds the token where it was.
    let page = routes::with_token(routes::VERIFY_EMAIL, &token);
    let page = match &next {
        Some(next) => routes::and_next(&page, next),
        None => page,
    };
    view! {
        <ForgetQuery/>
        <PostForm action=routes::VERIFY_EMAIL page>
            <HiddenField name="token" value=token/>
            {next.map(|next| view! { <HiddenField name="next" value=next/> })}
            {email.map(|email| view! {
                <UsernameField value=email/>
                <PasswordField name="password" label="Password" autocomplete="current-password"/>
            })}
            <Button wide=true busy="One moment…" attr:data-testid="verify-email-submit">{label}</Button>
        </PostForm>
    }
    .into_any()
}
