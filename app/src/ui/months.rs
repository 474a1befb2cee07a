//! The month of the page: in the address, with links to its neighbours.

use domain::{Date, Month};
use leptos::prelude::*;

use super::{Glyph, Icon};

/// `‹ May 2026 ›`, and Today when another month is shown.
#[component]
pub fn MonthPager(
    /// The path of the page.
    path: &'static str,
    /// The month that is shown.
    month: Month,
    /// Today.
    today: Date,
) -> AnyView {
    let current = Month::containing(today);
    let next = (month < current).then(|| month.next());
    let back = (month != current).then(|| {
        view! { <a href=path class="link ml-2 inline-flex min-h-8 items-center text-sm">"Today"</a> }
    });
    view! {
        <nav class="-ml-2 flex items-center" aria-label="Month" data-testid="month">
            {step(path, Some(month.previous()), "Previous month", Glyph::ChevronLeft)}
            <span class="min-w-36 text-center font-semibold">{month.label()}</span>
            {step(path, next, "Next month", Glyph::ChevronRight)}
            {back}
        </nav>
    }
    .into_any()
}

fn step(path: &str, month: Option<Month>, words: &'static str, glyph: Glyph) -> AnyView {
    match month {
        Some(month) => view! {
            <a href=format!("{path}?month={month}") class="btn-icon" aria-label=format!("{words}, {}", month.label())>
                <Icon glyph large=true/>
            </a>
        }
        .into_any(),
        None => view! { <span class="btn-icon invisible" aria-hidden="true"></span> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn render(month: &str) -> String {
        let month = month.parse().unwrap();
        Owner::new().with(|| {
            view! { <MonthPager path="/dashboard" month today=date!(2026 - 06 - 10)/> }.to_html()
        })
    }

    #[test]
    fn the_current_month_has_no_next() {
        let html = render("2026-06");

        assert!(html.contains(r#"href="/dashboard?month=2026-05""#), "{html}");
        assert!(!html.contains("2026-07") && !html.contains("Today"), "{html}");
    }

    #[test]
    fn another_month_leads_back_to_today() {
        let html = render("2025-12");

        assert!(html.contains(r#"href="/dashboard?month=2026-01""#), "{html}");
        assert!(html.contains("Today"), "{html}");
    }
}
