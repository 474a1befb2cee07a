//! Answers.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{json::Json, refusal::Refusal};

/// A status and a body.
pub struct Answer(pub StatusCode, pub Json);

/// What a handler gives.
pub type Result = std::result::Result<Answer, Refusal>;

/// 200.
#[expect(clippy::unnecessary_wraps, reason = "the last line of handlers that can fail")]
pub fn ok(body: Json) -> Result {
    Ok(Answer(StatusCode::OK, body))
}

/// 201.
#[expect(clippy::unnecessary_wraps, reason = "the last line of handlers that can fail")]
pub fn created(body: Json) -> Result {
    Ok(Answer(StatusCode::CREATED, body))
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let json = HeaderValue::from_static("application/json");
        (self.0, [(header::CONTENT_TYPE, json)], self.1.compact()).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = Answer(status, self.body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"polar\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
