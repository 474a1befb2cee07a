//! `POST /api/auth/sign-in/email`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use backend::auth::{self, AuthFailure, Password, SignIn as SignedIn, SignInRequest, sessions};
use serde::Serialize;

use super::{
    Auth,
    body::{Body, Schema},
    client::Client,
    cookies::{Jar, append},
    error::AuthError,
    json::UserJson,
    schema::{Fields, is_email},
    two_factor,
};

/// Who wants to come in.
pub(super) struct SignIn {
    email: String,
    password: Password,
    callback_url: Option<String>,
    remember: bool,
}

impl Schema for SignIn {
    const FORM: bool = true;

    fn read(fields: &mut Fields<'_>) -> Self {
        let (email, password) = (fields.string("email"), fields.string("password").into());
        let callback_url = fields.optional_string("callbackURL");
        let remember = fields.optional_bool("rememberMe").unwrap_or(true);
        Self { email, password, callback_url, remember }
    }
}

#[derive(Serialize)]
struct SignedInJson<'a> {
    redirect: bool,
    token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    user: UserJson<'a>,
}

/// Starts a session for whoever knows the password.
#[tracing::instrument(name = "auth.routes.sign_in", skip_all)]
pub(super) async fn sign_in(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<SignIn>,
) -> Result<Response, AuthError> {
    if !is_email(&form.email) {
        return Err(auth.refuse(AuthFailure::EmailInvalid));
    }
    let jar = Jar::read(&headers);
    let request = SignInRequest {
        email: form.email,
        password: form.password,
        remember: form.remember,
        client,
        replaces: replaced(&auth, &jar).await?,
    };
    let outcome = auth::sign_in(&auth.backend, &request).await;
    let login = match outcome.map_err(|failure| auth.refuse(failure))? {
        SignedIn::Done(login) => login,
        SignedIn::SecondFactor(challenge) => {
            return Ok(two_factor::challenged(&auth, &jar, &challenge));
        }
    };

    // Checked with the body; an empty one is repeated and leads nowhere.
    let url = form.callback_url.map(|url| auth.origins.redirect(&url).unwrap_or_default());
    let target = url.as_deref().filter(|url| !url.is_empty());
    let answer = SignedInJson {
        redirect: target.is_some(),
        token: login.token.expose(),
        url: url.as_deref(),
        user: (&login.user).into(),
    };
    let mut response = Json(answer).into_response();
    if let Some(target) = target.and_then(|target| HeaderValue::from_bytes(target.as_bytes()).ok())
    {
        response.headers_mut().insert(header::LOCATION, target);
    }
    append(&mut response, auth.cookies.signed_in(&jar, auth.backend.clock.now(), &login));
    Ok(response)
}

/// The session that this browser still has; the hardened profile ends it with the new one's start.
pub(super) async fn replaced(
    auth: &Auth,
    jar: &Jar,
) -> Result<Option<backend::SignedIn>, AuthError> {
    let hardened = auth.backend.is_hardened();
    let Some(token) = auth.cookies.token(jar).filter(|_| hardened) else { return Ok(None) };
    let found = sessions::find(&auth.backend, &token, sessions::Extend::Never).await;
    let found = found.map_err(|error| auth.refuse(error.into()))?;
    Ok(found.map(|found| found.caller))
}
