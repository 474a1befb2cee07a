//! Where somebody is on the way to a linked bank.

use leptos::prelude::*;

/// The steps, each a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Which bank.
    Bank,
    /// At the bank's own page.
    SignIn,
    /// Which of its accounts.
    Accounts,
    /// What came of it.
    Done,
}

impl Step {
    fn number(self) -> u8 {
        match self {
            Self::Bank => 1,
            Self::SignIn => 2,
            Self::Accounts => 3,
            Self::Done => 4,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Bank => "Choose your bank",
            Self::SignIn => "Sign in at the bank",
            Self::Accounts => "Choose accounts",
            Self::Done => "Done",
        }
    }
}

/// "Step 2 of 4: Sign in at the bank".
#[component]
pub fn Steps(
    /// The one that is shown.
    step: Step,
) -> impl IntoView {
    let text = format!("Step {} of 4: {}", step.number(), step.label());
    view! { <p class="text-sm text-ink-2" data-testid="link-progress">{text}</p> }
}
