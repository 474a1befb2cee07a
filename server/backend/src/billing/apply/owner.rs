//! Whose object it is: by the id we gave the customer, by our map of customers, by the checkout we began. Never by
//! address, and never by what a checkout's metadata says, which a browser may have written.

use domain::UserId;

use crate::{Result, db::SystemTx, execute, fetch_optional};

/// What an object says of its owner.
#[derive(Clone, Copy)]
pub struct Clues<'a> {
    pub external_id: Option<&'a str>,
    pub customer: &'a str,
    pub checkout: Option<&'a str>,
}

/// The owner; none when nobody is known. Then a later event of the customer says it ([`adopt`]).
pub async fn find(tx: &mut SystemTx, clues: Clues<'_>) -> Result<Option<UserId>> {
    let found: Option<(UserId,)> = fetch_optional!(
        tx,
        r#"
        select "id" from (
            select "id", 1 as "rank" from "user" where "id" = $1
            union all
            select "userId", 2 from "polar_customer" where "id" = $2 and "userId" is not null
            union all
            select "userId", 3 from "polar_checkout" where "id" = $3 and "userId" is not null
        ) as "clue"
        order by "rank"
        limit 1
        "#,
        clues.external_id,
        clues.customer,
        clues.checkout,
    )?;
    Ok(found.map(|(user,)| user))
}

/// Gives the objects of a customer that waited for an owner to `user`. Answers how many.
pub async fn adopt(tx: &mut SystemTx, customer: &str, user: &UserId) -> Result<u64> {
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
    execute!(
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
    Ok(subscriptions + orders)
}

/// Notes that something belongs to nobody we know.
pub fn miss(kind: &'static str, id: &str) {
    metrics::counter!("coffer_polar_unowned_total", "kind" => kind).increment(1);
    tracing::warn!(kind, object.id = id, "something at Polar belongs to nobody we know");
}
