use proptest::prelude::*;

use super::*;
use crate::Currency;

const SHOPPING: Money = Money::new(-10_000, Currency::USD);
const SALARY: Money = Money::new(240_000, Currency::USD);

fn form(parts: &[(&str, &str)]) -> SplitForm {
    let part = |(amount, category): &(&str, &str)| PartForm {
        amount: (*amount).to_owned(),
        category: (*category).to_owned(),
        ..PartForm::default()
    };
    SplitForm { parts: parts.iter().map(part).collect() }
}

fn minors(form: &SplitForm, whole: Money) -> Vec<i64> {
    form.parse(whole).unwrap().iter().map(|part| part.minor).collect()
}

fn errors(form: &SplitForm, whole: Money) -> Vec<(String, String)> {
    let errors = form.parse(whole).unwrap_err();
    errors.into_iter().map(|error| (error.field, error.code)).collect()
}

fn error(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

#[test]
fn parts_go_the_way_of_their_row() {
    let parts = form(&[("60", "food.groceries"), ("40.00", "personal.care")]);
    assert_eq!(minors(&parts, SHOPPING), [-6_000, -4_000]);
    let parts = form(&[("3,000", "income.salary"), ("-600", "financial.taxes")]);
    assert_eq!(minors(&parts, SALARY), [300_000, -60_000]);
    let parts = form(&[("120", "shopping.general"), ("-20", "income.other")]);
    assert_eq!(minors(&parts, SHOPPING), [-12_000, 2_000]);
}

#[test]
fn a_part_keeps_its_note_and_tags() {
    let mut parts = form(&[("60", "food.school-lunch"), ("40", "food")]);
    parts.parts[0].note = " For the kids ".to_owned();
    parts.parts[0].tags = "school, Kids".to_owned();

    let parsed = parts.parse(SHOPPING).unwrap();

    assert_eq!(parsed[0].note.as_deref(), Some("For the kids"));
    assert_eq!(parsed[0].tags, ["kids", "school"]);
    assert_eq!(parsed[1].note, None);
    assert_eq!(PartForm::of(&parsed[0], SHOPPING).amount, "60.00");
    assert_eq!(PartForm::of(&parsed[0], SHOPPING).tags, "kids, school");
}

#[test]
fn parts_that_do_not_add_up_are_told_with_both_sums() {
    let parts = form(&[("60", "food"), ("30", "travel")]);
    let errors = parts.parse(SHOPPING).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].field.as_str(), errors[0].code.as_str()), ("parts", "split_sum"));
    assert_eq!(errors[0].message, "The parts add up to $90.00, not $100.00.");

    let yen = Money::new(-1_000, Currency::parse("JPY").unwrap());
    let errors = form(&[("600", "food"), ("-300", "food")]).parse(yen).unwrap_err();
    assert_eq!(errors[0].message, "The parts add up to ¥300, not ¥1,000.");
}

#[test]
fn there_are_two_to_twenty_parts() {
    assert_eq!(errors(&form(&[("100", "food")]), SHOPPING), [error("parts", "split_parts")]);
    assert_eq!(errors(&form(&[]), SHOPPING)[0], error("parts", "split_parts"));
    let twenty = form(&[("5", "food"); 20]);
    assert_eq!(minors(&twenty, SHOPPING), [-500; 20]);
    let more = form(&[("5", "food"); 21]);
    assert_eq!(errors(&more, SHOPPING)[0], error("parts", "split_parts"));
    assert_eq!(more.parse(SHOPPING).unwrap_err()[0].message, "Use 2 to 20 parts.");
}

#[test]
fn every_wrong_field_is_named_by_the_line_it_stands_on() {
    let mut parts =
        form(&[("", ""), ("x", "food"), ("", "travel"), ("0", "zzz"), ("1.005", "food")]);
    parts.parts[1].tags = "a|b".to_owned();
    parts.parts[2].note = "a\u{202E}b".to_owned();

    let expected = [
        error("parts[1].amount", "amount_number"),
        error("parts[1].tags", "tag_characters"),
        error("parts[2].amount", "amount_required"),
        error("parts[2].note", "text_characters"),
        error("parts[3].amount", "amount_zero"),
        error("parts[3].category", "category_unknown"),
        error("parts[4].amount", "amount_precision"),
    ];
    assert_eq!(errors(&parts, SHOPPING), expected);
}

#[test]
fn what_is_left_counts_down_to_zero() {
    let left = |parts: &[(&str, &str)], whole| form(parts).remaining(whole).unwrap().format();
    assert_eq!(left(&[], SHOPPING), "$100.00");
    assert_eq!(left(&[("60", ""), ("x", "")], SHOPPING), "$40.00");
    assert_eq!(left(&[("60", ""), ("40", "")], SHOPPING), "$0.00");
    assert_eq!(left(&[("60", ""), ("50", "")], SHOPPING), "−$10.00");
    assert_eq!(left(&[("1,000", "")], SALARY), "$1,400.00");
}

#[test]
fn what_is_left_is_said_and_goes_to_the_last_part() {
    let words = |parts: &[(&str, &str)]| form(parts).left_words(SHOPPING).unwrap();
    assert_eq!(words(&[("60", "")]), "$40.00 of $100.00 left for further parts");
    assert_eq!(words(&[("60", ""), ("50", "")]), "$10.00 more than the $100.00 there is");
    assert_eq!(words(&[("60", ""), ("40", "")]), "The parts add up to $100.00");

    let last = |parts: &[(&str, &str)]| {
        form(parts).balanced(SHOPPING).unwrap().parts.pop().unwrap().amount
    };
    assert_eq!(last(&[("60", "food"), ("x", "food")]), "40.00");
    assert_eq!(last(&[("60", "food"), ("", "")]), "40.00");
    assert_eq!(last(&[("100", "food"), ("1", "")]), "");
    assert_eq!(last(&[("120", "food"), ("1", "")]), "-20.00");
    assert_eq!(form(&[]).balanced(SHOPPING), None);
}

#[test]
fn only_posted_rows_that_are_no_transfer_can_be_split() {
    assert_eq!(may_split(TransactionStatus::Completed, false), Ok(()));
    assert_eq!(may_split(TransactionStatus::Completed, true), Err(Code::SplitPaired));
    assert_eq!(may_split(TransactionStatus::Pending, false), Err(Code::SplitPending));
    assert_eq!(may_split(TransactionStatus::Failed, false), Err(Code::SplitPending));
}

fn part(minor: i64) -> Part {
    Part { minor, category: "food".to_owned(), note: None, tags: Vec::new() }
}

fn followed(parts: &[i64], total: i64) -> Option<Vec<i64>> {
    let parts = follow(parts.iter().copied().map(part).collect(), total)?;
    Some(parts.iter().map(|part| part.minor).collect())
}

#[test]
fn the_last_part_takes_the_difference() {
    assert_eq!(followed(&[-6_000, -4_000], -11_000), Some(vec![-6_000, -5_000]));
    assert_eq!(followed(&[-6_000, -4_000], -10_000), Some(vec![-6_000, -4_000]));
    assert_eq!(followed(&[-6_000, -4_000], -5_000), Some(vec![-6_000, 1_000]));
    assert_eq!(followed(&[-1, -2, -3], -3), Some(vec![-1, -2]));
    assert_eq!(followed(&[-6_000, -4_000], -6_000), Some(vec![]));
    assert_eq!(followed(&[i64::MAX, i64::MAX], 0), None);
    assert_eq!(followed(&[i64::MAX, -1], i64::MIN), None);
}

proptest! {
    #[test]
    fn what_is_accepted_adds_up(stored in prop::collection::vec(-500_000_i64..500_000, 2..=20)) {
        prop_assume!(stored.iter().all(|minor| *minor != 0));
        let whole = Money::new(stored.iter().sum(), Currency::USD);
        let typed: Vec<String> = stored
            .iter()
            .map(|minor| if whole.minor < 0 { -minor } else { *minor })
            .map(|minor| Money::new(minor, Currency::USD).to_plain())
            .collect();
        let typed: Vec<(&str, &str)> = typed.iter().map(|text| (text.as_str(), "food")).collect();
        let form = form(&typed);

        let parts = form.parse(whole).unwrap();

        prop_assert_eq!(parts.iter().map(|part| part.minor).collect::<Vec<_>>(), stored);
        prop_assert_eq!(check_sum(&parts, whole), Ok(()));
        prop_assert_eq!(form.remaining(whole).unwrap().minor, 0);
        for (part, form) in parts.iter().zip(&form.parts) {
            prop_assert_eq!(&PartForm::of(part, whole).amount, &form.amount);
        }
    }

    #[test]
    fn parts_follow_their_row(amounts in prop::collection::vec(1_i64..1_000_000, 2..=20), total in -10_000_000_i64..10_000_000) {
        let followed = followed(&amounts, total).unwrap();
        if followed.is_empty() {
            prop_assert_eq!(total, amounts[0]);
        } else {
            prop_assert_eq!(followed.iter().sum::<i64>(), total);
            prop_assert!(followed.len() >= 2 && followed.iter().all(|minor| *minor != 0));
            prop_assert_eq!(&followed[..followed.len() - 1], &amounts[..followed.len() - 1]);
        }
    }
}
