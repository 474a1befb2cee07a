//! Answers that several routes give.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::key::mark_replayed;

/// It is done, and there is nothing more to say.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    /// Always true.
    success: bool,
}

/// The answer to what leaves nothing to show.
pub(super) fn done() -> Json<Done> {
    Json(Done { success: true })
}

/// 201: what was made, and where it is.
pub(super) fn created<T: Serialize>(location: &str, body: T, replayed: bool) -> Response {
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    mark_replayed(&mut response, replayed);
    response
}
