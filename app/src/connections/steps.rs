//! Where somebody is on the way to an account: by its bank, by its numbers or by hand.

use leptos::prelude::*;

/// The steps, each a page of its own. The first of every way is the same page.
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
    /// The routing and the account number, which small deposits prove.
    Numbers,
    /// The same, where nobody sends deposits: it is the last step.
    NumbersAlone,
    /// What the deposits are to be.
    SendDeposits,
    /// They are on their way.
    DepositsSent,
    /// They are there, and what they were is asked.
    ConfirmDeposits,
    /// An account without numbers.
    Hand,
}

impl Step {
    /// Which one it is, and of how many.
    fn place(self) -> (u8, u8) {
        match self {
            Self::Bank => (1, 4),
            Self::SignIn | Self::Numbers => (2, 4),
            Self::Accounts | Self::SendDeposits | Self::DepositsSent => (3, 4),
            Self::Done | Self::ConfirmDeposits => (4, 4),
            Self::NumbersAlone | Self::Hand => (2, 2),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Bank => "Choose your bank",
            Self::SignIn => "Sign in at the bank",
            Self::Accounts => "Choose accounts",
            Self::Done => "Done",
            Self::Numbers | Self::NumbersAlone => "Enter the account's numbers",
            Self::SendDeposits => "Send small deposits",
            Self::DepositsSent => "Deposits on their way",
            Self::ConfirmDeposits => "Confirm the deposits",
            Self::Hand => "Describe the account",
        }
    }
}

/// "Step 2 of 4: Sign in at the bank".
#[component]
pub fn Steps(
    /// The one that is shown.
    step: Step,
) -> impl IntoView {
    let (number, of) = step.place();
    let text = format!("Step {number} of {of}: {}", step.label());
    view! { <p class="text-sm text-ink-2" data-testid="link-progress">{text}</p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_counts_its_steps_to_its_end() {
        use Step::{
            Accounts, Bank, ConfirmDeposits, DepositsSent, Done, Hand, Numbers, NumbersAlone,
            SendDeposits, SignIn,
        };
        let ways: [&[Step]; 5] = [
            &[Bank, SignIn, Accounts, Done],
            &[Bank, Numbers, SendDeposits, ConfirmDeposits],
            &[Bank, Numbers, DepositsSent, ConfirmDeposits],
            &[NumbersAlone],
            &[Hand],
        ];

        for way in ways {
            let places: Vec<(u8, u8)> = way.iter().map(|step| step.place()).collect();
            let (last, of) = *places.last().unwrap();
            assert_eq!(last, of, "{way:?}");
            assert!(places.is_sorted(), "{way:?}: {places:?}");
        }
    }
}
