//! Whose object it is: by the id we gave the customer, by our map of customers, by the checkout we began. Never by
//! address, and never by what a checkout's metadata says, which a browser may have written.

use domain::UserId;

use crate::{Backend, Result, billing::effects, db::SystemTx, execute, fetch_all};

/// What an object says of its owner.
#[derive(Clone, Copy)]
pub struct Clues<'a> {
    pub external_id: Option<&'a str>,
    pub customer: &'a str,
    pub checkout: Option<&'a str>,
}

/// The owner; none when nobody is known. Then a later event of the customer says it. What waited for an owner that is
/// found here for the first time is theirs from now on. Until the transaction ends no other event of the customer is
/// applied: a row written for nobody would otherwise be missed by the one that learns whose it is at the same moment.
pub async fn find(
    tx: &mut SystemTx,
    backend: &Backend,
    clues: Clues<'_>,
) -> Result<Option<UserId>> {
    one_at_a_time(tx, clues.customer).await?;
    let found: Vec<(UserId, i64)> = fetch_all!(
        tx,
        r#"
        select "id", "rank" from (
            select "id", cast(1 as bigint) as "rank" from "user" where "id" = $1
            union all
            select "userId", 2 from "polar_customer" where "id" = $2 and "userId" is not null
            union all
            select "userId", 3 from "polar_checkout" where "id" = $3 and "userId" is not null
        ) as "clue"
        order by "rank"
        "#,
        clues.external_id,
        clues.customer,
        clues.checkout,
    )?;
    let mapped = found.iter().any(|(_, rank)| *rank == 2);
    let owner = found.into_iter().next().map(|(user, _)| user);
    if let Some(owner) = owner.as_ref().filter(|_| !mapped && !clues.customer.is_empty()) {
        learn(tx, backend, clues.customer, owner).await?;
    }
    Ok(owner)
}

/// On SQLite there is one writer anyway.
async fn one_at_a_time(tx: &mut SystemTx, customer: &str) -> Result<()> {
    execute!(
        tx,
        sqlite: "select $1",
        postgres: "select pg_advisory_xact_lock(hashtextextended($1, 20261128))",
        customer,
    )?;
    Ok(())
}

/// Keeps whose customer it is, and gives the owner what waited, with the letters it should have brought.
async fn learn(tx: &mut SystemTx, backend: &Backend, customer: &str, owner: &UserId) -> Result<()> {
    execute!(
        tx,
        r#"
        insert into "polar_customer" ("id", "userId", "polarVersion", "polarEventAt") values ($1, $2, 0, 0)
        on conflict ("id") do update set "userId" = excluded."userId" where "polar_customer"."userId" is null
        "#,
        customer,
        owner,
    )?;
    if adopt(tx, customer, owner).await? > 0 {
        effects::of_claimed(tx, backend, customer, owner).await?;
    }
    Ok(())
}

/// Gives the objects of a customer that waited for an owner to `user`. Answers how many.
async fn adopt(tx: &mut SystemTx, customer: &str, user: &UserId) -> Result<u64> {
    let subscriptions = execute!(
        tx,
        r#"update "subscription" set "userId" = $2 where "customerId" = $1 and "userId" is null"#,
        customer,
        user,
    )?;
    let orders = execute!(
        tx,
        r#"update "polar_order" set "userId" = $2 where "customerId" = $1 and "userId" is null"#,
        customer,
        user,
    )?;
    let refunds = execute!(
        tx,
        r#"update "polar_refund" set "userId" = $2 where "customerId" = $1 and "userId" is null"#,
        customer,
        user,
    )?;
    execute!(
        tx,
        r#"update "polar_grant" set "userId" = $2 where "customerId" = $1 and "userId" is null"#,
        customer,
        user,
    )?;
    Ok(subscriptions + orders + refunds)
}

/// Notes that something belongs to nobody we know.
pub fn miss(kind: &'static str, id: &str) {
    metrics::counter!("coffer_polar_unowned_total", "kind" => kind).increment(1);
    tracing::warn!(kind, object.id = id, "something at Polar belongs to nobody we know");
}
