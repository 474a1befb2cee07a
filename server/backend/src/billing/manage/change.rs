//! One change of one subscription, at Polar and in our row.

use std::time::Duration;

use domain::activity::Action;

use super::Own;
use crate::{
    Backend, SignedIn,
    audit::{self, Event},
    billing::{
        BillingFailure,
        apply::write_subscription,
        client::{Change, PolarClient, PolarError},
        reconcile,
    },
    limits::Rule,
};

const CHANGES: Rule = Rule::rate("billing_changes", 10, Duration::from_mins(1));

/// Asks for the change and writes what came of it, with `event` where the row alone would not tell.
pub(super) async fn carry_out(
    backend: &Backend,
    caller: &SignedIn,
    own: &Own,
    change: &Change<'_>,
    event: Option<Event<'_>>,
) -> Result<(), BillingFailure> {
    let client = PolarClient::of(backend).ok_or(BillingFailure::Off)?;
    backend.limits.take(CHANGES, caller.user().as_str()).await?;
    let answer = match client.update_subscription(&own.id, change).await {
        Ok(answer) => answer,
        Err(error) => return Err(refused(backend, caller, own, error).await?),
    };
    let mut tx = backend.db.system().write().await?;
    write_subscription(&mut tx, backend, &answer.snapshot()).await?;
    if let Some(event) = event {
        audit::record(&mut tx, backend, event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What a person hears of it. Where our row may be wrong, or Polar may have done it without saying so, it is asked.
async fn refused(
    backend: &Backend,
    caller: &SignedIn,
    own: &Own,
    error: PolarError,
) -> Result<BillingFailure, BillingFailure> {
    let gone = matches!(error, PolarError::NotFound | PolarError::AlreadyCanceled);
    let declined = matches!(error, PolarError::PaymentFailed);
    if gone || declined || error.is_unsure() {
        let mut tx = backend.db.system().write().await?;
        if declined {
            let event = Event::by(Action::PlanChanged, caller).subject("subscription", &own.id);
            audit::record(&mut tx, backend, event.refused()).await?;
        } else {
            reconcile::enqueue_subscription(&mut tx, backend, &own.id).await?;
        }
        tx.commit().await?;
    }
    Ok(if gone { BillingFailure::NoSubscription } else { error.into() })
}
