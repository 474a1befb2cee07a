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
fn what_a_figure_counts_can_be_asked_for_and_is_said() {
    let asked =
        "category=food&currency=EUR&counted=spending&flow=out&from=2026-05-01&to=2026-05-31";
    let filter = parse(asked).unwrap();

    assert_eq!(filter.currency.map(Currency::code), Some("EUR"));
    assert_eq!((filter.counted, filter.flow), (Some(Counted::Spending), Some(Flow::Out)));
    assert_eq!(filter.to_query(), asked);
    let chips = filter.chips(|_| None);
    let labels: Vec<&str> = chips.iter().map(|chip| chip.label.as_str()).collect();
    assert_eq!(labels, ["Food", "In EUR", "Counted as spending", "Going out", "May 2026"]);
    assert_eq!(chips[1].without, asked.replace("currency=EUR&", ""));
    let errors = parse("currency=ZZZ&counted=all&flow=up").unwrap_err();
    let codes: Vec<&str> = errors.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!(codes, ["currency_unknown", "option_unknown", "option_unknown"]);
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

const SEVERAL: &str = "account=a&account=b&category=food&category=travel.flights&notCategory=food.coffee&notCategory=housing&tag=trip&tag=work&notTag=gift&status=pending&status=completed";

#[test]
fn several_of_a_kind_survive_the_way_through_an_address() {
    let filter = parse(SEVERAL).unwrap();

    assert_eq!(filter.account, None);
    assert_eq!(filter.accounts, ["a".into(), "b".into()]);
    assert_eq!(filter.categories, ["food", "travel.flights"]);
    assert_eq!(filter.not_categories, ["food.coffee", "housing"]);
    assert_eq!(filter.tags, ["trip", "work"]);
    assert_eq!(filter.not_tags, ["gift"]);
    assert_eq!(filter.statuses, [TransactionStatus::Pending, TransactionStatus::Completed]);
    assert_eq!(filter.to_query(), SEVERAL);
    let json = serde_json::to_string(&filter).unwrap();
    assert_eq!(serde_json::from_str::<TransactionFilter>(&json).unwrap(), filter);
}

#[test]
fn order_and_repetition_of_values_make_no_difference() {
    let one = parse("tag=work&account=b&account=a&account=b&category=food&category=food&tag=trip");
    let two = parse("account=a&account=b&category=food&tag=TRIP&tag=%23work");

    assert_eq!(one, two);
    let filter = one.unwrap();
    assert_eq!(filter.category.as_deref(), Some("food"));
    assert_eq!(filter.accounts_wanted().len(), 2);
}

#[test]
fn one_field_and_its_list_are_one_wish() {
    let filter = TransactionFilter {
        account: Some("b".into()),
        accounts: vec!["c".into(), "a".into(), "b".into()],
        ..TransactionFilter::default()
    };
    assert_eq!(filter.to_query(), "account=a&account=b&account=c");
    let one = filter.with_accounts(vec!["a".into()]);
    assert_eq!((one.account, one.accounts), (Some("a".into()), Vec::new()));
}

#[test]
fn an_own_leaf_and_rows_without_a_category_can_be_asked_for() {
    let filter = parse("category=uncategorized&category=food.school-lunch").unwrap();
    assert_eq!(filter.categories_wanted(), ["food.school-lunch", "uncategorized"]);
}

#[test]
fn a_wrong_value_among_several_is_named_once() {
    let errors = parse("account=a&account=b%27&account=c%27&tag=a%7Cb&status=x&notCategory=zzz");
    let expected = [
        ("account", "account_required"),
        ("notCategory", "category_unknown"),
        ("tag", "tag_characters"),
        ("status", "transaction_status_unknown"),
    ];
    assert_eq!(
        errors.unwrap_err(),
        expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
    );
    let many: Vec<(String, String)> =
        (0..51).map(|n| ("account".to_owned(), format!("a{n}"))).collect();
    let errors = TransactionFilter::from_query(&many).unwrap_err();
    assert_eq!(errors[0].code, "filter_values");
    assert_eq!(errors[0].message, "Choose at most 50 of these.");
    assert!(TransactionFilter::from_query(&many[1..]).is_ok());
}

#[test]
fn each_of_several_has_a_chip_of_its_own() {
    let name = |id: &AccountId| (id.as_str() == "a").then(|| "Bills".to_owned());
    let own = |key: &str| (key == "housing").then(|| "Home".to_owned());
    let chips = parse(SEVERAL).unwrap().chips_named(name, own);

    let labels: Vec<&str> = chips.iter().map(|chip| chip.label.as_str()).collect();
    let expected = [
        "Bills",
        "Account",
        "Food",
        "Flights",
        "Not Coffee",
        "Not Home",
        "#trip",
        "#work",
        "Not #gift",
        "Pending",
        "Completed",
    ];
    assert_eq!(labels, expected);
    for chip in &chips {
        let without = parse(&chip.without).unwrap();
        assert_eq!(without.to_pairs().len(), chips.len() - 1, "{}", chip.label);
    }
    assert!(chips[0].without.starts_with("account=b&category=food"));
}

proptest! {
    #[test]
    fn switching_every_chip_off_leaves_nothing(
        accounts in prop::collection::vec("[a-z]{1,3}", 0..4),
        categories in prop::collection::vec(prop::sample::select(vec!["food", "travel", "food.own"]), 0..4),
        others in prop::collection::vec(prop::sample::select(vec!["income", "giving"]), 0..3),
        tags in prop::collection::vec("[a-z]{1,3}", 0..4),
        not_tags in prop::collection::vec("[a-z]{1,3}", 0..4),
        statuses in prop::collection::vec(prop::sample::select(TransactionStatus::ALL), 0..4),
    ) {
        let names = ["account", "category", "notCategory", "tag", "notTag", "status"];
        let statuses: Vec<String> = statuses.iter().map(ToString::to_string).collect();
        let own = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let values = [accounts, own(categories), own(others), tags, not_tags, statuses];
        let pairs: Pairs = names
            .iter()
            .zip(values)
            .flat_map(|(name, values)| values.into_iter().map(|value| ((*name).to_owned(), value)))
            .collect();
        let mut filter = TransactionFilter::from_query(&pairs).unwrap();
        prop_assert_eq!(parse(&filter.to_query()), Ok(filter.clone()));

        let count = filter.to_pairs().len();
        for left in (0..count).rev() {
            let chips = filter.chips(|_| None);
            prop_assert_eq!(chips.len(), left + 1);
            filter = parse(&chips[left / 2].without).unwrap();
        }
        prop_assert!(filter.is_empty());
    }
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
