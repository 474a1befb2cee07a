//! Files that came and are not applied yet.

use std::sync::Arc;

use domain::{
    AccountId, Code, Currency, ImportId,
    import::{ImportOptions, MAX_BYTES},
    plan::Limit,
    text,
};
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};

use super::{IMPORT, ImportState, history, read};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    accounts::ACCOUNT,
    billing,
    db::{SystemTx, UserTx},
    execute, fetch_optional,
    idempotency::{self, Begun, Once, Outcome},
};

/// How long a draft is kept.
const KEPT: Duration = Duration::days(1);
/// Most characters of a file's name; it is shown and nothing else.
const NAME_MAX: usize = 120;

/// Keeps a file for a preview. It must be of a kind that can be read; what its columns mean is found out later.
///
/// # Errors
/// [`Error::Invalid`] at `file` (`file_empty`, `file_no_rows`, `file_not_text`, `file_too_large`,
/// `file_too_many_rows`, …), [`Error::NotFound`] for an account that is not the caller's.
pub async fn upload(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
    file_name: &str,
    content: Vec<u8>,
) -> Result<ImportId> {
    Ok(upload_once(backend, caller, account, file_name, content, None).await?.value)
}

/// The same for a request that may come twice.
///
/// # Errors
/// As [`upload`], and what [`Once`] can be refused for.
#[tracing::instrument(name = "imports.upload", skip_all, fields(user.id = %caller.user(), bytes = content.len()))]
pub async fn upload_once(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
    file_name: &str,
    content: Vec<u8>,
    once: Option<&Once>,
) -> Result<Outcome<ImportId>> {
    if content.len() > MAX_BYTES {
        return Err(Error::field("file", Code::FileTooLarge));
    }
    let content: Arc<[u8]> = content.into();
    let signature = read::file(Arc::clone(&content)).await?.signature();
    let tx = backend.db.as_user(caller.user()).write().await?;
    let mut tx = match idempotency::begin(tx, once, ACCOUNT, backend.clock.now()).await? {
        Begun::First(tx) => tx,
        Begun::Again(outcome) => return Ok(outcome),
    };
    let draft = NewDraft { account, file_name, content: &content, signature };
    let kept = keep(&mut tx, backend, draft).await;
    idempotency::finish(tx, once, kept).await
}

/// A file that can be read.
struct NewDraft<'n> {
    account: &'n AccountId,
    file_name: &'n str,
    content: &'n [u8],
    signature: String,
}

async fn keep(tx: &mut UserTx, backend: &Backend, draft: NewDraft<'_>) -> Result<ImportId> {
    let NewDraft { account, file_name, content, signature } = draft;
    let id = ImportId::new(backend.new_id());
    let user = tx.user().clone();
    // Said before the questions of the preview are answered, not after.
    billing::admit(tx, backend, Limit::Imports).await?;
    let inserted = execute!(
        tx,
        r#"
        insert into "import" ("id", "userId", "accountId", "fileName", "state", "content", "signature", "createdAt")
        select $3, a."userId", a."id", $4, $5, $6, $7, $8
        from "bank_account" a
        where a."userId" = $1 and a."id" = $2 and a."archivedAt" is null
        "#,
        user,
        account,
        &id,
        shown_name(file_name),
        ImportState::Uploaded.as_str(),
        content,
        signature,
        Timestamp::from(backend.clock.now()),
    )?;
    if inserted == 0 {
        return Err(Error::NotFound(ACCOUNT));
    }
    Ok(id)
}

/// The last part of a path, without anything that would not show.
fn shown_name(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let short: String = last.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
    match text::clean_line(&short, NAME_MAX) {
        Ok(name) if !name.is_empty() => name,
        _ => "file.csv".to_owned(),
    }
}

/// What a preview is made from.
pub(super) struct Draft {
    pub account: AccountId,
    pub currency: Currency,
    /// The last digits of its number: of several statements in a file, its own is found by them.
    pub mask: Option<String>,
    pub content: Arc<[u8]>,
    /// What was chosen for the newest applied file of the same make.
    pub remembered: Option<ImportOptions>,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct DraftRow {
    account_id: AccountId,
    currency: Currency,
    mask: Option<String>,
    state: String,
    content: Option<Vec<u8>>,
    signature: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Remembered {
    options: Json<ImportOptions>,
}

/// Reads a draft. [`Error::Expired`] for an import that is none any more.
pub(super) async fn load(tx: &mut UserTx, import: &ImportId) -> Result<Draft> {
    let user = tx.user().clone();
    let row: Option<DraftRow> = fetch_optional!(
        tx,
        r#"
        select i."accountId", a."currency", a."mask", i."state", i."content", i."signature"
        from "import" i
        join "bank_account" a on a."userId" = i."userId" and a."id" = i."accountId"
        where i."userId" = $1 and i."id" = $2
        "#,
        user,
        import,
    )?;
    let row = row.ok_or(Error::NotFound(IMPORT))?;
    let state: ImportState = row.state.parse().map_err(|_| Error::Corrupt("state of an import"))?;
    let content = row.content.filter(|_| state.is_draft()).ok_or(Error::Expired(IMPORT))?;
    Ok(Draft {
        account: row.account_id,
        currency: row.currency,
        mask: row.mask,
        content: content.into(),
        remembered: remembered(tx, row.signature.as_deref()).await?,
    })
}

async fn remembered(tx: &mut UserTx, signature: Option<&str>) -> Result<Option<ImportOptions>> {
    let Some(signature) = signature else { return Ok(None) };
    let user = tx.user().clone();
    let row: Option<Remembered> = fetch_optional!(
        tx,
        r#"
        select "options"
        from "import"
        where "userId" = $1 and "signature" = $2 and "state" = 'applied'
        order by "appliedAt" desc
        limit 1
        "#,
        user,
        signature,
    )?;
    Ok(row.map(|row| row.options.0))
}

/// What was chosen now, and where nothing was, what was chosen for the last file of this make.
pub(super) fn merged(chosen: &ImportOptions, remembered: Option<&ImportOptions>) -> ImportOptions {
    let Some(remembered) = remembered else { return chosen.clone() };
    let mut columns = remembered.columns.clone();
    // A column has one role: choosing it for another takes it from the remembered one.
    columns.retain(|_, column| {
        column.is_none() || !chosen.columns.values().any(|taken| taken == column)
    });
    columns.extend(chosen.columns.clone());
    ImportOptions {
        columns,
        date_format: chosen.date_format.or(remembered.date_format),
        decimal: chosen.decimal.or(remembered.decimal),
        flip: chosen.flip.or(remembered.flip),
        statement: chosen.statement,
    }
}

/// Drops a draft that nobody wants.
///
/// # Errors
/// [`Error::NotFound`] also for an import of somebody else, [`Error::Expired`] for one that was applied.
#[tracing::instrument(name = "imports.discard", skip_all, fields(user.id = %caller.user()))]
pub async fn discard(backend: &Backend, caller: &SignedIn, import: &ImportId) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    if !history::one(&mut tx, import).await?.state.is_draft() {
        return Err(Error::Expired(IMPORT));
    }
    execute!(
        tx,
        r#"delete from "import" where "userId" = $1 and "id" = $2 and "state" in ('uploaded', 'mapped', 'previewed')"#,
        caller.user(),
        import,
    )?;
    tx.commit().await?;
    Ok(())
}

/// Deletes drafts older than a day, whoever's they are; answers how many.
pub async fn sweep(tx: &mut SystemTx, now: OffsetDateTime) -> Result<u64> {
    Ok(execute!(
        tx,
        r#"delete from "import" where "state" in ('uploaded', 'mapped', 'previewed') and "createdAt" < $1"#,
        Timestamp::from(now - KEPT),
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_shown_without_its_path_and_without_surprises() {
        assert_eq!(shown_name("C:\\Users\\me\\umsätze.csv"), "umsätze.csv");
        assert_eq!(shown_name("../../etc/passwd"), "passwd");
        assert_eq!(shown_name("a\u{202E}vsc.exe"), "file.csv");
        assert_eq!(shown_name(""), "file.csv");
        assert_eq!(shown_name(&"x".repeat(500)).len(), NAME_MAX);
    }

    #[test]
    fn what_is_chosen_now_wins_over_what_was_remembered() {
        let read = |query: &str| ImportOptions::from_query(&domain::query::parse(query)).unwrap();
        let remembered = read("date=dmy&decimal=comma&col.date=0&col.amount=2&col.note=3");

        let options = merged(&read("decimal=point&col.description=3"), Some(&remembered));

        assert_eq!(
            options,
            read("date=dmy&decimal=point&col.date=0&col.amount=2&col.description=3")
        );
        assert_eq!(merged(&read("date=ymd"), None), read("date=ymd"));
    }
}
