use http::HeaderValue;
use p256::ecdsa::SigningKey;
use serde_json::{Value, json};
use time::macros::datetime;

use super::*;
use crate::{
    Clock, Outgoing, Random,
    banks::{
        BankEvent, EventKind, Provider,
        plaid::testing::{
            ITEM, KID, PlaidStandIn, jwt, key_of, public_key, recorded_plaid, signing_key,
            token_claims, token_header, verification, webhook_headers,
        },
    },
};
use domain::day::parse_iso;

const NOW: OffsetDateTime = datetime!(2026-05-04 12:00 UTC);
const BODY: &[u8] = recorded_plaid!("webhooks/transactions.sync_updates_available").as_bytes();

struct Site {
    stand_in: PlaidStandIn,
    clock: Clock,
    plaid: Plaid,
}

async fn site() -> Site {
    let stand_in = PlaidStandIn::start().await;
    let clock = Clock::frozen(NOW);
    let random = Random::seeded(1);
    let outgoing = Outgoing::new(&clock, &random, [stand_in.url.clone()]).unwrap();
    let app_url = "https://bank.example".parse().unwrap();
    let plaid = Plaid::new(stand_in.settings(), &app_url, &outgoing, &clock, &random);
    Site { stand_in, clock, plaid }
}

/// A delivery that is right, to be spoiled.
struct Delivery {
    header: Value,
    claims: Value,
    key: SigningKey,
    body: Vec<u8>,
}

impl Delivery {
    fn new() -> Self {
        Self {
            header: token_header(KID),
            claims: token_claims(BODY, NOW),
            key: signing_key(),
            body: BODY.to_vec(),
        }
    }

    /// Under another key.
    fn by(kid: &str, byte: u8) -> Self {
        Self { header: token_header(kid), key: key_of(byte), ..Self::new() }
    }

    fn token(&self) -> String {
        jwt(&self.header, &self.claims, &self.key)
    }

    async fn reach(&self, site: &Site) -> Result<(), Forged> {
        site.plaid.prove(&verification(&self.token()), &self.body).await
    }
}

async fn with_header(token: &str) -> (Result<(), Forged>, usize) {
    let site = site().await;
    let outcome = site.plaid.prove(&verification(token), BODY).await;
    (outcome, site.stand_in.calls().len())
}

#[tokio::test]
async fn what_plaid_signed_just_now_is_believed() {
    let site = site().await;

    assert_eq!(Delivery::new().reach(&site).await, Ok(()));
    assert_eq!(Delivery::new().reach(&site).await, Ok(()), "deliveries repeat");
    let asked = site.stand_in.asked_once();
    assert_eq!(format!("POST {}", "/webhook_verification_key/get"), asked.what);
    assert_eq!(asked.body, json!({ "key_id": KID }));
}

#[tokio::test]
async fn the_header_stands_there_once_and_is_a_token() {
    let good = Delivery::new().token();
    let site = site().await;
    let mut twice = verification(&good);
    twice.append("plaid-verification", HeaderValue::try_from(&*good).unwrap());
    let mut binary = HeaderMap::new();
    binary.insert("plaid-verification", HeaderValue::from_bytes(&[0xFF]).unwrap());

    for headers in [HeaderMap::new(), twice, binary] {
        assert_eq!(site.plaid.prove(&headers, BODY).await, Err(Forged::Header));
    }
    let parts: Vec<&str> = good.split('.').collect();
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    for token in [
        String::new(),
        "a".to_owned(),
        "a.b".to_owned(),
        format!("{good}.{good}"),
        format!("!{}.{}.{}", parts[0], parts[1], parts[2]),
        format!("{}.{}.{}", encode("[]"), parts[1], parts[2]),
        format!("{}.{}.{}", encode(r#"{"alg":"ES256"}"#), parts[1], parts[2]),
        format!("{}.{}.{}", encode(r#"{"alg":"ES256","kid":7}"#), parts[1], parts[2]),
        format!("{good}{}", "A".repeat(HEADER_MAX)),
    ] {
        assert_eq!(with_header(&token).await, (Err(Forged::Header), 0), "{token}");
    }
}

#[tokio::test]
async fn only_es256_counts_and_nothing_is_asked_for_others() {
    for algorithm in ["none", "HS256", "RS256", "ES384", "es256", ""] {
        let site = site().await;
        let mut delivery = Delivery::new();
        delivery.header["alg"] = json!(algorithm);

        assert_eq!(delivery.reach(&site).await, Err(Forged::Algorithm), "{algorithm}");
        assert!(site.stand_in.calls().is_empty());
    }
    // Signed with the bytes of the public key as a secret, as HS256 would have it.
    let mut delivery = Delivery::new();
    delivery.header = json!({ "alg": "none", "kid": KID });
    let unsigned = delivery.token();
    let unsigned = unsigned.rsplit_once('.').unwrap().0;
    assert_eq!(with_header(&format!("{unsigned}.")).await, (Err(Forged::Algorithm), 0));
}

#[tokio::test]
async fn a_token_of_another_kind_or_with_more_to_understand_is_refused() {
    for (name, value) in [("typ", json!("JWE")), ("crit", json!(["exp"]))] {
        let site = site().await;
        let mut delivery = Delivery::new();
        delivery.header[name] = value;

        assert_eq!(delivery.reach(&site).await, Err(Forged::Header), "{name}");
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
async fn a_signature_of_another_key_or_of_another_text_is_refused() {
    let site = site().await;
    let good = Delivery::new().token();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let other = Delivery { claims: token_claims(b"{}", NOW), ..Delivery::new() }.token();
    let of_another_text = other.rsplit_once('.').unwrap().1;
    let der = p256::ecdsa::Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap());
    let der = URL_SAFE_NO_PAD.encode(der.unwrap().to_der());

    assert_eq!(Delivery::by(KID, 8).reach(&site).await, Err(Forged::Signature));
    for signature in
        ["", "!", "AAAA", of_another_text, &der, &"A".repeat(86), &format!("{signature}AAAA")]
    {
        let headers = verification(&format!("{signed}.{signature}"));
        let outcome = site.plaid.prove(&headers, BODY).await;
        assert_eq!(outcome, Err(Forged::Signature), "{signature}");
    }
}

#[tokio::test]
async fn a_delivery_is_at_most_five_minutes_old_and_one_ahead() {
    let site = site().await;
    for (seconds, outcome) in [
        (-301, Err(Forged::Stale)),
        (-300, Ok(())),
        (0, Ok(())),
        (60, Ok(())),
        (61, Err(Forged::Stale)),
        (i64::MAX - NOW.unix_timestamp(), Err(Forged::Stale)),
    ] {
        let mut delivery = Delivery::new();
        delivery.claims["iat"] = json!(NOW.unix_timestamp() + seconds);
        assert_eq!(delivery.reach(&site).await, outcome, "{seconds}");
    }

    site.clock.advance(std::time::Duration::from_secs(301));
    assert_eq!(Delivery::new().reach(&site).await, Err(Forged::Stale), "by our own clock");
}

#[tokio::test]
async fn claims_that_are_missing_or_of_another_form_are_refused() {
    let hash = token_claims(BODY, NOW)["request_body_sha256"].clone();
    for claims in [
        json!({ "request_body_sha256": hash }),
        json!({ "iat": NOW.unix_timestamp() }),
        json!({ "iat": "now", "request_body_sha256": hash }),
        json!({ "iat": 1.5, "request_body_sha256": hash }),
        json!([]),
    ] {
        let site = site().await;
        let delivery = Delivery { claims, ..Delivery::new() };
        assert_eq!(delivery.reach(&site).await, Err(Forged::Header));
    }
}

#[tokio::test]
async fn a_body_that_was_changed_is_refused_byte_for_byte() {
    let site = site().await;
    let whole = String::from_utf8(BODY.to_vec()).unwrap();
    let compact: Value = serde_json::from_str(&whole).unwrap();
    for body in [
        Vec::new(),
        whole.replace("SYNC_UPDATES_AVAILABLE", "SYNC_UPDATES_AVAILABLF").into_bytes(),
        compact.to_string().into_bytes(),
        whole.trim_end().as_bytes().to_vec(),
    ] {
        let delivery = Delivery { body, ..Delivery::new() };
        assert_eq!(delivery.reach(&site).await, Err(Forged::Body));
    }
    for hash in ["", "00", &"0".repeat(64)] {
        let mut delivery = Delivery::new();
        delivery.claims["request_body_sha256"] = json!(hash);
        assert_eq!(delivery.reach(&site).await, Err(Forged::Body), "{hash}");
    }
}

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

#[tokio::test]
async fn whoever_is_refused_gets_no_event_and_a_reason_for_the_log() {
    let site = site().await;
    let headers = webhook_headers(BODY, NOW);

    let event = site.plaid.parse_webhook(&headers, BODY).await.unwrap();
    let trouble = site.plaid.parse_webhook(&headers, b"{}").await.unwrap_err();

    assert_eq!(event.item_id.as_deref(), Some(ITEM));
    assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::BadRequest, "body"));
}

fn event(body: &str) -> BankEvent {
    read_event(body.as_bytes())
}

#[test]
fn every_event_of_the_table_says_what_it_should() {
    use EventKind::{
        Expiring, Ignored, LoginRepaired, LoginRequired, NewAccounts, NumbersChanged, Revoked,
        RowsAvailable, VerificationExpired, Verified,
    };
    let cases = [
        (
            recorded_plaid!("webhooks/transactions.sync_updates_available"),
            RowsAvailable { history_complete: false },
        ),
        (
            recorded_plaid!("webhooks/transactions.sync_updates_available.history"),
            RowsAvailable { history_complete: true },
        ),
        (recorded_plaid!("webhooks/transactions.initial_update"), Ignored),
        (recorded_plaid!("webhooks/transactions.historical_update"), Ignored),
        (recorded_plaid!("webhooks/transactions.default_update"), Ignored),
        (recorded_plaid!("webhooks/transactions.transactions_removed"), Ignored),
        (recorded_plaid!("webhooks/transactions.recurring_transactions_update"), Ignored),
        (recorded_plaid!("webhooks/item.error"), LoginRequired),
        (recorded_plaid!("webhooks/item.error.other"), Ignored),
        (recorded_plaid!("webhooks/item.login_repaired"), LoginRepaired),
        (
            recorded_plaid!("webhooks/item.pending_disconnect"),
            Expiring { on: parse_iso("2026-05-11") },
        ),
        (
            recorded_plaid!("webhooks/item.pending_expiration"),
            Expiring { on: parse_iso("2026-06-15") },
        ),
        (recorded_plaid!("webhooks/item.user_permission_revoked"), Revoked),
        (recorded_plaid!("webhooks/item.user_account_revoked"), Revoked),
        (recorded_plaid!("webhooks/item.new_accounts_available"), NewAccounts),
        (recorded_plaid!("webhooks/item.webhook_update_acknowledged"), Ignored),
        (recorded_plaid!("webhooks/auth.automatically_verified"), Verified),
        (recorded_plaid!("webhooks/auth.sms_microdeposits_verification"), Verified),
        (recorded_plaid!("webhooks/auth.sms_microdeposits_verification.failed"), Ignored),
        (recorded_plaid!("webhooks/auth.verification_expired"), VerificationExpired),
        (recorded_plaid!("webhooks/auth.default_update"), NumbersChanged),
        (recorded_plaid!("webhooks/holdings.default_update"), Ignored),
    ];
    for (body, kind) in cases {
        let event = event(body);
        assert_eq!((event.item_id.as_deref(), &event.kind), (Some(ITEM), &kind), "{}", event.name);
    }
}

#[test]
fn an_event_has_a_name_for_the_log_and_may_be_about_no_connection() {
    let synced = event(recorded_plaid!("webhooks/transactions.sync_updates_available"));
    let linked = event(recorded_plaid!("webhooks/link.item_add_result"));

    assert_eq!(synced.name, "TRANSACTIONS/SYNC_UPDATES_AVAILABLE");
    assert_eq!((linked.item_id, linked.kind), (None, EventKind::Ignored));
    assert_eq!(linked.name, "LINK/ITEM_ADD_RESULT");
}

#[test]
fn an_end_without_a_day_is_an_end_all_the_same() {
    for time in ["null", "\"soon\"", "\"\""] {
        let body = format!(
            r#"{{"webhook_type":"ITEM","webhook_code":"PENDING_DISCONNECT","item_id":"i","disconnect_time":{time}}}"#
        );
        assert_eq!(event(&body).kind, EventKind::Expiring { on: None }, "{time}");
    }
}

#[test]
fn a_signed_body_that_cannot_be_read_says_nothing() {
    for body in ["", "[]", "{}", r#"{"webhook_type":7,"webhook_code":"X"}"#] {
        let event = event(body);
        assert_eq!(
            (event.item_id, event.kind, &*event.name),
            (None, EventKind::Ignored, "UNREADABLE")
        );
    }
    let odd = event(r#"{"webhook_type":"a\r\nb","webhook_code":"<b>","item_id":"a b"}"#);
    assert_eq!((&*odd.name, odd.item_id), ("UNKNOWN/UNKNOWN", None));
}
