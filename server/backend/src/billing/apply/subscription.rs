//! One row for each subscription.

use domain::{UserId, activity::Action, billing::Status};
use sqlx::types::Json;

use super::{
    Applied, Snapshot,
    owner::{self, Clues},
};
use crate::{
    Backend, Result, Timestamp,
    audit::{self, Event},
    billing::{effects, reconcile, wire::Subscription},
    db::SystemTx,
    execute, fetch_optional,
};

/// What a row said before, as far as it matters who hears of a change.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Before {
    status: String,
    product_id: String,
    cancel_at_period_end: bool,
    polar_version: i64,
    polar_event_at: i64,
}

/// Writes what a webhook says unless the row is newer, and lets Polar be asked where that cannot be the last word.
pub async fn apply(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Subscription>,
) -> Result<Applied> {
    let applied = write(tx, backend, snapshot).await?;
    if applied == Applied::Stale {
        ask_again_if_torn(tx, backend, snapshot).await?;
    } else if Status::from_polar(&snapshot.data.status).is_none() {
        reconcile::enqueue_subscription(tx, backend, &snapshot.data.id).await?;
    }
    Ok(applied)
}

/// Writes the snapshot unless the row is newer; what follows from it once only follows from it here. Asks nothing:
/// an answer that raises a question again would raise it for ever.
pub async fn write(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Subscription>,
) -> Result<Applied> {
    let data = &snapshot.data;
    let external_id = data.customer.as_ref().and_then(|customer| customer.external_id.as_deref());
    let clues =
        Clues { external_id, customer: &data.customer_id, checkout: data.checkout_id.as_deref() };
    let owner = owner::find(tx, backend, clues).await?;
    let before = before(tx, &data.id).await?;
    let applied = Applied::newer(upsert(tx, backend, snapshot, owner.as_ref(), external_id).await?);
    if applied == Applied::Stale {
        return Ok(applied);
    }
    if Status::from_polar(&data.status).is_none() {
        tracing::error!(subscription.id = %data.id, status = data.status, "Polar has a status that we don't know");
    }
    let Some(owner) = owner else {
        owner::miss("subscription", &data.id);
        return Ok(applied);
    };
    if backend.settings.billing.as_ref().is_some_and(|ours| ours.slug(&data.product_id).is_none()) {
        tracing::error!(subscription.id = %data.id, product.id = %data.product_id, "a product that POLAR_PRODUCTS does not name gives nothing");
    }
    let collects = |status: &str| Status::from_polar(status).is_some_and(Status::is_billable);
    if collects(&data.status) && !before.as_ref().is_some_and(|row| collects(&row.status)) {
        look_for_another(tx, &owner, &data.id).await?;
    }
    note(tx, backend, &owner, before.as_ref(), data).await?;
    effects::of_subscription(tx, backend, &owner, data).await?;
    Ok(applied)
}

async fn before(tx: &mut SystemTx, id: &str) -> Result<Option<Before>> {
    Ok(fetch_optional!(
        tx,
        r#"
        select "status", "productId", "cancelAtPeriodEnd", "polarVersion", "polarEventAt"
        from "subscription" where "id" = $1
        "#,
        id,
    )?)
}

/// The whole row, if the snapshot is newer. The statement decides: between a look and a write another worker could
/// pass. What names a person is kept while that person is here: the end of an account ends their subscription, and
/// the webhooks of that come after the account is gone.
#[expect(clippy::too_many_lines, reason = "one statement, a line for each column")]
async fn upsert(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Subscription>,
    owner: Option<&UserId>,
    external_id: Option<&str>,
) -> Result<u64> {
    let data = &snapshot.data;
    let at = |at: Option<crate::billing::instant::Micros>| at.map(Timestamp::from);
    let pending = data.pending_update.as_ref();
    let known = Status::from_polar(&data.status).map(|_| &*data.status);
    // A charge that failed has a beginning, also where the key is missing.
    let past_due_at = match (Status::from_polar(&data.status), data.past_due_at) {
        (Some(Status::PastDue), None) => Some(snapshot.event_at),
        (_, given) => given,
    };
    Ok(execute!(
        tx,
        r#"
        insert into "subscription" (
            "id", "createdAt", "modifiedAt", "amount", "currency", "recurringInterval", "recurringIntervalCount",
            "status", "knownStatus", "currentPeriodStart", "currentPeriodEnd", "trialStart", "trialEnd",
            "cancelAtPeriodEnd", "canceledAt", "startedAt", "endsAt", "endedAt", "pastDueAt", "pauseAtPeriodEnd",
            "pausedAt", "resumesAt", "customerId", "productId", "discountId", "checkoutId", "seats", "units",
            "customerCancellationReason", "customerCancellationComment", "metadata", "customFieldData",
            "userId", "userExternalId", "pendingProductId", "pendingAppliesAt", "polarVersion", "polarEventAt",
            "confirmedAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39)
        on conflict ("id") do update set
            "createdAt" = excluded."createdAt",
            "modifiedAt" = excluded."modifiedAt",
            "amount" = excluded."amount",
            "currency" = excluded."currency",
            "recurringInterval" = excluded."recurringInterval",
            "recurringIntervalCount" = excluded."recurringIntervalCount",
            "status" = excluded."status",
            "knownStatus" = coalesce(excluded."knownStatus", "subscription"."knownStatus"),
            "currentPeriodStart" = excluded."currentPeriodStart",
            "currentPeriodEnd" = excluded."currentPeriodEnd",
            "trialStart" = excluded."trialStart",
            "trialEnd" = excluded."trialEnd",
            "cancelAtPeriodEnd" = excluded."cancelAtPeriodEnd",
            "canceledAt" = excluded."canceledAt",
            "startedAt" = excluded."startedAt",
            "endsAt" = excluded."endsAt",
            "endedAt" = excluded."endedAt",
            "pastDueAt" = excluded."pastDueAt",
            "pauseAtPeriodEnd" = excluded."pauseAtPeriodEnd",
            "pausedAt" = excluded."pausedAt",
            "resumesAt" = excluded."resumesAt",
            "customerId" = excluded."customerId",
            "productId" = excluded."productId",
            "discountId" = excluded."discountId",
            "checkoutId" = excluded."checkoutId",
            "seats" = excluded."seats",
            "units" = excluded."units",
            "customerCancellationReason" = excluded."customerCancellationReason",
            "customerCancellationComment" = excluded."customerCancellationComment",
            "metadata" = excluded."metadata",
            "customFieldData" = excluded."customFieldData",
            "userId" = coalesce(excluded."userId", "subscription"."userId"),
            "userExternalId" = coalesce(excluded."userExternalId", "subscription"."userExternalId"),
            "pendingProductId" = excluded."pendingProductId",
            "pendingAppliesAt" = excluded."pendingAppliesAt",
            "polarVersion" = excluded."polarVersion",
            "polarEventAt" = excluded."polarEventAt",
            "confirmedAt" = excluded."confirmedAt"
        where ("subscription"."polarVersion", "subscription"."polarEventAt")
            < (excluded."polarVersion", excluded."polarEventAt")
        "#,
        &data.id,
        Timestamp::from(data.created_at),
        at(data.modified_at),
        data.amount,
        &data.currency,
        &data.recurring_interval,
        data.recurring_interval_count.unwrap_or(1),
        &data.status,
        known,
        Timestamp::from(data.current_period_start.or(data.started_at).unwrap_or(data.created_at)),
        at(data.current_period_end),
        at(data.trial_start),
        at(data.trial_end),
        data.cancel_at_period_end,
        at(data.canceled_at),
        at(data.started_at),
        at(data.ends_at),
        at(data.ended_at),
        at(past_due_at),
        data.pause_at_period_end,
        at(data.paused_at),
        at(data.resumes_at),
        &data.customer_id,
        &data.product_id,
        data.discount_id.as_deref(),
        data.checkout_id.as_deref(),
        data.seats,
        data.units,
        data.customer_cancellation_reason.as_deref(),
        data.customer_cancellation_comment.as_deref().filter(|_| owner.is_some()),
        owner.map(|_| Json(&data.metadata)),
        owner.map(|_| Json(&data.custom_field_data)),
        owner,
        external_id.filter(|_| owner.is_some()),
        pending.and_then(|pending| pending.product_id.as_deref()),
        at(pending.and_then(|pending| pending.applies_at)),
        snapshot.version.0,
        snapshot.event_at.0,
        Timestamp::from(backend.clock.now()),
    )?)
}

/// An older row in a later picture: the two clocks of Polar disagree, so only Polar can say which is right.
async fn ask_again_if_torn(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Subscription>,
) -> Result<()> {
    let Some(row) = before(tx, &snapshot.data.id).await? else { return Ok(()) };
    if snapshot.version.0 < row.polar_version && snapshot.event_at.0 > row.polar_event_at {
        reconcile::enqueue_subscription(tx, backend, &snapshot.data.id).await?;
    }
    Ok(())
}

/// Polar refuses a second subscription unless its organization allows several. Where there is one all the same,
/// somebody pays twice: only a person can say which of the two should end.
async fn look_for_another(tx: &mut SystemTx, owner: &UserId, id: &str) -> Result<()> {
    let other: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        select "id" from "subscription"
        where "userId" = $1 and "id" <> $2 and "status" in ('trialing', 'active', 'past_due')
        limit 1
        "#,
        owner,
        id,
    )?;
    if let Some((other,)) = other {
        metrics::counter!("coffer_polar_second_subscriptions_total").increment(1);
        tracing::error!(
            subscription.id = id,
            other.id = other,
            "somebody pays for two subscriptions"
        );
    }
    Ok(())
}

/// A change of plan or state belongs into the person's trail.
async fn note(
    tx: &mut SystemTx,
    backend: &Backend,
    owner: &UserId,
    before: Option<&Before>,
    data: &Subscription,
) -> Result<()> {
    let same = before.is_some_and(|before| {
        before.status == data.status
            && before.product_id == data.product_id
            && before.cancel_at_period_end == data.cancel_at_period_end
    });
    if same {
        return Ok(());
    }
    let event = Event::new(Action::PlanChanged, Some(owner)).subject("subscription", &data.id);
    let event = event.note("status", &*data.status).note("cancels", data.cancel_at_period_end);
    audit::record(tx, backend, event).await
}
