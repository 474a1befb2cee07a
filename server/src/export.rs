//! `GET /settings/export`: everything that is a person's own, `GET /transactions.csv` and `.json`: the list with its
//! filters, and `GET /accounts/{id}/statements/{month}.csv`. Files; the long ones are written while they are read.

use std::error::Error as _;

use app::routes;
use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::{RawQuery, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use backend::{
    Backend, Error, SignedIn, accounts,
    auth::UserView,
    export::Export,
    transactions::export::{Format, Rows},
};
use domain::{AccountId, Month, TransactionFilter, day, query};
use futures::stream::{self, Stream};

use crate::{
    api::{invalid, reject},
    http::Failure,
    session::Caller,
};

/// The routes over one backend, inside the session layer.
pub fn routes(backend: Backend) -> Router {
    Router::new()
        .route(routes::EXPORT, get(download))
        .route(routes::TRANSACTIONS_CSV, get(csv))
        .route(routes::TRANSACTIONS_JSON, get(json))
        .with_state(backend)
}

/// The rows of the list for a spreadsheet.
#[tracing::instrument(name = "export.csv", skip_all, fields(user.id = %caller.user()))]
async fn csv(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    rows(&backend, &caller, query, Format::Csv)
}

/// The rows of the list for a program.
#[tracing::instrument(name = "export.json", skip_all, fields(user.id = %caller.user()))]
async fn json(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    rows(&backend, &caller, query, Format::Json)
}

fn rows(
    backend: &Backend,
    caller: &SignedIn,
    query: Option<String>,
    format: Format,
) -> Result<Response, Failure> {
    let pairs = query::parse(&query.unwrap_or_default());
    let filter = TransactionFilter::from_query(&pairs).map_err(|errors| invalid(&errors))?;
    let (kind, end) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
    };
    let day = day::format_iso(backend.clock.now().date());
    let rows = Rows::new(backend, caller, filter, format);
    Ok(file(kind, &format!("transactions-{day}.{end}"), rows))
}

/// The statement of a month for a spreadsheet: the rows and the sums of its page.
#[tracing::instrument(name = "export.statement", skip_all, fields(user.id = %caller.user()))]
pub async fn statement(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
    month: Month,
) -> Result<Response, Failure> {
    let found = accounts::statement(backend, caller, account, month).await.map_err(reject)?;
    let headers = headers("text/csv; charset=utf-8", &format!("statement-{month}.csv"));
    Ok((headers, found.sheet.to_csv()).into_response())
}

/// The file, for a fresh sign-in; any other is asked to confirm first.
#[tracing::instrument(name = "export.download", skip_all, fields(user.id = %caller.user()))]
async fn download(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Extension(user): Extension<UserView>,
) -> Response {
    if !caller.is_fresh(&backend) {
        let confirm = routes::confirm(routes::DANGER);
        return (StatusCode::SEE_OTHER, [(header::LOCATION, confirm)]).into_response();
    }
    let name = format!("coffer-{}.json", day::format_iso(backend.clock.now().date()));
    let export = Export::new(&backend, &caller, user);
    file("application/json", &name, export)
}

fn file(kind: &'static str, name: &str, of: impl Pieces) -> Response {
    (headers(kind, name), Body::from_stream(pieces(of))).into_response()
}

/// What makes an answer a file of this name.
fn headers(kind: &'static str, name: &str) -> [(HeaderName, HeaderValue); 3] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, attachment(name)),
    ]
}

fn attachment(name: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// A file that is written while it is read.
trait Pieces: Send + 'static {
    /// The next piece; nothing after the last.
    fn next(&mut self) -> impl Future<Output = Result<Option<String>, Error>> + Send;
}

impl Pieces for Export {
    async fn next(&mut self) -> Result<Option<String>, Error> {
        Self::next(self).await
    }
}

impl Pieces for Rows {
    async fn next(&mut self) -> Result<Option<String>, Error> {
        Self::next(self).await
    }
}

/// The pieces one after the other. A failure ends the connection, so that half a file is not taken for a whole one.
fn pieces(file: impl Pieces) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(file, |mut file| async move {
        let piece = file.next().await.inspect_err(|error| {
            let cause = error.source().map(tracing::field::display);
            tracing::error!(cause, "an export failed: {error}");
        })?;
        Ok(piece.map(|piece| (Bytes::from(piece), file)))
    })
}
