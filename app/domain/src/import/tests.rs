//! Whole files, from bytes to rows.

use std::collections::HashMap;

use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::fingerprint::{RowKey, already_here};
use crate::{Code, Currency, Date, csv, query};

const CARD: &str = "date,desc,amount,balance\n2026-05-02,b,5.00,95.00\n2026-05-03,c,-10.00,105.00";
const TODAY: Date = date!(2026 - 06 - 10);

fn table(text: &str) -> Table {
    read(&decode(text.as_bytes()).unwrap()).unwrap()
}

fn understood_as(text: &str, options: &str, currency: &str) -> Interpretation {
    let options = ImportOptions::from_query(&query::parse(options)).unwrap();
    interpret(&table(text), &options, Currency::parse(currency).unwrap(), TODAY)
}

fn understood(text: &str) -> Interpretation {
    understood_as(text, "", "USD")
}

fn rows(result: &Interpretation) -> Vec<(String, i64, &str)> {
    assert_eq!(result.questions, []);
    result
        .good_rows()
        .map(|(_, row)| (row.date.to_string(), row.minor, row.description.as_str()))
        .collect()
}

fn row(date: &str, minor: i64, description: &'static str) -> (String, i64, &'static str) {
    (date.to_owned(), minor, description)
}

fn errors(result: &Interpretation) -> Vec<(u32, String, String)> {
    let failed = result.rows.iter().filter_map(|row| Some((row.line, row.outcome.as_ref().err()?)));
    failed
        .flat_map(|(line, errors)| {
            errors.iter().map(move |e| (line, e.column.clone(), e.code.clone()))
        })
        .collect()
}

fn error(line: u32, column: &str, code: &str) -> (u32, String, String) {
    (line, column.to_owned(), code.to_owned())
}

fn keys(result: &Interpretation) -> Vec<RowKey> {
    result
        .good_rows()
        .map(|(_, row)| RowKey::new(row.date, row.minor, row.currency, &row.description))
        .collect()
}

#[test]
fn c1_equal_rows_are_counted_not_merged() {
    let two = "Date,Description,Amount\n2026-05-04,Coffee,-4.50\n2026-05-04,Coffee,-4.50";
    let result = understood(two);
    assert_eq!(
        rows(&result),
        [row("2026-05-04", -450, "Coffee"), row("2026-05-04", -450, "Coffee")]
    );

    let mut ledger: HashMap<RowKey, u32> = HashMap::new();
    for key in keys(&result) {
        *ledger.entry(key).or_default() += 1;
    }

    assert_eq!(already_here(&keys(&result), &ledger), [true, true]);
    let three = understood(&format!("{two}\n2026-05-04,Coffee,-4.50"));
    assert_eq!(already_here(&keys(&three), &ledger), [true, true, false]);
}

#[test]
fn c2_a_german_file_has_semicolons_commas_and_days_first() {
    let result =
        understood("Buchungstag;Text;Betrag\n04.05.2026;Miete;-1.234,56\n15.05.2026;Lohn;3.000,00");

    assert_eq!(
        rows(&result),
        [row("2026-05-04", -123_456, "Miete"), row("2026-05-15", 300_000, "Lohn")]
    );
    assert_eq!(result.date_format, Some(DateFormat::Dmy));
    assert_eq!(result.decimal, Some(Decimal::Comma));
    assert!(!result.sign_proven);
}

#[test]
fn c3_debit_and_credit_columns_make_a_signed_amount() {
    let result = understood(
        "Date,Memo,Debit,Credit\n05/13/2026,\"ACME, Inc\",12.00,\n05/14/2026,\"Pay \"\"May\"\"\",,100",
    );

    let expected =
        [row("2026-05-13", -1200, "ACME, Inc"), row("2026-05-14", 10_000, "Pay \"May\"")];
    assert_eq!(rows(&result), expected);
    assert_eq!(result.date_format, Some(DateFormat::Mdy));
    assert!(result.sign_proven);
}

#[test]
fn c4_dates_that_could_be_read_both_ways_are_asked() {
    let text = "date,what,amount\n03/04/2026,x,1\n05/06/2026,y,2";
    let result = understood(text);

    let [Question::DateFormat { choices }] = result.questions.as_slice() else {
        panic!("{:?}", result.questions)
    };
    let offered: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(offered, ["dmy", "mdy"]);
    assert_eq!(choices[0].examples[0].text, "03/04/2026");
    assert_eq!(choices[0].examples[0].meaning, "3 April 2026");
    assert_eq!(choices[1].examples[1].meaning, "6 May 2026");
    assert_eq!(result.rows, []);
    assert_eq!(result.date_format, None);

    let answered = understood_as(text, "date=dmy", "USD");
    assert_eq!(rows(&answered), [row("2026-04-03", 100, "x"), row("2026-06-05", 200, "y")]);
}

#[test]
fn c5_three_decimals_are_never_silently_three() {
    let text = "d,t,a\n2026-05-01,x,3.000\n2026-05-02,y,12.000";
    let result = understood(text);

    let [Question::Decimal { choices }] = result.questions.as_slice() else {
        panic!("{:?}", result.questions)
    };
    let meanings: Vec<&str> =
        choices.iter().map(|choice| choice.examples[0].meaning.as_str()).collect();
    assert_eq!(meanings, ["$3.00", "$3,000.00"]);
    assert_eq!(rows(&understood_as(text, "decimal=point", "USD"))[1].1, 1200);

    let proven = understood(&format!("{text}\n2026-05-03,z,5.678"));
    let amounts: Vec<i64> = rows(&proven).into_iter().map(|row| row.1).collect();
    assert_eq!(amounts, [300_000, 1_200_000, 567_800]);
}

#[test]
fn c6_a_mark_quotes_line_breaks_and_brackets() {
    let result = understood("\u{FEFF}Date,Description,Amount\n2026-05-01,\"two\nlines\",(7.25)");
    assert_eq!(rows(&result), [row("2026-05-01", -725, "two lines")]);
}

#[test]
fn c7_a_row_may_have_a_currency_and_its_decimals() {
    let text = "date,desc,amount,currency\n2026-05-01,x,-500,JPY\n2026-05-01,y,1.5,JPY";
    for account in ["JPY", "USD"] {
        let result = understood_as(text, "", account);
        assert_eq!(rows(&result), [row("2026-05-01", -500, "x")]);
        assert_eq!(result.good_rows().next().unwrap().1.currency.code(), "JPY");
        assert_eq!(errors(&result), [error(3, "amount", "amount_precision")]);
    }
}

#[test]
fn c8_errors_name_line_and_column() {
    let result = understood("date,desc,amount\n2026-02-30,x,1\n,y,2\n2026-05-01,,3");

    assert_eq!(
        errors(&result),
        [error(2, "date", "date_invalid"), error(3, "date", "date_required")]
    );
    assert_eq!(rows(&result), [row("2026-05-01", 300, "(no description)")]);
}

#[test]
fn c9_balances_prove_the_sign() {
    let result =
        understood("date,desc,amount,balance\n2026-05-02,b,-5.00,95.00\n2026-05-03,c,10.00,105.00");
    assert!(result.sign_proven);
    assert!(!result.flipped);

    let card =
        understood("date,desc,amount,balance\n2026-05-02,b,5.00,95.00\n2026-05-03,c,-10.00,105.00");
    assert!(!card.sign_proven, "the balance may be what is owed");
    assert!(card.balance_disagrees);
    assert!(!card.flipped);
    let turned = understood_as(CARD, "sign=flipped", "USD");
    assert!(turned.sign_proven);
    assert!(!turned.balance_disagrees);
    assert_eq!(rows(&turned), [row("2026-05-02", -500, "b"), row("2026-05-03", 1000, "c")]);
}

#[test]
fn c10_what_is_not_a_file_of_transactions_is_refused() {
    let refusal = |bytes: &[u8]| decode(bytes).and_then(|text| read(&text)).unwrap_err();
    let many = "date,desc,amount\n".to_owned() + &"2026-05-01,x,1\n".repeat(51_000);

    assert_eq!(refusal(b""), Code::FileEmpty);
    assert_eq!(refusal(b"date,desc,amount\n"), Code::FileNoRows);
    assert_eq!(refusal(many.as_bytes()), Code::FileTooManyRows);
    assert_eq!(refusal(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Code::FileNotText);
}

#[test]
fn a_file_without_dates_names_its_columns_and_can_be_mapped() {
    let text =
        "When,What,How much\nfirst of May,Coffee,4.50\n2026-05-02,Tea,3.00\n2026-05-03,Rye,2.00";
    let unknown = understood("Foo,What,Bar\nx,Coffee,4.50\ny,Tea,3.00");
    let expected = Question::Columns {
        missing: vec![Role::Date],
        found: vec!["Foo".to_owned(), "What".to_owned(), "Bar".to_owned()],
    };
    assert_eq!(unknown.questions, [expected]);
    assert_eq!(unknown.rows, []);

    let mapped =
        understood_as(text, "col.date=0&col.description=1&col.amount=2&sign=flipped", "USD");
    assert_eq!(rows(&mapped), [row("2026-05-02", -300, "Tea"), row("2026-05-03", -200, "Rye")]);
    assert_eq!(errors(&mapped), [error(2, "When", "date_invalid")]);
}

#[test]
fn two_columns_of_numbers_without_names_are_asked() {
    let result = understood("2026-05-01,x,3.00,7.00\n2026-05-02,y,4.00,11.00");
    let [Question::Columns { missing, found }] = result.questions.as_slice() else {
        panic!("{:?}", result.questions)
    };
    assert_eq!(missing, &[Role::Amount]);
    assert_eq!(found, &["Column 1", "Column 2", "Column 3", "Column 4"]);

    let mapped = understood_as(
        "2026-05-01,x,3.00,7.00\n2026-05-02,y,4.00,11.00",
        "col.amount=2&col.balance=3",
        "USD",
    );
    assert!(mapped.sign_proven);
    assert_eq!(rows(&mapped).len(), 2);
}

#[test]
fn an_indicator_gives_unsigned_amounts_their_direction() {
    let text = "Datum,Naam / Omschrijving,Bedrag,Af Bij\n20260504,Huur,\"1.200,00\",Af\n20260515,Loon,\"2.400,00\",Bij";
    let result = understood(text);

    assert_eq!(
        rows(&result),
        [row("2026-05-04", -120_000, "Huur"), row("2026-05-15", 240_000, "Loon")]
    );
    assert!(result.sign_proven);
    let mapped = understood_as(&format!("{text}\n20260516,?,\"1,00\",x"), "col.indicator=3", "EUR");
    assert_eq!(errors(&mapped), [error(4, "Af Bij", "indicator_unknown")]);
}

#[test]
fn a_type_column_that_says_nothing_of_direction_is_left_alone() {
    let result = understood(
        "Date,Description,Amount,Type\n2026-05-04,Coffee,-4.50,Card\n2026-05-05,Pay,10,Transfer",
    );
    assert_eq!(result.mapping.get(Role::Indicator), None);
    assert_eq!(rows(&result).len(), 2);
}

#[test]
fn optional_columns_are_carried() {
    let result = understood(
        "Transaction ID,Date,Description,Amount,Currency,Category,Notes,Balance\nA1,2026-05-04,Coffee,-4.50,EUR,Groceries, with Ada ,95.50",
    );
    let (line, row) = result.good_rows().next().unwrap();

    assert_eq!(line, 2);
    assert_eq!(row.currency.code(), "EUR");
    assert_eq!(row.category.as_deref(), Some("food.groceries"));
    assert_eq!(row.note.as_deref(), Some("with Ada"));
    assert_eq!(row.balance, Some(9550));
    assert_eq!(row.external_id.as_deref(), Some("A1"));
}

#[test]
fn valuta_is_a_date_in_one_country_and_a_currency_in_another() {
    let german = understood("Buchung;Valuta;Text;Betrag\n14.05.2026;15.05.2026;Miete;-1,00");
    assert_eq!(german.mapping.get(Role::Currency), None);
    assert_eq!(rows(&german), [row("2026-05-14", -100, "Miete")]);

    let swedish = understood("Datum;Text;Belopp;Valuta\n2026-05-04;Hyra;-1,00;SEK");
    assert_eq!(swedish.mapping.get(Role::Currency), Some(3));
    assert_eq!(swedish.good_rows().next().unwrap().1.currency.code(), "SEK");
}

#[test]
fn sums_below_the_table_are_skipped_and_listed() {
    let result = understood(
        "Export\nDate,Description,Amount\n2026-05-04,Coffee,-4.50\n2026-05-05,Tea,-1.00\nTotal,,-5.50\n\"Closing balance\"\n",
    );

    assert_eq!(rows(&result).len(), 2);
    assert_eq!(errors(&result), []);
    assert_eq!(result.skipped, [1, 5, 6]);
}

#[test]
fn a_row_with_an_unquoted_comma_is_an_error_not_a_wrong_amount() {
    let result = understood(
        "Date,Description,Amount\n2026-05-04,Coffee,-4.50\n2026-05-05,ACME, Inc,-1.00\n2026-05-06,Tea,-1.00,",
    );
    assert_eq!(errors(&result), [error(3, "", "row_too_long")]);
    assert_eq!(rows(&result).len(), 2);
}

#[test]
fn a_date_more_than_a_year_ahead_is_an_error() {
    let result = understood("Date,Description,Amount\n2026-05-04,Coffee,-4.50\n2028-05-05,Tea,1");
    assert_eq!(errors(&result), [error(3, "Date", "date_future")]);
}

#[test]
fn the_person_overrules_what_was_found() {
    let text = "Date,Description,Amount,Value,Memo\n2026-05-04,Coffee,-4.50,9.00,second";
    let result = understood_as(text, "col.amount=3&col.description=4&sign=flipped", "USD");
    assert_eq!(rows(&result), [row("2026-05-04", -900, "second")]);

    let none = understood_as(
        "Date,Description,Amount,Notes\n2026-05-04,Coffee,-4.50,n",
        "col.note=none",
        "USD",
    );
    assert_eq!(none.good_rows().next().unwrap().1.note, None);
}

#[test]
fn what_was_understood_can_be_remembered() {
    let text = "Buchungstag;Text;Betrag\n14.05.2026;Miete;-1.234,56";
    let first = understood(text);
    let again = interpret(&table(text), &first.options(), Currency::USD, TODAY);

    assert_eq!(again.rows, first.rows);
    assert_eq!(
        first.options().to_query(),
        "date=dmy&decimal=comma&sign=normal&col.date=0&col.description=1&col.amount=2"
    );
}

#[test]
fn debits_written_below_zero_stay_money_out() {
    let result = understood(
        "Date,Memo,Debit,Credit\n2026-05-13,a,-12.00,\n2026-05-14,b,,100\n2026-05-15,c,,\n2026-05-16,d,-1,1",
    );
    assert_eq!(rows(&result), [row("2026-05-13", -1200, "a"), row("2026-05-14", 10_000, "b")]);
    assert_eq!(
        errors(&result),
        [error(4, "Debit", "amount_required"), error(5, "Debit", "amount_number")]
    );
}

#[test]
fn fifty_thousand_rows_are_read() {
    let mut text = String::from("Date,Description,Amount,Balance\n");
    for n in 0..50_000_i64 {
        let date = Date::from_ordinal_date(1980 + i32::try_from(n / 2000).unwrap(), 1).unwrap();
        text += &csv::line(&[
            &date.to_string(),
            &format!("Shop {}", n % 997),
            "-1.00",
            &format!("{}.00", 60_000 - n),
        ]);
    }
    let result = understood(&text);
    assert_eq!(result.good_rows().count(), 50_000);
    assert!(result.sign_proven);
}

proptest! {
    #[test]
    fn any_table_is_answered_without_a_panic(text in "([0-9.,/ -]{0,12}[,;\t][a-zA-Z\" ]{0,8}[,;\t][-0-9.,()$€]{0,10}\n){1,8}") {
        if let Ok(table) = read(&text) {
            let _ = interpret(&table, &ImportOptions::default(), Currency::USD, TODAY);
        }
    }

    #[test]
    fn exported_rows_come_back(
        rows in prop::collection::vec((2_450_000_i32..2_461_000, -1_000_000_i64..1_000_000, "[A-Za-z][A-Za-z ,;\"']{0,20}"), 1..30)
    ) {
        let mut text = csv::line(&["date", "description", "amount"]);
        for (day, minor, description) in &rows {
            let day = Date::from_julian_day(*day).unwrap().to_string();
            let amount = crate::Money::new(*minor, Currency::USD).to_plain();
            text += &csv::line(&[day.as_str(), description, &amount]);
        }
        let result = understood(&text);
        let back: Vec<(i32, i64)> = result.good_rows().map(|(_, row)| (row.date.to_julian_day(), row.minor)).collect();
        let sent: Vec<(i32, i64)> = rows.iter().map(|(day, minor, _)| (*day, *minor)).collect();

        prop_assert_eq!(back, sent);
    }
}
