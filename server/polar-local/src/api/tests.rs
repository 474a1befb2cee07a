//! The API through its router: who may ask, what is refused, and how it looks.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt as _;

use crate::{
    json::Json,
    testing::{Bench, TOKEN, product},
};

fn file(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn request(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(format!("/dev/polar{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

/// The keys of an object and of the objects in it, in their order.
fn keys(json: &Json) -> Vec<String> {
    let inner = |(key, value): &(String, Json)| {
        let below = keys(value).into_iter().map(move |below| format!("{key}.{below}"));
        std::iter::once(key.clone()).chain(below).collect::<Vec<_>>()
    };
    json.entries().iter().flat_map(inner).collect()
}

#[tokio::test]
async fn without_the_token_nothing_is_told() {
    let bench = Bench::new().await;

    let none = bench.send(request("/v1/products/", &[])).await;
    let wrong =
        bench.send(request("/v1/products/", &[("authorization", "Bearer polar_oat_x")])).await;
    let basic = bench.send(request("/v1/products/", &[("authorization", "Basic abc")])).await;

    assert_eq!(none.status, 401);
    assert_eq!(none.json(), file(include_str!("../../fixtures/errors/401.no-token.json")));
    assert!(none.headers.contains_key("www-authenticate"));
    assert_eq!(wrong.json(), file(include_str!("../../fixtures/errors/401.bad-token.json")));
    assert_eq!(basic.status, 401);
}

#[tokio::test]
async fn a_version_is_echoed_and_an_unknown_one_is_not_found() {
    let bench = Bench::new().await;
    let token = format!("Bearer {TOKEN}");
    let ask = |version| {
        request("/v1/products/", &[("authorization", token.as_str()), ("polar-version", version)])
    };

    let known = bench.send(ask("2026-10")).await;
    let unknown = bench.send(ask("2020-01")).await;

    assert_eq!(known.headers["polar-version"], "2026-10");
    assert_eq!(known.headers["date"], "Mon, 02 Mar 2026 09:00:00 GMT");
    assert_eq!(unknown.status, 404);
    assert_eq!(
        unknown.json(),
        file(include_str!("../../fixtures/errors/404.unknown-api-version.json"))
    );
}

#[tokio::test]
async fn a_missing_slash_is_redirected_below_the_base() {
    let bench = Bench::new().await;

    for (path, place) in [
        ("/v1/products?limit=1", "/v1/products/?limit=1"),
        ("/v1/customer-portal/orders", "/v1/customer-portal/orders/"),
    ] {
        let answer = bench.ask("GET", path, "").await;
        assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(answer.location(), format!("http://localhost:3000/dev/polar{place}"));
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let bench = Bench::new().await;
    let id = "65538994-4c28-40b0-982c-d438d5e03cc0";
    let missing = file(include_str!("../../fixtures/errors/404.not-found.json"));

    for path in [
        "/v1/nothing/at/all".to_owned(),
        "/v1/discounts/".to_owned(),
        format!("/v1/subscriptions/{id}"),
        format!("/v1/orders/{id}"),
        format!("/v1/orders/{id}/invoice"),
        format!("/v1/checkouts/{id}"),
        format!("/v1/customers/{id}"),
        format!("/v1/products/{id}"),
        "/v1/customers/external/nobody".to_owned(),
        "/v1/customers/external/nobody/state".to_owned(),
    ] {
        let answer = bench.ask("GET", &path, "").await;
        assert_eq!(
            (answer.status, answer.json()),
            (StatusCode::NOT_FOUND, missing.clone()),
            "{path}"
        );
    }
    let version_1 = bench.ask("GET", "/v1/orders/65538994-4c28-10b0-982c-d438d5e03cc0", "").await;
    assert_eq!(version_1.status, 422);
}

#[tokio::test]
async fn a_checkout_looks_like_polars() {
    let bench = Bench::new().await;
    bench.customer().await;

    let checkout = bench.checkout("starter").await;

    let expected = file(include_str!("../../fixtures/checkout.json"));
    let own = |json: &Json| {
        let json = json.clone().without(&["metadata", "prices"]);
        keys(&json)
    };
    assert_eq!(own(&checkout), own(&expected));
    assert_eq!(checkout.get("metadata").unwrap().compact(), r#"{"z":1,"a":"b"}"#);
    let id = checkout.text("id").unwrap();
    let success = format!("http://localhost:3000/success?checkout_id={id}");
    assert_eq!(checkout.text("success_url"), Some(success.as_str()));
    let secret = checkout.text("client_secret").unwrap();
    let url = format!("http://localhost:3000/dev/polar/checkout/{secret}");
    assert_eq!(checkout.text("url"), Some(url.as_str()));
    assert_eq!(checkout.text("expires_at").map(|at| &at[..10]), Some("2026-03-03"));
}

#[tokio::test]
async fn a_subscription_and_an_order_look_like_polars() {
    let bench = Bench::new().await;
    let id = bench.subscribe("starter").await;
    let sub = bench.json("GET", &format!("/v1/subscriptions/{id}"), "").await;
    let orders = bench.json("GET", "/v1/orders/", "").await;

    let of_sub = file(include_str!("../../fixtures/subscription.json"));
    let of_order = file(include_str!("../../fixtures/order.json"));
    let own = |json: &Json| {
        let json = json.clone().without(&["metadata", "pending_update"]);
        keys(&json).into_iter().filter(|key| !key.contains("metadata.")).collect::<Vec<_>>()
    };
    assert_eq!(own(&sub), own(&of_sub));
    assert_eq!(own(&orders.get("items").unwrap().items()[0]), own(&of_order));
}

#[tokio::test]
async fn bodies_that_are_wrong_are_refused() {
    let bench = Bench::new().await;
    let missing = bench.ask("POST", "/v1/checkouts/", "{}").await;
    assert_eq!(missing.status, 422);
    assert_eq!(missing.json(), file(include_str!("../../fixtures/errors/422.bad-body.json")));

    let plus = product("plus");
    for body in [
        "",
        "[]",
        "nonsense",
        r#"{"products":[]}"#,
        r#"{"products":"x"}"#,
        r#"{"products":["not-a-uuid"]}"#,
        r#"{"products":["65538994-4c28-40b0-982c-d438d5e03cc0"]}"#,
        &format!(r#"{{"products":["{plus}","{plus}"]}}"#),
        &format!(r#"{{"products":["{plus}"],"success_url":"javascript:alert(1)"}}"#),
        &format!(r#"{{"products":["{plus}"],"success_url":"/relative"}}"#),
        &format!(r#"{{"products":["{plus}"],"metadata":{{"a":{{}}}}}}"#),
        &format!(r#"{{"products":["{plus}"],"customer_email":"nobody"}}"#),
        &format!(
            r#"{{"products":["{plus}"],"customer_id":"65538994-4c28-40b0-982c-d438d5e03cc0"}}"#
        ),
        &format!(r#"{{"products":["{plus}"],"seats":0}}"#),
    ] {
        let answer = bench.ask("POST", "/v1/checkouts/", body).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.text);
        assert!(!answer.json().get("detail").unwrap().items().is_empty());
    }
}

#[tokio::test]
async fn customers_are_unique_and_their_own_id_stays() {
    let bench = Bench::new().await;
    let body = r#"{"email":"mira.okafor@example.com","external_id":"mira"}"#;
    let made = bench.ask("POST", "/v1/customers/", body).await;
    assert_eq!(made.status, 201);
    let id = made.json().text("id").unwrap().to_owned();

    let again = bench.ask("POST", "/v1/customers/", r#"{"email":"mira.okafor@example.com"}"#).await;
    assert_eq!(again.status, 422);
    assert_eq!(again.json(), file(include_str!("../../fixtures/errors/422.duplicate-email.json")));
    let same_id = r#"{"email":"other@example.com","external_id":"mira"}"#;
    assert_eq!(bench.ask("POST", "/v1/customers/", same_id).await.status, 422);

    let path = format!("/v1/customers/{id}");
    let other = bench.ask("PATCH", &path, r#"{"external_id":"other"}"#).await;
    assert_eq!(
        other.json(),
        file(include_str!("../../fixtures/errors/422.external-id-immutable.json"))
    );
    let same = bench.ask("PATCH", &path, r#"{"external_id":"mira","name":"Mira"}"#).await;
    assert_eq!(same.json().text("name"), Some("Mira"));
    let session =
        bench.ask("POST", "/v1/customer-sessions/", r#"{"external_customer_id":"nobody"}"#).await;
    assert_eq!(
        session.json(),
        file(include_str!("../../fixtures/errors/422.no-such-customer.json"))
    );
}

#[tokio::test]
async fn a_change_of_a_subscription_is_of_exactly_one_kind() {
    let bench = Bench::new().await;
    let id = bench.subscribe("plus").await;
    let path = format!("/v1/subscriptions/{id}");

    for body in [
        "{}",
        r#"{"unknown":1}"#,
        r#"{"cancel_at_period_end":true,"revoke":true}"#,
        r#"{"cancel_at_period_end":"yes"}"#,
        r#"{"cancel_at_period_end":true,"customer_cancellation_reason":"bored"}"#,
        r#"{"revoke":false}"#,
        r#"{"product_id":"65538994-4c28-40b0-982c-d438d5e03cc0"}"#,
        r#"{"seats":3}"#,
        r#"{"trial_end":"2020-01-01T00:00:00Z"}"#,
        r#"{"resumes_at":"2027-01-01T00:00:00Z"}"#,
    ] {
        assert_eq!(bench.ask("PATCH", &path, body).await.status, 422, "{body}");
    }
    let once = format!(r#"{{"product_id":"{}"}}"#, product("archive"));
    assert_eq!(bench.ask("PATCH", &path, &once).await.status, 422);
    assert_eq!(bench.ask("PATCH", &path, r#"{"resume":true}"#).await.status, 409);
    bench.json("PATCH", &path, r#"{"cancel_at_period_end":true}"#).await;
    let again = bench.ask("PATCH", &path, r#"{"cancel_at_period_end":true}"#).await;
    assert_eq!(again.status, 403);
    assert_eq!(again.json(), file(include_str!("../../fixtures/errors/403.already-canceled.json")));
    let premium = format!(r#"{{"product_id":"{}"}}"#, product("premium"));
    assert_eq!(bench.ask("PATCH", &path, &premium).await.status, 403);
    bench.json("PATCH", &path, r#"{"revoke":true}"#).await;
    assert_eq!(bench.ask("DELETE", &path, "").await.status, 403);
}

#[tokio::test]
async fn lists_come_in_pages_and_are_filtered() {
    let bench = Bench::new().await;
    bench.subscribe("plus").await;
    let count = |json: Json| json.get("pagination").unwrap().get("total_count").unwrap().as_i64();

    let page = bench.json("GET", "/v1/products/?limit=4&page=3", "").await;
    assert_eq!(page.get("items").unwrap().items().len(), 1);
    assert_eq!(page.get("pagination").unwrap().compact(), r#"{"total_count":9,"max_page":3}"#);
    for (path, expected) in [
        ("/v1/orders/?external_customer_id=ada", 1),
        ("/v1/orders/?external_customer_id=bob", 0),
        ("/v1/orders/?status=paid&status=refunded", 1),
        ("/v1/orders/?status=void", 0),
        ("/v1/orders/?product_billing_type=one_time", 0),
        ("/v1/orders/?created_after=2027-01-01T00:00:00Z", 0),
        ("/v1/subscriptions/?metadata[a]=b", 1),
        ("/v1/subscriptions/?metadata[a]=c", 0),
        ("/v1/subscriptions/?active=true&limit=500", 1),
        ("/v1/customers/?email=ADA@example.com", 1),
        ("/v1/products/?is_archived=true", 0),
    ] {
        assert_eq!(count(bench.json("GET", path, "").await), Some(expected), "{path}");
    }
    assert_eq!(bench.ask("GET", "/v1/orders/?page=0", "").await.status, 422);
}

#[tokio::test]
async fn a_session_opens_its_own_portal_for_an_hour() {
    let bench = Bench::new().await;
    bench.subscribe("plus").await;
    let session =
        bench.json("POST", "/v1/customer-sessions/", r#"{"external_customer_id":"ada"}"#).await;
    let token = format!("Bearer {}", session.text("token").unwrap());
    let ask =
        async |path: &str| bench.send(request(path, &[("authorization", token.as_str())])).await;

    for list in ["subscriptions", "orders", "benefit-grants", "meters"] {
        let answer = ask(&format!("/v1/customer-portal/{list}/")).await;
        assert_eq!(answer.status, 200, "{list}");
        assert!(!answer.text.contains("referenceId"));
    }
    assert_eq!(ask("/v1/orders/").await.status, 401);
    assert_eq!(bench.ask("GET", "/v1/customer-portal/orders/", "").await.status, 401);
    bench.advance("PT1H").await;
    assert_eq!(ask("/v1/customer-portal/orders/").await.status, 401);
}

#[tokio::test]
async fn an_invoice_takes_a_moment() {
    let bench = Bench::new().await;
    bench.subscribe("plus").await;
    bench.settle().await;
    let orders = bench.json("GET", "/v1/orders/", "").await;
    let id = orders.get("items").unwrap().items()[0].text("id").unwrap().to_owned();
    let path = format!("/v1/orders/{id}/invoice");

    assert_eq!(bench.ask("POST", &path, "").await.status, 202);
    assert_eq!(bench.ask("GET", &path, "").await.status, 404);
    bench.advance("PT3S").await;

    assert_eq!(bench.told().await, ["order.updated paid"]);
    let url = bench.json("GET", &path, "").await.text("url").unwrap().to_owned();
    let paper = bench.get(url.strip_prefix("http://localhost:3000/dev/polar").unwrap()).await;
    assert!(paper.text.contains("Coffer Plus") && paper.text.contains("$22.61"), "{}", paper.text);
}

#[tokio::test]
async fn the_api_fails_when_it_is_told_to() {
    let bench = Bench::new().await;
    bench
        .faults(
            r#"[{"api_429":7,"times":1},
                {"api_status":{"route":"/v1/products/","status":503,"times":1}},
                {"api_status":{"route":"/v1/orders/*","status":409}}]"#,
        )
        .await;

    let limited = bench.ask("GET", "/v1/products/", "").await;
    assert_eq!((limited.status, limited.text.as_str()), (StatusCode::TOO_MANY_REQUESTS, ""));
    assert_eq!(limited.headers["retry-after"], "7");
    assert_eq!(bench.ask("GET", "/v1/products/", "").await.status, 503);
    assert_eq!(bench.ask("GET", "/v1/products/", "").await.status, 200);
    let locked = bench.ask("GET", "/v1/orders/", "").await;
    assert_eq!(
        locked.json(),
        file(include_str!("../../fixtures/errors/409.subscription-locked.json"))
    );

    bench.faults(r#"[{"api_reset":true}]"#).await;
    let app = axum::Router::new().nest("/dev/polar", bench.polar.router());
    let token = format!("Bearer {TOKEN}");
    let request = request("/v1/products/", &[("authorization", token.as_str())]);
    let broken = tower::ServiceExt::oneshot(app, request).await.unwrap();
    assert!(broken.into_body().collect().await.is_err());
}
