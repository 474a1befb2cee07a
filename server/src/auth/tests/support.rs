//! A site, and browsers that keep its cookies.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use backend::{
    AuthProfile, AuthSettings, Backend, Db, Random, Settings,
    testing::{backend, settings},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::super::{Auth, AuthOptions, routes};
use crate::config::CookiePrefix;

pub const ORIGIN: &str = "http://localhost:3000";
pub const PASSWORD: &str = "correct horse battery staple";

/// Routes over one database, and the people who use them.
#[derive(Clone)]
pub struct Site {
    pub backend: Backend,
    pub auth: Auth,
    pub router: Router,
}

impl Site {
    /// Settings as `COFFER_ENV=test` has them.
    pub fn new(db: Db) -> Self {
        Self::with(db, |_| ())
    }

    /// Better Auth's contract to the letter.
    pub fn better_auth(db: Db) -> Self {
        Self::with(db, |auth| {
            auth.profile = AuthProfile::BetterAuth;
            auth.password_min = 8;
        })
    }

    pub fn with(db: Db, change: impl FnOnce(&mut AuthSettings)) -> Self {
        let mut settings: Settings = settings();
        change(&mut settings.auth);
        // Sites that share a database must not make the same ids.
        let random = Random::system();
        Self::of(Backend { settings: Arc::new(settings), random, ..backend(db) })
    }

    pub fn of(backend: Backend) -> Self {
        let origin = backend.settings.app_url.origin().ascii_serialization();
        let options = AuthOptions {
            cookie_prefix: CookiePrefix::Secure,
            own_origins: vec![origin],
            trusted_origins: ["http://trusted.example", "https://*.wild.example", "cofferapp://"]
                .map(str::to_owned)
                .to_vec(),
            trusted_proxies: Vec::new(),
        };
        let auth = Auth::new(backend.clone(), options);
        Self { backend, router: routes(auth.clone()), auth }
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    /// A browser of somebody who has just signed up.
    pub async fn person(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let body = json!({ "name": "Ann Lee", "email": email, "password": PASSWORD });
        let answer = browser.post("/api/auth/sign-up/email", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        browser
    }
}

/// Cookies, and the requests that carry them.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The names of the cookies this answer sets or ends, in order.
    pub fn cookies(&self) -> Vec<String> {
        let set = self.headers.get_all(header::SET_COOKIE).iter();
        set.map(|cookie| {
            let cookie = cookie.to_str().unwrap();
            let name = cookie.split('=').next().unwrap().trim_start_matches("better-auth.");
            if cookie.contains("Max-Age=0") { format!("{name} ends") } else { name.to_owned() }
        })
        .collect()
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> Answer {
        let request = self.request("POST", path).header("origin", ORIGIN);
        let request = request.header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A request with the cookies of this browser and nothing else.
    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path);
        if self.cookies.is_empty() {
            return request;
        }
        let pairs: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.header(header::COOKIE, pairs.join("; "))
    }

    /// Sends, and keeps what the answer sets.
    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.starts_with("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Without the display cache the next answer comes from the database.
    pub fn forget_cache(&mut self) {
        self.cookies.remove("better-auth.session_data");
    }

    pub fn held(&self) -> Vec<&str> {
        self.cookies.keys().map(|name| name.trim_start_matches("better-auth.")).collect()
    }
}
