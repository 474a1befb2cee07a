//! Pages of a list.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::islands::keys::{NEXT, PREVIOUS};

/// Previous, some page numbers, next. Prints nothing when there is one page.
#[component]
pub fn Pager<F>(
    /// The page that is shown, from 1.
    page: i64,
    /// How many there are.
    total_pages: i64,
    /// The address of a page.
    href: F,
) -> impl IntoView
where
    F: Fn(i64) -> String,
{
    (total_pages > 1).then(|| {
        let numbers = shown(page, total_pages)
            .into_iter()
            .map(|n| view! { <li>{number(n, page, &href)}</li> })
            .collect_view();
        view! {
            <nav aria-label="Pages" class="flex flex-wrap items-center justify-between gap-3" data-testid="pager">
                {step("Previous", Glyph::ChevronLeft, "prev", (page > 1).then(|| href(page - 1)))}
                <ul class="hidden items-center gap-1 sm:flex">{numbers}</ul>
                <p class="text-sm text-ink-2 sm:hidden">{format!("Page {page} of {total_pages}")}</p>
                {step("Next", Glyph::ChevronRight, "next", (page < total_pages).then(|| href(page + 1)))}
            </nav>
        }
    })
}

/// The numbers to show: the ends and the neighbours; `None` is a gap.
fn shown(page: i64, total: i64) -> Vec<Option<i64>> {
    let mut numbers = Vec::new();
    for n in 1..=total {
        if n == 1 || n == total || (n - page).abs() <= 1 {
            numbers.push(Some(n));
        } else if numbers.last() != Some(&None) {
            numbers.push(None);
        }
    }
    numbers
}

fn number(n: Option<i64>, page: i64, href: impl Fn(i64) -> String) -> AnyView {
    match n {
        None => view! { <span class="px-1 text-ink-3" aria-hidden="true">"…"</span> }.into_any(),
        Some(n) => view! {
            <a href=href(n) class="page-link" aria-label=format!("Page {n}") aria-current=(n == page).then_some("page")>
                {n}
            </a>
        }
        .into_any(),
    }
}

fn step(label: &'static str, glyph: Glyph, rel: &'static str, href: Option<String>) -> AnyView {
    let before = rel == "prev";
    let key = if before { PREVIOUS } else { NEXT };
    match href {
        Some(href) => view! {
            <a href=href rel=rel data-key=key class="btn border border-line-strong bg-surface text-ink hover:bg-sunken">
                {before.then(|| view! { <Icon glyph/> })}
                {label}
                {(!before).then(|| view! { <Icon glyph/> })}
            </a>
        }
        .into_any(),
        None => view! { <span class="btn invisible" aria-hidden="true">{label}</span> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(page: i64, total: i64) -> String {
        let numbers = shown(page, total);
        numbers
            .iter()
            .map(|n| n.map_or("…".to_owned(), |n| n.to_string()))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn the_ends_and_the_neighbours_are_shown() {
        assert_eq!(text(1, 3), "1 2 3");
        assert_eq!(text(5, 24), "1 … 4 5 6 … 24");
        assert_eq!(text(24, 24), "1 … 23 24");
    }

    #[test]
    fn one_page_needs_no_pager() {
        let html = Owner::new()
            .with(|| view! { <Pager page=1 total_pages=1 href=|n| n.to_string()/> }.to_html());

        assert!(!html.contains("<nav"), "{html}");
    }
}
