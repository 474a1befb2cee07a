//! The layers around small routers. Each request goes through all of them.

mod api;
mod bodies;
mod cors;
mod errors;
mod headers;
mod limits;
mod log;
mod throttle;

use std::sync::atomic::{AtomicU8, Ordering};

use axum::{
    Json, Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::{Html, IntoResponse},
    routing::{get, post},
};
use backend::auth::Providers;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use time::macros::datetime;
use tower::ServiceExt;

use super::*;

/// An answer that was read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }
}

fn deps() -> Deps {
    let next = AtomicU8::new(1);
    let sources = Sources::new(
        || datetime!(2026-05-04 12:00 UTC),
        move |buffer: &mut [u8]| buffer.fill(next.fetch_add(1, Ordering::Relaxed)),
    );
    Deps { sources, limits: backend::Limits::off(), providers: Providers::default() }
}

fn settings() -> SurfaceSettings {
    SurfaceSettings {
        https: true,
        development: false,
        origin: "https://bank.example".into(),
        form_origins: vec!["https://bank.example".into()],
        cors_origins: Vec::new(),
        own_origins: vec!["https://bank.example".into()],
        redirect_origins: vec!["https://pay.example".into()],
        payment_origins: vec!["https://polar.example".into()],
        plaid_origin: Some("https://sandbox.plaid.com".into()),
        allowed_hosts: vec!["bank.example".into()],
        trusted_proxies: Vec::new(),
        auth_checks_itself: false,
        limits: Limits::default(),
    }
}

/// Some routes of every kind.
fn routes() -> Router {
    Router::new()
        .route("/", get(|| async { Html("<p>page</p>") }))
        .route("/items/{id}", get(|| async { Json(json!({ "ok": true })) }))
        .route("/save", post(|body: String| async move { body.len().to_string() }))
        .route("/import", post(|body: axum::body::Bytes| async move { body.len().to_string() }))
        .route("/api/save", post(|| async { "saved" }))
        .route("/api/auth/sign-out", post(|| async { "{}" }))
        .route("/api/payments/webhooks", post(|| async { "taken" }))
        .route("/api/webhooks/plaid", post(|_: axum::body::Bytes| async { "taken" }))
        .route("/panic", get(async || -> &'static str { panic!("a bug") }))
        .route("/api/panic", get(async || -> &'static str { panic!("a bug") }))
        .route("/api/auth/panic", get(async || -> &'static str { panic!("a bug") }))
        .route("/stuck", get(std::future::pending::<&str>))
        .route("/import/1", get(std::future::pending::<&str>))
        .merge(csp_report_routes())
}

fn app() -> Router {
    wrap(routes(), settings(), deps())
}

fn get_request(path: &str) -> Request<Body> {
    request(Method::GET, path, &[], Body::empty())
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header(header::HOST, "bank.example");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}

async fn send(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: head.status,
        headers: head.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

async fn get_page(app: &Router, path: &str) -> Answer {
    send(app, request(Method::GET, path, &[("accept", "text/html,*/*;q=0.8")], Body::empty())).await
}
