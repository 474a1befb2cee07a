//! What we ask of a provider of bank data, and what it may answer.

use async_trait::async_trait;
use domain::{
    AccountNumber, AccountType, ConnectionId, Currency, Date, RoutingNumber, UserId,
    ledger::matching::Sent, provider::ProviderVerification, verification::DepositKind,
};
use http::HeaderMap;
use secrecy::{ExposeSecret as _, SecretString};
use time::OffsetDateTime;
use url::Url;

use super::{FailedLink, Trouble};

/// Which provider; the word in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProviderKind {
    /// The built-in bank.
    Simbank,
    /// Plaid.
    Plaid,
}

impl ProviderKind {
    /// The word in the database and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Simbank => "simbank",
            Self::Plaid => "plaid",
        }
    }

    /// The provider behind a word of the database.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Simbank, Self::Plaid].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a provider can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a list of abilities, each there or not")]
pub struct Capabilities {
    /// Links at once, by the person's login at the bank.
    pub instant: bool,
    /// Sends deposits itself.
    pub micro_deposits: bool,
    /// Gives rows.
    pub transactions: bool,
    /// Gives rows that are not booked yet.
    pub pending: bool,
    /// Gives balances.
    pub balances: bool,
    /// Finds what repeats. Ours is used all the same.
    pub recurring: bool,
}

/// Why somebody goes to their bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new connection.
    New,
    /// One that exists needs its owner.
    Repair(ConnectionId),
}

/// What beginning to link needs.
pub struct BeginLink<'a> {
    /// Who. Only the id goes to the provider.
    pub user: &'a UserId,
    /// Why.
    pub purpose: &'a Purpose,
    /// The connection's token, when it is repaired.
    pub token: Option<&'a SecretString>,
    /// The bank that was chosen, where the provider wants to know it.
    pub institution: Option<&'a str>,
    /// Where the provider sends the person back to.
    pub return_url: &'a Url,
    /// Binds the answer to this attempt.
    pub state: &'a str,
}

/// How the person goes there.
#[derive(Clone, Debug)]
pub enum LinkStart {
    /// A token for the provider's script.
    Script {
        /// Given to the script in the browser.
        token: SecretString,
        /// When it lapses, in UTC.
        expires_at: OffsetDateTime,
    },
    /// A page that works without script.
    Redirect {
        /// Its address.
        url: String,
    },
}

impl LinkStart {
    /// What the browser's script is given, where it needs one.
    pub fn script_token(&self) -> Option<&str> {
        match self {
            Self::Script { token, .. } => Some(token.expose_secret()),
            Self::Redirect { .. } => None,
        }
    }
}

/// What the browser brought back.
pub struct FinishLink<'a> {
    /// Who.
    pub user: &'a UserId,
    /// Why.
    pub purpose: &'a Purpose,
    /// The connection's token, when it is repaired.
    pub token: Option<&'a SecretString>,
    /// The one-time token.
    pub public_token: &'a SecretString,
}

/// A connection, as the provider just made it.
#[derive(Clone, Debug)]
pub struct NewConnection {
    /// The provider's id of it.
    pub item_id: String,
    /// What reads it from now on.
    pub token: SecretString,
    /// The provider's id of the bank.
    pub institution_id: String,
    /// The bank's name.
    pub institution_name: String,
    /// What can be read.
    pub accounts: Vec<ProviderAccount>,
}

/// An account as the provider knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderAccount {
    /// May change with the next link.
    pub id: String,
    /// Stays, where the provider has one.
    pub persistent_id: Option<String>,
    /// The bank's name for it.
    pub name: String,
    /// What kind it is.
    pub account_type: AccountType,
    /// Two to four characters, as given.
    pub mask: Option<String>,
    /// ISO 4217.
    pub currency: Currency,
    /// What the bank says it holds, in minor units: above zero is the holder's.
    pub balance_minor: Option<i64>,
    /// What may be spent, in minor units.
    pub available_minor: Option<i64>,
    /// How far the provider's own proof of its owner is; none where the sign-in at the bank is the proof.
    pub verification: Option<ProviderVerification>,
}

/// The numbers of an account. Consumed straight into encryption: no `Debug`.
pub struct Numbers {
    /// Which account, by [`ProviderAccount::id`].
    pub account: String,
    /// The bank. Kept even when no consumer's bank has it.
    pub routing: RoutingNumber,
    /// The number.
    pub number: AccountNumber,
    /// Not the number on the cheque: one that the bank made for us.
    pub is_token: bool,
    /// They belong to whoever linked the account, says the provider. Else deposits of ours decide.
    pub is_proven: bool,
}

/// How much of the past has been read at the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Nothing yet: try later, this is not "no rows".
    NotReady,
    /// The last weeks.
    Initial,
    /// Everything there is.
    Historical,
}

/// One page of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncPage {
    /// New rows.
    pub added: Vec<ProviderRow>,
    /// Rows that are different now.
    pub modified: Vec<ProviderRow>,
    /// Ids of rows that are gone.
    pub removed: Vec<String>,
    /// Where the next page begins.
    pub next_cursor: String,
    /// There is another page now.
    pub has_more: bool,
    /// How much the provider has read itself.
    pub readiness: Readiness,
}

/// A row as the provider has it, in our sign: money in is above zero. Its order tells two versions of one row apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProviderRow {
    /// The provider's id: case matters.
    pub id: String,
    /// The id of the pending row that this one was.
    pub pending_id: Option<String>,
    /// [`ProviderAccount::id`].
    pub account: String,
    /// The day of booking at the bank.
    pub date: Date,
    /// The day it happened, where known.
    pub authorized_date: Option<Date>,
    /// Minor units, above zero is in.
    pub minor: i64,
    /// ISO 4217, or what the provider calls it where that is none.
    pub currency: Result<Currency, String>,
    /// The bank's text.
    pub description: String,
    /// The shop's name, cleaned by the provider.
    pub merchant: Option<String>,
    /// The city that the shop is in, where the provider knows it.
    pub city: Option<String>,
    /// Our category, as the provider's maps to it; none when it is not sure.
    pub category: Option<&'static str>,
    /// The provider's own word for it.
    pub provider_category: Option<String>,
    /// The provider says that it is a movement between own accounts.
    pub is_transfer: bool,
    /// Not booked yet.
    pub pending: bool,
}

impl Sent for ProviderRow {
    fn id(&self) -> &str {
        &self.id
    }

    fn pending_id(&self) -> Option<&str> {
        self.pending_id.as_deref()
    }

    fn is_pending(&self) -> bool {
        self.pending
    }

    fn date(&self) -> Date {
        self.date
    }
}

/// Deposits to be sent.
pub struct StartDeposits<'a> {
    /// Names them: what is asked for again under the same key is sent once.
    pub key: &'a str,
    /// The bank.
    pub routing: &'a RoutingNumber,
    /// The account.
    pub number: &'a AccountNumber,
    /// A keyed hash of both, under which the built-in bank remembers them.
    pub number_hash: &'a str,
    /// What kind.
    pub kind: DepositKind,
    /// What the person will be asked for, in its canonical form: the sorted amounts, or the code.
    pub answer: &'a str,
    /// The first day they can be there.
    pub expected_on: Date,
}

/// Deposits on their way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deposits {
    /// The provider's reference.
    pub reference: String,
}

/// How deposits stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DepositStatus {
    /// On their way.
    Sent,
    /// Booked on this instant, in UTC.
    Posted(OffsetDateTime),
    /// Sent back, with the ACH return code: `R03`.
    Returned(String),
}

/// What a webhook is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankEvent {
    /// The provider's id of the connection; none for what is about none.
    pub item_id: Option<String>,
    /// What it says.
    pub kind: EventKind,
    /// The provider's words for it, `TRANSACTIONS/SYNC_UPDATES_AVAILABLE`: for the log.
    pub name: String,
}

/// What a webhook says. All of them mean: look again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// There are rows to read.
    RowsAvailable {
        /// Everything has been read at the bank.
        history_complete: bool,
    },
    /// The bank wants its customer.
    LoginRequired,
    /// The customer was there.
    LoginRepaired,
    /// It ends on that day, unless the customer comes.
    Expiring {
        /// Where the provider said so.
        on: Option<Date>,
    },
    /// The customer took the permission back.
    Revoked,
    /// The bank has accounts that are not linked.
    NewAccounts,
    /// An account was proven by the provider's own deposits.
    Verified,
    /// Those deposits lapsed.
    VerificationExpired,
    /// The numbers that we have are no longer good.
    NumbersChanged,
    /// Nothing that we act on.
    Ignored,
}

/// A provider of bank data.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Which one.
    fn kind(&self) -> ProviderKind;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Begins to link, or to repair.
    async fn begin_link(&self, ask: BeginLink<'_>) -> Result<LinkStart, Trouble>;

    /// Exchanges the one-time token and lists the accounts. On the server only.
    async fn finish_link(&self, ask: FinishLink<'_>) -> Result<NewConnection, FailedLink>;

    /// Every account of a connection, with its balance now.
    async fn accounts(&self, token: &SecretString) -> Result<Vec<ProviderAccount>, Trouble>;

    /// The numbers of some accounts.
    async fn numbers(
        &self,
        token: &SecretString,
        accounts: &[String],
    ) -> Result<Vec<Numbers>, Trouble>;

    /// The changes since a cursor; everything without one. At most `limit` rows.
    async fn sync(
        &self,
        token: &SecretString,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<SyncPage, Trouble>;

    /// Sends deposits.
    async fn start_deposits(&self, ask: StartDeposits<'_>) -> Result<Deposits, Trouble>;

    /// How deposits stand.
    async fn check_deposits(&self, reference: &str) -> Result<DepositStatus, Trouble>;

    /// Verifies a webhook on its raw bytes, and reads what it is about.
    ///
    /// # Errors
    /// [`super::TroubleKind::BadRequest`] for one that is not the provider's.
    async fn parse_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<BankEvent, Trouble>;

    /// Ends access, and what is billed for it, at the provider.
    async fn remove(&self, token: &SecretString) -> Result<(), Trouble>;
}
