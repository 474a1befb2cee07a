//! `/api/imports`: a file comes, is looked at, is taken in and can be taken back.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use backend::{Backend, imports};
use domain::{ImportId, import::ImportOptions, query};
use utoipa::IntoParams;

use super::{
    answer::{Done, created, done},
    body::{Body, IdPath},
    error::{invalid, reject},
    import_preview::ImportPreview,
    import_rows::RowsRequest,
    import_shapes::{
        Added, CommitImport, CommittedImport, Import, ImportDetail, NewImport, UndoneImport,
    },
    key::{IdempotencyKey, KeyHeader, mark_replayed},
    list::{ErrorBody, List, PageQuery, numbered},
    upload::Upload,
};
use crate::{http::Failure, session::Caller};

/// The name under which a repeated request is recognised.
const COMMIT: &str = "POST /api/imports/{id}/commit";
/// The same for a new file.
const CREATE: &str = "POST /api/imports";

/// How the file of a draft is read, and which of its rows are shown.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query; the domain reads it")]
pub(super) struct PreviewQuery {
    /// How dates are written: `ymd`, `compact`, `dmy`, `mdy` or `named`. As the file shows without it.
    date: Option<String>,
    /// The sign in front of the decimals: `point` or `comma`.
    decimal: Option<String>,
    /// `normal`, or `flipped` when money out is above zero in the file.
    sign: Option<String>,
    /// Which statement of the file is read, counted from 0.
    statement: Option<String>,
    /// The column of the date, counted from 0. The others are `col.description`, `col.amount`, `col.debit`,
    /// `col.credit`, `col.indicator`, `col.currency`, `col.category`, `col.note`, `col.balance` and `col.externalId`;
    /// `none` is no column.
    #[param(rename = "col.date")]
    col_date: Option<String>,
    /// Only rows of which this becomes: `new`, `replaces`, `here`, `possible` or `failed`.
    state: Option<String>,
    /// From 1. `page` times `limit` reaches 10,000 rows; further down use `cursor`.
    #[param(required = false, minimum = 1, default = 1)]
    page: i64,
    /// 1 to 200.
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: i64,
    /// `nextCursor` or `prevCursor` of another page of these rows.
    cursor: Option<String>,
}

/// Whether changes are lost.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query, which is read by hand")]
pub(super) struct UndoQuery {
    /// `true`: also when some of its rows were changed since.
    edited: Option<bool>,
}

/// Your newest hundred imports that were committed, also those that were undone since. Drafts are not among them.
#[utoipa::path(
    get,
    path = "/api/imports",
    tag = "Imports",
    params(PageQuery),
    responses(
        (status = 200, description = "One page of them", body = List<Import>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.imports.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Import>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    let all = imports::history(&backend, &caller).await.map_err(reject)?;
    Ok(Json(List::of(all, &request)))
}

/// Keeps a file for a day, to be looked at and committed. Nothing is written to the account.
#[utoipa::path(
    post,
    path = "/api/imports",
    tag = "Imports",
    params(KeyHeader),
    request_body(content = NewImport, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Kept", body = Added, headers(("Location", description = "Where the import is"), ("Idempotent-Replayed", description = "`true` when an earlier request did it"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "The plan has no further import this month", body = ErrorBody),
        (status = 404, description = "You have no such account", body = ErrorBody),
        (status = 409, description = "The first request with this key still runs", body = ErrorBody),
        (status = 413, description = "The file has more than 10 MB", body = ErrorBody),
        (status = 415, description = "The body is no form with a file", body = ErrorBody),
        (status = 422, description = "A field is missing, the file cannot be read, or the key came with another request", body = ErrorBody),
        (status = 429, description = "Six files came in an hour", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.imports.create", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    key: IdempotencyKey,
    Upload { account, file_name, content }: Upload,
) -> Result<Response, Failure> {
    // What stands around the parts of a form may be another each time.
    let asked = [account.as_str().as_bytes(), file_name.as_bytes(), &content].join(&b"\x1F"[..]);
    let once = key.once(CREATE, &asked);
    let kept =
        imports::upload_once(&backend, &caller, &account, &file_name, content, once.as_ref()).await;
    let kept = kept.map_err(reject)?;
    let import = imports::get(&backend, &caller, &kept.value).await.map_err(reject)?;
    let added = Added { success: true, import: import.into() };
    Ok(created(&format!("/api/imports/{}", kept.value), added, kept.replayed))
}

/// One of your imports: of a draft, what it would do.
#[utoipa::path(
    get,
    path = "/api/imports/{id}",
    tag = "Imports",
    params(("id" = String, Path, description = "The import"), PreviewQuery),
    responses(
        (status = 200, description = "The import", body = ImportDetail),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such import", body = ErrorBody),
        (status = 422, description = "A choice, the page or the cursor doesn't fit", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.imports.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<ImportId>,
    RawQuery(query): RawQuery,
) -> Result<Json<ImportDetail>, Failure> {
    let query = query.unwrap_or_default();
    let options = options(&query)?;
    let request = RowsRequest::from_query(&query::parse(&query))?;
    let import = imports::get(&backend, &caller, &id).await.map_err(reject)?;
    if !import.state.is_draft() {
        let edited = imports::edited_since(&backend, &caller, &id).await.map_err(reject)?;
        return Ok(Json(ImportDetail { import: import.into(), edited, preview: None }));
    }
    let mut preview = imports::preview(&backend, &caller, &id, &options).await.map_err(reject)?;
    let rows = request.page(std::mem::take(&mut preview.rows));
    Ok(Json(ImportDetail {
        import: import.into(),
        edited: 0,
        preview: Some(ImportPreview::of(preview, rows)),
    }))
}

/// Adds the new rows of a draft, and of the possible ones those that are taken in. Committed again, it answers what it
/// did the first time.
#[utoipa::path(
    post,
    path = "/api/imports/{id}/commit",
    tag = "Imports",
    params(("id" = String, Path, description = "The import"), KeyHeader),
    request_body = CommitImport,
    responses(
        (status = 200, description = "Added", body = CommittedImport, headers(("Idempotent-Replayed", description = "`true` when an earlier request did it"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "The plan has no further import this month", body = ErrorBody),
        (status = 404, description = "You have no such import", body = ErrorBody),
        (status = 409, description = "The first request with this key still runs", body = ErrorBody),
        (status = 410, description = "It was undone, or its file is gone", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "A question of the preview is open, a choice doesn't fit, or the key came with another request", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.imports.commit", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn commit(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<ImportId>,
    key: IdempotencyKey,
    body: Body<CommitImport>,
) -> Result<Response, Failure> {
    // The same body for another import is another request.
    let asked = [id.as_str().as_bytes(), b"\x1F", &body.bytes].concat();
    let once = key.once(COMMIT, &asked);
    let options = options(&body.value.options)?;
    let choice = body.value.choice();
    let applied = imports::apply(&backend, &caller, &id, &options, &choice, once.as_ref()).await;
    let applied = applied.map_err(reject)?;
    let mut response = Json(CommittedImport::from(applied.value)).into_response();
    mark_replayed(&mut response, applied.replayed);
    Ok(response)
}

/// Removes the rows that an import added, for 30 days. Undone again, there is nothing left to remove.
#[utoipa::path(
    post,
    path = "/api/imports/{id}/undo",
    tag = "Imports",
    params(("id" = String, Path, description = "The import"), UndoQuery),
    responses(
        (status = 200, description = "Undone", body = UndoneImport),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such import", body = ErrorBody),
        (status = 409, description = "Some of its rows were changed since: say `edited=true` to lose that", body = ErrorBody),
        (status = 410, description = "It was never committed, or is older than 30 days", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.imports.undo", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn undo(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<ImportId>,
    RawQuery(query): RawQuery,
) -> Result<Json<UndoneImport>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let sure = query::value(&pairs, "edited") == Some("true");
    let edited = imports::edited_since(&backend, &caller, &id).await.map_err(reject)?;
    if edited > 0 && !sure {
        let sentence = "Some of its transactions were changed since. Say edited=true to lose that.";
        return Err(Failure::new(StatusCode::CONFLICT, "IMPORT_EDITED", sentence));
    }
    let undone = imports::undo(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(UndoneImport { success: true, removed: undone.removed }))
}

/// Drops a draft that nobody wants.
#[utoipa::path(
    delete,
    path = "/api/imports/{id}",
    tag = "Imports",
    params(("id" = String, Path, description = "The import")),
    responses(
        (status = 200, description = "Dropped", body = Done),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such import", body = ErrorBody),
        (status = 410, description = "It was committed: undo it instead", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.imports.discard", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn discard(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<ImportId>,
) -> Result<Json<Done>, Failure> {
    imports::discard(&backend, &caller, &id).await.map_err(reject)?;
    Ok(done())
}

fn options(query: &str) -> Result<ImportOptions, Failure> {
    ImportOptions::from_query(&query::parse(query)).map_err(|errors| invalid(&errors))
}
