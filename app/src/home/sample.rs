//! The sample dashboard of the landing page: the real components with made-up figures, labelled as such.

use domain::{Currency, DayTotal, Money};
use leptos::prelude::*;
use time::{Date, Duration, macros::date};

use crate::ui::{Amount, AreaChart, Card, Cell, Column, DataTable, Glyph, Icon, Place};

/// What was spent on each of the first days of the sample's month, in cents.
const SPENT: [i64; 21] = [
    145_000, 4_218, 1_250, 0, 8_934, 3_120, 640, 5_475, 0, 12_899, 2_310, 450, 7_825, 9_640, 0,
    3_399, 1_875, 620, 14_250, 2_760, 4_105,
];
/// The same for the month before.
const SPENT_BEFORE: [i64; 30] = [
    145_000, 2_140, 3_890, 12_450, 0, 780, 6_120, 9_310, 1_450, 0, 15_775, 2_240, 1_180, 0, 8_460,
    4_930, 2_615, 0, 7_205, 11_020, 960, 3_340, 0, 5_570, 13_980, 2_450, 0, 1_890, 6_630, 4_215,
];
/// Groups of the sample's month: icon, word, cents, share in percent.
const GROUPS: [(Glyph, &str, i64, u32); 5] = [
    (Glyph::House, "Housing", -145_000, 63),
    (Glyph::ShoppingBasket, "Food", -38_164, 17),
    (Glyph::Car, "Transport", -21_430, 9),
    (Glyph::ShoppingBag, "Shopping", -15_206, 7),
    (Glyph::Ticket, "Leisure", -8_970, 4),
];
/// Recent rows: day, text, category, cents.
const ROWS: [(Date, &str, &str, i64); 5] = [
    (date!(2026 - 06 - 21), "Corner Bakery", "Restaurants", -1_240),
    (date!(2026 - 06 - 21), "Green Valley Market", "Groceries", -2_865),
    (date!(2026 - 06 - 20), "Metro Transit", "Public transport", -2_760),
    (date!(2026 - 06 - 19), "Trail Outfitters", "Sports and outdoor", -14_250),
    (date!(2026 - 06 - 15), "Payroll", "Salary", 412_500),
];

fn usd(minor: i64) -> Money {
    Money { minor, currency: Currency::USD }
}

/// Balances, spending, categories and rows of somebody who does not exist.
#[component]
pub fn SampleDashboard() -> AnyView {
    view! {
        <div class="grid gap-4 rounded-lg border border-line bg-sunken p-3 md:gap-5 md:p-5 lg:grid-cols-3" data-testid="landing-sample">
            <Figures/>
            <div class="card p-4 md:p-5 lg:col-span-2"><Spending/></div>
            <Groups/>
            <div class="lg:col-span-3"><Rows/></div>
        </div>
    }
    .into_any()
}

#[component]
fn Figures() -> AnyView {
    let figures = [
        ("Everyday Checking", "Ends in 4821", 642_318),
        ("Rainy Day Savings", "Ends in 0973", 1_850_000),
        ("Travel Card", "Ends in 3355", -48_220),
    ];
    view! {
        <ul class="grid gap-4 sm:grid-cols-3 md:gap-5 lg:col-span-3">
            {figures
                .map(|(name, mask, minor)| view! {
                    <li class="card p-4 md:p-5">
                        <p class="text-sm text-ink-2">{name}</p>
                        <p class="mt-1 text-2xl font-semibold"><Amount money=usd(minor)/></p>
                        <p class="mt-1 text-caption text-ink-3">{mask}</p>
                    </li>
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn Spending() -> AnyView {
    let points = running_total(date!(2026 - 06 - 01), &SPENT);
    let before = running_total(date!(2026 - 05 - 01), &SPENT_BEFORE);
    let now = points.last().map_or(0, |point| point.minor);
    let then = before.get(points.len() - 1).map_or(0, |point| point.minor);
    let sentence = format!(
        "Spent {} by 21 June, {} less than on the same day in May. US dollars.",
        usd(now).format(),
        usd(then - now).format()
    );
    view! {
        <AreaChart
            id="sample-spending"
            title="Spending this month"
            sentence
            points
            compare=("May".to_owned(), before)
            label="June"
            currency=Currency::USD
        />
    }
    .into_any()
}

#[component]
fn Groups() -> AnyView {
    let groups = GROUPS
        .map(|(glyph, label, minor, share)| {
            view! {
                <li>
                    <div class="mb-1.5 flex items-center gap-2.5 text-sm">
                        <span class="text-ink-2"><Icon glyph/></span>
                        <span class="flex-1">{label}</span>
                        <Amount money=usd(minor)/>
                    </div>
                    <progress class="bar" max="100" value=share.to_string() aria-label=format!("{label}: {share}% of spending")></progress>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card id="sample-groups" title="Where it went">
            <ul class="flex flex-col gap-5 pt-1">{groups}</ul>
            <p class="mt-6 flex justify-between border-t border-line pt-4 text-sm font-medium">
                <span>"Spent in June"</span>
                <Amount money=usd(-SPENT.iter().sum::<i64>())/>
            </p>
        </Card>
    }
    .into_any()
}

#[component]
fn Rows() -> AnyView {
    let rows = ROWS
        .map(|(day, text, category, minor)| {
            view! {
                <tr role="row">
                    <Cell place=Place::UnderEnd>{domain::day::format_day_short(day)}</Cell>
                    <Cell place=Place::Main>{text}</Cell>
                    <Cell place=Place::Under>{category}</Cell>
                    <Cell place=Place::Amount><Amount money=usd(minor) signed=true/></Cell>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        Column::text("Date"),
        Column::text("Description"),
        Column::text("Category"),
        Column::number("Amount"),
    ];
    view! {
        <Card id="sample-rows" title="Recent transactions" flush=true>
            <DataTable caption="Recent transactions of the sample" columns stacked=true>
                <tbody role="rowgroup">{rows}</tbody>
            </DataTable>
        </Card>
    }
    .into_any()
}

/// The sum so far on each day from `start`.
fn running_total(start: Date, spent: &[i64]) -> Vec<DayTotal> {
    (0_i64..)
        .zip(spent)
        .scan(0, |sum, (day, cents)| {
            *sum += cents;
            Some(DayTotal { date: start + Duration::days(day), minor: *sum })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_figures_agree_with_each_other() {
        let spent: i64 = SPENT.iter().sum();
        let grouped: i64 = GROUPS.iter().map(|(_, _, minor, _)| -minor).sum();
        let before: i64 = SPENT_BEFORE[..SPENT.len()].iter().sum();

        assert_eq!(grouped, spent, "the groups add up to the month");
        assert!(before > spent, "the sentence says less than in May");
        assert_eq!(GROUPS.iter().map(|(.., share)| share).sum::<u32>(), 100);
    }
}
