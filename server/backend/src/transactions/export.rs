//! The list as a file: some rows at a time by its cursor, so that a long list is never in memory as a whole.

use domain::{
    Cursor, Direction, PageRequest, TransactionFilter, TransactionView,
    export::{ExportRow, header},
    page::MAX_LIMIT,
};

use super::list;
use crate::{Backend, Error, Result, SignedIn};

/// What the file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A spreadsheet.
    Csv,
    /// A program: one JSON list.
    Json,
}

/// The rows that a filter lets through, newest first, written piece by piece.
pub struct Rows {
    backend: Backend,
    caller: SignedIn,
    filter: TransactionFilter,
    format: Format,
    at: Place,
}

enum Place {
    Start,
    After(Cursor),
    End,
}

impl Rows {
    /// The file of the caller.
    pub fn new(
        backend: &Backend,
        caller: &SignedIn,
        filter: TransactionFilter,
        format: Format,
    ) -> Self {
        let (backend, caller) = (backend.clone(), caller.clone());
        Self { backend, caller, filter, format, at: Place::Start }
    }

    /// The next piece; nothing after the last.
    pub async fn next(&mut self) -> Result<Option<String>> {
        let (request, is_first) = match &self.at {
            Place::Start => (PageRequest::Page { page: 1, limit: MAX_LIMIT }, true),
            Place::After(cursor) => {
                (PageRequest::Cursor { cursor: cursor.clone(), limit: MAX_LIMIT }, false)
            }
            Place::End => return Ok(None),
        };
        let page = list(&self.backend, &self.caller, &self.filter, &request).await?;
        let last = page.items.last().filter(|_| page.next_cursor.is_some());
        self.at = last.map_or(Place::End, |row| {
            let (date, id) = (row.date, row.id.clone());
            let filter = self.filter.hash();
            Place::After(Cursor { date, id, direction: Direction::Next, filter })
        });
        let is_last = matches!(self.at, Place::End);
        match self.format {
            Format::Csv => Ok(Some(csv(&page.items, is_first))),
            Format::Json => json(&page.items, is_first, is_last).map(Some),
        }
    }
}

fn csv(rows: &[TransactionView], is_first: bool) -> String {
    let mut text = if is_first { header() } else { String::new() };
    text.extend(rows.iter().map(|row| ExportRow::of(row).line()));
    text
}

fn json(rows: &[TransactionView], is_first: bool, is_last: bool) -> Result<String> {
    let mut text = String::from(if is_first { "[" } else { "" });
    let mut separator = if is_first { "\n" } else { ",\n" };
    for row in rows {
        text.push_str(separator);
        let row = serde_json::to_string(row).map_err(|_| Error::Corrupt("row of an export"))?;
        text.push_str(&row);
        separator = ",\n";
    }
    if is_last {
        text.push_str("\n]\n");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use domain::query;

    use super::*;
    use crate::{
        accounts::testing::account_of,
        both_engines,
        testing::World,
        transactions::testing::{Given, give_all},
    };

    async fn file(w: &World, who: &SignedIn, text: &str, format: Format) -> (String, usize) {
        let filter = TransactionFilter::from_query(&query::parse(text)).unwrap();
        let mut rows = Rows::new(&w.backend, who, filter, format);
        let (mut text, mut pieces) = (String::new(), 0);
        while let Some(piece) = rows.next().await.unwrap() {
            text.push_str(&piece);
            pieces += 1;
        }
        (text, pieces)
    }

    both_engines! {
        async fn a_file_of_several_pieces_has_every_row_of_the_filter_once(db: TestDb) {
            let w = World::new(db).await;
            let account = account_of(&w.backend, &w.alice).await;
            give_all(&w.backend, &w.alice, &account, &vec![Given::default(); 401]).await;
            give_all(&w.backend, &w.alice, &account, &[Given { description: "Tea", ..Given::default() }]).await;

            let (csv, pieces) = file(&w, &w.alice, "q=coffee", Format::Csv).await;
            let (json, _) = file(&w, &w.alice, "q=coffee", Format::Json).await;

            assert_eq!(pieces, 3);
            let lines: std::collections::BTreeSet<&str> = csv.lines().collect();
            assert_eq!((lines.len(), csv.lines().count()), (402, 402));
            assert!(csv.starts_with("date,description,") && !csv.contains("Tea"), "{csv}");
            let rows: Vec<TransactionView> = serde_json::from_str(&json).unwrap();
            assert_eq!(rows.len(), 401);
        }

        async fn a_row_in_a_currency_that_is_none_is_in_both_files(db: TestDb) {
            let w = World::new(db).await;
            let account = account_of(&w.backend, &w.alice).await;
            give_all(&w.backend, &w.alice, &account, &[Given { currency: "DOGE", ..Given::default() }]).await;

            let (csv, _) = file(&w, &w.alice, "", Format::Csv).await;
            let (json, _) = file(&w, &w.alice, "", Format::Json).await;

            assert!(csv.contains(",-4.50,DOGE,"), "{csv}");
            assert!(json.contains("DOGE"), "{json}");
        }

        async fn a_spreadsheet_finds_no_formula_and_mallory_no_row(db: TestDb) {
            let w = World::new(db).await;
            let account = account_of(&w.backend, &w.alice).await;
            give_all(&w.backend, &w.alice, &account, &[Given { description: "=1+1", ..Given::default() }]).await;

            let (own, _) = file(&w, &w.alice, "", Format::Csv).await;
            let (hers, _) = file(&w, &w.mallory, "", Format::Csv).await;
            let (none, _) = file(&w, &w.mallory, "", Format::Json).await;

            assert!(own.contains(",'=1+1,"), "{own}");
            assert_eq!(hers.lines().count(), 1);
            assert_eq!(serde_json::from_str::<Vec<TransactionView>>(&none).unwrap(), []);
        }
    }
}
