//! `GET /api/auth/get-session`: who is signed in, for display. The only place that answers from the cookie
//! cache.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::{
    Error,
    auth::{SessionToken, sessions},
};
use serde::Serialize;
use serde_json::Value;

use super::{
    Auth,
    cookies::{Cache, Jar, Login, append},
    error::AuthError,
    json::{SessionJson, UserJson},
};

const CODE: &str = "FAILED_TO_GET_SESSION";
const MESSAGE: &str = "Failed to get session";

#[derive(Serialize)]
struct Answer<'a> {
    session: SessionJson<'a>,
    user: UserJson<'a>,
}

/// What the query asks for. Any text means yes, except `false` for the cache: nobody means that.
struct Wishes {
    no_cache: bool,
    no_refresh: bool,
}

impl Wishes {
    fn read(query: Option<&str>) -> Self {
        let query = query.unwrap_or_default();
        let value = |wanted: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        let asked = |name: &str| value(name).is_some_and(|value| !value.is_empty());
        Self {
            no_cache: asked("disableCookieCache")
                && value("disableCookieCache").as_deref() != Some("false"),
            no_refresh: asked("disableRefresh"),
        }
    }
}

/// The session and its person, or `null`. Better Auth can defer the refreshing to a POST; that is not offered.
#[tracing::instrument(name = "auth.routes.get_session", skip_all)]
pub(super) async fn get_session(
    State(auth): State<Auth>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = if method == Method::POST {
        Err(AuthError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED",
            "POST method requires deferSessionRefresh to be enabled in session config",
        ))
    } else {
        answer(&auth, &Jar::read(&headers), &Wishes::read(query.as_deref())).await
    };
    never_stored(answer.into_response())
}

async fn answer(auth: &Auth, jar: &Jar, wishes: &Wishes) -> Result<Response, AuthError> {
    let Some(token) = auth.cookies.token(jar) else {
        return Ok(Json(Value::Null).into_response());
    };
    let mut refused = false;
    if !wishes.no_cache {
        match auth.cookies.read_cache(jar, &token, auth.backend.clock.now()) {
            Cache::Valid(cached) => return Ok(Json(cached).into_response()),
            Cache::Refused => refused = true,
            Cache::Absent => {}
        }
    }
    from_database(auth, jar, wishes, &token, refused).await
}

/// The row's answer. A cache that was refused is replaced, or at least ended.
async fn from_database(
    auth: &Auth,
    jar: &Jar,
    wishes: &Wishes,
    token: &SessionToken,
    refused: bool,
) -> Result<Response, AuthError> {
    let unremembered = auth.cookies.is_unremembered(jar);
    let extend = if wishes.no_refresh || unremembered {
        sessions::Extend::Never
    } else {
        sessions::Extend::WhenDue
    };
    let found =
        sessions::find(&auth.backend, token, extend).await.map_err(|error| match error {
            Error::Expired(_) => AuthError::new(StatusCode::UNAUTHORIZED, CODE, MESSAGE),
            error => auth.fail(&error, CODE, MESSAGE),
        })?;
    let Some(found) = found else {
        let mut response = Json(Value::Null).into_response();
        append(&mut response, auth.cookies.clear(jar));
        return Ok(response);
    };

    let body =
        Answer { session: SessionJson::new(&found.session, token), user: (&found.user).into() };
    let mut response = Json(body).into_response();
    if refused {
        append(&mut response, auth.cookies.clear_cache(jar));
    }
    let hardened = auth.backend.is_hardened();
    let remember = !unremembered && (found.session.remembered || !hardened);
    let login = Login { user: &found.user, session: &found.session, token, remember };
    let now = auth.backend.clock.now();
    if found.extended {
        append(&mut response, auth.cookies.start(jar, now, &login));
    } else if remember && !wishes.no_refresh {
        append(&mut response, auth.cookies.cache(jar, now, &login));
    }
    Ok(response)
}

fn never_stored(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
