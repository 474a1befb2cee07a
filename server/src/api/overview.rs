//! `/api/overview`: the figures of the dashboard.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use backend::{
    Backend,
    dashboard::{self, Left, Overview as Found, Pace, ToDo, Upcoming, Worth, same_day_before},
};
use domain::{FieldError, Money, Month, query};
use serde::Serialize;
use time::Date;
use utoipa::{IntoParams, ToSchema};

use super::{
    balances::BalanceDay,
    error::{invalid, reject},
    list::ErrorBody,
    recurring_shapes::ComingRow,
    review::Waiting,
};
use crate::{http::Failure, session::Caller};

/// Of which month.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the query is read by hand")]
pub(super) struct OverviewQuery {
    /// `YYYY-MM`: spending and income of that month. Without it, of this one.
    #[param(required = false, example = "2026-05")]
    month: String,
}

/// Where somebody stands. Each list has one entry a currency, the one that is used most first; nothing is added across.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Overview {
    /// Today, where you live.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date, example = "2026-05-04")]
    today: Date,
    /// The month of spending and income.
    #[schema(example = "2026-05")]
    month: String,
    /// What all accounts hold together.
    net_worth: Vec<NetWorth>,
    /// What was spent, beside the month before.
    spending: Vec<Spending>,
    /// What came in. Transfers between your accounts are left out.
    income: Vec<Income>,
    /// What is left in the budgets of today; none where no budget lives, or for another month than this one.
    budgets: Vec<LeftInBudgets>,
    /// What should come in the next 14 days, by day.
    upcoming: Vec<UpcomingTransaction>,
    /// How much waits for you.
    waiting: WaitingThings,
}

/// What the transactions of all accounts of one currency come to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NetWorth {
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Minor units.
    balance_minor: i64,
    /// The total of the accounts by what their banks say, in minor units; none where that is the same.
    bank_balance_minor: Option<i64>,
    /// How much more it is today than at the end of the month before today's, in minor units.
    change_minor: i64,
    /// At the end of each of the last 90 days and of today.
    days: Vec<BalanceDay>,
}

impl From<Worth> for NetWorth {
    fn from(Worth { money, held, history }: Worth) -> Self {
        let (currency, balance_minor) = parts(money);
        let (change_minor, days) =
            history.map_or((0, Vec::new()), |history| (history.change_minor, history.days));
        let days = days.into_iter().map(BalanceDay::from).collect();
        let bank_balance_minor = held.map(|held| held.minor);
        Self { currency, balance_minor, bank_balance_minor, change_minor, days }
    }
}

/// What was spent in one currency.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OverviewSpending)]
struct Spending {
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Minor units, above zero is spent: this month up to today, another one as a whole.
    spent_minor: i64,
    /// The same in the month before, up to `beforeUntil`.
    before_minor: i64,
    /// The last day of the month before that counts: the same day as today, or its last.
    #[serde(with = "domain::day::iso")]
    #[schema(value_type = String, format = Date, example = "2026-04-04")]
    before_until: Date,
}

impl Spending {
    fn of(Pace { now, before }: Pace, before_until: Date) -> Self {
        let (currency, spent_minor) = parts(now);
        Self { currency, spent_minor, before_minor: before.minor, before_until }
    }
}

/// What came in, in one currency.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Income {
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Minor units.
    in_minor: i64,
}

impl From<Money> for Income {
    fn from(money: Money) -> Self {
        let (currency, in_minor) = parts(money);
        Self { currency, in_minor }
    }
}

/// What is left of all budgets of one currency together.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LeftInBudgets {
    /// ISO 4217.
    #[schema(example = "USD")]
    currency: String,
    /// Minor units; below zero is over.
    left_minor: i64,
    /// What there was to spend, with what was carried over.
    available_minor: i64,
}

impl From<Left> for LeftInBudgets {
    fn from(Left { left, available }: Left) -> Self {
        let (currency, left_minor) = parts(left);
        Self { currency, left_minor, available_minor: available.minor }
    }
}

/// A transaction that should come, and what is at hand after it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UpcomingTransaction {
    #[serde(flatten)]
    row: ComingRow,
    /// What checking and cash accounts of its currency hold after it, in minor units; null where there are none.
    balance_minor: Option<i64>,
}

impl From<Upcoming> for UpcomingTransaction {
    fn from(Upcoming { row, balance, .. }: Upcoming) -> Self {
        Self { row: row.into(), balance_minor: balance.map(|money| money.minor) }
    }
}

/// How much waits, by kind.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WaitingThings {
    /// What `/api/review` counts.
    review: Waiting,
    /// Connections to banks that want something.
    connections: i64,
    /// Accounts whose deposits are to be confirmed.
    deposits: i64,
    /// Budgets that are over.
    budgets_over: i64,
}

impl From<ToDo> for WaitingThings {
    fn from(waiting: ToDo) -> Self {
        let ToDo { review, connections, deposits, budgets_over } = waiting;
        Self { review: review.into(), connections, deposits, budgets_over }
    }
}

impl From<Found> for Overview {
    fn from(found: Found) -> Self {
        let Found { month, today, headlines, upcoming, waiting } = found;
        let until = same_day_before(month, today);
        Self {
            today,
            month: month.to_string(),
            net_worth: headlines.net_worth.into_iter().map(Into::into).collect(),
            spending: headlines.spent.into_iter().map(|pace| Spending::of(pace, until)).collect(),
            income: headlines.came_in.into_iter().map(Into::into).collect(),
            budgets: headlines.left.into_iter().map(Into::into).collect(),
            upcoming: upcoming.into_iter().map(Into::into).collect(),
            waiting: waiting.into(),
        }
    }
}

fn parts(money: Money) -> (String, i64) {
    (money.currency.code().to_owned(), money.minor)
}

/// Where you stand: what the dashboard shows, in figures.
#[utoipa::path(
    get,
    path = "/api/overview",
    tag = "Overview",
    params(OverviewQuery),
    responses(
        (status = 200, description = "The figures", body = Overview),
        (status = 401, description = "Nobody is signed in", body = ErrorBody),
        (status = 422, description = "The month is none", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "api.overview.get", skip_all, fields(user.id = %caller.user()))]
pub(super) async fn get(
    State(backend): State<Backend>,
    Caller(caller): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Overview>, Failure> {
    let pairs = query::parse(query.as_deref().unwrap_or_default());
    let month = query::value(&pairs, "month")
        .map(str::parse::<Month>)
        .transpose()
        .map_err(|code| invalid(&[FieldError::new("month", code)]))?;
    let found = dashboard::overview(&backend, &caller, month).await.map_err(reject)?;
    Ok(Json(found.into()))
}
