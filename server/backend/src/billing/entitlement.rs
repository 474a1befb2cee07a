//! Who may use what, from our own tables: no page asks Polar. One reading of a few indexed rows, in the transaction
//! that needs the answer, so that no process can hold an old one (`docs/adr/0015-entitlements-are-read.md`).

use domain::{
    UserId,
    billing::{Entitlement, Standing, State, Status, SubscriptionView},
    plan::Plan,
};
use time::OffsetDateTime;

use super::BillingSettings;
use crate::{
    Backend, Result, SignedIn, Timestamp,
    auth::UserView,
    db::{SystemTx, UserTx},
    fetch_all, fetch_optional,
};

/// A subscription, a purchase or a present, as one row of the one statement.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    kind: String,
    id: String,
    product_id: String,
    product_name: Option<String>,
    status: String,
    known_status: Option<String>,
    amount: i64,
    currency: String,
    recurring_interval: String,
    recurring_interval_count: i64,
    created_at: Timestamp,
    current_period_start: Timestamp,
    current_period_end: Option<Timestamp>,
    cancel_at_period_end: bool,
    pause_at_period_end: bool,
    canceled_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    trial_end: Option<Timestamp>,
    past_due_at: Option<Timestamp>,
    resumes_at: Option<Timestamp>,
    pending_product_id: Option<String>,
    pending_product_name: Option<String>,
    pending_applies_at: Option<Timestamp>,
}

/// What the caller may use now.
#[tracing::instrument(name = "billing.entitlement", skip_all, fields(user.id = %caller.user()))]
pub async fn entitlement(backend: &Backend, caller: &SignedIn) -> Result<Entitlement> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    of(&mut tx, backend).await
}

/// What the person whose transaction this is may use now. Without billing everybody may use everything.
pub(crate) async fn of(tx: &mut UserTx, backend: &Backend) -> Result<Entitlement> {
    let Some(billing) = &backend.settings.billing else { return Ok(unlimited()) };
    let user = tx.user().clone();
    let rows = fetch_all!(
        tx,
        r#"
        select 'subscription' as "kind", s."id", s."productId", p."name" as "productName", s."status",
               s."knownStatus", s."amount", s."currency", s."recurringInterval", s."recurringIntervalCount",
               s."createdAt", s."currentPeriodStart", s."currentPeriodEnd", s."cancelAtPeriodEnd",
               s."pauseAtPeriodEnd", s."canceledAt", s."endsAt", s."endedAt", s."trialEnd", s."pastDueAt",
               s."resumesAt", s."pendingProductId", n."name" as "pendingProductName", s."pendingAppliesAt"
        from "subscription" s
        left join "polar_product" p on p."id" = s."productId"
        left join "polar_product" n on n."id" = s."pendingProductId"
        where s."userId" = $1
        union all
        select 'order', o."id", o."productId", null, o."status", null, o."totalAmount", o."currency", '', 1,
               o."createdAt", o."createdAt", null, false, false, null, null, null, null, null, null, null, null, null
        from "polar_order" o
        where o."userId" = $1 and o."subscriptionId" is null and o."productId" is not null and o."paid"
          and not (o."status" = 'refunded' and o."refundedAmount" >= o."netAmount")
        union all
        select 'gift', '', '', null, g."plan", null, 0, '', '', 1, g."givenAt", g."givenAt", null, false, false,
               null, null, null, null, null, null, null, null, null
        from "plan_gift" g
        where g."userId" = $1
        "#,
        user,
    )?;
    Ok(decide(billing, rows, backend.clock.now()))
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
            "order" => found.products.push(row.product_id),
            "gift" => {
                let plan = Plan::from_code(&row.status).unwrap_or_default();
                found.gift = plan > found.plan;
                found.plan = found.plan.max(plan);
            }
            _ => {
                let created = row.created_at.into();
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
            id: self.id,
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

/// Whether any subscription gives the caller access now: a trial counts, and so does a failed charge in its grace.
pub async fn is_user_subscribed(backend: &Backend, caller: &SignedIn) -> Result<bool> {
    Ok(entitlement(backend, caller).await?.is_subscribed())
}

/// Whether the caller has this product of Polar's now, bought once or by subscription.
pub async fn has_access_to_product(
    backend: &Backend,
    caller: &SignedIn,
    product: &str,
) -> Result<bool> {
    Ok(entitlement(backend, caller).await?.products.iter().any(|id| id == product))
}

/// The caller's subscription to show, if there ever was one.
pub async fn get_subscription_details(
    backend: &Backend,
    caller: &SignedIn,
) -> Result<Option<SubscriptionView>> {
    Ok(entitlement(backend, caller).await?.subscription)
}

/// `active`, `canceled`, `expired` or `none`, and the finer state.
pub async fn get_user_subscription_status(
    backend: &Backend,
    caller: &SignedIn,
) -> Result<(&'static str, State)> {
    let found = entitlement(backend, caller).await?;
    Ok((found.status_word(), found.state()))
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Joined {
    #[sqlx(flatten)]
    user: crate::auth::UserRow,
    plan_product: Option<String>,
    plan_status: Option<String>,
}

/// A person with the newest subscription that Polar still collects money for, in one statement: for administrators
/// and support.
pub async fn user_with_subscription(
    tx: &mut SystemTx,
    user: &UserId,
) -> Result<Option<(UserView, Option<(String, String)>)>> {
    let row: Option<Joined> = fetch_optional!(
        tx,
        r#"
        select u."id", u."name", u."email", u."emailVerified", u."image", u."twoFactorEnabled", u."createdAt",
               u."updatedAt", s."productId" as "planProduct", s."status" as "planStatus"
        from "user" u
        left join "subscription" s on s."userId" = u."id" and s."status" in ('trialing', 'active', 'past_due')
        where u."id" = $1
        order by s."createdAt" desc
        limit 1
        "#,
        user,
    )?;
    Ok(row.map(|row| (row.user.into(), row.plan_product.zip(row.plan_status))))
}
