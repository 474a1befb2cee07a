//! The month of the page: in the address, with links to its neighbours.

use domain::{Date, Month, query::Pairs};
use leptos::prelude::*;

use super::{Glyph, Icon, query::address};
use crate::islands::keys::{NEXT, PREVIOUS};

/// `‹ May 2026 ›`, and Today when another month is shown.
#[component]
pub fn MonthPager(
    /// The path of the page.
    path: &'static str,
    /// The month that is shown.
    month: Month,
    /// Today.
    today: Date,
    /// What else the address says, and goes on saying.
    #[prop(optional)]
    keep: Pairs,
) -> AnyView {
    let current = Month::containing(today);
    let next = (month < current).then(|| month.next());
    let back = (month != current).then(|| {
        view! { <a href=address(path, &keep) class="link ml-2 inline-flex min-h-8 items-center text-sm">"Today"</a> }
    });
    view! {
        <nav class="-ml-2 flex items-center" aria-label="Month" data-testid="month">
            {step(path, &keep, Some(month.previous()), ("Previous month", PREVIOUS), Glyph::ChevronLeft)}
            <span class="min-w-36 text-center font-semibold">{month.label()}</span>
            {step(path, &keep, next, ("Next month", NEXT), Glyph::ChevronRight)}
            {back}
        </nav>
    }
    .into_any()
}

fn step(
    path: &str,
    keep: &Pairs,
    month: Option<Month>,
    (words, key): (&'static str, &'static str),
    glyph: Glyph,
) -> AnyView {
    match month {
        Some(month) => {
            let mut pairs = vec![("month".to_owned(), month.to_string())];
            pairs.extend_from_slice(keep);
            view! {
                <a href=address(path, &pairs) class="btn-icon" data-key=key aria-label=format!("{words}, {}", month.label())>
                    <Icon glyph large=true/>
                </a>
            }
            .into_any()
        }
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
    fn what_the_address_says_besides_stays() {
        let html = Owner::new().with(|| {
            let keep = vec![("currency".to_owned(), "EUR".to_owned())];
            let month = "2026-05".parse().unwrap();
            view! { <MonthPager path="/dashboard" month today=date!(2026 - 06 - 10) keep/> }
                .to_html()
        });

        let html = html.replace("&amp;", "&");
        for href in ["?month=2026-04&currency=EUR", "?month=2026-06&currency=EUR", "?currency=EUR"]
        {
            assert!(html.contains(&format!(r#"href="/dashboard{href}""#)), "{href} in {html}");
        }
    }

    #[test]
    fn another_month_leads_back_to_today() {
        let html = render("2025-12");

        assert!(html.contains(r#"href="/dashboard?month=2026-01""#), "{html}");
        assert!(html.contains("Today"), "{html}");
    }
}
