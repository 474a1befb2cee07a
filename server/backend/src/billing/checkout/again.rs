//! Somebody waits for what they bought, and no webhook came: Polar is asked at once, for this one person.

use std::time::Duration;

use super::super::{
    BillingFailure,
    apply::{apply_checkout, apply_state},
    client::{Answer, Find, Page, PolarClient, PolarError},
    reconcile::{compare_order, compare_subscription},
    wire,
};
use crate::{Backend, SignedIn, fetch_optional, limits::Rule};

const LOOKS: Rule = Rule::rate("billing_looks", 6, Duration::from_mins(1));
/// Older orders are told by webhooks or the daily look, or were before our time: their receipts would surprise.
const ORDERS_SINCE: time::Duration = time::Duration::days(3);

/// What Polar has of one person.
pub(super) struct Bought {
    subscriptions: Page<wire::Subscription>,
    orders: Page<wire::Order>,
    state: Option<Answer<wire::CustomerState>>,
}

/// Asks Polar for one of the caller's checkouts and for everything they have bought, and writes it down. Where our
/// rows were otherwise, that is noted as for the reconciler.
///
/// # Errors
/// [`BillingFailure::Off`], [`BillingFailure::NotFound`] for a checkout that is unknown or somebody else's,
/// [`BillingFailure::TooManyTries`], [`BillingFailure::Unavailable`].
#[tracing::instrument(name = "billing.check_again", skip_all, fields(user.id = %caller.user()))]
pub async fn check_again(
    backend: &Backend,
    caller: &SignedIn,
    checkout: &str,
) -> Result<(), BillingFailure> {
    let client = PolarClient::of(backend).ok_or(BillingFailure::Off)?;
    if !is_own(backend, caller, checkout).await? {
        return Err(BillingFailure::NotFound);
    }
    backend.limits.take(LOOKS, caller.user().as_str()).await?;
    // One that Polar does not have any more hides nothing of what was bought.
    if let Some(told) = known(client.checkout(checkout).await)? {
        write_checkout(backend, told).await?;
    }
    let bought = bought(backend, &client, caller).await?;
    write_bought(backend, bought).await
}

async fn is_own(
    backend: &Backend,
    caller: &SignedIn,
    checkout: &str,
) -> Result<bool, BillingFailure> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let found: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "id" from "polar_checkout" where "id" = $1 and "userId" = $2"#,
        checkout,
        caller.user(),
    )?;
    Ok(found.is_some())
}

/// Asks for everything that the caller has bought.
pub(super) async fn bought(
    backend: &Backend,
    client: &PolarClient<'_>,
    caller: &SignedIn,
) -> Result<Bought, BillingFailure> {
    let find = Find { user: Some(caller.user()), ..Find::default() };
    let subscriptions = client.subscriptions(&find).await?;
    let created_after = Some(backend.clock.now() - ORDERS_SINCE);
    let orders = client.orders(&Find { created_after, ..find }).await?;
    // Somebody who never bought has no state, and that is none of an error.
    let state = known(client.customer_state(caller.user()).await)?;
    Ok(Bought { subscriptions, orders, state })
}

/// Writes the checkout as Polar has it, unless our row is newer.
pub(super) async fn write_checkout(
    backend: &Backend,
    told: Answer<wire::Checkout>,
) -> Result<(), BillingFailure> {
    let mut tx = backend.db.system().write().await?;
    apply_checkout(&mut tx, backend, &told.snapshot()).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes what was bought, and notes where our rows were otherwise.
pub(super) async fn write_bought(backend: &Backend, found: Bought) -> Result<(), BillingFailure> {
    let mut tx = backend.db.system().write().await?;
    for subscription in found.subscriptions.items {
        compare_subscription(&mut tx, backend, &subscription.snapshot()).await?;
    }
    for order in found.orders.items {
        compare_order(&mut tx, backend, &order.snapshot()).await?;
    }
    if let Some(state) = found.state {
        apply_state(&mut tx, backend, &state.snapshot()).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn known<T>(answer: Result<T, PolarError>) -> Result<Option<T>, PolarError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(PolarError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
