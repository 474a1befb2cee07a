//! Which keys are believed, and how often Plaid is asked for them.

use super::*;

/// Plaid knows no key, whatever it is called.
fn know_none(site: &Site) {
    let body =
        r#"{"error_type":"INVALID_INPUT","error_code":"INVALID_WEBHOOK_VERIFICATION_KEY_ID"}"#;
    site.stand_in.refuse("/webhook_verification_key/get", 400, body);
}

/// Plaid signs with the key of the tests.
fn know_one(site: &Site) {
    let key = public_key(KID, &signing_key(), None);
    site.stand_in.refuse("/webhook_verification_key/get", 200, key);
}

/// Deliveries that name keys nobody has: `made-up-{from}` and those after it.
async fn make_up(site: &Site, names: std::ops::Range<usize>) {
    for n in names {
        let outcome = Delivery::by(&format!("made-up-{n}"), 9).reach(site).await;
        assert_eq!(outcome, Err(Forged::Key), "{n}");
    }
}

#[tokio::test]
async fn a_key_that_plaid_does_not_have_proves_nothing() {
    let site = site().await;
    site.stand_in.refuse(
        "/webhook_verification_key/get",
        400,
        r#"{"error_type":"INVALID_INPUT","error_code":"INVALID_WEBHOOK_VERIFICATION_KEY_ID"}"#,
    );

    assert_eq!(Delivery::new().reach(&site).await, Err(Forged::Key));
    for kid in ["", "a b", "../secret", &"k".repeat(101)] {
        assert_eq!(Delivery::by(kid, 7).reach(&site).await, Err(Forged::Key), "{kid}");
    }
    assert_eq!(site.stand_in.calls().len(), 1, "names that are none are not sent");
}

#[tokio::test]
async fn a_key_that_is_none_or_another_proves_nothing() {
    let whole: Value = serde_json::from_str(&public_key(KID, &signing_key(), None)).unwrap();
    for (name, value) in [
        ("kid", json!("another")),
        ("alg", json!("RS256")),
        ("kty", json!("RSA")),
        ("crv", json!("P-384")),
        // A point that is not on the curve.
        ("x", json!(URL_SAFE_NO_PAD.encode([1; 32]))),
        ("y", json!(URL_SAFE_NO_PAD.encode([1; 31]))),
        ("y", json!("!")),
        ("x", json!(null)),
    ] {
        let site = site().await;
        let mut key = whole.clone();
        key["key"][name] = value.clone();
        site.stand_in.refuse("/webhook_verification_key/get", 200, key.to_string());

        assert_eq!(Delivery::new().reach(&site).await, Err(Forged::Key), "{name} {value}");
    }
}

#[tokio::test]
async fn an_expired_key_is_refused_whenever_it_expired() {
    for expired_at in [1_776_000_000, NOW.unix_timestamp() + 3_600] {
        let site = site().await;
        let key = public_key(KID, &signing_key(), Some(expired_at));
        site.stand_in.refuse("/webhook_verification_key/get", 200, key);

        assert_eq!(Delivery::new().reach(&site).await, Err(Forged::Expired));
        assert_eq!(Delivery::new().reach(&site).await, Err(Forged::Expired));
        assert_eq!(site.stand_in.calls().len(), 1);
    }
}

#[tokio::test]
async fn names_that_are_made_up_do_not_keep_a_new_key_out() {
    let site = site().await;
    let calls = || site.stand_in.calls().len();

    know_none(&site);
    make_up(&site, 0..10).await;
    make_up(&site, 0..10).await;
    assert_eq!(calls(), 10, "each is unknown for a minute");

    know_one(&site);
    assert_eq!(Delivery::new().reach(&site).await, Ok(()), "in the same minute");
    assert_eq!(calls(), 11);
    know_none(&site);
    site.clock.advance(std::time::Duration::from_mins(1));
    make_up(&site, 0..1).await;
    assert_eq!(calls(), 12, "asked again after a minute");
}

#[tokio::test]
async fn a_minute_has_thirty_questions_and_what_is_known_needs_none() {
    let site = site().await;
    let calls = || site.stand_in.calls().len();

    assert_eq!(Delivery::new().reach(&site).await, Ok(()));
    know_none(&site);
    make_up(&site, 0..100).await;
    assert_eq!(calls(), 30);
    assert_eq!(Delivery::new().reach(&site).await, Ok(()), "what is known is not displaced");
    assert_eq!(calls(), 30);

    know_one(&site);
    assert_eq!(Delivery::by("made-up-99", 7).reach(&site).await, Err(Forged::Key));
    site.clock.advance(std::time::Duration::from_mins(1));
    let key = public_key("the-next-key", &key_of(8), None);
    site.stand_in.refuse("/webhook_verification_key/get", 200, key);
    assert_eq!(Delivery::by("the-next-key", 8).reach(&site).await, Ok(()));
    assert_eq!(calls(), 31);
}

#[tokio::test]
async fn a_name_that_is_slow_to_be_refused_holds_nobody_up() {
    let site = site().await;
    let what = "POST /webhook_verification_key/get";
    let go = site.stand_in.hold(what);
    let forged = Delivery::by("made-up", 9);

    let real = async {
        site.stand_in.until(what).await;
        let outcome = Delivery::new().reach(&site).await;
        go.notify_one();
        outcome
    };
    let (forged, real) = tokio::join!(forged.reach(&site), real);

    assert_eq!((forged, real), (Err(Forged::Key), Ok(())));
}

#[tokio::test]
async fn many_deliveries_at_once_ask_for_their_key_once() {
    let site = site().await;
    let delivery = Delivery::new();

    let all = futures::future::join_all((0..20).map(|_| delivery.reach(&site))).await;

    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(site.stand_in.calls().len(), 1);
}

#[tokio::test]
async fn a_known_key_is_looked_at_again_every_day() {
    let site = site().await;
    Delivery::new().reach(&site).await.unwrap();
    let later = |delivery: Delivery| {
        let claims = token_claims(BODY, site.clock.now());
        Delivery { claims, ..delivery }
    };

    // Plaid is out of reach: the key goes on.
    site.clock.advance(std::time::Duration::from_hours(24));
    site.stand_in.refuse("/webhook_verification_key/get", 503, "");
    assert_eq!(later(Delivery::new()).reach(&site).await, Ok(()));
    assert_eq!(later(Delivery::new()).reach(&site).await, Ok(()));
    assert_eq!(site.stand_in.calls().len(), 2, "asked again after a minute, and not before");

    site.clock.advance(std::time::Duration::from_mins(1));
    let expired = public_key(KID, &signing_key(), Some(1_776_000_000));
    site.stand_in.refuse("/webhook_verification_key/get", 200, expired);
    assert_eq!(later(Delivery::new()).reach(&site).await, Err(Forged::Expired));
}
