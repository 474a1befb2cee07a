//! Spending: by category, and by day.
//!
//! Transfers between own accounts are not spending, nor is income, nor what failed. A refund in a category of
//! spending lowers it. Money that comes in without a category is nobody's refund, so it is income. Of a row that was
//! split its parts count; what its owner left out does not.

use std::collections::BTreeMap;

use domain::{CategoryTotal, CurrencySum, Date, DayTotal, Month};
use serde::{Deserialize, Serialize};

use crate::{Backend, Result, SignedIn, db::UserTx, fetch_all};

/// Spending in one currency, day by day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpendingSeries {
    /// ISO 4217.
    pub currency: String,
    /// Each day of the period, in order; minor units, above zero is spent.
    pub days: Vec<DayTotal>,
}

/// The sum of one category on one day in one currency.
#[derive(sqlx::FromRow)]
struct Row {
    date: Date,
    category: String,
    currency: String,
    income: bool,
    minor: i64,
    rows: i64,
}

/// What happened between two days, both included.
#[derive(Default)]
pub struct Period {
    rows: Vec<Row>,
}

impl Period {
    /// Spending by category and currency between two days, the largest first.
    pub fn categories(&self, from: Date, to: Date) -> Vec<CategoryTotal> {
        let mut totals: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
        for row in self.between(from, to).filter(|row| !row.income) {
            let total = totals.entry((&row.category, &row.currency)).or_default();
            total.0 = total.0.saturating_add(row.minor);
            total.1 += row.rows;
        }
        let mut totals: Vec<CategoryTotal> = totals
            .into_iter()
            .map(|((category, currency), (minor, count))| {
                let (category, currency) = (category.to_owned(), currency.to_owned());
                CategoryTotal { category, currency, minor, count }
            })
            .collect();
        totals.sort_by(|a, b| (&a.currency, a.minor).cmp(&(&b.currency, b.minor)));
        totals
    }

    /// Income and spending between two days, one entry a currency.
    pub fn sums(&self, from: Date, to: Date) -> Vec<CurrencySum> {
        let mut sums: BTreeMap<&str, CurrencySum> = BTreeMap::new();
        for row in self.between(from, to) {
            let sum = sums.entry(&row.currency).or_insert_with(|| CurrencySum {
                currency: row.currency.clone(),
                in_minor: 0,
                out_minor: 0,
            });
            let side = if row.income { &mut sum.in_minor } else { &mut sum.out_minor };
            *side = side.saturating_add(row.minor);
        }
        sums.into_values().collect()
    }

    /// Spending day by day, one series a currency; days without any are there with zero.
    pub fn spending(&self, from: Date, to: Date) -> Vec<SpendingSeries> {
        let mut by_currency: BTreeMap<&str, BTreeMap<Date, i64>> = BTreeMap::new();
        for row in self.between(from, to).filter(|row| !row.income) {
            let day = by_currency.entry(&row.currency).or_default().entry(row.date).or_default();
            *day = day.saturating_sub(row.minor);
        }
        by_currency
            .into_iter()
            .map(|(currency, spent)| SpendingSeries {
                currency: currency.to_owned(),
                days: days(from, to)
                    .map(|date| DayTotal { date, minor: spent.get(&date).copied().unwrap_or(0) })
                    .collect(),
            })
            .collect()
    }

    /// What was spent on a category, with all of its leaves, between two days: minor units, above zero is out. What came
    /// back lowers it.
    pub fn spent(&self, category: &str, currency: &str, from: Date, to: Date) -> i64 {
        let is_leaf = |key: &str| {
            key.strip_prefix(category).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.between(from, to)
            .filter(|row| row.currency == currency && is_leaf(&row.category))
            .fold(0, |spent: i64, row| spent.saturating_sub(row.minor))
    }

    fn between(&self, from: Date, to: Date) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| (from..=to).contains(&row.date))
    }
}

fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| day.next_day()).take_while(move |day| *day <= to)
}

/// Spending of one month by category and currency, the largest first.
#[tracing::instrument(name = "transactions.month_totals", skip_all, fields(user.id = %caller.user()))]
pub async fn month_totals(
    backend: &Backend,
    caller: &SignedIn,
    month: Month,
) -> Result<Vec<CategoryTotal>> {
    let (from, to) = (month.first_day(), month.last_day());
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    Ok(period(&mut tx, from, to).await?.categories(from, to))
}

/// Spending day by day between two days, one series a currency.
#[tracing::instrument(name = "transactions.spending", skip_all, fields(user.id = %caller.user()))]
pub async fn spending(
    backend: &Backend,
    caller: &SignedIn,
    from: Date,
    to: Date,
) -> Result<Vec<SpendingSeries>> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    Ok(period(&mut tx, from, to).await?.spending(from, to))
}

/// What the person of this transaction spent and earned between two days.
pub(crate) async fn period(tx: &mut UserTx, from: Date, to: Date) -> Result<Period> {
    let mut rows = whole(tx, from, to).await?;
    rows.extend(parts(tx, from, to).await?);
    Ok(Period { rows })
}

/// Rows that were not split.
async fn whole(tx: &mut UserTx, from: Date, to: Date) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."date", t."category", t."currency",
               t."category" = 'income' or t."category" like 'income.%'
                   or (t."category" = 'uncategorized' and t."amountMinor" > 0) as "income",
               cast(sum(t."amountMinor") as bigint) as "minor", count(*) as "rows"
        from "transaction" t
        where t."userId" = $1 and t."deletedAt" is null and t."date" between $2 and $3
          and t."status" <> 'failed' and t."type" <> 'transfer' and not t."excluded" and not t."hasParts"
          and t."category" <> 'transfer' and t."category" not like 'transfer.%'
        group by 1, 2, 3, 4
        "#,
        user,
        from,
        to,
    )?)
}

/// The parts of rows that were. There are few of them, so they are looked at first.
async fn parts(tx: &mut UserTx, from: Date, to: Date) -> Result<Vec<Row>> {
    let user = tx.user().clone();
    Ok(fetch_all!(
        tx,
        r#"
        select t."date", p."category", t."currency",
               p."category" = 'income' or p."category" like 'income.%'
                   or (p."category" = 'uncategorized' and p."amountMinor" > 0) as "income",
               cast(sum(p."amountMinor") as bigint) as "minor", count(*) as "rows"
        from "transaction_part" p
        join "transaction" t on t."userId" = p."userId" and t."id" = p."transactionId"
        where p."userId" = $1 and t."deletedAt" is null and t."date" between $2 and $3
          and t."status" <> 'failed' and t."type" <> 'transfer' and not t."excluded"
          and p."category" <> 'transfer' and p."category" not like 'transfer.%'
        group by 1, 2, 3, 4
        "#,
        user,
        from,
        to,
    )?)
}
