//! Tabs are links: the state lives in the address.

use leptos::prelude::*;

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// The word on it.
    pub label: String,
    /// Where it goes.
    pub href: String,
    /// Whether it is the one that is shown.
    pub current: bool,
    /// A number after the word.
    pub count: Option<i64>,
}

impl Tab {
    /// A tab without a number.
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self { label: label.into(), href: href.into(), current, count: None }
    }

    /// Adds a number after the word.
    #[must_use]
    pub fn with_count(mut self, count: i64) -> Self {
        self.count = Some(count);
        self
    }
}

/// A row of tabs.
#[component]
pub fn Tabs(
    /// What the tabs are about, for assistive technology.
    label: &'static str,
    /// The tabs.
    items: Vec<Tab>,
) -> AnyView {
    view! {
        <nav aria-label=label class="-mx-4 overflow-x-auto px-4 md:mx-0 md:px-0">
            <ul class="flex gap-1 border-b border-line">
                {items.into_iter().map(|tab| view! { <li>{tab_link(tab)}</li> }).collect_view()}
            </ul>
        </nav>
    }
    .into_any()
}

fn tab_link(tab: Tab) -> impl IntoView {
    view! {
        <a href=tab.href class="tab" aria-current=tab.current.then_some("page")>
            {tab.label}
            {tab.count.map(|count| view! { <span class="ml-1.5 text-ink-3 tabular-nums">{count}</span> })}
        </a>
    }
}
