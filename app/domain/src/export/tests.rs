use proptest::prelude::*;
use serde_json::json;
use time::macros::date;

use super::*;
use crate::Month;
use crate::import::{File, ImportOptions, Target};

fn id() -> TransactionId {
    TransactionId::new("tx_1")
}

fn row<'a>(id: &'a TransactionId, description: &'a str, minor: i64) -> ExportRow<'a> {
    ExportRow {
        date: date!(2026 - 05 - 04),
        description,
        merchant: None,
        category: "food.coffee",
        r#type: TransactionType::of(minor),
        status: TransactionStatus::Completed,
        amount: Money::new(minor, Currency::USD),
        account: "Everyday",
        account_mask: Some("6789"),
        note: None,
        tags: &[],
        id,
    }
}

fn view() -> TransactionView {
    serde_json::from_value(json!({
        "id": "tx_1", "accountId": "acc_1", "accountName": "Everyday", "accountMask": "6789", "date": "2026-05-04",
        "description": "BLUE BOTTLE #12", "merchant": "Blue Bottle", "category": "food.coffee", "type": "debit",
        "status": "pending", "amountCents": 450, "signedAmountCents": -450, "currency": "USD", "note": "with Ada",
        "tags": ["trip", "work"]
    }))
    .unwrap()
}

#[test]
fn a_row_has_thirteen_cells_in_the_order_of_the_header() {
    let view = view();

    let text = header() + &ExportRow::of(&view).unwrap().line();

    assert_eq!(
        text,
        "date,description,merchant,category,type,status,amount,currency,account,account_mask,note,tags,id\n\
         2026-05-04,BLUE BOTTLE #12,Blue Bottle,food.coffee,debit,pending,-4.50,USD,Everyday,6789,with Ada,trip|work,tx_1\n"
    );
}

#[test]
fn a_spreadsheet_finds_a_formula_nowhere() {
    let id = id();
    let bad = "=cmd|' /C calc'!A0";
    let tags = [bad.to_owned()];
    let row = ExportRow {
        merchant: Some("+1"),
        account: "@sum",
        note: Some("-2,\"x\"\n=3"),
        tags: &tags,
        ..row(&id, bad, -123_456)
    };

    assert_eq!(
        row.line(),
        "2026-05-04,'=cmd|' /C calc'!A0,'+1,food.coffee,debit,completed,-1234.56,USD,'@sum,6789,\
         \"'-2,\"\"x\"\"\n'=3\",'=cmd|' /C calc'!A0,tx_1\n"
    );
}

#[test]
fn a_row_of_an_unknown_currency_is_not_exported_as_another() {
    let view = TransactionView { currency: "ZZZ".to_owned(), ..view() };
    assert!(ExportRow::of(&view).is_none());
    assert!(LedgerRow::of(&view).is_none());
}

fn ledger(id: &str, date: Date, minor: i64) -> LedgerRow {
    LedgerRow {
        id: TransactionId::new(id),
        date,
        title: "x".to_owned(),
        category: "food.coffee".to_owned(),
        status: TransactionStatus::Completed,
        minor,
        currency: Currency::USD,
    }
}

#[test]
fn a_statement_counts_the_completed_rows_of_its_month_and_currency() {
    let pending =
        LedgerRow { status: TransactionStatus::Pending, ..ledger("d", date!(2026 - 05 - 10), -1) };
    let yen = LedgerRow {
        currency: Currency::parse("JPY").unwrap(),
        ..ledger("e", date!(2026 - 05 - 10), -1)
    };
    let rows = vec![
        ledger("b", date!(2026 - 05 - 31), -3451),
        ledger("c", date!(2026 - 05 - 01), 240_000),
        ledger("a", date!(2026 - 05 - 31), -1000),
        pending,
        yen,
        ledger("f", date!(2026 - 04 - 30), -1),
        ledger("g", date!(2026 - 06 - 01), -1),
    ];

    let month = Month::new(2026, 5).unwrap();
    let statement = MonthlyStatement::new(month, Currency::USD, 10_000, rows).unwrap();

    assert_eq!((statement.in_minor, statement.out_minor), (240_000, 4451));
    assert_eq!((statement.opening_minor, statement.closing_minor), (10_000, 245_549));
    let lines: Vec<(&str, i64)> =
        statement.lines.iter().map(|line| (line.row.id.as_str(), line.balance_minor)).collect();
    assert_eq!(lines, [("c", 250_000), ("a", 249_000), ("b", 245_549)]);
    assert_eq!(statement.money(statement.closing_minor).format(), "$2,455.49");
}

#[test]
fn a_statement_as_a_file_has_its_rows_and_sums_and_no_formula() {
    let month: Month = "2026-05".parse().unwrap();
    let formula =
        LedgerRow { title: "=1+1".to_owned(), ..ledger("a", date!(2026 - 05 - 04), -450) };
    let rows = vec![ledger("b", date!(2026 - 05 - 09), 240_000), formula];

    let text = MonthlyStatement::new(month, Currency::USD, 10_000, rows).unwrap().to_csv();

    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 7, "{text}");
    assert_eq!(lines[0], "date,transaction,category,amount,balance,currency,id");
    assert_eq!(lines[1], "2026-05-01,Opening balance,,,100.00,USD,");
    assert!(lines[2].starts_with("2026-05-04,'=1+1,") && lines[2].ends_with(",-4.50,95.50,USD,a"));
    assert_eq!(lines[4], "2026-05-31,Money in,,2400.00,,USD,");
    assert_eq!(lines[5], "2026-05-31,Money out,,-4.50,,USD,");
    assert_eq!(lines[6], "2026-05-31,Closing balance,,,2495.50,USD,");
}

#[test]
fn a_statement_whose_sums_do_not_fit_is_none() {
    let month = Month::new(2026, 5).unwrap();
    let rows = vec![ledger("a", date!(2026 - 05 - 01), 1)];
    assert_eq!(MonthlyStatement::new(month, Currency::USD, i64::MAX, rows), None);

    let empty = MonthlyStatement::new(month, Currency::USD, -7, Vec::new()).unwrap();
    assert_eq!((empty.closing_minor, empty.in_minor, empty.out_minor), (-7, 0, 0));
    let broken = MonthlyStatement { closing_minor: 0, ..empty };
    assert!(!broken.is_balanced());
}

prop_compose! {
    fn any_row()(
        day in 2_450_000_i32..2_461_000,
        minor in -1_000_000_000_i64..1_000_000_000,
        currency in prop::sample::select(vec!["USD", "JPY", "KWD", "EUR"]),
        description in "[=+@'-]?[A-Za-z0-9][A-Za-z0-9 ,;\"'\n-]{0,24}",
        is_transfer in any::<bool>(),
    ) -> (Date, Money, String, bool) {
        let currency = Currency::parse(currency).unwrap();
        (Date::from_julian_day(day).unwrap(), Money::new(minor, currency), description, is_transfer)
    }
}

/// As the cell is read back: one line, and the guard that the spreadsheet needs.
fn read_back(description: &str) -> String {
    guarded(description.trim()).split_whitespace().collect::<Vec<_>>().join(" ")
}

proptest! {
    #[test]
    fn what_is_exported_is_read_back_without_a_question(rows in prop::collection::vec(any_row(), 1..40)) {
        let id = id();
        let mut text = header();
        for (date, amount, description, is_transfer) in &rows {
            let r#type = if *is_transfer { TransactionType::Transfer } else { TransactionType::of(amount.minor) };
            text += &ExportRow { date: *date, amount: *amount, r#type, ..row(&id, description.trim(), 0) }.line();
        }

        let file = File::parse(text.as_bytes()).unwrap();
        let account = Target { currency: Currency::USD, mask: None };
        let read = file.interpret(&ImportOptions::default(), account, date!(2026 - 06 - 10));

        prop_assert_eq!(&read.questions, &[]);
        prop_assert!(read.sign_proven);
        prop_assert_eq!(read.rows.len(), rows.len());
        let back: Vec<(Date, Money, String, Option<String>)> = read
            .good_rows()
            .map(|(_, row)| (row.date, Money::new(row.minor, row.currency), row.description.clone(), row.external_id.clone()))
            .collect();
        let sent: Vec<(Date, Money, String, Option<String>)> = rows
            .iter()
            .map(|(date, amount, description, _)| (*date, *amount, read_back(description), Some("tx_1".to_owned())))
            .collect();
        prop_assert_eq!(back, sent);
    }

    #[test]
    fn opening_plus_in_less_out_is_closing(
        opening in -1_000_000_000_000_i64..1_000_000_000_000,
        rows in prop::collection::vec((0_i64..70, -1_000_000_000_000_i64..1_000_000_000_000), 0..60),
    ) {
        let month = Month::new(2026, 5).unwrap();
        let rows: Vec<LedgerRow> = rows
            .into_iter()
            .enumerate()
            .map(|(n, (day, minor))| {
                ledger(&format!("tx_{n:03}"), date!(2026 - 04 - 15) + time::Duration::days(day), minor)
            })
            .collect();
        let inside: i64 = rows.iter().filter(|row| month.contains(row.date)).map(|row| row.minor).sum();

        let statement = MonthlyStatement::new(month, Currency::USD, opening, rows).unwrap();

        prop_assert_eq!(statement.opening_minor + statement.in_minor - statement.out_minor, statement.closing_minor);
        prop_assert_eq!(statement.closing_minor, opening + inside);
        prop_assert!(statement.in_minor >= 0 && statement.out_minor >= 0);
        let last = statement.lines.last().map_or(opening, |line| line.balance_minor);
        prop_assert_eq!(last, statement.closing_minor);
        prop_assert!(statement.lines.is_sorted_by_key(|line| line.row.date));
    }
}
