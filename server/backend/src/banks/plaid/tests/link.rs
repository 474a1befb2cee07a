use super::*;

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
) -> Result<NewConnection, Trouble> {
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
    assert_eq!(finished.code, "NO_TOKEN");
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
async fn a_one_time_token_is_shown_once() {
    let stand_in = PlaidStandIn::start().await;
    stand_in.refuse("/item/public_token/exchange", 503, "");

    let trouble = finish(&plaid(&stand_in), Purpose::New, None).await.unwrap_err();

    assert_eq!(trouble.kind, TroubleKind::InstitutionDown);
    assert_eq!(stand_in.calls().len(), 1);
}

#[tokio::test]
async fn a_connection_that_nobody_will_have_is_ended_at_plaid() {
    for (status, body) in [
        (400, recorded_plaid!("errors/NO_ACCOUNTS").to_owned()),
        (200, "{}".to_owned()),
        (200, with(recorded_plaid!("calls/accounts_get"), &[("/item/item_id", json!("another"))])),
    ] {
        let stand_in = PlaidStandIn::start().await;
        stand_in.refuse("/accounts/get", status, body);

        finish(&plaid(&stand_in), Purpose::New, None).await.unwrap_err();

        let last = stand_in.asked().pop().unwrap();
        assert_eq!(last.what, "POST /item/remove");
        assert_eq!(last.body, json!({ "access_token": ACCESS_TOKEN }));
    }
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

    let trouble = finish(&plaid(&stand_in), repair(), Some(&access())).await.unwrap_err();

    assert_eq!(trouble.kind, TroubleKind::NeedsLogin);
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
