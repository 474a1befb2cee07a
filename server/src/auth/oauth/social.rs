//! `POST /sign-in/social`: to the provider, or in with an ID token.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::auth::{SignIn, oauth};
use serde_json::json;

use super::{Wanted, provider_not_found};
use crate::auth::{
    Auth,
    body::{Body, Schema},
    client::Client,
    cookies::{Jar, append},
    error::AuthError,
    json::UserJson,
    schema::Fields,
    sign_in::replaced,
    two_factor::challenged,
};

/// With whose account, and where to go.
pub(in crate::auth) struct SignInSocial(Wanted);

impl Schema for SignInSocial {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(Wanted::read(fields))
    }
}

/// Starts a flow, or a session for whom an ID token names.
#[tracing::instrument(name = "auth.routes.sign_in_social", skip_all)]
pub(in crate::auth) async fn sign_in(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(SignInSocial(wanted)): Body<SignInSocial>,
) -> Result<Response, AuthError> {
    let backend = &auth.backend;
    if backend.providers.get(&wanted.provider).is_none() {
        return Err(provider_not_found());
    }
    if let Some(posted) = &wanted.id_token {
        let jar = Jar::read(&headers);
        let old = replaced(&auth, &jar).await?;
        let sign_up = wanted.request_sign_up;
        let outcome = oauth::sign_in_with_token(backend, posted, &client, old.as_ref(), sign_up);
        let login = match outcome.await.map_err(|error| auth.refuse_token(error))? {
            SignIn::Done(login) => login,
            SignIn::SecondFactor(challenge) => return Ok(challenged(&auth, &jar, &challenge)),
        };
        let body = json!({
            "redirect": false,
            "token": login.token.expose(),
            "user": UserJson::from(&login.user),
        });
        let mut response = Json(body).into_response();
        let cookies = auth.cookies.signed_in(&jar, backend.clock.now(), &login);
        append(&mut response, cookies);
        return Ok(response);
    }
    let started = oauth::start(backend, &wanted.start(&auth)).await;
    let started = started.map_err(|error| auth.refuse_start(&error))?;
    let redirect = !wanted.disable_redirect;
    let body = json!({ "url": started.url.as_str(), "redirect": redirect });
    let mut response = Json(body).into_response();
    auth.send_off(&mut response, &started, redirect);
    Ok(response)
}

/// Which provider's token the nonce is for.
pub(in crate::auth) struct ForToken(String);

impl Schema for ForToken {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(fields.string("provider"))
    }
}

/// A nonce for an ID token that an application is about to ask for. Ours: Better Auth issues none.
#[tracing::instrument(name = "auth.routes.id_token_nonce", skip_all)]
pub(in crate::auth) async fn nonce(
    State(auth): State<Auth>,
    Body(ForToken(provider)): Body<ForToken>,
) -> Result<Response, AuthError> {
    let nonce = oauth::issue_nonce(&auth.backend, &provider).await;
    let nonce = nonce.map_err(|error| auth.refuse_token(error))?;
    Ok(Json(json!({ "nonce": nonce })).into_response())
}
