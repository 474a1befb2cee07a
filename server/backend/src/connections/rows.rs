//! The row of a connection: read, held, written back whole.

use domain::{ConnectionId, Date, connection::BankProblem, states::connection::ConnectionState};

use super::CONNECTION;
use crate::{
    Error, OnConflict, Result, Timestamp, banks::ProviderKind, db::UserTx, execute, fetch_all,
    fetch_one, fetch_optional,
};

/// A connection as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(super) struct Row {
    pub id: ConnectionId,
    provider: String,
    pub institution_name: String,
    pub item_id: String,
    /// Sealed; none once it is erased.
    pub token: Option<String>,
    pub cursor: Option<String>,
    pub state: ConnectionState,
    pub expires_on: Option<Date>,
    pub problem: Option<BankProblem>,
    pub failures: i64,
    pub sync_again: bool,
    pub history_complete: bool,
    pub last_sync_at: Option<Timestamp>,
    pub next_sync_at: Option<Timestamp>,
    pub told_of: Option<String>,
    pub new_accounts: bool,
    pub created_at: Timestamp,
    pub removed_at: Option<Timestamp>,
}

impl Row {
    /// Which provider it belongs to.
    pub fn provider(&self) -> Result<ProviderKind> {
        ProviderKind::parse(&self.provider).ok_or(Error::Corrupt("provider"))
    }
}

/// A connection that is made.
pub(super) struct New<'a> {
    pub id: &'a ConnectionId,
    pub provider: ProviderKind,
    pub institution_id: &'a str,
    pub institution_name: &'a str,
    pub item_id: &'a str,
    pub token: &'a str,
}

/// One connection of the person whose transaction this is.
///
/// # Errors
/// [`Error::NotFound`] also for a connection of somebody else.
pub(super) async fn find(tx: &mut UserTx, id: &ConnectionId) -> Result<Row> {
    let user = tx.user().clone();
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select "id", "provider", "institutionName", "itemId", "token", "cursor", "state", "expiresOn",
               "problem", "failures", "syncAgain", "historyComplete", "lastSyncAt", "nextSyncAt", "toldOf",
               "newAccounts", "createdAt", "removedAt"
        from "connection"
        where "userId" = $1 and "id" = $2
        "#,
        user,
        id,
    )?;
    row.ok_or(Error::NotFound(CONNECTION))
}

/// The same, and nobody else changes it before this transaction ends.
///
/// # Errors
/// As [`find`].
pub(super) async fn hold(tx: &mut UserTx, id: &ConnectionId) -> Result<Row> {
    let user = tx.user().clone();
    let row: Option<Row> = fetch_optional!(
        tx,
        sqlite: r#"
        select "id", "provider", "institutionName", "itemId", "token", "cursor", "state", "expiresOn",
               "problem", "failures", "syncAgain", "historyComplete", "lastSyncAt", "nextSyncAt", "toldOf",
               "newAccounts", "createdAt", "removedAt"
        from "connection"
        where "userId" = $1 and "id" = $2
        "#,
        postgres: r#"
        select "id", "provider", "institutionName", "itemId", "token", "cursor", "state", "expiresOn",
               "problem", "failures", "syncAgain", "historyComplete", "lastSyncAt", "nextSyncAt", "toldOf",
               "newAccounts", "createdAt", "removedAt"
        from "connection"
        where "userId" = $1 and "id" = $2
        for update
        "#,
        user,
        id,
    )?;
    row.ok_or(Error::NotFound(CONNECTION))
}

/// Every connection that was not removed, the oldest first.
pub(super) async fn all(tx: &mut UserTx) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "id", "provider", "institutionName", "itemId", "token", "cursor", "state", "expiresOn",
               "problem", "failures", "syncAgain", "historyComplete", "lastSyncAt", "nextSyncAt", "toldOf",
               "newAccounts", "createdAt", "removedAt"
        from "connection"
        where "userId" = $1 and "removedAt" is null
        order by "createdAt", "id"
        "#,
        user,
    )?)
}

/// Adds a connection. Nobody reads it before its accounts are chosen.
///
/// # Errors
/// [`Error::AlreadyExists`] for access that somebody has already.
pub(super) async fn insert(tx: &mut UserTx, new: &New<'_>, now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        insert into "connection" ("id", "userId", "provider", "institutionId", "institutionName", "itemId", "token",
                                  "state", "createdAt", "updatedAt")
        values ($1, $2, $3, $4, $5, $6, $7, 'healthy', $8, $8)
        "#,
        new.id,
        user,
        new.provider.as_str(),
        new.institution_id,
        new.institution_name,
        new.item_id,
        new.token,
        now,
    )
    .on_conflict(CONNECTION)?;
    Ok(())
}

/// Whether this access is one of the person's own connections.
pub(super) async fn has_item(tx: &mut UserTx, provider: ProviderKind, item: &str) -> Result<bool> {
    let user = tx.user().clone();
    let (found,): (i64,) = fetch_one!(
        tx,
        r#"
        select count(*) from "connection"
        where "userId" = $1 and "provider" = $2 and "itemId" = $3
        "#,
        user,
        provider.as_str(),
        item,
    )?;
    Ok(found > 0)
}

/// Writes back everything that can change.
pub(super) async fn save(tx: &mut UserTx, row: &Row, now: Timestamp) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        update "connection"
        set "token" = $3, "cursor" = $4, "state" = $5, "expiresOn" = $6, "problem" = $7, "failures" = $8,
            "syncAgain" = $9, "historyComplete" = $10, "lastSyncAt" = $11, "nextSyncAt" = $12, "toldOf" = $13,
            "newAccounts" = $14, "removedAt" = $15, "updatedAt" = $16
        where "userId" = $1 and "id" = $2
        "#,
        user,
        &row.id,
        row.token.as_deref(),
        row.cursor.as_deref(),
        row.state,
        row.expires_on,
        row.problem,
        row.failures,
        row.sync_again,
        row.history_complete,
        row.last_sync_at,
        row.next_sync_at,
        row.told_of.as_deref(),
        row.new_accounts,
        row.removed_at,
        now,
    )?;
    Ok(())
}

/// Sets the cursor if it is still where a reader began. False: another reader was here meanwhile.
pub(super) async fn move_cursor(
    tx: &mut UserTx,
    id: &ConnectionId,
    from: Option<&str>,
    to: &str,
) -> Result<bool> {
    let user = tx.user().clone();
    let moved = execute!(
        tx,
        r#"
        update "connection" set "cursor" = $4
        where "userId" = $1 and "id" = $2 and "removedAt" is null and "cursor" is not distinct from $3
        "#,
        user,
        id,
        from,
        to,
    )?;
    Ok(moved == 1)
}
