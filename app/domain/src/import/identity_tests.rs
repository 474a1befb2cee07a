use time::macros::date;

use super::*;
use crate::import::testing::{read, usd};

fn row(id: &str, day: u8, minor: i64) -> ImportRow {
    let text = format!(
        "<OFX><STMTRS><STMTTRN><DTPOSTED>202605{day:02}<TRNAMT>{}<FITID>{id}<NAME>x</STMTTRN></STMTRS></OFX>",
        crate::Money::new(minor, Currency::USD).to_plain()
    );
    let result = read(&text, "decimal=point", usd());
    result.good_rows().next().unwrap().1.clone()
}

fn known(rows: &[(&str, u8, i64)]) -> Known {
    let seen = |day: u8, minor| KnownRow {
        date: date!(2026 - 05 - 01).replace_day(day).unwrap(),
        minor,
        currency: Currency::USD,
        deleted: false,
    };
    let ids = rows.iter().map(|(id, day, minor)| ((*id).to_owned(), seen(*day, *minor)));
    Known { ids: ids.collect(), ..Known::default() }
}

fn new(id: &str, flag: Option<RowFlag>) -> Verdict {
    Verdict::New { id: Some(id.to_owned()), flag }
}

#[test]
fn an_id_with_the_same_date_and_amount_is_the_same_row() {
    let rows = [row("A1", 4, -450), row("A1", 4, -450), row("A2", 4, -450)];

    assert_eq!(
        judge(rows.iter(), &Known::default()),
        [new("A1", None), Verdict::Here, new("A2", None)]
    );
    assert_eq!(
        judge(rows.iter(), &known(&[("A1", 4, -450)])),
        [Verdict::Here, Verdict::Here, new("A2", None)]
    );
}

#[test]
fn an_id_with_another_date_or_amount_is_another_row_and_flagged() {
    let flag = Some(RowFlag::RepeatedId);
    let rows = [row("A1", 4, -451), row("A1", 5, -450), row("A1", 4, -450), row("A1", 5, -450)];

    assert_eq!(
        judge(rows.iter(), &known(&[("A1", 4, -450)])),
        [
            new("A1|2026-05-04|-451|USD", flag),
            new("A1|2026-05-05|-450|USD", flag),
            Verdict::Here,
            Verdict::Here
        ]
    );
}

#[test]
fn a_replacement_takes_the_place_of_the_row_that_is_here() {
    let new_row =
        ImportRow { replaces: vec!["A2".to_owned(), "A1".to_owned()], ..row("A3", 4, -500) };
    let replaced = Verdict::Replaces { of: "A1".to_owned(), id: Some("A3".to_owned()) };

    assert_eq!(judge([&new_row].into_iter(), &known(&[("A1", 4, -450)])), [replaced]);
    assert_eq!(judge([&new_row].into_iter(), &known(&[])), [new("A3", None)]);
    let again = known(&[("A1", 4, -450), ("A3", 4, -500)]);
    assert_eq!(judge([&new_row].into_iter(), &again), [Verdict::Here]);

    let itself = ImportRow { replaces: vec!["A1".to_owned()], ..row("A1", 4, -500) };
    let in_place = Verdict::Replaces { of: "A1".to_owned(), id: Some("A1".to_owned()) };
    assert_eq!(judge([&itself].into_iter(), &known(&[("A1", 4, -450)])), [in_place]);
    assert_eq!(judge([&itself].into_iter(), &known(&[("A1", 4, -500)])), [Verdict::Here]);

    let second = ImportRow { replaces: vec!["A1".to_owned()], ..row("A4", 4, -600) };
    let verdicts = judge([&new_row, &second].into_iter(), &known(&[("A1", 4, -450)]));
    assert_eq!(verdicts[1], new("A4", None), "a place is taken once");
}

#[test]
fn a_deletion_takes_out_what_is_here() {
    let deletions = [Deletion { line: 1, of: vec!["A2".to_owned(), "A1".to_owned()] }];

    assert_eq!(deleted(&deletions, &known(&[("A1", 4, -450)])), ["A1"]);
    assert_eq!(deleted(&deletions, &Known::default()), [""; 0]);
    let mut gone = known(&[("A1", 4, -450)]);
    gone.ids.values_mut().for_each(|row| row.deleted = true);
    assert_eq!(deleted(&deletions, &gone), [""; 0]);
    assert_eq!(judge([&row("A1", 4, -450)].into_iter(), &gone), [Verdict::Here]);
}

#[test]
fn rows_without_an_id_are_counted() {
    let coffee = ImportRow { provider_id: None, ..row("", 4, -450) };
    let key = RowKey::new(coffee.date, coffee.minor, coffee.currency, &coffee.description);
    let known = Known { copies: HashMap::from([(key, 1)]), ..Known::default() };
    let added = Verdict::New { id: None, flag: None };

    let verdicts = judge([&coffee, &coffee, &coffee].into_iter(), &known);

    assert_eq!(verdicts, [Verdict::Here, added.clone(), added]);
}

#[test]
fn every_id_that_matters_is_looked_up() {
    let replacing = ImportRow { replaces: vec!["A0".to_owned()], ..row("A1", 4, -450) };
    let deletions = [Deletion { line: 2, of: vec!["B".to_owned()] }];

    let found: Vec<String> = ids([&replacing].into_iter(), &deletions).into_iter().collect();

    assert_eq!(found, ["A0", "A1", "A1|2026-05-04|-450|USD", "B"]);
}
