//! Which part of a long list is wanted: a numbered page near the top, or the rows beside a cursor anywhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::form::Errors;
use crate::{Code, Date, FieldError, TransactionId, query};

/// Rows on a page when nothing is asked for.
pub const DEFAULT_LIMIT: i64 = 50;
/// Most rows on a page.
pub const MAX_LIMIT: i64 = 200;
/// Numbered pages reach this many rows down; further is the cursor's.
pub const MAX_DEPTH: i64 = 10_000;

/// The version of the cursor's bytes.
const VERSION: u8 = 1;
/// Longest id in a cursor.
const ID_MAX: usize = 64;

/// Which way from the row of a cursor. Lists run from the newest to the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Rows after it: older.
    Next,
    /// Rows before it: newer.
    Previous,
}

/// The place beside one row of a list with certain filters. Opaque to whoever carries it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The date of the row.
    pub date: Date,
    /// The id of the row.
    pub id: TransactionId,
    /// Which way from it.
    pub direction: Direction,
    /// The hash of the filters the list had.
    pub filter: u64,
}

impl Cursor {
    /// Text for an address: base64url of version, direction, date, filters and id.
    pub fn encode(&self) -> String {
        let mut bytes = vec![VERSION, u8::from(self.direction == Direction::Previous)];
        bytes.extend(self.date.to_julian_day().to_be_bytes());
        bytes.extend(self.filter.to_be_bytes());
        bytes.extend(self.id.as_str().as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Cursor::encode`] wrote; anything else is `cursor_invalid`.
    pub fn decode(text: &str) -> Result<Self, Code> {
        decode(text).ok_or(Code::CursorInvalid)
    }

    /// Refuses a cursor that was made under other filters.
    pub fn check(&self, filter: u64) -> Result<(), Code> {
        if self.filter == filter { Ok(()) } else { Err(Code::CursorMismatch) }
    }
}

fn decode(text: &str) -> Option<Cursor> {
    if text.len() > 200 {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (&[version, direction], rest) = bytes.split_first_chunk()?;
    let (date, rest) = rest.split_first_chunk()?;
    let (filter, id) = rest.split_first_chunk()?;
    let direction = match direction {
        0 => Direction::Next,
        1 => Direction::Previous,
        _ => return None,
    };
    let known = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if version != VERSION || id.is_empty() || id.len() > ID_MAX || !id.iter().all(known) {
        return None;
    }
    Some(Cursor {
        date: Date::from_julian_day(i32::from_be_bytes(*date)).ok()?,
        id: TransactionId::new(str::from_utf8(id).ok()?),
        direction,
        filter: u64::from_be_bytes(*filter),
    })
}

/// The part of a list that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageRequest {
    /// The `page`-th page, from 1.
    Page {
        /// 1 or more.
        page: i64,
        /// 1 to [`MAX_LIMIT`].
        limit: i64,
    },
    /// The rows beside a cursor.
    Cursor {
        /// Where to start.
        cursor: Cursor,
        /// 1 to [`MAX_LIMIT`].
        limit: i64,
    },
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::Page { page: 1, limit: DEFAULT_LIMIT }
    }
}

impl PageRequest {
    /// Reads `page`, `limit` and `cursor`; a cursor wins over a page and must belong to the filters with this hash.
    pub fn from_query<K: AsRef<str>, V: AsRef<str>>(
        pairs: &[(K, V)],
        filter: u64,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors::default();
        let limit = errors
            .take("limit", number(pairs, "limit", DEFAULT_LIMIT, MAX_LIMIT, Code::LimitRange));
        let page = errors.take("page", number(pairs, "page", 1, i64::MAX, Code::PageRange));
        let cursor = query::value(pairs, "cursor").map(|text| {
            let cursor =
                Cursor::decode(text).and_then(|cursor| cursor.check(filter).map(|()| cursor));
            errors.take("cursor", cursor)
        });
        let request = match (cursor, page, limit) {
            (Some(cursor), _, Some(limit)) => cursor.map(|cursor| Self::Cursor { cursor, limit }),
            (None, Some(page), Some(limit)) => {
                errors.take("page", in_reach(page, limit)).map(|()| Self::Page { page, limit })
            }
            _ => None,
        };
        errors.finish(request)
    }

    /// How many rows are wanted.
    pub const fn limit(&self) -> i64 {
        match self {
            Self::Page { limit, .. } | Self::Cursor { limit, .. } => *limit,
        }
    }

    /// How many rows lie above a numbered page; none for a cursor.
    pub const fn offset(&self) -> i64 {
        match self {
            Self::Page { page, limit } => page.saturating_sub(1).saturating_mul(*limit),
            Self::Cursor { .. } => 0,
        }
    }
}

/// How many pages `total` rows fill.
pub fn total_pages(total: i64, limit: i64) -> i64 {
    let whole = total.checked_div(limit).unwrap_or(0);
    let rest = total.checked_rem(limit).unwrap_or(0);
    whole.saturating_add(i64::from(rest > 0))
}

fn in_reach(page: i64, limit: i64) -> Result<(), Code> {
    if page.saturating_mul(limit) > MAX_DEPTH { Err(Code::PageTooDeep) } else { Ok(()) }
}

fn number<K: AsRef<str>, V: AsRef<str>>(
    pairs: &[(K, V)],
    name: &str,
    default: i64,
    max: i64,
    code: Code,
) -> Result<i64, Code> {
    let Some(text) = query::value(pairs, name) else { return Ok(default) };
    text.parse().ok().filter(|number| (1..=max).contains(number)).ok_or(code)
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
