use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn form(amount1: &str, amount2: &str) -> AnswerForm {
    AnswerForm { amount1: amount1.to_owned(), amount2: amount2.to_owned(), code: String::new() }
}

fn canonical(amount1: &str, amount2: &str) -> Option<String> {
    let answer = form(amount1, amount2).parse(DepositKind::Amounts).ok()?;
    Some(answer.canonical())
}

fn errors(form: &AnswerForm, kind: DepositKind) -> Vec<(String, String)> {
    let errors = form.parse(kind).err().unwrap_or_default();
    errors.into_iter().map(|error| (error.field, error.code)).collect()
}

#[test]
fn an_amount_may_be_typed_in_many_ways() {
    let cases = [
        ("0.32", 32),
        (".32", 32),
        ("32", 32),
        ("$0.32", 32),
        ("$.32", 32),
        (" $ 0.32 ", 32),
        ("+0.32", 32),
        ("032", 32),
        (".3", 30),
        ("0.3", 30),
        ("0.03", 3),
        ("3", 3),
        // After a printed "$0.": the two digits, or the whole amount all the same.
        ("07", 7),
        ("7", 7),
        ("0.07", 7),
        (".07", 7),
        ("$0.07", 7),
        ("1", 1),
        ("0.98", 98),
        ("98", 98),
    ];
    for (text, expected) in cases {
        assert_eq!(cents(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_cannot_be_a_deposit_is_told_apart() {
    let cases = [
        ("", Code::AmountRequired),
        ("  ", Code::AmountRequired),
        ("x", Code::AmountNumber),
        (".", Code::AmountNumber),
        ("$", Code::AmountNumber),
        ("0.325", Code::AmountNumber),
        ("0,32", Code::AmountNumber),
        ("３２", Code::AmountNumber),
        ("1e1", Code::AmountNumber),
        ("0", Code::AmountRange),
        ("0.00", Code::AmountRange),
        ("99", Code::AmountRange),
        ("100", Code::AmountRange),
        ("0.99", Code::AmountRange),
        ("1.32", Code::AmountRange),
        ("$32", Code::AmountRange),
        ("-0.32", Code::AmountRange),
        ("288", Code::AmountRange),
        ("99999999999999999999999999", Code::AmountRange),
        ("99999999999999999999999999.00", Code::AmountRange),
    ];
    for (text, code) in cases {
        assert_eq!(cents(text), Err(code), "{text}");
    }
}

#[test]
fn two_amounts_are_the_same_in_either_order() {
    assert_eq!(canonical("45", "32").as_deref(), Some("32,45"));
    assert_eq!(canonical(".32", "$0.45").as_deref(), Some("32,45"));
    assert_eq!(canonical("8", "11").as_deref(), Some("8,11"));
}

#[test]
fn every_error_of_an_answer_is_said_at_its_field() {
    let pair = |field: &str, code: &str| (field.to_owned(), code.to_owned());
    let amounts = DepositKind::Amounts;

    assert_eq!(errors(&form("32", "32"), amounts), [pair("amount2", "amounts_must_differ")]);
    assert_eq!(errors(&form("0", "45"), amounts), [pair("amount1", "amount_range")]);
    assert_eq!(
        errors(&form("x", "100"), amounts),
        [pair("amount1", "amount_number"), pair("amount2", "amount_range")]
    );
    assert_eq!(
        errors(&form("", ""), amounts),
        [pair("amount1", "amount_required"), pair("amount2", "amount_required")]
    );
    assert_eq!(errors(&form("32", "45"), DepositKind::Code), [pair("code", "code_required")]);
}

#[test]
fn a_code_may_be_typed_in_many_ways() {
    let cases = [
        ("7K2M", "7K2M"),
        ("7k2m", "7K2M"),
        ("CF7K2M", "7K2M"),
        (" cf 7k 2m ", "7K2M"),
        ("CF\u{A0}7K2M", "7K2M"),
        ("CF2K", "CF2K"),
        ("CFCF2K", "CF2K"),
    ];
    for (text, expected) in cases {
        let code = DepositCode::parse(text).ok();
        assert_eq!(code.as_ref().map(DepositCode::as_str), Some(expected), "{text}");
    }
}

#[test]
fn what_cannot_be_a_code_is_refused() {
    for text in [
        "7K2", "7K2MM", "CF7K2", "CF", "7K2O", "7K21", "7I2M", "7K0M", "ßK2M", "CF-7K2M",
        "CFCF7K2M",
    ] {
        assert_eq!(DepositCode::parse(text).err(), Some(Code::DepositCodeInvalid), "{text}");
    }
    assert_eq!(DepositCode::parse(" ").err(), Some(Code::CodeRequired));
}

#[test]
fn the_debit_takes_back_what_the_credits_gave() {
    let amounts = Answer::from_canonical(DepositKind::Amounts, "32,45").unwrap();
    assert_eq!(amounts.deposits(), [32, 45, -77]);
    assert_eq!(amounts.statement_text(), "COFFER ACCTVERIFY");

    let code = Answer::from_canonical(DepositKind::Code, "7K2M").unwrap();
    assert_eq!(code.deposits(), [1]);
    assert_eq!(code.statement_text(), "COFFER ACCTVERIFY CF7K2M");
}

#[test]
fn only_the_canonical_text_is_read_back() {
    for text in ["45,32", "32,32", "032,45", "32, 45", "0,45", "32", "32,99", ""] {
        assert!(Answer::from_canonical(DepositKind::Amounts, text).is_none(), "{text}");
    }
    for text in ["7k2m", "CF7K2M", "7K2O", ""] {
        assert!(Answer::from_canonical(DepositKind::Code, text).is_none(), "{text}");
    }
}

#[test]
fn every_pair_is_equally_likely() {
    let pairs: BTreeSet<(u8, u8)> =
        (0..PAIRS).map(|n| Amounts::from_random(n).unwrap().cents()).collect();

    assert_eq!(pairs.len(), 4_753);
    assert!(pairs.iter().all(|(low, high)| 1 <= *low && low < high && *high <= 98));
    // Each pair stands behind the same count of numbers below the limit, and none behind the few above.
    assert_eq!(PAIRS_LIMIT % PAIRS, 0);
    assert_eq!(PAIRS_LIMIT / PAIRS, u32::MAX / PAIRS);
    assert!(Amounts::from_random(PAIRS_LIMIT - 1).is_some());
    assert!(Amounts::from_random(PAIRS_LIMIT).is_none());
    assert!(Amounts::from_random(u32::MAX).is_none());
}

#[test]
fn every_code_is_equally_likely() {
    let letters = |n: u32| DepositCode::from_random(n).as_str().to_owned().into_bytes();
    let zero = letters(0);
    assert_eq!(zero.len(), CODE_LENGTH);

    // Twenty bits, five for each place: every place takes every letter, and changes no other place.
    for place in 0..CODE_LENGTH {
        let codes: Vec<Vec<u8>> = (0..32).map(|bits| letters(bits << (5 * place))).collect();
        let there: BTreeSet<u8> = codes.iter().map(|code| code[place]).collect();
        assert_eq!(there.len(), 32, "place {place}");
        for other in (0..CODE_LENGTH).filter(|other| *other != place) {
            assert!(codes.iter().all(|code| code[other] == zero[other]), "place {place}");
        }
    }
    assert_eq!(letters(u32::MAX), letters((1 << 20) - 1));
}

#[test]
fn blind_guessing_is_as_hopeless_as_promised() {
    assert_eq!((DepositKind::Amounts.tries(), PAIRS), (3, 98 * 97 / 2));
    assert_eq!((DepositKind::Code.tries(), ALPHABET.len().pow(4)), (5, 1_048_576));
}

#[test]
fn a_number_that_favours_some_pairs_is_asked_for_again() {
    let mut numbers = [u32::MAX, PAIRS_LIMIT, 5].into_iter();

    let answer = Answer::generate(DepositKind::Amounts, || numbers.next().unwrap());

    assert_eq!(answer.canonical(), "1,7");
    assert_eq!(numbers.next(), None);
}

proptest! {
    #[test]
    fn what_was_made_can_be_typed_and_read_back(random in 0..PAIRS_LIMIT, is_code: bool) {
        let kind = if is_code { DepositKind::Code } else { DepositKind::Amounts };
        let answer = Answer::generate(kind, || random);

        let read = Answer::from_canonical(kind, &answer.canonical());
        prop_assert!(read.is_some_and(|read| read == answer));
        let typed = match &answer {
            Answer::Amounts(amounts) => {
                let (low, high) = amounts.cents();
                form(&high.to_string(), &format!("$0.{low:02}"))
            }
            Answer::Code(code) => {
                AnswerForm { code: format!("cf {}", code.as_str().to_lowercase()), ..form("", "") }
            }
        };
        prop_assert!(typed.parse(kind).is_ok_and(|typed| typed == answer));
        prop_assert_eq!(answer.kind(), kind);
    }

    #[test]
    fn each_place_of_a_code_has_five_bits_of_its_own(random: u32) {
        let code = DepositCode::from_random(random);
        for (place, letter) in code.as_str().bytes().enumerate() {
            let alone = DepositCode::from_random(random & (31 << (5 * place)));
            prop_assert_eq!(alone.as_str().as_bytes().get(place), Some(&letter));
        }
    }

    #[test]
    fn any_text_is_answered_without_a_panic(text in "\\PC{0,12}") {
        let typed = AnswerForm { amount1: text.clone(), amount2: text.clone(), code: text };

        // One text twice can never be two different amounts.
        prop_assert!(typed.parse(DepositKind::Amounts).is_err());
        if let Ok(answer) = typed.parse(DepositKind::Code) {
            prop_assert_eq!(answer.canonical().len(), CODE_LENGTH);
        }
    }

    #[test]
    fn the_order_makes_no_difference(one in 1_u8..=98, other in 1_u8..=98) {
        let (forth, back) = (Amounts::new(one, other), Amounts::new(other, one));
        prop_assert!(forth == back);
        prop_assert_eq!(forth.is_ok(), one != other);
    }
}
