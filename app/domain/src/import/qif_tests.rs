use time::macros::date;

use super::date as written;
use crate::import::testing::{self, account, errors, rows, usd};
use crate::import::{DateFormat, File, ImportRow, Interpretation, Question, RowFlag};
use crate::{AccountType, Code};

const QUICKEN: &str = include_str!("samples/quicken.qif");

fn everyday() -> Interpretation {
    testing::read(QUICKEN, "statement=0", usd())
}

fn good(result: &Interpretation) -> Vec<&ImportRow> {
    result.good_rows().map(|(_, row)| row).collect()
}

#[test]
fn every_field_is_read() {
    let result = everyday();

    assert_eq!(
        rows(&result),
        [
            ("2026-05-04", -3450, "Corner Market"),
            ("2026-05-13", -20_000, "To savings"),
            ("2006-05-14", 1200, "Found on the street"),
            ("2026-05-15", -1000, "Two things")
        ]
    );
    let [market, savings, found, two] = good(&result)[..] else { panic!("four rows") };
    assert_eq!(market.note.as_deref(), Some("Weekly shop (check 207)"));
    assert_eq!(market.category.as_deref(), Some("food.groceries"));
    assert_eq!(market.provider_id, None);
    let parts: Vec<_> = market
        .parts
        .iter()
        .map(|part| {
            let other = part.other_account.as_deref();
            (part.minor, part.category.as_deref(), part.note.as_deref(), other)
        })
        .collect();
    assert_eq!(
        parts,
        [
            (-3000, Some("food.groceries"), Some("Bread"), None),
            (-450, None, None, Some("Holiday jar"))
        ]
    );
    assert!(savings.transfer);
    assert_eq!(savings.other_account.as_deref(), Some("Rainy day"));
    assert_eq!(savings.note.as_deref(), Some("XFER"));
    assert_eq!((found.category.as_deref(), found.note.as_deref()), (None, None));
    assert_eq!((two.parts.len(), two.flag), (0, Some(RowFlag::PartsDropped)));
    assert_eq!(result.date_format, Some(DateFormat::Mdy), "the 13th proves it");
    assert!(!result.sign_proven);
    let lines: Vec<u32> = result.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [16, 29, 36, 41]);
}

#[test]
fn the_opening_balance_is_no_row() {
    let balances = everyday().balances.unwrap();

    let opening = balances.opening.unwrap();
    assert_eq!((opening.minor, opening.date), (100_000, Some(date!(2026 - 05 - 01))));
    assert_eq!((balances.closing, balances.agrees), (None, None));
}

#[test]
fn accounts_have_names_and_kinds() {
    let file = File::parse(QUICKEN.as_bytes()).unwrap();
    let accounts: Vec<(String, Option<AccountType>, u32)> = file
        .statements()
        .into_iter()
        .map(|info| (info.name.unwrap(), info.account_type, info.entries))
        .collect();
    assert_eq!(
        accounts,
        [("Everyday".to_owned(), None, 4), ("Plastic".to_owned(), Some(AccountType::Credit), 1)]
    );
    assert!(matches!(testing::of(&file, "", usd()).questions[..], [Question::Statement { .. }]));
    let card = testing::of(&file, "statement=1&date=mdy", usd());
    assert_eq!(good(&card)[0].category.as_deref(), Some("entertainment.streaming"));
}

#[test]
fn an_account_without_a_name_has_that_of_its_opening_balance() {
    let text = "!Type:Cash\nD2026-05-01\nT5\nPOPENING BALANCE\nL[Purse]\n^\nD2026-05-02\nT-1\nPIce\n^\nD2026-05-02\nT-1\nPOpening Balance\n^\n!Type:Bank\n!Type:cash\nD2026-05-03\nT-2\nPTea\n^\n";
    let result = testing::read(text, "", usd());

    assert_eq!(
        rows(&result),
        [
            ("2026-05-02", -100, "Ice"),
            ("2026-05-02", -100, "Opening Balance"),
            ("2026-05-03", -200, "Tea")
        ]
    );
    assert_eq!(result.statements[0].label(), "Purse");
    assert_eq!(result.statements[0].account_type, Some(AccountType::Cash));
    assert_eq!(result.balances.unwrap().opening.unwrap().minor, 500);
}

#[test]
fn dates_are_written_in_many_ways() {
    for (cell, meant) in [
        ("5/ 4'26", "5/4/26"),
        ("5/ 4' 6", "5/4/06"),
        (" 5/ 4/26", "5/4/26"),
        ("5- 4'2026", "5-4-2026"),
        ("4.5.26", "4.5.26"),
        ("4 May 2026", "4 May 2026"),
        ("", ""),
        ("'", "/"),
    ] {
        assert_eq!(written(cell), meant, "{cell}");
    }
}

#[test]
fn dates_that_may_be_either_are_asked() {
    let text = "!Type:Bank\nD3/4'26\nT1\nPx\n^\nD5/6'26\nT2\nPy\n^\n";
    let asked = testing::read(text, "", usd());
    assert!(matches!(asked.questions[..], [Question::DateFormat { .. }]), "{:?}", asked.questions);
    let read = testing::read(text, "date=dmy", usd());
    assert_eq!(rows(&read), [("2026-04-03", 100, "x"), ("2026-06-05", 200, "y")]);
    assert_eq!(read.options().to_query(), "date=dmy&decimal=point&sign=normal");
}

#[test]
fn amounts_follow_one_decimal_sign() {
    let text = "!Type:Bank\nD2026-05-04\nT-1.234,56\nPMiete\n^\nD2026-05-05\nU3.000\nPLohn\n^\n";
    let read = testing::read(text, "", account("EUR", None));
    assert_eq!(rows(&read), [("2026-05-04", -123_456, "Miete"), ("2026-05-05", 300_000, "Lohn")]);

    let open = "!Type:Bank\nD2026-05-05\nT3.000\nPLohn\n^\n";
    assert!(matches!(testing::read(open, "", usd()).questions[..], [Question::Decimal { .. }]));
}

#[test]
fn a_record_without_its_end_is_an_error_of_its_row() {
    let cut = QUICKEN.rfind("LEntertainment").unwrap();
    let result = testing::read(&QUICKEN[..cut], "statement=1&date=mdy", usd());
    assert_eq!(errors(&result), [(59, "", "file_damaged")]);
    assert_eq!(result.good_rows().count(), 0);
}

#[test]
fn line_ends_of_every_age_are_read() {
    for end in ["\r\n", "\r"] {
        let text = QUICKEN.replace('\n', end);
        let result = testing::read(&text, "statement=0", usd());
        assert_eq!(result.rows, everyday().rows, "{end:?}");
    }
}

#[test]
fn signs_of_parts_turn_with_their_row() {
    let result = testing::read(QUICKEN, "statement=0&sign=flipped", usd());
    let market = good(&result)[0];
    assert_eq!(market.minor, 3450);
    assert_eq!(market.parts.iter().map(|part| part.minor).sum::<i64>(), 3450);
}

#[test]
fn two_programs_are_not_remembered_as_one() {
    let signature = |text: &str| File::parse(text.as_bytes()).unwrap().signature();
    let file = |date: &str| format!("!Type:Bank\nD{date}\nT1.00\nPx\n^\n");
    assert_eq!(signature(&file("5/ 4'26")), signature(&file("12/31'25")));
    assert_ne!(signature(&file("5/ 4'26")), signature(&file("04.05.2026")));
}

#[test]
fn hostile_files_are_refused_in_bounds() {
    let refusal = |text: &str| File::parse(text.as_bytes()).unwrap_err();
    let many = format!("!Type:Bank\n{}", "T1\n^\n".repeat(50_001));
    assert_eq!(refusal(&many), Code::FileTooManyRows);
    assert_eq!(refusal(&format!("!Type:Bank\nP{}\n^", "é".repeat(1_001))), Code::FileCellTooLong);
    assert_eq!(refusal("!Type:Bank\n^\n^\n"), Code::FileNoRows);
    assert_eq!(refusal("!Type:Invst\nD5/4'26\nT1\n^\n"), Code::FileNoRows);

    let parts = format!("!Type:Bank\nD2026-05-04\nT1\nPx\n{}^\n", "S\n".repeat(100_000));
    let result = testing::read(&parts, "", usd());
    assert_eq!(good(&result)[0].flag, Some(RowFlag::PartsDropped));
    let accounts = "!Account\nNa\n^\n!Type:Bank\n".repeat(100_000) + "T1\n^\n";
    assert_eq!(File::parse(accounts.as_bytes()).unwrap().statements().len(), 1);
}
