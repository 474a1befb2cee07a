//! What goes into and comes out of `/api/imports`.

use std::collections::BTreeSet;

use backend::imports::{Applied, Choice, ImportView};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::import_preview::ImportPreview;

/// An import as its owner sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Import {
    /// Its id.
    id: String,
    /// The account its rows belong to.
    account_id: String,
    /// What that account is called.
    account_name: String,
    /// The last digits of that account's number, when there are enough to show some.
    account_mask: Option<String>,
    /// What the file is called.
    #[schema(example = "bank.csv")]
    file_name: String,
    /// `uploaded`, `mapped` or `previewed` while it is a draft, `applied`, `reverted`.
    #[schema(example = "applied")]
    state: &'static str,
    /// Rows it added.
    added: i64,
    /// Rows it left out: already here, or not wanted.
    skipped: i64,
    /// Rows with errors.
    failed: i64,
    /// When the file came. A draft is kept for a day.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When its rows were added.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    applied_at: Option<OffsetDateTime>,
    /// When they were removed again.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    reverted_at: Option<OffsetDateTime>,
    /// Until when they can be removed.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime)]
    undo_until: Option<OffsetDateTime>,
}

impl From<ImportView> for Import {
    fn from(view: ImportView) -> Self {
        Self {
            id: view.id.into_string(),
            account_id: view.account_id.into_string(),
            account_name: view.account_name,
            account_mask: view.account_mask,
            file_name: view.file_name,
            state: view.state.as_str(),
            added: view.added,
            skipped: view.skipped,
            failed: view.failed,
            created_at: view.created_at,
            applied_at: view.applied_at,
            reverted_at: view.reverted_at,
            undo_until: view.undo_until,
        }
    }
}

/// An import with what it would do, or what became of its rows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImportDetail {
    #[serde(flatten)]
    pub import: Import,
    /// How many of its rows were changed since they were added; undoing it removes those too.
    pub edited: i64,
    /// What a draft would do; null once it was committed.
    pub preview: Option<ImportPreview>,
}

/// A file and its account.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, which is read piece by piece")]
#[schema(rename_all = "camelCase")]
pub(super) struct NewImport {
    /// The account its rows belong to.
    account_id: String,
    /// CSV, OFX 1 and 2, QFX, QIF or CAMT.053; at most 10 MB and 50,000 rows.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Which rows are wanted, and how the file is read.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CommitImport {
    /// How the file is read: `date`, `decimal`, `sign`, `statement` and `col.…` of the preview as they stand in its
    /// address.
    #[serde(default)]
    #[schema(example = "date=dmy&col.amount=3")]
    pub options: String,
    /// Lines of new rows that are not wanted.
    #[serde(default)]
    leave_out: BTreeSet<i64>,
    /// Lines of rows that may be here already and are wanted.
    #[serde(default)]
    take_in: BTreeSet<i64>,
    /// Every row that may be here already is wanted.
    #[serde(default)]
    take_all: bool,
}

impl CommitImport {
    /// Which rows are wanted.
    pub fn choice(self) -> Choice {
        Choice { leave_out: self.leave_out, take_in: self.take_in, take_all: self.take_all }
    }
}

/// A file was kept for a preview.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedImport)]
pub(super) struct Added {
    /// Always true.
    pub success: bool,
    /// The new draft.
    pub import: Import,
}

/// The rows of a file were added.
#[derive(Serialize, ToSchema)]
pub(super) struct CommittedImport {
    /// Always true.
    success: bool,
    /// Rows that are new.
    added: i64,
    /// Rows that were here, or not wanted.
    skipped: i64,
    /// Rows with errors.
    failed: i64,
}

impl From<Applied> for CommittedImport {
    fn from(Applied { added, skipped, failed }: Applied) -> Self {
        Self { success: true, added, skipped, failed }
    }
}

/// The rows of a file were removed again.
#[derive(Serialize, ToSchema)]
pub(super) struct UndoneImport {
    /// Always true.
    pub success: bool,
    /// Rows that were removed.
    pub removed: u64,
}
