//! Bars side by side, each with the mark of its limit.

use domain::{
    Currency,
    chart::{Bar, Bars, Measured, bars},
};
use leptos::prelude::*;

use super::plot::{Caption, Drawing, FRAME, PlotFrame};
use crate::islands::{ChartCursor, CursorPoint};

/// Most names under the bars.
const MOST_NAMES: usize = 6;

/// One bar and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartBar {
    /// Under it: "May".
    pub name: String,
    /// All of it in words: "May, $320.00 of $400.00 spent".
    pub text: String,
    /// The rows behind it.
    pub href: String,
    /// Its height and its limit.
    pub measured: Measured,
}

/// Bars of one currency, the oldest first, with a cursor that leads to the rows of each. What goes over a limit is
/// an outline, so that it differs not by colour alone. The table of the figures is the page's own.
#[component]
pub fn BarChart(
    /// The id of the figure's heading, unique on the page.
    id: &'static str,
    /// The heading, for assistive technology: a card around has it for everybody else.
    #[prop(into)]
    title: String,
    /// One sentence made from the data.
    #[prop(into)]
    sentence: String,
    /// What the bars and the marks show: "Spent", "Available".
    labels: (&'static str, &'static str),
    /// The bars.
    bars: Vec<ChartBar>,
    /// The currency of all amounts.
    currency: Currency,
) -> AnyView {
    let (label, limit_label) = labels;
    view! {
        <figure aria-labelledby=id class="min-w-0" data-testid="chart">
            <h3 id=id class="sr-only">{title.clone()}</h3>
            <Caption sentence currency/>
            <Plot title bars currency/>
            <ul class="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-ink-2">
                <li class="flex items-center gap-2">
                    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
                        <path class="chart-bar" d="M2 0H10V12H2Z"></path>
                    </svg>
                    {label}
                </li>
                <li class="flex items-center gap-2">
                    <svg width="16" height="12" viewBox="0 0 16 12" aria-hidden="true" focusable="false">
                        <path class="chart-limit" d="M0 6H16"></path>
                    </svg>
                    {limit_label}
                </li>
            </ul>
        </figure>
    }
    .into_any()
}

#[component]
fn Plot(title: String, bars: Vec<ChartBar>, currency: Currency) -> AnyView {
    let measured: Vec<Measured> = bars.iter().map(|bar| bar.measured).collect();
    let Some(drawn) = self::bars(&measured, &FRAME) else { return ().into_any() };
    let points = bars.iter().zip(&drawn.bars).map(|(bar, at)| CursorPoint {
        x: at.middle(),
        y: at.value,
        text: bar.text.clone(),
        href: bar.href.clone(),
    });
    let lines = vec![points.collect()];
    let names = names(&bars, &drawn.bars);
    let drawing = drawing(&title, &bars, &drawn);
    view! {
        <PlotFrame ticks=drawn.ticks names currency>
            <ChartCursor label=title width=FRAME.width height=FRAME.height lines>{drawing}</ChartCursor>
        </PlotFrame>
    }
    .into_any()
}

fn drawing(title: &str, bars: &[ChartBar], drawn: &Bars) -> impl IntoView + use<> {
    let shapes = drawn.bars.iter().map(|bar| shapes(bar, drawn.zero)).collect_view();
    view! {
        <Drawing title=title.to_owned() description=describe(bars) ticks=drawn.ticks.clone()>{shapes}</Drawing>
    }
}

/// What is within the limit, what is over it, and the mark between them.
fn shapes(bar: &Bar, zero: i32) -> impl IntoView + use<> {
    let Bar { left, width, value, limit, mark } = *bar;
    let part = |class: &'static str, from: i32, to: i32| {
        let (top, height) = (from.min(to), from.abs_diff(to));
        (height > 0)
            .then(|| view! { <rect class=class x=left y=top width=width height=height></rect> })
    };
    let over = value < limit.min(zero);
    let within = part("chart-bar", zero, if over { limit.min(zero) } else { value });
    let beyond = over.then(|| part("chart-bar-over", limit.min(zero), value)).flatten();
    view! {
        {within}
        {beyond}
        <path class="chart-limit" d=format!("M{} {limit}H{}", mark.0, mark.1)></path>
    }
}

/// The newest bar has its name, and as many before it as there is room for.
fn names(bars: &[ChartBar], drawn: &[Bar]) -> Vec<(i32, String)> {
    let every = bars.len().div_ceil(MOST_NAMES).max(1);
    let named = bars.iter().zip(drawn).rev().step_by(every);
    named.map(|(bar, at)| (at.middle(), bar.name.clone())).collect()
}

/// First, last, lowest and highest, in words.
fn describe(bars: &[ChartBar]) -> String {
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else { return String::new() };
    let height = |bar: &&ChartBar| bar.measured.minor;
    let low = bars.iter().min_by_key(height).unwrap_or(first);
    let high = bars.iter().max_by_key(height).unwrap_or(last);
    format!(
        "First: {}. Last: {}. Lowest: {}. Highest: {}.",
        first.text, last.text, low.text, high.text
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, minor: i64) -> ChartBar {
        ChartBar {
            name: name.to_owned(),
            text: format!("{name}, {minor} spent"),
            href: format!("/{name}"),
            measured: Measured { minor, limit_minor: 100 },
        }
    }

    fn lay_out(of: &[ChartBar]) -> Bars {
        let measured: Vec<Measured> = of.iter().map(|bar| bar.measured).collect();
        bars(&measured, &FRAME).unwrap()
    }

    fn render(bars: &[ChartBar]) -> String {
        Owner::new().with(|| drawing("Food", bars, &lay_out(bars)).to_html())
    }

    #[test]
    fn only_what_is_over_its_limit_is_drawn_as_such() {
        let html = render(&[bar("Apr", 80), bar("May", 120)]);

        assert_eq!(html.matches(r#"class="chart-bar-over""#).count(), 1, "{html}");
        assert_eq!(html.matches(r#"class="chart-limit""#).count(), 2, "{html}");
        assert!(!html.contains("style="), "style attributes are blocked by the policy");
    }

    #[test]
    fn the_drawing_says_in_words_what_it_shows() {
        let html = render(&[bar("Apr", 80), bar("May", 120)]);

        let words = "First: Apr, 80 spent. Last: May, 120 spent. Lowest: Apr, 80 spent. Highest: May, 120 spent.";
        assert!(html.contains(words), "{html}");
    }

    #[test]
    fn of_many_bars_every_other_has_its_name_and_the_newest_always() {
        let many: Vec<ChartBar> = (0..12).map(|n| bar(&n.to_string(), n)).collect();
        let measured: Vec<Measured> = many.iter().map(|bar| bar.measured).collect();
        let drawn = bars(&measured, &FRAME).unwrap();

        let names: Vec<String> =
            names(&many, &drawn.bars).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["11", "9", "7", "5", "3", "1"]);
    }
}
