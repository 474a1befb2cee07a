//! `/passkey/…`: the routes of Better Auth's passkey plugin.

mod forms;
mod manage;
mod register;
mod sign_in;

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::auth::passkeys::{Ceremony, CeremonyToken, Passkey, PasskeyFailure};
use serde::Serialize;

use super::{
    Auth,
    cookies::{Jar, append},
    error::AuthError,
    json::iso,
};

pub(super) use manage::{delete, list, update};
pub(super) use register::{generate_register_options, verify_registration};
pub(super) use sign_in::{
    generate_authenticate_options, generate_authenticate_options_1_2, verify_authentication,
};

/// A passkey as Better Auth writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PasskeyJson<'a> {
    id: &'a str,
    name: Option<&'a str>,
    public_key: &'a str,
    user_id: &'a str,
    #[serde(rename = "credentialID")]
    credential_id: &'a str,
    counter: i64,
    device_type: &'a str,
    backed_up: bool,
    transports: Option<&'a str>,
    created_at: Option<String>,
    aaguid: Option<&'a str>,
}

impl<'a> From<&'a Passkey> for PasskeyJson<'a> {
    fn from(passkey: &'a Passkey) -> Self {
        Self {
            id: &passkey.id,
            name: passkey.name.as_deref(),
            public_key: &passkey.public_key,
            user_id: passkey.user_id.as_str(),
            credential_id: &passkey.credential_id,
            counter: passkey.counter,
            device_type: &passkey.device_type,
            backed_up: passkey.backed_up,
            transports: passkey.transports.as_deref(),
            created_at: passkey.created_at.map(iso),
            aaguid: passkey.aaguid.as_deref(),
        }
    }
}

/// The options for the browser, and the cookie that names the ceremony.
fn begun(auth: &Auth, ceremony: &Ceremony) -> Response {
    let mut response = Json(&ceremony.options).into_response();
    append(&mut response, vec![auth.cookies.ceremony(&ceremony.token)]);
    response
}

/// The ceremony that this browser began.
fn ceremony(auth: &Auth, headers: &HeaderMap) -> Result<CeremonyToken, AuthError> {
    let token = auth.cookies.ceremony_of(&Jar::read(headers));
    token.ok_or_else(|| refused(auth, PasskeyFailure::ChallengeNotFound))
}

/// Whether the request says which page sent it: browsers do for every ceremony.
fn has_origin(headers: &HeaderMap) -> bool {
    headers.get(header::ORIGIN).map(HeaderValue::as_bytes).is_some_and(|origin| !origin.is_empty())
}

/// A refusal in Better Auth's words.
fn refused(auth: &Auth, failure: PasskeyFailure) -> AuthError {
    let status = match &failure {
        PasskeyFailure::NotAllowed
        | PasskeyFailure::NotFound
        | PasskeyFailure::AuthenticationFailed => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    };
    match (failure.code_and_message(), failure) {
        (Some((code, message)), _) => AuthError::new(status, code, message),
        (None, PasskeyFailure::Other(error)) => auth.refuse(error.into()),
        (None, _) => AuthError::new(status, "BAD_REQUEST", "Bad Request"),
    }
}
