use time::macros::datetime;

use super::{
    server::{Polar, fixture},
    *,
};
use crate::{
    billing::{PolarServer, client::calls::NewCheckout, instant::Micros},
    both_engines,
    testing::{limited, with_billing},
};
use domain::UserId;

/// A backend without a database behind it would do; a test of one engine is enough.
pub(super) async fn selling(polar: &Polar) -> Backend {
    let db = crate::testing::TestDb::sqlite().await;
    with_billing(crate::testing::backend(db.db), &polar.url)
}

pub(super) fn client(backend: &Backend) -> PolarClient<'_> {
    PolarClient::of(backend).unwrap()
}

const PRODUCTS: &str = "GET /v1/products/";
const SUBSCRIPTION: &str = "GET /v1/subscriptions/s";

#[tokio::test]
async fn every_call_names_its_version_and_shows_the_token() {
    let polar = Polar::new().await;
    polar.on(PRODUCTS, 200, fixture!("products.list.response"));
    let backend = selling(&polar).await;

    let page = client(&backend).products(1).await.unwrap();

    let asked = polar.asked_once();
    assert_eq!((page.items.len(), page.pages), (6, 1));
    assert_eq!(asked.what, PRODUCTS);
    assert_eq!(asked.headers["authorization"], "Bearer polar_oat_test");
    assert_eq!(asked.headers["polar-version"], "2026-10");
    assert_eq!(asked.query["is_archived"], "false");
}

#[tokio::test]
async fn a_picture_is_dated_by_the_answer_and_never_by_us() {
    let polar = Polar::new().await;
    polar.on(SUBSCRIPTION, 200, fixture!("subscription.get.response"));
    let backend = selling(&polar).await;

    let dated = client(&backend).subscription("s").await.unwrap().snapshot();
    polar.set_date("");
    let undated = client(&backend).subscription("s").await.unwrap().snapshot();

    assert_eq!(dated.event_at, Micros::from(datetime!(2026-05-04 12:00 UTC)));
    assert_eq!(dated.version, Micros::parse("2026-03-20T18:22:10.116025Z").unwrap());
    assert_eq!(undated.event_at, undated.version);
}

#[tokio::test]
async fn every_error_has_its_name() {
    let polar = Polar::new().await;
    let backend = selling(&polar).await;
    let cases = [
        (401, fixture!("errors/401.bad-token"), "WrongToken"),
        (401, fixture!("errors/401.no-token"), "WrongToken"),
        (402, fixture!("errors/402.payment-failed"), "PaymentFailed"),
        (403, fixture!("errors/403.already-canceled"), "AlreadyCanceled"),
        (403, r#"{"error":"insufficient_scope"}"#.to_owned(), "MissingScope"),
        (
            403,
            r#"{"error":"AlreadyActiveSubscriptionError","detail":""}"#.to_owned(),
            "AlreadyActiveSubscription",
        ),
        (403, r#"{"error":"PaymentNotReady","detail":""}"#.to_owned(), "PaymentNotReady"),
        (404, fixture!("errors/404.not-found"), "NotFound"),
        (404, fixture!("errors/404.unknown-api-version"), "UnsupportedVersion"),
        (409, fixture!("errors/409.subscription-locked"), "SubscriptionLocked"),
        (
            422,
            fixture!("errors/422.bad-body"),
            "Validation([\"body.CheckoutProductsCreate.products\"])",
        ),
        (422, fixture!("errors/422.duplicate-email"), "Validation([\"body.email\"])"),
        (422, fixture!("errors/422.external-id-immutable"), "Validation([\"body.external_id\"])"),
        (
            422,
            fixture!("errors/422.no-such-customer"),
            "Validation([\"body.external_customer_id\"])",
        ),
        (
            422,
            r#"{"error":"MissingInvoiceBillingDetails","detail":""}"#.to_owned(),
            "BillingDetailsMissing",
        ),
        (307, String::new(), "Refused(307, \"\")"),
        (409, r#"{"error":"Some<b>thing"}"#.to_owned(), "Refused(409, \"Somebthing\")"),
    ];
    for (status, body, name) in cases {
        polar.forget(SUBSCRIPTION).on(SUBSCRIPTION, status, body);
        let error = client(&backend).subscription("s").await.err().unwrap();
        assert_eq!(format!("{error:?}"), name);
    }
}

#[tokio::test]
async fn an_error_repeats_nothing_of_what_was_sent() {
    let polar = Polar::new().await;
    polar.on("POST /v1/customers/", 422, fixture!("errors/422.duplicate-email"));
    let backend = selling(&polar).await;
    let user = UserId::new("alice");
    let new = NewCustomer { user: &user, email: "mira.okafor@example.com", name: "Mira" };

    let error = client(&backend).create_customer(&new).await.err().unwrap();

    let text = format!("{error:?} {}", crate::error::chain(&error));
    assert!(!text.contains("mira") && !text.contains("polar_oat"), "{text}");
}

#[tokio::test]
async fn a_question_is_asked_three_times_and_a_change_of_plan_once() {
    let polar = Polar::new().await;
    polar.on(SUBSCRIPTION, 503, "").on("PATCH /v1/subscriptions/s", 503, "");
    let backend = selling(&polar).await;

    let asked = client(&backend).subscription("s").await.err().unwrap();
    let changed = client(&backend).update_subscription("s", &Change::KeepPlan).await.err().unwrap();

    assert!(matches!((&asked, &changed), (PolarError::Broken(503), PolarError::Broken(503))));
    assert_eq!(polar.calls().len(), 4);
}

#[tokio::test]
async fn a_short_wait_is_waited_and_a_long_one_is_told() {
    let polar = Polar::new().await;
    polar
        .on_with(SUBSCRIPTION, 429, "Retry-After: 0\r\n", "")
        .on(SUBSCRIPTION, 200, fixture!("subscription.get.response"))
        .on_with(PRODUCTS, 429, "Retry-After: 60\r\n", "");
    let backend = selling(&polar).await;

    assert!(client(&backend).subscription("s").await.is_ok());
    let told = client(&backend).products(1).await.err().unwrap();

    assert!(matches!(told, PolarError::RateLimited(wait) if wait.as_secs() == 60), "{told:?}");
    assert_eq!(polar.calls().len(), 3);
}

#[test]
fn only_outages_are_worth_another_try() {
    let asked = Duration::from_secs(2);

    assert_eq!(PolarError::Broken(500).hope(), Hope::Soon);
    assert_eq!(PolarError::RateLimited(asked).hope(), Hope::After(asked));
    assert_eq!(PolarError::NotFound.hope(), Hope::None);
    assert_eq!(PolarError::Unreadable.hope(), Hope::None);
}

#[tokio::test]
async fn a_broken_object_in_a_list_hides_no_other() {
    let polar = Polar::new().await;
    let good = fixture!("subscription.get.response");
    polar.on("GET /v1/subscriptions/", 200, server::list(&["{}".to_owned(), good]));
    let backend = selling(&polar).await;

    let page = client(&backend).subscriptions(&Find::default()).await.unwrap();

    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn the_sandbox_is_asked_less_often_than_it_allows() {
    let polar = Polar::new().await;
    let backend = limited(selling(&polar).await);
    let took = |_| budget::take(&backend, PolarServer::Sandbox);

    for n in 0..10 {
        assert!(took(n).await.is_ok());
    }
    // The clock of tests stands still, so the turn never comes.
    let refused = took(10).await.err().unwrap();

    assert!(matches!(refused, PolarError::RateLimited(_)), "{refused:?}");
    assert!(budget::take(&backend, PolarServer::Production).await.is_ok());
}

#[tokio::test]
async fn a_checkout_asks_for_exactly_what_it_should() {
    let polar = Polar::new().await;
    polar.on("POST /v1/checkouts/", 201, fixture!("checkout.create.response"));
    let backend = selling(&polar).await;
    let user = UserId::new("alice");
    let new = NewCheckout {
        product: "p",
        user: &user,
        email: None,
        success_url: "http://localhost:3000/success?checkout_id={CHECKOUT_ID}",
        return_url: "http://localhost:3000/pricing",
        ip_address: Some("203.0.113.24".to_owned()),
        embed_origin: Some("http://localhost:3000"),
        codes: false,
        trial: false,
    };

    let answer = client(&backend).create_checkout(&new).await.unwrap();

    assert!(answer.data.url.starts_with("https://sandbox.polar.sh/checkout/"));
    assert_eq!(
        polar.asked_once().body,
        serde_json::json!({
            "products": ["p"],
            "external_customer_id": "alice",
            "success_url": "http://localhost:3000/success?checkout_id={CHECKOUT_ID}",
            "return_url": "http://localhost:3000/pricing",
            "allow_discount_codes": false,
            "customer_ip_address": "203.0.113.24",
            "embed_origin": "http://localhost:3000",
            "allow_trial": false,
        })
    );
}

both_engines! {
    async fn without_billing_there_is_no_client(db: TestDb) {
        assert!(PolarClient::of(&crate::testing::backend(db.db)).is_none());
    }
}
