//! One live budget for each category, currency and period: which of them stand in each other's way, and what becomes of
//! those of a category that goes.

use domain::{
    BudgetId, Currency, Date,
    activity::Action,
    budget::{NewBudget, Period},
};

use super::rows::{self, Budget};
use crate::{
    Backend, Result, SignedIn, Timestamp,
    audit::{self, Event},
    db::UserTx,
    execute, fetch_one, preferences,
};

/// What a budget counts, how often, and from which day to which.
#[derive(Clone, Copy)]
pub(super) struct Place<'b> {
    category: &'b str,
    currency: Currency,
    period: Period,
    start: Date,
    end: Option<Date>,
}

impl<'b> From<&'b Budget> for Place<'b> {
    fn from(budget: &'b Budget) -> Self {
        Self {
            category: &budget.category,
            currency: budget.currency,
            period: budget.period,
            start: budget.start_date,
            end: budget.end_date,
        }
    }
}

impl<'b> From<&'b NewBudget> for Place<'b> {
    fn from(new: &'b NewBudget) -> Self {
        Self {
            category: &new.category,
            currency: new.currency,
            period: new.grid.period(),
            start: new.start,
            end: new.end,
        }
    }
}

impl Place<'_> {
    /// True while it counts another day. One that ends today makes room: its owner may have ended it just now.
    fn is_live(self, today: Date) -> bool {
        self.end.is_none_or(|end| end > today)
    }

    /// Whether there would be two live budgets of one kind on some day.
    fn clashes(self, other: Place<'_>, today: Date) -> bool {
        let begins_within = |one: Place<'_>, other: Place<'_>| {
            one.start >= other.start && other.end.is_none_or(|end| one.start <= end)
        };
        self.category == other.category
            && self.currency == other.currency
            && self.period == other.period
            && self.is_live(today)
            && other.is_live(today)
            && (begins_within(self, other) || begins_within(other, self))
    }
}

/// Whether another budget of the person whose transaction this is stands in the way of one; `id` is its own when it is
/// there already. No other change of their budgets comes between the answer and the end of the transaction.
pub(super) async fn is_taken(
    tx: &mut UserTx,
    place: Place<'_>,
    id: Option<&BudgetId>,
    today: Date,
) -> Result<bool> {
    one_at_a_time(tx).await?;
    let all = rows::all(tx).await?;
    let mut others = all.iter().filter(|other| Some(&other.id) != id);
    Ok(others.any(|other| Place::from(other).clashes(place, today)))
}

/// Lets changes of the budgets of one person come one after the other. On SQLite writers do so anyway.
async fn one_at_a_time(tx: &mut UserTx) -> Result<()> {
    let user = tx.user().clone();
    let _: (i64,) = fetch_one!(
        tx,
        sqlite: r"select 1 where $1 <> ''",
        postgres: r"select cast(1 as bigint) from pg_advisory_xact_lock(hashtextextended($1, 20261129))",
        user,
    )?;
    Ok(())
}

/// Budgets of the category `from` are budgets of `to` from now on, with their history. Where a live one of `to` stands in
/// the way, the one that comes ends today; before its first day it goes.
pub(crate) async fn hand_over(
    tx: &mut UserTx,
    backend: &Backend,
    caller: &SignedIn,
    from: &str,
    to: &str,
) -> Result<()> {
    one_at_a_time(tx).await?;
    let today = preferences::today(tx, backend).await?;
    let now = Timestamp::from(backend.clock.now());
    let (coming, others): (Vec<Budget>, Vec<Budget>) =
        rows::all(tx).await?.into_iter().partition(|budget| budget.category == from);
    for budget in &coming {
        let place = Place { category: to, ..Place::from(budget) };
        let is_free = !others.iter().any(|other| Place::from(other).clashes(place, today));
        if !is_free && budget.start_date > today {
            execute!(
                tx,
                r#"delete from "budget" where "userId" = $1 and "id" = $2"#,
                caller.user(),
                &budget.id,
            )?;
            let event = Event::by(Action::BudgetDeleted, caller).subject("budget", &budget.id);
            audit::record(tx, backend, event).await?;
            continue;
        }
        let end = if is_free { budget.end_date } else { Some(today) };
        execute!(
            tx,
            r#"update "budget" set "category" = $3, "endDate" = $4, "updatedAt" = $5 where "userId" = $1 and "id" = $2"#,
            caller.user(),
            &budget.id,
            to,
            end,
            now,
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn budgets_of_one_kind_are_live_one_after_the_other() {
        let today = date!(2026 - 05 - 04);
        let place = |start: Date, end: Option<Date>| Place {
            category: "food",
            currency: Currency::USD,
            period: Period::Monthly,
            start,
            end,
        };
        let may = place(date!(2026 - 05 - 01), Some(date!(2026 - 05 - 31)));
        for (other, clashes) in [
            (place(date!(2026 - 05 - 01), None), true),
            (place(date!(2026 - 05 - 31), None), true),
            (place(date!(2026 - 06 - 01), None), false),
            (place(date!(2026 - 01 - 01), None), true),
            (place(date!(2026 - 01 - 01), Some(date!(2026 - 05 - 05))), true),
            // It ended, today at the latest.
            (place(date!(2026 - 01 - 01), Some(today)), false),
            (Place { category: "food.coffee", ..may }, false),
            (Place { period: Period::Weekly, ..may }, false),
            (may, true),
        ] {
            let case = (other.start, other.end);
            assert_eq!(may.clashes(other, today), clashes, "{case:?}");
            assert_eq!(other.clashes(may, today), clashes, "{case:?}");
        }
    }
}
