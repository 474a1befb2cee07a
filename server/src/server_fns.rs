//! Runs server functions: for scripts as JSON, for plain forms as a redirect or as the page once more.
//!
//! See `docs/adr/0005-forms-post-to-server-functions-at-the-page-path.md`.

use app::{AppError, form::FormState, routes};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Multipart, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use leptos::server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER};

use crate::pages::Pages;

/// Largest answer of a server function that is read again here: errors are small.
const MOST_ERROR_BYTES: usize = 256 * 1024;

/// `POST` to the path of a server function.
pub async fn run(State(pages): State<Pages>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let is_form = accepts_html(&parts.headers);
    let asked = parts.clone();
    // The framework would answer a browser with a redirect that carries the error in its address.
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));

    let context = pages.clone();
    let request = Request::from_parts(parts, Body::from(body.clone()));
    let response = leptos_axum::handle_server_fns_with_context(move || context.provide(), request)
        .await
        .into_response();
    match (failure(response).await, is_form) {
        (Ok(response), true) => see_other(response, &asked),
        (Ok(response), false) => response,
        (Err((error, headers)), true) => refuse(&pages, asked, &body, &error, headers).await,
        (Err((error, headers)), false) => as_json(&error, headers),
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

/// The answer, or the error in it with the headers that the function set.
async fn failure(response: Response) -> Result<Response, (AppError, HeaderMap)> {
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MOST_ERROR_BYTES).await.unwrap_or_default();
    for stale in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::LOCATION] {
        parts.headers.remove(stale);
    }
    parts.headers.remove(SERVER_FN_ERROR_HEADER);
    Err((AppError::de(body), parts.headers))
}

fn as_json(error: &AppError, headers: HeaderMap) -> Response {
    let status = status(error);
    let mut response = (status, headers, error.ser()).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(SERVER_FN_ERROR_HEADER, HeaderValue::from_static("1"));
    response
}

fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// After a form: 303, to where the function sent the browser or back to the form's page.
fn see_other(response: Response, asked: &Parts) -> Response {
    let (parts, _) = response.into_parts();
    let mut answer = StatusCode::SEE_OTHER.into_response();
    *answer.headers_mut() = parts.headers;
    let headers = answer.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(leptos::server_fn::redirect::REDIRECT_HEADER);
    if !headers.contains_key(header::LOCATION) {
        let back = HeaderValue::from_str(asked.uri.path());
        headers.insert(header::LOCATION, back.unwrap_or(HeaderValue::from_static("/")));
    }
    answer
}

/// After a refused form: the page once more, or the way to sign in, anew or again, and back to it.
async fn refuse(
    pages: &Pages,
    asked: Parts,
    body: &Bytes,
    error: &AppError,
    headers: HeaderMap,
) -> Response {
    let pairs = form_pairs(&asked.headers, body).await;
    let action = asked.uri.path().to_owned();
    let page = page_of(&pairs, &action);
    if let Some(target) = detour(error, &page) {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response();
    }
    let form = FormState::refused(action, pairs, error);
    let mut response = pages.render_refused(asked, page, form, status(error)).await;
    response.headers_mut().extend(headers);
    response
}

/// Where somebody signs in, anew or again, before the form's page can be shown.
fn detour(error: &AppError, page: &Uri) -> Option<String> {
    let first = match error {
        AppError::SignedOut => routes::SIGN_IN,
        AppError::NotFresh => routes::CONFIRM,
        _ => return None,
    };
    Some(routes::with_next(first, Some(&page.to_string())))
}

/// The typed fields of a form, urlencoded or with files. Files are never shown again.
async fn form_pairs(headers: &HeaderMap, body: &Bytes) -> Vec<(String, String)> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match kind.unwrap_or_default() {
        kind if kind.starts_with("application/x-www-form-urlencoded") => {
            url::form_urlencoded::parse(body).into_owned().collect()
        }
        kind if kind.starts_with("multipart/form-data") => texts_of(kind, body).await,
        _ => Vec::new(),
    }
}

/// The parts of a multipart form that are no files.
async fn texts_of(kind: &str, body: &Bytes) -> Vec<(String, String)> {
    let request =
        Request::builder().header(header::CONTENT_TYPE, kind).body(Body::from(body.clone()));
    let Ok(request) = request else { return Vec::new() };
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return Vec::new() };
    let mut pairs = Vec::new();
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().map(str::to_owned).filter(|_| field.file_name().is_none());
        if let (Some(name), Ok(text)) = (name, field.text().await) {
            pairs.push((name, text));
        }
    }
    pairs
}

/// The page a form stands on: its hidden field `page`, or the path it posts to.
fn page_of(pairs: &[(String, String)], action: &str) -> Uri {
    pairs
        .iter()
        .find(|(name, _)| name == "page")
        .and_then(|(_, page)| domain::redirect::safe_next(page))
        .and_then(|page| page.parse().ok())
        .or_else(|| action.parse().ok())
        .unwrap_or_else(|| Uri::from_static("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(page: &str) -> Vec<(String, String)> {
        vec![("id".into(), "1".into()), ("page".into(), page.into())]
    }

    #[test]
    fn a_refused_form_goes_back_to_the_page_it_names() {
        assert_eq!(
            page_of(&pairs("/accounts/7?tab=details"), "/accounts/rename"),
            "/accounts/7?tab=details"
        );
    }

    #[test]
    fn a_page_that_is_not_ours_is_ignored() {
        assert_eq!(page_of(&pairs("//evil.example"), "/accounts/rename"), "/accounts/rename");
        assert_eq!(page_of(&[], "/sign-in"), "/sign-in");
    }

    #[test]
    fn who_has_to_sign_in_first_comes_back_to_the_page_of_the_form() {
        let page = Uri::from_static("/settings/security?tab=2");
        let next = "?next=%2Fsettings%2Fsecurity%3Ftab%3D2";

        assert_eq!(detour(&AppError::SignedOut, &page), Some(format!("/sign-in{next}")));
        assert_eq!(detour(&AppError::NotFresh, &page), Some(format!("/confirm{next}")));
        assert_eq!(detour(&AppError::Forbidden, &page), None);
    }

    #[tokio::test]
    async fn what_was_typed_beside_a_file_is_shown_again_and_the_file_is_not() {
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("multipart/form-data; boundary=x");
        headers.insert(header::CONTENT_TYPE, kind);
        let body = "--x\r\nContent-Disposition: form-data; name=\"account\"\r\n\r\n7\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nDate\r\n--x--\r\n";

        let pairs = form_pairs(&headers, &Bytes::from_static(body.as_bytes())).await;

        assert_eq!(pairs, [("account".to_owned(), "7".to_owned())]);
    }
}
