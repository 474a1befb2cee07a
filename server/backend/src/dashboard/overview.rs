//! The figures of the dashboard together, for programs. The page loads its parts one by one, so that one that fails
//! leaves the rest.

use domain::{Date, Month};

use super::{AtHand, Headlines, Spending, Upcoming, load, over, upcoming};
use crate::{
    Backend, Result, SignedIn, budgets, connections, recurring,
    review::{self, Counts},
    verification,
};

/// What the dashboard tells of a month, in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The month.
    pub month: Month,
    /// Today, where the person lives.
    pub today: Date,
    /// Net worth, spending, budgets and income.
    pub headlines: Headlines,
    /// What should come in the next 14 days.
    pub upcoming: Vec<Upcoming>,
    /// What waits.
    pub waiting: ToDo,
}

/// How much waits for its owner, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToDo {
    /// What waits for a look.
    pub review: Counts,
    /// Connections to banks that want something.
    pub connections: i64,
    /// Accounts whose deposits are to be confirmed.
    pub deposits: i64,
    /// Budgets that are over.
    pub budgets_over: i64,
}

/// The caller's figures for a month; without one, for the month of today where they live.
#[tracing::instrument(name = "dashboard.overview", skip_all, fields(user.id = %caller.user()))]
pub async fn overview(
    backend: &Backend,
    caller: &SignedIn,
    month: Option<Month>,
) -> Result<Overview> {
    let dashboard = load(backend, caller, month).await?;
    let budgets = budgets::page(backend, caller, None).await?.budgets;
    let recurring = recurring::page(backend, caller).await?;
    let connections = connections::list(backend, caller).await?;
    let waiting = ToDo {
        review: review::waiting(backend, caller).await?.counts,
        connections: number(connections.iter().filter(|one| one.waits_for_owner()).count()),
        deposits: number(verification::open(backend, caller).await?.len()),
        budgets_over: number(over(&budgets).count()),
    };
    Ok(Overview {
        month: dashboard.month,
        today: dashboard.today,
        headlines: Headlines::of(&dashboard, &Spending::of(&dashboard), &budgets),
        upcoming: upcoming(&recurring, AtHand::of(&dashboard.accounts)),
        waiting,
    })
}

fn number(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
