//! Pages of lists.

use super::{answer, extract::Params};
use crate::json::{Json, object};

/// Without a limit.
const USUAL: usize = 10;
/// More is cut to this.
const MOST: usize = 100;

/// One page of rows that come oldest first; newest first unless the query says otherwise.
pub fn page<T>(params: &Params, rows: Vec<T>, print: impl Fn(T) -> Json) -> answer::Result {
    let page = params.number("page")?.unwrap_or(1);
    let limit = params.number("limit")?.unwrap_or(USUAL).min(MOST);
    let total = rows.len();
    let oldest_first = params.get("sorting").is_some_and(|sorting| !sorting.starts_with('-'));
    let skip = (page - 1).saturating_mul(limit);
    let items: Vec<Json> = if oldest_first {
        rows.into_iter().skip(skip).take(limit).map(print).collect()
    } else {
        rows.into_iter().rev().skip(skip).take(limit).map(print).collect()
    };
    answer::ok(object! {
        "items": items,
        "pagination": object! {
            "total_count": u64::try_from(total).unwrap_or(0),
            "max_page": u64::try_from(total.div_ceil(limit)).unwrap_or(0),
        },
    })
}
