//! The statement of one account and month: what it had, what came and went, what it had then.

use domain::{
    AccountId, AccountView, Currency, Date, Month, TransactionId, TransactionStatus,
    export::{LedgerRow, MonthlyStatement},
};
use serde::{Deserialize, Serialize};

use super::one;
use crate::{Backend, Error, Result, SignedIn, db::UserTx, fetch_all, fetch_one, fetch_optional};

/// The word for a statement that does not add up, in errors.
const STATEMENT: &str = "statement";

/// The statement of a month. Completed rows in the account's own currency count, as in its balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// The account.
    pub account: AccountView,
    /// Opening, in, out, closing, and every row, the oldest first.
    pub sheet: MonthlyStatement,
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: TransactionId,
    date: Date,
    title: String,
    category: String,
    amount_minor: i64,
}

impl Row {
    fn in_currency(self, currency: Currency) -> LedgerRow {
        LedgerRow {
            id: self.id,
            date: self.date,
            title: self.title,
            category: self.category,
            status: TransactionStatus::Completed,
            minor: self.amount_minor,
            currency,
        }
    }
}

#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Balances {
    opening_minor: i64,
    closing_minor: i64,
}

#[derive(sqlx::FromRow)]
struct First {
    date: Date,
}

/// The statement of one of the caller's accounts in a month.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else; [`Error::Corrupt`] when its rows do not lead from the
/// balance before to the balance after.
#[tracing::instrument(name = "accounts.statement", skip_all, fields(user.id = %caller.user()))]
pub async fn statement(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
    month: Month,
) -> Result<Statement> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let account = one(&mut tx, account).await?;
    let balances = balances(&mut tx, &account.id, month).await?;
    let currency = Currency::parse(&account.currency).map_err(|_| Error::Corrupt(STATEMENT))?;
    let rows = rows(&mut tx, &account.id, month).await?;
    let rows = rows.into_iter().map(|row| row.in_currency(currency)).collect();
    MonthlyStatement::new(month, currency, balances.opening_minor, rows)
        .filter(|sheet| sheet.closing_minor == balances.closing_minor)
        .map(|sheet| Statement { account, sheet })
        .ok_or(Error::Corrupt(STATEMENT))
}

/// The months of one of the caller's accounts that have a statement: from its first row to now, the newest first.
///
/// # Errors
/// [`Error::NotFound`] also for an account of somebody else.
#[tracing::instrument(name = "accounts.statements", skip_all, fields(user.id = %caller.user()))]
pub async fn statements(
    backend: &Backend,
    caller: &SignedIn,
    account: &AccountId,
) -> Result<Vec<Month>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    one(&mut tx, account).await?;
    let first: Option<First> = fetch_optional!(
        tx,
        r#"
        select "date" from "transaction"
        where "userId" = $1 and "accountId" = $2 and "deletedAt" is null and "status" <> 'failed'
        order by "date" asc, "id" asc
        limit 1
        "#,
        caller.user(),
        account,
    )?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let first = Month::containing(first.date);
    let now = Month::containing(crate::preferences::today(&mut tx, backend).await?);
    let back = std::iter::successors(Some(now.max(first)), |month| {
        Some(month.previous()).filter(|before| before < month)
    });
    Ok(back.take_while(|month| *month >= first).collect())
}

/// What the account had before and after a month, from the index alone.
async fn balances(tx: &mut UserTx, account: &AccountId, month: Month) -> Result<Balances> {
    let user = tx.user().clone();
    Ok(fetch_one!(
        tx,
        r#"
        select a."openingMinor" + cast(coalesce(sum(case when t."date" < $3 then t."amountMinor" end), 0) as bigint)
                   as "openingMinor",
               a."openingMinor" + cast(coalesce(sum(t."amountMinor"), 0) as bigint) as "closingMinor"
        from "bank_account" a
        left join "transaction" t
          on t."userId" = a."userId" and t."accountId" = a."id" and t."deletedAt" is null
         and t."status" = 'completed' and t."currency" = a."currency" and t."date" <= $4
        where a."userId" = $1 and a."id" = $2
        group by a."id", a."openingMinor"
        "#,
        user,
        account,
        month.first_day(),
        month.last_day(),
    )?)
}

async fn rows(tx: &mut UserTx, account: &AccountId, month: Month) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."id", t."date", coalesce(t."merchant", t."description") as "title", t."category", t."amountMinor"
        from "transaction" t
        join "bank_account" a on a."userId" = t."userId" and a."id" = t."accountId"
        where t."userId" = $1 and t."accountId" = $2 and t."deletedAt" is null and t."status" = 'completed'
          and t."currency" = a."currency" and t."date" between $3 and $4
        order by t."date" asc, t."id" asc
        "#,
        user,
        account,
        month.first_day(),
        month.last_day(),
    )?)
}

#[cfg(test)]
mod tests {
    use domain::TransactionStatus;
    use time::macros::date;

    use super::*;
    use crate::{
        accounts::testing::account_of,
        both_engines,
        testing::World,
        transactions::testing::{Given, give_all},
    };

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    both_engines! {
        async fn a_statement_leads_from_one_balance_to_the_next(db: TestDb) {
            let w = World::new(db).await;
            let account = account_of(&w.backend, &w.alice).await;
            let row = |date: Date, minor: i64| Given { date, minor, ..Given::default() };
            let rows = [
                row(date!(2026 - 03 - 31), 100_000),
                row(date!(2026 - 04 - 01), -2_500),
                row(date!(2026 - 04 - 30), 40_000),
                row(date!(2026 - 05 - 01), -999),
                Given { currency: "EUR", ..row(date!(2026 - 04 - 02), -7_777) },
                Given { status: TransactionStatus::Pending, ..row(date!(2026 - 04 - 03), -8_888) },
                Given { status: TransactionStatus::Failed, ..row(date!(2026 - 04 - 04), -9_999) },
            ];
            give_all(&w.backend, &w.alice, &account, &rows).await;

            let april = statement(&w.backend, &w.alice, &account, month("2026-04")).await.unwrap();
            let may = statement(&w.backend, &w.alice, &account, month("2026-05")).await.unwrap();
            let before = statement(&w.backend, &w.alice, &account, month("2026-01")).await.unwrap();

            let money = |found: &Statement| {
                [found.sheet.opening_minor, found.sheet.in_minor, -found.sheet.out_minor, found.sheet.closing_minor]
            };
            assert_eq!(money(&april), [100_000, 40_000, -2_500, 137_500]);
            assert_eq!(april.sheet.lines.iter().map(|line| line.row.minor).collect::<Vec<_>>(), [-2_500, 40_000]);
            assert_eq!(money(&may), [137_500, 0, -999, 136_501]);
            assert_eq!((money(&before), before.sheet.lines.len()), ([0; 4], 0));
            let balance = crate::accounts::get(&w.backend, &w.alice, &account).await.unwrap().balance_minor;
            assert_eq!(may.sheet.closing_minor, balance);
        }

        async fn months_go_from_the_first_row_to_now(db: TestDb) {
            let w = World::new(db).await;
            let account = account_of(&w.backend, &w.alice).await;
            let none = statements(&w.backend, &w.alice, &account).await.unwrap();
            let row = Given { date: date!(2026 - 02 - 14), ..Given::default() };
            give_all(&w.backend, &w.alice, &account, &[row]).await;

            let months = statements(&w.backend, &w.alice, &account).await.unwrap();

            assert!(none.is_empty());
            assert_eq!(months, ["2026-05", "2026-04", "2026-03", "2026-02"].map(month));
        }

        async fn nobody_reads_a_statement_of_somebody_else(db: TestDb) {
            let w = World::new(db).await;
            let account = account_of(&w.backend, &w.alice).await;

            let one = statement(&w.backend, &w.mallory, &account, month("2026-05")).await;
            let all = statements(&w.backend, &w.mallory, &account).await;

            assert!(matches!(one, Err(Error::NotFound(_))), "{one:?}");
            assert!(matches!(all, Err(Error::NotFound(_))), "{all:?}");
        }
    }
}
