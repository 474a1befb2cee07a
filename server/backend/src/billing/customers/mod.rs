//! Every person is a customer at Polar, told by a job after the fact: signing up neither waits for Polar nor fails
//! with it. The customer is made in one call with our id, because Polar lets that be set only once.

mod perform;

use domain::UserId;
use sha2::{Digest as _, Sha256};

use crate::{
    Backend, Result,
    db::SystemTx,
    execute, fetch_optional,
    jobs::{self, Job, Options},
};
pub(crate) use perform::{create, delete, update};

/// Somebody has an account from now on.
pub(crate) async fn signed_up(tx: &mut SystemTx, backend: &Backend, user: &UserId) -> Result<()> {
    enqueue(tx, backend, user, Job::CreateCustomer { user: user.clone() }).await
}

/// Somebody has another name or address.
pub(crate) async fn changed(tx: &mut SystemTx, backend: &Backend, user: &UserId) -> Result<()> {
    enqueue(tx, backend, user, Job::UpdateCustomer { user: user.clone() }).await
}

/// Somebody has proven their address: only now may they have the customer that Polar already had under it.
pub(crate) async fn proven(tx: &mut SystemTx, backend: &Backend, user: &UserId) -> Result<()> {
    if has_customer(tx, user).await? {
        return Ok(());
    }
    signed_up(tx, backend, user).await
}

/// Somebody goes. Payments stay in the books, without the id of whoever made them and without their own words; at
/// Polar, too. The metadata of a checkout may hold the id, and its fields whatever was asked.
pub(crate) async fn erased(tx: &mut SystemTx, backend: &Backend, user: &UserId) -> Result<()> {
    execute!(
        tx,
        r#"
        update "subscription"
        set "userExternalId" = null, "metadata" = null, "customFieldData" = null,
            "customerCancellationComment" = null
        where "userId" = $1 or "userExternalId" = $1
        "#,
        user,
    )?;
    let external_id = user.as_str().to_owned();
    enqueue(tx, backend, user, Job::DeleteCustomer { external_id }).await
}

/// One job of a customer at a time: a deletion must not overtake a creation that has begun.
async fn enqueue(tx: &mut SystemTx, backend: &Backend, user: &UserId, job: Job) -> Result<()> {
    if backend.settings.billing.is_none() {
        return Ok(());
    }
    // The id itself would outlive its account in the row of a job that waits.
    let digest = hex::encode(&Sha256::digest(user.as_str())[..16]);
    let options = Options { key: Some(format!("customer:{digest}")), ..Options::default() };
    jobs::enqueue(tx, backend, &job, options).await?;
    Ok(())
}

/// Whether Polar has a customer with our id of this person, as far as we know.
async fn has_customer(tx: &mut SystemTx, user: &UserId) -> Result<bool> {
    let found: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "id" from "polar_customer" where "userId" = $1 and "externalId" = $1 limit 1"#,
        user,
    )?;
    Ok(found.is_some())
}

#[cfg(test)]
mod tests;
