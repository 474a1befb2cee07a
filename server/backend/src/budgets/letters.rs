//! The letters about budgets. They name no amounts.

use domain::{Date, day::format_day};

use super::Budget;
use crate::{
    Backend,
    mail::{Action, Letter},
};

/// From so many percent on a budget is called near its limit, as on the pages.
const NEAR: i64 = 80;

const WHY: &str = "You get this mail because you set this budget at Coffer. You can switch these mails off in your settings.";

/// A budget has reached a threshold, in percent, in the window that ends on `to`.
pub(super) fn reached(
    backend: &Backend,
    name: &str,
    budget: &Budget,
    threshold: i64,
    to: Date,
) -> Letter {
    let period = budget.period.label().to_lowercase();
    let (subject, line) = if threshold >= 100 {
        (
            format!("{name} is over budget"),
            format!(
                "Your {period} budget for {name} is used up, with days left until {}.",
                format_day(to)
            ),
        )
    } else {
        let subject = if threshold >= NEAR {
            format!("{name} is near its limit")
        } else {
            format!("{name} has used {threshold} percent of its budget")
        };
        (
            subject,
            format!(
                "You have used {threshold} percent of your {period} budget for {name}. It lasts until {}.",
                format_day(to)
            ),
        )
    };
    let address = backend.settings.app_url.join(&format!("/budgets/{}", budget.id));
    let action =
        address.ok().map(|address| Action { label: "See the budget", link: address.into() });
    Letter { subject, lines: vec![line], action, reason: WHY.to_owned() }
}
