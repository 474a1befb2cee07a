//! `GET /list-sessions`, `POST /revoke-session`, `/revoke-sessions`, `/revoke-other-sessions`.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::auth::{
    SessionToken,
    sessions::{self, OwnSession},
};
use serde_json::{Value, json};

use super::{
    Auth,
    body::{Body, Empty, Schema},
    cookies::{Jar, append},
    error::AuthError,
    guard::{Guard, Guarded, guarded},
    json::SessionJson,
    schema::Fields,
};

/// The caller's sessions. In the hardened profile, which keeps no tokens, the others' `token` is a handle that
/// `/revoke-session` takes and nothing else.
#[tracing::instrument(name = "auth.routes.list_sessions", skip_all)]
pub(super) async fn list(
    State(auth): State<Auth>,
    headers: HeaderMap,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Fresh, async |who| {
        let sessions = sessions::list(&auth.backend, &who.caller).await;
        let sessions = sessions.map_err(|error| auth.refuse(error.into()))?;
        let items: Vec<Value> = sessions.iter().map(|session| item(&who, session)).collect();
        Ok(Json(items).into_response())
    })
    .await
}

fn item(who: &Guarded, session: &OwnSession) -> Value {
    let handle = SessionToken::from_signed_cookie(&*session.handle);
    let token = if session.current { &who.token } else { &handle };
    json!(SessionJson::new(&session.session, token))
}

/// Which session is to end.
pub(super) struct Revoke {
    token: String,
}

impl Schema for Revoke {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self { token: fields.string("token") }
    }
}

/// Ends one of the caller's sessions. Any other token is answered alike.
#[tracing::instrument(name = "auth.routes.revoke_session", skip_all)]
pub(super) async fn revoke(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(form): Body<Revoke>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::StepUp, async |who| {
        // The hardened profile knows the own session by its token too.
        let own = who.token.expose() == form.token && auth.backend.is_hardened();
        let handle = if own { who.session.id.as_str() } else { &*form.token };
        let ended = sessions::revoke(&auth.backend, &who.caller, handle).await;
        let ended_own = ended.map_err(|error| auth.refuse(error.into()))?;
        Ok(done(&auth, &headers, ended_own))
    })
    .await
}

/// Ends all of the caller's sessions.
#[tracing::instrument(name = "auth.routes.revoke_sessions", skip_all)]
pub(super) async fn revoke_all(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(Empty): Body<Empty>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::StepUp, async |who| {
        let ended = sessions::revoke_all(&auth.backend, &who.caller).await;
        ended.map_err(|error| auth.refuse(error.into()))?;
        Ok(done(&auth, &headers, true))
    })
    .await
}

/// Ends all of the caller's sessions but this one.
#[tracing::instrument(name = "auth.routes.revoke_other_sessions", skip_all)]
pub(super) async fn revoke_others(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(Empty): Body<Empty>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::StepUp, async |who| {
        let ended = sessions::revoke_others(&auth.backend, &who.caller).await;
        ended.map_err(|error| auth.refuse(error.into()))?;
        Ok(done(&auth, &headers, false))
    })
    .await
}

fn done(auth: &Auth, headers: &HeaderMap, ended_own: bool) -> Response {
    let mut response = Json(json!({ "status": true })).into_response();
    if ended_own {
        append(&mut response, auth.cookies.clear(&Jar::read(headers)));
    }
    response
}
