//! A login at a bank as its owner sees it: views, the banner, and why something did not work.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;

use crate::provider::{Trouble, TroubleKind};
use crate::states::connection::ConnectionState;
use crate::{AccountId, AccountType, Code, ConnectionId, Date, day};

/// Why a bank could not be read or linked: a kind, never the provider's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BankProblem {
    /// The provider said what is wrong.
    Trouble(TroubleKind),
    /// The person shared no checking or savings account.
    NoneShared,
    /// The pages changed each time they were read.
    Changed,
    /// The answer contradicts itself or holds what cannot be.
    BadAnswer,
}

impl BankProblem {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trouble(kind) => kind.as_str(),
            Self::NoneShared => "none_shared",
            Self::Changed => "changed",
            Self::BadAnswer => "bad_answer",
        }
    }

    /// What a person reads, with the bank's name.
    pub fn sentence(self, bank: &str) -> String {
        let again = "Nothing was changed, and we'll try again.";
        match self {
            Self::Trouble(kind) => kind.sentence(bank).unwrap_or_else(|| {
                format!("{bank} asks us to wait a little. We'll try again by ourselves.")
            }),
            Self::NoneShared => Trouble::none_shared().sentence(bank).unwrap_or_default(),
            Self::Changed => format!("{bank}'s list kept changing while we read it. {again}"),
            Self::BadAnswer => format!("{bank} sent something that can't be right. {again}"),
        }
    }
}

impl fmt::Display for BankProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for BankProblem {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        match text {
            "none_shared" => Ok(Self::NoneShared),
            "changed" => Ok(Self::Changed),
            "bad_answer" => Ok(Self::BadAnswer),
            kind => kind.parse().map(Self::Trouble),
        }
    }
}

impl Serialize for BankProblem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for BankProblem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

text_column!(BankProblem);

/// A connection as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// Its id.
    pub id: ConnectionId,
    /// The word of the provider: `simbank`, `plaid`.
    pub provider: String,
    /// The bank's name.
    pub institution_name: String,
    /// Where it stands.
    pub state: ConnectionState,
    /// The day it ends, where the provider said so.
    #[serde(with = "day::iso::option")]
    pub expires_on: Option<Date>,
    /// Why the last sync did not work.
    pub problem: Option<BankProblem>,
    /// The same as a sentence.
    pub message: Option<String>,
    /// How many of the person's accounts are read by it.
    pub accounts: i64,
    /// The bank has accounts that are not added.
    pub new_accounts: bool,
    /// The bank's whole past has been read.
    pub history_complete: bool,
    /// When it was last read, in UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_sync_at: Option<OffsetDateTime>,
    /// When it is read next, in UTC; none where its owner must act first.
    #[serde(with = "time::serde::rfc3339::option")]
    pub next_sync_at: Option<OffsetDateTime>,
    /// When it was linked, in UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl ConnectionView {
    /// True when there is something to do about it for its owner.
    pub fn waits_for_owner(&self) -> bool {
        self.state == ConnectionState::Revoked || self.state.asks_person()
    }
}

/// What the banner says about connections: the most urgent thing alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionAttention {
    /// Which.
    pub connection: ConnectionId,
    /// The bank's name.
    pub institution_name: String,
    /// Where it stands.
    pub state: ConnectionState,
    /// What is to be read.
    pub message: String,
    /// How many more connections want something.
    pub others: i64,
}

/// An account at the bank that may be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountCandidate {
    /// The provider's id of it, which chooses it.
    pub provider_id: String,
    /// The bank's name for it.
    pub name: String,
    /// What kind it is.
    pub account_type: AccountType,
    /// Two to four characters.
    pub mask: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// What the bank says it holds, in minor units.
    pub balance_minor: Option<i64>,
    /// It is added already: by this connection, or another way.
    pub added: bool,
    /// The person's accounts that it may be under a new id: they are asked which one it is.
    #[serde(default)]
    pub may_be: Vec<MayBe>,
}

/// An account of the person's that one at the bank may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MayBe {
    /// Which.
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// The last digits of its number.
    pub mask: Option<String>,
}

/// What the person says about an account at the bank that may be one of theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SameForm {
    /// [`AccountCandidate::provider_id`].
    pub provider: String,
    /// The account that it is, or [`SameForm::NONE`] for a new one; empty where nothing was said.
    pub account: String,
}

impl SameForm {
    /// The word for "none of them".
    pub const NONE: &'static str = "none";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_word_that_is_read_again_and_a_sentence() {
        let troubles = TroubleKind::ALL.iter().map(|kind| BankProblem::Trouble(*kind));
        let ours = [BankProblem::NoneShared, BankProblem::Changed, BankProblem::BadAnswer];
        for problem in troubles.chain(ours) {
            assert_eq!(problem.as_str().parse(), Ok(problem));
            assert!(problem.sentence("First Harbor").ends_with('.'), "{problem}");
            assert!(!problem.sentence("First Harbor").contains('{'), "{problem}");
        }
        let none = BankProblem::NoneShared.sentence("First Harbor");
        assert_eq!(none, "No checking or savings account was shared.");
        assert_eq!("quiet".parse::<BankProblem>(), Err(Code::OptionUnknown));
    }

    #[test]
    fn a_problem_is_its_word_in_json() {
        let json = serde_json::to_string(&BankProblem::BadAnswer).unwrap();
        assert_eq!(json, r#""bad_answer""#);
        assert_eq!(serde_json::from_str::<BankProblem>(&json).unwrap(), BankProblem::BadAnswer);
    }

    #[test]
    fn a_connection_waits_for_its_owner_when_it_ends_or_has_ended_or_wants_a_sign_in() {
        let view = |state| ConnectionView {
            id: ConnectionId::new("c1"),
            provider: "plaid".to_owned(),
            institution_name: "First Harbor".to_owned(),
            state,
            expires_on: None,
            problem: None,
            message: None,
            accounts: 2,
            new_accounts: false,
            history_complete: true,
            last_sync_at: None,
            next_sync_at: None,
            created_at: OffsetDateTime::UNIX_EPOCH,
        };

        let waiting: Vec<ConnectionState> = ConnectionState::ALL
            .iter()
            .copied()
            .filter(|one| view(*one).waits_for_owner())
            .collect();

        let wanted =
            [ConnectionState::LoginRequired, ConnectionState::Expiring, ConnectionState::Revoked];
        assert!(wanted.iter().all(|state| waiting.contains(state)), "{waiting:?}");
        assert_eq!(waiting.len(), wanted.len());
    }
}
