//! Tables: real ones, with a caption, in a scroller of their own.

use leptos::prelude::*;

/// A column's heading.
#[derive(Clone, Debug)]
pub struct Column {
    label: String,
    number: bool,
    hidden: bool,
    sort: Option<(String, Option<Order>)>,
}

/// The direction a column is sorted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl Column {
    /// A column of words.
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), number: false, hidden: false, sort: None }
    }

    /// A column of figures, at the right.
    pub fn number(label: impl Into<String>) -> Self {
        Self { number: true, ..Self::text(label) }
    }

    /// A column whose heading only assistive technology reads: "Actions".
    pub fn unseen(label: impl Into<String>) -> Self {
        Self { hidden: true, ..Self::text(label) }
    }

    /// Makes the heading a link that sorts; `order` is how it is sorted now.
    #[must_use]
    pub fn sorted_by(mut self, href: impl Into<String>, order: Option<Order>) -> Self {
        self.sort = Some((href.into(), order));
        self
    }
}

/// A table. Its rows (`<tbody>` and [`Cell`]s) are the children.
#[component]
pub fn DataTable(
    /// What the table holds; names the scroller of a table that is not stacked, too.
    #[prop(into)]
    caption: String,
    /// Whether the caption is for assistive technology only.
    #[prop(default = true)]
    caption_hidden: bool,
    /// The headings.
    columns: Vec<Column>,
    /// Below 768 px each row becomes two lines; the cells say where they go ([`Place`]).
    #[prop(optional)]
    stacked: bool,
    children: Children,
) -> AnyView {
    let caption_class =
        if caption_hidden { "sr-only" } else { "py-2 text-left text-sm text-ink-2" };
    let label = caption.clone();
    view! {
        <div
            class="overflow-x-auto"
            role=(!stacked).then_some("region")
            aria-label=(!stacked).then_some(label)
            tabindex=(!stacked).then_some("0")
        >
            <table class="table" data-stacked=stacked.then_some("true") role="table">
                <caption class=caption_class>{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{columns.into_iter().map(heading).collect_view()}</tr>
                </thead>
                {children()}
            </table>
        </div>
    }
    .into_any()
}

fn heading(column: Column) -> impl IntoView {
    let class = if column.number { "text-right" } else { "text-left" };
    let order = column.sort.as_ref().and_then(|(_, order)| *order).map(|order| match order {
        Order::Ascending => "ascending",
        Order::Descending => "descending",
    });
    let label = match (column.sort, column.hidden) {
        (Some((href, _)), _) => view! { <a href=href class="sort">{column.label}</a> }.into_any(),
        (None, true) => view! { <span class="sr-only">{column.label}</span> }.into_any(),
        (None, false) => column.label.into_any(),
    };
    view! { <th scope="col" role="columnheader" class=class aria-sort=order>{label}</th> }
}

/// Where a cell goes when rows are stacked on narrow screens, and how it looks in a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// First line, left: what the row is.
    #[default]
    Main,
    /// First line, right: the amount.
    Amount,
    /// Second line, left.
    Under,
    /// Second line, right.
    UnderEnd,
    /// Not shown when stacked.
    Wide,
    /// A line of its own at the end: buttons.
    Actions,
    /// Before both lines: a tick.
    Tick,
}

impl Place {
    fn class(self) -> &'static str {
        match self {
            Self::Main => "cell-main",
            Self::Amount => "cell-amount",
            Self::Under => "cell-under",
            Self::UnderEnd => "cell-under-end",
            Self::Wide => "cell-wide",
            Self::Actions => "cell-actions",
            Self::Tick => "cell-tick",
        }
    }
}

/// A cell of a row (`<tr role="row">`).
#[component]
pub fn Cell(
    /// Where it goes.
    #[prop(optional)]
    place: Place,
    children: Children,
) -> AnyView {
    view! { <td role="cell" class=place.class()>{children()}</td> }.into_any()
}
