//! The line above every page of a signed-in person: what needs attention, one thing at a time, the most urgent first.
//! A bank comes before a payment, a payment before an address that is not proven.

use backend::attention::{self, Attention};
use domain::{connection::ConnectionAttention, states::connection::ConnectionState};
use leptos::prelude::*;

use super::this_page;
use crate::{
    routes,
    server::{reject, signed_in},
    session::use_session,
    ui::{Button, HiddenField, PostForm, Variant},
};

/// The line, or nothing when all is well. What can't be found out is no reason to fail the page: it is logged.
pub async fn banner() -> AnyView {
    let found = match signed_in() {
        Ok((backend, caller)) => {
            attention::get(&backend, &caller).await.map_err(reject).unwrap_or_default()
        }
        Err(_) => return ().into_any(),
    };
    match found {
        Some(Attention::Connection(connection)) => {
            view! { <BrokenConnection connection/> }.into_any()
        }
        Some(Attention::Payment(sentence)) => view! { <LatePayment sentence/> }.into_any(),
        None => view! { <Unproven/> }.into_any(),
    }
}

/// A bank that wants its customer, with the way to it; and how many more do.
#[component]
fn BrokenConnection(connection: ConnectionAttention) -> AnyView {
    let ConnectionAttention { connection, institution_name, state, message, others } = connection;
    let what = match state {
        ConnectionState::Revoked => "See the connection",
        _ => "Reconnect",
    };
    let more = (others > 0).then(|| {
        view! {
            " "
            <a href=routes::CONNECTIONS class="link inline-flex min-h-6 items-center" data-testid="banner-more">
                {format!("and {others} more")}
            </a>
        }
    });
    view! {
        <section class="banner banner-warning" aria-label="Bank connection" data-testid="banner-connection" data-state=state.as_str()>
            <p class="min-w-0">
                {message} " "
                <a href=routes::connection(&connection) class="link inline-flex min-h-6 items-center font-medium">
                    {what} <span class="sr-only">{format!(" {institution_name}")}</span>
                </a>
                {more}
            </p>
        </section>
    }
    .into_any()
}

/// A payment is owed.
#[component]
fn LatePayment(
    /// What happened and until when.
    sentence: String,
) -> AnyView {
    view! {
        <section class="banner banner-warning" aria-label="Payment" data-testid="banner-payment">
            <p class="min-w-0">
                {sentence} " "
                <a href=routes::BILLING class="link inline-flex min-h-6 items-center font-medium">"Go to billing"</a>
            </p>
        </section>
    }
    .into_any()
}

/// Asks for the proof of an address that is not proven yet.
#[component]
fn Unproven() -> impl IntoView {
    let unproven = use_session().filter(|session| !session.email_verified)?;
    Some(view! {
        <section class="banner" aria-label="Confirm your e-mail" data-testid="banner-verify-email">
            <p class="min-w-0">
                <a href=routes::VERIFY_EMAIL class="link inline-flex min-h-6 items-center font-medium">"Confirm your e-mail"</a>
                ": open the link we've sent to " <span class="wrap-break-word">{unproven.email.clone()}</span> "."
            </p>
            <PostForm action=routes::RESEND_VERIFICATION page=this_page() class="banner-form">
                <HiddenField name="email" value=unproven.email/>
                <Button variant=Variant::Secondary busy="Sending…" attr:data-testid="banner-resend">"Send again"</Button>
            </PostForm>
        </section>
    })
}
