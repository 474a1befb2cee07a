//! What an account held day after day, and why its bank says otherwise.

use domain::{
    AccountId, AccountView, Date, DayTotal,
    balance::{self, BalanceRange},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::one;
use crate::{
    Backend, Result, SignedIn, connections, db::UserTx, fetch_all, fetch_one, fetch_optional,
};

/// The balances of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Balances {
    /// The account, with the balance that its completed rows in its own currency come to.
    pub account: AccountView,
    /// How far back the line goes.
    pub range: BalanceRange,
    /// The balance at the end of each day up to today, in minor units; empty without rows.
    pub days: Vec<DayTotal>,
    /// What the bank says, where a connection reads the account.
    pub bank: Option<BankBalance>,
}

/// What a bank says an account holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BankBalance {
    /// Minor units of the account's currency.
    pub minor: i64,
    /// What may be spent, where the bank says so.
    pub available_minor: Option<i64>,
    /// When it said so, in UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    pub at: Option<OffsetDateTime>,
    /// Why ours is another, where it has been for more than two days.
    pub gap: Option<Gap>,
}

/// The difference between a bank and our ledger, with what may be behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The bank's balance less ours, in minor units.
    pub minor: i64,
    /// The likely causes that are there.
    pub causes: Vec<GapCause>,
}

/// Rows that a bank may count otherwise than we do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GapCause {
    /// Which rows.
    pub kind: GapKind,
    /// How many.
    pub rows: i64,
    /// What they come to, in minor units of the account's currency.
    pub minor: i64,
}

/// Why a bank may count rows otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// Not posted yet: not in our balance, and perhaps in the bank's.
    Pending,
    /// Typed by hand or read from a file: the bank never told us of them.
    NotFromTheBank,
    /// Perhaps here twice.
    Duplicates,
}

#[derive(sqlx::FromRow)]
struct First {
    date: Date,
}

/// What a day brought or took.
#[derive(sqlx::FromRow)]
struct Movement {
    date: Date,
    minor: i64,
}

#[derive(sqlx::FromRow)]
struct Causes {
    pending_rows: i64,
    pending_minor: i64,
    other_rows: i64,
    other_minor: i64,
    duplicate_rows: i64,
    duplicate_minor: i64,
}

/// The balances of one of the caller's accounts.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) also for an account of somebody else.
#[tracing::instrument(name = "accounts.balances", skip_all, fields(user.id = %caller.user()))]
pub async fn balances(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
    range: BalanceRange,
) -> Result<Balances> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let account = one(&mut tx, account).await?;
    let today = crate::preferences::today(&mut tx, backend).await?;
    let days = match first_row(&mut tx, &account).await? {
        None => Vec::new(),
        Some(first_row) => {
            let first = range.first_day(today, first_row);
            let movements = movements(&mut tx, &account, first).await?;
            balance::history(account.balance_minor, &movements, first, today)
        }
    };
    let side = connections::bank_side(&mut tx, &account.id, backend.clock.now()).await?;
    let bank = match side.and_then(|side| side.balance_minor.map(|minor| (minor, side))) {
        None => None,
        Some((minor, side)) => {
            let gap = match side.gap_minor {
                None => None,
                Some(minor) => Some(Gap { minor, causes: causes(&mut tx, &account).await? }),
            };
            let (at, available_minor) = (side.balance_at, side.available_minor);
            Some(BankBalance { minor, available_minor, at, gap })
        }
    };
    Ok(Balances { account, range, days, bank })
}

/// The day of the oldest row that counts.
async fn first_row(tx: &mut UserTx, account: &AccountView) -> Result<Option<Date>> {
    let user = tx.user().clone();
    let first: Option<First> = fetch_optional!(
        tx,
        r#"
        select "date" from "transaction"
        where "userId" = $1 and "accountId" = $2 and "deletedAt" is null
          and "status" = 'completed' and "currency" = $3
        order by "date" asc, "id" asc
        limit 1
        "#,
        user,
        &account.id,
        &account.currency,
    )?;
    Ok(first.map(|first| first.date))
}

/// What each day from `first` on brought or took, from the index alone.
async fn movements(tx: &mut UserTx, account: &AccountView, first: Date) -> Result<Vec<DayTotal>> {
    let user = tx.user().clone();
    let movements: Vec<Movement> = fetch_all!(
        tx,
        r#"
        select "date", cast(sum("amountMinor") as bigint) as "minor"
        from "transaction"
        where "userId" = $1 and "accountId" = $2 and "deletedAt" is null
          and "status" = 'completed' and "currency" = $3 and "date" >= $4
        group by "date"
        order by "date"
        "#,
        user,
        &account.id,
        &account.currency,
        first,
    )?;
    Ok(movements.into_iter().map(|Movement { date, minor }| DayTotal { date, minor }).collect())
}

/// What may be behind a gap. Reads every row of the account, and is asked only where there is one.
async fn causes(tx: &mut UserTx, account: &AccountView) -> Result<Vec<GapCause>> {
    let user = tx.user().clone();
    let found: Causes = fetch_one!(
        tx,
        r#"
        with "row" as (
            select t."id", t."amountMinor" as "minor",
                   t."status" = 'pending' as "isPending",
                   t."status" = 'completed' and t."source" <> c."provider" as "isOther",
                   t."status" = 'completed' and exists (
                       select 1 from "duplicate_pair" d
                       where d."userId" = t."userId" and d."otherId" = t."id" and d."state" = 'open') as "isDuplicate"
            from "transaction" t
            join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
            join "connection" c on c."userId" = a."userId" and c."id" = a."connectionId"
            where t."userId" = $1 and t."accountId" = $2 and t."currency" = $3 and t."deletedAt" is null
        )
        select cast(coalesce(sum(case when "isPending" then 1 end), 0) as bigint) as "pending_rows",
               cast(coalesce(sum(case when "isPending" then "minor" end), 0) as bigint) as "pending_minor",
               cast(coalesce(sum(case when "isOther" then 1 end), 0) as bigint) as "other_rows",
               cast(coalesce(sum(case when "isOther" then "minor" end), 0) as bigint) as "other_minor",
               cast(coalesce(sum(case when "isDuplicate" then 1 end), 0) as bigint) as "duplicate_rows",
               cast(coalesce(sum(case when "isDuplicate" then "minor" end), 0) as bigint) as "duplicate_minor"
        from "row"
        "#,
        user,
        &account.id,
        &account.currency,
    )?;
    let all = [
        (GapKind::Pending, found.pending_rows, found.pending_minor),
        (GapKind::NotFromTheBank, found.other_rows, found.other_minor),
        (GapKind::Duplicates, found.duplicate_rows, found.duplicate_minor),
    ];
    let there = all.into_iter().filter(|(_, rows, _)| *rows > 0);
    Ok(there.map(|(kind, rows, minor)| GapCause { kind, rows, minor }).collect())
}

#[cfg(test)]
mod tests {
    use domain::TransactionStatus;
    use time::macros::date;

    use super::*;
    use crate::{
        Error,
        accounts::testing::account_of,
        both_engines,
        testing::World,
        transactions::testing::{Given, give_all},
    };

    both_engines! {
        async fn the_line_ends_today_with_the_balance_and_counts_what_the_balance_counts(db: TestDb) {
            let w = World::new(db).await;
            let id = account_of(&w.backend, &w.alice).await;
            let row = Given { date: date!(2026 - 05 - 03), minor: -450, ..Given::default() };
            let old = Given { date: date!(2025 - 01 - 03), minor: 10_000, ..row };
            let pending = Given { status: TransactionStatus::Pending, minor: -1, ..row };
            let failed = Given { status: TransactionStatus::Failed, minor: -2, ..row };
            let foreign = Given { currency: "EUR", minor: -3, ..row };
            let tomorrow = Given { date: date!(2026 - 05 - 05), minor: -50, ..row };
            give_all(&w.backend, &w.alice, &id, &[old, row, pending, failed, foreign, tomorrow]).await;

            let of = async |range| balances(&w.backend, &w.alice, &id, range).await.unwrap();
            let quarter = of(BalanceRange::Quarter).await;

            assert_eq!(quarter.account.balance_minor, 9_500);
            assert_eq!((quarter.days.len(), quarter.bank), (92, None));
            let ends: Vec<_> = quarter.days.iter().rev().take(3).map(|day| (day.date, day.minor)).collect();
            let today = date!(2026 - 05 - 04);
            assert_eq!(ends, [(today, 9_550), (date!(2026 - 05 - 03), 9_550), (date!(2026 - 05 - 02), 10_000)]);
            let all = of(BalanceRange::All).await.days;
            assert_eq!((all.len(), all[0].minor), (487, 10_000), "every day from the first row on");
            assert_eq!(all.last().map(|day| (day.date, day.minor)), Some((today, 9_550)));
        }

        async fn an_account_without_rows_has_no_line_and_somebody_elses_is_not_found(db: TestDb) {
            let w = World::new(db).await;
            let id = account_of(&w.backend, &w.alice).await;

            let own = balances(&w.backend, &w.alice, &id, BalanceRange::All).await.unwrap();
            let other = balances(&w.backend, &w.mallory, &id, BalanceRange::All).await;

            assert_eq!(own.days, []);
            assert!(matches!(other, Err(Error::NotFound(_))), "{other:?}");
        }
    }
}
