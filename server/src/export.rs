//! Files: everything that is a person's own, the list of transactions with its filters, and the statement of a month. The
//! long ones are written while they are read. Their routes stand in [`crate::api`] and among the pages.

use std::error::Error as _;

use app::routes;
use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
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
};

/// The rows of the list that a query asks for.
pub(crate) fn rows(
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

/// Everything that is the caller's own, for a fresh sign-in; any other is asked to confirm first.
pub(crate) fn everything(backend: &Backend, caller: &SignedIn, user: UserView) -> Response {
    if !caller.is_fresh(backend) {
        let confirm = routes::confirm(routes::DANGER);
        return (StatusCode::SEE_OTHER, [(header::LOCATION, confirm)]).into_response();
    }
    let name = format!("coffer-{}.json", day::format_iso(backend.clock.now().date()));
    file("application/json", &name, Export::new(backend, caller, user))
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
