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

mod events;
mod keys;

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

#[tokio::test]
async fn whoever_is_refused_gets_no_event_and_a_reason_for_the_log() {
    let site = site().await;
    let headers = webhook_headers(BODY, NOW);

    let event = site.plaid.parse_webhook(&headers, BODY).await.unwrap();
    let trouble = site.plaid.parse_webhook(&headers, b"{}").await.unwrap_err();

    assert_eq!(event.item_id.as_deref(), Some(ITEM));
    assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::BadRequest, "body"));
}
