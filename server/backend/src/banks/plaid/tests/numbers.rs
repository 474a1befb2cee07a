use super::*;

async fn numbers(
    changes: &[(&str, Value)],
) -> Result<Vec<(String, String, String, bool)>, Trouble> {
    let stand_in = PlaidStandIn::empty().await;
    stand_in.answer("/auth/get", with(recorded_plaid!("calls/auth_get"), changes));
    let asked = [CHECKING.to_owned(), SAVINGS.to_owned()];
    let numbers = plaid(&stand_in).numbers(&access(), &asked).await?;
    let shown = |numbers: Numbers| {
        let (routing, number) = (numbers.routing.to_string(), numbers.number.expose().to_owned());
        (numbers.account, routing, number, numbers.is_token)
    };
    Ok(numbers.into_iter().map(shown).collect())
}

#[tokio::test]
async fn numbers_come_with_their_kind_and_any_routing_number_that_has_its_check() {
    assert_eq!(
        numbers(&[]).await.unwrap(),
        [
            (CHECKING.into(), "011401533".into(), "1111222233330000".into(), false),
            (SAVINGS.into(), "333333334".into(), "1111222233331111".into(), true),
        ]
    );
}

#[tokio::test]
async fn only_the_accounts_that_were_asked_for_have_numbers() {
    let stand_in = PlaidStandIn::start().await;
    let plaid = plaid(&stand_in);

    let some = plaid.numbers(&access(), &[CHECKING.to_owned()]).await.unwrap();
    let none = plaid.numbers(&access(), &[]).await.unwrap();

    assert_eq!((some.len(), none.len()), (1, 0));
    assert_eq!(some[0].account, CHECKING);
    // Plaid refuses all of them for one that it does not know, or that has none.
    assert_eq!(stand_in.asked_once().body, json!({ "access_token": ACCESS_TOKEN }));
}

#[tokio::test]
async fn a_bank_that_gives_no_numbers_is_no_trouble() {
    for code in ["PRODUCTS_NOT_SUPPORTED", "PRODUCT_NOT_ENABLED", "ADDITIONAL_CONSENT_REQUIRED"] {
        let stand_in = PlaidStandIn::empty().await;
        let body = json!({ "error_type": "ITEM_ERROR", "error_code": code });
        stand_in.refuse("/auth/get", 400, body.to_string());

        let numbers = plaid(&stand_in).numbers(&access(), &[CHECKING.to_owned()]).await;

        assert!(numbers.unwrap().is_empty(), "{code}");
    }
    for (body, kind) in [
        (recorded_plaid!("errors/NO_AUTH_ACCOUNTS"), TroubleKind::NoneShared),
        (recorded_plaid!("errors/PRODUCT_NOT_READY"), TroubleKind::NotReady),
    ] {
        let stand_in = PlaidStandIn::empty().await;
        stand_in.refuse("/auth/get", 400, body);

        let trouble = plaid(&stand_in).numbers(&access(), &[CHECKING.to_owned()]).await;

        assert_eq!(trouble.err().map(|trouble| trouble.kind), Some(kind));
    }
}

#[tokio::test]
async fn numbers_are_left_out_unless_they_are_proven_or_our_deposits_decide() {
    for (status, proven) in [
        ("", Some(true)),
        ("automatically_verified", Some(true)),
        ("manually_verified", Some(true)),
        ("database_insights_pass", Some(true)),
        ("database_insights_pass_with_caution", Some(false)),
        ("something_that_is_new", Some(false)),
        ("database_insights_fail", None),
        ("unsent", None),
        ("pending_automatic_verification", None),
        ("pending_manual_verification", None),
        ("verification_failed", None),
        ("verification_expired", None),
    ] {
        let mut body: Value = serde_json::from_str(recorded_plaid!("calls/auth_get")).unwrap();
        body["accounts"][0]["verification_status"] = json!(status);
        let stand_in = PlaidStandIn::empty().await;
        stand_in.answer("/auth/get", body.to_string());

        let asked = [CHECKING.to_owned()];
        let numbers = plaid(&stand_in).numbers(&access(), &asked).await.unwrap();

        let found: Vec<bool> = numbers.iter().map(|numbers| numbers.is_proven).collect();
        assert_eq!(found, Vec::from_iter(proven), "{status}");
    }
}

#[tokio::test]
async fn numbers_that_are_none_are_left_out() {
    for (place, value) in [
        ("/numbers/ach/0/routing", "011401534"),
        ("/numbers/ach/0/routing", ""),
        ("/numbers/ach/0/account", "12A4567"),
        ("/numbers/ach/0/account", "0000"),
    ] {
        let left = numbers(&[(place, json!(value))]).await.unwrap();
        assert_eq!(left.len(), 1, "{place} {value}");
        assert_eq!(left[0].0, SAVINGS);
    }
}

#[tokio::test]
async fn an_answer_without_numbers_is_unreadable() {
    let trouble = numbers(&[("/numbers", json!([]))]).await.unwrap_err();

    assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::BadRequest, "UNREADABLE"));
}
