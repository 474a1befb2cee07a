//! What becomes of an answer.

use time::OffsetDateTime;

use super::answer::{CODE_LENGTH, CODE_PREFIX};
use super::{
    DepositKind, LAPSES_AFTER, OVERDUE_AFTER, REMINDED_BEFORE, STATEMENT_TEXT, lapses_at,
    tries_left,
};
use crate::states::verification::{Event, VerificationState};
use crate::{Code, Date, day};

/// One round of deposits, as it stands before an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// What was sent.
    pub kind: DepositKind,
    /// Where it stands.
    pub state: VerificationState,
    /// Answers that were counted so far.
    pub tries: u32,
    /// How many answers it takes: [`DepositKind::tries`] when it began.
    pub max_tries: u32,
    /// The day by which the deposits should be there.
    pub expected_on: Date,
    /// When they posted, in UTC.
    pub posted_at: Option<OffsetDateTime>,
    /// The last instant for an answer, in UTC; none for the rule of [`lapses_at`].
    pub expires_at: Option<OffsetDateTime>,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It matches.
    Verified,
    /// Another answer matched before: the same success, and nothing happens again.
    AlreadyVerified,
    /// It doesn't match, and so many tries are left.
    Wrong {
        /// One or more.
        left: u32,
    },
    /// It doesn't match, and that was the last try.
    Failed,
    /// The deposits are still on their way. Nothing was counted.
    NotPosted {
        /// The day by which they should be there.
        expected_on: Date,
    },
    /// It came too late. Nothing was counted.
    Expired,
    /// The round has ended. Nothing was counted.
    Closed,
    /// The account can't be verified this way any more. Nothing was counted.
    Locked,
}

impl Round {
    /// Why no answer is compared now; none when one may be.
    ///
    /// Asked before a try is counted, under the lock of the row: what it refuses uses none.
    pub fn refusal(&self, now: OffsetDateTime) -> Option<Outcome> {
        match self.state {
            VerificationState::Verified => Some(Outcome::AlreadyVerified),
            VerificationState::Sent => Some(Outcome::NotPosted { expected_on: self.expected_on }),
            VerificationState::Expired => Some(Outcome::Expired),
            VerificationState::Locked => Some(Outcome::Locked),
            VerificationState::NotNeeded
            | VerificationState::Unstarted
            | VerificationState::Failed => Some(Outcome::Closed),
            VerificationState::Posted if self.is_lapsed(now) => Some(Outcome::Expired),
            // A try that was counted and never judged was the last one.
            VerificationState::Posted if self.tries >= self.max_tries => Some(Outcome::Failed),
            VerificationState::Posted => None,
        }
    }

    /// What becomes of an answer that matches, or doesn't. `tries` are those before this one.
    pub fn outcome(&self, now: OffsetDateTime, matches: bool) -> Outcome {
        if let Some(refusal) = self.refusal(now) {
            return refusal;
        }
        if matches {
            return Outcome::Verified;
        }
        match self.max_tries.saturating_sub(self.tries).saturating_sub(1) {
            0 => Outcome::Failed,
            left => Outcome::Wrong { left },
        }
    }

    /// What an outcome does to the state of the round; nothing for most.
    pub fn event(&self, outcome: Outcome) -> Option<Event> {
        match outcome {
            Outcome::Verified => Some(Event::Matched),
            Outcome::Failed => Some(Event::TriesUsedUp),
            Outcome::Expired if self.state == VerificationState::Posted => Some(Event::Lapsed),
            _ => None,
        }
    }

    /// True for deposits that posted and that nobody answered in time.
    pub fn is_lapsed(&self, now: OffsetDateTime) -> bool {
        self.state == VerificationState::Posted && self.ends_at().is_some_and(|end| now > end)
    }

    /// True for deposits that should have been there long ago.
    pub fn is_overdue(&self, now: OffsetDateTime) -> bool {
        self.state == VerificationState::Sent
            && now.date() > self.expected_on.saturating_add(OVERDUE_AFTER)
    }

    /// True when their receiver should be told that they lapse soon.
    pub fn is_to_be_reminded(&self, now: OffsetDateTime) -> bool {
        let is_near = |end: OffsetDateTime| now >= end.saturating_sub(REMINDED_BEFORE);
        self.state == VerificationState::Posted
            && !self.is_lapsed(now)
            && self.ends_at().is_some_and(is_near)
    }

    /// What its receiver is asked to do; none unless it is open. `last_day` is the day of [`Round::ends_at`] where the
    /// person lives.
    pub fn instruction(&self, last_day: Option<Date>) -> Option<String> {
        let until = last_day.map(|day| format!(" by {}", day::format_day(day))).unwrap_or_default();
        let (expected, left) =
            (day::format_weekday(self.expected_on), tries_left(self.tries_left()));
        let days = LAPSES_AFTER.whole_days();
        match (self.state, self.kind) {
            (VerificationState::Sent, DepositKind::Amounts) => Some(format!(
                "Two small deposits marked {STATEMENT_TEXT} should arrive by {expected}. You then have {days} days to confirm them."
            )),
            (VerificationState::Sent, DepositKind::Code) => Some(format!(
                "One deposit of 1 cent marked {STATEMENT_TEXT} {CODE_PREFIX} and {CODE_LENGTH} characters should arrive by {expected}. You then have {days} days to confirm it."
            )),
            (VerificationState::Posted, DepositKind::Amounts) => Some(format!(
                "Enter the amounts of the two deposits marked {STATEMENT_TEXT}{until}. {left}."
            )),
            (VerificationState::Posted, DepositKind::Code) => Some(format!(
                "Enter the {CODE_LENGTH} characters after {STATEMENT_TEXT} {CODE_PREFIX} on your statement{until}. {left}."
            )),
            _ => None,
        }
    }

    /// How many tries are left.
    pub const fn tries_left(&self) -> u32 {
        self.max_tries.saturating_sub(self.tries)
    }

    /// The last instant for an answer, in UTC; none before the deposits posted.
    pub fn ends_at(&self) -> Option<OffsetDateTime> {
        self.expires_at.or_else(|| self.posted_at.map(lapses_at))
    }
}

impl Outcome {
    /// True when the account is verified, by this answer or by one before.
    pub const fn is_verified(self) -> bool {
        matches!(self, Self::Verified | Self::AlreadyVerified)
    }

    /// What is said about it; none for success. It never tells which amount was wrong.
    pub const fn code(self, kind: DepositKind) -> Option<Code> {
        match (self, kind) {
            (Self::Verified | Self::AlreadyVerified, _) => None,
            (Self::Wrong { left }, DepositKind::Amounts) => Some(Code::AmountsWrong(left)),
            (Self::Wrong { left }, DepositKind::Code) => Some(Code::DepositCodeWrong(left)),
            (Self::Failed, _) => Some(Code::VerificationFailed),
            (Self::NotPosted { expected_on }, _) => Some(Code::DepositsNotPosted(expected_on)),
            (Self::Expired, _) => Some(Code::VerificationExpired),
            (Self::Closed, _) => Some(Code::VerificationClosed),
            (Self::Locked, _) => Some(Code::VerificationLocked),
        }
    }
}
