//! A person as far as Polar may know them.

use domain::UserId;

use crate::{Result, db::SystemTx, fetch_optional};

/// Name, address, and whether the address is theirs.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Person {
    pub name: String,
    pub email: String,
    pub email_verified: bool,
}

/// The person with this id; none when they are gone.
pub async fn find(tx: &mut SystemTx, user: &UserId) -> Result<Option<Person>> {
    Ok(fetch_optional!(
        tx,
        r#"select "name", "email", "emailVerified" from "user" where "id" = $1"#,
        user,
    )?)
}
