use super::{super::error::Failed, *};
use crate::outgoing::Hope;

const SYNC: &str = "POST /transactions/sync";

async fn refused(status: u16, headers: &str, body: &str) -> (Trouble, usize) {
    let stand_in = PlaidStandIn::empty().await;
    stand_in.on_with(SYNC, status, headers, body);
    let trouble = plaid(&stand_in).sync(&access(), None, 500).await.unwrap_err();
    (trouble, stand_in.calls().len())
}

#[tokio::test]
async fn every_code_has_its_kind() {
    use TroubleKind::{
        BadRequest, Changed, Gone, InstitutionDown, NeedsConsent, NeedsLogin, NoneShared, NotReady,
        RateLimited,
    };
    let cases = [
        (recorded_plaid!("errors/ITEM_LOGIN_REQUIRED"), "ITEM_LOGIN_REQUIRED", NeedsLogin),
        (recorded_plaid!("errors/INVALID_CREDENTIALS"), "INVALID_CREDENTIALS", NeedsLogin),
        (recorded_plaid!("errors/INVALID_MFA"), "INVALID_MFA", NeedsLogin),
        (recorded_plaid!("errors/ITEM_LOCKED"), "ITEM_LOCKED", NeedsLogin),
        (recorded_plaid!("errors/USER_SETUP_REQUIRED"), "USER_SETUP_REQUIRED", NeedsLogin),
        (recorded_plaid!("errors/ACCESS_NOT_GRANTED"), "ACCESS_NOT_GRANTED", NeedsConsent),
        (
            recorded_plaid!("errors/INSUFFICIENT_CREDENTIALS"),
            "INSUFFICIENT_CREDENTIALS",
            NeedsConsent,
        ),
        (recorded_plaid!("errors/PRODUCT_NOT_READY"), "PRODUCT_NOT_READY", NotReady),
        (recorded_plaid!("errors/INSTITUTION_DOWN"), "INSTITUTION_DOWN", InstitutionDown),
        (
            recorded_plaid!("errors/INSTITUTION_NOT_RESPONDING"),
            "INSTITUTION_NOT_RESPONDING",
            InstitutionDown,
        ),
        (
            recorded_plaid!("errors/TRANSACTIONS_SYNC_LIMIT"),
            "TRANSACTIONS_SYNC_LIMIT",
            RateLimited(60),
        ),
        (recorded_plaid!("errors/NO_ACCOUNTS"), "NO_ACCOUNTS", NoneShared),
        (recorded_plaid!("errors/NO_AUTH_ACCOUNTS"), "NO_AUTH_ACCOUNTS", NoneShared),
        (recorded_plaid!("errors/ITEM_NOT_FOUND"), "ITEM_NOT_FOUND", Gone),
        (recorded_plaid!("errors/INVALID_ACCESS_TOKEN"), "INVALID_ACCESS_TOKEN", Gone),
        (
            recorded_plaid!("errors/INSTITUTION_NO_LONGER_SUPPORTED"),
            "INSTITUTION_NO_LONGER_SUPPORTED",
            Gone,
        ),
        (recorded_plaid!("errors/MISSING_FIELDS"), "MISSING_FIELDS", BadRequest),
        (recorded_plaid!("errors/INVALID_API_KEYS"), "INVALID_API_KEYS", BadRequest),
        (recorded_plaid!("errors/INVALID_PUBLIC_TOKEN"), "INVALID_PUBLIC_TOKEN", BadRequest),
        (recorded_plaid!("errors/SOMETHING_THAT_IS_NEW"), "SOMETHING_THAT_IS_NEW", BadRequest),
        (recorded_plaid!("errors/INTERNAL_SERVER_ERROR"), "INTERNAL_SERVER_ERROR", InstitutionDown),
        (
            recorded_plaid!("errors/TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"),
            "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION",
            Changed,
        ),
    ];
    for (body, code, kind) in cases {
        let (trouble, asked) = refused(400, JSON, body).await;
        assert_eq!((trouble.kind, &*trouble.code), (kind, code));
        assert!(trouble.request_id.starts_with("rErr"), "{trouble}");
        assert_eq!(asked, 1, "{code}");
    }
}

#[tokio::test]
async fn an_answer_without_a_code_is_known_by_its_status() {
    for (status, body, kind, code) in [
        (401, "", TroubleKind::BadRequest, "HTTP_401"),
        (403, "<html>no</html>", TroubleKind::BadRequest, "HTTP_403"),
        (404, r#"{"error_code":null}"#, TroubleKind::BadRequest, "HTTP_404"),
        (302, "", TroubleKind::BadRequest, "HTTP_302"),
        (429, "", TroubleKind::RateLimited(60), "HTTP_429"),
    ] {
        let (trouble, asked) = refused(status, "", body).await;
        assert_eq!((trouble.kind, &*trouble.code, &*trouble.request_id), (kind, code, "-"));
        assert_eq!(asked, 1, "{status}");
    }
}

#[tokio::test]
async fn a_plaid_that_fails_is_asked_three_times() {
    for (status, body, code) in [
        (500, recorded_plaid!("errors/INTERNAL_SERVER_ERROR"), "INTERNAL_SERVER_ERROR"),
        (502, "<html>bad gateway</html>", "HTTP_502"),
    ] {
        let (trouble, asked) = refused(status, JSON, body).await;
        assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::InstitutionDown, code));
        assert_eq!(asked, 3);
    }
}

#[tokio::test]
async fn a_failure_that_passes_is_not_told() {
    let stand_in = PlaidStandIn::empty().await;
    stand_in.on(SYNC, 503, "");
    stand_in.answer("/transactions/sync", recorded_plaid!("calls/sync.last"));

    plaid(&stand_in).sync(&access(), None, 500).await.unwrap();

    assert_eq!(stand_in.calls().len(), 2);
}

#[tokio::test]
async fn a_short_wait_is_waited_and_a_long_one_is_told() {
    let limit = recorded_plaid!("errors/TRANSACTIONS_SYNC_LIMIT");
    let stand_in = PlaidStandIn::empty().await;
    stand_in.on_with(SYNC, 429, &format!("{JSON}Retry-After: 0\r\n"), limit);
    stand_in.answer("/transactions/sync", recorded_plaid!("calls/sync.last"));
    let long = refused(429, &format!("{JSON}Retry-After: 90\r\n"), limit).await;

    plaid(&stand_in).sync(&access(), None, 500).await.unwrap();

    assert_eq!(stand_in.calls().len(), 2);
    assert_eq!((long.0.kind, long.1), (TroubleKind::RateLimited(90), 1));
}

#[tokio::test]
async fn garbage_is_no_answer() {
    let whole = recorded_plaid!("calls/sync.last");
    for (headers, body) in [
        (JSON, "{\"added\": [}"),
        (JSON, ""),
        (JSON, "[]"),
        (JSON, "{}"),
        (JSON, &whole[..whole.len() / 2]),
        ("Content-Type: text/html\r\n", whole),
        ("Content-Type: application/jsonish\r\n", whole),
        ("", whole),
    ] {
        let (trouble, asked) = refused(200, headers, body).await;
        assert_eq!(
            (trouble.kind, &*trouble.code),
            (TroubleKind::BadRequest, "UNREADABLE"),
            "{headers}"
        );
        assert_eq!(asked, 1);
    }
}

#[tokio::test]
async fn a_body_without_an_end_is_given_up() {
    let stand_in = PlaidStandIn::empty().await;
    stand_in.endless("POST /item/remove");

    let trouble = plaid(&stand_in).remove(&access()).await.unwrap_err();

    assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::BadRequest, "TOO_LARGE"));
    assert_eq!(stand_in.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn silence_is_an_outage() {
    let stand_in = PlaidStandIn::empty().await;
    stand_in.silent(SYNC);

    let trouble = plaid(&stand_in).sync(&access(), None, 500).await.unwrap_err();

    assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::InstitutionDown, "UNREACHABLE"));
}

#[tokio::test]
async fn a_plaid_that_keeps_failing_is_left_alone() {
    let stand_in = PlaidStandIn::empty().await;
    stand_in.on(SYNC, 500, "");
    let plaid = plaid(&stand_in);

    plaid.sync(&access(), None, 500).await.unwrap_err();
    plaid.sync(&access(), None, 500).await.unwrap_err();
    let trouble = plaid.sync(&access(), None, 500).await.unwrap_err();

    assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::InstitutionDown, "LEFT_ALONE"));
    assert_eq!(stand_in.calls().len(), 5);
}

#[tokio::test]
async fn an_error_repeats_nothing_that_was_sent_and_no_word_of_plaids() {
    let nosy = json!({
        "error_type": "INVALID_INPUT",
        "error_code": format!("the token {ACCESS_TOKEN}<b>"),
        "error_message": ACCESS_TOKEN,
        "display_message": "words for people",
        "request_id": "rErr1\r\nforged line",
    });
    let (told, _) = refused(400, JSON, &nosy.to_string()).await;
    let (other, _) = refused(400, JSON, recorded_plaid!("errors/ITEM_LOGIN_REQUIRED")).await;

    assert_eq!((&*told.code, &*told.request_id), ("UNKNOWN", "-"));
    let text = format!("{other:?} {other} {}", crate::error::chain(&other));
    for secret in [ACCESS_TOKEN, SECRET, "words", "Words"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn only_outages_are_worth_another_try() {
    let answer = |status: u16| {
        let mut response = http::Response::new(Vec::new());
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        Failed::of(&response).hope
    };

    assert_eq!((answer(400), answer(500), answer(503)), (Hope::None, Hope::Soon, Hope::Soon));
    assert_eq!(answer(429), Hope::After(std::time::Duration::from_mins(1)));
    assert_eq!(Failed::bad("UNSENDABLE").hope, Hope::None);
}
