//! The line above a page that says what needs attention: one at a time, the most urgent first.

use leptos::prelude::*;

use crate::{
    routes,
    session::use_session,
    ui::{Button, HiddenField, PostForm, Variant},
};

/// Asks for the proof of an address that is not proven yet. On the overview alone: elsewhere it would only be in the way.
#[component]
pub fn Banner() -> impl IntoView {
    let unproven = use_session().filter(|session| !session.email_verified)?;
    Some(view! {
        <section class="banner" aria-label="Confirm your e-mail" data-testid="banner-verify-email">
            <p class="min-w-0">
                <a href=routes::VERIFY_EMAIL class="link font-medium">"Confirm your e-mail"</a>
                ": open the link we've sent to " <span class="wrap-break-word">{unproven.email.clone()}</span> "."
            </p>
            <PostForm action=routes::RESEND_VERIFICATION page=routes::DASHBOARD class="banner-form">
                <HiddenField name="email" value=unproven.email/>
                <Button variant=Variant::Secondary busy="Sending…" attr:data-testid="banner-resend">"Send again"</Button>
            </PostForm>
        </section>
    })
}

/// A payment is owed.
#[component]
pub fn LatePayment(
    /// What happened and until when.
    sentence: String,
) -> AnyView {
    view! {
        <section class="banner banner-warning" aria-label="Payment" data-testid="banner-payment">
            <p class="min-w-0">{sentence} " " <a href=routes::BILLING class="link font-medium">"Go to billing"</a></p>
        </section>
    }
    .into_any()
}
