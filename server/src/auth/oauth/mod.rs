//! Sign-in with accounts at other providers: Better Auth's routes around [`backend::auth::oauth`].

pub(super) mod callback;
pub(super) mod link;
pub(super) mod social;
pub(super) mod tokens;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use backend::{
    Error,
    auth::oauth::{LinkError, NativeError, PostedToken, Refusal, Started},
};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{Auth, cookies::append, error::AuthError, schema::Fields};

/// Parameters of the authorization address that are ours alone.
const RESERVED: [&str; 8] = [
    "state",
    "client_id",
    "redirect_uri",
    "response_type",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "scope",
];

/// What `/sign-in/social` and `/link-social` have in common.
pub(super) struct Wanted {
    provider: String,
    callback_url: Option<String>,
    error_url: Option<String>,
    new_user_url: Option<String>,
    disable_redirect: bool,
    scopes: Vec<String>,
    login_hint: Option<String>,
    request_sign_up: bool,
    parameters: Vec<(String, String)>,
    data: Map<String, Value>,
    id_token: Option<PostedToken>,
}

impl Wanted {
    fn read(fields: &mut Fields<'_>) -> Self {
        let provider = fields.string("provider");
        let targets = ["callbackURL", "errorCallbackURL", "newUserCallbackURL"]
            .map(|name| fields.optional_string(name).filter(|target| !target.is_empty()));
        let [callback_url, error_url, new_user_url] = targets;
        let parameters = fields.optional_texts("additionalParams").unwrap_or_default();
        if parameters.iter().any(|(name, _)| RESERVED.contains(&&**name)) {
            let names = RESERVED.join(", ");
            let text =
                format!("additionalParams cannot include reserved OAuth parameters: {names}");
            fields.problem("additionalParams", &text);
        }
        Self {
            callback_url,
            error_url,
            new_user_url,
            disable_redirect: fields.optional_bool("disableRedirect").unwrap_or(false),
            scopes: fields.optional_strings("scopes").unwrap_or_default(),
            login_hint: fields.optional_string("loginHint"),
            request_sign_up: fields.optional_bool("requestSignUp").unwrap_or(false),
            parameters,
            data: fields.optional_record("additionalData").cloned().unwrap_or_default(),
            id_token: read_token(fields, &provider),
            provider,
        }
    }

    /// The flow that the browser is sent on. Targets are written as they are sent.
    fn start(&self, auth: &Auth) -> backend::auth::oauth::Start {
        let checked = |target: &Option<String>| {
            target.as_deref().and_then(|target| auth.origins.redirect(target))
        };
        backend::auth::oauth::Start {
            provider: self.provider.clone(),
            callback_url: checked(&self.callback_url).unwrap_or_else(|| auth.origin()),
            error_url: checked(&self.error_url),
            new_user_url: checked(&self.new_user_url),
            scopes: self.scopes.clone(),
            login_hint: self.login_hint.clone(),
            request_sign_up: self.request_sign_up,
            parameters: self.parameters.clone(),
            data: self.data.clone(),
            link: None,
        }
    }
}

/// `idToken: {token, nonce?, accessToken?, refreshToken?, expiresAt?, scopes?}`.
fn read_token(fields: &mut Fields<'_>, provider: &str) -> Option<PostedToken> {
    let body = fields.optional_object("idToken")?;
    let mut inner = fields.inside("idToken", body);
    let posted = PostedToken {
        provider: provider.to_owned(),
        token: inner.string("token").into(),
        nonce: inner.optional_string("nonce"),
        access: inner.optional_string("accessToken").map(Into::into),
        refresh: inner.optional_string("refreshToken").map(Into::into),
        expires_at: inner.optional_number("expiresAt").and_then(instant),
        scopes: inner.optional_strings("scopes"),
    };
    fields.adopt(inner);
    Some(posted)
}

/// Milliseconds since 1970, as JavaScript counts.
fn instant(ms: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms).checked_mul(1_000_000)?).ok()
}

impl Auth {
    /// Our own origin.
    fn origin(&self) -> String {
        self.backend.settings.app_url.origin().ascii_serialization()
    }

    /// The answer to a flow that did not start.
    fn refuse_start(&self, error: &Error) -> AuthError {
        if matches!(error, Error::NotFound("provider")) {
            return provider_not_found();
        }
        self.fail(error, "INTERNAL_SERVER_ERROR", "Internal Server Error")
    }

    /// The answer to a posted token that does not do what was asked.
    fn refuse_token(&self, error: NativeError) -> AuthError {
        let unauthorized = |code, message| AuthError::new(StatusCode::UNAUTHORIZED, code, message);
        match error {
            NativeError::ProviderNotFound => provider_not_found(),
            NativeError::NotSupported => AuthError::new(
                StatusCode::NOT_FOUND,
                "ID_TOKEN_NOT_SUPPORTED",
                "id_token not supported",
            ),
            NativeError::InvalidToken => unauthorized("INVALID_TOKEN", "Invalid token"),
            NativeError::EmailNotFound => {
                unauthorized("USER_EMAIL_NOT_FOUND", "User email not found")
            }
            NativeError::Refused(Refusal::EmailNotVerified) => {
                AuthError::forbidden("EMAIL_NOT_VERIFIED", "Email not verified")
            }
            NativeError::Refused(refusal) => {
                let message = match refusal {
                    Refusal::SignUpDisabled => "signup disabled".to_owned(),
                    other => other.code().replace('_', " "),
                };
                AuthError::new(StatusCode::UNAUTHORIZED, "OAUTH_LINK_ERROR", message)
            }
            NativeError::Link(LinkError::NotAllowed) => {
                unauthorized("LINKING_NOT_ALLOWED", "Account not linked - linking not allowed")
            }
            NativeError::Link(LinkError::EmailDiffers) => unauthorized(
                "LINKING_DIFFERENT_EMAILS_NOT_ALLOWED",
                "Account not linked - different emails not allowed",
            ),
            NativeError::Link(LinkError::Elsewhere) => AuthError::new(
                StatusCode::CONFLICT,
                "SOCIAL_ACCOUNT_ALREADY_LINKED",
                "Social account already linked",
            ),
            NativeError::Link(LinkError::Failed) => AuthError::new(
                StatusCode::EXPECTATION_FAILED,
                "LINKING_FAILED",
                "Account not linked - unable to create account",
            ),
            NativeError::Link(LinkError::Other(error)) | NativeError::Other(error) => {
                self.fail(&error, "INTERNAL_SERVER_ERROR", "Internal Server Error")
            }
        }
    }

    /// Puts the state cookie and, unless the caller navigates itself, the way to the provider on an answer.
    fn send_off(&self, response: &mut Response, started: &Started, redirect: bool) {
        if redirect && let Ok(url) = HeaderValue::from_str(started.url.as_str()) {
            response.headers_mut().insert(header::LOCATION, url);
        }
        append(response, vec![self.cookies.state(&started.state)]);
    }
}

fn provider_not_found() -> AuthError {
    AuthError::new(StatusCode::NOT_FOUND, "PROVIDER_NOT_FOUND", "Provider not found")
}
