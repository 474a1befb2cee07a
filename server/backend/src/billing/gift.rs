//! A plan without paying: for a demo, a friend, a tester.

use domain::{UserId, plan::Plan};

use crate::{Backend, Error, Result, Timestamp, db::SystemTx, execute};

/// Gives the person with this address a plan; [`Plan::Free`] takes the present back.
///
/// # Errors
/// [`Error::NotFound`] when nobody has the address.
pub async fn give_plan(backend: &Backend, email: &str, plan: Plan) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    let user = crate::auth::user_by_email(&mut tx, email).await?.ok_or(Error::NotFound("user"))?;
    if plan == Plan::Free {
        execute!(tx, r#"delete from "plan_gift" where "userId" = $1"#, &user.id)?;
    } else {
        give(&mut tx, &user.id, plan, Timestamp::from(backend.clock.now())).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The same by id, in a transaction of the caller's.
pub(crate) async fn give(
    tx: &mut SystemTx,
    user: &UserId,
    plan: Plan,
    now: Timestamp,
) -> Result<()> {
    execute!(
        tx,
        r#"
        insert into "plan_gift" ("userId", "plan", "givenAt") values ($1, $2, $3)
        on conflict ("userId") do update set "plan" = excluded."plan", "givenAt" = excluded."givenAt"
        "#,
        user,
        plan.code(),
        now,
    )?;
    Ok(())
}
