//! Everything the first page after signing in shows, in a handful of statements on one state of the data.

mod figures;
mod order;
mod overview;
mod upcoming;

use std::collections::BTreeMap;

use domain::{
    AccountView, CategoryTotal, CurrencySum, Date, DayTotal, Month, TransactionView, day,
};
use serde::{Deserialize, Serialize};

use crate::{
    Backend, Result, SignedIn,
    accounts::{self, Lines},
    preferences, transactions,
    transactions::SpendingSeries,
};

pub use figures::{Headlines, Left, Pace, Spending, Worth, last_day, over, same_day_before};
pub use order::CurrencyOrder;
pub use overview::{Overview, ToDo, overview};
pub use upcoming::{AtHand, Upcoming, upcoming};

/// How many of the newest transactions are shown.
const RECENT: i64 = 8;

/// What all accounts of one currency hold together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Balance {
    /// ISO 4217.
    pub currency: String,
    /// Minor units.
    pub minor: i64,
    /// How many accounts.
    pub accounts: i64,
}

/// What all accounts of one currency held together, day by day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetWorth {
    /// ISO 4217.
    pub currency: String,
    /// At the end of each of the last 90 days and of today, in minor units.
    pub days: Vec<DayTotal>,
    /// How much more it is today than at the end of the month before today's, in minor units.
    pub change_minor: i64,
}

/// The dashboard of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    /// The month the sums are of.
    pub month: Month,
    /// Today, where the person lives.
    #[serde(with = "day::iso")]
    pub today: Date,
    /// Every account, with its balance.
    pub accounts: Vec<AccountView>,
    /// The balances, added up for each currency.
    pub balances: Vec<Balance>,
    /// What they were in the last 90 days, one entry a currency.
    pub net_worth: Vec<NetWorth>,
    /// The newest transactions, whatever the month.
    pub recent: Vec<TransactionView>,
    /// Spending of the month by category and currency, the largest first.
    pub categories: Vec<CategoryTotal>,
    /// Income and spending of the month, one entry a currency. Transfers are neither.
    pub month_sums: Vec<CurrencySum>,
    /// Spending of the month by day, one series a currency; above zero is spent.
    pub spending: Vec<SpendingSeries>,
    /// The same for the month before.
    pub spending_before: Vec<SpendingSeries>,
}

/// The caller's dashboard for a month; without one, for the month of today where they live.
#[tracing::instrument(name = "dashboard.load", skip_all, fields(user.id = %caller.user()))]
pub async fn load(backend: &Backend, caller: &SignedIn, month: Option<Month>) -> Result<Dashboard> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    let today = preferences::today(&mut tx, backend).await?;
    let month = month.unwrap_or_else(|| Month::containing(today));
    let (first, last) = (month.first_day(), month.last_day());
    let before = month.previous();

    let accounts = accounts::all(&mut tx).await?;
    let lines = match accounts.as_slice() {
        [] => Lines::new(),
        accounts => accounts::lines(&mut tx, accounts, today).await?,
    };
    let recent = transactions::newest(&mut tx, RECENT).await?;
    let period = transactions::period(&mut tx, before.first_day(), last).await?;

    Ok(Dashboard {
        month,
        today,
        balances: balances(&accounts),
        net_worth: net_worth(&accounts, &lines, today),
        accounts,
        recent,
        categories: period.categories(first, last),
        month_sums: period.sums(first, last),
        spending: period.spending(first, last),
        spending_before: period.spending(before.first_day(), before.last_day()),
    })
}

fn balances(accounts: &[AccountView]) -> Vec<Balance> {
    let mut balances: BTreeMap<&str, Balance> = BTreeMap::new();
    for account in accounts {
        let balance = balances.entry(&account.currency).or_insert_with(|| Balance {
            currency: account.currency.clone(),
            minor: 0,
            accounts: 0,
        });
        balance.minor = balance.minor.saturating_add(account.balance_minor);
        balance.accounts += 1;
    }
    balances.into_values().collect()
}

/// The lines of the accounts, added up for each currency.
fn net_worth(accounts: &[AccountView], lines: &Lines, today: Date) -> Vec<NetWorth> {
    let mut sums: BTreeMap<&str, BTreeMap<Date, i64>> = BTreeMap::new();
    for account in accounts {
        let sum = sums.entry(&account.currency).or_default();
        for day in lines.get(&account.id).into_iter().flatten() {
            let total = sum.entry(day.date).or_default();
            *total = total.saturating_add(day.minor);
        }
    }
    let month = Month::containing(today).first_day();
    sums.into_iter()
        .map(|(currency, days)| {
            let now = days.last_key_value().map_or(0, |(_, minor)| *minor);
            let before = days.range(..month).next_back().map_or(0, |(_, minor)| *minor);
            NetWorth {
                currency: currency.to_owned(),
                days: days.into_iter().map(|(date, minor)| DayTotal { date, minor }).collect(),
                change_minor: now.saturating_sub(before),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::{
        accounts::testing::{account_of, by_hand},
        both_engines,
        preferences::Preferences,
        testing::World,
        transactions::testing::{Given, give, give_all},
    };

    async fn spend(w: &World) {
        let id = account_of(&w.backend, &w.alice).await;
        let coffee = Given::default();
        let given = [
            coffee,
            Given {
                date: date!(2026 - 05 - 02),
                minor: -1_000,
                category: "food.groceries",
                ..coffee
            },
            Given { date: date!(2026 - 05 - 02), minor: 200, category: "food.groceries", ..coffee },
            Given {
                date: date!(2026 - 05 - 01),
                minor: 300_000,
                category: "income.salary",
                ..coffee
            },
            Given {
                date: date!(2026 - 05 - 03),
                minor: 5_000,
                category: "uncategorized",
                ..coffee
            },
            Given {
                date: date!(2026 - 05 - 03),
                minor: -70_000,
                category: "transfer.savings",
                ..coffee
            },
            Given { date: date!(2026 - 05 - 03), minor: -50_000, transfer: true, ..coffee },
            Given { date: date!(2026 - 05 - 03), minor: -9, currency: "EUR", ..coffee },
            Given { minor: -999, status: domain::TransactionStatus::Failed, ..coffee },
            Given { date: date!(2026 - 04 - 30), minor: -777, ..coffee },
            Given { date: date!(2026 - 03 - 31), minor: -888, ..coffee },
        ];
        give_all(&w.backend, &w.alice, &id, &given).await;
    }

    both_engines! {
        async fn the_month_adds_up_without_transfers_income_and_failed_rows(db: TestDb) {
            let w = World::new(db).await;
            spend(&w).await;

            let d = load(&w.backend, &w.alice, None).await.unwrap();

            assert_eq!(d.month.to_string(), "2026-05");
            let totals: Vec<_> = d.categories.iter().map(|c| (&*c.category, &*c.currency, c.minor, c.count)).collect();
            assert_eq!(totals, [("food.coffee", "EUR", -9, 1), ("food.groceries", "USD", -800, 2), ("food.coffee", "USD", -450, 1)]);
            let sums: Vec<_> = d.month_sums.iter().map(|s| (&*s.currency, s.in_minor, s.out_minor)).collect();
            assert_eq!(sums, [("EUR", 0, -9), ("USD", 305_000, -1_250)]);
        }

        async fn spending_has_every_day_of_this_month_and_the_last(db: TestDb) {
            let w = World::new(db).await;
            spend(&w).await;

            let d = load(&w.backend, &w.alice, None).await.unwrap();

            let usd = d.spending.iter().find(|s| s.currency == "USD").unwrap();
            assert_eq!(usd.days.len(), 31);
            assert_eq!((usd.days[1].minor, usd.days[2].minor, usd.days[3].minor), (800, 0, 450));
            let before = d.spending_before.iter().find(|s| s.currency == "USD").unwrap();
            assert_eq!((before.days.len(), before.days[29].minor), (30, 777));
        }

        async fn the_month_is_the_one_where_somebody_lives(db: TestDb) {
            let w = World::new(db).await;
            spend(&w).await;
            let zone = "America/New_York".to_owned();
            preferences::set(&w.backend, &w.alice, &Preferences { zone, ..Preferences::default() }).await.unwrap();
            // From noon of 4 May to half past three of 1 June in Greenwich: half past eleven of 31 May in New York.
            w.backend.clock.advance(std::time::Duration::from_mins(27 * 24 * 60 + 15 * 60 + 30));

            let (hers, theirs) = (load(&w.backend, &w.alice, None).await.unwrap(), load(&w.backend, &w.mallory, None).await.unwrap());

            assert_eq!((hers.today, hers.month.to_string()), (date!(2026 - 05 - 31), "2026-05".to_owned()));
            assert_eq!(hers.month_sums.iter().find(|sum| sum.currency == "USD").unwrap().out_minor, -1_250);
            assert_eq!((theirs.today, theirs.month.to_string()), (date!(2026 - 06 - 01), "2026-06".to_owned()));
        }

        async fn balances_are_kept_apart_by_currency(db: TestDb) {
            let w = World::new(db).await;
            for (name, currency, minor) in [("A", "USD", 100), ("B", "USD", 23), ("C", "EUR", 7)] {
                let id = accounts::create(&w.backend, &w.alice, by_hand(name, currency), None).await.unwrap().value.id;
                give(&w.backend, &w.alice, &id, Given { minor, currency, ..Given::default() }).await;
            }

            let d = load(&w.backend, &w.alice, None).await.unwrap();

            let balances: Vec<_> = d.balances.iter().map(|b| (&*b.currency, b.minor, b.accounts)).collect();
            assert_eq!(balances, [("EUR", 7, 1), ("USD", 123, 2)]);
        }

        async fn net_worth_has_a_line_and_the_change_of_this_month(db: TestDb) {
            let w = World::new(db).await;
            for (name, currency) in [("A", "USD"), ("B", "USD"), ("C", "EUR")] {
                let id = accounts::create(&w.backend, &w.alice, by_hand(name, currency), None).await.unwrap().value.id;
                let may = Given { date: date!(2026 - 05 - 02), minor: -30, currency, ..Given::default() };
                let april = Given { date: date!(2026 - 04 - 30), minor: 1_000, ..may };
                let january = Given { date: date!(2026 - 01 - 01), minor: 5_000, ..may };
                give_all(&w.backend, &w.alice, &id, &[january, april, may]).await;
            }

            let d = load(&w.backend, &w.alice, "2026-03".parse().ok()).await.unwrap();

            let shape = |worth: &NetWorth| {
                let (first, last) = (&worth.days[0], &worth.days[90]);
                (worth.currency.clone(), first.minor, last.minor, last.date, worth.change_minor)
            };
            let today = date!(2026 - 05 - 04);
            assert_eq!(d.net_worth.iter().map(shape).collect::<Vec<_>>(), [
                ("EUR".to_owned(), 5_000, 5_970, today, -30),
                ("USD".to_owned(), 10_000, 11_940, today, -60),
            ]);
        }

        async fn the_newest_eight_are_shown_and_another_month_can_be_asked_for(db: TestDb) {
            let w = World::new(db).await;
            let id = account_of(&w.backend, &w.alice).await;
            give_all(&w.backend, &w.alice, &id, &[Given { date: date!(2026 - 03 - 05), ..Given::default() }; 60]).await;

            let d = load(&w.backend, &w.alice, "2026-03".parse().ok()).await.unwrap();

            assert_eq!(d.recent.len(), 8);
            assert_eq!(d.categories[0].minor, -450 * 60);
        }

        async fn mallorys_dashboard_is_empty(db: TestDb) {
            let w = World::new(db).await;
            spend(&w).await;

            let d = load(&w.backend, &w.mallory, None).await.unwrap();

            assert!(d.accounts.is_empty() && d.balances.is_empty() && d.recent.is_empty());
            assert!(d.net_worth.is_empty());
            assert!(d.categories.is_empty() && d.month_sums.is_empty());
            assert!(d.spending.is_empty() && d.spending_before.is_empty());
        }
    }
}
