//! Reads people.

use domain::UserId;

use super::UserView;
use crate::{Backend, Result, Timestamp, db::SystemTx, fetch_all, fetch_optional};

/// The columns of a person, also as a part of a wider row.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub(crate) struct Row {
    id: String,
    name: String,
    email: String,
    email_verified: bool,
    image: Option<String>,
    two_factor_enabled: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for UserView {
    fn from(row: Row) -> Self {
        Self {
            id: UserId::new(row.id),
            name: row.name,
            email: row.email,
            email_verified: row.email_verified,
            image: row.image,
            two_factor_enabled: row.two_factor_enabled,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

/// The person with this id.
pub(super) async fn by_id(tx: &mut SystemTx, id: &UserId) -> Result<Option<UserView>> {
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"
        select "id", "name", "email", "emailVerified", "image", "twoFactorEnabled", "createdAt", "updatedAt"
        from "user"
        where "id" = $1
        "#,
        id,
    )?;
    Ok(row.map(UserView::from))
}

/// Where mail to the person with this id goes; none when they are gone.
pub(crate) async fn address_of(backend: &Backend, id: &UserId) -> Result<Option<String>> {
    let mut tx = backend.db.system().read().await?;
    Ok(by_id(&mut tx, id).await?.map(|user| user.email))
}

/// The person with this address, in any spelling. More than one candidate counts as none.
pub(crate) async fn by_email(tx: &mut SystemTx, email: &str) -> Result<Option<UserView>> {
    let mut rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "id", "name", "email", "emailVerified", "image", "twoFactorEnabled", "createdAt", "updatedAt"
        from "user"
        where lower("email") = $1
        limit 2
        "#,
        email.to_ascii_lowercase(),
    )?;
    let row = rows.pop();
    Ok(row.filter(|_| rows.is_empty()).map(UserView::from))
}
