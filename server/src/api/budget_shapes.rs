//! What goes into and comes out of `/api/budgets`.

use backend::budgets;
use domain::{
    budget::{self, BudgetChange, BudgetForm, BudgetView, BudgetWindow, NO_ALERTS},
    day,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{body::present, list::List};

/// Which windows are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the query is read by hand")]
pub(super) struct BudgetsQuery {
    /// A day, `2026-05-04`: each budget is told in the window that it lies in. Today without it.
    day: Option<String>,
    /// From 1.
    #[param(required = false, minimum = 1, default = 1)]
    page: i64,
    /// 1 to 200.
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: i64,
}

/// One page of budgets, and what none of them counts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Budgets {
    #[serde(flatten)]
    pub list: List<Budget>,
    /// Spending of the day's month that no budget of the whole list counts, the largest first.
    pub unbudgeted: Vec<Unbudgeted>,
}

/// Spending that no budget counts, in minor units.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UnbudgetedCategory)]
pub(super) struct Unbudgeted {
    /// The key of the category.
    #[schema(example = "food.coffee")]
    category: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Spent in the month.
    spent_minor: i64,
    /// What a monthly budget might be worth: the median of the six months before.
    suggested_minor: i64,
}

impl From<budgets::Unbudgeted> for Unbudgeted {
    fn from(found: budgets::Unbudgeted) -> Self {
        Self {
            category: found.category,
            currency: found.currency,
            spent_minor: found.spent_minor,
            suggested_minor: found.suggested_minor,
        }
    }
}

/// A budget as its owner sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Budget {
    /// Its id.
    id: String,
    /// The key of its category: a group counts all of its leaves.
    #[schema(example = "food.groceries")]
    category: String,
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// `weekly`, `monthly` or `yearly`.
    period: &'static str,
    /// What a whole window is worth, in minor units.
    amount_minor: i64,
    /// The first day that counts.
    start_date: String,
    /// The last day that counts.
    end_date: Option<String>,
    /// `none`, `surplus` or `full`: what the next window gets.
    rollover: &'static str,
    /// The most it gets, in minor units.
    cap_minor: Option<i64>,
    /// Whether a window that was cut short is worth its share alone.
    prorate: bool,
    /// At how many percent of what is available its owner is mailed, once each in every window; the lowest first, empty
    /// for never.
    #[schema(example = json!([80, 100]))]
    alert_percents: Vec<i64>,
    /// How it stands.
    window: Window,
}

/// How a budget stands in one window, in minor units.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BudgetWindow)]
pub(super) struct Window {
    /// The first day.
    #[schema(example = "2026-05-01")]
    from: String,
    /// The last day.
    #[schema(example = "2026-05-31")]
    to: String,
    /// What it is worth itself.
    limit_minor: i64,
    /// What the window before handed on; below zero where that went over.
    carry_minor: i64,
    /// The days of that window; null where it handed on nothing.
    carried_from: Option<Days>,
    /// Both together: what may be spent.
    available_minor: i64,
    /// Spent, less what came back.
    spent_minor: i64,
    /// Left; below zero is over.
    remaining_minor: i64,
    /// `fine`, `near` from 80 percent on, or `over`.
    state: &'static str,
    /// Whether more is spent than evenly by today; only in the window of today, while it is `fine`.
    ahead_of_pace: bool,
    /// What is left for each day, today included; null when nothing is, and in other windows than today's.
    left_per_day_minor: Option<i64>,
}

/// Days from the first to the last.
#[derive(Serialize, ToSchema)]
#[schema(as = BudgetDays)]
pub(super) struct Days {
    /// The first day.
    #[schema(example = "2026-04-01")]
    from: String,
    /// The last day.
    #[schema(example = "2026-04-30")]
    to: String,
}

impl From<budget::Window> for Days {
    fn from(days: budget::Window) -> Self {
        Self { from: day::format_iso(days.from), to: day::format_iso(days.to) }
    }
}

impl From<BudgetWindow> for Window {
    fn from(window: BudgetWindow) -> Self {
        Self {
            from: day::format_iso(window.from),
            to: day::format_iso(window.to),
            limit_minor: window.limit_minor,
            carry_minor: window.carry_minor,
            carried_from: window.carried_from.map(Into::into),
            available_minor: window.available_minor,
            spent_minor: window.spent_minor,
            remaining_minor: window.remaining_minor,
            state: window.state.as_str(),
            ahead_of_pace: window.ahead_of_pace,
            left_per_day_minor: window.left_per_day_minor,
        }
    }
}

impl From<BudgetView> for Budget {
    fn from(budget: BudgetView) -> Self {
        Self {
            id: budget.id.into_string(),
            category: budget.category,
            currency: budget.currency,
            period: budget.period.as_str(),
            amount_minor: budget.amount_minor,
            start_date: day::format_iso(budget.start_date),
            end_date: budget.end_date.map(day::format_iso),
            rollover: budget.rollover.as_str(),
            cap_minor: budget.cap_minor,
            prorate: budget.prorate,
            alert_percents: budget.alerts.into(),
            window: budget.window.into(),
        }
    }
}

/// A budget to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewBudget {
    /// The key of a group or a leaf.
    #[serde(default)]
    #[schema(example = "food", required = true)]
    category: String,
    /// As a person writes it, in the currency's own decimals.
    #[serde(default)]
    #[schema(example = "500.00", required = true)]
    amount: String,
    /// ISO 4217; that of most of your accounts without it.
    #[serde(default)]
    currency: String,
    /// `weekly`, `monthly` (without it) or `yearly`.
    #[serde(default)]
    period: String,
    /// The first day that counts; today without it.
    #[serde(default)]
    start_date: String,
    /// Whether it counts from the start of the period of that day; it does without it. `false`: from the day itself.
    #[serde(default)]
    from_start: Option<bool>,
    /// The last day that counts.
    #[serde(default)]
    end_date: String,
    /// `none` (without it), `surplus` or `full`.
    #[serde(default)]
    rollover: String,
    /// The most that is carried over.
    #[serde(default)]
    cap: String,
    /// Whether a window that is cut short is worth its share alone.
    #[serde(default)]
    prorate: bool,
    /// At how many percent of what is available you are mailed: up to four from 50 to 100, an empty list for never; 80
    /// and 100 without it.
    #[serde(default)]
    #[schema(example = json!([80, 100]))]
    alert_percents: Option<Vec<i64>>,
}

/// The percentages as a form has them.
fn percents(list: &[i64]) -> String {
    if list.is_empty() {
        return NO_ALERTS.to_owned();
    }
    list.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

impl From<NewBudget> for BudgetForm {
    fn from(new: NewBudget) -> Self {
        Self {
            category: new.category,
            amount: new.amount,
            currency: new.currency,
            period: new.period,
            start_date: new.start_date,
            from_start: new.from_start.unwrap_or(true),
            end_date: new.end_date,
            rollover: new.rollover,
            cap: new.cap,
            prorate: new.prorate,
            alert_percents: new.alert_percents.as_deref().map(percents).unwrap_or_default(),
            alert_own: String::new(),
        }
    }
}

/// What is to be different. What is left out stays; so do category, currency, period and start.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangedBudget {
    /// As a person writes it, in the currency's own decimals. It holds from the current window on.
    #[serde(default)]
    #[schema(example = "500.00")]
    amount: Option<String>,
    /// The amount holds for past windows too: there are no other amounts any more.
    #[serde(default)]
    also_past: bool,
    /// The last day that counts; null for none.
    #[serde(default, deserialize_with = "present")]
    end_date: Option<String>,
    /// `none`, `surplus` or `full`.
    #[serde(default)]
    rollover: Option<String>,
    /// The most that is carried over; null for no limit.
    #[serde(default, deserialize_with = "present")]
    cap: Option<String>,
    /// Whether a window that is cut short is worth its share alone.
    #[serde(default)]
    prorate: Option<bool>,
    /// At how many percent of what is available you are mailed: up to four from 50 to 100, an empty list for never.
    #[serde(default)]
    #[schema(example = json!([60, 90]))]
    alert_percents: Option<Vec<i64>>,
}

impl From<ChangedBudget> for BudgetChange {
    fn from(changed: ChangedBudget) -> Self {
        Self {
            amount: changed.amount,
            end_date: changed.end_date,
            rollover: changed.rollover,
            cap: changed.cap,
            prorate: changed.prorate,
            alert_percents: changed.alert_percents.as_deref().map(percents),
            alert_own: None,
            past_too: changed.also_past,
        }
    }
}

/// What was made.
#[derive(Serialize, ToSchema)]
#[schema(as = AddedBudget)]
pub(super) struct Added {
    /// Always true.
    pub success: bool,
    /// The new budget.
    pub budget: Budget,
}

/// How the last twelve windows before that of today would have gone.
#[derive(Serialize, ToSchema)]
#[schema(as = BudgetReplay)]
pub(super) struct Replay {
    /// Each of them, the oldest first.
    windows: Vec<Window>,
    /// How many of them would have gone over.
    over: usize,
}

impl From<budget::Replay> for Replay {
    fn from(replay: budget::Replay) -> Self {
        Self { windows: replay.windows.into_iter().map(Into::into).collect(), over: replay.over }
    }
}
