//! Whose customer is whose, and the state Polar last told of a customer as a whole.

use domain::UserId;

use super::{
    Applied, Snapshot,
    owner::{self, Clues},
};
use crate::{
    Backend, Result,
    billing::{
        reconcile,
        wire::{Customer, CustomerState},
    },
    db::SystemTx,
    execute, fetch_all, fetch_optional,
};

/// Writes the snapshot unless the row is newer. A deleted customer (`gone`) is nobody's any more. The id that we gave
/// them is kept while there is somebody with it.
pub async fn apply(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<Customer>,
    gone: bool,
) -> Result<Applied> {
    let data = &snapshot.data;
    let gone = gone || data.deleted_at.is_some();
    let owner = if gone { None } else { find(tx, backend, data).await? };
    let rows = execute!(
        tx,
        r#"
        insert into "polar_customer" ("id", "userId", "externalId", "polarVersion", "polarEventAt")
        values ($1, $2, $3, $4, $5)
        on conflict ("id") do update set
            "userId" = case when $6 then null else coalesce(excluded."userId", "polar_customer"."userId") end,
            "externalId" = excluded."externalId",
            "polarVersion" = excluded."polarVersion",
            "polarEventAt" = excluded."polarEventAt"
        where ("polar_customer"."polarVersion", "polar_customer"."polarEventAt")
            < (excluded."polarVersion", excluded."polarEventAt")
        "#,
        &data.id,
        owner.as_ref(),
        data.external_id.as_deref().filter(|_| owner.is_some()),
        snapshot.version.0,
        snapshot.event_at.0,
        gone,
    )?;
    Ok(Applied::newer(rows))
}

async fn find(tx: &mut SystemTx, backend: &Backend, data: &Customer) -> Result<Option<UserId>> {
    let clues =
        Clues { external_id: data.external_id.as_deref(), customer: &data.id, checkout: None };
    owner::find(tx, backend, clues).await
}

/// Keeps the latest state, by the moment of the picture alone: the state has no version of its own. Where it names
/// other subscriptions than our rows do, Polar is asked.
pub async fn apply_state(
    tx: &mut SystemTx,
    backend: &Backend,
    snapshot: &Snapshot<CustomerState>,
) -> Result<Applied> {
    let CustomerState { customer, active_subscriptions, granted_benefits, active_meters } =
        &snapshot.data;
    let owner = find(tx, backend, customer).await?;
    let active: Vec<&str> = active_subscriptions.iter().map(|item| &*item.id).collect();
    let benefits: Vec<&str> = granted_benefits.iter().map(|item| &*item.benefit_id).collect();
    let json = |value: serde_json::Value| value.to_string();
    let rows = execute!(
        tx,
        r#"
        insert into "polar_customer" (
            "id", "userId", "externalId", "activeSubscriptions", "grantedBenefits", "meters", "stateAt",
            "polarVersion", "polarEventAt")
        values ($1, $2, $3, $4, $5, $6, $7, 0, 0)
        on conflict ("id") do update set
            "userId" = coalesce("polar_customer"."userId", excluded."userId"),
            "activeSubscriptions" = excluded."activeSubscriptions",
            "grantedBenefits" = excluded."grantedBenefits",
            "meters" = excluded."meters",
            "stateAt" = excluded."stateAt"
        where "polar_customer"."stateAt" < excluded."stateAt"
        "#,
        &customer.id,
        owner.as_ref(),
        customer.external_id.as_deref().filter(|_| owner.is_some()),
        json(active.clone().into()),
        json(benefits.into()),
        json(serde_json::to_value(active_meters).unwrap_or_default()),
        snapshot.event_at.0,
    )?;
    if rows == 0 {
        return Ok(Applied::Stale);
    }
    compare(tx, backend, &customer.id, &active).await?;
    Ok(Applied::Written)
}

/// A subscription that Polar calls active and our rows do not, or the other way round, is asked for. A charge that
/// failed is on our side alone: Polar leaves it out of the state from the first day.
async fn compare(
    tx: &mut SystemTx,
    backend: &Backend,
    customer: &str,
    theirs: &[&str],
) -> Result<()> {
    let ours: Vec<(String,)> = fetch_all!(
        tx,
        r#"select "id" from "subscription" where "customerId" = $1 and "status" in ('active', 'trialing')"#,
        customer,
    )?;
    for (id,) in &ours {
        if !theirs.contains(&&**id) {
            reconcile::enqueue_subscription(tx, backend, id).await?;
        }
    }
    for id in theirs {
        let known: Option<(String,)> = fetch_optional!(
            tx,
            r#"select "id" from "subscription" where "id" = $1 and "status" in ('active', 'trialing')"#,
            *id,
        )?;
        if known.is_none() {
            reconcile::enqueue_subscription(tx, backend, id).await?;
        }
    }
    Ok(())
}
