//! Why a round of deposits failed.

use super::NextStep;
use crate::Code;

words! {
    /// Why a round failed: the answers, or the bank sent the deposits back (return codes of Nacha).
    pub enum Failure (Code::OptionUnknown) {
        /// Every try was wrong.
        Tries = "tries", "Too many wrong answers";
        Closed = "R02", "Account closed";
        NoAccount = "R03", "No such account";
        InvalidNumber = "R04", "Invalid account number";
        Frozen = "R16", "Account frozen";
        NotTransactional = "R20", "Not a transaction account";
        /// Sent back with any other code.
        Returned = "returned", "Deposits sent back";
        /// Nobody has heard of them for [`OVERDUE_AFTER`](super::OVERDUE_AFTER).
        Overdue = "overdue", "Deposits never arrived";
    }
}

impl Failure {
    /// Why deposits came back, by the return code; every return ends a round.
    pub fn of_return(code: &str) -> Self {
        match code.trim().to_ascii_uppercase().parse() {
            Ok(Self::Tries | Self::Overdue) | Err(_) => Self::Returned,
            Ok(failure) => failure,
        }
    }

    /// What happened, and what to do about it.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Tries => {
                "The answers didn't match the deposits. For safety, this round is closed. Send new deposits."
            }
            Self::Closed => "The bank says this account is closed. Add the account you use now.",
            Self::NoAccount => {
                "The bank found no account with this number. Check the numbers and add the account again."
            }
            Self::InvalidNumber => {
                "The bank says this account number isn't valid. Check the numbers and add the account again."
            }
            Self::Frozen => {
                "The bank has frozen this account. Ask your bank, then send new deposits."
            }
            Self::NotTransactional => {
                "This account can't take deposits like ours. Add a checking or savings account."
            }
            Self::Returned => "The bank sent the deposits back. Ask your bank, then send new ones.",
            Self::Overdue => "The deposits never arrived. Check the numbers, then send new ones.",
        }
    }

    /// The one thing to do next.
    pub const fn next_step(self) -> NextStep {
        match self {
            Self::Tries | Self::Frozen | Self::Returned | Self::Overdue => {
                NextStep::SendNewDeposits
            }
            Self::Closed | Self::NoAccount | Self::InvalidNumber | Self::NotTransactional => {
                NextStep::AddAccount
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_codes_are_told_apart_and_unknown_ones_count_too() {
        let cases = [
            ("R02", Failure::Closed),
            ("R03", Failure::NoAccount),
            ("R04", Failure::InvalidNumber),
            ("R16", Failure::Frozen),
            (" r20 ", Failure::NotTransactional),
            ("R29", Failure::Returned),
            ("tries", Failure::Returned),
            ("overdue", Failure::Returned),
            ("", Failure::Returned),
        ];
        for (code, failure) in cases {
            assert_eq!(Failure::of_return(code), failure, "{code}");
        }
    }

    #[test]
    fn every_failure_is_found_by_its_word_and_explained_differently() {
        let mut sentences = std::collections::BTreeSet::new();
        for failure in Failure::ALL {
            assert_eq!(failure.as_str().parse(), Ok(*failure));
            assert!(sentences.insert(failure.sentence()), "{failure}");
        }
    }

    #[test]
    fn numbers_that_the_bank_refuses_are_not_tried_again() {
        assert_eq!(Failure::NoAccount.next_step(), NextStep::AddAccount);
        assert_eq!(Failure::Tries.next_step(), NextStep::SendNewDeposits);
    }
}
