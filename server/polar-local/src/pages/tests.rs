//! The pages as a browser without scripts sees them.

use axum::http::StatusCode;

use crate::{
    json::Json,
    testing::{Answer, Bench},
};

const BUYER: &str = "email=buyer%40example.com&name=Ada+%3Cb%3E&country=DE&line1=Lindenstr.+12&postal_code=10969&city=Berlin";

fn form(card: &str) -> String {
    format!("{BUYER}&card_number={card}&card_expiry=12%2F34&card_cvc=123")
}

fn path(checkout: &Json) -> String {
    format!("/checkout/{}", checkout.text("client_secret").unwrap())
}

fn local(place: &str) -> &str {
    place.strip_prefix("http://localhost:3000/dev/polar").unwrap()
}

fn has(answer: &Answer, text: &str) -> bool {
    answer.text.contains(text)
}

#[tokio::test]
async fn paying_leads_to_the_application() {
    let bench = Bench::new().await;
    bench.customer().await;
    let checkout = bench.checkout("starter").await;
    let page = bench.get(&path(&checkout)).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in [
        r#"data-testid="polar-checkout""#,
        r#"data-testid="polar-pay""#,
        "Local test, no real payment",
        "Coffer Starter",
        "Start trial",
        r#"value="ada@example.com""#,
        "readonly",
        r#"href="http://localhost:3000/pricing""#,
    ] {
        assert!(has(&page, text), "{text}");
    }
    assert!(!has(&page, "<script") && !has(&page, "style="));
    assert_eq!(page.headers["cache-control"], "no-store");

    let paid = bench.post(&path(&checkout), &form("4242424242424242")).await;

    assert_eq!(paid.status, StatusCode::SEE_OTHER);
    let id = checkout.text("id").unwrap();
    let success = format!("http://localhost:3000/success?checkout_id={id}&customer_session_token=");
    assert!(paid.location().starts_with(&success), "{}", paid.location());
    let token = paid.location().strip_prefix(&success).unwrap();
    let portal = bench.get(&format!("/portal?customer_session_token={token}")).await;
    assert_eq!(portal.status, StatusCode::OK);
    let events = bench.json("GET", "/_local/deliveries?type=checkout.updated", "").await;
    let told = events.items().last().unwrap().clone();
    assert_eq!(
        told.text("state"),
        Some("delivered"),
        "the application knows before the browser goes on"
    );

    let back = bench.get(&path(&checkout)).await;
    assert!(has(&back, "Already paid") && has(&back, "customer_session_token="));
    let again = bench.post(&path(&checkout), &form("4242424242424242")).await;
    assert_eq!(again.location(), paid.location());
    let orders = bench.json("GET", "/v1/orders/", "").await;
    assert_eq!(orders.get("items").unwrap().items().len(), 1);
}

#[tokio::test]
async fn two_presses_of_pay_at_once_make_one_payment() {
    let bench = Bench::new().await;
    bench.customer().await;
    let checkout = bench.checkout("plus").await;
    let (path, form) = (path(&checkout), form("4242424242424242"));

    let (first, second) = tokio::join!(bench.post(&path, &form), bench.post(&path, &form));

    assert_eq!(first.location(), second.location());
    let subscriptions = bench.json("GET", "/v1/subscriptions/", "").await;
    assert_eq!(subscriptions.get("items").unwrap().items().len(), 1);
}

#[tokio::test]
async fn a_declined_card_keeps_what_was_typed_but_not_the_card() {
    let bench = Bench::new().await;
    let checkout = bench.checkout("plus").await;

    let declined = bench.post(&path(&checkout), &form("4000000000000002")).await;
    assert_eq!(declined.status, StatusCode::SEE_OTHER);
    let page = bench.get(local(declined.location())).await;

    for text in [
        r#"data-testid="polar-declined""#,
        r#"role="alert""#,
        r#"value="buyer@example.com""#,
        r#"value="Ada &#60;b&#62;""#,
        r#"value="Berlin""#,
        r#"<option value="DE" selected"#,
        "$22.61",
    ] {
        assert!(has(&page, text), "{text}");
    }
    assert!(!has(&page, "4000000000000002") && !has(&page, "12/34"));
    let objects = bench.ask("GET", "/_local/objects", "").await;
    assert!(!has(&objects, "4000000000000002"));
    let poor = bench.post(&path(&checkout), &form("4000000000009995")).await;
    assert!(has(&bench.get(local(poor.location())).await, "not enough money"));
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let bench = Bench::new().await;
    let checkout = bench.checkout("plus").await;
    let wrong = "email=nobody&name=&country=XX&card_number=1&card_expiry=01%2F20&card_cvc=x";

    let page = bench.post(&path(&checkout), wrong).await;

    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.text.matches(r#"class="problem""#).count(), 6);
    assert!(has(&page, r#"value="nobody""#));
    let orders = bench.json("GET", "/v1/orders/", "").await;
    assert!(orders.get("items").unwrap().items().is_empty());
}

#[tokio::test]
async fn a_bank_asks_and_is_answered() {
    let bench = Bench::new().await;
    bench.customer().await;
    let checkout = bench.checkout("plus").await;

    let asks = bench.post(&path(&checkout), &form("4000002500003155")).await;
    let ask = local(asks.location()).to_owned();
    assert!(has(&bench.get(&ask).await, r#"data-testid="polar-3ds""#));
    assert_eq!(local(bench.get(&path(&checkout)).await.location()), ask);
    let refused = bench.post(&ask, "answer=refuse").await;
    assert!(has(&bench.get(local(refused.location())).await, "not approved"));
    assert_eq!(bench.post(&ask, "answer=approve").await.location(), refused.location());

    bench.post(&path(&checkout), &form("4000002500003155")).await;
    let approved = bench.post(&ask, "answer=approve").await;
    assert!(approved.location().contains("/success?checkout_id="));
    assert_eq!(bench.post(&ask, "answer=refuse").await.location(), approved.location());
}

#[tokio::test]
async fn a_checkout_that_is_over_says_so() {
    let bench = Bench::new().await;
    let checkout = bench.checkout("plus").await;
    bench.advance("P2D").await;

    let page = bench.get(&path(&checkout)).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(has(&page, "expired") && has(&page, "http://localhost:3000/pricing"));
    let paid = bench.post(&path(&checkout), &form("4242424242424242")).await;
    assert_eq!(local(paid.location()), path(&checkout));
    assert_eq!(bench.get("/checkout/polar_c_unknown").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_customer_of_the_portal_does_everything_alone() {
    let bench = Bench::new().await;
    let id = bench.subscribe_with("plus", "4000000000000341").await;
    let session =
        bench.json("POST", "/v1/customer-sessions/", r#"{"external_customer_id":"ada"}"#).await;
    let token = session.text("token").unwrap().to_owned();
    let act = async |fields: &str| {
        let form = format!("customer_session_token={token}&id={id}&{fields}");
        let answer = bench.post("/portal/act", &form).await;
        bench.get(local(answer.location())).await
    };

    let page = act("action=cancel").await;
    assert!(has(&page, r#"data-testid="polar-portal""#) && has(&page, "Keep subscription"));
    let page = act("action=uncancel").await;
    assert!(has(&page, "Renews 2 Apr 2026"));
    let premium = crate::testing::product("premium");
    let page = act(&format!("action=change-plan&proration=invoice&product_id={premium}")).await;
    assert!(has(&page, "The payment failed"), "the card fails later");
    let page =
        act("action=card&card_number=4242424242424242&card_expiry=12%2F34&card_cvc=123").await;
    assert!(!has(&page, "notice bad"));
    let page = act(&format!("action=change-plan&proration=invoice&product_id={premium}")).await;
    assert!(has(&page, "Coffer Premium"));
    assert!(has(&act("action=pause").await, "Pauses"));
    assert!(has(&act("action=unpause").await, "Renews"));
    let page =
        act("action=card&card_number=4000000000000002&card_expiry=12%2F34&card_cvc=123").await;
    assert!(has(&page, "no test card that can be used"));
    assert!(has(&page, "/papers/invoice/"));

    bench.advance("PT1H").await;
    let closed = bench.get(&format!("/portal?customer_session_token={token}")).await;
    assert_eq!(closed.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_card_pays_what_is_due() {
    let bench = Bench::new().await;
    let id = bench.subscribe_with("plus", "4000000000000341").await;
    bench.advance("P1M").await;
    bench.settle().await;
    let body = r#"{"external_customer_id":"ada"}"#;
    let session = bench.json("POST", "/v1/customer-sessions/", body).await;
    let token = session.text("token").unwrap();

    let form = format!(
        "customer_session_token={token}&action=card&card_number=4242424242424242&card_expiry=12%2F34&card_cvc=123"
    );
    bench.post("/portal/act", &form).await;

    let sub = bench.json("GET", &format!("/v1/subscriptions/{id}"), "").await;
    assert_eq!(sub.text("status"), Some("active"));
    assert!(bench.kinds().await.contains(&"subscription.active".to_owned()));
}

#[tokio::test]
async fn nobody_touches_what_is_not_theirs() {
    let bench = Bench::new().await;
    let id = bench.subscribe("plus").await;
    bench
        .json("POST", "/v1/customers/", r#"{"email":"eve@example.com","external_id":"eve"}"#)
        .await;
    let session =
        bench.json("POST", "/v1/customer-sessions/", r#"{"external_customer_id":"eve"}"#).await;
    let token = session.text("token").unwrap();

    let form = format!("customer_session_token={token}&id={id}&action=cancel");
    bench.post("/portal/act", &form).await;

    let sub = bench.json("GET", &format!("/v1/subscriptions/{id}"), "").await;
    assert_eq!(sub.get("cancel_at_period_end"), Some(&Json::Bool(false)));
    let anonymous = bench.post("/portal/act", &format!("id={id}&action=cancel")).await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_panel_shows_and_does() {
    let bench = Bench::new().await;
    let id = bench.subscribe("starter").await;
    bench.settle().await;
    let page = bench.get("").await;
    for text in
        [r#"data-testid="polar-panel""#, "ada@example.com", "trialing", "order.paid", "Renew now"]
    {
        assert!(has(&page, text), "{text}");
    }

    bench.post("/panel/act", &format!("id={id}&action=renew")).await;
    assert_eq!(bench.kinds().await[0], "subscription.cycled");
    bench.post("/panel/clock", "advance=P1D").await;
    assert!(has(&bench.get("").await, "1 days ahead"));
    let wrong = bench.post("/panel/faults", "faults=%7B%22no%22%3A1%7D").await;
    assert!(has(&bench.get(local(wrong.location())).await, "These are no switches"));
    let refused = bench.post("/panel/act", &format!("id={id}&action=resume")).await;
    assert!(has(&bench.get(local(refused.location())).await, "not paused"));
    let done = bench.post("/panel/reset", "").await;
    assert_eq!(done.location(), "http://localhost:3000/dev/polar");
    assert!(!has(&bench.get("").await, "ada@example.com"));
}

#[tokio::test]
async fn the_style_is_one_file() {
    let bench = Bench::new().await;
    let style = bench.get("/style.css").await;
    assert!(style.headers["content-type"].to_str().unwrap().starts_with("text/css"));
    assert!(has(&style, "prefers-color-scheme: dark"));
}

#[tokio::test]
async fn an_address_alone_opens_nobodys_portal() {
    let bench = Bench::new().await;
    bench.customer().await;
    let body = format!(
        r#"{{"products":["{}"],"success_url":"http://localhost:3000/success"}}"#,
        crate::testing::product("archive")
    );
    let checkout = bench.json("POST", "/v1/checkouts/", &body).await;
    let form = form("4242424242424242").replace("buyer%40", "ada%40");

    let paid = bench.post(&path(&checkout), &form).await;

    assert_eq!(paid.location(), "http://localhost:3000/success");
    let orders = bench.json("GET", "/v1/orders/?external_customer_id=ada", "").await;
    assert_eq!(orders.get("items").unwrap().items().len(), 1);
}

#[tokio::test]
async fn one_of_several_products_is_chosen() {
    let bench = Bench::new().await;
    let (plus, premium) = (crate::testing::product("plus"), crate::testing::product("premium"));
    let body = format!(r#"{{"products":["{plus}","{premium}"]}}"#);
    let checkout = bench.json("POST", "/v1/checkouts/", &body).await;

    let chosen =
        bench.post(&format!("{}/product", path(&checkout)), &format!("product_id={premium}")).await;

    assert!(has(&bench.get(local(chosen.location())).await, "Pay $49.00"));
    let paid = bench.post(&path(&checkout), &form("4242424242424242")).await;
    let confirmation = local(paid.location()).split('?').next().unwrap().to_owned();
    assert!(has(&bench.get(&confirmation).await, "The payment succeeded"));
    let list = bench.json("GET", "/v1/subscriptions/", "").await;
    assert_eq!(list.get("items").unwrap().items()[0].text("product_id"), Some(premium));
}
