//! `POST /api/auth/sign-out`.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::auth::sessions;
use serde_json::json;

use super::{
    Auth,
    body::{Body, Schema},
    cookies::{Jar, append},
    error::AuthError,
    schema::Fields,
};

/// Nothing in it changes what happens here: no provider of ours has a sign-out page.
pub(super) struct SignOut;

impl Schema for SignOut {
    const OPTIONAL: bool = true;

    fn read(fields: &mut Fields<'_>) -> Self {
        fields.optional_string("callbackURL");
        fields.optional_bool("disableRedirect");
        fields.optional_string("state");
        Self
    }
}

/// Ends the session of the cookie, if there is one, and clears the cookies in any case.
#[tracing::instrument(name = "auth.routes.sign_out", skip_all)]
pub(super) async fn sign_out(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(SignOut): Body<SignOut>,
) -> Result<Response, AuthError> {
    let jar = Jar::read(&headers);
    if let Some(token) = auth.cookies.token(&jar) {
        let ended = sessions::end(&auth.backend, &token).await;
        ended.map_err(|error| auth.refuse(error.into()))?;
    }
    let mut response = Json(json!({ "success": true })).into_response();
    append(&mut response, auth.cookies.clear(&jar));
    Ok(response)
}
