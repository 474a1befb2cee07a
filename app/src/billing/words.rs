//! What plans give and take, in words.

use backend::billing::PlanUse;
use domain::plan::{Interval, Limit, Plan};

use crate::ui::count::count;

/// Why people leave, as Polar counts it: its word, and ours.
pub const REASONS: [(&str, &str); 8] = [
    ("unused", "I don't use it enough"),
    ("too_expensive", "It costs too much"),
    ("missing_features", "Something I need is missing"),
    ("switched_service", "I use something else now"),
    ("low_quality", "It doesn't work well enough"),
    ("too_complex", "It's too complicated"),
    ("customer_service", "I didn't get the help I needed"),
    ("other", "Another reason"),
];

/// What somebody has with a plan, a line each.
pub fn gives(plan: Plan) -> Vec<String> {
    let limits = plan.limits();
    let mut lines = vec![
        match limits.accounts {
            Some(most) => format!("Up to {most} bank accounts"),
            None => "Bank accounts without limit".to_owned(),
        },
        match limits.history_months {
            Some(months) => format!("The last {months} months of transactions"),
            None => "All your transactions, however old".to_owned(),
        },
        match limits.imports {
            Some(most) => format!("{most} imported files a month"),
            None => "Imports without limit".to_owned(),
        },
    ];
    if plan.has_priority_support() {
        lines.push("Your questions are answered first".to_owned());
    }
    lines
}

/// What somebody with `from` no longer has with `to`, a sentence each.
pub fn stops(from: Plan, to: Plan, used: PlanUse) -> Vec<String> {
    let (had, has, name) = (from.limits(), to.limits(), to.name());
    let mut lines = Vec::new();
    if let Some(most) = has.accounts.filter(|_| had.accounts != has.accounts) {
        let yours = count(used.accounts, "bank account");
        lines.push(if used.accounts > i64::from(most) {
            format!(
                "You have {yours}, and {name} holds {most}. All of them stay; another can be added when there is room again."
            )
        } else {
            format!("{name} holds {most} bank accounts. You have {}.", used.accounts)
        });
    }
    if let Some(months) = has.history_months.filter(|_| had.history_months != has.history_months) {
        lines.push(format!(
            "Lists, search and charts reach back {months} months. Older transactions are kept, and are in your export."
        ));
    }
    if let Some(most) = has.imports.filter(|_| had.imports != has.imports) {
        lines.push(format!("You can import {most} files a month."));
    }
    if from.has_priority_support() && !to.has_priority_support() {
        lines.push("Your questions are answered in their turn, no longer first.".to_owned());
    }
    lines
}

/// What a row of the comparison is about, and the plan's answer.
pub fn compared(plan: Plan) -> [(&'static str, String); 6] {
    let yes = || "Yes".to_owned();
    [
        ("Bank accounts", Limit::Accounts.in_words(plan)),
        ("Transactions shown", Limit::History.in_words(plan)),
        ("Imported files", Limit::Imports.in_words(plan)),
        ("Search, filters and charts", yes()),
        ("Everything as a file, at any time", yes()),
        (
            "Questions answered first",
            if plan.has_priority_support() { yes() } else { "No".to_owned() },
        ),
    ]
}

/// "a month", "a year".
pub fn per(interval: Interval) -> &'static str {
    match interval {
        Interval::Month => "a month",
        Interval::Year => "a year",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: PlanUse = PlanUse { accounts: 5, imports_this_month: 0 };

    #[test]
    fn a_smaller_plan_says_what_stops_and_that_everything_stays() {
        let lines = stops(Plan::Premium, Plan::Free, MANY).join("\n");

        assert!(
            lines.contains("You have 5 bank accounts, and Free holds 3. All of them stay"),
            "{lines}"
        );
        assert!(lines.contains("reach back 12 months. Older transactions are kept"));
        assert!(lines.contains("10 files a month"));
        assert!(lines.contains("no longer first"));
    }

    #[test]
    fn only_what_changes_is_named() {
        assert_eq!(stops(Plan::Premium, Plan::Plus, MANY).len(), 1);
        assert!(stops(Plan::Plus, Plan::Plus, MANY).is_empty());
        assert!(stops(Plan::Free, Plan::Premium, MANY).is_empty());
        let plus_to_starter = stops(Plan::Plus, Plan::Starter, MANY);
        assert_eq!(plus_to_starter[0], "Starter holds 10 bank accounts. You have 5.");
    }

    #[test]
    fn each_plan_says_what_it_gives() {
        assert_eq!(gives(Plan::Free).len(), 3);
        assert_eq!(gives(Plan::Premium).len(), 4);
        assert!(gives(Plan::Plus)[0].contains("without limit"));
    }
}
