use proptest::prelude::*;
use time::macros::date;

use super::*;

fn parse(query: &str) -> Result<TransactionFilter, Vec<(String, String)>> {
    TransactionFilter::from_query(&query::parse(query))
        .map_err(|errors| errors.into_iter().map(|error| (error.field, error.code)).collect())
}

const FULL: &str = "q=coffee&account=acc_1&category=food&type=debit&status=completed&min=5.00&max=20.50&from=2026-05-01&to=2026-05-31";

#[test]
fn every_filter_survives_the_way_through_an_address() {
    let filter = parse(FULL).unwrap();

    assert_eq!(filter.min, Some(500));
    assert_eq!(filter.max, Some(2050));
    assert_eq!(filter.from, Some(date!(2026 - 05 - 01)));
    assert_eq!(filter.to_query(), FULL);
    assert_eq!(parse(&filter.to_query()), Ok(filter));
}

#[test]
fn an_untouched_form_asks_for_everything() {
    let filter = parse("q=&account=&category=&type=&status=&min=&max=&from=&to=&page=2").unwrap();
    assert!(filter.is_empty());
    assert_eq!(filter.to_query(), "");
}

#[test]
fn every_wrong_filter_is_named() {
    let errors = parse(
        "account=a%27b&category=zzz&type=x&status=y&min=abc&max=1.005&from=2026-02-30&to=now",
    )
    .unwrap_err();
    let expected = [
        ("account", "account_required"),
        ("category", "category_unknown"),
        ("type", "transaction_type_unknown"),
        ("status", "transaction_status_unknown"),
        ("min", "amount_number"),
        ("max", "amount_precision"),
        ("from", "date_invalid"),
        ("to", "date_invalid"),
    ];
    assert_eq!(errors, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
}

#[test]
fn limits_the_wrong_way_round_are_refused() {
    let codes =
        |query| parse(query).unwrap_err().into_iter().map(|error| error.1).collect::<Vec<_>>();
    assert_eq!(codes("min=5&max=4"), ["amount_order"]);
    assert_eq!(codes("from=2026-05-02&to=2026-05-01"), ["date_order"]);
}

#[test]
fn the_hash_depends_on_the_filters_alone() {
    let one = parse("from=2026-05-01&q=coffee&page=1").unwrap();
    let two = parse("q=coffee&from=2026-05-01&page=9&limit=20").unwrap();

    assert_eq!(one.hash(), two.hash());
    assert_ne!(one.hash(), TransactionFilter::default().hash());
    assert_eq!(TransactionFilter::default().hash(), 0xe3b0_c442_98fc_1c14);
}

#[test]
fn a_chip_says_what_is_on_and_how_to_switch_it_off() {
    let chips = parse(FULL).unwrap().chips(|_| Some("Bills".to_owned()));

    let labels: Vec<&str> = chips.iter().map(|chip| chip.label.as_str()).collect();
    assert_eq!(
        labels,
        ["“coffee”", "Bills", "Food", "Money out", "Completed", "5.00 to 20.50", "May 2026"]
    );
    let date = chips.last().unwrap();
    assert_eq!(date.name, "date");
    assert_eq!(
        date.without,
        "q=coffee&account=acc_1&category=food&type=debit&status=completed&min=5.00&max=20.50"
    );
}

#[test]
fn half_open_ranges_read_well() {
    let labels = |query| {
        let chips = parse(query).unwrap().chips(|_| None);
        chips.into_iter().map(|chip| chip.label).collect::<Vec<_>>()
    };
    assert_eq!(labels("from=2026-05-02"), ["From 2 May 2026"]);
    assert_eq!(labels("to=2026-05-02"), ["Until 2 May 2026"]);
    assert_eq!(labels("from=2026-05-02&to=2026-05-02"), ["2 May 2026"]);
    assert_eq!(labels("min=1,000"), ["1,000.00 or more"]);
    assert_eq!(labels("max=3"), ["3.00 or less"]);
    assert_eq!(labels("min=-3&max=3"), ["Exactly 3.00"]);
}

#[test]
fn json_is_in_camel_case_with_plain_dates() {
    let view = TransactionView {
        id: "t1".into(),
        account_id: "a1".into(),
        account_name: "Bills".to_owned(),
        account_mask: Some("6789".to_owned()),
        date: date!(2026 - 05 - 04),
        description: "SQ *BLUE BOTTLE".to_owned(),
        merchant: None,
        category: "food.coffee".to_owned(),
        r#type: TransactionType::of(-450),
        status: TransactionStatus::Completed,
        amount_cents: 450,
        signed_amount_cents: -450,
        currency: "USD".to_owned(),
        note: None,
    };

    let json = serde_json::to_value(&view).unwrap();

    assert_eq!(json["accountId"], "a1");
    assert_eq!(json["date"], "2026-05-04");
    assert_eq!(json["type"], "debit");
    assert_eq!(json["signedAmountCents"], -450);
    assert_eq!(view.amount().unwrap().format(), "−$4.50");
    assert_eq!(view.title(), "SQ *BLUE BOTTLE");
    assert_eq!(serde_json::from_value::<TransactionView>(json).unwrap(), view);
}

proptest! {
    #[test]
    fn any_filter_survives_the_way_through_an_address(
        text in prop::option::of("[\\PC&&[^\\s]]{1,20}"),
        account in prop::option::of("[a-zA-Z0-9_-]{1,40}"),
        kind in prop::option::of(prop::sample::select(TransactionType::ALL)),
        min in prop::option::of(0_i64..1_000_000),
        more in prop::option::of(0_i64..1_000_000),
        day in prop::option::of(2_415_021_i32..2_524_000),
    ) {
        let filter = TransactionFilter {
            text: text.and_then(|text| text::clean_line(&text, 100).ok()).filter(|text| !text.is_empty()),
            account: account.map(AccountId::new),
            r#type: kind,
            min,
            max: more.map(|more| more + min.unwrap_or(0)),
            from: day.map(|day| Date::from_julian_day(day).unwrap()),
            ..TransactionFilter::default()
        };

        let back = parse(&filter.to_query()).unwrap();

        prop_assert_eq!(back.hash(), filter.hash());
        prop_assert_eq!(back, filter);
    }
}
