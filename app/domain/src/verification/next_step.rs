//! What the owner of an account can do about it.

use serde::{Deserialize, Serialize};

/// The one thing to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NextStep {
    /// Start the first round.
    SendDeposits,
    /// Answer the deposits that are on their way or there.
    ConfirmDeposits,
    /// Start another round.
    SendNewDeposits,
    /// Add the account with other numbers, or another account.
    AddAccount,
    /// Go through the bank again.
    LinkAgain,
    /// Only support can help.
    ContactSupport,
}

impl NextStep {
    /// The words on the button or the link.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SendDeposits => "Send deposits",
            Self::ConfirmDeposits => "Confirm deposits",
            Self::SendNewDeposits => "Send new deposits",
            Self::AddAccount => "Add an account",
            Self::LinkAgain => "Link the bank again",
            Self::ContactSupport => "Contact support",
        }
    }
}
