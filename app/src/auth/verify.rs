//! `/verify-email`: shown after signing up where an address has to be confirmed first.

use leptos::prelude::*;

use crate::{
    routes,
    server::site,
    ui::{AuthShell, LinkButton, Variant},
};

/// Says that a mail is on its way. The same for an address that already has an account.
#[component]
pub fn VerifyEmailPage() -> AnyView {
    view! {
        <AuthShell page="verify-email" title="Check your mail">
            <p class="text-ink-2">
                "We've sent a message to the address you gave. Open the link in it to confirm that it's yours, then sign in."
            </p>
            <div class="mt-6 flex flex-col gap-3">
                <LinkButton href=routes::SIGN_IN wide=true>"Sign in"</LinkButton>
                {site().dev_mail.then(|| view! {
                    <LinkButton href=routes::DEV_MAIL variant=Variant::Secondary wide=true>
                        "Open the mailbox (development)"
                    </LinkButton>
                })}
            </div>
        </AuthShell>
    }
    .into_any()
}
