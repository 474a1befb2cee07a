//! The answers that other code asks for by name.

use domain::{
    UserId,
    billing::{Entitlement, State, SubscriptionView},
};

use super::{Row, decide, of, unlimited};
use crate::{Backend, Result, SignedIn, auth::UserView, db::SystemTx, fetch_all};

async fn access(backend: &Backend, caller: &SignedIn) -> Result<Entitlement> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    of(&mut tx, backend).await
}

/// Whether any subscription gives the caller access now: a trial counts, and so does a failed charge in its grace.
/// Without billing everybody has everything.
pub async fn is_user_subscribed(backend: &Backend, caller: &SignedIn) -> Result<bool> {
    if backend.settings.billing.is_none() {
        return Ok(true);
    }
    Ok(access(backend, caller).await?.is_subscribed())
}

/// Whether the caller has this product of Polar's now: bought once or by subscription, or part of a plan they have.
/// Without billing everybody has everything.
pub async fn has_access_to_product(
    backend: &Backend,
    caller: &SignedIn,
    product: &str,
) -> Result<bool> {
    let Some(billing) = &backend.settings.billing else { return Ok(true) };
    let found = access(backend, caller).await?;
    let contained = billing.plan(product).is_some_and(|plan| plan <= found.plan);
    Ok(contained || found.products.iter().any(|id| id == product))
}

/// The caller's subscription to show, if there ever was one.
pub async fn get_subscription_details(
    backend: &Backend,
    caller: &SignedIn,
) -> Result<Option<SubscriptionView>> {
    Ok(access(backend, caller).await?.subscription)
}

/// `active`, `canceled`, `expired` or `none`, and the finer state.
pub async fn get_user_subscription_status(
    backend: &Backend,
    caller: &SignedIn,
) -> Result<(&'static str, State)> {
    let found = access(backend, caller).await?;
    Ok((found.status_word(), found.state()))
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Joined {
    #[sqlx(flatten)]
    user: crate::auth::UserRow,
    #[sqlx(flatten)]
    row: Row,
}

/// A person with what they may use now, in one statement: for administrators and support. What was metered is not in
/// it.
pub async fn user_with_subscription(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
) -> Result<Option<(UserView, Entitlement)>> {
    let rows: Vec<Joined> = fetch_all!(
        tx,
        r#"
        select u."id", u."name", u."email", u."emailVerified", u."image", u."twoFactorEnabled", u."createdAt",
               u."updatedAt", r."kind", r."objectId", r."productId", r."productName", r."status", r."knownStatus",
               r."amount", r."currency", r."recurringInterval", r."recurringIntervalCount", r."begunAt",
               r."currentPeriodStart", r."currentPeriodEnd", r."cancelAtPeriodEnd", r."pauseAtPeriodEnd",
               r."canceledAt", r."endsAt", r."endedAt", r."trialStart", r."trialEnd", r."pastDueAt", r."resumesAt",
               r."pendingProductId", r."pendingProductName", r."pendingAppliesAt"
        from "user" u
        join (
            select 'subscription' as "kind", s."id" as "objectId", s."productId", p."name" as "productName",
                   s."status", s."knownStatus", s."amount", s."currency", s."recurringInterval",
                   s."recurringIntervalCount", s."createdAt" as "begunAt", s."currentPeriodStart",
                   s."currentPeriodEnd", s."cancelAtPeriodEnd", s."pauseAtPeriodEnd", s."canceledAt", s."endsAt",
                   s."endedAt", s."trialStart", s."trialEnd", s."pastDueAt", s."resumesAt", s."pendingProductId",
                   n."name" as "pendingProductName", s."pendingAppliesAt"
            from "subscription" s
            left join "polar_product" p on p."id" = s."productId"
            left join "polar_product" n on n."id" = s."pendingProductId"
            where s."userId" = $1
            union all
            select 'order', o."id", o."productId", null, o."status", null, o."totalAmount", o."currency", '', 1,
                   o."createdAt", o."createdAt", null, false, false, null, null, null, null, null, null, null, null,
                   null, null
            from "polar_order" o
            where o."userId" = $1 and o."subscriptionId" is null and o."productId" is not null and o."paid"
              and not (o."status" = 'refunded' and o."refundedAmount" >= o."netAmount")
            union all
            select 'gift', '', '', null, g."plan", null, 0, '', '', 1, g."givenAt", g."givenAt", null, false, false,
                   null, null, null, null, null, null, null, null, null, null
            from "plan_gift" g
            where g."userId" = $1
            union all
            select 'nothing', '', '', null, '', null, 0, '', '', 1, w."createdAt", w."createdAt", null, false, false,
                   null, null, null, null, null, null, null, null, null, null
            from "user" w
            where w."id" = $1
        ) r on u."id" = $1
        where u."id" = $1
        "#,
        user,
    )?;
    let mut person = None;
    let mut found = Vec::with_capacity(rows.len());
    for Joined { user, row } in rows {
        person = Some(user);
        found.push(row);
    }
    let Some(person) = person else { return Ok(None) };
    let decided = match &backend.settings.billing {
        Some(billing) => decide(billing, found, backend.clock.now()),
        None => unlimited(),
    };
    Ok(Some((person.into(), decided)))
}
