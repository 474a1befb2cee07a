//! `/sign-in`.

use leptos::prelude::*;

use super::{ProviderButtons, ProviderRefusal, social::LastUsed, wanted_page, with_next};
use crate::{
    islands::PasskeyAutofill,
    routes,
    server::{LastWayIn, PASSWORD_WAY},
    ui::{AuthShell, Button, Checkbox, HiddenField, InputKind, PasswordField, PostForm, TextField},
};

/// E-mail, password, and the way to sign up.
#[component]
pub fn SignInPage() -> AnyView {
    let next = wanted_page();
    let sign_up = with_next(routes::SIGN_UP, next.as_deref());
    let after = next.clone().unwrap_or_else(|| routes::DASHBOARD.to_owned());
    let by_password = use_context::<LastWayIn>().unwrap_or_default().is(PASSWORD_WAY);
    view! {
        <AuthShell page="sign-in" title="Sign in">
            <ProviderRefusal/>
            <ProviderButtons next=next.clone() page=routes::SIGN_IN/>
            <PostForm action=routes::SIGN_IN>
                {next.map(|next| view! { <HiddenField name="next" value=next/> })}
                <TextField
                    name="email"
                    label="E-mail"
                    kind=InputKind::Email
                    autocomplete="username webauthn"
                    maxlength=254
                />
                <PasswordField name="password" label="Password" autocomplete="current-password"/>
                <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
                    <Checkbox name="rememberMe" label="Stay signed in on this device" checked=true/>
                    <a href=routes::FORGOT_PASSWORD class="link inline-flex min-h-6 items-center text-sm">"Forgot password?"</a>
                </div>
                <div>
                    <Button wide=true busy="Signing in…" attr:data-testid="sign-in-submit">"Sign in"</Button>
                    {by_password.then(|| view! { <LastUsed/> })}
                </div>
            </PostForm>
            <PasskeyAutofill next=after/>
            <p class="mt-6 text-center text-sm text-ink-2">
                "New to Coffer? " <a href=sign_up class="link">"Create an account"</a>
            </p>
        </AuthShell>
    }
    .into_any()
}
