//! Where an account stands, as a word.

use domain::AccountStatus;
use leptos::prelude::*;

use crate::ui::{Badge, Tone};

/// Active, Pending or Suspended.
#[component]
pub fn StatusBadge(
    /// Where it stands.
    status: AccountStatus,
) -> AnyView {
    let tone = match status {
        AccountStatus::Active => Tone::Positive,
        AccountStatus::Pending => Tone::Warning,
        AccountStatus::Suspended => Tone::Negative,
    };
    view! { <Badge tone attr:data-state=status.as_str()>{status.label()}</Badge> }.into_any()
}

/// What an account in this state can do, in a sentence; nothing when there is nothing to say.
pub fn next_step(status: AccountStatus) -> Option<&'static str> {
    match status {
        AccountStatus::Active => None,
        AccountStatus::Pending => Some("Not verified yet. You can import files now."),
        AccountStatus::Suspended => Some("Stopped. Nothing new can be added to it."),
    }
}
