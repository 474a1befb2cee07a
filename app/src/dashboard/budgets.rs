//! What the dashboard draws of budgets: the straight line of their pace.

use domain::{
    Currency, Date, DayTotal, Money, Month,
    budget::{BudgetView, wholes},
};

use crate::ui::{AmountText, Guide};

/// The even pace of the budgets whose window is this month, in one currency; nothing where there is none. A budget inside
/// a group that has one too is part of it.
pub fn pace(budgets: &[BudgetView], currency: Currency, month: Month) -> Option<Guide> {
    let of_month = wholes(budgets)
        .filter(|budget| budget.currency == currency.code())
        .filter(|budget| budget.window.from == month.first_day())
        .filter(|budget| budget.window.to == month.last_day());
    let total =
        of_month.fold(0_i64, |sum, budget| sum.saturating_add(budget.window.available_minor));
    (total > 0).then(|| Guide {
        label: format!("Budgets, {} this month", Money::new(total, currency).shown()),
        points: straight(total, month),
    })
}

/// From the share of the first day to all of it on the last.
fn straight(total: i64, month: Month) -> Vec<DayTotal> {
    let all = i128::from(month.last_day().day());
    let share = |day: Date| {
        let minor = i128::from(total) * i128::from(day.day()) / all;
        DayTotal { date: day, minor: i64::try_from(minor).unwrap_or(total) }
    };
    std::iter::successors(Some(month.first_day()), |day| day.next_day())
        .take_while(|day| *day <= month.last_day())
        .map(share)
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::{
        BudgetId,
        budget::{Alerts, BudgetWindow, Period, Rollover, State},
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

    fn june() -> Month {
        "2026-06".parse().unwrap()
    }

    #[test]
    fn the_pace_is_that_of_the_budgets_of_this_month_and_groups_count_once() {
        let mut weekly = budget("bills", "USD", 9_999, 0);
        weekly.window.to = date!(2026 - 06 - 07);
        let budgets = [
            budget("food", "USD", 30_000, 0),
            budget("food.coffee", "USD", 5_000, 0),
            budget("foodie", "USD", 3_000, 0),
            budget("travel", "EUR", 700, 0),
            weekly,
        ];

        let guide = pace(&budgets, Currency::USD, june()).unwrap();

        assert_eq!(guide.label, "Budgets, $330.00 this month");
        let minors: Vec<i64> = guide.points.iter().map(|day| day.minor).collect();
        assert_eq!((minors.len(), minors[0], minors[9], minors[29]), (30, 1_100, 11_000, 33_000));
        assert_eq!(pace(&budgets, Currency::USD, "2026-05".parse().unwrap()), None);
        assert_eq!(pace(&[], Currency::USD, june()), None);
    }
}
