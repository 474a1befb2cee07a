//! `/forgot-password`: asks for a link by mail, and says the same whether the address has an account or not.

use leptos::prelude::*;

use super::{
    Email,
    mailed::{Letter, Mailed, use_mailed},
    waiting::{Mailbox, Resend},
};
use crate::{
    routes,
    ui::{
        AuthShell, Button, InputKind, PostForm, TextField,
        query::{find, page_query},
    },
};

/// The form, or what happens next after it was sent.
#[component]
pub fn ForgotPasswordPage() -> AnyView {
    let mailed = use_mailed();
    let is_sent = find(&page_query(), "sent").is_some();
    match mailed.clone().filter(|_| is_sent) {
        Some(mailed) => view! { <Sent mailed/> }.into_any(),
        None => view! { <Ask email=mailed.map(|mailed| mailed.email)/> }.into_any(),
    }
}

#[component]
fn Ask(email: Option<String>) -> AnyView {
    view! {
        <AuthShell page="forgot" title="Forgot your password?">
            <p class="mb-6 text-ink-2">"We'll send you a link with which you can choose a new one."</p>
            <PostForm action=routes::FORGOT_PASSWORD>
                <TextField
                    name="email"
                    label="E-mail"
                    kind=InputKind::Email
                    value=email.unwrap_or_default()
                    autocomplete="username"
                    maxlength=254
                />
                <Button wide=true busy="Sending…" attr:data-testid="forgot-submit">"Send link"</Button>
            </PostForm>
            <BackToSignIn/>
        </AuthShell>
    }
    .into_any()
}

#[component]
fn Sent(mailed: Mailed) -> AnyView {
    view! {
        <AuthShell page="forgot" title="Check your mail">
            <p class="text-ink-2" data-testid="forgot-sent">
                "If that address has an account, we've sent a link. It works for 60 minutes."
            </p>
            <p class="mt-3 mb-6 text-ink-2">
                "You gave us " <Email email=mailed.email.clone()/> ". Nothing there after a few minutes? Look in the spam folder, or "
                <a href=routes::FORGOT_PASSWORD class="link">"use another address"</a> "."
            </p>
            <Resend action=routes::FORGOT_PASSWORD page=sent_page() letter=Letter::Reset mailed/>
            <Mailbox/>
            <BackToSignIn/>
        </AuthShell>
    }
    .into_any()
}

/// The page after the form.
pub(super) fn sent_page() -> String {
    format!("{}?sent=1", routes::FORGOT_PASSWORD)
}

#[component]
fn BackToSignIn() -> AnyView {
    view! {
        <p class="mt-6 text-center text-sm text-ink-2">
            "Remembered it? " <a href=routes::SIGN_IN class="link">"Sign in"</a>
        </p>
    }
    .into_any()
}
