//! What somebody used of something metered: counted here, in the transaction of the use, and sent to Polar later.
//! Nobody is stopped by Polar's numbers, which come late.

mod send;

use domain::UserId;
use serde_json::Value;
use time::OffsetDateTime;

use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    db::{Tx, UserTx},
    execute, fetch_all,
};
pub(crate) use send::send as send_usage;

/// What can be used. Polar's meters count events by these names, so that no others are sent.
pub const USAGE_EVENTS: &[&str] = &["api_call", "import"];

/// Most properties of one use, and characters of each: Polar's limits.
const PROPERTIES: usize = 50;
const PROPERTY_NAME: usize = 40;
const PROPERTY_TEXT: usize = 500;

/// Notes one use in the transaction it happens in. `id` names the use: the same one is counted once, here and at
/// Polar. Answers whether it is new. Where nothing is sold nothing is noted.
///
/// # Errors
/// [`Error::Forbidden`] for a name that is not in [`USAGE_EVENTS`], or properties that Polar would refuse.
pub async fn record_usage(
    tx: &mut impl Tx,
    backend: &Backend,
    user: &UserId,
    name: &str,
    metadata: &Value,
    id: &str,
) -> Result<bool> {
    if !USAGE_EVENTS.contains(&name) || !is_sendable(metadata) {
        return Err(Error::Forbidden("usage event"));
    }
    if backend.settings.billing.is_none() {
        return Ok(false);
    }
    let noted = execute!(
        tx,
        r#"
        insert into "polar_usage" ("id", "userId", "name", "metadata", "at") values ($1, $2, $3, $4, $5)
        on conflict do nothing
        "#,
        id,
        user,
        name,
        metadata.to_string(),
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(noted == 1)
}

/// An object of texts, numbers and truths.
fn is_sendable(metadata: &Value) -> bool {
    let property = |(name, value): (&String, &Value)| {
        let plain = match value {
            Value::String(text) => text.chars().count() <= PROPERTY_TEXT,
            Value::Number(_) | Value::Bool(_) => true,
            Value::Null | Value::Array(_) | Value::Object(_) => false,
        };
        plain && !name.is_empty() && name.chars().count() <= PROPERTY_NAME
    };
    let Value::Object(properties) = metadata else { return false };
    properties.len() <= PROPERTIES && properties.iter().all(property)
}

/// How often somebody used something.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UsageCount {
    /// One of [`USAGE_EVENTS`].
    pub name: String,
    /// How often.
    pub count: i64,
}

/// What the caller has used since `since`, by our own count.
#[tracing::instrument(name = "billing.usage", skip_all, fields(user.id = %caller.user()))]
pub async fn usage(
    backend: &Backend,
    caller: &SignedIn,
    since: OffsetDateTime,
) -> Result<Vec<UsageCount>> {
    counts(&mut backend.db.as_user(caller.user()).read().await?, since).await
}

/// The same in a transaction of the person's.
pub(super) async fn counts(tx: &mut UserTx, since: OffsetDateTime) -> Result<Vec<UsageCount>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select "name", count(*) as "count" from "polar_usage"
        where "userId" = $1 and "at" >= $2
        group by "name"
        order by "name"
        "#,
        user,
        Timestamp::from(since),
    )?)
}

#[cfg(test)]
mod tests;
