//! Somebody waits for what they bought, and no webhook came: Polar is asked at once, for this one person.

use std::time::Duration;

use super::super::{
    BillingFailure,
    apply::{apply_checkout, apply_order, apply_state, write_subscription},
    client::{Find, PolarClient, PolarError},
};
use crate::{Backend, SignedIn, fetch_optional, limits::Rule};

const LOOKS: Rule = Rule::rate("billing_looks", 6, Duration::from_mins(1));
/// Older orders are told by webhooks or the daily look, or were before our time: their receipts would surprise.
const ORDERS_SINCE: time::Duration = time::Duration::days(3);

/// Asks Polar how the caller's things stand, and writes it down.
///
/// # Errors
/// [`BillingFailure::Off`], [`BillingFailure::TooManyTries`], [`BillingFailure::Unavailable`].
#[tracing::instrument(name = "billing.check_again", skip_all, fields(user.id = %caller.user()))]
pub async fn check_again(backend: &Backend, caller: &SignedIn) -> Result<(), BillingFailure> {
    let client = PolarClient::of(backend).ok_or(BillingFailure::Off)?;
    let user = caller.user();
    backend.limits.take(LOOKS, user.as_str()).await?;

    let checkout = match open_checkout(backend, caller).await? {
        Some(id) => known(client.checkout(&id).await)?,
        None => None,
    };
    let find = Find { user: Some(user), ..Find::default() };
    let subscriptions = client.subscriptions(&find).await?;
    let created_after = Some(backend.clock.now() - ORDERS_SINCE);
    let orders = client.orders(&Find { created_after, ..find }).await?;
    // Somebody who never bought has no state, and that is none of an error.
    let state = known(client.customer_state(user).await)?;

    let mut tx = backend.db.system().write().await?;
    if let Some(checkout) = checkout {
        apply_checkout(&mut tx, backend, &checkout.snapshot()).await?;
    }
    for subscription in subscriptions.items {
        write_subscription(&mut tx, backend, &subscription.snapshot()).await?;
    }
    for order in orders.items {
        apply_order(&mut tx, backend, &order.snapshot(), false).await?;
    }
    if let Some(state) = state {
        apply_state(&mut tx, backend, &state.snapshot()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The caller's newest checkout that nobody has told the end of.
async fn open_checkout(
    backend: &Backend,
    caller: &SignedIn,
) -> Result<Option<String>, BillingFailure> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let found: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        select "id" from "polar_checkout"
        where "userId" = $1 and "status" in ('open', 'confirmed')
        order by "createdAt" desc
        limit 1
        "#,
        caller.user(),
    )?;
    Ok(found.map(|(id,)| id))
}

fn known<T>(answer: Result<T, PolarError>) -> Result<Option<T>, PolarError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(PolarError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
