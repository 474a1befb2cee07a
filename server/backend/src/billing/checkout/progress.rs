//! How far a checkout has come: what our tables say, and Polar's own word before anybody hears that nothing was paid.

use std::time::Duration;

use domain::billing::CheckoutProgress;
use time::OffsetDateTime;

use super::again;
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    billing::{BillingFailure, client::PolarClient, entitlement},
    db::UserTx,
    fetch_optional,
    limits::Rule,
};

/// Somebody waits for the page: whatever Polar is asked for it takes no longer.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOKS: Rule = Rule::rate("checkout_looks", 6, Duration::from_mins(1));

/// A checkout as our table has it.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    status: String,
    expires_at: Option<Timestamp>,
}

/// What our tables say.
struct Look {
    progress: CheckoutProgress,
    /// Nobody has told of a payment, which is not to say that there was none: word of it may be on its way or lost.
    doubtful: bool,
    /// Paid, and what was bought is not here.
    lacks: bool,
}

/// How far one of the caller's checkouts has come. Done only when what was bought can be used; open or expired only
/// by Polar's own word, which is asked for where our row alone says so.
///
/// # Errors
/// [`Error::NotFound`] for a checkout that is unknown or somebody else's.
#[tracing::instrument(name = "billing.checkout_progress", skip_all, fields(user.id = %caller.user()))]
pub async fn checkout_progress(
    backend: &Backend,
    caller: &SignedIn,
    checkout: &str,
) -> Result<CheckoutProgress> {
    let seen = look(backend, caller, checkout).await?;
    if !seen.doubtful {
        return Ok(seen.progress);
    }
    if let Err(failure) = ask(backend, caller, checkout).await {
        tracing::warn!(code = failure.code(), "nobody can say whether a checkout was paid");
        return Ok(CheckoutProgress::Confirming);
    }
    Ok(look(backend, caller, checkout).await?.progress)
}

async fn look(backend: &Backend, caller: &SignedIn, checkout: &str) -> Result<Look> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let row: Option<Row> = fetch_optional!(
        tx,
        r#"select "status", "expiresAt" from "polar_checkout" where "id" = $1 and "userId" = $2"#,
        checkout,
        caller.user(),
    )?;
    let row = row.ok_or(Error::NotFound("checkout"))?;
    if has_arrived(&mut tx, backend, caller, checkout).await? {
        return Ok(Look { progress: CheckoutProgress::Done, doubtful: false, lacks: false });
    }
    let late = row.expires_at.is_some_and(|at| OffsetDateTime::from(at) <= backend.clock.now());
    let (progress, doubtful) = match &*row.status {
        "confirmed" | "succeeded" => (CheckoutProgress::Confirming, false),
        "expired" => (CheckoutProgress::Expired, false),
        "failed" => (CheckoutProgress::Open, false),
        _ if late => (CheckoutProgress::Expired, true),
        _ => (CheckoutProgress::Open, true),
    };
    Ok(Look { progress, doubtful, lacks: row.status == "succeeded" })
}

/// Asks Polar for the checkout and, where it was paid, for what was bought; writes both down.
async fn ask(backend: &Backend, caller: &SignedIn, checkout: &str) -> Result<(), BillingFailure> {
    let client = PolarClient::of(backend).ok_or(BillingFailure::Off)?;
    backend.limits.take(LOOKS, caller.user().as_str()).await?;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let told = tokio::time::timeout_at(deadline, client.checkout(checkout)).await;
    let told = told.map_err(|_| BillingFailure::Unavailable)??;
    again::write_checkout(backend, told).await?;
    if !look(backend, caller, checkout).await?.lacks {
        return Ok(());
    }
    let bought = tokio::time::timeout_at(deadline, again::bought(backend, &client, caller)).await;
    again::write_bought(backend, bought.map_err(|_| BillingFailure::Unavailable)??).await
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
