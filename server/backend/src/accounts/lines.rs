//! What every account held over the last weeks, in one statement for all of them.

use std::collections::HashMap;

use domain::{AccountId, AccountView, Date, DayTotal, balance};
use time::Duration;

use super::all;
use crate::{Backend, Result, SignedIn, db::UserTx, fetch_all, preferences};

/// How far back the lines go.
const BACK: Duration = Duration::days(90);

/// The balance of each account at the end of each day, up to today.
pub type Lines = HashMap<AccountId, Vec<DayTotal>>;

/// What a day brought or took in one account.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Movement {
    account_id: AccountId,
    date: Date,
    minor: i64,
}

/// The caller's accounts, as [`list`](super::list) has them, each with its balances of the last 90 days.
#[tracing::instrument(name = "accounts.with_lines", skip_all, fields(user.id = %caller.user()))]
pub async fn with_lines(backend: &Backend, caller: &SignedIn) -> Result<(Vec<AccountView>, Lines)> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let accounts = all(&mut tx).await?;
    if accounts.is_empty() {
        return Ok((accounts, Lines::new()));
    }
    let today = preferences::today(&mut tx, backend).await?;
    let lines = lines(&mut tx, &accounts, today).await?;
    Ok((accounts, lines))
}

/// The lines of these accounts, which are all of the person's that are in use: each is worked out backwards from what
/// the account holds now.
pub(crate) async fn lines(tx: &mut UserTx, accounts: &[AccountView], today: Date) -> Result<Lines> {
    let first = today.checked_sub(BACK).unwrap_or(today);
    let mut moved: HashMap<AccountId, Vec<DayTotal>> = HashMap::new();
    for Movement { account_id, date, minor } in movements(tx, first).await? {
        moved.entry(account_id).or_default().push(DayTotal { date, minor });
    }
    let line = |account: &AccountView| {
        let movements = moved.get(&account.id).map_or(&[][..], Vec::as_slice);
        let days = balance::history(account.balance_minor, movements, first, today);
        (account.id.clone(), days)
    };
    Ok(accounts.iter().map(line).collect())
}

/// What each day from `first` on brought or took in each account in use, of what makes its balance.
async fn movements(tx: &mut UserTx, first: Date) -> Result<Vec<Movement>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."accountId", t."date", cast(sum(t."amountMinor") as bigint) as "minor"
        from "bank_account" a
        join "transaction" t on t."userId" = a."userId" and t."accountId" = a."id"
        where a."userId" = $1 and a."archivedAt" is null and t."deletedAt" is null
          and t."status" = 'completed' and t."currency" = a."currency" and t."date" >= $2
        group by t."accountId", t."date"
        order by t."accountId", t."date"
        "#,
        user,
        first,
    )?)
}

#[cfg(test)]
mod tests {
    use domain::TransactionStatus;
    use time::macros::date;

    use super::*;
    use crate::{
        accounts::{archive, testing::account_of},
        both_engines,
        testing::World,
        transactions::testing::{Given, give_all},
    };

    both_engines! {
        async fn every_account_has_its_line_and_it_ends_with_what_its_rows_left(db: TestDb) {
            let w = World::new(db).await;
            let (one, two) = (account_of(&w.backend, &w.alice).await, account_of(&w.backend, &w.alice).await);
            let row = Given { date: date!(2026 - 05 - 03), minor: -450, ..Given::default() };
            let old = Given { date: date!(2025 - 01 - 03), minor: 10_000, ..row };
            let pending = Given { status: TransactionStatus::Pending, minor: -1, ..row };
            let foreign = Given { currency: "EUR", minor: -3, ..row };
            let tomorrow = Given { date: date!(2026 - 05 - 05), minor: -50, ..row };
            give_all(&w.backend, &w.alice, &one, &[old, row, pending, foreign, tomorrow]).await;
            give_all(&w.backend, &w.alice, &two, &[Given { minor: 700, ..row }]).await;

            let (accounts, lines) = with_lines(&w.backend, &w.alice).await.unwrap();

            assert_eq!((accounts.len(), lines.len()), (2, 2));
            let ends = |id: &AccountId| {
                let days = &lines[id];
                (days.len(), days[0].date, days[0].minor, days[90].date, days[90].minor)
            };
            let (first, today) = (date!(2026 - 02 - 03), date!(2026 - 05 - 04));
            assert_eq!(ends(&one), (91, first, 10_000, today, 9_550));
            assert_eq!(ends(&two), (91, first, 0, today, 700));
        }

        async fn the_lines_cost_the_same_for_one_account_and_for_many(db: TestDb) {
            let w = World::new(db).await;
            let cost = async || {
                let before = w.backend.db.statements_so_far();
                with_lines(&w.backend, &w.alice).await.unwrap();
                w.backend.db.statements_so_far() - before
            };
            account_of(&w.backend, &w.alice).await;
            let of_one = cost().await;
            for _ in 0..4 {
                let id = account_of(&w.backend, &w.alice).await;
                give_all(&w.backend, &w.alice, &id, &[Given::default()]).await;
            }

            assert_eq!((of_one, cost().await), (3, 3), "accounts, the day, the rows of all");
        }

        async fn an_archived_account_and_somebody_elses_have_no_line(db: TestDb) {
            let w = World::new(db).await;
            let id = account_of(&w.backend, &w.alice).await;
            give_all(&w.backend, &w.alice, &id, &[Given::default()]).await;

            let (theirs, lines) = with_lines(&w.backend, &w.mallory).await.unwrap();
            assert!(theirs.is_empty() && lines.is_empty());
            archive(&w.backend, &w.alice, &id).await.unwrap();
            let (hers, lines) = with_lines(&w.backend, &w.alice).await.unwrap();
            assert!(hers.is_empty() && lines.is_empty());
        }
    }
}
