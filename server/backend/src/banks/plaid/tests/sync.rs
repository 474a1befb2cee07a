use proptest::prelude::*;

use super::{super::sync::read_page, *};

const SYNC: &str = "POST /transactions/sync";

/// The page that a body is read as.
async fn page(body: &str) -> Result<SyncPage, Trouble> {
    let stand_in = PlaidStandIn::empty().await;
    stand_in.answer("/transactions/sync", body);
    plaid(&stand_in).sync(&access(), None, 500).await
}

/// The first row of the first page, with some of its values changed.
async fn row(changes: &[(&str, Value)]) -> Result<ProviderRow, Trouble> {
    let places: Vec<String> =
        changes.iter().map(|(place, _)| format!("/added/0/{place}")).collect();
    let changes: Vec<(&str, Value)> =
        places.iter().zip(changes).map(|(place, (_, value))| (&**place, value.clone())).collect();
    let body = with(recorded_plaid!("calls/sync.first"), &changes);
    Ok(page(&body).await?.added.remove(0))
}

/// A page whose only row has this text as its amount.
fn amount(literal: &str) -> String {
    recorded_plaid!("calls/sync.first").replacen(
        "\"amount\": 72.1",
        &format!("\"amount\": {literal}"),
        1,
    )
}

#[tokio::test]
async fn pages_follow_each_other_by_their_cursor() {
    let stand_in = PlaidStandIn::start().await;
    let plaid = plaid(&stand_in);

    let first = plaid.sync(&access(), None, 500).await.unwrap();
    let last = plaid.sync(&access(), Some(&first.next_cursor), 40).await.unwrap();

    assert_eq!((&*first.next_cursor, first.has_more), ("cur-1", true));
    assert_eq!((&*last.next_cursor, last.has_more), ("cur-2", false));
    assert_eq!((first.readiness, last.readiness), (Readiness::Initial, Readiness::Historical));
    assert_eq!((first.added.len(), last.added.len(), last.modified.len()), (3, 2, 1));
    assert_eq!(last.removed, ["tGone1pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk07"]);
    let bodies: Vec<Value> = stand_in.asked().into_iter().map(|asked| asked.body).collect();
    let options = json!({ "include_original_description": true });
    assert_eq!(
        bodies,
        [
            json!({ "access_token": ACCESS_TOKEN, "count": 500, "options": options }),
            json!({ "access_token": ACCESS_TOKEN, "count": 40, "options": options, "cursor": "cur-1" }),
        ]
    );
}

#[tokio::test]
async fn a_page_has_one_to_five_hundred_rows_and_the_first_has_no_cursor() {
    let stand_in = PlaidStandIn::start().await;
    let plaid = plaid(&stand_in);

    for limit in [0, 501, u32::MAX] {
        plaid.sync(&access(), Some(""), limit).await.unwrap();
    }

    let asked = stand_in.asked();
    let counts: Vec<&Value> = asked.iter().map(|asked| &asked.body["count"]).collect();
    assert_eq!(counts, [1, 500, 500]);
    assert!(asked.iter().all(|asked| asked.body.get("cursor").is_none()));
}

#[tokio::test]
async fn a_row_is_read_in_our_sign_and_words() {
    let row = row(&[]).await.unwrap();

    assert_eq!(
        row,
        ProviderRow {
            id: "tGroc1pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk01".into(),
            pending_id: Some("tPend1pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk00".into()),
            account: CHECKING.into(),
            date: parse_iso("2026-05-02").unwrap(),
            authorized_date: parse_iso("2026-04-30"),
            minor: -7_210,
            currency: Ok(Currency::USD),
            description: "POS DEBIT CORNER MARKET #1700 POWAY CA".into(),
            merchant: Some("Corner Market".into()),
            city: None,
            category: Some("food.groceries"),
            provider_category: Some("FOOD_AND_DRINK_GROCERIES".into()),
            is_transfer: false,
            pending: false,
        }
    );
}

#[tokio::test]
async fn the_city_of_a_shop_is_read_where_it_is_known() {
    let known = row(&[("location", json!({ "city": "Poway", "region": "CA" }))]).await.unwrap();
    let unknown = row(&[("location", json!(null))]).await.unwrap();

    assert_eq!((known.city.as_deref(), unknown.city), (Some("Poway"), None));
}

#[tokio::test]
async fn money_in_is_above_zero_and_a_transfer_says_so() {
    let first = page(recorded_plaid!("calls/sync.first")).await.unwrap();

    let [_, salary, transfer] = &first.added[..] else { panic!("{first:?}") };
    assert_eq!((salary.minor, salary.category), (207_850, Some("income.salary")));
    assert_eq!((transfer.minor, transfer.is_transfer), (-50_000, true));
    assert_eq!(transfer.description, "Transfer to Savings", "the name, where the bank has no text");
}

#[tokio::test]
async fn each_currency_has_its_own_minor_unit_and_what_is_none_is_kept_under_its_name() {
    let last = page(recorded_plaid!("calls/sync.last")).await.unwrap();

    let [yen, points] = &last.added[..] else { panic!("{last:?}") };
    assert_eq!((yen.minor, yen.pending), (-1_980, true));
    assert_eq!(yen.currency, Ok(Currency::parse("JPY").unwrap()));
    assert_eq!(yen.category, None, "Plaid is not sure of it");
    assert_eq!(points.currency, Err("POINTS".to_owned()));
    assert_eq!(points.category, None);
    // 28.339999999999996, as a double prints it.
    assert_eq!(last.modified[0].minor, -2_834);
}

#[tokio::test]
async fn an_amount_is_read_from_its_digits() {
    for (literal, minor) in [
        ("0", 0),
        ("-0.0", 0),
        ("4.5", -450),
        ("0.125", -12),
        ("0.135", -14),
        ("1e2", -10_000),
        ("-89.4", 8_940),
        ("9007199254.74", -900_719_925_474),
        ("90071992.547409931", -9_007_199_255),
    ] {
        let page = page(&amount(literal)).await.unwrap();
        assert_eq!(page.added[0].minor, minor, "{literal}");
    }
}

#[tokio::test]
async fn one_row_that_cannot_be_read_fails_the_whole_page() {
    for literal in ["\"72.1\"", "null", "1e300", "[72.1]", "true"] {
        let trouble = page(&amount(literal)).await.unwrap_err();
        assert_eq!(
            (trouble.kind, &*trouble.code),
            (TroubleKind::BadRequest, "UNREADABLE"),
            "{literal}"
        );
    }
    for (place, value) in [
        ("date", json!("2026-02-30")),
        ("date", json!(null)),
        ("authorized_date", json!("yesterday")),
        ("transaction_id", json!(7)),
        ("account_id", json!(null)),
        ("pending", json!("no")),
    ] {
        let trouble = row(&[(place, value.clone())]).await.unwrap_err();
        assert_eq!(trouble.code, "UNREADABLE", "{place} {value}");
    }
}

#[tokio::test]
async fn what_may_be_missing_may_be_missing() {
    let row = row(&[
        ("pending_transaction_id", json!(null)),
        ("authorized_date", json!(null)),
        ("original_description", json!(" ")),
        ("name", json!(null)),
        ("merchant_name", json!(null)),
        ("personal_finance_category", json!(null)),
        ("iso_currency_code", json!(null)),
    ])
    .await
    .unwrap();

    assert_eq!((row.pending_id, row.authorized_date), (None, None));
    assert_eq!((&*row.description, row.merchant), ("", None));
    assert_eq!((row.category, row.provider_category, row.is_transfer), (None, None, false));
    assert_eq!(row.currency, Err("XXX".to_owned()));
}

#[tokio::test]
async fn what_is_no_currency_has_a_name_that_can_be_kept() {
    for (code, name) in [
        (json!("XAU"), "XAU"),
        (json!("non\u{0} sense"), "nonsense"),
        (json!("ÿ"), "XXX"),
        (json!("a-word-that-is-much-too-long"), "a-word-that-is-m"),
    ] {
        let row = row(&[("iso_currency_code", code)]).await.unwrap();
        assert_eq!((row.currency, row.minor), (Err(name.to_owned()), -7_210));
    }
}

#[tokio::test]
async fn a_page_that_is_not_ready_says_so_and_an_empty_cursor_means_the_same() {
    let not_ready = recorded_plaid!("calls/sync.not_ready");
    for (body, readiness) in [
        (not_ready.to_owned(), Readiness::NotReady),
        (with(not_ready, &[("/next_cursor", json!("cur-0"))]), Readiness::NotReady),
        (
            with(
                not_ready,
                &[("/transactions_update_status", json!("HISTORICAL_UPDATE_COMPLETE"))],
            ),
            Readiness::NotReady,
        ),
        (
            with(recorded_plaid!("calls/sync.last"), &[("/next_cursor", json!(""))]),
            Readiness::NotReady,
        ),
        (
            with(
                recorded_plaid!("calls/sync.last"),
                &[("/transactions_update_status", json!("TRANSACTIONS_UPDATE_STATUS_UNKNOWN"))],
            ),
            Readiness::Initial,
        ),
    ] {
        assert_eq!(page(&body).await.unwrap().readiness, readiness, "{body}");
    }
}

#[tokio::test]
async fn pages_that_changed_while_they_were_read_are_read_from_the_start() {
    let stand_in = PlaidStandIn::start().await;
    let body = recorded_plaid!("errors/TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION");
    stand_in.refuse("/transactions/sync", 400, body);

    let trouble = plaid(&stand_in).sync(&access(), Some("cur-1"), 500).await.unwrap_err();

    assert_eq!(trouble.kind, TroubleKind::Changed);
    assert_eq!(stand_in.calls(), [SYNC]);
}

#[tokio::test]
async fn a_large_page_is_taken_and_one_without_an_end_is_not() {
    let stand_in = PlaidStandIn::empty().await;
    let mut body: Value = serde_json::from_str(recorded_plaid!("calls/sync.last")).unwrap();
    let row = body["added"][0].clone();
    // A shop with all its logos.
    let rows = (0..500).map(|n| {
        let mut row = row.clone();
        row["transaction_id"] = json!(format!("row-{n}"));
        row["counterparties"] = json!("x".repeat(5_000));
        row
    });
    body["added"] = rows.collect();
    stand_in.answer("/transactions/sync", body.to_string()).endless(SYNC);
    let plaid = plaid(&stand_in);

    let large = plaid.sync(&access(), None, 500).await.unwrap();
    let trouble = plaid.sync(&access(), None, 500).await.unwrap_err();

    assert_eq!(large.added.len(), 500);
    assert_eq!((trouble.kind, &*trouble.code), (TroubleKind::BadRequest, "TOO_LARGE"));
}

proptest! {
    #[test]
    fn no_body_breaks_the_reader(noise in "\\PC{0,60}", cut in 0_usize..4_000) {
        let body = recorded_plaid!("calls/sync.first");
        let cut = body.floor_char_boundary(cut.min(body.len()));
        let spoiled = format!("{}{noise}{}", &body[..cut], &body[cut..]);

        // Noise between the parts may be blanks, or stand inside a text.
        if let Ok(page) = read_page(spoiled.as_bytes()) {
            prop_assert_eq!(page.added.len(), 3);
        }
    }
}
