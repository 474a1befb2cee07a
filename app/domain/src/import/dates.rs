//! Dates in files: which of the ways to write them a whole column follows.

use crate::day::{digits, from_numbers};
use crate::{Code, Date};

words! {
    /// A way to write dates. Decided once for a column.
    pub enum DateFormat (Code::OptionUnknown) {
        /// `2026-05-04`
        Ymd = "ymd", "Year, month, day";
        /// `20260504`
        Compact = "compact", "Eight digits";
        /// `04.05.2026`, `4/5/26`
        Dmy = "dmy", "Day, month, year";
        /// `05/04/2026`, `5/4/26`
        Mdy = "mdy", "Month, day, year";
        /// `4 May 2026`, `04-May-26`, `May 4, 2026`
        Named = "named", "Month by name";
    }
}

/// The first year a row of a file may have.
const FIRST_YEAR: i32 = 1970;

/// Beginnings of month names in English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Swedish, Danish.
/// Longer ones first where one begins like another.
#[rustfmt::skip]
const MONTHS: &[(&str, u32)] = &[
    ("juil", 7), ("juin", 6),
    ("jan", 1), ("gen", 1), ("ene", 1), ("sty", 1), ("feb", 2), ("fev", 2), ("fév", 2), ("lut", 2), ("mar", 3), ("mär", 3), ("mrz", 3), ("maa", 3),
    ("mrt", 3), ("apr", 4), ("abr", 4), ("avr", 4), ("kwi", 4), ("may", 5), ("mai", 5), ("maj", 5), ("mei", 5), ("mag", 5), ("jun", 6),
    ("giu", 6), ("cze", 6), ("jul", 7), ("lug", 7), ("lip", 7), ("aug", 8), ("aoû", 8), ("aou", 8), ("ago", 8), ("sie", 8), ("sep", 9), ("set", 9),
    ("wrz", 9), ("oct", 10), ("okt", 10), ("ott", 10), ("out", 10), ("paź", 10), ("paz", 10), ("nov", 11), ("lis", 11), ("dec", 12), ("déc", 12),
    ("dez", 12), ("dic", 12), ("gru", 12),
];

/// The date in a cell, if it is written this way, exists, and lies between 1970 and `latest`. A time behind it is dropped.
pub(super) fn parse(cell: &str, format: DateFormat, latest: Date) -> Option<Date> {
    read(cell, format).filter(|date| date.year() >= FIRST_YEAR && *date <= latest)
}

/// The same, with what is wrong when there is none.
pub(super) fn checked(cell: &str, format: DateFormat, latest: Date) -> Result<Date, Code> {
    if cell.is_empty() {
        return Err(Code::DateRequired);
    }
    parse(cell, format, latest).ok_or_else(|| match read(cell, format) {
        Some(date) if date > latest => Code::DateFuture(latest),
        _ => Code::DateInvalid,
    })
}

/// The same without the last day.
pub(super) fn read(cell: &str, format: DateFormat) -> Option<Date> {
    let text = without_time(cell);
    match format {
        DateFormat::Compact if text.len() == 8 => {
            let (year, rest) = text.split_at_checked(4)?;
            let (month, day) = rest.split_at_checked(2)?;
            from_numbers(digits(year)?, digits(month)?, digits(day)?)
        }
        DateFormat::Compact => None,
        DateFormat::Named => named(text),
        DateFormat::Ymd => {
            let [year, month, day] = parts(text)?;
            (year.len() == 4).then_some(())?;
            from_numbers(digits(year)?, short(month)?, short(day)?)
        }
        DateFormat::Dmy => {
            let [day, month, year] = parts(text)?;
            from_numbers(full_year(year)?, short(month)?, short(day)?)
        }
        DateFormat::Mdy => {
            let [month, day, year] = parts(text)?;
            from_numbers(full_year(year)?, short(month)?, short(day)?)
        }
    }
}

/// True for a cell that is a date in some way of writing.
pub(super) fn looks_like_date(cell: &str) -> bool {
    DateFormat::ALL
        .iter()
        .any(|format| read(cell, *format).is_some_and(|date| date.year() >= FIRST_YEAR))
}

/// A year from one day on, for the last day a row may have.
pub(super) fn a_year_after(today: Date) -> Date {
    let year = today.year().saturating_add(1);
    today
        .replace_year(year)
        .or_else(|_| Date::from_calendar_date(year, time::Month::March, 1))
        .unwrap_or(today)
}

/// `2026-05-04T10:22:00Z` and `04.05.2026 10:22` without the time.
fn without_time(cell: &str) -> &str {
    let cell = cell.trim();
    let Some(colon) = cell.find(':') else {
        // Midnight in no zone at all, as some exports write it: `20260504000000`.
        return if cell.len() == 14 { cell.strip_suffix("000000").unwrap_or(cell) } else { cell };
    };
    let before = cell.get(..colon).unwrap_or(cell);
    let end = before.rfind(['T', ' ']).unwrap_or(before.len());
    before.get(..end).unwrap_or(before).trim_end_matches([' ', ',']).trim_end()
}

/// Three numbers between two equal separators.
fn parts(text: &str) -> Option<[&str; 3]> {
    let separator = text.chars().find(|c| matches!(c, '/' | '-' | '.'))?;
    let mut parts = text.split(separator).map(str::trim);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    // `4.5.2026.` is how some write it.
    let rest = parts.next();
    (rest.is_none() || (rest == Some("") && parts.next().is_none())).then_some(three)
}

fn short(text: &str) -> Option<u32> {
    if text.len() > 2 { None } else { digits(text) }
}

/// Four digits, or two: 00 to 69 are of this century.
fn full_year(text: &str) -> Option<u32> {
    match (text.len(), digits(text)?) {
        (4, year) => Some(year),
        (2, year @ 0..=69) => year.checked_add(2000),
        (2, year) => year.checked_add(1900),
        _ => None,
    }
}

/// `4 May 2026`, `4. Mai 2026`, `04-May-26`, `May 4, 2026`, `4 de mayo de 2026`.
fn named(text: &str) -> Option<Date> {
    let words: Vec<&str> = text
        .split([' ', '-', '/', '.', ','])
        .filter(|word| !word.is_empty() && !matches!(*word, "de" | "del"))
        .collect();
    let &[first, second, year] = words.as_slice() else { return None };
    let (day, month) = match month(second) {
        Some(month) => (first, month),
        None => (second, month(first)?),
    };
    from_numbers(full_year(year)?, month, short(day)?)
}

fn month(word: &str) -> Option<u32> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let word = word.to_lowercase();
    MONTHS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, month)| *month)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn each_way_of_writing_is_read() {
        let day = Some(date!(2026 - 05 - 04));
        for (format, cells) in [
            (
                DateFormat::Ymd,
                &[
                    "2026-05-04",
                    "2026/5/4",
                    "2026.05.04",
                    "2026-05-04T23:33:00Z",
                    "2026-05-04 10:22:01",
                ][..],
            ),
            (DateFormat::Compact, &["20260504", "20260504000000"][..]),
            (
                DateFormat::Dmy,
                &["04.05.2026", "4/5/26", "04-05-2026", "4.5.2026.", "04.05.2026 10:22"][..],
            ),
            (DateFormat::Mdy, &["05/04/2026", "5/4/26", "05-04-2026", "5/4/2026 1:05 PM"][..]),
            (
                DateFormat::Named,
                &[
                    "4 May 2026",
                    "04-May-26",
                    "May 4, 2026",
                    "4. Mai 2026",
                    "4 de mayo de 2026",
                    "4 maj 2026",
                    "4 mag 2026",
                    "4 May 2026, 10:22",
                ][..],
            ),
        ] {
            for cell in cells {
                assert_eq!(read(cell, format), day, "{cell} as {format}");
            }
        }
    }

    #[test]
    fn months_have_names_in_ten_languages() {
        for (cell, month) in [
            ("1 juillet 2026", 7),
            ("1 juin 2026", 6),
            ("1 März 2026", 3),
            ("1 grudnia 2026", 12),
            ("1 ottobre 2026", 10),
            ("1 dezembro 2026", 12),
            ("1 augusti 2026", 8),
            ("1 oktober 2026", 10),
            ("1 marts 2026", 3),
            ("1 enero 2026", 1),
            ("1 mrt 2026", 3),
        ] {
            assert_eq!(
                read(cell, DateFormat::Named).map(|date| u8::from(date.month())),
                Some(month),
                "{cell}"
            );
        }
    }

    #[test]
    fn what_does_not_exist_is_no_date() {
        for format in DateFormat::ALL {
            for cell in [
                "",
                "x",
                "2026-02-30",
                "2026-13-01",
                "99/99/2026",
                "1-2",
                "1-2-3-4",
                "20261301",
                "12345678901234",
                "4 Foo 2026",
                "-5.00",
                "1.234.56",
            ] {
                assert_eq!(read(cell, *format), None, "{cell} as {format}");
            }
        }
    }

    #[test]
    fn rows_lie_between_1970_and_a_year_ahead() {
        let latest = a_year_after(date!(2026 - 06 - 10));
        assert_eq!(latest, date!(2027 - 06 - 10));
        assert_eq!(a_year_after(date!(2024 - 02 - 29)), date!(2025 - 03 - 01));
        assert!(parse("2027-06-10", DateFormat::Ymd, latest).is_some());
        assert!(parse("2027-06-11", DateFormat::Ymd, latest).is_none());
        assert!(parse("1969-12-31", DateFormat::Ymd, latest).is_none());
        assert_eq!(parse("01/02/70", DateFormat::Dmy, latest), Some(date!(1970 - 02 - 01)));
        assert_eq!(parse("01/02/69", DateFormat::Dmy, latest), None);
    }
}
