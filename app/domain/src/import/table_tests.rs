use proptest::prelude::*;

use super::*;
use crate::csv;

fn lines(text: &str) -> Vec<(u32, Vec<String>)> {
    read(text).unwrap().rows.into_iter().map(|row| (row.line, row.cells)).collect()
}

fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

#[test]
fn a_record_remembers_the_line_it_starts_in() {
    let text = "Date,Description,Amount\r\n\r\n2026-05-01,\"two\r\nlines\",1\r\n\n2026-05-02,b,2\r2026-05-03,c,3";

    let expected = [
        row(3, &["2026-05-01", "two\r\nlines", "1"]),
        row(6, &["2026-05-02", "b", "2"]),
        row(7, &["2026-05-03", "c", "3"]),
    ];
    assert_eq!(lines(text), expected);
}

#[test]
fn the_delimiter_is_the_one_that_gives_a_table() {
    for (delimiter, text) in [
        (';', "Buchungstag;Text;Betrag\n04.05.2026;Miete, Mai;-1.234,56\n15.05.2026;Lohn;3.000,00"),
        ('\t', "Date\tText\tAmount\n2026-05-01\ta,b;c\t1,234.50"),
        ('|', "Date|Text|Amount\n2026-05-01|a,b|1,234.50"),
        (',', "Date,Text,Amount\n2026-05-01,a;b,1"),
        (';', "sep=;\nDate;Text;Amount\n2026-05-01;a;1"),
        (';', "2026-05-04;x;1,50;2,50\n2026-05-05;y;2,50;5,00"),
        (',', "Date,Text,Amount\n2026-05-01,\"a;\nb;\",1\n2026-05-02,\"c;\nd;\",2"),
    ] {
        assert_eq!(read(text).unwrap().delimiter, delimiter, "{text}");
    }
}

#[test]
fn lines_above_the_header_are_skipped_and_listed() {
    let text = "My Bank\nStatement of 1 May 2026\nAccount;Bills\n\nBuchungstag;Text;Betrag\n04.05.2026;Miete;-1,00";
    let table = read(text).unwrap();

    assert_eq!(table.columns, ["Buchungstag", "Text", "Betrag"]);
    assert_eq!(table.skipped, [1, 2, 3]);
    assert_eq!(table.rows.len(), 1);
    assert_eq!(table.rows[0].line, 6);
}

#[test]
fn a_header_of_unknown_words_is_still_a_header() {
    let table = read("d,t,a\n2026-05-01,x,3").unwrap();
    assert!(table.has_header);
    assert_eq!(table.columns, ["d", "t", "a"]);
}

#[test]
fn a_table_without_a_header_has_numbered_columns() {
    let table = read("2026-05-01,x,3\n2026-05-02,y,4").unwrap();
    assert!(!table.has_header);
    assert_eq!(table.columns, ["Column 1", "Column 2", "Column 3"]);
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn sizes_have_limits() {
    let rows = |count: usize| "date,desc,amount\n".to_owned() + &"2026-05-01,x,1\n".repeat(count);
    assert_eq!(read("Date,Description,Amount\n"), Err(Code::FileNoRows));
    assert_eq!(read("d,t,a"), Err(Code::FileNoRows));
    assert_eq!(read(&rows(50_000)).unwrap().rows.len(), 50_000);
    assert_eq!(read(&rows(50_001)), Err(Code::FileTooManyRows));
    assert_eq!(read(&rows(51_000)), Err(Code::FileTooManyRows));

    let wide = |columns: usize| format!("date,desc,amount\n2026-05-01{}", ",x".repeat(columns - 1));
    assert!(read(&wide(64)).is_ok());
    assert_eq!(read(&wide(65)), Err(Code::FileTooManyColumns));

    let long =
        |characters: usize| format!("date,desc,amount\n2026-05-01,{},1", "é".repeat(characters));
    assert!(read(&long(1_000)).is_ok());
    assert_eq!(read(&long(1_001)), Err(Code::FileCellTooLong));
    assert_eq!(read(&long(400_000)), Err(Code::FileCellTooLong));
}

#[test]
fn the_signature_is_of_the_header_alone() {
    let one = read("Date,Text,Amount\n2026-05-01,x,3").unwrap();
    let two = read("junk\n DATE , Text,amount\n2026-06-01,y,4\n2026-06-02,y,4").unwrap();
    let other = read("Date;Text;Amount\n2026-05-01;x;3").unwrap();

    assert_eq!(one.signature(), two.signature());
    assert_ne!(one.signature(), other.signature());
    assert_eq!(one.signature().len(), 32);
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(
        rows in prop::collection::vec(prop::collection::vec("[ -~äß€\n]{0,12}", 3), 1..20)
    ) {
        let header = ["date", "description", "amount"].map(str::to_owned).to_vec();
        let text: String = [header].iter().chain(&rows).map(|row| csv::line(row)).collect();
        let expected: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
            .filter(|row| row.iter().any(|cell| !cell.is_empty()))
            .collect();

        let read: Vec<Record> = Records::new(&text, b',', 1).collect::<Result<_, _>>().unwrap();
        let cells: Vec<Vec<String>> = read.into_iter().skip(1).map(|row| row.cells).filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();

        prop_assert_eq!(cells, expected);
    }

    #[test]
    fn any_text_is_answered_without_a_panic(text in "[\\PC\n\r\t\",;|]{0,200}") {
        let _ = read(&text);
    }
}
