//! `/sign-up`.

use leptos::prelude::*;

use super::{ProviderButtons, password_hint, wanted_page, with_next};
use crate::{
    islands::Rule,
    routes,
    server::site,
    ui::{AuthShell, Button, HiddenField, InputKind, PasswordField, PostForm, TextField},
};

/// Name, e-mail, password, and the way to sign in.
#[component]
pub fn SignUpPage() -> AnyView {
    let next = wanted_page();
    let sign_in = with_next(routes::SIGN_IN, next.as_deref());
    view! {
        <AuthShell page="sign-up" title="Create your account">
            <ProviderButtons next=next.clone() page=routes::SIGN_UP sign_up=true/>
            <PostForm action=routes::SIGN_UP>
                {next.map(|next| view! { <HiddenField name="next" value=next/> })}
                <TextField name="name" label="Name" autocomplete="name" maxlength=80/>
                <TextField
                    name="email"
                    label="E-mail"
                    kind=InputKind::Email
                    autocomplete="email"
                    maxlength=254
                    live=Rule::Email
                />
                <PasswordField
                    name="password"
                    label="Password"
                    hint=password_hint(site().password_min)
                    autocomplete="new-password"
                    least=site().password_min
                />
                <p class="text-sm text-ink-2">
                    "By creating an account you agree to the " <a href=routes::TERMS class="link">"terms"</a>
                    ". What is kept about you stands on the " <a href=routes::PRIVACY class="link">"privacy page"</a>
                    ". You can delete your account, and everything in it, at any time."
                </p>
                <Button wide=true busy="Creating account…" attr:data-testid="sign-up-submit">"Create account"</Button>
            </PostForm>
            <p class="mt-6 text-center text-sm text-ink-2">
                "Already have an account? " <a href=sign_in class="link">"Sign in"</a>
            </p>
        </AuthShell>
    }
    .into_any()
}
