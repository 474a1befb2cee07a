//! Linking a bank, and repairing a link: bound to one person, used once, for half an hour.

use domain::{
    AccountType, ConnectionId, UserId, activity::Action, connection::BankProblem,
    provider::TroubleKind, states::connection::Event,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use tracing::Instrument;
use url::Url;

use super::{
    CONNECTION, failed, not_configured, note, open_token,
    rows::{self, New, Row},
    seal_token,
    state::{self, Means},
};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    accounts::banked::{self, Known},
    audit,
    banks::{
        BeginLink, FinishLink, LinkStart, NewConnection, ProviderAccount, ProviderKind, Purpose,
        plaid,
    },
    db::UserTx,
    execute, fetch_optional,
    jobs::{self, Job, Options},
};

/// How long an attempt may take.
const LIFE: Duration = Duration::minutes(30);
const STATE_LENGTH: usize = 32;
/// The word for an attempt, in errors.
const LINK: &str = "link";

/// What is asked for.
pub struct BeginAsk<'a> {
    /// By way of whom; a repair goes by way of whoever made the connection.
    pub provider: ProviderKind,
    /// A new connection, or one that needs its owner.
    pub purpose: Purpose,
    /// The bank that was chosen, where it is known.
    pub institution: Option<&'a str>,
    /// Where the provider sends the person back to.
    pub return_url: &'a Url,
}

/// How it begins.
#[derive(Clone, Debug)]
pub struct Begun {
    /// What the answer must carry, beside the one-time token.
    pub state: String,
    /// Where the person goes, or what the provider's script is given.
    pub start: LinkStart,
}

/// What the browser brought back.
#[derive(Clone)]
pub struct FinishAsk<'a> {
    /// [`Begun::state`].
    pub state: &'a str,
    /// The provider's one-time token.
    pub public_token: &'a SecretString,
    /// What the provider's script says was chosen, where it says so before the token is spent.
    pub hint: Option<Hint>,
}

/// A bank and its accounts, as the provider's script names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Hint {
    /// The provider's id of the bank.
    pub institution_id: String,
    /// What was chosen there.
    pub accounts: Vec<HintAccount>,
}

/// One account of a [`Hint`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HintAccount {
    /// What kind it is.
    pub account_type: AccountType,
    /// Two to four characters.
    pub mask: Option<String>,
}

/// One account as Plaid's script names it.
#[derive(Deserialize)]
struct ScriptAccount {
    #[serde(rename = "type")]
    kind: String,
    subtype: Option<String>,
    mask: Option<String>,
}

impl Hint {
    /// What Plaid's script says of the chosen bank and its accounts, as JSON. None where it says nothing that can be
    /// read: then they are compared once the token is spent.
    pub fn of_plaid(institution: &str, accounts: &str) -> Option<Self> {
        let accounts: Vec<ScriptAccount> = serde_json::from_str(accounts).ok()?;
        let read = |account: ScriptAccount| HintAccount {
            account_type: plaid::account_type(&account.kind, account.subtype.as_deref()),
            mask: account.mask,
        };
        let accounts = accounts.into_iter().map(read).collect();
        (!institution.is_empty()).then(|| Self { institution_id: institution.to_owned(), accounts })
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// A new connection: its accounts are to be chosen.
    Linked {
        /// Which.
        connection: ConnectionId,
    },
    /// One that is read again.
    Repaired {
        /// Which.
        connection: ConnectionId,
    },
    /// The person has linked these accounts before: nothing was added; offer to repair that connection.
    AlreadyLinked {
        /// Which.
        connection: ConnectionId,
        /// The bank's name.
        institution_name: String,
    },
}

/// [`LinkStart`] as it waits for somebody who comes back from their bank in the middle of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Waiting {
    Script { token: String, expires_at: i64, state: String },
    Redirect { url: String },
}

impl Waiting {
    fn of(start: &LinkStart, state: &str) -> Self {
        match start {
            LinkStart::Script { token, expires_at } => Self::Script {
                token: token.expose_secret().to_owned(),
                expires_at: expires_at.unix_timestamp(),
                state: state.to_owned(),
            },
            LinkStart::Redirect { url } => Self::Redirect { url: url.clone() },
        }
    }

    fn into_start(self) -> LinkStart {
        match self {
            Self::Script { token, expires_at, .. } => LinkStart::Script {
                token: token.into(),
                expires_at: OffsetDateTime::from_unix_timestamp(expires_at)
                    .unwrap_or(OffsetDateTime::UNIX_EPOCH),
            },
            Self::Redirect { url } => LinkStart::Redirect { url },
        }
    }
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Attempt {
    id: String,
    provider: String,
    connection_id: Option<ConnectionId>,
    start: Option<String>,
}

/// States are long and random: a plain hash tells nothing.
fn hash(state: &str) -> String {
    hex::encode(Sha256::digest(state.as_bytes()))
}

fn place(attempt: &str) -> String {
    format!("link_attempt:{attempt}")
}

/// Begins to link a bank, or to repair a link.
///
/// # Errors
/// [`Error::Bank`] when the provider does not do it; [`Error::NotFound`] for a connection of somebody else, or a provider
/// that is not configured; [`Error::Expired`] for a connection that has ended: that bank is linked anew.
#[tracing::instrument(name = "connections.begin_link", skip_all, fields(user.id = %caller.user()))]
pub async fn begin_link(backend: &Backend, caller: &SignedIn, ask: &BeginAsk<'_>) -> Result<Begun> {
    let (row, token) = match &ask.purpose {
        Purpose::New => (None, None),
        Purpose::Repair(connection) => {
            let mut tx = backend.db.as_user(caller.user()).read().await?;
            let row = rows::find(&mut tx, connection).await?;
            drop(tx);
            let token = open_token(backend, caller.user(), &row).await?;
            if !row.state.may_call() || token.is_none() {
                return Err(Error::Expired(CONNECTION));
            }
            (Some(row), token)
        }
    };
    let kind = row.as_ref().map_or(Ok(ask.provider), Row::provider)?;
    let provider = backend.banks.provider(kind).ok_or(Error::NotFound("provider"))?;
    let state = backend.random.alphanumeric(STATE_LENGTH);
    let begin = BeginLink {
        user: caller.user(),
        purpose: &ask.purpose,
        token: token.as_ref(),
        institution: ask.institution,
        return_url: ask.return_url,
        state: &state,
    };
    let bank = row.as_ref().map_or("Your bank", |row| &*row.institution_name);
    let start = provider.begin_link(begin).await;
    let start = start.map_err(|trouble| failed(kind, bank, &trouble))?;
    let connection = row.as_ref().map(|row| &row.id);
    remember(backend, caller.user(), kind, connection, &state, &start).await?;
    Ok(Begun { state, start })
}

async fn remember(
    backend: &Backend,
    user: &UserId,
    provider: ProviderKind,
    connection: Option<&ConnectionId>,
    state: &str,
    start: &LinkStart,
) -> Result<()> {
    let id = backend.new_id();
    let waiting =
        serde_json::to_string(&Waiting::of(start, state)).map_err(|_| Error::Corrupt(LINK))?;
    let sealed = backend.vault.seal_waiting(&place(&id), &waiting);
    let now = backend.clock.now();
    let mut tx = backend.db.as_user(user).write().await?;
    execute!(
        tx,
        r#"
        insert into "link_attempt" ("id", "userId", "provider", "connectionId", "stateHash", "start", "expiresAt",
                                    "createdAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        &id,
        user,
        provider.as_str(),
        connection,
        hash(state),
        sealed,
        Timestamp::from(now + LIFE),
        Timestamp::from(now),
    )?;
    tx.commit().await?;
    Ok(())
}

/// How an attempt began, for somebody whose bank sent them back in the middle of it.
///
/// # Errors
/// [`Error::Expired`] for an attempt of somebody else, one that was used, and one that took too long.
#[tracing::instrument(name = "connections.resume_link", skip_all, fields(user.id = %caller.user()))]
pub async fn resume_link(backend: &Backend, caller: &SignedIn, state: &str) -> Result<LinkStart> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let attempt: Option<Attempt> = fetch_optional!(
        tx,
        r#"
        select "id", "provider", "connectionId", "start"
        from "link_attempt"
        where "userId" = $1 and "stateHash" = $2 and "usedAt" is null and "expiresAt" > $3
        "#,
        caller.user(),
        hash(state),
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(waiting(backend, attempt)?.into_start())
}

/// The caller's latest attempt by way of a provider's script, for somebody whose bank sent them back without its state:
/// the address that a bank returns to is the same for everybody.
///
/// # Errors
/// [`Error::Expired`] where none is open.
#[tracing::instrument(name = "connections.resume_latest", skip_all, fields(user.id = %caller.user()))]
pub async fn resume_latest(
    backend: &Backend,
    caller: &SignedIn,
    provider: ProviderKind,
) -> Result<Begun> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let attempt: Option<Attempt> = fetch_optional!(
        tx,
        r#"
        select "id", "provider", "connectionId", "start"
        from "link_attempt"
        where "userId" = $1 and "provider" = $2 and "usedAt" is null and "expiresAt" > $3
        order by "createdAt" desc, "id" desc
        limit 1
        "#,
        caller.user(),
        provider.as_str(),
        Timestamp::from(backend.clock.now()),
    )?;
    let waiting = waiting(backend, attempt)?;
    let Waiting::Script { state, .. } = &waiting else { return Err(Error::Expired(LINK)) };
    Ok(Begun { state: state.clone(), start: waiting.into_start() })
}

fn waiting(backend: &Backend, attempt: Option<Attempt>) -> Result<Waiting> {
    let attempt = attempt.ok_or(Error::Expired(LINK))?;
    let sealed = attempt.start.ok_or(Error::Expired(LINK))?;
    let waiting = backend.vault.open_waiting(&place(&attempt.id), &sealed)?;
    serde_json::from_str(&waiting).map_err(|_| Error::Corrupt(LINK))
}

/// Spends an attempt: once, by the person who began it, within its time.
async fn spend(backend: &Backend, user: &UserId, state: &str) -> Result<Attempt> {
    let mut tx = backend.db.as_user(user).write().await?;
    let attempt: Option<Attempt> = fetch_optional!(
        tx,
        r#"
        update "link_attempt" set "usedAt" = $3, "start" = null
        where "userId" = $1 and "stateHash" = $2 and "usedAt" is null and "expiresAt" > $3
        returning "id", "provider", "connectionId", "start"
        "#,
        user,
        hash(state),
        Timestamp::from(backend.clock.now()),
    )?;
    tx.commit().await?;
    attempt.ok_or(Error::Expired(LINK))
}

/// Finishes what [`begin_link`] began, to its end: whoever asked may be gone before the provider has answered, and what
/// it gives for the one-time token is given once.
///
/// # Errors
/// [`Error::Expired`] for an attempt of somebody else, one that was used, and one that took too long; [`Error::Bank`] when
/// the provider does not do its part.
#[tracing::instrument(name = "connections.finish_link", skip_all, fields(user.id = %caller.user()))]
pub async fn finish_link(
    backend: &Backend,
    caller: &SignedIn,
    ask: &FinishAsk<'_>,
) -> Result<Finished> {
    let tasks = backend.tasks.clone();
    let (backend, caller) = (backend.clone(), caller.clone());
    let (state, token) = (ask.state.to_owned(), ask.public_token.clone());
    let hint = ask.hint.clone();
    let finish = async move {
        let ask = FinishAsk { state: &state, public_token: &token, hint };
        finish(&backend, &caller, &ask).await
    };
    match tasks.spawn(finish.in_current_span()).await {
        Ok(finished) => finished,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(Error::Busy),
    }
}

async fn finish(backend: &Backend, caller: &SignedIn, ask: &FinishAsk<'_>) -> Result<Finished> {
    let user = caller.user();
    let attempt = spend(backend, user, ask.state).await?;
    let kind = ProviderKind::parse(&attempt.provider).ok_or(Error::Corrupt("provider"))?;
    match attempt.connection_id {
        Some(connection) => repair(backend, caller, kind, connection, ask).await,
        None => link(backend, caller, kind, ask).await,
    }
}

async fn exchange(
    backend: &Backend,
    kind: ProviderKind,
    bank: &str,
    finish: FinishLink<'_>,
) -> Result<NewConnection> {
    let provider = backend.banks.provider(kind).ok_or_else(|| not_configured(bank))?;
    provider.finish_link(finish).await.map_err(|trouble| failed(kind, bank, &trouble))
}

async fn link(
    backend: &Backend,
    caller: &SignedIn,
    kind: ProviderKind,
    ask: &FinishAsk<'_>,
) -> Result<Finished> {
    let user = caller.user();
    if let Some(hint) = &ask.hint
        && let Some(found) = linked_before(backend, user, kind, hint, &[]).await?
    {
        return Ok(found);
    }
    let finish =
        FinishLink { user, purpose: &Purpose::New, token: None, public_token: ask.public_token };
    let made = exchange(backend, kind, "Your bank", finish).await?;
    let kept = keep(backend, caller, kind, &made).await;
    // The same access brought once more is somebody's.
    if matches!(&kept, Err(error) if !matches!(error, Error::AlreadyExists(_))) {
        abandon(backend, kind, &made.token).await;
    }
    kept
}

/// Ends access that could not be kept: nobody will know its token again, and it is billed for.
async fn abandon(backend: &Backend, kind: ProviderKind, token: &SecretString) {
    let Some(provider) = backend.banks.provider(kind) else { return };
    if let Err(trouble) = provider.remove(token).await {
        note(kind, &trouble);
        tracing::error!(
            provider = kind.as_str(),
            "a connection that nobody has stays at its provider"
        );
    }
}

/// Stores what the provider gave.
async fn keep(
    backend: &Backend,
    caller: &SignedIn,
    kind: ProviderKind,
    made: &NewConnection,
) -> Result<Finished> {
    let user = caller.user();
    let seen = Hint {
        institution_id: made.institution_id.clone(),
        accounts: made.accounts.iter().map(HintAccount::of).collect(),
    };
    if let Some(found) = linked_before(backend, user, kind, &seen, &made.accounts).await? {
        let mut tx = backend.db.as_user(user).write().await?;
        if !rows::has_item(&mut tx, kind, &made.item_id).await? {
            // Access that nobody wants is ended: it is billed for.
            end(&mut tx, backend, kind, &made.token).await?;
        }
        tx.commit().await?;
        return Ok(found);
    }
    let connection = ConnectionId::new(backend.new_id());
    let token = seal_token(backend, user, &connection, &made.token).await?;
    let new = New {
        id: &connection,
        provider: kind,
        institution_id: &made.institution_id,
        institution_name: &made.institution_name,
        item_id: &made.item_id,
        token: &token,
    };
    let mut tx = backend.db.as_user(user).write().await?;
    rows::insert(&mut tx, &new, backend.clock.now().into()).await?;
    let event = audit::Event::by(Action::BankLinked, caller).subject("connection", &connection);
    audit::record(&mut tx, backend, event.note("provider", kind.as_str())).await?;
    tx.commit().await?;
    Ok(Finished::Linked { connection })
}

impl HintAccount {
    fn of(account: &ProviderAccount) -> Self {
        Self { account_type: account.account_type, mask: account.mask.clone() }
    }
}

/// The live connection of the same bank that reads one of these accounts. Names are left out: people give their own.
async fn linked_before(
    backend: &Backend,
    user: &UserId,
    kind: ProviderKind,
    hint: &Hint,
    accounts: &[ProviderAccount],
) -> Result<Option<Finished>> {
    let mut tx = backend.db.as_user(user).read().await?;
    let known = banked::known(&mut tx).await?;
    let is_same = |known: &&Known| {
        let lasting = known.persistent_id.as_deref();
        let by_id = accounts
            .iter()
            .any(|account| lasting.is_some() && account.persistent_id.as_deref() == lasting);
        let by_mask = hint.accounts.iter().any(|account| {
            account.mask.is_some()
                && (account.account_type, &account.mask) == (known.account_type, &known.mask)
        });
        known.is_read()
            && known.provider.as_deref() == Some(kind.as_str())
            && known.institution_id.as_deref() == Some(&*hint.institution_id)
            && (by_id || by_mask)
    };
    let Some(connection) = known.iter().find(is_same).and_then(|known| known.connection_id.clone())
    else {
        return Ok(None);
    };
    let institution_name = rows::find(&mut tx, &connection).await?.institution_name;
    Ok(Some(Finished::AlreadyLinked { connection, institution_name }))
}

async fn end(
    tx: &mut UserTx,
    backend: &Backend,
    kind: ProviderKind,
    token: &SecretString,
) -> Result<()> {
    let token = token.expose_secret().to_owned();
    let job = Job::RemoveItem { provider: kind.as_str().to_owned(), token };
    jobs::enqueue(tx, backend, &job, Options::default()).await?;
    Ok(())
}

async fn repair(
    backend: &Backend,
    caller: &SignedIn,
    kind: ProviderKind,
    connection: ConnectionId,
    ask: &FinishAsk<'_>,
) -> Result<Finished> {
    let user = caller.user();
    let mut tx = backend.db.as_user(user).read().await?;
    let row = rows::find(&mut tx, &connection).await?;
    drop(tx);
    let known = open_token(backend, user, &row).await?.ok_or(Error::Expired(CONNECTION))?;
    let purpose = Purpose::Repair(connection.clone());
    let finish =
        FinishLink { user, purpose: &purpose, token: Some(&known), public_token: ask.public_token };
    let made = exchange(backend, kind, &row.institution_name, finish).await?;
    if made.item_id != row.item_id {
        // Somebody signed in to something else: that is not this connection.
        let mut tx = backend.db.as_user(user).write().await?;
        end(&mut tx, backend, kind, &made.token).await?;
        tx.commit().await?;
        let problem = BankProblem::Trouble(TroubleKind::NeedsLogin);
        return Err(Error::Bank { problem, bank: row.institution_name });
    }
    let token = seal_token(backend, user, &connection, &made.token).await?;
    let mut tx = backend.db.as_user(user).write().await?;
    let mut row = rows::hold(&mut tx, &connection).await?;
    if !row.state.may_call() {
        return Err(Error::Expired(CONNECTION));
    }
    let asked = row.state.asks_person();
    (row.token, row.problem) = (Some(token), None);
    state::step(&mut tx, backend, &mut row, Event::LoginRepaired, &Means::default()).await?;
    if !asked {
        state::look_again(&mut tx, backend, &mut row).await?;
    }
    rows::save(&mut tx, &row, backend.clock.now().into()).await?;
    let event = audit::Event::by(Action::BankRepaired, caller).subject("connection", &connection);
    audit::record(&mut tx, backend, event).await?;
    tx.commit().await?;
    Ok(Finished::Repaired { connection })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_plaids_script_says_is_a_hint_where_it_can_be_read() {
        let accounts = r#"[{"type":"depository","subtype":"savings","mask":"1111"},
                           {"type":"loan","subtype":null,"mask":null}]"#;
        let hint = Hint::of_plaid("ins_109508", accounts).unwrap();

        let found: Vec<_> =
            hint.accounts.iter().map(|one| (one.account_type, one.mask.as_deref())).collect();
        assert_eq!(found, [(AccountType::Savings, Some("1111")), (AccountType::Loan, None)]);
        for (institution, accounts) in [("", accounts), ("ins_1", ""), ("ins_1", "[{}]")] {
            assert_eq!(Hint::of_plaid(institution, accounts), None);
        }
    }
}
