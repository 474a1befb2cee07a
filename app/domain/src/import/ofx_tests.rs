use time::macros::date;

use crate::import::testing::{self, account, errors, rows, usd};
use crate::import::{Balance, File, ImportRow, Interpretation, Question, RowFlag};
use crate::{AccountType, Code, Currency};

const BANK: &str = include_str!("samples/bank.ofx");
const CARD: &str = include_str!("samples/card.xml");
const TWO: &str = include_str!("samples/two.qfx");

fn read(text: &str) -> Interpretation {
    testing::read(text, "", usd())
}

fn good(result: &Interpretation) -> Vec<&ImportRow> {
    result.good_rows().map(|(_, row)| row).collect()
}

/// One transaction in a statement, with these elements.
fn one(elements: &str) -> String {
    format!(
        "<OFX><STMTRS><BANKTRANLIST><STMTTRN>{elements}</STMTTRN></BANKTRANLIST></STMTRS></OFX>"
    )
}

#[test]
fn the_published_sample_has_its_published_rows() {
    let result = read(BANK);

    assert_eq!(
        rows(&result),
        [
            ("2026-05-04", -3451, "CITY POWER & LIGHT"),
            ("2026-05-15", 240_000, "PAYROLL"),
            ("2026-05-15", -999, "STREAMCO")
        ]
    );
    let [power, payroll, streamco] = good(&result)[..] else { panic!("three rows") };
    assert_eq!(power.note.as_deref(), Some("MAY BILL"));
    assert_eq!(power.provider_id.as_deref(), Some("A1"));
    assert_eq!((payroll.flag, streamco.flag), (None, Some(RowFlag::RepeatedId)));
    assert_eq!(payroll.provider_id, streamco.provider_id);
    let balance =
        Balance { minor: 512_040, currency: Currency::USD, date: Some(date!(2026 - 05 - 31)) };
    let balances = result.balances.clone().unwrap();
    assert_eq!((balances.opening, balances.closing, balances.agrees), (None, Some(balance), None));
    assert_eq!(result.statements[0].mask.as_deref(), Some("6789"));
    assert_eq!(result.statements[0].account_type, Some(AccountType::Checking));
    assert!(result.sign_proven);
    assert!(!format!("{result:?}").contains("000123456789"), "the number itself is not kept");
}

#[test]
fn the_second_version_is_read_by_the_same_table() {
    let result = read(CARD);

    assert_eq!(
        rows(&result),
        [
            ("2026-05-03", -1200, "Kissa <3"),
            ("2026-05-04", -250, "Foreign fee"),
            ("2026-05-05", -175, "Interest & charges"),
            ("2026-05-06", 15_000, "Payment, thank you"),
            ("2026-05-07", -1200, "Corner Market")
        ]
    );
    let [yen, fee, interest, payment, market] = good(&result)[..] else { panic!("five rows") };
    assert_eq!((yen.currency.code(), fee.currency.code()), ("JPY", "USD"));
    assert_eq!(fee.category.as_deref(), Some("financial.bank_fees"));
    assert_eq!(interest.category.as_deref(), Some("financial.interest_charges"));
    assert_eq!(interest.note, None, "the memo is the text already");
    assert!(payment.transfer);
    assert_eq!(payment.other_account.as_deref(), Some("6789"));
    assert_eq!(payment.note.as_deref(), Some("From checking (check 1001)"));
    assert_eq!(market.replaces, ["C-5"]);
    assert_eq!(result.deletions.len(), 1);
    assert_eq!(result.deletions[0].of, ["B-9"]);
    let card = &result.statements[0];
    assert_eq!(
        (card.account_type, card.mask.as_deref()),
        (Some(AccountType::Credit), Some("4321"))
    );
    assert_eq!(result.balances.unwrap().closing.unwrap().minor, -41_240);
}

#[test]
fn several_accounts_in_one_file_are_asked_for_unless_the_mask_tells() {
    let asked = read(TWO);
    let [Question::Statement { choices }] = asked.questions.as_slice() else {
        panic!("{:?}", asked.questions)
    };
    let labels: Vec<(&str, &str)> =
        choices.iter().map(|choice| (choice.value.as_str(), choice.label.as_str())).collect();
    assert_eq!(labels, [("0", "Checking •••• 1111"), ("1", "Savings •••• 2222")]);
    assert_eq!(choices[1].examples[0].text, "Interest");
    assert_eq!(choices[1].examples[0].meaning, "1.20");
    assert_eq!((asked.statement, asked.rows.len()), (None, 0));

    let savings = testing::read(TWO, "statement=1", usd());
    assert_eq!(rows(&savings), [("2026-05-31", 120, "Interest")]);
    assert_eq!(good(&savings)[0].category.as_deref(), Some("income.interest"));
    let checking = testing::read(TWO, "", account("USD", Some("1111")));
    assert_eq!(
        rows(&checking),
        [("2026-05-02", -80_000, "Rent"), ("2026-06-01", -450, "Coffee")],
        "two statements of one account are one"
    );
    let lines: Vec<u32> = checking.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [1, 2]);
    for (options, mask) in [("statement=7", Some("1111")), ("", Some("9999"))] {
        let asked = testing::read(TWO, options, account("USD", mask));
        assert!(matches!(asked.questions[..], [Question::Statement { .. }]), "{options} {mask:?}");
    }
    assert_eq!(savings.options().statement, None, "of this file alone");
}

#[test]
fn windows_1252_is_read_where_it_is_no_utf_8() {
    let text = TWO.replace("<NAME>Rent", "<NAME>Café €");
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);

    let file = File::parse(&bytes).unwrap();

    let result = testing::of(&file, "statement=0", usd());
    assert_eq!(rows(&result)[0].2, "Café €");
}

#[test]
fn an_amount_may_have_a_decimal_comma() {
    let text =
        BANK.replace("-34.51", "-34,51").replace("-9.99", "-9,99").replace("5120.40", "5120,40");
    assert_eq!(rows(&read(&text)), rows(&read(BANK)));

    let open = one("<DTPOSTED>20260501<TRNAMT>3.000<FITID>1<NAME>x");
    assert!(matches!(read(&open).questions[..], [Question::Decimal { .. }]));
    assert_eq!(rows(&testing::read(&open, "decimal=point", usd())), [("2026-05-01", 300, "x")]);
}

#[test]
fn what_is_missing_is_an_error_of_its_row() {
    let text = one("<TRNAMT>1<NAME>x").replace(
        "</STMTTRN>",
        "</STMTTRN><STMTTRN><DTPOSTED>20260231<TRNAMT>1.5.5<CURRENCY><CURSYM>XXX</CURRENCY></STMTTRN>\
         <STMTTRN><DTPOSTED>20280101<TRNAMT>1.0055</STMTTRN><STMTTRN><DTPOSTED>20260501<TRNAMT>1</STMTTRN>",
    );

    let result = read(&text);

    let expected = [
        (1, "Date", "date_required"),
        (2, "Date", "date_invalid"),
        (2, "Currency", "currency_unknown"),
        (3, "Date", "date_future"),
        (3, "Amount", "amount_precision"),
    ];
    assert_eq!(errors(&result), expected);
    assert_eq!(rows(&result), [("2026-05-01", 100, "(no description)")]);
}

#[test]
fn a_correction_of_a_correction_leads_to_the_first_id() {
    let row = |id: &str, of: &str, action: &str, amount: &str| {
        let correction = if of.is_empty() {
            String::new()
        } else {
            format!("<CORRECTFITID>{of}<CORRECTACTION>{action}")
        };
        format!(
            "<STMTTRN><DTPOSTED>20260501<TRNAMT>{amount}<FITID>{id}{correction}<NAME>{id}</STMTTRN>"
        )
    };
    let file = |rows: &[String]| format!("<OFX><STMTRS>{}</STMTRS></OFX>", rows.concat());

    let chain = read(&file(&[
        row("3", "2", "REPLACE", "3"),
        row("2", "1", "REPLACE", "2"),
        row("9", "8", "DELETE", "9"),
        row("8", "", "", "8"),
    ]));
    assert_eq!(rows(&chain), [("2026-05-01", 300, "3")]);
    assert_eq!(good(&chain)[0].replaces, ["2", "1"]);
    assert_eq!(chain.deletions[0].of, ["8"]);

    let itself = read(&file(&[row("1", "1", "REPLACE", "1"), row("2", "5", "TOUCH", "2")]));
    assert_eq!(good(&itself)[0].replaces, ["1"]);
    assert_eq!(good(&itself)[1].replaces, [""; 0], "an unknown action takes nothing away");

    let circle = read(&file(&[row("1", "2", "REPLACE", "1"), row("2", "1", "REPLACE", "2")]));
    assert_eq!(circle.rows.len(), 2, "two that replace each other say nothing");
    assert!(good(&circle).iter().all(|row| row.replaces.is_empty()));
}

#[test]
fn a_file_that_ends_too_early_is_refused() {
    for end in ["</STMTTRN>", "</STMTRS>"] {
        let cut = BANK.rfind(end).unwrap();
        assert_eq!(File::parse(&BANK.as_bytes()[..cut]), Err(Code::FileDamaged), "{end}");
    }
    let without_rest = &BANK[..BANK.find("</STMTTRNRS>").unwrap()];
    assert!(File::parse(without_rest.as_bytes()).is_ok(), "nothing of the statement is missing");
    let never_closed = format!("<OFX><STMTRS><STMTTRN><MEMO>{}", "x".repeat(1_000_000));
    assert_eq!(File::parse(never_closed.as_bytes()), Err(Code::FileCellTooLong));
}

#[test]
fn hostile_files_are_refused_in_bounds() {
    let refusal = |text: &str| File::parse(text.as_bytes()).unwrap_err();

    assert_eq!(refusal(&"<OFX>".repeat(100_000)), Code::FileDamaged);
    let many =
        one("").replace("<STMTTRN></STMTTRN>", &"<STMTTRN><TRNAMT>1</STMTTRN>".repeat(50_001));
    assert_eq!(refusal(&many), Code::FileTooManyRows);
    assert_eq!(refusal(&one(&format!("<NAME>{}", "é".repeat(1_001)))), Code::FileCellTooLong);
    assert_eq!(refusal("<OFX><STMTRS></STMTRS></OFX>"), Code::FileNoRows);
    let ignored = one(&format!("<DTPOSTED>20260501<TRNAMT>1<IMAGE>{}", "x".repeat(2_000)));
    assert_eq!(rows(&read(&ignored)), [("2026-05-01", 100, "(no description)")]);
    let laughs = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>{}",
        one("<DTPOSTED>20260501</DTPOSTED><TRNAMT>1</TRNAMT><NAME>&b;</NAME>")
    );
    assert_eq!(rows(&read(&laughs)), [("2026-05-01", 100, "&b;")], "nothing is expanded");
}

#[test]
fn signs_can_be_turned() {
    let result = testing::read(BANK, "sign=flipped", usd());

    let amounts: Vec<i64> = good(&result).iter().map(|row| row.minor).collect();
    assert_eq!(amounts, [3451, -240_000, 999]);
    assert!(result.flipped && !result.sign_proven);
}

#[test]
fn fifty_thousand_rows_are_read() {
    let row = |n: u32| {
        format!(
            "<STMTTRN><DTPOSTED>20260501<TRNAMT>-{n}.50<FITID>{n}<NAME>Shop {}</STMTTRN>",
            n % 97
        )
    };
    let text = one("").replace("<STMTTRN></STMTTRN>", &(0..50_000).map(row).collect::<String>());
    let result = read(&text);
    assert_eq!(result.good_rows().count(), 50_000);
}
