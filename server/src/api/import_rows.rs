//! Which rows of a preview are asked for. Lines stand for themselves, so that a cursor is one, and there is no end to
//! how far pages reach.

use backend::imports::PreviewRow;
use domain::{Code, FieldError, PageRequest, page, query};

use super::{
    error::invalid,
    import_preview::{Row, STATES, word},
    list::{List, numbered},
};
use crate::http::Failure;

/// Where a page begins or ends.
enum Place {
    /// A numbered page.
    Page(i64),
    /// After this line.
    After(i64),
    /// Before this line.
    Before(i64),
}

/// The rows that are asked for.
pub(super) struct RowsRequest {
    place: Place,
    limit: i64,
    state: Option<String>,
}

impl RowsRequest {
    /// Reads `page`, `limit`, `cursor` and `state`.
    pub fn from_query(pairs: &[(String, String)]) -> Result<Self, Failure> {
        let request: PageRequest = numbered(pairs)?;
        let limit = request.limit();
        let place = match query::value(pairs, "cursor") {
            Some(text) => cursor(text).ok_or_else(|| refused("cursor", Code::CursorInvalid))?,
            None => Place::Page(request.offset() / limit + 1),
        };
        let state = query::value(pairs, "state").map(str::to_owned);
        match &state {
            Some(state) if !STATES.contains(&state.as_str()) => {
                Err(refused("state", Code::OptionUnknown))
            }
            _ => Ok(Self { place, limit, state }),
        }
    }

    /// The page of these rows, which stand in the order of their lines.
    pub fn page(&self, mut rows: Vec<PreviewRow>) -> List<Row> {
        if let Some(state) = &self.state {
            rows.retain(|row| word(&row.state) == state);
        }
        let total = rows.len();
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let (start, end) = match self.place {
            Place::Page(number) => {
                let before = number.saturating_sub(1).saturating_mul(self.limit);
                let start = usize::try_from(before).unwrap_or(usize::MAX).min(total);
                (start, start.saturating_add(limit).min(total))
            }
            Place::After(line) => {
                let start = rows.partition_point(|row| row.line <= line);
                (start, start.saturating_add(limit).min(total))
            }
            Place::Before(line) => {
                let end = rows.partition_point(|row| row.line < line);
                (end.saturating_sub(limit), end)
            }
        };
        let shown = rows.get(start..end).unwrap_or_default();
        let next = shown.last().filter(|_| end < total).map(|row| format!("a{}", row.line));
        let prev = shown.first().filter(|_| start > 0).map(|row| format!("b{}", row.line));
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        List {
            items: rows.drain(start..end).map(Row::from).collect(),
            page: if let Place::Page(number) = self.place { number } else { 1 },
            limit: self.limit,
            total,
            total_pages: page::total_pages(total, self.limit),
            next_cursor: next,
            prev_cursor: prev,
        }
    }
}

/// `a12`: after line 12; `b12`: before it.
fn cursor(text: &str) -> Option<Place> {
    let (way, line) = text.split_at_checked(1)?;
    let line = line.bytes().all(|byte| byte.is_ascii_digit()).then(|| line.parse().ok())??;
    match way {
        "a" => Some(Place::After(line)),
        "b" => Some(Place::Before(line)),
        _ => None,
    }
}

fn refused(field: &str, code: Code) -> Failure {
    invalid(&[FieldError::new(field, code)])
}
