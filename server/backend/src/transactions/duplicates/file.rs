//! Doubts as rows arrive, and as they go.

use domain::{TransactionId, states::doubt::DoubtKind};

use crate::{Backend, Error, Result, Timestamp, db::UserTx, execute};

/// Files a doubt, once: `kept` is the row that would stay.
pub(crate) async fn suspect(
    tx: &mut UserTx,
    backend: &Backend,
    kept: &TransactionId,
    other: &TransactionId,
    kind: DoubtKind,
) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        insert into "duplicate_pair" ("id", "userId", "keptId", "otherId", "kind", "createdAt")
        values ($1, $2, $3, $4, $5, $6)
        on conflict ("userId", "keptId", "otherId") do nothing
        "#,
        backend.new_id(),
        user,
        kept,
        other,
        kind,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(())
}

/// Withdraws open doubts about rows that are gone: nothing is counted twice any more. One stays where its owner has
/// written something on the row that went, and may want to take it along.
pub(crate) async fn forget(tx: &mut UserTx, gone: &[&TransactionId]) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let user = tx.user().clone();
    let gone = serde_json::to_string(gone).map_err(|_| Error::Corrupt("id"))?;
    execute!(
        tx,
        sqlite: r#"
        delete from "duplicate_pair"
        where "userId" = $1 and "state" = 'open'
          and ("keptId" in (select value from json_each($2)) or "otherId" in (select value from json_each($2)))
          and not exists (
              select 1 from "transaction" t
              where t."userId" = $1 and t."id" = "duplicate_pair"."otherId"
                and (t."noteBy" = 'user' or t."tagsBy" = 'user' or t."categoryBy" = 'user'))
        "#,
        postgres: r#"
        delete from "duplicate_pair"
        where "userId" = $1 and "state" = 'open'
          and ("keptId" in (select value from json_array_elements_text(cast($2 as json)))
               or "otherId" in (select value from json_array_elements_text(cast($2 as json))))
          and not exists (
              select 1 from "transaction" t
              where t."userId" = $1 and t."id" = "duplicate_pair"."otherId"
                and (t."noteBy" = 'user' or t."tagsBy" = 'user' or t."categoryBy" = 'user'))
        "#,
        user,
        gone,
    )?;
    Ok(())
}
