//! The line that says that no money is moved here.

use backend::{Backend, billing::PolarServer};
use leptos::prelude::*;

use crate::ui::{Badge, Tone};

/// Whether whoever takes the payments is a stand-in.
pub fn is_test(backend: &Backend) -> bool {
    backend.settings.billing.as_ref().is_some_and(|billing| billing.server == PolarServer::Local)
}

/// Above everything about payments, while they are tried out.
#[component]
pub fn TestPayments(
    /// Whether they are.
    test: bool,
) -> impl IntoView {
    test.then(|| {
        view! {
            <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2" data-testid="billing-test">
                <Badge tone=Tone::Warning>"Test payments"</Badge>
                "No money is moved here. Use a test card."
            </p>
        }
    })
}
