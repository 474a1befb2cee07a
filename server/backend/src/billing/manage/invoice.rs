//! The invoice of one order. Polar makes it on demand, which takes a moment.

use std::time::Duration;

use url::Url;

use crate::{
    Backend, SignedIn,
    billing::{
        BillingFailure,
        client::{PolarClient, PolarError},
        pages,
    },
    fetch_optional,
    limits::Rule,
};

const INVOICES: Rule = Rule::rate("billing_invoices", 20, Duration::from_mins(1));

/// How far an invoice is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invoice {
    /// Where the file is, for a short time and for whoever has the address.
    Ready(Url),
    /// Worth another look in a few seconds.
    BeingMade,
}

/// The invoice of one of the caller's orders; begins to make it where there is none yet.
///
/// # Errors
/// [`BillingFailure::NotFound`] for an order that is unknown or somebody else's,
/// [`BillingFailure::BillingDetailsMissing`], [`BillingFailure::Unavailable`].
#[tracing::instrument(name = "billing.invoice", skip_all, fields(user.id = %caller.user()))]
pub async fn invoice(
    backend: &Backend,
    caller: &SignedIn,
    order: &str,
) -> Result<Invoice, BillingFailure> {
    let settings = backend.settings.billing.as_ref().ok_or(BillingFailure::Off)?;
    let client = PolarClient::of(backend).ok_or(BillingFailure::Off)?;
    refuse_foreign(backend, caller, order).await?;
    backend.limits.take(INVOICES, caller.user().as_str()).await?;
    match client.invoice(order).await {
        Ok(address) => pages::of_file(&backend.settings.app_url, settings, &address)
            .map(Invoice::Ready)
            .ok_or_else(|| {
                tracing::error!("an invoice has no address that can be shown");
                BillingFailure::Unavailable
            }),
        // There is none yet.
        Err(PolarError::NotFound) => {
            client.request_invoice(order).await?;
            Ok(Invoice::BeingMade)
        }
        Err(error) => Err(error.into()),
    }
}

async fn refuse_foreign(
    backend: &Backend,
    caller: &SignedIn,
    order: &str,
) -> Result<(), BillingFailure> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let own: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "id" from "polar_order" where "id" = $1 and "userId" = $2"#,
        order,
        caller.user(),
    )?;
    own.map(drop).ok_or(BillingFailure::NotFound)
}
