//! The filters that are on, each with a link that switches it off.

use domain::Chip;
use leptos::prelude::*;

use crate::{
    routes,
    ui::{Glyph, Icon, query::with_query},
};

/// Removable chips, and Clear all. Prints nothing when no filter is on.
#[component]
pub fn Chips(
    /// The filters that are on.
    chips: Vec<Chip>,
) -> impl IntoView {
    (!chips.is_empty()).then(|| {
        let items = chips.into_iter().map(|chip| view! { <li>{link(chip)}</li> }).collect_view();
        view! {
            <ul class="flex flex-wrap items-center gap-2" aria-label="Filters that are on" data-testid="transactions-chips">
                {items}
                <li><a href=routes::TRANSACTIONS class="link inline-flex min-h-8 items-center px-1 text-sm">"Clear all"</a></li>
            </ul>
        }
    })
}

fn link(chip: Chip) -> impl IntoView {
    let href = with_query(routes::TRANSACTIONS, &chip.without);
    view! {
        <a href=href class="chip" data-testid="transactions-chip" data-id=chip.name>
            <span class="sr-only">"Remove filter: "</span>
            <span class="max-w-60 truncate">{chip.label}</span>
            <Icon glyph=Glyph::X/>
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_leads_to_the_list_without_its_filter() {
        let chips = vec![
            Chip { name: "q", label: "“coffee”".into(), without: "type=debit".into() },
            Chip { name: "type", label: "Money out".into(), without: String::new() },
        ];

        let html = Owner::new().with(|| view! { <Chips chips/> }.to_html());

        assert!(html.contains(r#"href="/transactions?type=debit""#), "{html}");
        assert!(html.contains(r#"href="/transactions""#), "{html}");
        assert!(html.contains("Clear all"), "{html}");
    }

    #[test]
    fn no_filter_means_no_chips() {
        let html = Owner::new().with(|| view! { <Chips chips=Vec::new()/> }.to_html());

        assert!(!html.contains("Clear all"), "{html}");
    }
}
