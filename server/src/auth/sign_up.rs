//! `POST /api/auth/sign-up/email`.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::auth::{self, Password, SignUpRequest};
use serde::Serialize;

use super::{
    Auth,
    body::{Body, Schema},
    client::Client,
    cookies::{Jar, append},
    error::AuthError,
    json::UserJson,
    schema::Fields,
};
use crate::days;

/// Who wants an account.
pub(super) struct SignUp {
    name: String,
    email: String,
    password: Password,
    image: Option<String>,
    callback: String,
    remember: bool,
}

impl Schema for SignUp {
    const FORM: bool = true;
    const KINDS: &'static [&'static str] = &["object", "record"];

    fn read(fields: &mut Fields<'_>) -> Self {
        let (name, email) = (fields.string("name"), fields.email("email"));
        let password = fields.filled_string("password").into();
        let image = fields.optional_string("image");
        // Goes into the mailed link; its target was checked with the others.
        let callback = fields.optional_string("callbackURL").unwrap_or_default();
        let remember = fields.optional_bool("rememberMe").unwrap_or(true);
        Self { name, email, password, image, callback, remember }
    }
}

#[derive(Serialize)]
struct SignedUp<'a> {
    /// `null` when the address has to be proven first.
    token: Option<&'a str>,
    user: UserJson<'a>,
}

/// Makes an account and, unless the address has to be proven first, a session.
#[tracing::instrument(name = "auth.routes.sign_up", skip_all)]
pub(super) async fn sign_up(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<SignUp>,
) -> Result<Response, AuthError> {
    let request = SignUpRequest {
        name: form.name,
        email: form.email,
        password: form.password,
        image: form.image,
        callback: form.callback,
        remember: form.remember,
        client,
    };
    let made =
        auth::sign_up(&auth.backend, &request).await.map_err(|failure| auth.refuse(failure))?;

    let token = made.login.as_ref().map(|login| login.token.expose());
    let mut response = Json(SignedUp { token, user: (&made.user).into() }).into_response();
    if let Some(login) = &made.login {
        let (jar, now) = (Jar::read(&headers), auth.backend.clock.now());
        let cookies = auth.cookies.start(&jar, now, &login.into());
        append(&mut response, cookies);
        days::note_at_sign_up(&auth, &made.user.id, &headers).await;
    }
    Ok(response)
}
