//! Writes failures in the form the client reads: JSON below `/api`, a page for browsers.
//! Errors that a library wrote as plain text, or left empty, are replaced: their words are not for strangers.

use app::errors::fallback_page;
use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use super::{
    super::{
        failure::Failure,
        request::{Nonce, RequestId},
    },
    is_auth,
};

/// How a client wants its errors.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `{"message", "code"}`, or nothing at all, as Better Auth answers.
    Auth,
    /// `{"error", "message", "requestId"}`.
    Json,
    Page,
}

pub(in crate::http) async fn layer(
    request_id: RequestId,
    nonce: Nonce,
    request: Request,
    next: Next,
) -> Response {
    let form = form(request.uri().path(), request.headers());

    let mut response = next.run(request).await;

    let Some(failure) = failure(&mut response, form) else { return response };
    let body = match form {
        Form::Auth => auth_body(&failure),
        Form::Json => Json(failure.json(Some(request_id.as_str()))).into_response(),
        Form::Page => {
            let status = failure.status.as_u16();
            let (reference, nonce) = (request_id.as_str(), nonce.as_str());
            Html(fallback_page(status, &failure.message, reference, nonce)).into_response()
        }
    };
    replace(response, body, failure.status)
}

fn form(path: &str, headers: &HeaderMap) -> Form {
    let accepts_pages = headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|value| value.to_str().is_ok_and(|accept| accept.contains("text/html")));
    if is_auth(path) {
        Form::Auth
    } else if path.starts_with("/api/") || !accepts_pages {
        Form::Json
    } else {
        Form::Page
    }
}

/// The failure in `response`, if its body has to be written here.
fn failure(response: &mut Response, form: Form) -> Option<Failure> {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        return Some(failure);
    }
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    // Marked by Leptos: a server function's own error, in the encoding its caller reads.
    if response.headers().contains_key("serverfnerror") {
        return None;
    }
    let kind = response.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or(""));
    let foreign = match kind {
        Some(kind) => kind.starts_with("text/plain"),
        // An empty body is an answer of Better Auth's protocol, except that it knows no 405.
        None => form != Form::Auth || status == StatusCode::METHOD_NOT_ALLOWED,
    };
    foreign.then(|| Failure::of(status))
}

/// Unknown paths, wrong methods and crashes have no body in Better Auth's protocol.
fn auth_body(failure: &Failure) -> Response {
    match failure.status {
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND => {
            StatusCode::NOT_FOUND.into_response()
        }
        StatusCode::INTERNAL_SERVER_ERROR => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        // The one refusal without a code.
        StatusCode::TOO_MANY_REQUESTS => {
            let message = failure.contract_message.unwrap_or(&failure.message);
            Json(json!({ "message": message })).into_response()
        }
        _ => {
            let message = failure.contract_message.unwrap_or(&failure.message);
            Json(json!({ "message": message, "code": failure.code })).into_response()
        }
    }
}

/// `body` with the status of the failure and the headers the first answer had besides those of its body.
fn replace(response: Response, body: Response, status: StatusCode) -> Response {
    let (mut head, _) = response.into_parts();
    let (written, body) = body.into_parts();
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_ENCODING] {
        head.headers.remove(name);
    }
    head.headers.extend(written.headers);
    head.status = if written.status == StatusCode::OK { status } else { written.status };
    if head.status == StatusCode::NOT_FOUND {
        head.headers.remove(header::ALLOW);
    }
    Response::from_parts(head, body)
}
