//! `/api/categories`: ours, with the words a person has for them, and their own.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::Response,
};
use backend::{Backend, SignedIn, categories, categories::OwnCategory};
use domain::{category, query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::created,
    body::{Body, IdPath, Named},
    error::{not_found, reject},
    key::{IdempotencyKey, KeyHeader},
    list::{ErrorBody, List, PageQuery, numbered},
};
use crate::{http::Failure, session::Caller};

/// The name under which a repeated request is recognised.
const CREATE: &str = "POST /api/categories";

/// The key of a category in a path.
pub(super) struct Key(String);

impl From<String> for Key {
    fn from(key: String) -> Self {
        Self(key)
    }
}

impl Named for Key {
    const WORD: &'static str = "category";
    const SIGNS: &'static [u8] = b"-_.";
}

/// Where the rows of a deleted category go.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query, which is read by hand")]
pub(super) struct HeirQuery {
    /// The key of another category, which gets its transactions, parts and budgets.
    to: String,
}

/// A group, or a leaf of one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Category {
    /// Never changes.
    #[schema(example = "food.groceries")]
    key: String,
    /// The key of its group; its own for a group.
    #[schema(example = "food")]
    group: String,
    /// What it is called: your own word, else ours.
    #[schema(example = "Groceries")]
    label: String,
    /// The Lucide name of its icon.
    #[schema(example = "shopping-basket")]
    icon: &'static str,
    /// Whether it is one that you made.
    own: bool,
}

/// A category to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewCategory {
    /// The key of its group.
    #[serde(default)]
    #[schema(example = "food", required = true)]
    group: String,
    /// What it is called; at most 40 characters.
    #[serde(default)]
    #[schema(example = "School lunch", required = true)]
    label: String,
}

/// What is to be different.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangedCategory {
    /// What it is called; at most 40 characters.
    #[serde(default)]
    #[schema(example = "Lunch", required = true)]
    label: String,
}

/// A category was made.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedCategory)]
pub(super) struct Added {
    /// Always true.
    success: bool,
    /// The new category.
    category: Category,
}

/// A category was deleted.
#[derive(Serialize, ToSchema)]
#[schema(as = RemovedCategory)]
pub(super) struct Removed {
    /// Always true.
    success: bool,
    /// How many transactions went to the other category.
    moved: u64,
}

/// Every group with its leaves, as this person sees them.
async fn all(backend: &Backend, caller: &SignedIn) -> Result<Vec<Category>, Failure> {
    let theirs = categories::list(backend, caller).await.map_err(reject)?;
    let groups = category::ALL.iter().filter(|found| found.is_group());
    Ok(groups.flat_map(|group| members(group, &theirs)).collect())
}

/// A group, its leaves, and those that the person made in it.
fn members(group: &category::Category, theirs: &[OwnCategory]) -> Vec<Category> {
    let ours = category::ALL.iter().filter(|found| found.group == group.key);
    let made = theirs.iter().filter(|found| found.own && found.group_key == group.key);
    let word = |key: &str| theirs.iter().find(|found| found.key == key);
    let ours = ours.map(|found| Category {
        key: found.key.to_owned(),
        group: found.group.to_owned(),
        label: word(found.key).map_or_else(|| found.label.to_owned(), |own| own.label.clone()),
        icon: found.icon,
        own: false,
    });
    let made = made.map(|found| Category {
        key: found.key.clone(),
        group: found.group_key.clone(),
        label: found.label.clone(),
        icon: group.icon,
        own: true,
    });
    ours.chain(made).collect()
}

async fn one(backend: &Backend, caller: &SignedIn, key: &str) -> Result<Category, Failure> {
    let found = all(backend, caller).await?.into_iter().find(|found| found.key == key);
    found.ok_or_else(|| not_found(Key::WORD))
}

/// Every group, each followed by its leaves, yours after ours.
#[utoipa::path(
    get,
    path = "/api/categories",
    tag = "Categories",
    params(PageQuery),
    responses(
        (status = 200, description = "One page of them", body = List<Category>),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "A parameter is out of range", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.categories.list", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn list(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<Category>>, Failure> {
    let request = numbered(&query::parse(query.as_deref().unwrap_or_default()))?;
    Ok(Json(List::of(all(&backend, &caller).await?, &request)))
}

/// Makes a category of your own in one of the groups.
#[utoipa::path(
    post,
    path = "/api/categories",
    tag = "Categories",
    params(KeyHeader),
    request_body = NewCategory,
    responses(
        (status = 201, description = "Made", body = Added, headers(("Location", description = "Where the category is"), ("Idempotent-Replayed", description = "`true` when an earlier request did it"))),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 403, description = "You have made 200 of them", body = ErrorBody),
        (status = 409, description = "There is one of that name, or the first request with this key still runs", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "Fields break rules, or the key came with another request", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.categories.create", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn create(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    key: IdempotencyKey,
    Body { value, bytes }: Body<NewCategory>,
) -> Result<Response, Failure> {
    let once = key.once(CREATE, &bytes);
    let NewCategory { group, label } = value;
    let made = categories::create_once(&backend, &caller, &group, &label, once.as_ref()).await;
    let made = made.map_err(reject)?;
    let category = one(&backend, &caller, &made.value).await?;
    let added = Added { success: true, category };
    Ok(created(&format!("/api/categories/{}", made.value), added, made.replayed))
}

/// One category.
#[utoipa::path(
    get,
    path = "/api/categories/{key}",
    tag = "Categories",
    params(("key" = String, Path, description = "The category")),
    responses(
        (status = 200, description = "The category", body = Category),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such category", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.categories.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(Key(key)): IdPath<Key>,
) -> Result<Json<Category>, Failure> {
    one(&backend, &caller, &key).await.map(Json)
}

/// Changes your word for a category, ours or your own.
#[utoipa::path(
    patch,
    path = "/api/categories/{key}",
    tag = "Categories",
    params(("key" = String, Path, description = "The category")),
    request_body = ChangedCategory,
    responses(
        (status = 200, description = "The category as it is now", body = Category),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have no such category", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 422, description = "The word breaks rules", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.categories.update", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn update(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(Key(key)): IdPath<Key>,
    body: Body<ChangedCategory>,
) -> Result<Json<Category>, Failure> {
    categories::rename(&backend, &caller, &key, &body.value.label).await.map_err(reject)?;
    one(&backend, &caller, &key).await.map(Json)
}

/// Deletes a category that you made; what is in it goes to another one.
#[utoipa::path(
    delete,
    path = "/api/categories/{key}",
    tag = "Categories",
    params(("key" = String, Path, description = "The category"), HeirQuery),
    responses(
        (status = 200, description = "Deleted", body = Removed),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 404, description = "You have made no such category", body = ErrorBody),
        (status = 422, description = "`to` is no other category", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.categories.delete", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn delete(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    IdPath(Key(key)): IdPath<Key>,
    RawQuery(query): RawQuery,
) -> Result<Json<Removed>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let to = query::value(&pairs, "to").unwrap_or_default();
    let moved = categories::delete(&backend, &caller, &key, to).await.map_err(reject)?;
    Ok(Json(Removed { success: true, moved }))
}
