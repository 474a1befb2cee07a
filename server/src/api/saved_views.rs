//! `/api/saved-views`: filters of the list of transactions that have a name.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::Response,
};
use backend::{
    Backend,
    transactions::{views, views::SavedView},
};
use domain::{SavedViewId, query, saved_view::ViewForm};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    answer::{Done, created, done},
    body::{Body, IdPath},
    error::reject,
    list::{ErrorBody, List, PageQuery, numbered},
};
use crate::{http::Failure, session::Caller};

/// A filter with a name.
#[derive(Serialize, ToSchema)]
#[schema(as = SavedView)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    /// Its id.
    id: String,
    /// What you call it.
    #[schema(example = "Coffee this year")]
    name: String,
    /// The filters of `GET /api/transactions` as they stand in an address.
    #[schema(example = "q=coffee&from=2026-01-01")]
    query: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: OffsetDateTime,
}

impl From<SavedView> for Shown {
    fn from(view: SavedView) -> Self {
        Self {
            id: view.id.into_string(),
            name: view.name,
            query: view.query,
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}

/// A view to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewSavedView {
    /// What it is called; at most 40 characters, and not what another one is called.
    #[serde(default)]
    #[schema(example = "Coffee this year", required = true)]
    name: String,
    /// The filters of `GET /api/transactions` as they stand in an address. At least one of them.
    #[serde(default)]
    #[schema(example = "q=coffee&from=2026-01-01", required = true)]
    query: String,
}

/// What is to be different.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangedSavedView {
    /// Another name.
    #[schema(example = "Cafés")]
    name: Option<String>,
    /// Other filters.
    #[schema(example = "q=coffee")]
    query: Option<String>,
}

/// A view was made.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedSavedView)]
#[serde(rename_all = "camelCase")]
pub(super) struct Added {
    /// Always true.
    success: bool,
    /// The new view.
    saved_view: Shown,
}

/// Your views, in the order you made them.
#[utoipa::path(
    get,
    path = "/api/saved-views",
    tag = "Transactions",
    params(PageQuery),
    responses(
        (status = 200, description = "One page of them", body = List<Shown>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.saved_views.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Shown>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    let all = views::list(&backend, &caller).await.map_err(reject)?;
    Ok(Json(List::of(all, &request)))
}

/// Gives filters of the list a name. You can have 20 views.
#[utoipa::path(
    post,
    path = "/api/saved-views",
    tag = "Transactions",
    request_body = NewSavedView,
    responses(
        (status = 201, description = "Made", body = Added, headers(("Location", description = "Where the view is"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules, or you have 20 views", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.saved_views.create", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    Body { value, .. }: Body<NewSavedView>,
) -> Result<Response, Failure> {
    let form = ViewForm { name: value.name, query: value.query };
    let view = views::create(&backend, &caller, &form).await.map_err(reject)?;
    let location = format!("/api/saved-views/{}", view.id);
    Ok(created(&location, Added { success: true, saved_view: view.into() }, false))
}

/// One of your views.
#[utoipa::path(
    get,
    path = "/api/saved-views/{id}",
    tag = "Transactions",
    params(("id" = String, Path, description = "The view")),
    responses(
        (status = 200, description = "The view", body = Shown),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such view", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.saved_views.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SavedViewId>,
) -> Result<Json<Shown>, Failure> {
    let view = views::get(&backend, &caller, &id).await.map_err(reject)?;
    Ok(Json(view.into()))
}

/// Changes the name of a view, its filters, or both.
#[utoipa::path(
    patch,
    path = "/api/saved-views/{id}",
    tag = "Transactions",
    params(("id" = String, Path, description = "The view")),
    request_body = ChangedSavedView,
    responses(
        (status = 200, description = "The view as it is now", body = Shown),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such view", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.saved_views.update", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn update(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SavedViewId>,
    Body { value, .. }: Body<ChangedSavedView>,
) -> Result<Json<Shown>, Failure> {
    let (name, query) = (value.name.as_deref(), value.query.as_deref());
    let view = views::update(&backend, &caller, &id, name, query).await.map_err(reject)?;
    Ok(Json(view.into()))
}

/// Deletes a view. Its transactions stay.
#[utoipa::path(
    delete,
    path = "/api/saved-views/{id}",
    tag = "Transactions",
    params(("id" = String, Path, description = "The view")),
    responses(
        (status = 200, description = "Deleted", body = Done),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such view", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.saved_views.delete", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn delete(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(id): IdPath<SavedViewId>,
) -> Result<Json<Done>, Failure> {
    views::delete(&backend, &caller, &id).await.map_err(reject)?;
    Ok(done())
}
