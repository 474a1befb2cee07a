//! What the pages that wait for a mail have in common.

use leptos::prelude::*;

use super::mailed::{Letter, Mailed};
use crate::{
    islands::ResendTimer,
    routes,
    server::{now, site},
    ui::{Button, HiddenField, LinkButton, PostForm, Variant},
};

/// An address inside a sentence.
#[component]
pub fn Email(
    /// The address.
    #[prop(into)]
    email: String,
) -> impl IntoView {
    view! { <span class="font-medium wrap-break-word text-ink" data-testid="mailed-address">{email}</span> }
}

/// Asks for the same mail again, a minute after the last one.
#[component]
pub(super) fn Resend(
    /// Where it posts to.
    action: &'static str,
    /// The page it stands on, with its query.
    page: String,
    /// Which mail.
    letter: Letter,
    /// The address, and the last mail that went there.
    mailed: Mailed,
    /// Where the mailed link leads in the end.
    #[prop(optional_no_strip)]
    next: Option<String>,
) -> AnyView {
    let seconds = mailed.pause(letter, now());
    view! {
        <PostForm action=action page class="flex flex-col gap-3">
            <HiddenField name="email" value=mailed.email/>
            {next.map(|next| view! { <HiddenField name="next" value=next/> })}
            <ResendTimer seconds>
                <Button variant=Variant::Secondary wide=true busy="Sending…" attr:data-testid="resend">
                    "Send the link again"
                </Button>
            </ResendTimer>
        </PostForm>
    }
    .into_any()
}

/// In development, the way to the mailbox that keeps what would be mailed.
#[component]
pub(super) fn Mailbox() -> impl IntoView {
    site().dev_mail.then(|| {
        view! {
            <div class="mt-3">
                <LinkButton href=routes::DEV_MAIL variant=Variant::Ghost wide=true>
                    "Open the mailbox (development)"
                </LinkButton>
            </div>
        }
    })
}
