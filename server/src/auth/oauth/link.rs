//! `POST /link-social`: another way in for somebody who is signed in.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::auth::oauth::{self, LinkTo, Start};
use serde_json::json;

use super::{Wanted, provider_not_found};
use crate::auth::{
    Auth,
    body::{Body, Schema},
    error::AuthError,
    guard::{Guard, Guarded, guarded},
    schema::Fields,
};

/// Which account, and where to go.
pub(in crate::auth) struct LinkSocial(Wanted);

impl Schema for LinkSocial {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(Wanted::read(fields))
    }
}

/// Starts a flow at whose end the account is the caller's, or connects the one that an ID token names.
#[tracing::instrument(name = "auth.routes.link_social", skip_all)]
pub(in crate::auth) async fn link(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(LinkSocial(wanted)): Body<LinkSocial>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::StepUp, async |who| act(&auth, &wanted, who).await).await
}

async fn act(auth: &Auth, wanted: &Wanted, who: Guarded) -> Result<Response, AuthError> {
    let backend = &auth.backend;
    if backend.providers.get(&wanted.provider).is_none() {
        return Err(provider_not_found());
    }
    if let Some(posted) = &wanted.id_token {
        let linked = oauth::link_with_token(backend, &who.caller, &who.user.email, posted).await;
        linked.map_err(|error| auth.refuse_token(error))?;
        let body = json!({ "url": "", "status": true, "redirect": false });
        return Ok(Json(body).into_response());
    }
    let link = LinkTo {
        caller: who.caller.clone(),
        email: who.user.email.clone(),
        token: Some(who.token.clone()),
    };
    let start = Start { link: Some(link), ..wanted.start(auth) };
    let started = oauth::start(backend, &start).await;
    let started = started.map_err(|error| auth.refuse_start(&error))?;
    let redirect = !wanted.disable_redirect;
    let body = json!({ "url": started.url.as_str(), "redirect": redirect });
    let mut response = Json(body).into_response();
    auth.send_off(&mut response, &started, redirect);
    Ok(response)
}
