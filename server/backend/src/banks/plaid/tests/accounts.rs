use super::*;

/// One account with some of its values changed.
async fn one(changes: &[(&str, Value)]) -> Vec<ProviderAccount> {
    let stand_in = PlaidStandIn::empty().await;
    let mut body: Value = serde_json::from_str(recorded_plaid!("calls/accounts_get")).unwrap();
    body["accounts"].as_array_mut().unwrap().truncate(1);
    stand_in.answer("/accounts/get", with(&body.to_string(), changes));
    plaid(&stand_in).accounts(&access()).await.unwrap()
}

#[tokio::test]
async fn balances_are_the_holders_whatever_plaid_counts_as_positive() {
    let stand_in = PlaidStandIn::start().await;

    let accounts = plaid(&stand_in).accounts(&access()).await.unwrap();

    let found: Vec<_> = accounts
        .iter()
        .map(|account| (account.account_type, account.balance_minor, account.available_minor))
        .collect();
    assert_eq!(
        found,
        [
            (AccountType::Checking, Some(121_035), Some(118_010)),
            (AccountType::Savings, Some(21_000), Some(20_000)),
            (AccountType::Credit, Some(-41_000), Some(159_000)),
            (AccountType::Loan, Some(-6_526_200), None),
            (AccountType::Other, Some(2_363_198), None),
        ]
    );
    let checking = &accounts[0];
    assert_eq!((&*checking.id, &*checking.name), (CHECKING, "Plaid Checking"));
    assert_eq!(checking.mask.as_deref(), Some("0000"));
    assert_eq!(checking.currency, Currency::USD);
    assert!(checking.persistent_id.is_none() && accounts[1].persistent_id.is_some());
}

#[tokio::test]
async fn plaid_is_asked_for_what_it_has_and_the_bank_for_nothing() {
    let stand_in = PlaidStandIn::start().await;

    plaid(&stand_in).accounts(&access()).await.unwrap();

    let asked = stand_in.asked_once();
    assert_eq!(asked.what, "POST /accounts/get");
    assert_eq!(asked.body, json!({ "access_token": ACCESS_TOKEN }));
}

#[tokio::test]
async fn trouble_with_the_connection_is_not_hidden_by_an_old_balance() {
    for (error, kind) in [
        (recorded_plaid!("errors/ITEM_LOGIN_REQUIRED"), Some(TroubleKind::NeedsLogin)),
        (recorded_plaid!("errors/ACCESS_NOT_GRANTED"), Some(TroubleKind::NeedsConsent)),
        (recorded_plaid!("errors/INSTITUTION_NO_LONGER_SUPPORTED"), Some(TroubleKind::Gone)),
        // It may be over by the time the rows are read.
        (recorded_plaid!("errors/INSTITUTION_DOWN"), None),
        (recorded_plaid!("errors/SOMETHING_THAT_IS_NEW"), None),
    ] {
        let error: Value = serde_json::from_str(error).unwrap();
        let body = with(recorded_plaid!("calls/accounts_get"), &[("/item/error", error)]);
        let stand_in = PlaidStandIn::empty().await;
        stand_in.answer("/accounts/get", body);

        let accounts = plaid(&stand_in).accounts(&access()).await;

        assert_eq!(accounts.err().map(|trouble| trouble.kind), kind);
    }
}

#[tokio::test]
async fn kinds_of_accounts_have_ours() {
    use AccountType::{Checking, Credit, Loan, Other, Savings};
    let cases = [
        ("depository", json!("checking"), Checking),
        ("depository", json!("cash management"), Checking),
        ("depository", json!("savings"), Savings),
        ("depository", json!("money market"), Savings),
        ("depository", json!("cd"), Savings),
        ("depository", json!("hsa"), Savings),
        ("depository", json!("prepaid"), Other),
        ("depository", json!(null), Other),
        ("credit", json!("credit card"), Credit),
        ("credit", json!("paypal"), Credit),
        ("loan", json!("mortgage"), Loan),
        ("investment", json!("ira"), Other),
        ("brokerage", json!("brokerage"), Other),
        ("something new", json!("checking"), Other),
    ];
    for (kind, subtype, ours) in cases {
        let changes = [("/accounts/0/type", json!(kind)), ("/accounts/0/subtype", subtype)];
        assert_eq!(one(&changes).await[0].account_type, ours, "{changes:?}");
    }
}

#[tokio::test]
async fn currencies_that_are_none_are_left_out_and_none_at_all_is_the_dollar() {
    let iso = "/accounts/0/balances/iso_currency_code";
    let unofficial = "/accounts/0/balances/unofficial_currency_code";
    let codes = |changes: Vec<ProviderAccount>| -> Vec<&str> {
        changes.iter().map(|account| account.currency.code()).collect()
    };

    assert_eq!(codes(one(&[(iso, json!("EUR"))]).await), ["EUR"]);
    assert_eq!(codes(one(&[(iso, json!(null))]).await), ["USD"]);
    assert!(one(&[(iso, json!("XXX"))]).await.is_empty());
    assert!(one(&[(iso, json!(null)), (unofficial, json!("POINTS"))]).await.is_empty());
}

#[tokio::test]
async fn what_a_bank_writes_is_made_fit_to_show() {
    let [account] = &one(&[
        ("/accounts/0/name", json!("  My\u{0}\u{202E} account ")),
        ("/accounts/0/mask", json!("abcdef")),
        ("/accounts/0/balances/current", json!(null)),
        ("/accounts/0/balances/available", json!(1e300)),
    ])
    .await[..] else {
        panic!("one account")
    };

    assert_eq!((&*account.name, account.mask.as_deref()), ("My account", Some("abcd")));
    assert_eq!((account.balance_minor, account.available_minor), (None, None));

    let nameless =
        one(&[("/accounts/0/name", json!(" ")), ("/accounts/0/mask", json!(null))]).await;
    assert_eq!((&*nameless[0].name, &nameless[0].mask), ("Checking", &None));
}

#[tokio::test]
async fn an_id_that_cannot_be_kept_makes_the_answer_unreadable() {
    for id in ["", "a b", "a\u{0}b", &"x".repeat(201)] {
        let body =
            with(recorded_plaid!("calls/accounts_get"), &[("/accounts/0/account_id", json!(id))]);
        let stand_in = PlaidStandIn::empty().await;
        stand_in.answer("/accounts/get", body);

        let trouble = plaid(&stand_in).accounts(&access()).await.unwrap_err();

        assert_eq!(trouble.code, "UNREADABLE", "{id:?}");
    }
}

#[tokio::test]
async fn how_far_plaids_own_proof_is_comes_along() {
    use domain::provider::ProviderVerification as Proof;
    for (word, proof) in [
        ("pending_manual_verification", Some(Proof::Posted)),
        ("automatically_verified", Some(Proof::Verified)),
        ("database_insights_pass_with_caution", Some(Proof::UseDeposits)),
        ("verification_failed", Some(Proof::Failed)),
        ("a_word_of_tomorrow", Some(Proof::UseDeposits)),
        ("", None),
    ] {
        let stand_in = PlaidStandIn::empty().await;
        let mut body: Value = serde_json::from_str(recorded_plaid!("calls/accounts_get")).unwrap();
        body["accounts"][0]["verification_status"] = json!(word);
        stand_in.answer("/accounts/get", body.to_string());
        let accounts = plaid(&stand_in).accounts(&access()).await.unwrap();
        assert_eq!(accounts[0].verification, proof, "{word}");
    }
    let accounts = one(&[]).await;
    assert_eq!(accounts[0].verification, None, "the sign-in at the bank is the proof");
}
