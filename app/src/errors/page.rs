//! The error pages inside the site's frames.

use leptos::prelude::*;

use super::words::words;
use crate::{
    routes,
    server::set_status,
    session::use_session,
    ui::{AppShell, LinkButton, PublicShell, Section, Variant},
};

/// The page for an address that leads nowhere, and for things that belong to somebody else.
#[component]
pub fn NotFoundPage() -> AnyView {
    view! { <ErrorPage status=404/> }.into_any()
}

/// The page of a failure, in the frame that fits the visitor; sets the status of the answer.
#[component]
pub fn ErrorPage(
    /// The HTTP status.
    status: u16,
    /// The request's id, for failures on our side.
    #[prop(optional, into)]
    reference: Option<String>,
) -> impl IntoView {
    set_status(status);
    error_page(status, reference, use_session().is_some())
}

/// The page of a failure. `server` renders it where no route did.
pub fn error_page(status: u16, reference: Option<String>, signed_in: bool) -> AnyView {
    let words = words(status);
    if signed_in {
        let without_banner = status >= 500;
        view! {
            <AppShell page=words.test_id title=words.title section=Section::None without_banner>
                <ErrorContent status reference signed_in/>
            </AppShell>
        }
        .into_any()
    } else {
        view! {
            <PublicShell page=words.test_id title=words.title>
                <div class="mx-auto max-w-xl px-4 py-16 md:py-24">
                    <h1 class="text-2xl font-semibold">{words.title}</h1>
                    <ErrorContent status reference signed_in/>
                </div>
            </PublicShell>
        }
        .into_any()
    }
}

/// The sentence, the reference and the next steps of a failure, under a heading of the caller's.
#[component]
pub fn ErrorContent(
    /// The HTTP status.
    status: u16,
    /// The request's id, for failures on our side.
    reference: Option<String>,
    /// Whether the visitor is signed in.
    signed_in: bool,
) -> AnyView {
    let words = words(status);
    let (home, home_label) = if signed_in {
        (routes::DASHBOARD, "Open dashboard")
    } else {
        (routes::HOME, "Go to the start page")
    };
    let reference = reference.filter(|_| words.ours).map(|reference| {
        view! {
            <p class="mt-4 text-sm text-ink-2">
                "Reference: " <code class="select-all" data-testid="error-reference">{reference}</code>
            </p>
        }
    });
    let search = (signed_in && status == 404).then(|| {
        view! {
            <LinkButton href=routes::TRANSACTIONS variant=Variant::Secondary>"Search transactions"</LinkButton>
        }
    });
    let sign_in = (!signed_in && status == 401).then(|| {
        view! { <LinkButton href=routes::SIGN_IN>"Sign in"</LinkButton> }
    });
    view! {
        <p class="mt-2 max-w-prose text-ink-2">{words.text}</p>
        {reference}
        <div class="mt-6 flex flex-wrap gap-3">
            {sign_in}
            <LinkButton href=home variant=if status == 401 { Variant::Secondary } else { Variant::Primary }>{home_label}</LinkButton>
            {search}
        </div>
    }
    .into_any()
}
