//! Who may use what, from our own tables: no page asks Polar. One reading of a few indexed rows, in the transaction
//! that needs the answer, so that no process can hold an old one (`docs/adr/0015-entitlements-are-read.md`).

mod helpers;

use domain::{
    billing::{Entitlement, Metered, Standing, State, Status, SubscriptionView, UseCount},
    plan::Plan,
};
use time::OffsetDateTime;

use super::{BillingSettings, allowance::month_start, orders, usage};
use crate::{Backend, Result, SignedIn, Timestamp, db::UserTx, fetch_all};
pub use helpers::{
    get_subscription_details, get_user_subscription_status, has_access_to_product,
    is_user_subscribed, user_with_subscription,
};

/// A subscription, a purchase or a present, as one row of the one statement.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    kind: String,
    object_id: String,
    product_id: String,
    product_name: Option<String>,
    status: String,
    known_status: Option<String>,
    amount: i64,
    currency: String,
    recurring_interval: String,
    recurring_interval_count: i64,
    begun_at: Timestamp,
    current_period_start: Timestamp,
    current_period_end: Option<Timestamp>,
    cancel_at_period_end: bool,
    pause_at_period_end: bool,
    canceled_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    trial_start: Option<Timestamp>,
    trial_end: Option<Timestamp>,
    past_due_at: Option<Timestamp>,
    resumes_at: Option<Timestamp>,
    pending_product_id: Option<String>,
    pending_product_name: Option<String>,
    pending_applies_at: Option<Timestamp>,
}

/// What the caller may use now, and what they have used of what is metered.
#[tracing::instrument(name = "billing.entitlement", skip_all, fields(user.id = %caller.user()))]
pub async fn entitlement(backend: &Backend, caller: &SignedIn) -> Result<Entitlement> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let mut found = of(&mut tx, backend).await?;
    if backend.settings.billing.is_some() {
        let paid = found.subscription.as_ref().filter(|shown| shown.access);
        let since = paid
            .map_or_else(|| month_start(backend.clock.now()), |shown| shown.current_period_start);
        let counts = usage::counts(&mut tx, since).await?.into_iter();
        let counts = counts.map(|used| UseCount { event: used.name, count: used.count }).collect();
        let meters = orders::told_meters(&mut tx).await?;
        found.metered = Some(Metered { since, counts, meters });
    }
    Ok(found)
}

/// What the person whose transaction this is may use now. Without billing everybody may use everything.
pub(crate) async fn of(tx: &mut UserTx, backend: &Backend) -> Result<Entitlement> {
    let Some(billing) = &backend.settings.billing else { return Ok(unlimited()) };
    let user = tx.user().clone();
    let rows = fetch_all!(
        tx,
        r#"
        select 'subscription' as "kind", s."id" as "objectId", s."productId", p."name" as "productName", s."status",
               s."knownStatus", s."amount", s."currency", s."recurringInterval", s."recurringIntervalCount",
               s."createdAt" as "begunAt", s."currentPeriodStart", s."currentPeriodEnd", s."cancelAtPeriodEnd",
               s."pauseAtPeriodEnd", s."canceledAt", s."endsAt", s."endedAt", s."trialStart", s."trialEnd",
               s."pastDueAt", s."resumesAt", s."pendingProductId", n."name" as "pendingProductName",
               s."pendingAppliesAt"
        from "subscription" s
        left join "polar_product" p on p."id" = s."productId"
        left join "polar_product" n on n."id" = s."pendingProductId"
        where s."userId" = $1
        union all
        select 'order', o."id", o."productId", null, o."status", null, o."totalAmount", o."currency", '', 1,
               o."createdAt", o."createdAt", null, false, false, null, null, null, null, null, null, null, null, null,
               null
        from "polar_order" o
        where o."userId" = $1 and o."subscriptionId" is null and o."productId" is not null and o."paid"
          and not (o."status" = 'refunded' and o."refundedAmount" >= o."netAmount")
        union all
        select 'gift', '', '', null, g."plan", null, 0, '', '', 1, g."givenAt", g."givenAt", null, false, false,
               null, null, null, null, null, null, null, null, null, null
        from "plan_gift" g
        where g."userId" = $1
        "#,
        user,
    )?;
    Ok(decide(billing, rows, backend.clock.now()))
}

/// What the line above a page says when a payment of the person whose transaction this is has failed.
pub(crate) async fn late_payment(tx: &mut UserTx, backend: &Backend) -> Result<Option<String>> {
    let shown = of(tx, backend).await?.subscription;
    let late = shown.filter(|subscription| subscription.state == State::PastDue);
    Ok(late.map(|subscription| subscription.sentence()))
}

/// Billing is switched off: nobody could buy more.
fn unlimited() -> Entitlement {
    Entitlement { plan: Plan::Premium, gift: true, ..Entitlement::default() }
}

fn decide(billing: &BillingSettings, rows: Vec<Row>, now: OffsetDateTime) -> Entitlement {
    let mut found = Entitlement::default();
    let mut shown: Option<(bool, Option<Plan>, OffsetDateTime)> = None;
    for row in rows {
        match &*row.kind {
            // A person without anything.
            "nothing" => {}
            "order" => found.products.push(row.product_id),
            "gift" => {
                let plan = Plan::from_code(&row.status).unwrap_or_default();
                found.gift = plan > found.plan;
                found.plan = found.plan.max(plan);
            }
            _ => {
                found.had_trial |= row.trial_start.is_some();
                let created = row.begun_at.into();
                let Some((standing, view)) = row.view(billing, now) else { continue };
                found.billable |= standing.status.is_billable();
                if view.access {
                    found.products.push(view.product_id.clone());
                    if let Some(plan) = view.plan.filter(|plan| *plan >= found.plan) {
                        (found.plan, found.gift) = (plan, false);
                    }
                }
                let rank = (view.access, view.plan, created);
                if shown.is_none_or(|shown| rank > shown) {
                    shown = Some(rank);
                    found.subscription = Some(view);
                }
            }
        }
    }
    found.products.sort_unstable();
    found.products.dedup();
    found
}

impl Row {
    /// The row as its owner may see it; nothing for one whose every status is of a later release.
    fn view(
        self,
        billing: &BillingSettings,
        now: OffsetDateTime,
    ) -> Option<(Standing, SubscriptionView)> {
        let known = self.known_status.as_deref().unwrap_or(&self.status);
        let at = |at: Option<Timestamp>| at.map(OffsetDateTime::from);
        let standing = Standing {
            status: Status::from_polar(known)?,
            cancel_at_period_end: self.cancel_at_period_end,
            ends_at: at(self.ends_at),
            past_due_at: at(self.past_due_at),
        };
        let ours = billing.slug(&self.product_id).is_some();
        let view = SubscriptionView {
            plan: billing.plan(&self.product_id),
            state: standing.state(),
            // A product that nobody configured gives nothing.
            access: ours && standing.has_access(now, billing.grace),
            grace_until: standing.grace_until(billing.grace),
            id: self.object_id,
            product_id: self.product_id,
            product_name: self.product_name,
            status: self.status,
            amount: self.amount,
            currency: self.currency,
            recurring_interval: self.recurring_interval,
            recurring_interval_count: self.recurring_interval_count,
            current_period_start: self.current_period_start.into(),
            current_period_end: at(self.current_period_end),
            cancel_at_period_end: self.cancel_at_period_end,
            pause_at_period_end: self.pause_at_period_end,
            canceled_at: at(self.canceled_at),
            ends_at: at(self.ends_at),
            ended_at: at(self.ended_at),
            trial_end: at(self.trial_end),
            resumes_at: at(self.resumes_at),
            pending_product_id: self.pending_product_id,
            pending_product_name: self.pending_product_name,
            pending_applies_at: at(self.pending_applies_at),
        };
        Some((standing, view))
    }
}
