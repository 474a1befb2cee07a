//! What lists have in common.

use domain::{Code, FieldError, PageRequest, page, query};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    body::{Named, named},
    error::invalid,
};
use crate::http::Failure;

/// One page of a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct List<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// The number of the page, from 1; 1 also for a page that a cursor asked for.
    pub page: i64,
    /// How many rows were asked for.
    pub limit: i64,
    /// How many rows the whole list has.
    pub total: i64,
    /// How many pages they fill.
    pub total_pages: i64,
    /// `cursor` of the page after this one; null on the last.
    pub next_cursor: Option<String>,
    /// `cursor` of the page before this one; null on the first.
    pub prev_cursor: Option<String>,
}

/// Which page of a list that has no filters.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query; the domain reads it")]
pub(super) struct PageQuery {
    /// From 1.
    #[param(required = false, minimum = 1, default = 1)]
    page: i64,
    /// 1 to 200.
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: i64,
}

/// The page that is asked for of a list that is short enough for numbers: it has no cursors.
pub(super) fn numbered(pairs: &[(String, String)]) -> Result<PageRequest, Failure> {
    let pairs: Vec<_> = pairs.iter().filter(|(name, _)| name != "cursor").cloned().collect();
    PageRequest::from_query(&pairs, 0).map_err(|errors| invalid(&errors))
}

/// Where a page begins that is asked for by the id of what stood last on the one before; nothing for the first. What
/// cannot be an id is no place.
pub(super) fn after<T: Named>(pairs: &[(String, String)]) -> Result<Option<T>, Failure> {
    let id = query::value(pairs, "after").map(|id| named(id.to_owned())).transpose();
    id.map_err(|_| invalid(&[FieldError::new("after", Code::CursorInvalid)]))
}

impl<T> List<T> {
    /// One page of a list that is all here.
    pub(super) fn of<R: Into<T>>(all: Vec<R>, request: &PageRequest) -> Self {
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let count = |rows: i64| usize::try_from(rows).unwrap_or(usize::MAX);
        let rows = all.into_iter().skip(count(request.offset())).take(count(request.limit()));
        Self {
            items: rows.map(Into::into).collect(),
            page: request.offset() / request.limit() + 1,
            limit: request.limit(),
            total,
            total_pages: page::total_pages(total, request.limit()),
            next_cursor: None,
            prev_cursor: None,
        }
    }
}

/// What is wrong with a request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Error)]
pub(super) struct ErrorBody {
    /// A stable word for programs.
    #[schema(example = "VALIDATION_FAILED")]
    error: String,
    /// A sentence for people.
    message: String,
    /// Names this request in the log of the server.
    request_id: String,
    /// On 422: what is wrong with each field.
    #[schema(required = false)]
    fields: Option<std::collections::BTreeMap<String, Vec<FieldProblem>>>,
}

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
pub(super) struct FieldProblem {
    /// A stable word for programs.
    #[schema(example = "routing_checksum")]
    code: String,
    /// A sentence for people.
    message: String,
}
