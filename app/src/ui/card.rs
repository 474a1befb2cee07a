//! Cards: a bordered region with a heading.

use leptos::prelude::*;

/// A region with a heading, and a link at its right.
#[component]
pub fn Card(
    /// The id of the heading; it also names the region.
    id: &'static str,
    /// The heading.
    #[prop(into)]
    title: String,
    /// A label and a path at the right of the heading.
    #[prop(optional)]
    link: Option<(&'static str, &'static str)>,
    /// Takes the padding away, for tables and lists that reach the border.
    #[prop(optional)]
    flush: bool,
    children: Children,
) -> AnyView {
    let body = if flush { "" } else { "px-4 pb-4 md:px-5 md:pb-5" };
    view! {
        <section class="card min-w-0" aria-labelledby=id>
            <div class="flex min-h-12 items-center justify-between gap-4 px-4 pt-2 md:px-5">
                <h2 id=id class="text-base font-semibold">{title}</h2>
                {link.map(|(label, href)| view! { <a href=href class="link inline-flex min-h-6 items-center text-sm">{label}</a> })}
            </div>
            <div class=body>{children()}</div>
        </section>
    }
    .into_any()
}
