//! The area chart: one series of days, and another to compare it with.

use domain::{
    Currency, DayTotal, Money, balance,
    chart::{Chart, layout_all},
    day,
};
use leptos::prelude::*;

use super::{
    cursor::{self, Explain},
    plot::{Caption, Drawing, FRAME, PlotFrame},
};
use crate::{
    islands::ChartCursor,
    ui::{Amount, AmountText, Cell, Column, DataTable, Day, Place},
};

/// The most rows of a table of days: of a longer line those are left out on which nothing changed.
const MOST_ROWS: usize = 366;

/// A line to hold the others against: what it is, and its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guide {
    /// "Budgets, $2,000.00 this month".
    pub label: String,
    /// Its days, from the left edge as the others.
    pub points: Vec<DayTotal>,
}

/// A line with its area over days, with a second, dashed line to compare. Needs no script; the table holds every
/// figure. Days are dense: one point a day, in order.
#[component]
pub fn AreaChart(
    /// The id of the figure's heading, unique on the page.
    id: &'static str,
    /// The heading.
    #[prop(into)]
    title: String,
    /// One sentence made from the data, with its figures.
    #[prop(into)]
    sentence: String,
    /// The days.
    points: Vec<DayTotal>,
    /// A label and the days of another period, drawn dashed from the same left edge.
    #[prop(optional)]
    compare: Option<(String, Vec<DayTotal>)>,
    /// A dotted line to hold the others against, or on which the first goes on.
    #[prop(default = None)]
    guide: Option<Guide>,
    /// What the line shows: "This month".
    #[prop(into)]
    label: String,
    /// The currency of all amounts.
    currency: Currency,
    /// Takes the heading away where a card around has it; it stays for assistive technology.
    #[prop(optional)]
    heading_hidden: bool,
    /// The address of the rows behind a day. With it the chart gets a cursor, which loads script.
    #[prop(optional)]
    explain: Option<Explain>,
) -> AnyView {
    let heading = if heading_hidden { "sr-only" } else { "mb-1 text-base font-semibold" };
    let others = compare.clone().map(|(_, points)| points).unwrap_or_default();
    let body = if points.len() < 2 && others.len() < 2 {
        view! { <p class="py-10 text-center text-ink-2">"Not enough data yet. Two days with transactions make a line."</p> }.into_any()
    } else {
        let compare_label = compare.map(|(label, _)| label);
        let guide_label = guide.as_ref().map(|guide| guide.label.clone());
        view! {
            <Plot points=points.clone() others guide currency title=title.clone() explain/>
            <Legend label=label compare=compare_label guide=guide_label/>
            <Figures points currency caption=title.clone()/>
        }
        .into_any()
    };
    view! {
        <figure aria-labelledby=id class="min-w-0" data-testid="chart">
            <h3 id=id class=heading>{title.clone()}</h3>
            <Caption sentence currency/>
            {body}
        </figure>
    }
    .into_any()
}

/// The drawing, with amounts at its left and days under it.
#[component]
fn Plot(
    points: Vec<DayTotal>,
    others: Vec<DayTotal>,
    guide: Option<Guide>,
    currency: Currency,
    title: String,
    explain: Option<Explain>,
) -> AnyView {
    let guided = guide.as_ref().map_or(&[][..], |guide| guide.points.as_slice());
    let charts = layout_all(&[&points, &others, guided], &FRAME).unwrap_or_default();
    let Ok([main, other, straight]) = <[Chart; 3]>::try_from(charts) else { return ().into_any() };
    let mut description = describe(&points, currency);
    if let Some(guide) = &guide {
        description = format!("{description} Beside it: {}.", guide.label);
    }
    let drawing = view! {
        <Drawing title=title.clone() description ticks=main.ticks.clone()>
            <path class="chart-area" d=main.area></path>
            <path class="chart-line chart-line-dotted" d=straight.line></path>
            <path class="chart-line chart-line-dashed" d=other.line></path>
            <path class="chart-line" d=main.line></path>
        </Drawing>
    };
    let plot = match explain {
        None => drawing.into_any(),
        Some(explain) => {
            let lines = cursor::lines(&main.points, &other.points, currency, explain.as_ref());
            view! { <ChartCursor label=title width=FRAME.width height=FRAME.height lines>{drawing}</ChartCursor> }.into_any()
        }
    };
    let names = main.labels.into_iter().map(|label| (label.x, label.text)).collect();
    view! { <PlotFrame ticks=main.ticks names currency>{plot}</PlotFrame> }.into_any()
}

/// Which line is which: words and the pattern, not the colour alone.
#[component]
fn Legend(label: String, compare: Option<String>, guide: Option<String>) -> AnyView {
    view! {
        <ul class="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-ink-2">
            <li class="flex items-center gap-2">{swatch("chart-line")} {label}</li>
            {compare.map(|label| view! {
                <li class="flex items-center gap-2">{swatch("chart-line chart-line-dashed")} {label}</li>
            })}
            {guide.map(|label| view! {
                <li class="flex items-center gap-2" data-testid="chart-guide">{swatch("chart-line chart-line-dotted")} {label}</li>
            })}
        </ul>
    }
    .into_any()
}

fn swatch(class: &'static str) -> impl IntoView {
    view! {
        <svg width="24" height="8" viewBox="0 0 24 8" aria-hidden="true" focusable="false">
            <path class=class d="M0 4L24 4"></path>
        </svg>
    }
}

/// Every figure of the chart, as it is: nothing is thinned here. A long line has the days on which it changed.
#[component]
fn Figures(points: Vec<DayTotal>, currency: Currency, caption: String) -> AnyView {
    let is_long = points.len() > MOST_ROWS;
    let points = if is_long { balance::turns(&points) } else { points };
    let note = is_long.then(|| {
        view! { <p class="mt-2 text-sm text-ink-2">"Days on which nothing changed are left out."</p> }
    });
    let rows = points
        .into_iter()
        .map(|point| {
            view! {
                <tr role="row">
                    <th scope="row" role="rowheader" class="cell-main"><Day date=point.date/></th>
                    <Cell place=Place::Amount><Amount money=Money { minor: point.minor, currency }/></Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details class="disclosure mt-3">
            <summary>"Show as table"</summary>
            {note}
            <div class="mt-2 max-h-80 overflow-y-auto print:max-h-none print:overflow-visible">
                <DataTable caption columns=vec![Column::text("Day"), Column::number("Amount")]>
                    <tbody role="rowgroup">{rows}</tbody>
                </DataTable>
            </div>
        </details>
    }
    .into_any()
}

/// First, last, lowest and highest, in words.
fn describe(points: &[DayTotal], currency: Currency) -> String {
    let say = |point: &DayTotal| {
        format!(
            "{} on {}",
            Money { minor: point.minor, currency }.shown(),
            day::format_day(point.date)
        )
    };
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let low = points.iter().min_by_key(|point| point.minor).unwrap_or(first);
    let high = points.iter().max_by_key(|point| point.minor).unwrap_or(last);
    format!("First {}, last {}, lowest {}, highest {}.", say(first), say(last), say(low), say(high))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn points() -> Vec<DayTotal> {
        [
            (date!(2026 - 06 - 01), 1_250),
            (date!(2026 - 06 - 02), 9_900),
            (date!(2026 - 06 - 03), 4_000),
        ]
        .map(|(date, minor)| DayTotal { date, minor })
        .to_vec()
    }

    fn render(points: Vec<DayTotal>) -> String {
        Owner::new().with(|| {
            view! {
                <AreaChart
                    id="chart"
                    title="Spending"
                    sentence="You spent $151.50."
                    points
                    label="June"
                    currency=Currency::USD
                />
            }
            .to_html()
        })
    }

    #[test]
    fn the_description_has_first_last_lowest_and_highest() {
        let text = describe(&points(), Currency::USD);

        assert_eq!(
            text,
            "First $12.50 on 1 June 2026, last $40.00 on 3 June 2026, \
             lowest $12.50 on 1 June 2026, highest $99.00 on 2 June 2026."
        );
    }

    #[test]
    fn the_caption_names_the_currency() {
        let html = render(points());

        let caption = html.split("figcaption").nth(1).unwrap();
        assert!(
            caption.contains("You spent $151.50.") && caption.contains("Amounts in USD."),
            "{html}"
        );
    }

    #[test]
    fn every_figure_is_in_the_table() {
        let html = render(points());

        for amount in ["$12.50", "$99.00", "$40.00"] {
            assert!(html.contains(amount), "{amount}");
        }
        assert!(!html.contains("style="), "style attributes are blocked by the policy");
    }

    #[test]
    fn a_guide_is_drawn_and_named_by_words_and_a_pattern() {
        let html = Owner::new().with(|| {
            let guide = Guide { label: "Budgets, $200.00 this month".to_owned(), points: points() };
            view! {
                <AreaChart
                    id="chart"
                    title="Spending"
                    sentence="You spent $151.50."
                    points=points()
                    guide=Some(guide)
                    label="June"
                    currency=Currency::USD
                />
            }
            .to_html()
        });

        assert!(html.contains("Beside it: Budgets, $200.00 this month."), "{html}");
        assert_eq!(html.matches("chart-line-dotted").count(), 2, "the line and its swatch: {html}");
    }

    #[test]
    fn a_long_line_is_thinned_in_the_drawing_and_exact_in_the_table() {
        let first = date!(2010 - 01 - 01);
        let day = |n: i64| DayTotal {
            date: first + time::Duration::days(n),
            minor: if n == 4_321 { 987_654 } else { 100 },
        };
        let html = render((0..6_000).map(day).collect());

        let is_line = |path: &&str| path.contains(r#"class="chart-line""#);
        let line = html.split("<path").find(is_line).unwrap();
        let line = line.split(r#"d=""#).nth(1).unwrap().split('"').next().unwrap();
        let drawn = line.matches(['M', 'L']).count();
        assert_eq!(drawn, domain::chart::MOST_POINTS);
        assert!(html.contains("$9,876.54") && html.contains("nothing changed are left out"));
        assert_eq!(html.matches("<tr role=\"row\">").count(), 5, "a heading and four days");
    }

    #[test]
    fn one_day_is_not_a_line() {
        let html = render(points()[..1].to_vec());

        assert!(html.contains("Not enough data yet."));
        assert!(!html.contains("<svg"));
    }
}
