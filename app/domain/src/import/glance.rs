//! A file at a glance: what the browser can say of it before anything is sent.

use super::{File, ImportOptions, ImportRow, Interpretation, Target};
use crate::count::count;
use crate::{Code, Currency, CurrencySum, Date, Money, day};

/// The rows that are shown.
const SHOWN: usize = 10;

/// What a file holds, by the parser that reads it again on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// "CSV · 60 transactions, 13 September 2026 to 29 November 2026", then what went out and came in, a line each.
    pub lines: Vec<String>,
    /// The heads of the columns of `rows`.
    pub columns: Vec<String>,
    /// The first ten rows: as understood, or as they stand in the file where something has to be asked first.
    pub rows: Vec<Vec<String>>,
}

impl Glance {
    /// Reads a file for an account. `today` bounds the dates: a year ahead at most.
    ///
    /// # Errors
    /// The code of what refuses the file whole.
    pub fn of(bytes: &[u8], account: Target<'_>, today: Date) -> Result<Self, Code> {
        let file = File::parse(bytes)?;
        let read = file.interpret(&ImportOptions::default(), account, today);
        Ok(if read.questions.is_empty() { understood(&read) } else { open(&file) })
    }
}

fn understood(read: &Interpretation) -> Glance {
    let rows: Vec<&ImportRow> = read.good_rows().map(|(_, row)| row).collect();
    let days = rows.iter().map(|row| row.date);
    let span = days.clone().min().zip(days.max());
    let span = span
        .map(|(first, last)| format!(", {} to {}", day::format_day(first), day::format_day(last)));
    let head = format!(
        "{} · {}{}",
        read.format.label(),
        number(rows.len(), "transaction"),
        span.unwrap_or_default()
    );
    let unread = read.rows.len().saturating_sub(rows.len());
    let unread = (unread > 0).then(|| format!("{} can't be read.", number(unread, "row")));
    let sums = sums(&rows).into_iter().filter_map(|sum| sum.line());
    Glance {
        lines: [head].into_iter().chain(sums).chain(unread).collect(),
        columns: ["Date", "Description", "Amount"].map(str::to_owned).into(),
        rows: rows.into_iter().take(SHOWN).map(cells).collect(),
    }
}

fn cells(row: &ImportRow) -> Vec<String> {
    let amount = Money::new(row.minor, row.currency).format_signed();
    vec![day::format_day(row.date), row.description.clone(), amount]
}

fn sums(rows: &[&ImportRow]) -> Vec<CurrencySum> {
    let mut currencies: Vec<Currency> = rows.iter().map(|row| row.currency).collect();
    currencies.sort_unstable_by_key(|currency| currency.code());
    currencies.dedup();
    let sum = |currency: Currency, wanted: fn(i64) -> bool| {
        rows.iter()
            .filter(|row| row.currency == currency && wanted(row.minor))
            .fold(0_i64, |sum, row| sum.saturating_add(row.minor))
    };
    currencies
        .into_iter()
        .map(|currency| CurrencySum {
            currency: currency.code().to_owned(),
            in_minor: sum(currency, i64::is_positive),
            out_minor: sum(currency, i64::is_negative),
        })
        .collect()
}

/// What a file holds whose columns, dates or account have to be asked for first.
fn open(file: &File) -> Glance {
    let kind = file.format().label();
    let rows = number(file.row_count(), "row");
    if file.columns().is_empty() {
        let accounts = file.statements();
        return Glance {
            lines: vec![
                format!("{kind} · {rows} of {}", number(accounts.len(), "account")),
                "Which of them this is comes next.".to_owned(),
            ],
            columns: ["Account", "Rows"].map(str::to_owned).into(),
            rows: (accounts.iter().take(SHOWN))
                .map(|account| vec![account.label(), account.entries.to_string()])
                .collect(),
        };
    }
    Glance {
        lines: vec![
            format!("{kind} · {rows}"),
            "What the columns, dates and amounts mean comes next.".to_owned(),
        ],
        columns: file.columns().to_vec(),
        rows: file.sample(SHOWN),
    }
}

fn number(n: usize, noun: &str) -> String {
    count(i64::try_from(n).unwrap_or(i64::MAX), noun)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{TODAY, account, usd};
    use super::*;

    fn glance(text: &str) -> Glance {
        Glance::of(text.as_bytes(), usd(), TODAY).unwrap()
    }

    #[test]
    fn what_is_understood_is_counted_summed_and_shown() {
        let text = "Date,Description,Amount\n2026-05-13,Coffee,-4.50\n2026-05-02,Pay,20.00\n2026-05-03,Bus,-x";

        let glance = glance(text);

        assert_eq!(
            glance.lines,
            [
                "CSV · 2 transactions, 2 May 2026 to 13 May 2026",
                "−$4.50 out · +$20.00 in",
                "1 row can't be read."
            ]
        );
        assert_eq!(glance.columns, ["Date", "Description", "Amount"]);
        assert_eq!(
            glance.rows,
            [["13 May 2026", "Coffee", "−$4.50"], ["2 May 2026", "Pay", "+$20.00"]]
        );
    }

    #[test]
    fn ten_rows_are_shown_and_all_are_counted() {
        let rows: Vec<String> = (1..=28).map(|n| format!("2026-05-{n:02},Coffee,-1.00")).collect();

        let glance = glance(&format!("Date,Description,Amount\n{}", rows.join("\n")));

        assert_eq!(glance.rows.len(), SHOWN);
        assert!(glance.lines[0].starts_with("CSV · 28 transactions"), "{:?}", glance.lines);
        assert_eq!(glance.lines[1], "−$28.00 out · $0.00 in");
    }

    #[test]
    fn columns_that_nobody_knows_are_shown_as_they_stand() {
        let glance = glance("a,b\nfoo,bar\nbaz,\"q,x\"");

        assert_eq!(glance.columns, ["a", "b"]);
        assert_eq!(glance.rows, [["foo", "bar"], ["baz", "q,x"]]);
        assert_eq!(glance.lines[0], "CSV · 2 rows");
        assert_eq!(glance.lines[1], "What the columns, dates and amounts mean comes next.");
    }

    #[test]
    fn a_file_of_several_accounts_names_them() {
        let bytes = include_bytes!("samples/two.qfx");

        let glance = Glance::of(bytes, account("USD", None), TODAY).unwrap();

        assert_eq!(glance.columns, ["Account", "Rows"]);
        assert_eq!(glance.rows.len(), 2);
        assert!(glance.lines[0].ends_with("of 2 accounts"), "{:?}", glance.lines);
    }

    #[test]
    fn what_is_no_file_of_a_bank_says_why() {
        let refused = |bytes: &[u8]| Glance::of(bytes, usd(), TODAY).unwrap_err();

        assert_eq!(refused(b""), Code::FileEmpty);
        assert_eq!(refused(b"\x00\x01\x02 binary"), Code::FileNotText);
    }
}
