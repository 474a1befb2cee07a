use proptest::prelude::*;
use serde_json::json;
use time::macros::date;

use super::*;
use crate::ledger::provenance::Writer;
use crate::{Currency, FieldError};

fn account() -> AccountId {
    AccountId::new("acc_1")
}

fn coffee(account: &AccountId) -> Subject<'_> {
    Subject {
        description: "SQ *BLUE BOTTLE  0231 SEATTLE WA",
        merchant: Some("Blue Bottle Coffee"),
        merchant_key: "blue bottle",
        minor: -450,
        currency: Currency::USD,
        account,
        date: date!(2026 - 05 - 31),
        provider_category: Some("FOOD_AND_DRINK_COFFEE"),
    }
}

fn condition(field: &str, operator: &str, value: &str, to: &str) -> ConditionForm {
    ConditionForm {
        field: field.to_owned(),
        operator: operator.to_owned(),
        value: value.to_owned(),
        to: to.to_owned(),
    }
}

fn action(kind: &str, value: &str) -> ActionForm {
    ActionForm { kind: kind.to_owned(), value: value.to_owned() }
}

fn rule(conditions: Vec<ConditionForm>, actions: Vec<ActionForm>) -> Rule {
    RuleForm { conditions, actions, ..RuleForm::default() }.parse().unwrap()
}

fn holds(field: &str, operator: &str, value: &str, to: &str) -> bool {
    let rule = rule(vec![condition(field, operator, value, to)], vec![action("exclude", "")]);
    Compiled::new(&rule).unwrap().matches(&coffee(&account()))
}

#[test]
fn every_condition_looks_at_its_field() {
    let cases = [
        ("description", "contains", "blue  Bottle", "", true),
        ("description", "contains", "ｂｌｕｅ", "", true),
        ("description", "contains", "red", "", false),
        ("description", "equals", "sq *blue bottle 0231 seattle wa", "", true),
        ("description", "equals", "blue bottle", "", false),
        ("description", "startsWith", "SQ *", "", true),
        ("description", "startsWith", "blue", "", false),
        ("description", "regex", r"bottle \d{4}\b", "", true),
        ("description", "regex", r"^bottle", "", false),
        ("merchant", "equals", "Blue bottle coffee", "", true),
        ("merchant", "equals", "blue bottle", "", true),
        ("merchant", "contains", "coffee", "", true),
        ("merchant", "equals", "bottle", "", false),
        ("amount", "equals", "4.50", "", true),
        ("amount", "equals", "-4.5", "", true),
        ("amount", "equals", "4.51", "", false),
        ("amount", "between", "4.50", "5", true),
        ("amount", "between", "4", "4.50", true),
        ("amount", "between", "4.51", "9", false),
        ("direction", "equals", "out", "", true),
        ("direction", "", "in", "", false),
        ("account", "equals", "acc_1", "", true),
        ("account", "equals", "acc_2", "", false),
        ("currency", "equals", "usd", "", true),
        ("currency", "equals", "EUR", "", false),
        ("day", "equals", "31", "", true),
        ("day", "equals", "30", "", false),
        ("day", "between", "28", "31", true),
        ("day", "between", "1", "30", false),
        ("providerCategory", "equals", "food_and_drink_coffee", "", true),
        ("providerCategory", "startsWith", "FOOD_", "", true),
        ("providerCategory", "startsWith", "TRAVEL", "", false),
    ];
    for (field, operator, value, to, expected) in cases {
        assert_eq!(holds(field, operator, value, to), expected, "{field} {operator} {value} {to}");
    }
}

#[test]
fn a_row_without_merchant_or_providers_category_matches_no_text() {
    let account = account();
    let row =
        Subject { merchant: None, merchant_key: "", provider_category: None, ..coffee(&account) };
    for field in ["merchant", "providerCategory"] {
        let rule = rule(vec![condition(field, "regex", ".*", "")], vec![action("exclude", "")]);
        assert!(!Compiled::new(&rule).unwrap().matches(&row), "{field}");
    }
}

#[test]
fn an_amount_means_the_same_in_every_currency() {
    let test = AmountTest::Between { value: 2_000, to: 2_050 };
    let currency = |code| Currency::parse(code).unwrap();
    let cases = [
        ("USD", 2_000, true),
        ("USD", -2_050, true),
        ("USD", 2_051, false),
        ("JPY", 20, true),
        ("JPY", 21, false),
        ("KWD", 20_500, true),
        ("KWD", 20_501, false),
        ("KWD", 19_999, false),
        ("CLF", 200_000, true),
    ];
    for (code, minor, expected) in cases {
        assert_eq!(test.holds(minor, currency(code)), expected, "{minor} {code}");
    }
    assert!(!test.holds(i64::MIN, Currency::USD));
}

#[test]
fn conditions_go_together_by_all_or_by_any() {
    let form = |word: &str| RuleForm {
        r#match: word.to_owned(),
        conditions: vec![
            condition("direction", "equals", "out", ""),
            condition("day", "equals", "1", ""),
        ],
        actions: vec![action("exclude", "")],
        ..RuleForm::default()
    };
    let fits = |word: &str| {
        let rule = form(word).parse().unwrap();
        Compiled::new(&rule).unwrap().matches(&coffee(&account()))
    };
    assert!(!fits("all"));
    assert!(!fits(""));
    assert!(fits("any"));
}

fn outcome(rules: &[Rule]) -> Outcome {
    let rules: Vec<Compiled> = rules.iter().map(|rule| Compiled::new(rule).unwrap()).collect();
    evaluate(&rules, &coffee(&account()))
}

fn always(actions: Vec<ActionForm>) -> Rule {
    rule(vec![condition("direction", "equals", "out", "")], actions)
}

#[test]
fn the_first_rule_that_sets_a_field_wins_for_that_field() {
    let never =
        rule(vec![condition("direction", "equals", "in", "")], vec![action("category", "income")]);
    let rules = [
        never,
        always(vec![action("category", "food.coffee"), action("tag", "Work"), action("tag", "am")]),
        always(vec![
            action("category", "food"),
            action("merchant", "Blue Bottle"),
            action("tag", "other"),
            action("note", "first note"),
        ]),
        always(vec![action("note", "second"), action("exclude", ""), action("transfer", "acc_2")]),
    ];

    let outcome = outcome(&rules);

    let chosen = |value: &str, rule| Some(Chosen { value: value.to_owned(), rule });
    assert_eq!(outcome.category, chosen("food.coffee", 1));
    assert_eq!(outcome.merchant, chosen("Blue Bottle", 2));
    assert_eq!(outcome.note, chosen("first note", 2));
    let tags = vec!["am".to_owned(), "work".to_owned()];
    assert_eq!(outcome.tags, Some(Chosen { value: tags, rule: 1 }));
    assert_eq!(outcome.exclude, Some(Chosen { value: (), rule: 3 }));
    assert_eq!(outcome.transfer, Some(Chosen { value: "acc_2".into(), rule: 3 }));
    assert_eq!(outcome.fitting, [1, 2, 3]);
}

#[test]
fn a_rule_that_stops_ends_it_when_it_fits() {
    let stop = |way: &str| Rule {
        stop: true,
        ..rule(vec![condition("direction", "equals", way, "")], vec![action("tag", "x")])
    };
    let last = always(vec![action("category", "food")]);

    assert_eq!(outcome(&[stop("out"), last.clone()]).fitting, [0]);
    assert_eq!(outcome(&[stop("in"), last]).fitting, [1]);
}

fn untouched<'r>() -> Current<'r> {
    Current {
        category: "uncategorized",
        category_by: Writer::Default,
        merchant: None,
        merchant_by: Writer::Default,
        note: None,
        note_by: Writer::Default,
        tags: &[],
        tags_by: Writer::Default,
        excluded: false,
        excluded_by: Writer::Default,
        paired: false,
    }
}

fn everything() -> Outcome {
    outcome(&[always(vec![
        action("category", "food.coffee"),
        action("merchant", "Blue Bottle"),
        action("tag", "work"),
        action("note", "a note"),
        action("exclude", ""),
        action("transfer", "acc_2"),
    ])])
}

#[test]
fn rules_change_what_no_person_set() {
    let tags = ["trip".to_owned()];
    let row = Current {
        category_by: Writer::Provider,
        tags: &tags,
        tags_by: Writer::Rule,
        ..untouched()
    };

    let changes = everything().changes(&row);

    assert_eq!(changes.category.as_deref(), Some("food.coffee"));
    assert_eq!(changes.merchant.as_deref(), Some("Blue Bottle"));
    assert_eq!(changes.note.as_deref(), Some("a note"));
    assert_eq!(changes.tags.unwrap(), ["trip", "work"]);
    assert!(changes.exclude);
    assert_eq!(changes.transfer, Some("acc_2".into()));
}

#[test]
fn rules_leave_alone_what_a_person_set() {
    let by = Writer::User;
    let row = Current {
        category_by: by,
        merchant_by: by,
        note_by: by,
        tags_by: by,
        excluded_by: by,
        paired: true,
        ..untouched()
    };
    assert!(everything().changes(&row).is_empty());
}

#[test]
fn a_row_that_is_so_already_is_not_changed() {
    let tags = ["trip".to_owned(), "work".to_owned()];
    let row = Current {
        category: "food.coffee",
        merchant: Some("Blue Bottle"),
        note: Some("a note"),
        tags: &tags,
        excluded: true,
        paired: true,
        ..untouched()
    };
    assert!(everything().changes(&row).is_empty());
    assert!(Outcome::default().changes(&untouched()).is_empty());
}

#[test]
fn a_rule_is_kept_as_json() {
    let rule = RuleForm {
        r#match: "any".to_owned(),
        conditions: vec![
            condition("description", "contains", "coffee", ""),
            condition("merchant", "regex", "^a", ""),
            condition("amount", "between", "20", "50"),
            condition("direction", "equals", "out", ""),
            condition("account", "equals", "acc_1", ""),
            condition("currency", "equals", "EUR", ""),
            condition("day", "equals", "1", ""),
        ],
        actions: vec![action("category", "food"), action("exclude", ""), action("transfer", "a")],
        stop: "on".to_owned(),
    };
    let rule = rule.parse().unwrap();

    let json = serde_json::to_value(&rule).unwrap();

    let expected = json!({
        "match": "any",
        "conditions": [
            { "field": "description", "operator": "contains", "value": "coffee" },
            { "field": "merchant", "operator": "regex", "value": "^a" },
            { "field": "amount", "operator": "between", "value": 2000, "to": 5000 },
            { "field": "direction", "value": "out" },
            { "field": "account", "value": "acc_1" },
            { "field": "currency", "value": "EUR" },
            { "field": "day", "operator": "equals", "value": 1 },
        ],
        "actions": [
            { "set": "category", "to": "food" },
            { "set": "exclude" },
            { "set": "transfer", "to": "a" },
        ],
        "stop": true,
    });
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_value::<Rule>(json).unwrap(), rule);
}

fn errors(form: &RuleForm) -> Vec<(String, String)> {
    let error = |error: FieldError| (error.field, error.code);
    form.parse().unwrap_err().into_iter().map(error).collect()
}

fn error(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

#[test]
fn a_rule_needs_a_condition_and_something_to_do() {
    let empty = RuleForm {
        conditions: vec![ConditionForm::default()],
        actions: vec![ActionForm::default()],
        ..RuleForm::default()
    };
    let expected = [error("conditions", "rule_empty"), error("actions", "rule_actions")];
    assert_eq!(errors(&empty), expected);
    assert_eq!(empty.parse().unwrap_err()[0].message, "Add a condition.");
}

#[test]
fn every_wrong_field_is_named_by_the_line_it_stands_on() {
    let form = RuleForm {
        r#match: "some".to_owned(),
        conditions: vec![
            ConditionForm::default(),
            condition("description", "regex", "(", ""),
            condition("description", "contains", " ", ""),
            condition("description", "between", "a", "b"),
            condition("weather", "contains", "a", ""),
            condition("amount", "between", "5", "4"),
            condition("amount", "between", "x", ""),
            condition("amount", "contains", "5", ""),
            condition("day", "equals", "32", ""),
            condition("day", "between", "5", "4"),
            condition("direction", "equals", "up", ""),
            condition("account", "equals", "a b", ""),
            condition("currency", "equals", "XXX", ""),
        ],
        actions: vec![
            action("category", "zzz"),
            action("tag", "a|b"),
            action("note", ""),
            action("merchant", &"x".repeat(201)),
            action("transfer", ""),
            action("fly", "x"),
        ],
        ..RuleForm::default()
    };
    let expected = [
        error("match", "option_unknown"),
        error("conditions[1].value", "rule_regex"),
        error("conditions[2].value", "text_required"),
        error("conditions[3].operator", "option_unknown"),
        error("conditions[4].field", "option_unknown"),
        error("conditions[5].to", "amount_order"),
        error("conditions[6].value", "amount_number"),
        error("conditions[6].to", "amount_required"),
        error("conditions[7].operator", "option_unknown"),
        error("conditions[8].value", "day_range"),
        error("conditions[9].to", "day_range"),
        error("conditions[10].value", "option_unknown"),
        error("conditions[11].value", "account_required"),
        error("conditions[12].value", "currency_unknown"),
        error("actions[0].value", "category_unknown"),
        error("actions[1].value", "tag_characters"),
        error("actions[2].value", "text_required"),
        error("actions[3].value", "text_length"),
        error("actions[4].value", "account_required"),
        error("actions[5].kind", "option_unknown"),
    ];
    assert_eq!(errors(&form), expected);
    let message = &form.parse().unwrap_err()[1].message;
    assert_eq!(message, "That pattern isn't valid: a group isn't closed.");
}

#[test]
fn a_rule_has_an_end() {
    let form = RuleForm {
        conditions: vec![condition("day", "equals", "1", ""); 21],
        actions: vec![action("exclude", "")],
        ..RuleForm::default()
    };
    assert_eq!(errors(&form), [error("conditions", "rule_parts")]);
}

#[test]
fn a_kept_rule_with_a_bad_pattern_says_so() {
    let rule = Rule {
        r#match: Match::All,
        conditions: vec![Condition::Description(TextTest::Regex("(".to_owned()))],
        actions: vec![Action::Exclude],
        stop: false,
    };
    assert_eq!(Compiled::new(&rule).err(), Some(Code::RuleRegex("a group isn't closed")));
    let error = RuleForm::of(&rule).parse().unwrap_err();
    assert_eq!(error[0].code, "rule_regex");
}

#[test]
fn always_is_offered_after_the_second_change_by_hand() {
    let offer = |by_hand| offer_always("blue bottle", "food.coffee", by_hand, &[]);
    assert_eq!(offer(0), None);
    assert_eq!(offer(1), None);
    let rule = offer(2).unwrap();
    assert_eq!(offer(3), Some(rule.clone()));

    let outcome = outcome(std::slice::from_ref(&rule));
    assert_eq!(outcome.category.unwrap().value, "food.coffee");
    assert_eq!(RuleForm::of(&rule).parse(), Ok(rule.clone()));
    let other = offer_always("blue bottle", "food", 2, std::slice::from_ref(&rule));
    assert!(other.is_some());
    assert_eq!(offer_always("blue bottle", "food.coffee", 2, &[rule]), None);
}

#[test]
fn nothing_is_offered_without_a_merchant_or_a_category() {
    assert_eq!(offer_always("", "food.coffee", 5, &[]), None);
    assert_eq!(offer_always("blue bottle", "uncategorized", 5, &[]), None);
}

fn conditions() -> impl Strategy<Value = ConditionForm> {
    let field = prop::sample::select(vec!["description", "merchant", "providerCategory"]);
    let operator = prop::sample::select(vec!["contains", "equals", "startsWith", "regex"]);
    prop_oneof![
        (field, operator, "[a-z]{1,3}")
            .prop_map(|(field, test, value)| condition(field, test, &value, "")),
        (0_u32..9_000, 0_u32..9_000).prop_map(|(from, more)| condition(
            "amount",
            "between",
            &format!("{from}.00"),
            &format!("{}.00", from + more)
        )),
        (1_u8..=31).prop_map(|day| condition("day", "equals", &day.to_string(), "")),
        prop::sample::select(vec!["in", "out"]).prop_map(|way| condition(
            "direction",
            "equals",
            way,
            ""
        )),
        "[a-z0-9_]{1,9}".prop_map(|id| condition("account", "equals", &id, "")),
        prop::sample::select(vec!["USD", "JPY"])
            .prop_map(|code| condition("currency", "equals", code, "")),
    ]
}

fn actions() -> impl Strategy<Value = ActionForm> {
    prop_oneof![
        prop::sample::select(vec!["food", "food.coffee", "travel"])
            .prop_map(|key| action("category", key)),
        "[a-z]{1,5}".prop_map(|tag| action("tag", &tag)),
        "[a-z]{1,5}".prop_map(|name| action("merchant", &name)),
        "[a-z]{1,5}".prop_map(|note| action("note", &note)),
        Just(action("exclude", "")),
        "[a-z]{1,5}".prop_map(|id| action("transfer", &id)),
    ]
}

fn forms() -> impl Strategy<Value = RuleForm> {
    let words = prop::sample::select(vec!["all", "any"]);
    let conditions = prop::collection::vec(conditions(), 1..4);
    let actions = prop::collection::vec(actions(), 1..4);
    (words, conditions, actions, any::<bool>()).prop_map(|(word, conditions, actions, stop)| {
        RuleForm {
            r#match: word.to_owned(),
            conditions,
            actions,
            stop: if stop { "on".to_owned() } else { String::new() },
        }
    })
}

proptest! {
    #[test]
    fn a_rule_survives_its_form_and_its_json(form in forms()) {
        let rule = form.parse().unwrap();
        prop_assert_eq!(RuleForm::of(&rule).parse(), Ok(rule.clone()));
        let json = serde_json::to_string(&rule).unwrap();
        prop_assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), rule);
    }

    #[test]
    fn a_rule_behind_others_never_takes_a_field_from_them(forms in prop::collection::vec(forms(), 1..5)) {
        let rules: Vec<Rule> = forms.iter().map(|form| form.parse().unwrap()).collect();
        let (last, before) = rules.split_last().unwrap();
        let less = outcome(before);
        let all = outcome(&rules);

        prop_assert!(all.fitting.starts_with(&less.fitting));
        prop_assert!(less.category.is_none() || all.category == less.category);
        prop_assert!(less.merchant.is_none() || all.merchant == less.merchant);
        prop_assert!(less.tags.is_none() || all.tags == less.tags);
        prop_assert!(less.note.is_none() || all.note == less.note);
        prop_assert!(less.transfer.is_none() || all.transfer == less.transfer);
        let stopped = less.fitting.iter().any(|place| rules[*place].stop);
        let fits = Compiled::new(last).unwrap().matches(&coffee(&account()));
        prop_assert_eq!(all.fitting.contains(&before.len()), fits && !stopped);
    }
}
