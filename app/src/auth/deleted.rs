//! `/account-deleted`: the last page of somebody who has deleted their account.

use leptos::prelude::*;

use crate::{
    routes,
    ui::{AuthShell, LinkButton, Variant},
};

/// Says that everything is gone.
#[component]
pub fn AccountDeletedPage() -> AnyView {
    view! {
        <AuthShell page="account-deleted" title="Your account is deleted">
            <p class="text-ink-2">
                "Everything in it is gone for good, and you're signed out on every device. We've sent you a mail that says so."
            </p>
            <div class="mt-6">
                <LinkButton href=routes::HOME variant=Variant::Secondary wide=true>"Go to the start page"</LinkButton>
            </div>
        </AuthShell>
    }
    .into_any()
}
