//! `GET /passkey/generate-register-options`, `POST /passkey/verify-registration`.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::auth::passkeys::{self, Attachment, PasskeyFailure};
use serde::Serialize;
use serde_json::Value;

use super::{PasskeyJson, begun, ceremony, forms::Registration, has_origin, refused};
use crate::auth::{
    Auth,
    body::Body,
    client::Client,
    cookies::{Jar, append},
    error::AuthError,
    guard::{Guard, guarded},
    json::{SessionJson, UserJson},
    query::Query,
};

#[derive(Serialize)]
struct WithSession<'a> {
    #[serde(flatten)]
    passkey: PasskeyJson<'a>,
    session: SessionJson<'a>,
    user: UserJson<'a>,
}

/// Begins to add a passkey.
#[tracing::instrument(name = "auth.routes.passkey.generate_register_options", skip_all)]
pub(in crate::auth) async fn generate_register_options(
    State(auth): State<Auth>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, AuthError> {
    let query = Query::read(query.as_deref());
    let attachment = attachment(&query)?;
    let name = query.text("name");
    guarded(&auth, &headers, Guard::Fresh, async |who| {
        let name = name.as_deref();
        let ceremony =
            passkeys::begin_registration(&auth.backend, &who.caller, attachment, name).await;
        let ceremony = ceremony.map_err(|error| auth.refuse(error.into()))?;
        Ok(begun(&auth, &ceremony))
    })
    .await
}

fn attachment(query: &Query) -> Result<Option<Attachment>, AuthError> {
    match query.value("authenticatorAttachment") {
        None => Ok(None),
        Some(Value::String(text)) if text == "platform" => Ok(Some(Attachment::Platform)),
        Some(Value::String(text)) if text == "cross-platform" => {
            Ok(Some(Attachment::CrossPlatform))
        }
        Some(_) => {
            let problem = "[query.authenticatorAttachment] Invalid option: expected one of \"platform\"|\"cross-platform\"";
            Err(AuthError::validation(&[problem.to_owned()]))
        }
    }
}

/// Ends it.
#[tracing::instrument(name = "auth.routes.passkey.verify_registration", skip_all)]
pub(in crate::auth) async fn verify_registration(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<Registration>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Fresh, async |who| {
        if !has_origin(&headers) {
            return Err(refused(&auth, PasskeyFailure::RegistrationFailed));
        }
        let token = ceremony(&auth, &headers)?;
        let (backend, name) = (&auth.backend, form.name.as_deref());
        let passkey = passkeys::register(backend, &who.caller, &token, &form.response, name).await;
        let passkey = passkey.map_err(|failure| refused(&auth, failure))?;
        if !form.create_session {
            return Ok(Json(PasskeyJson::from(&passkey)).into_response());
        }
        let login = passkeys::another_session(backend, &who.caller, &client).await;
        let login = login.map_err(|error| auth.refuse(error.into()))?;
        let body = WithSession {
            passkey: (&passkey).into(),
            session: SessionJson::new(&login.session, &login.token),
            user: (&login.user).into(),
        };
        let mut response = Json(body).into_response();
        let (jar, now) = (Jar::read(&headers), auth.backend.clock.now());
        append(&mut response, auth.cookies.signed_in(&jar, now, &login));
        Ok(response)
    })
    .await
}
