//! What people do with the plan they have. Polar is asked first; what it answers is written at once, so that the next
//! page is right before any webhook comes.

mod change;
mod invoice;
mod portal;
mod when;

use domain::{UserId, activity::Action};

use super::{
    BillingFailure,
    client::{Change, PolarClient},
    entitlement,
};
use crate::{Backend, SignedIn, audit::Event, fetch_optional};
use change::carry_out;
pub use invoice::{Invoice, invoice};
pub use portal::{customer_id, open_portal};
pub use when::When;

/// Why people cancel, in Polar's words.
pub const CANCEL_REASONS: &[&str] = &[
    "customer_service",
    "low_quality",
    "missing_features",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
    "other",
];
/// Characters of a comment that Polar keeps.
const COMMENT_MAX: usize = 1_000;

/// The subscription that the caller can change.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Own {
    id: String,
    status: String,
    product_id: String,
    cancel_at_period_end: bool,
    pause_at_period_end: bool,
    pending_product_id: Option<String>,
}

impl Own {
    fn is_paused(&self) -> bool {
        self.status == "paused"
    }
}

/// Changes the caller's plan to the one sold as `slug`: now, for the difference in money, or with the next period.
///
/// # Errors
/// [`BillingFailure::ProductUnknown`], [`BillingFailure::NoSubscription`], [`BillingFailure::Ending`],
/// [`BillingFailure::PaymentFailed`], [`BillingFailure::Locked`], [`BillingFailure::Unavailable`].
#[tracing::instrument(name = "billing.change_plan", skip_all, fields(user.id = %caller.user()))]
pub async fn change_plan(
    backend: &Backend,
    caller: &SignedIn,
    slug: &str,
    when: When,
) -> Result<(), BillingFailure> {
    let settings = backend.settings.billing.as_ref().ok_or(BillingFailure::Off)?;
    let product = settings.product(slug).ok_or(BillingFailure::ProductUnknown)?;
    settings.plan(product).ok_or(BillingFailure::ProductUnknown)?;
    let own = billable(backend, caller).await?;
    if own.cancel_at_period_end {
        return Err(BillingFailure::Ending);
    }
    if own.product_id == product {
        return match own.pending_product_id {
            Some(_) => withdraw(backend, caller, &own).await,
            None => Ok(()),
        };
    }
    if when == When::NextPeriod && own.pending_product_id.as_deref() == Some(product) {
        return Ok(());
    }
    let change = Change::Product { id: product, proration: when.proration() };
    // A change that happens now is noted with the row; one that waits changes nothing that is noted there.
    let event = (when == When::NextPeriod).then(|| asked(caller, &own, "next_period"));
    carry_out(backend, caller, &own, &change, event).await
}

/// Withdraws a change of plan that waits for the next period.
///
/// # Errors
/// As [`change_plan`].
#[tracing::instrument(name = "billing.keep_plan", skip_all, fields(user.id = %caller.user()))]
pub async fn keep_plan(backend: &Backend, caller: &SignedIn) -> Result<(), BillingFailure> {
    let own = billable(backend, caller).await?;
    if own.pending_product_id.is_none() {
        return Ok(());
    }
    withdraw(backend, caller, &own).await
}

/// Lets the caller's plan end with the period that is paid. `reason` is one of [`CANCEL_REASONS`]; another word is
/// not sent.
///
/// # Errors
/// As [`change_plan`].
#[tracing::instrument(name = "billing.cancel", skip_all, fields(user.id = %caller.user()))]
pub async fn cancel(
    backend: &Backend,
    caller: &SignedIn,
    reason: Option<&str>,
    comment: Option<&str>,
) -> Result<(), BillingFailure> {
    let own = billable(backend, caller).await?;
    if own.cancel_at_period_end {
        return Ok(());
    }
    let comment: Option<String> =
        comment.map(|text| text.trim().chars().take(COMMENT_MAX).collect());
    let change = Change::Cancel {
        reason: reason.filter(|word| CANCEL_REASONS.contains(word)),
        comment: comment.as_deref().filter(|text| !text.is_empty()),
    };
    carry_out(backend, caller, &own, &change, None).await
}

/// Lets the caller's plan go on: an announced end or pause is withdrawn, a pause is over.
///
/// # Errors
/// [`BillingFailure::NoSubscription`] when nothing stops; otherwise as [`change_plan`].
#[tracing::instrument(name = "billing.resume", skip_all, fields(user.id = %caller.user()))]
pub async fn resume(backend: &Backend, caller: &SignedIn) -> Result<(), BillingFailure> {
    let own = own(backend, caller).await?;
    let (change, event) = if own.is_paused() {
        (Change::Resume, None)
    } else if own.cancel_at_period_end {
        (Change::Uncancel, None)
    } else if own.pause_at_period_end {
        (Change::DoNotPause, Some(asked(caller, &own, "do_not_pause")))
    } else {
        return Err(BillingFailure::NoSubscription);
    };
    carry_out(backend, caller, &own, &change, event).await
}

async fn withdraw(backend: &Backend, caller: &SignedIn, own: &Own) -> Result<(), BillingFailure> {
    let event = asked(caller, own, "keep_plan");
    carry_out(backend, caller, own, &Change::KeepPlan, Some(event)).await
}

fn asked<'a>(caller: &'a SignedIn, own: &Own, what: &'static str) -> Event<'a> {
    Event::by(Action::PlanChanged, caller).subject("subscription", &own.id).note("asked", what)
}

/// The caller's subscription that Polar collects money for.
async fn billable(backend: &Backend, caller: &SignedIn) -> Result<Own, BillingFailure> {
    let own = own(backend, caller).await?;
    if own.is_paused() { Err(BillingFailure::NoSubscription) } else { Ok(own) }
}

/// The caller's subscription that can still change: the one that pages show, if it is one of them.
async fn own(backend: &Backend, caller: &SignedIn) -> Result<Own, BillingFailure> {
    if PolarClient::of(backend).is_none() {
        return Err(BillingFailure::Off);
    }
    let user: &UserId = caller.user();
    let mut tx = backend.db.as_user(user).read().await?;
    let shown = entitlement::of(&mut tx, backend).await?.subscription.map(|shown| shown.id);
    let found: Option<Own> = fetch_optional!(
        tx,
        r#"
        select "id", "status", "productId", "cancelAtPeriodEnd", "pauseAtPeriodEnd", "pendingProductId"
        from "subscription"
        where "userId" = $1 and "status" in ('trialing', 'active', 'past_due', 'paused')
        order by case when "id" = $2 then 0 else 1 end, "createdAt" desc
        limit 1
        "#,
        user,
        shown,
    )?;
    found.ok_or(BillingFailure::NoSubscription)
}

#[cfg(test)]
mod tests;
