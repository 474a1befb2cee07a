//! Proof that an account is its owner's: small deposits, and an answer that only somebody who reads its statements knows.
//!
//! The limits are the product's own, within what Nacha allows for micro-entries: credits below one dollar under the
//! description `ACCTVERIFY`, debits no larger than the credits. How a round moves is in
//! [`states::verification`](crate::states::verification).

use time::{Duration, OffsetDateTime};

use crate::{Date, bank_day};

mod answer;
mod failure;
mod next_step;
mod round;
mod view;

pub use answer::{Amounts, Answer, AnswerForm, DepositCode, cents};
pub use failure::Failure;
pub use next_step::NextStep;
pub use round::{Outcome, Round};
pub use view::{RoundView, VerificationView};

/// How long deposits can be answered after they posted.
pub const LAPSES_AFTER: Duration = Duration::days(10);
/// How long after the day they were expected on deposits are given up, that nobody says have posted or come back.
pub const OVERDUE_AFTER: Duration = Duration::days(10);
/// How long before they lapse their receiver is reminded.
pub const REMINDED_BEFORE: Duration = Duration::days(2);
/// Rounds that one pair of numbers gets within [`ROUNDS_WINDOW`], whoever asks.
pub const ROUNDS: u32 = 3;
/// The time within which [`ROUNDS`] are counted.
pub const ROUNDS_WINDOW: Duration = Duration::days(30);
/// Rounds that one person may start a day.
pub const STARTS_PER_USER_A_DAY: u32 = 3;
/// Rounds that may be started from one network address a day.
pub const STARTS_PER_ADDRESS_A_DAY: u32 = 20;
/// What stands beside the deposits on the statement.
pub const STATEMENT_TEXT: &str = "COFFER ACCTVERIFY";

words! {
    /// What is sent to prove an account.
    pub enum DepositKind (crate::Code::OptionUnknown) {
        /// Two credits of 1 to 98 cents, and one debit of their sum.
        Amounts = "amounts", "Two small deposits";
        /// One credit of a cent with a code in its text.
        Code = "code", "A deposit with a code";
    }
}

impl DepositKind {
    /// How many wrong answers end a round.
    pub const fn tries(self) -> u32 {
        match self {
            Self::Amounts => 3,
            Self::Code => 5,
        }
    }
}

words! {
    /// How an account was verified.
    pub enum VerificationMethod (crate::Code::OptionUnknown) {
        /// Its bank vouched for it when it was linked.
        Instant = "instant", "Through your bank";
        Amounts = "amounts", "Two small deposits";
        Code = "code", "A deposit with a code";
    }
}

impl From<DepositKind> for VerificationMethod {
    fn from(kind: DepositKind) -> Self {
        match kind {
            DepositKind::Amounts => Self::Amounts,
            DepositKind::Code => Self::Code,
        }
    }
}

/// The day by which deposits should be there: the second banking day after they were started.
pub fn expected_on(started: Date) -> Date {
    bank_day::nth_banking_day_after(started, 2)
}

/// The last instant at which deposits can be answered, in UTC.
pub fn lapses_at(posted_at: OffsetDateTime) -> OffsetDateTime {
    posted_at.saturating_add(LAPSES_AFTER)
}

/// How many rounds a pair of numbers still gets; `starts` are the instants at which rounds for it began, whoever began
/// them. None left: it is locked.
pub fn rounds_left(starts: impl IntoIterator<Item = OffsetDateTime>, now: OffsetDateTime) -> u32 {
    let since = now.saturating_sub(ROUNDS_WINDOW);
    let recent = starts.into_iter().filter(|start| *start > since).count();
    ROUNDS.saturating_sub(u32::try_from(recent).unwrap_or(u32::MAX))
}

/// `3 tries left`.
pub fn tries_left(tries: u32) -> String {
    if tries == 1 { "1 try left".to_owned() } else { format!("{tries} tries left") }
}

#[cfg(test)]
mod tests;
