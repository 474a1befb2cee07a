//! What is ahead: what should come in the next days, and what waits for its owner.

use backend::{
    budgets::BudgetsPage,
    categories::OwnCategory,
    dashboard::{AtHand, Upcoming, over, upcoming},
    recurring::RecurringPage,
    review::Waiting,
};
use domain::{AccountId, Currency, Money, connection::ConnectionView, day};
use leptos::prelude::*;

use crate::{
    connections::asks,
    routes,
    transactions::category_label,
    ui::{Amount, AmountText, Card, count::count},
};

/// Rows of one card.
const MOST: usize = 6;

/// What the cards are made of.
#[derive(Clone, Debug)]
pub struct Ahead {
    /// What repeats.
    pub recurring: RecurringPage,
    /// The budgets of today.
    pub budgets: BudgetsPage,
    /// Accounts that wait for an answer about deposits.
    pub awaited: Vec<AccountId>,
    /// The person's connections to banks.
    pub connections: Vec<ConnectionView>,
    /// What waits for a look.
    pub waiting: Waiting,
    /// The person's own categories and words for ours.
    pub own: Vec<OwnCategory>,
}

/// Both cards side by side; nothing where there is nothing to tell.
#[component]
pub fn AheadCards(
    /// What there is.
    ahead: Ahead,
    /// What is at hand, one amount a currency: the balance that what comes is added to.
    at_hand: AtHand,
) -> AnyView {
    let tasks = tasks(&ahead);
    let coming = upcoming(&ahead.recurring, at_hand);
    if tasks.is_empty() && coming.is_empty() {
        return ().into_any();
    }
    view! {
        <div class="grid items-start gap-5 lg:grid-cols-2">
            <Rows coming/>
            <ToDo tasks/>
        </div>
    }
    .into_any()
}

#[component]
fn Rows(coming: Vec<Upcoming>) -> AnyView {
    if coming.is_empty() {
        return ().into_any();
    }
    let more = coming.len().saturating_sub(MOST);
    let more = (more > 0).then(|| {
        view! {
            <a href=routes::RECURRING class="link mt-2 inline-flex min-h-6 items-center text-sm" data-testid="upcoming-more">
                {format!("{more} more")} <span class="sr-only">" in the next 14 days"</span>
            </a>
        }
    });
    let explained = coming.iter().any(|row| row.balance.is_some()).then(|| {
        view! {
            <p class="mt-2 text-caption text-ink-2">
                "Balances begin with what is in your "
                <a href=routes::ACCOUNTS class="link inline-flex min-h-6 items-center">"checking and cash accounts"</a>
                "."
            </p>
        }
    });
    let rows = coming
        .into_iter()
        .take(MOST)
        .map(|Upcoming { row, money, balance }| {
            let balance = balance.map(|balance| {
                view! {
                    <span class="block text-caption text-ink-2" data-testid="upcoming-balance">"Balance " <Amount money=balance/></span>
                }
            });
            view! {
                <li class="flex items-baseline justify-between gap-4 py-2" data-testid="upcoming-row">
                    <span class="min-w-0">
                        <a href=routes::series(&row.series) class="row-link">{row.merchant}</a>
                        <span class="block text-caption text-ink-2">{day::format_weekday(row.date)}</span>
                    </span>
                    <span class="text-right">{money.map(|money| view! { <Amount money signed=true/> })} {balance}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card id="upcoming" title="Upcoming" link=("All recurring", routes::RECURRING)>
            <ul class="divide-y divide-line">{rows}</ul>
            {more}
            {explained}
        </Card>
    }
    .into_any()
}

/// One thing that waits, and where it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Task {
    text: String,
    href: String,
}

fn tasks(ahead: &Ahead) -> Vec<Task> {
    let mut tasks = Vec::new();
    for connection in &ahead.connections {
        let Some(text) = asks(connection) else { continue };
        let text = text.trim_end_matches('.').to_owned();
        tasks.push(Task { text, href: routes::connection(&connection.id) });
    }
    for account in &ahead.awaited {
        let text = "Confirm the deposits of an account".to_owned();
        tasks.push(Task { text, href: routes::verify(account) });
    }
    for budget in over(&ahead.budgets.budgets) {
        let Ok(currency) = Currency::parse(&budget.currency) else { continue };
        let over = Money::new(budget.window.remaining_minor, currency).shown_absolute();
        let name = category_label(&ahead.own, &budget.category);
        let text = format!("{name} is over its budget by {over}");
        tasks.push(Task { text, href: routes::budget(&budget.id) });
    }
    for series in &ahead.waiting.rises {
        let Some(by) = series.price_rise(ahead.recurring.today) else { continue };
        let by = by.shown_absolute();
        let text = format!("{} costs {by} more than before", series.merchant);
        tasks.push(Task { text, href: routes::series(&series.id) });
    }
    let counts = ahead.waiting.counts;
    // Each price has its own line.
    let rows = counts.all() - counts.prices;
    if rows > 0 {
        let text = format!("{} to review", count(rows, "transaction"));
        tasks.push(Task { text, href: routes::REVIEW.to_owned() });
    }
    tasks
}

#[component]
fn ToDo(tasks: Vec<Task>) -> AnyView {
    if tasks.is_empty() {
        return ().into_any();
    }
    let row = |task: &Task| {
        let Task { text, href } = task.clone();
        view! {
            <li class="py-2" data-testid="to-do-row"><a href=href class="row-link">{text}</a></li>
        }
    };
    let (first, rest) = tasks.split_at(tasks.len().min(MOST));
    let first_rows = first.iter().map(row).collect_view();
    // There is no page of all of them: they unfold.
    let more = (!rest.is_empty()).then(|| {
        let words = format!("{} more", rest.len());
        let rows = rest.iter().map(row).collect_view();
        view! {
            <details class="disclosure mt-2" data-testid="to-do-more">
                <summary>{words}</summary>
                <ul class="divide-y divide-line">{rows}</ul>
            </details>
        }
    });
    view! {
        <Card id="to-do" title="To do">
            <ul class="divide-y divide-line">{first_rows}</ul>
            {more}
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use backend::{recurring::Coming, review::Counts};
    use domain::{
        BudgetId, ConnectionId, Date, SeriesId,
        budget::{Alerts, BudgetView, BudgetWindow, Period, Rollover, State},
        recurring::{Cadence, Kind, PriceChange, SeriesView},
        states::{
            connection::ConnectionState,
            series::{SeriesDecision, SeriesStatus},
        },
    };
    use time::{
        Duration,
        macros::{date, datetime},
    };

    use super::*;

    const TODAY: Date = date!(2026 - 06 - 10);

    fn ahead() -> Ahead {
        let recurring = RecurringPage {
            today: TODAY,
            series: Vec::new(),
            ended: Vec::new(),
            ignored: Vec::new(),
            monthly: Vec::new(),
            coming: Vec::new(),
        };
        let (budgets, unbudgeted) = (Vec::new(), Vec::new());
        let budgets = BudgetsPage { today: TODAY, day: TODAY, budgets, unbudgeted };
        let (awaited, connections, own) = (Vec::new(), Vec::new(), Vec::new());
        Ahead { recurring, budgets, awaited, connections, waiting: Waiting::default(), own }
    }

    fn budget(state: State) -> BudgetView {
        BudgetView {
            id: BudgetId::new("b1"),
            category: "food".to_owned(),
            currency: "USD".to_owned(),
            period: Period::Monthly,
            start_date: date!(2026 - 06 - 01),
            end_date: None,
            rollover: Rollover::None,
            cap_minor: None,
            prorate: false,
            alerts: Alerts::default(),
            amount_minor: 10_000,
            window: BudgetWindow {
                from: date!(2026 - 06 - 01),
                to: date!(2026 - 06 - 30),
                limit_minor: 10_000,
                carry_minor: 0,
                carried_from: None,
                available_minor: 10_000,
                spent_minor: 11_240,
                remaining_minor: -1_240,
                state,
                ahead_of_pace: false,
                left_per_day_minor: None,
            },
        }
    }

    fn series(by_minor: i64, on: Date) -> SeriesView {
        SeriesView {
            id: SeriesId::new("s1"),
            account_id: AccountId::new("a1"),
            account_name: "Checking".to_owned(),
            merchant: "Netflix".to_owned(),
            cadence: Cadence::Monthly,
            kind: Kind::Fixed,
            status: SeriesStatus::Active,
            decision: SeriesDecision::Open,
            amount_minor: -1_799,
            currency: "USD".to_owned(),
            next_date: date!(2026 - 06 - 20),
            last_date: date!(2026 - 05 - 20),
            change: Some(PriceChange { on, by_minor }),
            rows: 6,
        }
    }

    fn texts(ahead: &Ahead) -> Vec<String> {
        tasks(ahead).into_iter().map(|task| task.text).collect()
    }

    #[test]
    fn a_budget_is_told_once_it_is_over() {
        let with = |state| {
            let mut ahead = ahead();
            ahead.budgets.budgets = vec![budget(state)];
            texts(&ahead)
        };

        assert_eq!(with(State::Over), ["Food is over its budget by $12.40"]);
        assert!(with(State::Near).is_empty());
    }

    #[test]
    fn a_price_is_told_when_it_rose_lately() {
        let with = |series| {
            let mut ahead = ahead();
            ahead.waiting.rises = vec![series];
            texts(&ahead)
        };

        let told = with(series(200, date!(2026 - 05 - 20)));
        assert_eq!(told, ["Netflix costs $2.00 more than before"]);
        assert!(with(series(200, date!(2026 - 04 - 20))).is_empty());
        assert!(with(series(-200, date!(2026 - 05 - 20))).is_empty());
    }

    #[test]
    fn rows_to_review_and_deposits_wait_for_their_owner() {
        let mut ahead = ahead();
        ahead.awaited = vec![AccountId::new("a1")];
        ahead.waiting.counts = Counts { unsorted: 2, duplicates: 1, transfers: 1, prices: 3 };

        assert_eq!(
            texts(&ahead),
            ["Confirm the deposits of an account", "4 transactions to review"]
        );
    }

    #[test]
    fn a_bank_that_wants_its_customer_comes_first() {
        let connection = |id: &str, state| ConnectionView {
            id: ConnectionId::new(id),
            provider: "plaid".to_owned(),
            institution_name: "First Harbor".to_owned(),
            state,
            expires_on: None,
            problem: None,
            message: None,
            accounts: 2,
            new_accounts: false,
            history_complete: true,
            last_sync_at: None,
            next_sync_at: None,
            created_at: datetime!(2026-06-01 12:00 UTC),
        };
        let mut ahead = ahead();
        ahead.awaited = vec![AccountId::new("a1")];
        ahead.connections = vec![
            connection("c1", ConnectionState::Healthy),
            connection("c2", ConnectionState::LoginRequired),
        ];

        let tasks = tasks(&ahead);

        assert_eq!(tasks.len(), 2);
        assert_eq!(tasks[0].text, "First Harbor needs you to sign in again");
        assert_eq!(tasks[0].href, "/connections/c2");
    }

    #[test]
    fn what_is_cut_says_how_much_more_there_is() {
        let mut ahead = ahead();
        let coming = |n: u8| Coming {
            date: TODAY.saturating_add(Duration::days(n.into())),
            series: SeriesId::new(format!("s{n}")),
            account: AccountId::new("checking"),
            merchant: format!("Shop {n}"),
            amount_minor: -100,
            currency: "USD".to_owned(),
        };
        ahead.recurring.coming = (1..=8).map(coming).collect();
        ahead.awaited = (0..9).map(|n| AccountId::new(format!("a{n}"))).collect();

        let at_hand = AtHand {
            accounts: vec![AccountId::new("checking")],
            sums: vec![Money::new(250, Currency::USD)],
        };
        let html = Owner::new().with(|| view! { <AheadCards ahead at_hand/> }.to_html());

        assert_eq!(html.matches("upcoming-row").count(), 6);
        assert_eq!(html.matches("to-do-row").count(), 9, "none is lost");
        assert!(html.contains("2 more") && html.contains("3 more"), "{html}");
        assert_eq!(html.matches("upcoming-balance").count(), 6);
        assert!(html.contains("$1.50") && html.contains("\u{2212}$3.50"), "{html}");
    }
}
