//! `GET` (1.2.8: `POST`) `/passkey/generate-authenticate-options`, `POST /passkey/verify-authentication`.

use app::{islands::PAGE_HEADER, server::PASSKEY_WAY};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use backend::auth::passkeys::{self, CredentialsOf, PasskeySignIn};
use serde::Serialize;

use super::{begun, ceremony, forms::Authentication, has_origin, refused};
use crate::auth::{
    Auth,
    body::{Body, Empty},
    client::Client,
    cookies::{Jar, append},
    error::AuthError,
    guard,
    json::{SessionJson, UserJson},
};

#[derive(Serialize)]
struct SignedIn<'a> {
    session: SessionJson<'a>,
    user: UserJson<'a>,
}

/// Begins to sign in; for somebody signed in, or owing a second factor, with their own passkeys.
#[tracing::instrument(name = "auth.routes.passkey.generate_authenticate_options", skip_all)]
pub(in crate::auth) async fn generate_authenticate_options(
    State(auth): State<Auth>,
    headers: HeaderMap,
) -> Result<Response, AuthError> {
    let signed_in = guard::optional(&auth, &headers).await?;
    let challenge = auth.cookies.challenge(&Jar::read(&headers));
    let whose = match (&signed_in, &challenge) {
        (Some(who), _) => CredentialsOf::Caller(&who.caller),
        (None, Some(challenge)) => CredentialsOf::Challenged(challenge),
        (None, None) => CredentialsOf::Anybody,
    };
    let ceremony = passkeys::begin_sign_in(&auth.backend, whose).await;
    let ceremony = ceremony.map_err(|error| auth.refuse(error.into()))?;
    Ok(begun(&auth, &ceremony))
}

/// The same as the client of 1.2.8 asks for it.
pub(in crate::auth) async fn generate_authenticate_options_1_2(
    state: State<Auth>,
    headers: HeaderMap,
    Body(Empty): Body<Empty>,
) -> Result<Response, AuthError> {
    generate_authenticate_options(state, headers).await
}

/// Starts a session for whoever holds a passkey. It answers a second factor that is owed as well.
#[tracing::instrument(name = "auth.routes.passkey.verify_authentication", skip_all)]
pub(in crate::auth) async fn verify_authentication(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<Authentication>,
) -> Result<Response, AuthError> {
    if !has_origin(&headers) {
        return Err(AuthError::without_code(StatusCode::BAD_REQUEST, "origin missing"));
    }
    let jar = Jar::read(&headers);
    let token = ceremony(&auth, &headers)?;
    let challenge = auth.cookies.challenge(&jar);
    let before = guard::optional(&auth, &headers).await?;
    let request = PasskeySignIn {
        ceremony: &token,
        answer: &form.response,
        challenge: challenge.as_ref(),
        trust_device: form.trust_device,
        remember: !auth.cookies.is_unremembered(&jar),
        client: &client,
        replaces: before.as_ref().map(|who| &who.caller),
    };
    let login = passkeys::sign_in(&auth.backend, &request).await;
    let login = login.map_err(|failure| refused(&auth, failure))?;
    let body = SignedIn {
        session: SessionJson::new(&login.session, &login.token),
        user: (&login.user).into(),
    };
    let mut response = Json(body).into_response();
    let now = auth.backend.clock.now();
    append(&mut response, auth.cookies.signed_in(&jar, now, &login));
    if challenge.is_some() {
        append(&mut response, vec![auth.cookies.challenge_over()]);
    } else if headers.contains_key(PAGE_HEADER) {
        append(&mut response, auth.cookies.came_by(PASSKEY_WAY).into_iter().collect());
    }
    Ok(response)
}
