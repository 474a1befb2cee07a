//! Where an account stands, as a word.

use domain::{AccountStatus, AccountView};
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

/// What an account in this state can do, or why it is stopped, in a sentence; nothing when there is nothing to say.
pub fn next_step(account: &AccountView) -> Option<String> {
    match account.status {
        AccountStatus::Active => None,
        AccountStatus::Pending => Some("Not verified yet. You can import files now.".to_owned()),
        AccountStatus::Suspended => account.suspended.clone(),
    }
}
