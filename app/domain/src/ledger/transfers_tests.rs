use proptest::prelude::*;
use time::Duration;
use time::macros::date;

use super::*;

const DAY: Date = date!(2026 - 05 - 10);

fn leg(id: &str, account: &str, minor: i64, description: &str) -> Leg {
    Leg {
        id: id.into(),
        account: account.into(),
        account_name: account.to_owned(),
        account_mask: Some(if account == "savings" { "4567" } else { "6789" }.to_owned()),
        date: DAY,
        minor,
        currency: Currency::USD,
        description: description.to_owned(),
        provider_transfer: false,
        shop: false,
        taken: false,
        named: None,
    }
}

fn later(leg: Leg, days: i64) -> Leg {
    Leg { date: leg.date + Duration::days(days), ..leg }
}

fn found(legs: &[Leg]) -> Vec<(String, String, i64, Verdict)> {
    let found = find(legs, &BTreeSet::new());
    let row = |found: Found| {
        (found.out.into_string(), found.into.into_string(), found.score, found.verdict)
    };
    found.into_iter().map(row).collect()
}

fn one(score: i64, verdict: Verdict) -> Vec<(String, String, i64, Verdict)> {
    vec![("o".to_owned(), "i".to_owned(), score, verdict)]
}

#[test]
fn a_transfer_to_a_named_account_on_the_same_day_is_linked() {
    let legs = [
        leg("o", "checking", -50_000, "Transfer to Savings 4567"),
        leg("i", "savings", 50_000, "DEPOSIT"),
    ];
    assert_eq!(found(&legs), one(105, Verdict::Auto));
}

#[test]
fn a_transfer_two_days_later_is_suggested() {
    let legs = [
        leg("o", "checking", -50_000, "ONLINE XFER"),
        later(leg("i", "savings", 50_000, "DEPOSIT"), 2),
    ];
    assert_eq!(found(&legs), one(80, Verdict::Suggest));
}

#[test]
fn a_purchase_and_interest_of_equal_amount_are_nothing() {
    let legs = [
        Leg { shop: true, ..leg("o", "checking", -4_200, "CORNER MARKET") },
        leg("i", "savings", 4_200, "INTEREST"),
    ];
    assert_eq!(base_score(&legs[0], &legs[1]), 30);
    assert_eq!(found(&legs), []);
}

#[test]
fn two_that_could_be_the_one_are_two_suggestions() {
    let legs = [
        leg("o1", "checking", -10_000, "TRANSFER"),
        leg("o2", "checking", -10_000, "TRANSFER"),
        leg("i", "savings", 10_000, "TRANSFER"),
    ];
    let suggested = |out: &str| (out.to_owned(), "i".to_owned(), 70, Verdict::Suggest);
    assert_eq!(found(&legs), [suggested("o1"), suggested("o2")]);
}

#[test]
fn a_rule_that_names_the_other_account_leaves_no_other() {
    let named = |account: &str| Some(AccountId::new(account));
    let out = Leg { named: named("savings"), ..leg("o", "checking", -50_000, "ZELLE 881") };
    let into = leg("i", "savings", 50_000, "DEPOSIT");
    let wallet = leg("w", "wallet", 50_000, "Transfer from checking");

    assert_eq!(base_score(&out, &into), 105, "as its name and the word in the text");
    assert!(is_candidate(&out, &into) && !is_candidate(&out, &wallet));
    assert_eq!(found(&[out.clone(), into.clone(), wallet.clone()]), one(105, Verdict::Auto));
    // Without the rule, the better text would have won.
    let plain = Leg { named: None, ..out.clone() };
    assert_eq!(found(&[plain, into.clone(), wallet.clone()])[0].1, "w");

    let away = Leg { named: named("loan"), ..out };
    assert_eq!(found(&[away, into, wallet]), []);
}

#[test]
fn a_rule_may_name_the_account_that_money_came_from() {
    let out = leg("o", "checking", -50_000, "ZELLE 881");
    let other = leg("x", "wallet", -50_000, "ZELLE 882");
    let into = Leg {
        named: Some(AccountId::new("checking")),
        shop: true,
        ..later(leg("i", "savings", 50_000, "DEPOSIT"), 2)
    };

    assert_eq!(found(&[out, other, into]), one(95, Verdict::Auto));
}

#[test]
fn five_days_apart_or_the_same_way_is_no_candidate() {
    let out = leg("o", "checking", -50_000, "Transfer to Savings 4567");
    let far = later(leg("i", "savings", 50_000, "TRANSFER"), 5);
    assert!(!is_candidate(&out, &far));
    assert_eq!(found(&[out, far]), []);

    let both = [leg("o", "checking", -7_500, "TRANSFER"), leg("i", "savings", -7_500, "TRANSFER")];
    assert!(!is_candidate(&both[0], &both[1]));
    assert_eq!(found(&both), []);
}

#[test]
fn each_day_between_takes_some_of_the_score() {
    let out = leg("o", "checking", -50_000, "ONLINE XFER");
    for (days, score) in [(0, 90), (1, 85), (2, 80), (3, 75), (4, 70), (-4, 70), (-1, 85)] {
        let into = later(leg("i", "savings", 50_000, "DEPOSIT"), days);
        assert_eq!(base_score(&out, &into), score, "{days} days");
        assert!(is_candidate(&out, &into));
    }
}

#[test]
fn what_cannot_be_a_side_is_no_candidate() {
    let out = leg("o", "checking", -50_000, "TRANSFER");
    let into = leg("i", "savings", 50_000, "TRANSFER");
    assert!(is_candidate(&out, &into));
    let euro = Currency::parse("EUR").unwrap();
    let wrong = [
        Leg { account: "checking".into(), ..into.clone() },
        Leg { currency: euro, ..into.clone() },
        Leg { minor: 49_999, ..into.clone() },
        Leg { taken: true, ..into.clone() },
    ];
    for into in wrong {
        assert!(!is_candidate(&out, &into), "{into:?}");
        assert_eq!(found(&[out.clone(), into]), []);
    }
    assert!(!is_candidate(&Leg { taken: true, ..out.clone() }, &into));
    assert!(!is_candidate(&into, &out));
    assert!(!is_candidate(&Leg { minor: 0, ..out }, &Leg { minor: 0, ..into }));
}

#[test]
fn a_pair_turned_down_is_never_found_again() {
    let legs =
        [leg("o", "checking", -50_000, "Transfer to Savings"), leg("i", "savings", 50_000, "")];
    let rejected = BTreeSet::from([(TransactionId::new("o"), TransactionId::new("i"))]);

    assert_eq!(find(&legs, &BTreeSet::new()).len(), 1);
    assert_eq!(find(&legs, &rejected), []);
}

#[test]
fn transfer_words_count_whole() {
    let is_word = |text: &str| WORDS.iter().any(|word| has(&words(text), word));
    for text in [
        "ONLINE TRANSFER 123",
        "xfer",
        "PAYMENT - THANK YOU",
        "Payment Thank You-Mobile",
        "CARD AUTOPAY",
        "Move to Savings",
    ] {
        assert!(is_word(text), "{text}");
    }
    for text in ["TRANSFERWISE", "PAYMENT", "THANK YOU PAYMENT", "SAVINGS", "autopayment", ""] {
        assert!(!is_word(text), "{text}");
    }
}

#[test]
fn an_account_is_named_by_its_digits_or_its_name() {
    let joint = Leg {
        account_name: "Joint House".to_owned(),
        account_mask: Some("4567".to_owned()),
        ..leg("i", "joint", 100, "")
    };
    for text in ["to 4567", "to x4567", "ACCT ...4567", "****4567", "From JOINT-HOUSE"] {
        assert!(mentions(&words(text), &joint), "{text}");
    }
    for text in ["to 994567", "45678", "joint", "Joint Houses", ""] {
        assert!(!mentions(&words(text), &joint), "{text}");
    }
    let nameless = Leg { account_name: String::new(), account_mask: None, ..joint };
    assert!(!mentions(&words("any thing 4567"), &nameless));
}

#[test]
fn the_provider_must_say_transfer_on_both_sides() {
    let out = Leg { provider_transfer: true, ..leg("o", "checking", -900, "") };
    let into = leg("i", "savings", 900, "");
    assert_eq!(base_score(&out, &into), 70);
    assert_eq!(base_score(&out, &Leg { provider_transfer: true, ..into }), 90);
}

#[test]
fn a_rival_within_ten_points_makes_both_doubtful() {
    // 105 and 95: both named, one a day later with a word of its own.
    let legs = [
        leg("o", "checking", -900, "Transfer to Savings 4567"),
        leg("i1", "savings", 900, "DEPOSIT"),
        later(leg("i2", "savings", 900, "DEPOSIT"), 2),
    ];
    assert_eq!(base_score(&legs[0], &legs[2]), 95);
    let both = found(&legs);
    assert_eq!(both.iter().map(|pair| pair.2).collect::<Vec<_>>(), [85, 75]);
    assert!(both.iter().all(|pair| pair.3 == Verdict::Suggest));
}

#[test]
fn a_link_takes_its_sides_from_weaker_pairs() {
    // 105 against 90: far enough away to be sure of the first.
    let legs = [
        leg("o", "checking", -900, "Transfer to Savings 4567"),
        leg("i1", "savings", 900, "DEPOSIT"),
        later(leg("i2", "savings", 900, "DEPOSIT"), 3),
    ];
    assert_eq!(found(&legs), [("o".to_owned(), "i1".to_owned(), 105, Verdict::Auto)]);
}

#[test]
fn a_shop_is_known_by_its_provider_or_its_category() {
    assert!(is_shop(Some(Writer::Provider), "uncategorized"));
    assert!(is_shop(Some(Writer::Default), "food.groceries"));
    assert!(is_shop(None, "food.school-lunch"));
    assert!(!is_shop(Some(Writer::User), "transfer.savings"));
    for category in ["uncategorized", "transfer", "income.interest", "financial.loan_payment"] {
        assert!(!is_shop(None, category), "{category}");
    }
}

fn legs() -> impl Strategy<Value = Vec<Leg>> {
    let text =
        prop::sample::select(vec!["TRANSFER", "Transfer to savings 4567", "DEPOSIT", "6789"]);
    let one = (0_i64..8, 1_i64..3, any::<bool>(), any::<bool>(), text, any::<bool>());
    prop::collection::vec(one, 0..12).prop_map(|rows| {
        let leg = |(n, row): (usize, (i64, i64, bool, bool, &str, bool))| {
            let (day, amount, is_out, in_checking, text, shop) = row;
            let account = if in_checking { "checking" } else { "savings" };
            let minor = if is_out { -amount } else { amount };
            Leg { shop, ..later(leg(&format!("t{n:02}"), account, minor, text), day) }
        };
        rows.into_iter().enumerate().map(leg).collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_the_rows_makes_no_difference(
        legs in legs(),
        order in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 12),
    ) {
        let mut other = legs.clone();
        if !legs.is_empty() {
            for (one, two) in order {
                other.swap(one.index(legs.len()), two.index(legs.len()));
            }
        }
        prop_assert_eq!(find(&legs, &BTreeSet::new()), find(&other, &BTreeSet::new()));
    }

    #[test]
    fn a_row_is_linked_once_and_every_pair_is_a_candidate(legs in legs()) {
        let found = find(&legs, &BTreeSet::new());
        let leg = |id: &TransactionId| legs.iter().find(|leg| leg.id == *id).unwrap();
        let mut linked = BTreeSet::new();
        for pair in &found {
            prop_assert!(is_candidate(leg(&pair.out), leg(&pair.into)));
            prop_assert!(pair.score >= SUGGEST);
            if pair.verdict == Verdict::Auto {
                prop_assert!(linked.insert(&pair.out) && linked.insert(&pair.into));
            }
        }
        for pair in found.iter().filter(|pair| pair.verdict == Verdict::Suggest) {
            prop_assert!(!linked.contains(&pair.out) && !linked.contains(&pair.into));
        }
    }
}

fn chosen<'c>(account: &'c AccountId, minor: i64, currency: &str) -> Chosen<'c> {
    Chosen { account, minor, currency: Currency::parse(currency).unwrap(), taken: false }
}

#[test]
fn two_sides_that_a_person_chooses_are_opposite_and_free() {
    let (here, there) = (AccountId::new("here"), AccountId::new("there"));
    let out = chosen(&here, -500, "USD");
    let into = chosen(&there, 500, "USD");

    assert_eq!(may_link(out, into), Ok(()));
    assert_eq!(may_link(into, out), Ok(()));
    assert_eq!(may_link(out, chosen(&there, 460, "EUR")), Ok(()));
    for other in [
        chosen(&here, 500, "USD"),
        chosen(&there, 499, "USD"),
        chosen(&there, -500, "USD"),
        chosen(&there, -460, "EUR"),
        chosen(&there, 0, "EUR"),
    ] {
        assert_eq!(may_link(out, other), Err(Code::PairSides), "{other:?}");
    }
    assert_eq!(may_link(out, Chosen { taken: true, ..into }), Err(Code::PairTaken));
}

#[test]
fn a_category_that_a_person_gave_stays_and_a_guess_does_not() {
    assert!(keeps_category("giving", Writer::User));
    assert!(keeps_category("transfer.savings", Writer::Default));
    assert!(!keeps_category("giving", Writer::Rule));
    assert!(!keeps_category("uncategorized", Writer::User));
    assert_eq!(category_into(AccountType::Credit), "transfer.card_payment");
}
