//! Finding series in the rows of a person, again and again: the same rows give the same series.

use std::collections::BTreeSet;

use domain::{
    AccountId, Currency, Date, SeriesId, TransactionId, UserId, merchant,
    recurring::{self, Known, REACH, Row, Series},
    states::series::{Event, SeriesStatus, events},
};
use sqlx::types::Json;
use time::Duration;

use super::{
    SERIES,
    rows::{self, Stored},
};
use crate::{Backend, Error, Result, Timestamp, db::UserTx, execute, fetch_all, preferences};

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Counted {
    id: TransactionId,
    account_id: AccountId,
    date: Date,
    amount_minor: i64,
    currency: String,
    text: String,
}

/// Looks for series in the rows of a person and stores what it finds. What their owner decided stays.
pub(crate) async fn look(backend: &Backend, user: &UserId) -> Result<()> {
    let mut tx = backend.db.as_user(user).read().await?;
    let today = preferences::today(&mut tx, backend).await?;
    let before = rows::stored(&mut tx).await?;
    let counted = counted(&mut tx, today).await?;
    drop(tx);
    if counted.is_empty() && before.is_empty() {
        return Ok(());
    }
    let found = off_thread(counted, &before, today).await?;

    let mut tx = backend.db.as_user(user).write().await?;
    let before = rows::stored(&mut tx).await?;
    store(&mut tx, backend, &before, &found).await?;
    forget(&mut tx, backend, &before, &found).await?;
    tx.commit().await?;
    Ok(())
}

/// What counts: completed rows in reach, no transfers, nothing that was left out of sums.
async fn counted(tx: &mut UserTx, today: Date) -> Result<Vec<Counted>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."id", t."accountId", t."date", t."amountMinor", t."currency",
               coalesce(t."merchant", t."description") as "text"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."deletedAt" is null and t."status" = 'completed' and t."type" <> 'transfer'
          and not t."excluded" and t."date" between $2 and $3 and a."archivedAt" is null
        "#,
        user,
        today.saturating_sub(Duration::days(REACH)),
        today,
    )?)
}

/// Work of the processor, off the threads that serve.
async fn off_thread(counted: Vec<Counted>, before: &[Stored], today: Date) -> Result<Vec<Series>> {
    let left_out: BTreeSet<TransactionId> =
        before.iter().flat_map(|series| series.left_out.0.iter().cloned()).collect();
    let known: Vec<Known> = before.iter().map(Stored::known).collect();
    let work = move || {
        let rows: Vec<Row> = counted
            .into_iter()
            .filter(|row| !left_out.contains(&row.id))
            .filter_map(|row| {
                Some(Row {
                    merchant: merchant::key(&row.text),
                    currency: Currency::parse(&row.currency).ok()?,
                    id: row.id,
                    account: row.account_id,
                    date: row.date,
                    minor: row.amount_minor,
                })
            })
            .collect();
        recurring::detect(&rows, today, &known)
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Upstream { service: SERIES, reason: error.to_string() })
}

async fn store(
    tx: &mut UserTx,
    backend: &Backend,
    before: &[Stored],
    found: &[Series],
) -> Result<()> {
    let user = tx.user().clone();
    let now = Timestamp::from(backend.clock.now());
    for series in found {
        let change = series.changes.last();
        // A new one is early until its rows say more.
        let known = before.iter().find(|one| one.key == series.key);
        let was = known.map_or(SeriesStatus::Early, |one| one.status);
        let status = rows::moved(was, events(was, series.status))?;
        execute!(
            tx,
            r#"
            insert into "recurring_series" ("id", "userId", "accountId", "key", "merchant", "currency", "cadence", "kind",
                                            "status", "amountMinor", "changeMinor", "changedOn", "firstOn", "lastOn",
                                            "nextOn", "anchor", "members", "createdAt", "updatedAt")
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)
            on conflict ("userId", "key") do update
            set "accountId" = excluded."accountId", "merchant" = excluded."merchant", "cadence" = excluded."cadence",
                "kind" = excluded."kind", "status" = excluded."status", "amountMinor" = excluded."amountMinor",
                "changeMinor" = excluded."changeMinor", "changedOn" = excluded."changedOn",
                "firstOn" = excluded."firstOn", "lastOn" = excluded."lastOn", "nextOn" = excluded."nextOn",
                "anchor" = excluded."anchor", "members" = excluded."members", "updatedAt" = excluded."updatedAt"
            "#,
            SeriesId::new(backend.new_id()),
            &user,
            &series.account,
            &series.key,
            &series.merchant,
            series.currency,
            series.cadence,
            series.kind,
            status,
            series.minor,
            change.map_or(0, |change| change.by_minor),
            change.map(|change| change.on),
            series.first,
            series.last,
            series.next,
            i64::from(series.anchor),
            Json(&series.members),
            now,
        )?;
    }
    Ok(())
}

/// What was not found again goes, unless its owner said something about it: then it has ended.
async fn forget(
    tx: &mut UserTx,
    backend: &Backend,
    before: &[Stored],
    found: &[Series],
) -> Result<()> {
    let user = tx.user().clone();
    let keys: BTreeSet<&str> = found.iter().map(|series| series.key.as_str()).collect();
    for series in before.iter().filter(|one| !keys.contains(&*one.key)) {
        if !series.is_kept() {
            execute!(
                tx,
                r#"delete from "recurring_series" where "userId" = $1 and "id" = $2"#,
                &user,
                &series.id,
            )?;
        } else if series.status != SeriesStatus::Ended {
            let status = rows::moved(series.status, &[Event::Gone])?;
            execute!(
                tx,
                r#"update "recurring_series" set "status" = $3, "updatedAt" = $4 where "userId" = $1 and "id" = $2"#,
                &user,
                &series.id,
                status,
                Timestamp::from(backend.clock.now()),
            )?;
        }
    }
    Ok(())
}
