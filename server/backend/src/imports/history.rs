//! Imports as their owner sees them.

use domain::{AccountId, AccountType, ImportId, account};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{IMPORT, ImportState};
use crate::{Backend, Error, Result, SignedIn, Timestamp, db::UserTx, fetch_all, fetch_optional};

/// How long an import can be undone.
pub(super) const UNDO: Duration = Duration::days(30);

/// An import as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// Its id.
    pub id: ImportId,
    /// The account its rows belong to.
    pub account_id: AccountId,
    /// What that account is called.
    pub account_name: String,
    /// The last digits of that account's number, when they may be shown.
    pub account_mask: Option<String>,
    /// What the file was called.
    pub file_name: String,
    /// Where it stands.
    pub state: ImportState,
    /// Rows it added.
    pub added: i64,
    /// Rows it left out: already here, or not wanted.
    pub skipped: i64,
    /// Rows with errors.
    pub failed: i64,
    /// When the file came.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When its rows were added.
    #[serde(with = "time::serde::rfc3339::option")]
    pub applied_at: Option<OffsetDateTime>,
    /// When they were removed again.
    #[serde(with = "time::serde::rfc3339::option")]
    pub reverted_at: Option<OffsetDateTime>,
    /// Until when they can be removed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub undo_until: Option<OffsetDateTime>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: ImportId,
    account_id: AccountId,
    bank_name: String,
    account_type: AccountType,
    account_nickname: Option<String>,
    mask: Option<String>,
    file_name: String,
    state: String,
    added: i64,
    skipped: i64,
    failed: i64,
    created_at: Timestamp,
    applied_at: Option<Timestamp>,
    reverted_at: Option<Timestamp>,
}

impl TryFrom<Row> for ImportView {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let state = row.state.parse().map_err(|_| Error::Corrupt("state of an import"))?;
        let applied_at = row.applied_at.map(OffsetDateTime::from);
        let nickname = row.account_nickname.as_deref();
        Ok(Self {
            account_name: account::display_name(nickname, &row.bank_name, row.account_type),
            id: row.id,
            account_id: row.account_id,
            account_mask: row.mask,
            file_name: row.file_name,
            state,
            added: row.added,
            skipped: row.skipped,
            failed: row.failed,
            created_at: row.created_at.into(),
            applied_at,
            reverted_at: row.reverted_at.map(OffsetDateTime::from),
            undo_until: applied_at.filter(|_| state == ImportState::Applied).map(|at| at + UNDO),
        })
    }
}

/// One of the caller's imports.
///
/// # Errors
/// [`Error::NotFound`] also for an import of somebody else.
#[tracing::instrument(name = "imports.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(backend: &Backend, caller: &SignedIn, import: &ImportId) -> Result<ImportView> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    one(&mut tx, import).await
}

/// One import of the person whose transaction this is.
pub(super) async fn one(tx: &mut UserTx, import: &ImportId) -> Result<ImportView> {
    let user = tx.user().clone();
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select i."id", i."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", i."fileName",
               i."state", i."added", i."skipped", i."failed", i."createdAt", i."appliedAt", i."revertedAt"
        from "import" i
        join "bank_account" a on a."userId" = i."userId" and a."id" = i."accountId"
        where i."userId" = $1 and i."id" = $2
        "#,
        user,
        import,
    )?;
    row.ok_or(Error::NotFound(IMPORT))?.try_into()
}

/// The caller's newest hundred imports that were applied, also those that were undone since.
#[tracing::instrument(name = "imports.history", skip_all, fields(user.id = %caller.user()))]
pub async fn history(backend: &Backend, caller: &SignedIn) -> Result<Vec<ImportView>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select i."id", i."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", i."fileName",
               i."state", i."added", i."skipped", i."failed", i."createdAt", i."appliedAt", i."revertedAt"
        from "import" i
        join "bank_account" a on a."userId" = i."userId" and a."id" = i."accountId"
        where i."userId" = $1 and i."appliedAt" is not null
        order by i."appliedAt" desc, i."id" desc
        limit 100
        "#,
        caller.user(),
    )?;
    rows.into_iter().map(ImportView::try_from).collect()
}

/// Every import of the person whose transaction this is, the oldest first.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<ImportView>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select i."id", i."accountId", a."bankName", a."accountType", a."accountNickname", a."mask", i."fileName",
               i."state", i."added", i."skipped", i."failed", i."createdAt", i."appliedAt", i."revertedAt"
        from "import" i
        join "bank_account" a on a."userId" = i."userId" and a."id" = i."accountId"
        where i."userId" = $1
        order by i."createdAt", i."id"
        "#,
        user,
    )?;
    rows.into_iter().map(ImportView::try_from).collect()
}
