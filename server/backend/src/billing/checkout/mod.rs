//! From the wish to buy to the plan: Polar takes the money, and our tables say when it is done.

mod again;

use std::{net::IpAddr, time::Duration};

use domain::billing::CheckoutProgress;
use time::OffsetDateTime;
use url::Url;

use super::{
    BillingFailure,
    apply::apply_checkout,
    client::{NewCheckout, PolarClient, PolarError},
    entitlement, pages, person,
};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp, db::UserTx, fetch_optional, limits::Rule,
};

pub use again::check_again;

const CHECKOUTS: Rule = Rule::rate("checkouts", 5, Duration::from_mins(1));

/// Begins a checkout; answers the page where it is paid, which nobody but the caller may see. `client_ip` is the
/// browser's address, or nothing where it is not known for sure: Polar would price everybody at our data centre.
///
/// # Errors
/// [`BillingFailure::Off`], [`BillingFailure::ProductUnknown`], [`BillingFailure::TooManyTries`],
/// [`BillingFailure::AlreadySubscribed`] before Polar is asked, [`BillingFailure::NotCharged`].
#[tracing::instrument(name = "billing.start_checkout", skip_all, fields(user.id = %caller.user()))]
pub async fn start_checkout(
    backend: &Backend,
    caller: &SignedIn,
    slug: &str,
    client_ip: Option<IpAddr>,
) -> Result<Url, BillingFailure> {
    let settings = backend.settings.billing.as_ref().ok_or(BillingFailure::Off)?;
    let client = PolarClient::of(backend).ok_or(BillingFailure::Off)?;
    let product = settings.product(slug).ok_or(BillingFailure::ProductUnknown)?;
    backend.limits.take(CHECKOUTS, caller.user().as_str()).await?;
    refuse_second(backend, caller, product).await?;

    let mut tx = backend.db.system().read().await?;
    let person = person::find(&mut tx, caller.user()).await?.ok_or(Error::NotFound("user"))?;
    drop(tx);
    let new = NewCheckout {
        product,
        user: caller.user(),
        email: Some(&*person.email).filter(|_| person.email_verified),
        success_url: &format!("{}?checkout_id={{CHECKOUT_ID}}", pages::of(backend, "/success")),
        return_url: &pages::of(backend, "/pricing"),
        ip_address: client_ip.map(|address| address.to_canonical().to_string()),
    };
    let answer = client.create_checkout(&new).await.map_err(not_started)?;
    let Some(page) = pages::of_polar(&backend.settings.app_url, settings, &answer.data.url) else {
        tracing::error!("the page of a checkout is not at Polar");
        return Err(BillingFailure::NotCharged);
    };
    let mut answer = answer.map(|opened| opened.checkout);
    // It is the caller's, whatever else the answer says.
    answer.data.external_customer_id = Some(caller.user().to_string());
    let mut tx = backend.db.system().write().await?;
    apply_checkout(&mut tx, backend, &answer.snapshot()).await?;
    tx.commit().await?;
    Ok(page)
}

fn not_started(error: PolarError) -> BillingFailure {
    match error {
        PolarError::AlreadyActiveSubscription => BillingFailure::AlreadySubscribed,
        PolarError::Validation(fields) if fields.iter().any(|name| name.contains("products")) => {
            tracing::error!("POLAR_PRODUCTS names a product that Polar does not sell");
            BillingFailure::ProductUnknown
        }
        PolarError::Validation(fields) => {
            tracing::error!(?fields, "Polar refuses a checkout");
            BillingFailure::NotCharged
        }
        _ => BillingFailure::NotCharged,
    }
}

/// Whoever pays for a subscription changes it: Polar refuses a second one, at the end of its page. Something that
/// is bought once may be added.
async fn refuse_second(
    backend: &Backend,
    caller: &SignedIn,
    product: &str,
) -> Result<(), BillingFailure> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    if !entitlement::of(&mut tx, backend).await?.billable {
        return Ok(());
    }
    let interval: Option<(Option<String>,)> = fetch_optional!(
        tx,
        r#"select "recurringInterval" from "polar_product" where "id" = $1"#,
        product,
    )?;
    if interval == Some((None,)) { Ok(()) } else { Err(BillingFailure::AlreadySubscribed) }
}

/// A checkout as our table has it.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    status: String,
    expires_at: Option<Timestamp>,
}

/// How far one of the caller's checkouts has come. Done only when what was bought can be used.
///
/// # Errors
/// [`Error::NotFound`] for a checkout that is unknown or somebody else's.
#[tracing::instrument(name = "billing.checkout_progress", skip_all, fields(user.id = %caller.user()))]
pub async fn checkout_progress(
    backend: &Backend,
    caller: &SignedIn,
    checkout: &str,
) -> Result<CheckoutProgress> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"select "status", "expiresAt" from "polar_checkout" where "id" = $1 and "userId" = $2"#,
        checkout,
        caller.user(),
    )?;
    let row = row.ok_or(Error::NotFound("checkout"))?;
    if has_arrived(&mut tx, backend, caller, checkout).await? {
        return Ok(CheckoutProgress::Done);
    }
    let late = row.expires_at.is_some_and(|at| OffsetDateTime::from(at) <= backend.clock.now());
    Ok(match &*row.status {
        "confirmed" | "succeeded" => CheckoutProgress::Confirming,
        "expired" => CheckoutProgress::Expired,
        _ if late => CheckoutProgress::Expired,
        _ => CheckoutProgress::Open,
    })
}

/// Whether what the checkout was for is here and gives access.
async fn has_arrived(
    tx: &mut UserTx,
    backend: &Backend,
    caller: &SignedIn,
    checkout: &str,
) -> Result<bool> {
    let bought: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        select s."productId" from "subscription" s
        where s."userId" = $2
          and (s."checkoutId" = $1
               or s."id" = (select c."subscriptionId" from "polar_checkout" c where c."id" = $1 and c."userId" = $2))
        union all
        select o."productId" from "polar_order" o
        where o."userId" = $2 and o."checkoutId" = $1 and o."paid" and o."productId" is not null
        limit 1
        "#,
        checkout,
        caller.user(),
    )?;
    let Some((product,)) = bought else { return Ok(false) };
    Ok(entitlement::of(tx, backend).await?.products.contains(&product))
}

#[cfg(test)]
mod tests;
