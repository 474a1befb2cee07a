//! The figures of the dashboard: one calculation for the page and for programs.

use domain::{
    AccountView, Currency, Date, DayTotal, Money, Month,
    budget::{BudgetView, State, wholes},
};

use super::{CurrencyOrder, Dashboard, NetWorth};
use crate::transactions::SpendingSeries;

/// What there is in one currency, and how it became that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth {
    /// What the transactions of all accounts come to.
    pub money: Money,
    /// The total of the accounts as they are shown, where that is something else: banks have the last word there.
    pub held: Option<Money>,
    /// Its last 90 days and what this month changed; none without a history.
    pub history: Option<NetWorth>,
}

/// What was spent in a month, and in the month before up to the same day. Both zero or above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// This month.
    pub now: Money,
    /// The month before, up to the same day.
    pub before: Money,
}

/// What is left of what is available in one currency, of all budgets together: the sum on the page of budgets. A budget
/// inside a group that has one too is part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Below zero is over.
    pub left: Money,
    /// With what the window before handed on.
    pub available: Money,
}

/// The figures of a month, one entry for each currency, never added across.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headlines {
    /// The sum of all balances.
    pub net_worth: Vec<Worth>,
    /// What was spent.
    pub spent: Vec<Pace>,
    /// What is left in the budgets of today; none where no budget lives, or of another month.
    pub left: Vec<Left>,
    /// What came in.
    pub came_in: Vec<Money>,
}

impl Headlines {
    /// The figures of a dashboard and of the budgets of today, in the order of the currencies.
    pub fn of(dashboard: &Dashboard, spending: &[Spending], budgets: &[BudgetView]) -> Self {
        let accounts = &dashboard.accounts;
        let order = CurrencyOrder::of(accounts);
        let mut came_in: Vec<Money> = dashboard
            .month_sums
            .iter()
            .filter_map(|sum| money(&sum.currency, sum.in_minor))
            .collect();
        order.sort(&mut came_in, |money| money.currency.code());
        // The budgets are those of today.
        let budgets = if dashboard.month.contains(dashboard.today) { budgets } else { &[] };
        Self {
            net_worth: worth(dashboard, &order),
            spent: spent(spending, accounts),
            left: left(budgets, &order),
            came_in: if came_in.is_empty() { zero(accounts) } else { came_in },
        }
    }
}

/// What there is in each currency, with its history.
fn worth(dashboard: &Dashboard, order: &CurrencyOrder) -> Vec<Worth> {
    let Dashboard { balances, net_worth, accounts, .. } = dashboard;
    let mut worth: Vec<Worth> = balances
        .iter()
        .filter_map(|balance| {
            let history = net_worth.iter().find(|worth| worth.currency == balance.currency);
            let money = money(&balance.currency, balance.minor)?;
            let held = held(accounts, money.currency).filter(|held| *held != money);
            Some(Worth { money, held, history: history.cloned() })
        })
        .collect();
    order.sort(&mut worth, |worth| worth.money.currency.code());
    worth
}

/// The total of the accounts of a currency as they are shown.
fn held(accounts: &[AccountView], currency: Currency) -> Option<Money> {
    let of_currency = accounts.iter().filter(|account| account.currency == currency.code());
    let zero = Money::new(0, currency);
    of_currency.filter_map(AccountView::held).try_fold(zero, Money::checked_add)
}

/// What was spent in each currency; zero in the first account's when nothing was.
fn spent(spending: &[Spending], accounts: &[AccountView]) -> Vec<Pace> {
    if spending.is_empty() {
        return zero(accounts).into_iter().map(|zero| Pace { now: zero, before: zero }).collect();
    }
    spending.iter().map(|entry| entry.pace).collect()
}

/// Nothing, in the currency of the first account.
fn zero(accounts: &[AccountView]) -> Vec<Money> {
    accounts.first().and_then(|account| money(&account.currency, 0)).into_iter().collect()
}

fn money(code: &str, minor: i64) -> Option<Money> {
    Some(Money::new(minor, Currency::parse(code).ok()?))
}

/// What is left in each currency.
fn left(budgets: &[BudgetView], order: &CurrencyOrder) -> Vec<Left> {
    let mut sums: Vec<Left> = Vec::new();
    for budget in wholes(budgets) {
        let Ok(currency) = Currency::parse(&budget.currency) else { continue };
        let own = Left {
            left: Money::new(budget.window.remaining_minor, currency),
            available: Money::new(budget.window.available_minor, currency),
        };
        match sums.iter_mut().find(|sum| sum.left.currency == currency) {
            Some(sum) => *sum = sum.plus(own),
            None => sums.push(own),
        }
    }
    order.sort(&mut sums, |sum| sum.left.currency.code());
    sums
}

impl Left {
    /// Both are of one currency.
    fn plus(self, other: Self) -> Self {
        let add = |one: Money, two: Money| one.checked_add(two).unwrap_or(one);
        Self { left: add(self.left, other.left), available: add(self.available, other.available) }
    }
}

/// The budgets that are over.
pub fn over(budgets: &[BudgetView]) -> impl Iterator<Item = &BudgetView> {
    budgets.iter().filter(|budget| budget.window.state == State::Over)
}

/// The last day that counts: today in this month, the last day of another.
pub fn last_day(month: Month, today: Date) -> Date {
    if month.contains(today) { today } else { month.last_day() }
}

/// The same day of the month before, or its last.
pub fn same_day_before(month: Month, today: Date) -> Date {
    let before = month.previous();
    if !month.contains(today) {
        return before.last_day();
    }
    before.first_day().replace_day(today.day()).unwrap_or_else(|_| before.last_day())
}

/// The spending of one currency in a month and in the month before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    /// The currency.
    pub currency: Currency,
    /// Each day of this month up to the last that counts, added up.
    pub now: Vec<DayTotal>,
    /// Each day of the month before, added up.
    pub before: Vec<DayTotal>,
    /// The two figures to compare.
    pub pace: Pace,
}

impl Spending {
    /// What a dashboard says, one entry for each currency that either month has, in their order.
    pub fn of(dashboard: &Dashboard) -> Vec<Self> {
        let Dashboard { month, today, spending, spending_before, .. } = dashboard;
        let mut spending = Self::by_currency(spending, spending_before, *month, *today);
        CurrencyOrder::of(&dashboard.accounts).sort(&mut spending, |entry| entry.currency.code());
        spending
    }

    fn by_currency(
        now: &[SpendingSeries],
        before: &[SpendingSeries],
        month: Month,
        today: Date,
    ) -> Vec<Self> {
        let mut codes: Vec<&str> = now.iter().map(|series| series.currency.as_str()).collect();
        for series in before {
            if !codes.contains(&series.currency.as_str()) {
                codes.push(&series.currency);
            }
        }
        codes
            .into_iter()
            .filter_map(|code| {
                let currency = Currency::parse(code).ok()?;
                Some(Self::new(currency, days_of(now, code), days_of(before, code), month, today))
            })
            .collect()
    }

    fn new(
        currency: Currency,
        now: &[DayTotal],
        before: &[DayTotal],
        month: Month,
        today: Date,
    ) -> Self {
        let now = added_up(now, last_day(month, today));
        let before = added_up(before, month.previous().last_day());
        let then = same_day_before(month, today);
        let pace = Pace {
            now: Money::new(now.last().map_or(0, |day| day.minor), currency),
            before: Money::new(
                before.iter().rfind(|day| day.date <= then).map_or(0, |day| day.minor),
                currency,
            ),
        };
        Self { currency, now, before, pace }
    }
}

fn days_of<'s>(series: &'s [SpendingSeries], code: &str) -> &'s [DayTotal] {
    series.iter().find(|series| series.currency == code).map_or(&[], |series| &series.days)
}

/// The running total of the days, up to and with `last`.
fn added_up(days: &[DayTotal], last: Date) -> Vec<DayTotal> {
    let until = days.iter().filter(|day| day.date <= last);
    until
        .scan(0_i64, |sum, day| {
            *sum = sum.saturating_add(day.minor);
            Some(DayTotal { date: day.date, minor: *sum })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::{
        BudgetId,
        budget::{Alerts, BudgetWindow, Period, Rollover},
    };
    use time::macros::date;

    use super::*;

    fn budget(category: &str, currency: &str, available_minor: i64, spent: i64) -> BudgetView {
        BudgetView {
            id: BudgetId::new(category),
            category: category.to_owned(),
            currency: currency.to_owned(),
            period: Period::Monthly,
            start_date: date!(2026 - 06 - 01),
            end_date: None,
            rollover: Rollover::None,
            cap_minor: None,
            prorate: false,
            alerts: Alerts::default(),
            amount_minor: available_minor,
            window: BudgetWindow {
                from: date!(2026 - 06 - 01),
                to: date!(2026 - 06 - 30),
                limit_minor: available_minor,
                carry_minor: 0,
                carried_from: None,
                available_minor,
                spent_minor: spent,
                remaining_minor: available_minor - spent,
                state: State::Fine,
                ahead_of_pace: false,
                left_per_day_minor: None,
            },
        }
    }

    #[test]
    fn what_is_left_is_added_up_for_each_currency() {
        let budgets = [
            budget("food", "USD", 10_000, 4_000),
            budget("food.coffee", "USD", 3_000, 500),
            budget("travel", "USD", 5_000, 6_000),
            budget("shopping", "EUR", 700, 0),
        ];

        let left = left(&budgets, &CurrencyOrder::of(&[]));

        let minors: Vec<_> = left
            .iter()
            .map(|sum| (sum.left.currency.code(), sum.left.minor, sum.available.minor))
            .collect();
        assert_eq!(minors, [("USD", 5_000, 15_000), ("EUR", 700, 700)]);
    }

    #[test]
    fn a_day_the_shorter_month_lacks_is_its_last() {
        let march = "2026-03".parse().unwrap();
        assert_eq!(same_day_before(march, date!(2026 - 03 - 31)), date!(2026 - 02 - 28));
    }

    fn series(currency: &str, days: &[(Date, i64)]) -> SpendingSeries {
        let days =
            days.iter().map(|(date, minor)| DayTotal { date: *date, minor: *minor }).collect();
        SpendingSeries { currency: currency.to_owned(), days }
    }

    #[test]
    fn days_add_up_and_stop_at_today() {
        let now = [series(
            "USD",
            &[
                (date!(2026 - 06 - 01), 100),
                (date!(2026 - 06 - 02), 50),
                (date!(2026 - 06 - 03), 0),
            ],
        )];
        let before = [series("USD", &[(date!(2026 - 05 - 01), 70), (date!(2026 - 05 - 31), 30)])];

        let spending =
            Spending::by_currency(&now, &before, "2026-06".parse().unwrap(), date!(2026 - 06 - 02));

        let [dollars] = spending.as_slice() else { panic!("one currency") };
        let minors = |days: &[DayTotal]| days.iter().map(|day| day.minor).collect::<Vec<_>>();
        assert_eq!(minors(&dollars.now), [100, 150]);
        assert_eq!(minors(&dollars.before), [70, 100]);
        assert_eq!((dollars.pace.now.minor, dollars.pace.before.minor), (150, 70));
    }

    #[test]
    fn a_currency_of_last_month_alone_is_shown_too() {
        let before = [series("EUR", &[(date!(2026 - 05 - 01), 70)])];

        let spending =
            Spending::by_currency(&[], &before, "2026-06".parse().unwrap(), date!(2026 - 06 - 02));

        assert_eq!(spending.len(), 1);
        assert_eq!(spending[0].pace.now.minor, 0);
    }
}
