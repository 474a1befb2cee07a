//! Connections as their owner sees them.

use std::collections::HashMap;

use domain::{
    AccountId, ConnectionId, connection::ConnectionView, states::connection::ConnectionState,
};
use time::{Duration, OffsetDateTime};

use super::rows::{self, Row};
use crate::{Backend, Result, SignedIn, Timestamp, db::UserTx, fetch_all, fetch_one};

/// A gap between the bank's balance and ours is shown when it has lasted so long.
const GAP_SHOWN_AFTER: Duration = Duration::days(2);

/// The caller's connections, the oldest first.
#[tracing::instrument(name = "connections.list", skip_all, fields(user.id = %caller.user()))]
pub async fn list(backend: &Backend, caller: &SignedIn) -> Result<Vec<ConnectionView>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    all(&mut tx).await
}

/// The connections of the person whose transaction this is, the oldest first: two statements, however many there are.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<ConnectionView>> {
    let rows = rows::all(tx).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let user = tx.user().clone();
    let counted: Vec<(ConnectionId, i64)> = fetch_all!(
        tx,
        r#"
        select "connectionId", count(*)
        from "bank_account"
        where "userId" = $1 and "connectionId" is not null and "archivedAt" is null
        group by "connectionId"
        "#,
        user,
    )?;
    let counted: HashMap<ConnectionId, i64> = counted.into_iter().collect();
    let accounts = |row: &Row| counted.get(&row.id).copied().unwrap_or(0);
    rows.into_iter()
        .map(|row| {
            let accounts = accounts(&row);
            view(row, accounts)
        })
        .collect()
}

/// One of the caller's connections.
///
/// # Errors
/// [`crate::Error::NotFound`] also for a connection of somebody else.
#[tracing::instrument(name = "connections.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
) -> Result<ConnectionView> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let row = rows::find(&mut tx, connection).await?;
    let (accounts,): (i64,) = fetch_one!(
        tx,
        r#"select count(*) from "bank_account" where "userId" = $1 and "connectionId" = $2 and "archivedAt" is null"#,
        caller.user(),
        &row.id,
    )?;
    view(row, accounts)
}

fn view(row: Row, accounts: i64) -> Result<ConnectionView> {
    Ok(ConnectionView {
        message: message(&row),
        provider: row.provider()?.as_str().to_owned(),
        id: row.id,
        institution_name: row.institution_name,
        state: row.state,
        expires_on: row.expires_on,
        problem: row.problem,
        accounts,
        new_accounts: row.new_accounts,
        history_complete: row.history_complete,
        last_sync_at: row.last_sync_at.map(OffsetDateTime::from),
        next_sync_at: row.next_sync_at.map(OffsetDateTime::from),
        created_at: row.created_at.into(),
    })
}

/// What its owner reads: what is wrong, else nothing for a connection that is well.
fn message(row: &Row) -> Option<String> {
    let bank = &row.institution_name;
    match (row.state, row.problem) {
        (ConnectionState::Removed, _)
        | (ConnectionState::Healthy | ConnectionState::Syncing, None) => None,
        (ConnectionState::Expiring | ConnectionState::Revoked, _) => {
            Some(row.state.sentence(bank, row.expires_on))
        }
        (_, Some(problem)) => Some(problem.sentence(bank)),
        (ConnectionState::LoginRequired | ConnectionState::InstitutionDown, None) => {
            Some(row.state.sentence(bank, None))
        }
    }
}

/// What the bank says of an account beside what our ledger says.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Side {
    id: AccountId,
    connection_id: Option<ConnectionId>,
    state: Option<ConnectionState>,
    number_is_token: bool,
    bank_balance_minor: Option<i64>,
    bank_available_minor: Option<i64>,
    bank_balance_at: Option<Timestamp>,
    gap_since: Option<Timestamp>,
    ledger_minor: i64,
}

/// The bank's side of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankSide {
    /// Which account.
    pub account: AccountId,
    /// The connection that reads it.
    pub connection: Option<ConnectionId>,
    /// Where that stands.
    pub state: Option<ConnectionState>,
    /// The bank uses another number for us than on the cheque.
    pub number_is_token: bool,
    /// What the bank says it holds, in minor units.
    pub balance_minor: Option<i64>,
    /// What may be spent, in minor units.
    pub available_minor: Option<i64>,
    /// When the bank said so, in UTC.
    pub balance_at: Option<OffsetDateTime>,
    /// The bank's balance less ours, in minor units, where the two have differed for more than two days.
    pub gap_minor: Option<i64>,
}

/// The bank's side of each of the caller's accounts.
#[tracing::instrument(name = "connections.bank_sides", skip_all, fields(user.id = %caller.user()))]
pub async fn bank_sides(backend: &Backend, caller: &SignedIn) -> Result<Vec<BankSide>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    sides(&mut tx, None, backend.clock.now()).await
}

/// The bank's side of one account.
pub(crate) async fn bank_side(
    tx: &mut UserTx,
    account: &AccountId,
    now: OffsetDateTime,
) -> Result<Option<BankSide>> {
    Ok(sides(tx, Some(account), now).await?.pop())
}

/// Of one account, or of all.
async fn sides(
    tx: &mut UserTx,
    account: Option<&AccountId>,
    now: OffsetDateTime,
) -> Result<Vec<BankSide>> {
    let user = tx.user().clone();
    let sides: Vec<Side> = fetch_all!(
        tx,
        r#"
        select a."id", a."connectionId", c."state", a."numberIsToken", a."bankBalanceMinor", a."bankAvailableMinor",
               a."bankBalanceAt", a."gapSince",
               cast(a."openingMinor" + coalesce(s."inMinor" + s."outMinor", 0) as bigint) as "ledgerMinor"
        from "bank_account" a
        left join "connection" c on c."userId" = a."userId" and c."id" = a."connectionId"
        left join "ledger_sum" s on s."userId" = a."userId" and s."accountId" = a."id"
             and s."currency" = a."currency" and s."status" = 'completed'
        where a."userId" = $1 and a."archivedAt" is null and (cast($2 as text) is null or a."id" = $2)
        order by a."createdAt", a."id"
        "#,
        user,
        account,
    )?;
    let since = |side: &Side| side.gap_since.map(OffsetDateTime::from);
    Ok(sides
        .into_iter()
        .map(|side| BankSide {
            gap_minor: since(&side)
                .filter(|since| now - *since > GAP_SHOWN_AFTER)
                .and(side.bank_balance_minor)
                .and_then(|bank| bank.checked_sub(side.ledger_minor))
                .filter(|gap| *gap != 0),
            account: side.id,
            connection: side.connection_id,
            state: side.state,
            number_is_token: side.number_is_token,
            balance_minor: side.bank_balance_minor,
            available_minor: side.bank_available_minor,
            balance_at: side.bank_balance_at.map(OffsetDateTime::from),
        })
        .collect())
}

/// The provider's id of one of the caller's connections: for the switches of the built-in bank.
///
/// # Errors
/// [`crate::Error::NotFound`] also for a connection of somebody else.
pub async fn item_of(
    backend: &Backend,
    caller: &SignedIn,
    connection: &ConnectionId,
) -> Result<String> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    Ok(rows::find(&mut tx, connection).await?.item_id)
}
