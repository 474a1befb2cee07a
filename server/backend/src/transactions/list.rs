//! One part of the list, with what is true of all of it.

use std::borrow::Cow;

use domain::{
    Cursor, Date, Direction, PageRequest, TransactionFilter, TransactionPage, TransactionView, page,
};
use time::macros::date;

use super::{rows, sums};
use crate::{Backend, Result, SignedIn, billing, db::UserTx, fetch_optional};

/// Before the first and after the last day that a row can have.
pub(super) const FIRST_DAY: Date = date!(1000 - 01 - 01);
pub(crate) const LAST_DAY: Date = date!(9999 - 12 - 31);

/// The stretch of the list that is read: from a place, in a direction, so many rows.
pub(super) struct Stretch<'f> {
    pub direction: Direction,
    /// The place: rows strictly beyond it are read.
    pub date: Date,
    pub id: Cow<'f, str>,
    /// The first and the last day of the filters.
    pub from: Date,
    pub to: Date,
    pub limit: i64,
    pub offset: i64,
}

/// The caller's transactions, newest first; failed ones only when the filter asks for them.
#[tracing::instrument(name = "transactions.list", skip_all, fields(user.id = %caller.user()))]
pub async fn list(
    backend: &Backend,
    caller: &SignedIn,
    filter: &TransactionFilter,
    request: &PageRequest,
) -> Result<TransactionPage> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let (hash, reach) = (filter.hash(), reach(&mut tx, backend, filter).await?);
    let filter = &reach.filter;
    let stretch = stretch(filter, request);
    let mut items = rows::fetch(&mut tx, filter, &stretch).await?;
    let sums = sums::fetch(&mut tx, filter).await?;

    let more = items.len() > usize::try_from(request.limit()).unwrap_or(usize::MAX);
    if more {
        items.pop();
    }
    if stretch.direction == Direction::Previous {
        items.reverse();
    }
    let (newer, older) = match request {
        PageRequest::Page { page, .. } => (*page > 1, more),
        // Beside a cursor there is the row that it stands on.
        PageRequest::Cursor { cursor, .. } => match cursor.direction {
            Direction::Next => (true, more),
            Direction::Previous => (more, true),
        },
    };
    let total = sums.iter().map(|sum| sum.rows).sum();
    let transfers = sums.iter().map(|sum| sum.transfers).sum();
    let cursor = |item: Option<&TransactionView>, direction, exists: bool| {
        item.filter(|_| exists).map(|item| {
            let (date, id) = (item.date, item.id.clone());
            Cursor { date, id, direction, filter: hash }.encode()
        })
    };
    Ok(TransactionPage {
        page: match request {
            PageRequest::Page { page, .. } => *page,
            PageRequest::Cursor { .. } => 1,
        },
        limit: request.limit(),
        total,
        total_pages: page::total_pages(total, request.limit()),
        next_cursor: cursor(items.last(), Direction::Next, older),
        prev_cursor: cursor(items.first(), Direction::Previous, newer),
        items,
        sums: sums.into_iter().map(Into::into).collect(),
        transfers,
        hidden_before: reach.hidden_before,
    })
}

/// The filter as far as the plan reaches back.
pub(super) struct Reach {
    pub(super) filter: TransactionFilter,
    /// There are rows before this day that the filter asks for.
    hidden_before: Option<Date>,
}

pub(super) async fn reach(
    tx: &mut UserTx,
    backend: &Backend,
    filter: &TransactionFilter,
) -> Result<Reach> {
    let start = billing::history_start(tx, backend).await?;
    let asked = filter.from.unwrap_or(FIRST_DAY);
    let Some(start) = start.filter(|start| asked < *start) else {
        return Ok(Reach { filter: filter.clone(), hidden_before: None });
    };
    let user = tx.user().clone();
    let older: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        select "id" from "transaction"
        where "userId" = $1 and "date" >= $2 and "date" < $3 and "deletedAt" is null
        limit 1
        "#,
        user,
        asked,
        start,
    )?;
    let filter = TransactionFilter { from: Some(start), ..filter.clone() };
    Ok(Reach { filter, hidden_before: older.map(|_| start) })
}

/// The newest rows of everything the person of this transaction has.
pub(crate) async fn newest(tx: &mut UserTx, limit: i64) -> Result<Vec<TransactionView>> {
    let filter = TransactionFilter::default();
    let request = PageRequest::Page { page: 1, limit };
    let mut items = rows::fetch(tx, &filter, &stretch(&filter, &request)).await?;
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(items)
}

/// One row more than asked for, to know whether there are any beyond.
fn stretch<'f>(filter: &TransactionFilter, request: &'f PageRequest) -> Stretch<'f> {
    let (from, to) = (filter.from.unwrap_or(FIRST_DAY), filter.to.unwrap_or(LAST_DAY));
    let (direction, date, id) = match request {
        // Everything before the day after the last one.
        PageRequest::Page { .. } => {
            (Direction::Next, to.next_day().unwrap_or(to), Cow::Borrowed(""))
        }
        PageRequest::Cursor { cursor, .. } => {
            (cursor.direction, cursor.date, Cow::Borrowed(cursor.id.as_str()))
        }
    };
    Stretch { direction, date, id, from, to, limit: request.limit() + 1, offset: request.offset() }
}

/// What a search looks at: the parts in lower case, so that both engines agree on what that is.
pub(super) fn searchable<'t>(parts: impl IntoIterator<Item = Option<&'t str>>) -> String {
    let parts: Vec<String> =
        parts.into_iter().flatten().map(domain::fingerprint::normalise_description).collect();
    parts.join(" ")
}
