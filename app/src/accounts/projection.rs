//! What an account will hold if what repeats comes when it should.

use backend::recurring::Coming;
use domain::{AccountView, Currency, DayTotal, Money, balance, day};
use leptos::prelude::*;
use time::Duration;

use crate::{
    routes,
    ui::{Amount, AmountText, chart::Guide, count::count},
};

/// How far ahead the line goes.
const AHEAD: Duration = Duration::days(30);

/// The days ahead of one account, and what makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Projection {
    currency: Currency,
    /// What the account holds today by its rows.
    now: i64,
    coming: Vec<Coming>,
    /// From today on.
    days: Vec<DayTotal>,
    /// The last of them.
    end: DayTotal,
}

impl Projection {
    /// From the last of the days that were; nothing where nothing is coming in the account's currency, or where there is
    /// no line to go on with.
    pub fn new(account: &AccountView, days: &[DayTotal], mut coming: Vec<Coming>) -> Option<Self> {
        let currency = Currency::parse(&account.currency).ok()?;
        let today = days.last().filter(|_| days.len() > 1)?;
        let end = today.date.saturating_add(AHEAD);
        coming.retain(|row| row.currency == account.currency && row.date <= end);
        if coming.is_empty() {
            return None;
        }
        let due = coming.iter().map(|row| DayTotal { date: row.date, minor: row.amount_minor });
        let due: Vec<DayTotal> = due.collect();
        let days = balance::ahead(today.minor, &due, today.date, end);
        let end = days.last()?.clone();
        Some(Self { currency, now: today.minor, coming, days, end })
    }

    /// The line from today on. Its first point, that of the other line, only sets where the left edge is.
    pub fn guide(&self, first: &DayTotal) -> Guide {
        let money = Money::new(self.end.minor, self.currency).shown();
        let day = day::format_day_short(self.end.date);
        let label = format!("Ahead, if what repeats comes: {money} on {day}");
        let points = std::iter::once(first.clone()).chain(self.days.iter().cloned());
        Guide { label, points: points.collect() }
    }
}

/// What the line ahead is made of: each row that should come, with the balance after it.
#[component]
pub(super) fn ComingRows(projection: Projection) -> AnyView {
    let Projection { currency, now, coming, .. } = projection;
    let rows = i64::try_from(coming.len()).unwrap_or(i64::MAX);
    let summary = format!("{} in 30 days", count(rows, "expected transaction"));
    let mut minor = now;
    let rows = coming.into_iter().map(|row| {
        minor = minor.saturating_add(row.amount_minor);
        view! {
            <li class="flex items-baseline justify-between gap-4 py-2" data-testid="projection-row">
                <span class="min-w-0">
                    <a href=routes::series(&row.series) class="row-link">{row.merchant}</a>
                    <span class="block text-caption text-ink-2">{day::format_weekday(row.date)}</span>
                </span>
                <span class="text-right">
                    <Amount money=Money::new(row.amount_minor, currency) signed=true/>
                    <span class="block text-caption text-ink-2">"Balance " <Amount money=Money::new(minor, currency)/></span>
                </span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <details class="disclosure mt-3" data-testid="projection">
            <summary>{summary}</summary>
            <ul class="mt-1 divide-y divide-line">{rows}</ul>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, AccountStatus, AccountType, Date, SeriesId};
    use time::macros::{date, datetime};

    use super::*;

    fn account() -> AccountView {
        AccountView {
            id: AccountId::new("a1"),
            bank_name: "First Harbor".to_owned(),
            account_type: AccountType::Checking,
            account_nickname: None,
            status: AccountStatus::Active,
            suspended: None,
            archived_at: None,
            mask: None,
            number_is_token: false,
            currency: "USD".to_owned(),
            balance_minor: 200_000,
            bank_balance_minor: None,
            transactions: 2,
            invented: false,
            updated_at: datetime!(2026-05-04 12:00 UTC),
            created_at: datetime!(2026-05-01 12:00 UTC),
        }
    }

    fn days() -> Vec<DayTotal> {
        [
            (date!(2026 - 05 - 02), 150_000),
            (date!(2026 - 05 - 03), 150_000),
            (date!(2026 - 05 - 04), 200_000),
        ]
        .map(|(date, minor)| DayTotal { date, minor })
        .to_vec()
    }

    fn coming(date: Date, currency: &str, amount_minor: i64) -> Coming {
        Coming {
            date,
            series: SeriesId::new("s1"),
            account: AccountId::new("a1"),
            merchant: "Oak Street Rent".to_owned(),
            amount_minor,
            currency: currency.to_owned(),
        }
    }

    #[test]
    fn the_line_goes_on_from_today_for_thirty_days() {
        let due = vec![
            coming(date!(2026 - 05 - 31), "USD", -180_000),
            coming(date!(2026 - 05 - 31), "EUR", -5),
            coming(date!(2026 - 06 - 04), "USD", -1),
        ];
        let days = days();

        let projection = Projection::new(&account(), &days, due).unwrap();
        let guide = projection.guide(&days[0]);

        assert_eq!(guide.label, "Ahead, if what repeats comes: $200.00 on Wed 3 June");
        let points: Vec<_> = guide.points.iter().map(|day| (day.date, day.minor)).collect();
        assert_eq!(points.len(), 32, "the left edge, today and 30 days");
        assert_eq!(
            points[..2],
            [(date!(2026 - 05 - 02), 150_000), (date!(2026 - 05 - 04), 200_000)]
        );
        assert_eq!(points[31], (date!(2026 - 06 - 03), 20_000));
    }

    #[test]
    fn where_nothing_repeats_or_no_line_is_there_nothing_is_ahead() {
        let due = || vec![coming(date!(2026 - 05 - 31), "USD", -180_000)];

        assert_eq!(Projection::new(&account(), &days(), Vec::new()), None);
        assert_eq!(Projection::new(&account(), &days()[2..], due()), None);
        assert_eq!(Projection::new(&account(), &[], due()), None);
    }

    #[test]
    fn what_is_expected_stands_in_words_with_the_balance_after_it() {
        let due = vec![coming(date!(2026 - 05 - 31), "USD", -180_000)];
        let projection = Projection::new(&account(), &days(), due).unwrap();

        let html = Owner::new().with(|| view! { <ComingRows projection/> }.to_html());

        assert!(html.contains("1 expected transaction in 30 days"), "{html}");
        assert!(html.contains("\u{2212}$1,800.00") && html.contains("$200.00"), "{html}");
        assert!(html.contains("/recurring/s1"), "{html}");
    }
}
