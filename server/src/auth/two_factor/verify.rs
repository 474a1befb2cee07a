//! `POST /two-factor/verify-totp`, `/verify-otp`, `/verify-backup-code`, `/send-otp`: for somebody signed in, else
//! for whoever owes an answer to a challenge.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::auth::{
    self, UserView,
    two_factor::{self, Answer, ChallengeToken, CodeFor, FactorCode, FactorFailure},
};
use serde::Serialize;
use serde_json::json;

use super::{
    forms::{BackupCode, Code, SendOtp},
    refused,
};
use crate::auth::{
    Auth,
    body::Body,
    client::Client,
    cookies::{Jar, append},
    error::AuthError,
    guard::{self, Guard, guarded},
    json::UserJson,
};

#[derive(Serialize)]
struct Verified<'a> {
    /// Left out where the code was spent without a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    user: UserJson<'a>,
}

impl<'a> Verified<'a> {
    fn answer(token: Option<&'a str>, user: &'a UserView) -> Response {
        Json(Self { token, user: user.into() }).into_response()
    }
}

/// Checks a code of an authenticator app.
#[tracing::instrument(name = "auth.routes.two_factor.verify_totp", skip_all)]
pub(in crate::auth) async fn verify_totp(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<Code>,
) -> Result<Response, AuthError> {
    let given = Given::new(FactorCode::Totp(form.code.into()), form.trust_device);
    verify(&auth, &headers, &client, given).await
}

/// Checks a mailed code.
#[tracing::instrument(name = "auth.routes.two_factor.verify_otp", skip_all)]
pub(in crate::auth) async fn verify_otp(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<Code>,
) -> Result<Response, AuthError> {
    let given = Given::new(FactorCode::Otp(form.code.into()), form.trust_device);
    verify(&auth, &headers, &client, given).await
}

/// Spends a backup code.
#[tracing::instrument(name = "auth.routes.two_factor.verify_backup_code", skip_all)]
pub(in crate::auth) async fn verify_backup_code(
    State(auth): State<Auth>,
    Client(client): Client,
    headers: HeaderMap,
    Body(form): Body<BackupCode>,
) -> Result<Response, AuthError> {
    let given = Given::new(FactorCode::Backup(form.code.into()), form.trust_device);
    let given = Given { without_session: form.without_session, ..given };
    verify(&auth, &headers, &client, given).await
}

/// Mails a code.
#[tracing::instrument(name = "auth.routes.two_factor.send_otp", skip_all)]
pub(in crate::auth) async fn send_otp(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(SendOtp): Body<SendOtp>,
) -> Result<Response, AuthError> {
    let send = async |to: CodeFor<'_>| {
        let sent = two_factor::send_code(&auth.backend, to).await;
        sent.map_err(|failure| refused(&auth, failure))?;
        Ok(Json(json!({ "status": true })).into_response())
    };
    if guard::optional(&auth, &headers).await?.is_some() {
        return guarded(&auth, &headers, Guard::Sensitive, async |who| {
            send(CodeFor::Session(&who.caller)).await
        })
        .await;
    }
    send(CodeFor::Challenge(&owed(&auth, &Jar::read(&headers))?)).await
}

struct Given {
    code: FactorCode,
    trust_device: bool,
    without_session: bool,
}

impl Given {
    fn new(code: FactorCode, trust_device: bool) -> Self {
        Self { code, trust_device, without_session: false }
    }
}

async fn verify(
    auth: &Auth,
    headers: &HeaderMap,
    client: &auth::Client,
    given: Given,
) -> Result<Response, AuthError> {
    if guard::optional(auth, headers).await?.is_some() {
        in_session(auth, headers, client, given.code).await
    } else {
        in_challenge(auth, headers, client, given).await
    }
}

async fn in_session(
    auth: &Auth,
    headers: &HeaderMap,
    client: &auth::Client,
    code: FactorCode,
) -> Result<Response, AuthError> {
    guarded(auth, headers, Guard::Sensitive, async |who| {
        let passed = two_factor::confirm(&auth.backend, &who.caller, &code, client).await;
        let passed = passed.map_err(|failure| refused(auth, failure))?;
        let Some(login) = &passed.login else {
            return Ok(Verified::answer(Some(who.token.expose()), &passed.user));
        };
        let mut response = Verified::answer(Some(login.token.expose()), &login.user);
        let (jar, now) = (Jar::read(headers), auth.backend.clock.now());
        append(&mut response, auth.cookies.start(&jar, now, &login.into()));
        Ok(response)
    })
    .await
}

async fn in_challenge(
    auth: &Auth,
    headers: &HeaderMap,
    client: &auth::Client,
    given: Given,
) -> Result<Response, AuthError> {
    let jar = Jar::read(headers);
    let token = owed(auth, &jar)?;
    let answer = Answer {
        code: given.code,
        trust_device: given.trust_device,
        without_session: given.without_session,
        remember: !auth.cookies.is_unremembered(&jar),
    };
    match two_factor::answer(&auth.backend, &token, &answer, client).await {
        Ok(passed) => {
            let token = passed.login.as_ref().map(|login| login.token.expose());
            let mut response = Verified::answer(token, &passed.user);
            if let Some(login) = &passed.login {
                let now = auth.backend.clock.now();
                append(&mut response, auth.cookies.answered(&jar, now, login));
            }
            Ok(response)
        }
        Err(failure) => {
            let is_over = matches!(failure, FactorFailure::TooManyAttempts);
            let mut response = refused(auth, failure).into_response();
            if is_over {
                append(&mut response, vec![auth.cookies.challenge_over()]);
            }
            Ok(response)
        }
    }
}

fn owed(auth: &Auth, jar: &Jar) -> Result<ChallengeToken, AuthError> {
    let challenge = auth.cookies.challenge(jar);
    challenge.ok_or_else(|| refused(auth, FactorFailure::ChallengeOver))
}
