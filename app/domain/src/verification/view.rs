//! A verification as the owner of the account sees it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{DepositKind, NextStep, VerificationMethod};
use crate::states::verification::VerificationState;
use crate::{AccountId, Date, RoundId, day};

/// How the proof of an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationView {
    /// Which account.
    pub account: AccountId,
    /// How far it is.
    pub state: VerificationState,
    /// How it was verified.
    pub method: Option<VerificationMethod>,
    /// When it was verified, in UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    pub verified_at: Option<OffsetDateTime>,
    /// What is wrong, and what to do about it.
    pub message: Option<String>,
    /// The one thing to do next.
    pub next_step: Option<NextStep>,
    /// Whether a round may be asked for now.
    pub can_start: bool,
    /// Its numbers were erased, and it needs them again before a round may be asked for.
    #[serde(default)]
    pub needs_numbers: bool,
    /// The newest round.
    pub round: Option<RoundView>,
}

/// A round of deposits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoundView {
    /// Its id, which an answer names.
    pub id: RoundId,
    /// What was sent.
    pub kind: DepositKind,
    /// Where it stands.
    pub state: VerificationState,
    /// The day by which the deposits should be there.
    #[serde(with = "day::iso")]
    pub expected_on: Date,
    /// The last instant for an answer, in UTC; none before the deposits posted.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ends_at: Option<OffsetDateTime>,
    /// How many answers are left.
    pub tries_left: u32,
    /// What to look for and what to do; none unless it is open.
    pub instruction: Option<String>,
}
