//! What tests of this crate share: a stand-in with a clock of its own, and somebody who receives its webhooks.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, Request, StatusCode},
    routing::post,
};
use http_body_util::BodyExt as _;
use time::{OffsetDateTime, macros::datetime};
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt as _;

use crate::{PolarLocal, Scheme, Settings, json::Json};

/// When every test begins.
pub const START: OffsetDateTime = datetime!(2026-03-02 09:00 UTC);
/// The secret of the tests, the one of the vectors.
pub const SECRET: &str = "whsec_clbL8px4TfGq6cXSFZh900Pine6yZw6Orr9dVfFENzc=";
/// The token of the tests.
pub const TOKEN: &str = "polar_oat_test";

/// One webhook as it arrived.
#[derive(Clone)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json().text("type").unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A stand-in at work, and its receiver.
pub struct Bench {
    pub polar: PolarLocal,
    received: Arc<Mutex<Vec<Received>>>,
    /// So many requests are answered with 500 first.
    pub refuse: Arc<AtomicUsize>,
    _stop: DropGuard,
}

/// What an answer is.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    pub fn location(&self) -> &str {
        self.headers.get("location").map_or("", |value| value.to_str().unwrap())
    }
}

#[derive(Clone)]
struct Receiver {
    received: Arc<Mutex<Vec<Received>>>,
    refuse: Arc<AtomicUsize>,
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    receiver.received.lock().unwrap().push(Received { headers, body });
    let refused = receiver
        .refuse
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    if refused.is_ok() { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::ACCEPTED }
}

/// The settings of the tests.
pub fn settings(webhooks: &str) -> Settings {
    Settings {
        base_url: "http://localhost:3000/dev/polar".parse().unwrap(),
        webhook_url: webhooks.parse().unwrap(),
        webhook_secret: SECRET.to_owned(),
        scheme: Scheme::Standard,
        envelope: Some("2026-10".to_owned()),
        token: TOKEN.to_owned(),
        backoff_divisor: 100,
        state_file: None,
        seed: Some(1),
        now: Arc::new(|| START),
    }
}

impl Bench {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let receiver = Receiver { received: Arc::default(), refuse: Arc::default() };
        let app = Router::new().route("/hooks", post(receive)).with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        let mut settings = settings(&format!("http://{address}/hooks"));
        change(&mut settings);
        let polar = PolarLocal::new(settings).unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(polar.clone().run(stop.clone()));
        Self {
            polar,
            received: receiver.received,
            refuse: receiver.refuse,
            _stop: stop.drop_guard(),
        }
    }

    /// Any request, as the server hands it on.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let app = Router::new().nest("/dev/polar", self.polar.router());
        let response = app.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes =
            body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// A request to the API or the switches, with the token.
    pub async fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/dev/polar{path}"))
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.send(request).await
    }

    /// The same, which must succeed.
    pub async fn json(&self, method: &str, path: &str, body: &str) -> Json {
        let answer = self.ask(method, path, body).await;
        assert!(answer.status.is_success(), "{method} {path}: {} {}", answer.status, answer.text);
        answer.json()
    }

    /// A page.
    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(format!("/dev/polar{path}")).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// A form.
    pub async fn post(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(format!("/dev/polar{path}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    /// A customer whose own id is `ada`.
    pub async fn customer(&self) -> Json {
        let body = r#"{"email":"ada@example.com","name":"Ada","external_id":"ada"}"#;
        self.json("POST", "/v1/customers/", body).await
    }

    /// A checkout of a product for `ada`.
    pub async fn checkout(&self, slug: &str) -> Json {
        let body = format!(
            r#"{{"products":["{}"],"external_customer_id":"ada","metadata":{{"z":1,"a":"b"}},
                "success_url":"http://localhost:3000/success?checkout_id={{CHECKOUT_ID}}",
                "return_url":"http://localhost:3000/pricing"}}"#,
            product(slug)
        );
        self.json("POST", "/v1/checkouts/", &body).await
    }

    /// Pays a checkout with a card; tells what came of it.
    pub async fn pay(&self, checkout: &Json, card: &str) -> String {
        let id = checkout.text("id").unwrap();
        let body = format!(r#"{{"checkout":"{id}","card":"{card}"}}"#);
        let paid = self.json("POST", "/_local/pay", &body).await;
        paid.text("paid").unwrap().to_owned()
    }

    /// `ada` buys a product; tells the subscription's id.
    pub async fn subscribe(&self, slug: &str) -> String {
        self.subscribe_with(slug, "4242424242424242").await
    }

    /// The same with a card.
    pub async fn subscribe_with(&self, slug: &str, card: &str) -> String {
        self.customer().await;
        let checkout = self.checkout(slug).await;
        assert_eq!(self.pay(&checkout, card).await, "yes");
        let list = self.json("GET", "/v1/subscriptions/", "").await;
        list.get("items").unwrap().items()[0].text("id").unwrap().to_owned()
    }

    /// Turns the clock.
    pub async fn advance(&self, duration: &str) {
        self.json("POST", "/_local/clock", &format!(r#"{{"advance":"{duration}"}}"#)).await;
    }

    /// An action of the panel.
    pub async fn act(&self, action: &str, id: &str) {
        let body = format!(r#"{{"action":"{action}","id":"{id}"}}"#);
        self.json("POST", "/_local/act", &body).await;
    }

    /// Sets the switches.
    pub async fn faults(&self, faults: &str) {
        self.json("POST", "/_local/faults", faults).await;
    }

    /// Waits for the deliveries and takes them.
    pub async fn settle(&self) -> Vec<Received> {
        self.json("POST", "/_local/settle", "").await;
        std::mem::take(&mut self.received.lock().unwrap())
    }

    /// The same with every retry.
    pub async fn settle_retries(&self) -> Vec<Received> {
        self.json("POST", "/_local/settle", r#"{"retries":true}"#).await;
        std::mem::take(&mut self.received.lock().unwrap())
    }

    /// The types of what was delivered.
    pub async fn kinds(&self) -> Vec<String> {
        self.settle().await.iter().map(Received::kind).collect()
    }

    /// The same, with the status of the object.
    pub async fn told(&self) -> Vec<String> {
        let told = |event: &Received| {
            let json = event.json();
            match json.get("data").and_then(|data| data.text("status")) {
                Some(status) => format!("{} {status}", event.kind()),
                None => event.kind(),
            }
        };
        self.settle().await.iter().map(told).collect()
    }
}

/// The id of a product.
pub fn product(slug: &str) -> &'static str {
    crate::products().into_iter().find(|(name, _)| *name == slug).unwrap().1
}
