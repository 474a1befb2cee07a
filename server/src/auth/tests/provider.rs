//! A provider that stands in for others: signs ID tokens, checks what it is sent, and errs on demand.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use backend::{
    AuthProfile, Backend, Clock, Db, Outgoing, Random,
    auth::{
        Providers,
        oauth::{Kind, OAuthSettings, Overrides, ProviderSettings},
    },
    testing::{backend, settings},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use url::{Url, form_urlencoded::Serializer};

use super::support::{Answer, Browser, Site};

pub const CLIENT: &str = "the-client";
const SECRET: &str = "the-secret";
const KID: &str = "key-1";

/// What is wrong with the next answers.
#[derive(Clone, Default)]
pub struct Errs {
    /// Put over the claims of ID tokens; `null` takes one away.
    pub claims: Map<String, Value>,
    /// Put over their headers.
    pub header: Map<String, Value>,
    /// Signs with a key that is not published.
    pub other_key: bool,
    /// No ID token at all.
    pub no_id_token: bool,
    /// Refuses refresh tokens.
    pub no_refresh: bool,
}

#[derive(Default)]
struct Book {
    codes: HashMap<String, Pending>,
    errs: Errs,
    keys_asked: usize,
    refreshed: usize,
    emails: Value,
}

struct Pending {
    claims: Value,
    challenge: String,
    redirect: String,
    nonce: Option<String>,
}

/// A running stand-in.
#[derive(Clone)]
pub struct Provider {
    pub url: Url,
    clock: Clock,
    book: Arc<Mutex<Book>>,
}

fn key(other: bool) -> CoreRsaPrivateSigningKey {
    let pem = if other { include_str!("other_key.pem") } else { include_str!("provider_key.pem") };
    CoreRsaPrivateSigningKey::from_pem(pem, Some(JsonWebKeyId::new(KID.to_owned()))).unwrap()
}

impl Provider {
    /// Starts one on a free port.
    pub async fn start(clock: &Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let provider = Self { url, clock: clock.clone(), book: Arc::default() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/token", post(token))
            .route("/certs", get(certs))
            .route("/me", get(me))
            .route("/me/emails", get(emails))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    pub fn at(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }

    /// From now on the answers are wrong like this.
    pub fn err(&self, errs: Errs) {
        self.book.lock().unwrap().errs = errs;
    }

    pub fn keys_asked(&self) -> usize {
        self.book.lock().unwrap().keys_asked
    }

    pub fn refreshed(&self) -> usize {
        self.book.lock().unwrap().refreshed
    }

    pub fn set_emails(&self, emails: Value) {
        self.book.lock().unwrap().emails = emails;
    }

    /// The person agrees: the code that the browser brings back.
    pub fn agree(&self, url: &Url, claims: &Value) -> String {
        let value = |name: &str| {
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let mut book = self.book.lock().unwrap();
        let code = format!("code-{}", book.codes.len());
        let pending = Pending {
            claims: claims.clone(),
            challenge: value("code_challenge").unwrap(),
            redirect: value("redirect_uri").unwrap(),
            nonce: value("nonce"),
        };
        book.codes.insert(code.clone(), pending);
        code
    }

    /// An ID token with these claims, as good as the stand-in is told to be.
    pub fn id_token(&self, issuer: &str, claims: &Value, nonce: Option<&str>) -> String {
        let errs = self.book.lock().unwrap().errs.clone();
        let now = self.clock.now().unix_timestamp();
        let mut all = json!({ "iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 3600 });
        let mut header = json!({ "alg": "RS256", "kid": KID, "typ": "JWT" });
        if let Some(nonce) = nonce {
            all["nonce"] = nonce.into();
        }
        merge(&mut all, claims.as_object().unwrap());
        merge(&mut all, &errs.claims);
        merge(&mut header, &errs.header);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&all));
        let algorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
        let signature = key(errs.other_key).sign(&algorithm, signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn tokens(&self, claims: &Value, nonce: Option<&str>, again: &str) -> Value {
        let subject = claims["sub"].as_str().unwrap_or("nobody");
        let issuer = claims["iss"].as_str().unwrap_or("https://accounts.google.com");
        let mut tokens = json!({
            "access_token": format!("at-{subject}{again}"),
            "refresh_token": format!("rt-{subject}{again}"),
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": "openid email",
        });
        if !self.book.lock().unwrap().errs.no_id_token {
            tokens["id_token"] = self.id_token(issuer, claims, nonce).into();
        }
        tokens
    }
}

fn merge(value: &mut Value, over: &Map<String, Value>) {
    let object = value.as_object_mut().unwrap();
    for (name, value) in over {
        if value.is_null() {
            object.remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let at = |path: &str| provider.at(path).to_string();
    Json(json!({
        "issuer": provider.url.as_str().trim_end_matches('/'),
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/certs"),
        "userinfo_endpoint": at("/me"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256"],
    }))
}

async fn token(
    State(provider): State<Provider>,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let is = |name: &str, value: &str| form.get(name).is_some_and(|given| given == value);
    let refused =
        |code: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": code }))).into_response();
    if !is("client_id", CLIENT) || !is("client_secret", SECRET) {
        return refused("invalid_client");
    }
    if is("grant_type", "refresh_token") {
        let mut book = provider.book.lock().unwrap();
        if book.errs.no_refresh || !form["refresh_token"].starts_with("rt-") {
            return refused("invalid_grant");
        }
        book.refreshed += 1;
        drop(book);
        let subject = form["refresh_token"].trim_start_matches("rt-").to_owned();
        return Json(provider.tokens(&json!({ "sub": subject }), None, "-again")).into_response();
    }
    let pending =
        provider.book.lock().unwrap().codes.remove(form.get("code").map_or("", String::as_str));
    let Some(pending) = pending else { return refused("invalid_grant") };
    let verifier = form.get("code_verifier").cloned().unwrap_or_default();
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    if challenge != pending.challenge || !is("redirect_uri", &pending.redirect) {
        return refused("invalid_grant");
    }
    Json(provider.tokens(&pending.claims, pending.nonce.as_deref(), "")).into_response()
}

async fn certs(State(provider): State<Provider>) -> Response {
    provider.book.lock().unwrap().keys_asked += 1;
    let keys = CoreJsonWebKeySet::new(vec![key(false).as_verification_key()]);
    ([("cache-control", "public, max-age=3600")], Json(keys)).into_response()
}

/// Who the bearer is: `at-<subject>`.
async fn me(headers: HeaderMap) -> Response {
    let token = headers["authorization"].to_str().unwrap().trim_start_matches("Bearer at-");
    match token.parse::<u64>() {
        Ok(id) => Json(json!({ "id": id, "login": "octo", "avatar_url": "https://img.example/o" }))
            .into_response(),
        Err(_) if token.starts_with("gone") => StatusCode::UNAUTHORIZED.into_response(),
        Err(_) => {
            let email = format!("{token}@work.example");
            Json(json!({ "sub": token, "email": email, "email_verified": true })).into_response()
        }
    }
}

async fn emails(State(provider): State<Provider>) -> Json<Value> {
    Json(provider.book.lock().unwrap().emails.clone())
}

/// A site whose Google, GitHub and other providers are all the same stand-in.
pub async fn site(db: Db, profile: AuthProfile) -> (Site, Provider) {
    with(db, profile, |_| ()).await
}

/// The same with other settings.
pub async fn with(
    db: Db,
    profile: AuthProfile,
    change: impl FnOnce(&mut OAuthSettings),
) -> (Site, Provider) {
    let base = backend(db);
    let provider = Provider::start(&base.clock).await;
    let entry = |id: &str, kind: Kind| ProviderSettings {
        id: id.into(),
        label: id.into(),
        kind,
        client_id: CLIENT.into(),
        client_secret: SECRET.into(),
        overrides: Overrides {
            authorization: None,
            token: Some(provider.at("/token")),
            keys: Some(provider.at("/certs")),
            user_info: Some(provider.at("/me")),
        },
    };
    let issuer = provider.url.as_str().trim_end_matches('/').to_owned();
    let mut settings = settings();
    settings.auth.profile = profile;
    settings.oauth = OAuthSettings {
        providers: vec![
            entry("google", Kind::Google),
            entry("github", Kind::GitHub),
            ProviderSettings {
                overrides: Overrides::default(),
                ..entry("work", Kind::Oidc { issuer })
            },
        ],
        id_tokens: profile == AuthProfile::BetterAuth,
        ..OAuthSettings::default()
    };
    change(&mut settings.oauth);
    let random = Random::system();
    let outgoing = Outgoing::new(&base.clock, &random, settings.oauth.named_origins()).unwrap();
    let providers = Providers::new(&settings.oauth, &outgoing, &base.clock);
    let backend = Backend { settings: Arc::new(settings), random, outgoing, providers, ..base };
    (Site::of(backend), provider)
}

/// Starts a flow: the address of the provider's page.
pub async fn start(browser: &mut Browser, path: &str, body: &Value) -> Url {
    let answer = browser.post(path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["url"].as_str().unwrap().parse().unwrap()
}

/// The state in such an address.
pub fn state_of(url: &Url) -> String {
    url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

/// Comes back with these parameters.
pub async fn back(browser: &mut Browser, provider: &str, query: &[(&str, &str)]) -> Answer {
    let query = Serializer::new(String::new()).extend_pairs(query).finish();
    browser.get(&format!("/api/auth/callback/{provider}?{query}")).await
}

/// The whole way of somebody who agrees.
pub async fn round_trip(
    provider: &Provider,
    browser: &mut Browser,
    path: &str,
    body: &Value,
    claims: &Value,
) -> Answer {
    let url = start(browser, path, body).await;
    let code = provider.agree(&url, claims);
    let id = body["provider"].as_str().unwrap();
    back(browser, id, &[("code", &code), ("state", &state_of(&url))]).await
}
