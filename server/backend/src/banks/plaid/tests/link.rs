use std::time::Duration;

use super::{super::call::Call, *};

const RETURN_URL: &str = "https://bank.example/accounts/link/done?attempt=a#b";

async fn begin(
    plaid: &Plaid,
    purpose: Purpose,
    token: Option<&SecretString>,
) -> Result<LinkStart, Trouble> {
    let user = UserId::new("7Yk2mQh0vT4sLr9ZbN6cXw1pJd8eUaG3");
    plaid
        .begin_link(BeginLink {
            user: &user,
            purpose: &purpose,
            token,
            institution: None,
            return_url: &RETURN_URL.parse().unwrap(),
            state: "a-state",
        })
        .await
}

async fn finish(
    plaid: &Plaid,
    purpose: Purpose,
    token: Option<&SecretString>,
) -> Result<NewConnection, FailedLink> {
    let user = UserId::new("alice");
    let public_token = SecretString::from("public-sandbox-b0e2c4ee");
    plaid
        .finish_link(FinishLink {
            user: &user,
            purpose: &purpose,
            token,
            public_token: &public_token,
        })
        .await
}

fn repair() -> Purpose {
    Purpose::Repair(ConnectionId::new("a-connection"))
}

#[tokio::test]
async fn a_new_connection_asks_for_exactly_what_it_should() {
    let stand_in = PlaidStandIn::start().await;

    let start = begin(&plaid(&stand_in), Purpose::New, None).await.unwrap();

    let LinkStart::Script { token, expires_at } = start else { panic!("{start:?}") };
    assert_eq!(token.expose_secret(), "link-sandbox-3f0b2a55-6c1f-4c4e-9a40-0d6a5c2b7e11");
    assert_eq!(expires_at, datetime!(2026-05-04 16:00 UTC));
    let asked = stand_in.asked_once();
    assert_eq!(asked.what, "POST /link/token/create");
    assert_eq!(
        asked.body,
        json!({
            "client_name": "Coffer",
            "user": { "client_user_id": "7Yk2mQh0vT4sLr9ZbN6cXw1pJd8eUaG3" },
            "country_codes": ["US"],
            "language": "en",
            "products": ["transactions"],
            "required_if_supported_products": ["auth"],
            "transactions": { "days_requested": 730 },
            "webhook": "https://bank.example/api/webhooks/plaid",
            "redirect_uri": "https://bank.example/accounts/link/done",
        })
    );
}

#[tokio::test]
async fn every_call_shows_who_we_are_and_names_its_version() {
    let stand_in = PlaidStandIn::start().await;

    begin(&plaid(&stand_in), Purpose::New, None).await.unwrap();

    let headers = stand_in.asked_once().headers;
    assert_eq!(headers["plaid-client-id"], "the-client");
    assert_eq!(headers["plaid-secret"], SECRET);
    assert_eq!(headers["plaid-version"], "2020-09-14");
    assert_eq!(headers["content-type"], "application/json");
}

#[tokio::test]
async fn where_plaid_cannot_reach_us_it_is_given_no_address() {
    let stand_in = PlaidStandIn::start().await;

    begin(&plaid_of("http://localhost:3000", &stand_in), Purpose::New, None).await.unwrap();

    assert!(stand_in.asked_once().body.get("webhook").is_none());
}

#[tokio::test]
async fn a_repair_is_the_same_call_with_the_token_and_without_products() {
    let stand_in = PlaidStandIn::start().await;

    begin(&plaid(&stand_in), repair(), Some(&access())).await.unwrap();

    let body = stand_in.asked_once().body;
    assert_eq!(body["access_token"], ACCESS_TOKEN);
    assert_eq!(body["update"], json!({ "account_selection_enabled": true }));
    for name in ["products", "required_if_supported_products", "transactions", "webhook"] {
        assert!(body.get(name).is_none(), "{name}");
    }
}

#[tokio::test]
async fn a_repair_without_a_token_is_not_begun() {
    let stand_in = PlaidStandIn::start().await;
    let plaid = plaid(&stand_in);

    let begun = begin(&plaid, repair(), None).await.unwrap_err();
    let finished = finish(&plaid, repair(), None).await.unwrap_err();

    assert_eq!((begun.kind, &*begun.code), (TroubleKind::BadRequest, "NO_TOKEN"));
    assert_eq!(finished.trouble.code, "NO_TOKEN");
    assert!(stand_in.calls().is_empty());
}

#[tokio::test]
async fn the_one_time_token_becomes_a_connection_with_its_accounts() {
    let stand_in = PlaidStandIn::start().await;

    let connection = finish(&plaid(&stand_in), Purpose::New, None).await.unwrap();

    assert_eq!(connection.item_id, ITEM);
    assert_eq!(connection.token.expose_secret(), ACCESS_TOKEN);
    assert_eq!(connection.institution_id, "ins_109508");
    assert_eq!(connection.institution_name, "First Platypus Bank");
    assert_eq!(connection.accounts.len(), 5);
    let asked = stand_in.asked();
    assert_eq!(asked[0].what, "POST /item/public_token/exchange");
    assert_eq!(asked[0].body, json!({ "public_token": "public-sandbox-b0e2c4ee" }));
    assert_eq!(asked[1].what, "POST /accounts/get");
    assert_eq!(asked[1].body, json!({ "access_token": ACCESS_TOKEN }));
    assert_eq!(asked.len(), 2);
}

#[tokio::test]
async fn an_exchange_whose_answer_is_lost_is_asked_for_once_more() {
    for lost in [500, 502, 503] {
        let stand_in = PlaidStandIn::start().await;
        let what = "POST /item/public_token/exchange";
        let whole = recorded_plaid!("calls/public_token_exchange");
        stand_in.forget(what).on(what, lost, "");
        stand_in.answer("/item/public_token/exchange", whole);

        let connection = finish(&plaid(&stand_in), Purpose::New, None).await.unwrap();

        assert_eq!(connection.token.expose_secret(), ACCESS_TOKEN);
        let asked = stand_in.asked();
        assert_eq!((&asked[0].what, &asked[0].body), (&asked[1].what, &asked[1].body));
        assert_eq!(stand_in.calls()[1..], [what, "POST /accounts/get"]);
    }
}

#[tokio::test]
async fn a_one_time_token_is_shown_twice_at_most() {
    for (status, body, calls) in
        [(503, "", 2), (400, recorded_plaid!("errors/INVALID_PUBLIC_TOKEN"), 1), (200, "{}", 1)]
    {
        let stand_in = PlaidStandIn::start().await;
        stand_in.refuse("/item/public_token/exchange", status, body);

        let failed = finish(&plaid(&stand_in), Purpose::New, None).await.unwrap_err();

        assert!(failed.stray.is_none(), "nobody has its token");
        assert_eq!(stand_in.calls().len(), calls, "{status}");
    }
}

#[tokio::test]
async fn it_is_known_which_exchanges_may_have_been_made() {
    for (status, headers, body, may_be_done) in [
        (500, JSON, recorded_plaid!("errors/INTERNAL_SERVER_ERROR"), true),
        (200, "Content-Type: text/html\r\n", "<html>", true),
        (400, JSON, recorded_plaid!("errors/INVALID_PUBLIC_TOKEN"), false),
        (429, JSON, "{}", false),
    ] {
        let stand_in = PlaidStandIn::empty().await;
        stand_in.on_with("POST /item/public_token/exchange", status, headers, body);
        let call = Call::new("a_call", "/item/public_token/exchange", json!({}));

        let failed = plaid(&stand_in).try_to_ask(call.at_most(2)).await.unwrap_err();

        assert_eq!(failed.may_be_done, may_be_done, "{status} {body}");
    }
    // The first answer was lost, and the second one says that the token was spent.
    let stand_in = PlaidStandIn::empty().await;
    stand_in.on("POST /item/public_token/exchange", 502, "");
    let spent = recorded_plaid!("errors/INVALID_PUBLIC_TOKEN");
    stand_in.on_with("POST /item/public_token/exchange", 400, JSON, spent);
    let call = Call::new("a_call", "/item/public_token/exchange", json!({}));
    let failed = plaid(&stand_in).try_to_ask(call.at_most(2)).await.unwrap_err();
    assert_eq!((failed.may_be_done, &*failed.trouble.code), (true, "INVALID_PUBLIC_TOKEN"));
    // Nobody was reached.
    let mut settings = stand_in.settings();
    settings.api = closed().await;
    let nowhere = plaid_with(settings, "https://bank.example");
    let call = Call::new("a_call", "/item/public_token/exchange", json!({}));
    let failed = nowhere.try_to_ask(call.at_most(1)).await.unwrap_err();
    assert_eq!((failed.may_be_done, &*failed.trouble.code), (false, "UNREACHABLE"));
}

/// An address on this machine where nobody listens.
async fn closed() -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    format!("http://{address}").parse().unwrap()
}

#[tokio::test]
async fn access_that_nobody_will_have_is_handed_over_to_be_ended() {
    for (status, body) in [
        (400, recorded_plaid!("errors/NO_ACCOUNTS").to_owned()),
        (200, "{}".to_owned()),
        (200, with(recorded_plaid!("calls/accounts_get"), &[("/item/item_id", json!("another"))])),
    ] {
        let stand_in = PlaidStandIn::start().await;
        stand_in.refuse("/accounts/get", status, body);

        let failed = finish(&plaid(&stand_in), Purpose::New, None).await.unwrap_err();

        assert_eq!(failed.stray.unwrap().expose_secret(), ACCESS_TOKEN);
        let told = format!("{:?} {}", failed.trouble, failed.trouble);
        assert!(!told.contains(ACCESS_TOKEN), "{told}");
    }
}

/// How long somebody waits for what never comes.
async fn waits<T>(asked: impl Future<Output = Result<T, Trouble>>) -> Duration {
    let began = tokio::time::Instant::now();
    let trouble = asked.await.err().expect("nothing was said");
    assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::InstitutionDown, "UNREACHABLE"));
    began.elapsed()
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_in_front_of_a_page_hears_of_a_silent_plaid_in_time() {
    let stand_in = PlaidStandIn::empty().await;
    for path in ["link/token/create", "item/public_token/exchange", "accounts/get", "auth/get"] {
        stand_in.silent(&format!("POST /{path}"));
    }
    // Each on its own: a host that keeps failing is left alone.
    let site = || plaid(&stand_in);
    let asked = [CHECKING.to_owned()];

    let begun = waits(begin(&site(), Purpose::New, None)).await;
    let exchanged =
        async { finish(&site(), Purpose::New, None).await.map_err(|failed| failed.trouble) };
    let exchanged = waits(exchanged).await;
    let accounts = waits(site().accounts(&access())).await;
    let numbers = waits(site().numbers(&access(), &asked)).await;

    let second = Duration::from_secs(1);
    for all in [begun, exchanged, accounts] {
        assert!(all > 4 * second && all <= 6 * second + second / 10, "{all:?}");
    }
    assert!(numbers <= 8 * second + second / 10, "{numbers:?}");
    // What follows each other in front of one page.
    assert!(exchanged + accounts < 14 * second && accounts + numbers < 15 * second);
}

#[tokio::test]
async fn a_repaired_connection_keeps_its_token_and_exchanges_nothing() {
    let stand_in = PlaidStandIn::start().await;

    let connection = finish(&plaid(&stand_in), repair(), Some(&access())).await.unwrap();

    assert_eq!(connection.item_id, ITEM);
    assert_eq!(connection.token.expose_secret(), ACCESS_TOKEN);
    assert_eq!(stand_in.calls(), ["POST /accounts/get"]);
}

#[tokio::test]
async fn a_repair_that_did_not_work_is_none() {
    let stand_in = PlaidStandIn::start().await;
    let error: Value = serde_json::from_str(recorded_plaid!("errors/ITEM_LOGIN_REQUIRED")).unwrap();
    let body = with(recorded_plaid!("calls/accounts_get"), &[("/item/error", error)]);
    stand_in.refuse("/accounts/get", 200, body);

    let failed = finish(&plaid(&stand_in), repair(), Some(&access())).await.unwrap_err();

    assert_eq!(failed.trouble.kind, TroubleKind::NeedsLogin);
    assert!(failed.stray.is_none(), "its owner has it");
    assert_eq!(stand_in.calls(), ["POST /accounts/get"]);
}

#[tokio::test]
async fn a_connection_is_removed_even_when_it_is_gone_already() {
    let stand_in = PlaidStandIn::start().await;
    let plaid = plaid(&stand_in);

    plaid.remove(&access()).await.unwrap();
    stand_in.refuse("/item/remove", 400, recorded_plaid!("errors/ITEM_NOT_FOUND"));
    plaid.remove(&access()).await.unwrap();
    stand_in.refuse("/item/remove", 400, recorded_plaid!("errors/INVALID_API_KEYS"));
    let trouble = plaid.remove(&access()).await.unwrap_err();

    assert_eq!(stand_in.asked()[0].body, json!({ "access_token": ACCESS_TOKEN }));
    assert_eq!(trouble.code, "INVALID_API_KEYS");
}

#[tokio::test]
async fn plaid_sends_no_deposits_for_us() {
    let stand_in = PlaidStandIn::start().await;
    let plaid = plaid(&stand_in);

    let trouble = plaid.check_deposits("a-reference").await.unwrap_err();

    assert!(!plaid.capabilities().micro_deposits);
    assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::BadRequest, "NO_DEPOSITS"));
    assert_eq!(plaid.kind(), ProviderKind::Plaid);
}
