//! What charts of all kinds share: the sheet that stretches with the page, and what is written around it.

use domain::{
    Currency, Money,
    chart::{Frame, Tick},
};
use leptos::prelude::*;

use crate::ui::AmountText;

/// The drawing reaches its edges; what is written stands outside, where it is not stretched.
pub(super) const FRAME: Frame = Frame {
    width: 1000,
    height: 300,
    left: 0,
    right: 0,
    top: 0,
    bottom: 0,
    ticks: 5,
    labels: 5,
    from_zero: true,
};

/// The drawing itself: what it is in words, the lines across, and over them whatever is drawn.
#[component]
pub(super) fn Drawing(
    title: String,
    description: String,
    ticks: Vec<Tick>,
    children: Children,
) -> impl IntoView {
    let lines = ticks.iter().map(grid_line).collect_view();
    let label = format!("{title}. {description}");
    view! {
        <svg
            class="chart"
            role="img"
            viewBox=format!("0 0 {} {}", FRAME.width, FRAME.height)
            preserveAspectRatio="none"
            aria-label=label
        >
            <title>{title}</title>
            <desc>{description}</desc>
            {lines}
            {children()}
        </svg>
    }
}

/// What a chart says in a sentence, and the currency of its amounts.
#[component]
pub(super) fn Caption(sentence: String, currency: Currency) -> impl IntoView {
    let amounts = format!("Amounts in {}.", currency.code());
    view! {
        <figcaption class="mb-4 text-sm text-ink-2">
            {sentence} " " <span class="whitespace-nowrap" data-testid="chart-currency">{amounts}</span>
        </figcaption>
    }
}

/// A drawing (its children) with amounts at its left and names under it, each at its place of the width.
#[component]
pub(super) fn PlotFrame(
    ticks: Vec<Tick>,
    names: Vec<(i32, String)>,
    currency: Currency,
    children: Children,
) -> impl IntoView {
    let amounts = amounts(&ticks, currency)
        .into_iter()
        .map(|text| view! { <span>{text}</span> })
        .collect_view();
    let names = names.into_iter().map(|(x, text)| name(x, text)).collect_view();
    view! {
        <div class="chart-frame">
            <div class="chart-amounts" aria-hidden="true">{amounts}</div>
            {children()}
            <svg class="chart-days" aria-hidden="true" focusable="false">{names}</svg>
        </div>
    }
}

fn grid_line(tick: &Tick) -> impl IntoView + use<> {
    let class = if tick.minor == 0 { "chart-zero" } else { "chart-grid" };
    view! { <line x1="0" x2=FRAME.width y1=tick.y y2=tick.y class=class></line> }
}

/// In percent of the width, so that the letters never stretch.
fn name(x: i32, text: String) -> impl IntoView {
    let anchor = match x {
        ..=60 => "start",
        940.. => "end",
        _ => "middle",
    };
    let x = format!("{}.{}%", x / 10, x % 10);
    view! { <text x=x y="12" text-anchor=anchor>{text}</text> }
}

/// The amounts at the lines, from the highest down; without cents where no line has any.
fn amounts(ticks: &[Tick], currency: Currency) -> Vec<String> {
    let texts = ticks.iter().rev().map(|tick| Money { minor: tick.minor, currency }.shown());
    let unit = 10_i64.saturating_pow(currency.exponent());
    if ticks.iter().any(|tick| tick.minor % unit != 0) {
        return texts.collect();
    }
    texts
        .map(|text| text.rsplit_once('.').map_or(text.clone(), |(whole, _)| whole.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_stand_at_the_lines_only_where_they_matter() {
        let tick = |minor| Tick { y: 0, minor };

        assert_eq!(amounts(&[tick(0), tick(50_000)], Currency::USD), ["$500", "$0"]);
        assert_eq!(amounts(&[tick(0), tick(50)], Currency::USD), ["$0.50", "$0.00"]);
    }
}
