//! People with a second factor, for tests.

use std::sync::Arc;

use data_encoding::BASE32_NOPAD;
use domain::UserId;
use url::Url;

use super::*;
use crate::{
    AuthProfile, Backend, Random, Settings, SignedIn,
    auth::{
        Client, Login, Password, SessionToken, SignIn, SignInRequest, SignUpRequest, sessions,
        sign_in, sign_up,
    },
};

pub const PASSWORD: &str = "correct horse battery staple";

/// The same backend in another profile.
pub fn in_profile(backend: &Backend, profile: AuthProfile) -> Backend {
    let mut settings: Settings = (*backend.settings).clone();
    settings.auth.profile = profile;
    Backend { settings: Arc::new(settings), random: Random::system(), ..backend.clone() }
}

pub fn password() -> Password {
    PASSWORD.into()
}

/// Somebody who has just signed up, with their session.
pub async fn somebody(backend: &Backend, email: &str) -> SignedIn {
    let request = SignUpRequest {
        name: "Ann Lee".into(),
        email: email.into(),
        password: password(),
        image: None,
        remember: true,
        client: Client::default(),
        callback: String::new(),
    };
    let login = sign_up(backend, &request).await.unwrap().login.unwrap();
    caller(backend, &login.token).await
}

/// The proof behind a session's token.
pub async fn caller(backend: &Backend, token: &SessionToken) -> SignedIn {
    sessions::find(backend, token, sessions::Extend::Never)
        .await
        .unwrap()
        .expect("a session")
        .caller
}

/// Somebody with an authenticator app.
pub struct Person {
    pub email: String,
    pub caller: SignedIn,
    pub key: Vec<u8>,
    pub backup_codes: Vec<String>,
}

impl Person {
    /// Signs up and sets an app up.
    pub async fn with_app(backend: &Backend, email: &str) -> Self {
        let signed_up = somebody(backend, email).await;
        let setup = begin_totp(backend, &signed_up, Some(&password()), None).await.unwrap();
        let key = key_of(&setup.uri);
        let code = FactorCode::Totp(code_now(backend, &key).into());
        let passed = confirm(backend, &signed_up, &code, &Client::default()).await.unwrap();
        let caller = caller(backend, &passed.login.unwrap().token).await;
        // The code that was used to set it up is spent.
        backend.clock.advance(std::time::Duration::from_mins(1));
        Self { email: email.to_owned(), caller, key, backup_codes: setup.backup_codes }
    }

    pub fn code(&self, backend: &Backend) -> FactorCode {
        FactorCode::Totp(code_now(backend, &self.key).into())
    }

    pub fn id(&self) -> &UserId {
        self.caller.user()
    }

    /// Gives the password.
    pub async fn sign_in(&self, backend: &Backend, client: &Client) -> SignIn {
        sign_in(backend, &request(&self.email, client)).await.unwrap()
    }

    /// Gives the password and gets a challenge.
    pub async fn challenge(&self, backend: &Backend) -> Challenge {
        challenge_of(self.sign_in(backend, &Client::default()).await)
    }
}

pub fn request(email: &str, client: &Client) -> SignInRequest {
    SignInRequest {
        email: email.into(),
        password: password(),
        remember: true,
        client: client.clone(),
        replaces: None,
    }
}

pub fn challenge_of(outcome: SignIn) -> Challenge {
    match outcome {
        SignIn::SecondFactor(challenge) => challenge,
        SignIn::Done(_) => panic!("a session without a second factor"),
    }
}

pub fn login_of(outcome: SignIn) -> Login {
    match outcome {
        SignIn::Done(login) => login,
        SignIn::SecondFactor(_) => panic!("a second factor is asked for"),
    }
}

/// An answer that wants a remembered session and no trust.
pub fn plain(code: FactorCode) -> Answer {
    Answer { code, trust_device: false, without_session: false, remember: true }
}

/// The key in an `otpauth:` address.
pub fn key_of(uri: &str) -> Vec<u8> {
    let uri = Url::parse(uri).unwrap();
    let (_, secret) = uri.query_pairs().find(|(name, _)| name == "secret").unwrap();
    BASE32_NOPAD.decode(secret.as_bytes()).unwrap()
}

pub fn code_now(backend: &Backend, key: &[u8]) -> String {
    totp::code(key, backend.clock.now().unix_timestamp() / 30)
}
