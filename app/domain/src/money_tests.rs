use proptest::prelude::*;

use super::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

#[test]
fn amounts_are_written_for_people() {
    let usd = |minor| Money::new(minor, Currency::USD);
    assert_eq!(usd(123_456).format(), "$1,234.56");
    assert_eq!(usd(-123_456).format(), "−$1,234.56");
    assert_eq!(usd(2000).format_signed(), "+$20.00");
    assert_eq!(usd(-450).format_signed(), "−$4.50");
    assert_eq!(usd(0).format(), "$0.00");
    assert_eq!(usd(0).format_signed(), "$0.00");
    assert_eq!(usd(100_000_000).format(), "$1,000,000.00");
    assert_eq!(usd(i64::MIN).format(), "−$92,233,720,368,547,758.08");
    assert_eq!(Money::new(1235, currency("JPY")).format(), "¥1,235");
    assert_eq!(Money::new(1234, currency("KWD")).format(), "KWD 1.234");
    assert_eq!(Money::new(-1234, currency("KWD")).format(), "−KWD 1.234");
    assert_eq!(Money::new(5, currency("CLF")).format(), "CLF 0.0005");
    assert_eq!(Money::new(999, currency("EUR")).format(), "€9.99");
}

#[test]
fn amounts_are_written_plainly_for_programs() {
    assert_eq!(Money::new(-123_456, Currency::USD).to_plain(), "-1234.56");
    assert_eq!(Money::new(1235, currency("JPY")).to_plain(), "1235");
}

#[test]
fn typed_amounts_are_read() {
    let cases = [
        ("1234.56", 123_456),
        ("1,234.56", 123_456),
        (" $ 1,234.56 ", 123_456),
        ("-4.5", -450),
        ("−$4.50", -450),
        ("$-4.50", -450),
        ("(3.00)", -300),
        ("+20", 2000),
        (".32", 32),
        (".3", 30),
        ("0", 0),
        ("007", 700),
        ("USD 5", 500),
    ];
    for (text, minor) in cases {
        assert_eq!(parse_minor(text, Currency::USD), Ok(minor), "{text}");
    }
}

#[test]
fn what_is_not_an_amount_is_refused() {
    let refused = [
        "abc", "1,23", "1,2345", "12,34.5", "1.2.3", "--1", "-$-1", "(1", "1)", ".", "-", "5.",
        "1e3", "£5", "١٢",
    ];
    for text in refused {
        assert_eq!(parse_minor(text, Currency::USD), Err(Code::AmountNumber), "{text}");
    }
    assert_eq!(parse_minor("  ", Currency::USD), Err(Code::AmountRequired));
}

#[test]
fn decimals_beyond_the_currency_are_refused_even_when_zero() {
    assert_eq!(parse_minor("3.000", Currency::USD), Err(Code::AmountPrecision(Currency::USD)));
    assert_eq!(parse_minor("1.5", currency("JPY")), Err(Code::AmountPrecision(currency("JPY"))));
    assert_eq!(parse_minor("1.234", currency("KWD")), Ok(1234));
}

#[test]
fn amounts_have_an_end() {
    assert_eq!(parse_minor("10,000,000,000.00", Currency::USD), Ok(MAX_MINOR));
    assert_eq!(parse_minor("10000000000.01", Currency::USD), Err(Code::AmountTooLarge));
    assert_eq!(parse_minor(&"9".repeat(400), Currency::USD), Err(Code::AmountTooLarge));
}

#[test]
fn halves_go_to_the_even_neighbour() {
    let cases = [
        (105, 2, 52),
        (107, 2, 54),
        (-105, 2, -52),
        (-107, 2, -54),
        (7, 3, 2),
        (8, 3, 3),
        (5, -2, -2),
        (7, -2, -4),
    ];
    for (value, divisor, expected) in cases {
        assert_eq!(div_round_half_even(value, divisor), Some(expected), "{value} / {divisor}");
    }
    assert_eq!(div_round_half_even(1, 0), None);
    assert_eq!(div_round_half_even(i64::MIN, -1), None);
}

#[test]
fn a_sum_of_two_currencies_does_not_exist() {
    let dollars = Money::new(1, Currency::USD);
    assert_eq!(dollars.checked_add(Money::new(1, currency("EUR"))), None);
    assert_eq!(dollars.checked_sub(Money::new(1, currency("EUR"))), None);
    assert_eq!(dollars.checked_add(Money::new(i64::MAX, Currency::USD)), None);
    assert_eq!(Money::new(i64::MIN, Currency::USD).checked_neg(), None);
}

#[test]
fn a_thousand_in_three_gives_the_first_part_one_more() {
    let parts = Money::new(1000, Currency::USD).split(3).unwrap();
    assert_eq!(parts.iter().map(|part| part.minor).collect::<Vec<_>>(), [334, 333, 333]);
    assert_eq!(Money::new(1000, Currency::USD).split(0), None);
}

#[test]
fn the_middle_of_two_is_whole_when_doubled() {
    assert_eq!(doubled_median(&[]), None);
    assert_eq!(doubled_median(&[9, 1, 4]), Some(8));
    assert_eq!(doubled_median(&[4, 1, 9, 1]), Some(5));
    assert_eq!(median(&[4, 1, 9, 1]), Some(2));
    assert_eq!(doubled_median(&[i64::MAX, i64::MAX]), None);
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(minor in -MAX_MINOR..=MAX_MINOR, pick in any::<prop::sample::Index>()) {
        let all: Vec<Currency> = Currency::all().collect();
        let money = Money::new(minor, *pick.get(&all));

        prop_assert_eq!(parse_minor(&money.format(), money.currency), Ok(minor));
        prop_assert_eq!(parse_minor(&money.format_signed(), money.currency), Ok(minor));
        prop_assert_eq!(parse_minor(&money.to_plain(), money.currency), Ok(minor));
    }

    #[test]
    fn parts_add_up_and_differ_by_one_at_most(minor in any::<i64>(), parts in 1_u32..60) {
        let parts = Money::new(minor, Currency::USD).split(parts).unwrap();
        let sum: i128 = parts.iter().map(|part| i128::from(part.minor)).sum();

        prop_assert_eq!(sum, i128::from(minor));
        prop_assert!(parts[0].minor - parts[parts.len() - 1].minor <= 1);
    }

    #[test]
    fn rounding_is_never_more_than_half_away(value in any::<i64>(), divisor in 1_i64..1_000_000) {
        let rounded = i128::from(div_round_half_even(value, divisor).unwrap());
        let distance = (rounded * i128::from(divisor) - i128::from(value)).abs();

        prop_assert!(distance * 2 <= i128::from(divisor));
    }

    #[test]
    fn any_text_is_answered_without_a_panic(text in "\\PC{0,40}") {
        let _ = parse_minor(&text, Currency::USD);
    }
}
