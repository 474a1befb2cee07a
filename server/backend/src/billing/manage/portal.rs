//! Polar's own pages for a customer: cards, addresses, invoices, and everything we have no page for.

use std::time::Duration;

use domain::redirect;
use url::Url;

use crate::{
    Backend, Error, Result, SignedIn,
    billing::{
        BillingFailure,
        client::{Customer, PolarClient, PolarError},
        customers, pages,
    },
    fetch_optional,
    limits::Rule,
};

const PORTALS: Rule = Rule::rate("billing_portals", 10, Duration::from_mins(1));
/// Where the way back leads when it would lead elsewhere.
const HOME: &str = "/billing";

/// The address of the caller's portal, good for an hour for whoever has it: it belongs into a redirect and nowhere
/// else. `return_path` is a path of ours.
///
/// # Errors
/// [`BillingFailure::Off`], [`BillingFailure::TooManyTries`], [`BillingFailure::Unavailable`], and
/// [`BillingFailure::NoSubscription`] for somebody whom Polar does not take as a customer.
#[tracing::instrument(name = "billing.open_portal", skip_all, fields(user.id = %caller.user()))]
pub async fn open_portal(
    backend: &Backend,
    caller: &SignedIn,
    return_path: &str,
) -> Result<Url, BillingFailure> {
    let settings = backend.settings.billing.as_ref().ok_or(BillingFailure::Off)?;
    let client = PolarClient::of(backend).ok_or(BillingFailure::Off)?;
    let user = caller.user();
    backend.limits.take(PORTALS, user.as_str()).await?;
    let back = pages::of(backend, &redirect::next_or(return_path, HOME));

    let ours = Customer::Ours(user);
    let address = match client.create_session(ours, &back).await {
        Err(PolarError::Validation(_)) => {
            // A customer whom we know without our id, or one who was never made.
            if let Some(id) = customer_id(backend, caller).await? {
                client.create_session(Customer::Theirs(&id), &back).await
            } else {
                let made = customers::create(backend, user).await.map_err(|error| match error {
                    Error::Upstream { .. } => BillingFailure::Unavailable,
                    other => other.into(),
                })?;
                made.commit().await?;
                client.create_session(ours, &back).await
            }
        }
        outcome => outcome,
    };
    let address = match address {
        Err(PolarError::Validation(_) | PolarError::NotFound) => {
            return Err(BillingFailure::NoSubscription);
        }
        outcome => outcome?,
    };
    pages::of_polar(&backend.settings.app_url, settings, &address).ok_or_else(|| {
        tracing::error!("the portal is not at Polar");
        BillingFailure::Unavailable
    })
}

/// Polar's id of the caller; none before Polar has heard of them.
pub async fn customer_id(backend: &Backend, caller: &SignedIn) -> Result<Option<String>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let found: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        select "id" from "polar_customer" where "userId" = $1
        order by "stateAt" desc, "polarVersion" desc
        limit 1
        "#,
        caller.user(),
    )?;
    Ok(found.map(|(id,)| id))
}
