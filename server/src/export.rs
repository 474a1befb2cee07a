//! `GET /settings/export`: everything that is a person's own, as a file. It is written while it is read.

use std::error::Error as _;

use app::routes;
use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use backend::{Backend, Error, auth::UserView, export::Export};
use domain::day;
use futures::stream::{self, Stream};

use crate::session::Caller;

/// The route over one backend, inside the session layer.
pub fn routes(backend: Backend) -> Router {
    Router::new().route(routes::EXPORT, get(download)).with_state(backend)
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
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_DISPOSITION, attachment(&name)),
    ];
    (headers, Body::from_stream(pieces(Export::new(&backend, &caller, user)))).into_response()
}

fn attachment(name: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// The pieces one after the other. A failure ends the connection, so that half a file is not taken for a whole one.
fn pieces(export: Export) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(export, |mut export| async move {
        let piece = export.next().await.inspect_err(|error| {
            let cause = error.source().map(tracing::field::display);
            tracing::error!(cause, "an export failed: {error}");
        })?;
        Ok(piece.map(|piece| (Bytes::from(piece), export)))
    })
}
