//! The endpoints of Polar's plugin, with its stand-in as Polar.

use std::sync::Arc;

use backend::{
    Backend, Db, both_engines, jobs,
    testing::{WEBHOOK_SECRET, backend, with_billing},
};
use polar_local::{PolarLocal, Scheme, Settings};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::support::{Browser, Site};

const ROUTES: [(&str, &str); 9] = [
    ("POST", "/api/auth/checkout"),
    ("GET", "/api/auth/customer/portal"),
    ("POST", "/api/auth/customer/portal"),
    ("GET", "/api/auth/customer/state"),
    ("GET", "/api/auth/customer/benefits/list"),
    ("GET", "/api/auth/customer/subscriptions/list"),
    ("GET", "/api/auth/customer/orders/list"),
    ("GET", "/api/auth/usage/meters/list"),
    ("POST", "/api/auth/usage/ingest"),
];

/// A site that sells by a stand-in on a port of its own, which tells nobody of anything.
pub(crate) async fn selling(db: Db) -> Site {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin: url::Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let backend = with_billing(backend(db), &origin);
    let clock = backend.clock.clone();
    let polar = PolarLocal::new(Settings {
        base_url: origin,
        webhook_url: "http://127.0.0.1:9/".parse().unwrap(),
        webhook_secret: WEBHOOK_SECRET.to_owned(),
        scheme: Scheme::Standard,
        envelope: None,
        token: "polar_oat_test".to_owned(),
        backoff_divisor: 100,
        state_file: None,
        seed: Some(4),
        now: Arc::new(move || clock.now()),
    });
    let router = polar.unwrap().router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Site::of(backend)
}

/// Somebody who has signed up, and whom Polar knows.
async fn customer(site: &Site, email: &str) -> Browser {
    let browser = site.person(email).await;
    jobs::run_due(&site.backend).await.unwrap();
    browser
}

/// What the stand-in has at a path of its API.
async fn at_polar(backend: &Backend, path: &str) -> Value {
    let billing = backend.settings.billing.as_ref().unwrap();
    let url = billing.api.join(path).unwrap();
    let request = axum::http::Request::get(url.as_str())
        .header("authorization", "Bearer polar_oat_test")
        .header("polar-version", backend::billing::API_VERSION)
        .body(Vec::new())
        .unwrap();
    let answer = backend.outgoing.send(request).await.unwrap();
    serde_json::from_slice(answer.body()).unwrap()
}

async fn user_id(browser: &mut Browser) -> String {
    let session = browser.get("/api/auth/get-session").await.json();
    session["user"]["id"].as_str().unwrap().to_owned()
}

/// Gives somebody an active subscription to Plus, as a webhook would.
async fn subscribe(backend: &Backend, owner: &str) {
    let event = include_str!("../../../backend/fixtures/polar/events/subscription.active.json");
    let known: Value = serde_json::from_str(event).unwrap();
    let stranger = known["data"]["customer"]["external_id"].as_str().unwrap();
    backend::billing::testing::tell(backend, &event.replace(stranger, owner)).await;
}

both_engines! {
    async fn a_stranger_gets_nothing_from_any_of_them(db: TestDb) {
        let site = selling(db.db.clone()).await;
        let mut browser = site.browser();
        for (method, path) in ROUTES {
            let answer = match method {
                "GET" => browser.get(path).await,
                _ if path.ends_with("ingest") => {
                    browser.post(path, &json!({ "event": "api_call", "metadata": {} })).await
                }
                _ => browser.post(path, &json!({ "slug": "plus" })).await,
            };
            assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &json!("UNAUTHORIZED")), "{path}");
        }
    }

    async fn nothing_is_there_where_nothing_is_sold(db: TestDb) {
        let site = Site::new(db.db.clone());
        let mut browser = site.person("ann@example.com").await;
        for (method, path) in ROUTES {
            let answer = match method {
                "GET" => browser.get(path).await,
                _ => browser.post(path, &json!({})).await,
            };
            assert_eq!(answer.status.as_u16(), 404, "{method} {path}");
        }
    }

    async fn a_checkout_begins_by_name_or_by_product(db: TestDb) {
        let site = selling(db.db.clone()).await;
        let mut browser = customer(&site, "ann@example.com").await;
        for (body, redirect) in [
            (json!({ "slug": "plus" }), true),
            (json!({ "products": ["f48a2952-9ca3-4940-a2ea-d7978b0c2ca8"], "redirect": false }), false),
            (json!({ "products": "f48a2952-9ca3-4940-a2ea-d7978b0c2ca8" }), true),
        ] {
            let answer = browser.post("/api/auth/checkout", &body).await;

            assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            let answer = answer.json();
            assert!(answer["url"].as_str().unwrap().contains("/checkout/polar_c_"), "{answer}");
            assert_eq!(answer["redirect"], json!(redirect));
        }
    }

    async fn what_a_browser_must_not_decide_is_refused_by_name(db: TestDb) {
        let site = selling(db.db.clone()).await;
        let mut browser = customer(&site, "ann@example.com").await;
        for (name, value) in [
            ("metadata", json!({ "referenceId": "x" })),
            ("customFieldData", json!({})),
            ("discountId", json!("x")),
            ("allowTrial", json!(true)),
            ("trialInterval", json!("year")),
            ("trialIntervalCount", json!(1)),
            ("referenceId", json!("x")),
            ("successUrl", json!("https://evil.example/")),
            ("returnUrl", json!("//evil.example")),
            ("successUrl", json!("http://localhost:3000.evil.example/")),
            ("returnUrl", json!("http://localhost:3000@evil.example/")),
            ("successUrl", json!("http://localhost:3000//evil.example")),
            ("embedOrigin", json!("https://evil.example")),
            ("allowDiscountCodes", json!("yes")),
        ] {
            let mut body = json!({ "slug": "plus" });
            body[name] = value;

            let answer = browser.post("/api/auth/checkout", &body).await;

            assert_eq!(answer.status.as_u16(), 400, "{name}");
            let answer = answer.json();
            assert_eq!(answer["code"], "VALIDATION_ERROR");
            assert!(answer["message"].as_str().unwrap().contains(name), "{answer}");
        }
        let unknown = browser.post("/api/auth/checkout", &json!({ "slug": "castle" })).await;
        assert_eq!(unknown.status.as_u16(), 400);
        let nothing = browser.post("/api/auth/checkout", &json!({})).await;
        assert_eq!(nothing.status.as_u16(), 400);
    }

    async fn where_a_checkout_leads_is_honoured_for_pages_of_ours(db: TestDb) {
        let site = selling(db.db.clone()).await;
        let mut browser = customer(&site, "ann@example.com").await;
        let body = json!({
            "slug": "plus",
            "successUrl": "http://localhost:3000/dashboard?paid={CHECKOUT_ID}",
            "returnUrl": "/billing",
            "embedOrigin": "http://localhost:3000",
            "allowDiscountCodes": false,
            "redirect": false,
        });

        let answer = browser.post("/api/auth/checkout", &body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);

        let owner = user_id(&mut browser).await;
        let id = backend::billing::testing::checkout_of(&site.backend, &owner).await;
        let made = at_polar(&site.backend, &format!("checkouts/{id}")).await;
        assert_eq!(made["success_url"], json!(format!("http://localhost:3000/dashboard?paid={id}")));
        assert_eq!(made["return_url"], "http://localhost:3000/billing");
        assert_eq!(made["embed_origin"], "http://localhost:3000");
        assert_eq!(made["allow_discount_codes"], false);
    }

    async fn the_state_names_the_customer_without_a_subscription(db: TestDb) {
        let site = selling(db.db.clone()).await;
        let mut browser = customer(&site, "ann@example.com").await;

        let state = browser.get("/api/auth/customer/state").await.json();

        let owner = user_id(&mut browser).await;
        let known = at_polar(&site.backend, &format!("customers/external/{owner}")).await;
        assert_eq!(state["id"], known["id"]);
        assert_eq!(state["activeSubscriptions"], json!([]));
        let mut stranger = site.person("new@example.com").await;
        let state = stranger.get("/api/auth/customer/state").await.json();
        assert_eq!(state["id"], Value::Null, "Polar has not heard of them yet");
    }

    async fn who_has_a_plan_manages_it_and_buys_no_second_one(db: TestDb) {
        let site = selling(db.db.clone()).await;
        let mut browser = customer(&site, "ann@example.com").await;
        subscribe(&site.backend, &user_id(&mut browser).await).await;

        let answer = browser.post("/api/auth/checkout", &json!({ "slug": "plus" })).await;

        assert_eq!(answer.status.as_u16(), 409);
        let answer = answer.json();
        assert_eq!(answer["code"], "ALREADY_SUBSCRIBED");
        assert_eq!(answer["manageUrl"], "/api/auth/customer/portal");
    }

    async fn the_portal_is_an_address_that_nobody_keeps(db: TestDb) {
        let site = selling(db.db.clone()).await;
        let mut browser = customer(&site, "ann@example.com").await;

        let got = browser.get("/api/auth/customer/portal").await;
        let posted = browser.post("/api/auth/customer/portal", &json!({})).await;

        for answer in [got, posted] {
            assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            let answer = answer.json();
            assert!(answer["url"].as_str().unwrap().contains("customer_session_token="), "{answer}");
            assert_eq!(answer["redirect"], true);
        }
    }

    async fn the_lists_are_the_callers_own(db: TestDb) {
        let site = selling(db.db.clone()).await;
        let mut ann = customer(&site, "ann@example.com").await;
        let mut mallory = customer(&site, "mallory@example.com").await;
        let owner = user_id(&mut ann).await;
        subscribe(&site.backend, &owner).await;

        let path = "/api/auth/customer/subscriptions/list";
        let mine = ann.get(path).await.json();
        assert_eq!(mine["result"]["pagination"], json!({ "totalCount": 1, "maxPage": 1 }));
        assert_eq!(mine["result"]["items"][0]["status"], "active");
        assert!(mine.get("~next").is_none());
        let state = ann.get("/api/auth/customer/state").await.json();
        assert_eq!(state["externalId"], json!(owner));
        assert_eq!(state["activeSubscriptions"].as_array().unwrap().len(), 1);

        for query in ["", "?referenceId=x", &format!("?referenceId={owner}")] {
            let others = mallory.get(&format!("{path}{query}")).await.json();
            assert_eq!(others["result"]["items"], json!([]), "{query}");
        }
        let ended = ann.get(&format!("{path}?active=false")).await.json();
        assert_eq!(ended["result"]["items"], json!([]));
        for list in ["benefits", "orders"] {
            let answer = ann.get(&format!("/api/auth/customer/{list}/list?page=1&limit=5")).await;
            assert_eq!(answer.status.as_u16(), 200, "{list}");
        }
        assert_eq!(ann.get("/api/auth/usage/meters/list").await.status.as_u16(), 200);
        assert_eq!(ann.get(&format!("{path}?page=0")).await.status.as_u16(), 400);
    }

    async fn uses_are_counted_by_their_names_alone(db: TestDb) {
        let site = selling(db.db.clone()).await;
        let mut browser = customer(&site, "ann@example.com").await;
        let path = "/api/auth/usage/ingest";

        let counted = browser.post(path, &json!({ "event": "api_call", "metadata": { "n": 1 } })).await;
        assert_eq!(counted.json(), json!({ "inserted": 1, "duplicates": 0 }), "{}", counted.text);
        for body in [
            json!({ "event": "free_money", "metadata": {} }),
            json!({ "metadata": {} }),
            json!({ "event": "api_call" }),
            json!({ "event": "api_call", "metadata": { "deep": {} } }),
        ] {
            assert_eq!(browser.post(path, &body).await.status.as_u16(), 400, "{body}");
        }
    }
}
