use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::{AccountId, Date, TransactionFilter, TransactionStatus, TransactionType, query, text};

fn vocabulary() -> Vocabulary {
    let account = |id: &str, name: &str, words: &[&str]| AccountWords {
        id: id.into(),
        name: name.to_owned(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    Vocabulary {
        accounts: vec![
            account("acc_1", "Everyday", &["checking", "First Harbor", "6789"]),
            account("acc_2", "Joint House", &["checking", "Northwind Credit Union"]),
            account("acc_3", "Rainy day", &["savings", "First Harbor", "4567"]),
            account("acc_4", "Rainy day", &["savings", "Quiet Savings"]),
            account("acc_5", "My \"odd\" one", &["cash"]),
        ],
        categories: vec![
            CategoryWords { key: "food.school-lunch".to_owned(), label: "School lunch".to_owned() },
            CategoryWords { key: "housing".to_owned(), label: "Home".to_owned() },
        ],
    }
}

fn read(search: &str) -> Reading {
    let text = Some(search.to_owned());
    interpret(TransactionFilter { text, ..TransactionFilter::default() }, &vocabulary())
}

fn query_of(search: &str) -> String {
    read(search).filter.to_query()
}

#[test]
fn the_whole_of_it_is_read_and_explained() {
    let reading = read("coffee >20 <50 account:checking -category:food date:2026-05");

    let expected = TransactionFilter {
        text: Some("coffee".to_owned()),
        min: Some(2_001),
        max: Some(4_999),
        accounts: vec!["acc_1".into(), "acc_2".into()],
        not_categories: vec!["food".to_owned()],
        from: Some(date!(2026 - 05 - 01)),
        to: Some(date!(2026 - 05 - 31)),
        ..TransactionFilter::default()
    };
    assert_eq!(reading.filter, expected);
    assert_eq!(
        reading.sentence().unwrap(),
        "Read as: “coffee”, more than 20.00, less than 50.00, account Everyday or Joint House, not Food, May 2026."
    );
    assert_eq!(reading.parts[1].source, ">20");
}

#[test]
fn plain_words_are_looked_for_as_they_stand_and_need_no_explanation() {
    for (search, text) in [
        ("blue bottle", "blue bottle"),
        ("\"blue  bottle\" 0231", "blue bottle 0231"),
        ("at&t c++ 24/7 - : :x x: http://a.b", "at&t c++ 24/7 - : :x x: http://a.b"),
        ("\"account:checking\" \">20\"", "account:checking >20"),
        ("colour:red -coffee", "colour:red -coffee"),
        ("\"say \\\"hi\\\" \\\\ o", "say \"hi\" \\ o"),
        ("a\"b c\"d", "ab cd"),
    ] {
        let reading = read(search);
        assert_eq!(reading.filter.text.as_deref(), Some(text), "{search}");
        assert_eq!(reading.sentence(), None, "{search}");
    }
    assert_eq!(read("").filter, TransactionFilter::default());
    assert_eq!(read("\"\"").filter, TransactionFilter::default());
}

#[test]
fn amounts_are_compared_as_the_sign_says() {
    let cases = [
        (">20", "min=20.01"),
        (">=20", "min=20.00"),
        ("<50", "max=49.99"),
        ("<=50", "max=50.00"),
        ("=12.50", "min=12.50&max=12.50"),
        (">$1,000", "min=1000.01"),
        (">.5", "min=0.51"),
        ("amount:20", "min=20.00&max=20.00"),
        ("amount:20..50", "min=20.00&max=50.00"),
        ("amount:20..", "min=20.00"),
        ("amount:..50", "max=50.00"),
        ("amount:>20", "min=20.01"),
        (">10 >20 <50 <40", "min=20.01&max=39.99"),
    ];
    for (search, query) in cases {
        assert_eq!(query_of(search), query, "{search}");
    }
}

#[test]
fn dates_are_days_months_years_or_spans() {
    let cases = [
        ("date:2026-05-04", "from=2026-05-04&to=2026-05-04"),
        ("date:2026-02", "from=2026-02-01&to=2026-02-28"),
        ("date:2026", "from=2026-01-01&to=2026-12-31"),
        ("date:2026-05-04..2026-06", "from=2026-05-04&to=2026-06-30"),
        ("date:2026-05..", "from=2026-05-01"),
        ("date:..2026-05", "to=2026-05-31"),
        ("from:2026-05", "from=2026-05-01"),
        ("to:2026-05", "to=2026-05-31"),
        ("from:2026-05-04 to:2026-05-10", "from=2026-05-04&to=2026-05-10"),
        ("DATE:2026 date:2026-05", "from=2026-05-01&to=2026-05-31"),
    ];
    for (search, query) in cases {
        assert_eq!(query_of(search), query, "{search}");
    }
}

#[test]
fn accounts_go_by_id_name_kind_bank_or_the_beginning_of_a_word() {
    let cases: [(&str, &[&str]); 10] = [
        ("account:acc_3", &["acc_3"]),
        ("account:everyday", &["acc_1"]),
        ("account:\"Joint  house\"", &["acc_2"]),
        ("account:savings", &["acc_3", "acc_4"]),
        ("account:6789", &["acc_1"]),
        ("account:\"first harbor\"", &["acc_1", "acc_3"]),
        ("account:north", &["acc_2"]),
        ("account:house", &["acc_2"]),
        ("account:every account:joint", &["acc_1", "acc_2"]),
        ("account:\"my \\\"odd\\\" one\"", &["acc_5"]),
    ];
    for (search, expected) in cases {
        let filter = read(search).filter;
        let ids: Vec<&str> = filter.accounts_wanted().into_iter().map(AccountId::as_str).collect();
        assert_eq!(ids, expected, "{search}");
    }
}

#[test]
fn categories_go_by_key_label_or_own_word() {
    let cases = [
        ("category:food", "category=food"),
        ("category:Groceries", "category=food.groceries"),
        ("category:rent", "category=housing.rent"),
        ("category:home", "category=housing"),
        ("category:\"school lunch\"", "category=food.school-lunch"),
        ("category:food.school-lunch", "category=food.school-lunch"),
        ("category:none", "category=uncategorized"),
        ("category:uncategorised", "category=uncategorized"),
        ("category:food category:travel", "category=food&category=travel"),
        ("-category:food -category:home", "notCategory=food&notCategory=housing"),
        ("category:food -category:coffee", "category=food&notCategory=food.coffee"),
        ("tag:trip -tag:#Work", "tag=trip&notTag=work"),
    ];
    for (search, query) in cases {
        assert_eq!(query_of(search), query, "{search}");
    }
    assert_eq!(read("-category:home").sentence().unwrap(), "Read as: not Home.");
}

#[test]
fn tags_types_and_states_have_their_words() {
    let cases = [
        ("tag:Trip tag:#work", "tag=trip&tag=work"),
        ("type:out", "type=debit"),
        ("type:credit", "type=credit"),
        ("type:Transfer", "type=transfer"),
        ("status:pending", "status=pending"),
        ("status:pending status:failed", "status=pending&status=failed"),
    ];
    for (search, query) in cases {
        assert_eq!(query_of(search), query, "{search}");
    }
}

#[test]
fn what_looks_special_and_cannot_be_read_is_text_and_is_said_to_be() {
    for word in [
        "account:nowhere",
        "account:",
        "-account:checking",
        "category:zzz",
        "-category:zzz",
        "date:yesterday",
        "date:2026-13",
        "date:2026-05..2026-04",
        "date:..",
        "from:2026-05..",
        "amount:x",
        "amount:..",
        "amount:50..20",
        ">twenty",
        ">",
        "<0",
        "=>5",
        "<-5",
        "type:sideways",
        "status:lost",
        "tag:a|b",
    ] {
        let reading = read(word);
        assert_eq!(reading.filter.text.as_deref(), Some(word));
        assert_eq!(reading.filter.to_pairs().len(), 1, "{word}");
        assert!(reading.parts[0].is_text && reading.parts[0].is_unknown, "{word}");
        assert_eq!(reading.sentence(), Some(format!("Read as: “{word}”.")));
    }
}

#[test]
fn a_word_that_leaves_nothing_of_the_others_is_text() {
    assert_eq!(query_of(">50 <20"), "q=%3C20&min=50.01");
    assert_eq!(
        query_of("date:2026-05 date:2026-06"),
        "q=date%3A2026-06&from=2026-05-01&to=2026-05-31"
    );
    assert_eq!(query_of("type:in type:out"), "q=type%3Aout&type=credit");
}

#[test]
fn the_search_takes_the_place_of_what_the_form_says_of_the_same() {
    let form = "q=coffee+%3E5+category%3Afood&account=acc_1&category=travel&max=3&from=2026-05-01";
    let filter = TransactionFilter::from_query(&query::parse(form)).unwrap();

    let reading = interpret(filter, &vocabulary());

    let expected = "q=coffee&account=acc_1&category=food&min=5.01&from=2026-05-01";
    assert_eq!(reading.filter.to_query(), expected);
}

#[test]
fn a_filter_is_written_as_people_would() {
    let cases = [
        ("q=coffee+shop&min=20&max=50.50", "coffee shop >=20 <=50.50"),
        ("min=5&max=5", "=5"),
        (
            "account=acc_1&account=acc_2&account=acc_3",
            "account:Everyday account:\"Joint House\" account:acc_3",
        ),
        ("account=acc_5", "account:\"My \\\"odd\\\" one\""),
        (
            "category=food&notCategory=food.coffee&tag=new+york&notTag=work",
            "category:food -category:food.coffee tag:\"new york\" -tag:work",
        ),
        ("type=debit&status=pending&status=failed", "type:debit status:pending status:failed"),
        ("from=2026-05-01&to=2026-05-31", "date:2026-05"),
        ("from=2026-05-04&to=2026-05-04", "date:2026-05-04"),
        ("from=2026-05-04", "date:2026-05-04.."),
        ("q=%3E20+type%3Aout+a%22b", "\">20\" \"type:out\" \"a\\\"b\""),
    ];
    for (query, search) in cases {
        let filter = TransactionFilter::from_query(&query::parse(query)).unwrap();
        assert_eq!(write(&filter, &vocabulary()), search);
        assert_eq!(read(search).filter, filter, "{search}");
    }
}

fn some<T: Clone + std::fmt::Debug + 'static>(
    values: &[T],
) -> impl Strategy<Value = Vec<T>> + use<T> {
    prop::collection::vec(prop::sample::select(values.to_vec()), 0..3)
}

fn filters() -> impl Strategy<Value = TransactionFilter> {
    let word = prop_oneof![
        "[\\PC&&[^\\s]]{1,12}",
        "[-\"\\\\:<>=.a-z0-9]{1,8}",
        prop::sample::select(vec!["account:checking", "-category:food", ">20", "date:2026", "x:y"])
            .prop_map(str::to_owned),
    ];
    let text = prop::collection::vec(word, 0..4).prop_map(|words| {
        text::clean_line(&words.join(" "), 100).ok().filter(|text| !text.is_empty())
    });
    let ids: Vec<AccountId> = vocabulary().accounts.into_iter().map(|account| account.id).collect();
    let keys = ["food", "food.coffee", "food.school-lunch", "housing", "uncategorized"];
    let keys = keys.map(str::to_owned);
    let tags = ["trip", "new york", "a\"b", "x:y"].map(str::to_owned);
    let day = || prop::option::of(2_415_021_i32..2_524_000);
    let money = || prop::option::of(0_i64..10_000_000);
    (
        (text, some(&ids), some(&keys), some(&keys), some(&tags), some(&tags)),
        (
            prop::option::of(prop::sample::select(TransactionType::ALL)),
            some(TransactionStatus::ALL),
        ),
        (money(), money(), day(), day()),
    )
        .prop_map(
            |(
                (text, ids, keys, others, tags, not_tags),
                (kind, statuses),
                (min, more, from, days),
            )| {
                let sorted = |values: Vec<String>| {
                    let values: std::collections::BTreeSet<String> = values.into_iter().collect();
                    values.into_iter().collect()
                };
                let date = |day: i32| Date::from_julian_day(day).unwrap();
                TransactionFilter {
                    text,
                    not_categories: sorted(others),
                    tags: sorted(tags),
                    not_tags: sorted(not_tags),
                    r#type: kind,
                    min,
                    max: more.map(|more| more + min.unwrap_or(0)),
                    from: from.map(date),
                    to: days.map(|day| day.max(from.unwrap_or(day))).map(date),
                    ..TransactionFilter::default()
                }
                .with_accounts(ids)
                .with_categories(keys)
                .with_statuses(statuses)
            },
        )
}

proptest! {
    #[test]
    fn a_filter_survives_the_way_through_a_search(filter in filters()) {
        let search = write(&filter, &vocabulary());
        prop_assert_eq!(read(&search).filter, filter, "{}", search);
    }

    #[test]
    fn whatever_is_typed_can_be_read_and_written(search in "\\PC{0,60}") {
        let filter = read(&search).filter;
        let again = write(&filter, &vocabulary());
        prop_assert_eq!(read(&again).filter, filter, "{}", again);
    }

    #[test]
    fn what_is_read_is_a_filter_that_an_address_can_hold(
        words in prop::collection::vec("(account|category|-category|date|amount|tag|-tag|status|type):[a-z0-9.-]{0,8}|[<>=]{1,2}[0-9.]{1,5}|[a-z]{1,5}", 0..6),
    ) {
        let filter = read(&words.join(" ")).filter;
        let pairs = query::parse(&filter.to_query());
        prop_assert_eq!(TransactionFilter::from_query(&pairs), Ok(filter));
    }
}
