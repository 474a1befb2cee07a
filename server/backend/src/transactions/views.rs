//! Views of the list: a filter that its owner gave a name to.

use domain::{
    Code, FieldError, SavedViewId,
    saved_view::{MOST, View, ViewForm},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    Backend, Error, Result, SignedIn, Timestamp, db::UserTx, execute, fetch_all, fetch_one,
    fetch_optional,
};

/// The word for a missing view, in errors.
const VIEW: &str = "view";

/// A filter with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// What its owner calls it.
    pub name: String,
    /// The filters, as the query of an address.
    pub query: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: SavedViewId,
    name: String,
    query: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for SavedView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            query: row.query,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// The caller's views, in the order they were made.
#[tracing::instrument(name = "views.list", skip_all, fields(user.id = %caller.user()))]
pub async fn list(backend: &Backend, caller: &SignedIn) -> Result<Vec<SavedView>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    all(&mut tx).await
}

/// Those of the person whose transaction this is.
pub(crate) async fn all(tx: &mut UserTx) -> Result<Vec<SavedView>> {
    let user = tx.user().clone();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "name", "query", "createdAt", "updatedAt"
        from "saved_view"
        where "userId" = $1
        order by "createdAt", "id"
        "#,
        user,
    )?;
    Ok(rows.into_iter().map(SavedView::from).collect())
}

/// One of the caller's views.
///
/// # Errors
/// [`Error::NotFound`] also for a view of somebody else.
#[tracing::instrument(name = "views.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(backend: &Backend, caller: &SignedIn, id: &SavedViewId) -> Result<SavedView> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    one(&mut tx, id).await
}

async fn one(tx: &mut UserTx, id: &SavedViewId) -> Result<SavedView> {
    let user = tx.user().clone();
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select "id", "name", "query", "createdAt", "updatedAt"
        from "saved_view"
        where "userId" = $1 and "id" = $2
        "#,
        user,
        id,
    )?;
    row.map(SavedView::from).ok_or(Error::NotFound(VIEW))
}

/// Gives a filter of the caller's a name.
///
/// # Errors
/// [`Error::Invalid`] names each field; `name` for one that there is, and for one view too many.
#[tracing::instrument(name = "views.create", skip_all, fields(user.id = %caller.user()))]
pub async fn create(backend: &Backend, caller: &SignedIn, form: &ViewForm) -> Result<SavedView> {
    let View { name, query } = form.parse().map_err(Error::Invalid)?;
    let (id, now) = (SavedViewId::new(backend.new_id()), Timestamp::from(backend.clock.now()));
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let (count,): (i64,) =
        fetch_one!(tx, r#"select count(*) from "saved_view" where "userId" = $1"#, caller.user(),)?;
    if count >= MOST {
        return Err(Error::field("name", Code::ViewsFull));
    }
    let made = execute!(
        tx,
        r#"
        insert into "saved_view" ("id", "userId", "name", "query", "createdAt", "updatedAt")
        values ($1, $2, $3, $4, $5, $5)
        on conflict do nothing
        "#,
        &id,
        caller.user(),
        name,
        query,
        now,
    )?;
    if made == 0 {
        return Err(Error::field("name", Code::ViewExists));
    }
    let view = one(&mut tx, &id).await?;
    tx.commit().await?;
    Ok(view)
}

/// Changes the name of one of the caller's views, its filter, or both.
///
/// # Errors
/// Those of [`create`]; [`Error::NotFound`] also for a view of somebody else.
#[tracing::instrument(name = "views.update", skip_all, fields(user.id = %caller.user()))]
pub async fn update(
    backend: &Backend,
    caller: &SignedIn,
    id: &SavedViewId,
    name: Option<&str>,
    query: Option<&str>,
) -> Result<SavedView> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let before = one(&mut tx, id).await?;
    let form = ViewForm {
        name: name.map_or(before.name, str::to_owned),
        query: query.map_or(before.query, str::to_owned),
    };
    let View { name, query } = form.parse().map_err(Error::Invalid)?;
    let changed = execute!(
        tx,
        r#"
        update "saved_view" set "name" = $3, "query" = $4, "updatedAt" = $5
        where "userId" = $1 and "id" = $2
          and not exists (select 1 from "saved_view" o where o."userId" = $1 and o."name" = $3 and o."id" <> $2)
        "#,
        caller.user(),
        id,
        name,
        query,
        Timestamp::from(backend.clock.now()),
    )?;
    if changed == 0 {
        return Err(Error::Invalid(vec![FieldError::new("name", Code::ViewExists)]));
    }
    let view = one(&mut tx, id).await?;
    tx.commit().await?;
    Ok(view)
}

/// Deletes one of the caller's views; answers what it was. Its transactions stay.
///
/// # Errors
/// [`Error::NotFound`] also for a view of somebody else.
#[tracing::instrument(name = "views.delete", skip_all, fields(user.id = %caller.user()))]
pub async fn delete(backend: &Backend, caller: &SignedIn, id: &SavedViewId) -> Result<SavedView> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    let view = one(&mut tx, id).await?;
    execute!(
        tx,
        r#"delete from "saved_view" where "userId" = $1 and "id" = $2"#,
        caller.user(),
        id
    )?;
    tx.commit().await?;
    Ok(view)
}
