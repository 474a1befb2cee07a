use crate::import::testing::{self, account, errors, rows};
use crate::import::{File, ImportRow, Interpretation};
use crate::{Code, TransactionStatus};

const SAMPLE: &str = include_str!("samples/statement.camt.xml");

fn read(text: &str) -> Interpretation {
    testing::read(text, "", account("EUR", None))
}

fn good(result: &Interpretation) -> Vec<&ImportRow> {
    result.good_rows().map(|(_, row)| row).collect()
}

/// A statement with these elements.
fn statement(elements: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>{elements}</Stmt></BkToCstmrStmt></Document>"
    )
}

fn entry(amount: &str, direction: &str, more: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-05-04</Dt></BookgDt>{more}</Ntry>"
    )
}

fn balance(code: &str, amount: &str, direction: &str, day: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )
}

#[test]
fn entries_are_read_by_the_table() {
    let result = read(SAMPLE);

    assert_eq!(
        rows(&result),
        [
            ("2026-05-04", -4260, "Abschlag Mai Kunde 4711"),
            ("2026-05-06", 10_000, "Rent share"),
            ("2026-05-06", 20_000, "Sammler"),
            ("2026-05-07", -10_000, "Does not add up"),
            ("2026-05-30", -1500, "Card")
        ]
    );
    let ids: Vec<Option<&str>> =
        good(&result).iter().map(|row| row.provider_id.as_deref()).collect();
    assert_eq!(ids, [Some("R-1"), Some("R-2/1"), Some("R-2/2"), None, Some("4")]);
    let merchants: Vec<Option<&str>> =
        good(&result).iter().map(|row| row.merchant.as_deref()).collect();
    assert_eq!(
        merchants,
        [Some("Stadtwerke & Söhne"), Some("Grace Example"), Some("Alan Example"), None, None]
    );
    let pending: Vec<bool> =
        good(&result).iter().map(|row| row.status == TransactionStatus::Pending).collect();
    assert_eq!(pending, [false, false, false, false, true]);
    assert!(good(&result).iter().all(|row| row.currency.code() == "EUR"));
    assert!(result.sign_proven);
    let balances = result.balances.clone().unwrap();
    assert_eq!(balances.opening.unwrap().minor, 100_000);
    assert_eq!(balances.closing.unwrap().minor, 115_740);
    assert_eq!(balances.agrees, Some(true), "the pending row is not booked");
    assert_eq!(result.statements[0].mask.as_deref(), Some("5678"));
    assert_eq!(result.statements[0].currency.unwrap().code(), "EUR");
    assert!(!format!("{result:?}").contains("00123456789012345678"), "the number is not kept");
}

#[test]
fn the_id_is_the_banks_else_the_entrys_else_the_payers() {
    let id = |more: &str| {
        let result = read(&statement(&entry("1.00", "CRDT", more)));
        good(&result)[0].provider_id.clone()
    };
    let details = |refs: &str| format!("<NtryDtls><TxDtls><Refs>{refs}</Refs></TxDtls></NtryDtls>");
    let payer = details("<EndToEndId>E</EndToEndId>");
    assert_eq!(
        id(&format!("<NtryRef>N</NtryRef><AcctSvcrRef>S</AcctSvcrRef>{payer}")).as_deref(),
        Some("S")
    );
    let servicer = details("<AcctSvcrRef>T</AcctSvcrRef><EndToEndId>E</EndToEndId>");
    assert_eq!(id(&format!("<NtryRef>N</NtryRef>{servicer}")).as_deref(), Some("T"));
    assert_eq!(id(&format!("<NtryRef>N</NtryRef>{payer}")).as_deref(), Some("N"));
    assert_eq!(id(&payer).as_deref(), Some("E"));
    assert_eq!(id(&details("<EndToEndId>notprovided</EndToEndId>")), None);
}

#[test]
fn several_transactions_are_rows_only_if_they_add_up() {
    let part = |amount: &str, more: &str| {
        format!(
            "<TxDtls><Amt Ccy=\"EUR\">{amount}</Amt>{more}<RmtInf><Ustrd>{amount}</Ustrd></RmtInf></TxDtls>"
        )
    };
    let amounts = |parts: &str| {
        let more = format!("<NtryDtls>{parts}</NtryDtls><AcctSvcrRef>S</AcctSvcrRef>");
        let result = read(&statement(&entry("10.00", "DBIT", &more)));
        good(&result)
            .iter()
            .map(|row| (row.minor, row.provider_id.clone().unwrap()))
            .collect::<Vec<_>>()
    };
    let whole = vec![(-1000, "S".to_owned())];

    assert_eq!(
        amounts(&(part("4.00", "") + &part("6.00", ""))),
        [(-400, "S/1".to_owned()), (-600, "S/2".to_owned())]
    );
    let back = "<CdtDbtInd>CRDT</CdtDbtInd>";
    assert_eq!(
        amounts(&(part("12.00", "") + &part("2.00", back))),
        [(-1200, "S/1".to_owned()), (200, "S/2".to_owned())]
    );
    let own = |id: &str| format!("<Refs><AcctSvcrRef>{id}</AcctSvcrRef></Refs>");
    assert_eq!(
        amounts(&(part("4.00", &own("a")) + &part("6.00", &own("b")))),
        [(-400, "a".to_owned()), (-600, "b".to_owned())]
    );
    assert_eq!(amounts(&(part("4.00", "") + &part("6.01", ""))), whole);
    assert_eq!(amounts(&(part("4.00", "") + "<TxDtls/>")), whole);
    let dollars = part("6.00", "").replace("EUR", "USD");
    assert_eq!(amounts(&(part("4.00", "") + &dollars)), whole);
}

#[test]
fn a_reversal_goes_against_its_direction_unless_the_balances_say_otherwise() {
    let reversal = entry("5.00", "CRDT", "<RvslInd>true</RvslInd>");
    let alone = read(&statement(&reversal));
    assert_eq!(good(&alone)[0].minor, -500);

    for (closing, minor) in [("95.00", -500), ("105.00", 500), ("333.00", -500)] {
        let elements = balance("OPBD", "100.00", "CRDT", "2026-05-01")
            + &balance("CLBD", closing, "CRDT", "2026-05-31")
            + &reversal;
        let result = read(&statement(&elements));
        assert_eq!(good(&result)[0].minor, minor, "{closing}");
        let agrees = result.balances.unwrap().agrees;
        assert_eq!(agrees, Some(closing != "333.00"), "{closing}");
    }
    let not = read(&statement(&entry("5.00", "CRDT", "<RvslInd>false</RvslInd>")));
    assert_eq!(good(&not)[0].minor, 500);
}

#[test]
fn statements_of_one_account_are_one() {
    let account = "<Acct><Id><Othr><Id>55500012</Id></Othr></Id></Acct>";
    let day = |opening: &str, closing: &str, day: &str, entry: &str| {
        format!(
            "{account}{}{}{entry}",
            balance("PRCD", opening, "DBIT", day),
            balance("CLBD", closing, "DBIT", day)
        )
    };
    let later = day("2.00", "3.00", "2026-05-05", &entry("1.00", "DBIT", ""));
    let earlier = day("1.00", "2.00", "2026-05-04", &entry("1.00", "DBIT", ""));

    let result = read(&statement(&format!("{later}</Stmt><Stmt>{earlier}")));

    assert_eq!(result.statements.len(), 1);
    assert_eq!(result.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2]);
    let balances = result.balances.unwrap();
    assert_eq!(balances.opening.unwrap().minor, -100);
    assert_eq!(balances.closing.unwrap().minor, -300);
    assert_eq!(balances.agrees, Some(true));
}

#[test]
fn balances_that_do_not_meet_are_said() {
    let text = SAMPLE.replace("1157.40", "1157.41");
    assert_eq!(read(&text).balances.unwrap().agrees, Some(false));
    let broken = SAMPLE.replace("<ns2:Amt Ccy=\"EUR\">300.00", "<ns2:Amt Ccy=\"EUR\">3x0.00");
    assert_eq!(read(&broken).balances.unwrap().agrees, None, "a row can't be read");
}

#[test]
fn what_is_missing_is_an_error_of_its_row() {
    let result = read(&statement(
        "<Ntry><Amt Ccy=\"EUR\">1.00</Amt></Ntry><Ntry><CdtDbtInd>CRDT</CdtDbtInd><ValDt><Dt>2026-05-04</Dt></ValDt></Ntry>\
         <Ntry><Amt Ccy=\"ZZZ\">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><ValDt><Dt>2026-05-04</Dt></ValDt></Ntry>",
    ));
    let expected = [
        (1, "Date", "date_required"),
        (1, "In or out", "indicator_unknown"),
        (2, "Amount", "amount_required"),
        (3, "Currency", "currency_unknown"),
    ];
    assert_eq!(errors(&result), expected);
}

#[test]
fn hostile_files_are_refused_in_bounds() {
    let refusal = |text: &str| File::parse(text.as_bytes()).unwrap_err();

    let deep = statement(&("<X>".repeat(5_000) + &"</X>".repeat(5_000)));
    assert_eq!(refusal(&deep), Code::FileDamaged);
    assert_eq!(refusal(&SAMPLE[..SAMPLE.len() - 20]), Code::FileDamaged);
    assert_eq!(refusal(&statement("<Ntry>")), Code::FileDamaged);
    assert_eq!(refusal(&statement("")), Code::FileNoRows);
    assert_eq!(refusal(&statement(&entry("1", "CRDT", "").repeat(50_001))), Code::FileTooManyRows);
    let batch = format!("<NtryDtls>{}</NtryDtls>", "<TxDtls/>".repeat(50_001));
    assert_eq!(refusal(&statement(&entry("1", "CRDT", &batch))), Code::FileTooManyRows);
    let long = format!("<AddtlNtryInf>{}</AddtlNtryInf>", "x".repeat(1_001));
    assert_eq!(refusal(&statement(&entry("1", "CRDT", &long))), Code::FileCellTooLong);
    let laughs = statement(&entry("1", "CRDT", "<AddtlNtryInf>&b;</AddtlNtryInf>"));
    let doctype = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>";
    assert_eq!(refusal(&format!("{doctype}{laughs}")), Code::FileDamaged);
}

#[test]
fn many_lines_of_text_are_cut_at_the_length_of_a_cell() {
    let line = format!("<Ustrd>{}</Ustrd>", "x".repeat(140));
    let more =
        format!("<NtryDtls><TxDtls><RmtInf>{}</RmtInf></TxDtls></NtryDtls>", line.repeat(10));
    let result = read(&statement(&entry("1.00", "CRDT", &more)));
    assert_eq!(good(&result)[0].description.chars().count(), 1_000);
}

#[test]
fn fifty_thousand_entries_with_their_details_are_read() {
    let more = "<NtryDtls><TxDtls><RmtInf><Ustrd>Shop</Ustrd></RmtInf></TxDtls></NtryDtls>";
    let result = read(&statement(&entry("1.00", "DBIT", more).repeat(50_000)));
    assert_eq!(result.good_rows().count(), 50_000);
}
