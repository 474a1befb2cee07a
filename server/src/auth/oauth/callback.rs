//! `GET /callback/:id`: back from the provider. `POST` is answered with the same as a `GET`, so that cookies
//! come along.

use app::routes;
use axum::{
    body::{Body, to_bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::auth::oauth::{self, Callback, Finished, Landing};
use url::form_urlencoded::Serializer;

use crate::auth::{
    Auth,
    cookies::{Jar, append},
    error::AuthError,
    query::Query,
    redirect::{found, with_parameter},
    sign_in::replaced,
};

/// No provider sends more.
const MAX_BYTES: usize = 64 * 1024;

/// Finishes a flow.
#[tracing::instrument(name = "auth.routes.callback", skip_all)]
pub(in crate::auth) async fn callback(
    State(auth): State<Auth>,
    Path(provider): Path<String>,
    request: Request,
) -> Result<Response, AuthError> {
    let (parts, body) = request.into_parts();
    if parts.method == Method::POST {
        return Ok(as_get(&auth, &provider, &parts.headers, parts.uri.query(), body).await);
    }
    let jar = Jar::read(&parts.headers);
    let query = Query::read(parts.uri.query());
    let callback = Callback {
        provider,
        state: query.text("state"),
        code: query.text("code"),
        error: query.text("error"),
        error_description: query.text("error_description"),
        issuer: query.text("iss"),
        cookie: auth.cookies.read_state(&jar),
        client: auth.client(&parts),
        replaces: replaced(&auth, &jar).await?,
    };
    let finished = oauth::finish(&auth.backend, &callback).await;
    let finished = finished
        .map_err(|error| auth.fail(&error, "INTERNAL_SERVER_ERROR", "Internal Server Error"))?;
    Ok(land(&auth, &jar, &finished, &callback.provider))
}

fn land(auth: &Auth, jar: &Jar, finished: &Finished, provider: &str) -> Response {
    let mut response = match &finished.landing {
        Landing::SignedIn(_, to) | Landing::Linked(to) => found(to),
        Landing::SecondFactor(_, to) => found(&challenge_page(auth, to)),
        Landing::Refused { to, code, description } => {
            let ours = || format!("{}/api/auth/error", auth.origin());
            let target = to.clone().unwrap_or_else(ours);
            let target = with_parameter(&target, "error", code);
            found(&match description {
                Some(text) => with_parameter(&target, "error_description", text),
                None => target,
            })
        }
    };
    if finished.spent {
        append(&mut response, vec![auth.cookies.end_state()]);
    }
    match &finished.landing {
        Landing::SignedIn(login, _) => {
            let now = auth.backend.clock.now();
            append(&mut response, auth.cookies.signed_in(jar, now, login));
        }
        Landing::SecondFactor(challenge, _) => {
            append(&mut response, auth.cookies.owe(jar, challenge));
        }
        Landing::Linked(_) | Landing::Refused { .. } => return response,
    }
    append(&mut response, auth.cookies.came_back_from(jar, provider).into_iter().collect());
    response
}

/// The page that asks for the second factor, and goes on to `to` where that is a page of ours.
fn challenge_page(auth: &Auth, to: &str) -> String {
    let local = to.strip_prefix(&*auth.origin()).unwrap_or(to);
    match domain::redirect::safe_next(local) {
        Some(next) => with_parameter(routes::TWO_FACTOR, "next", &next),
        None => routes::TWO_FACTOR.to_owned(),
    }
}

/// The same path with everything in the query: a form from another site brings no cookies, a redirect does.
async fn as_get(
    auth: &Auth,
    provider: &str,
    headers: &HeaderMap,
    query: Option<&str>,
    body: Body,
) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let Ok(bytes) = to_bytes(body, MAX_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut pairs: Vec<(String, String)> = Vec::new();
    if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        pairs.extend(url::form_urlencoded::parse(&bytes).into_owned());
    } else if let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(&bytes) {
        let texts = fields.into_iter().filter_map(|(name, value)| {
            value.as_str().map(|value| (name.clone(), value.to_owned()))
        });
        pairs.extend(texts);
    }
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if !pairs.iter().any(|(known, _)| *known == name) {
            pairs.push((name.into_owned(), value.into_owned()));
        }
    }
    let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
    let provider =
        percent_encoding::utf8_percent_encode(provider, percent_encoding::NON_ALPHANUMERIC);
    found(&format!("{}/api/auth/callback/{provider}?{query}", auth.origin()))
}
