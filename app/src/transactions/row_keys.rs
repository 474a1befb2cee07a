//! What the keys of rows do, for people. `islands::RowKeys` does it.

use leptos::prelude::*;

use crate::preferences::Keys;

/// Each key with what it does to the row that has the focus; help shows this list too.
pub(crate) const ROW_KEYS: [(&str, &str); 10] = [
    ("j, ↓", "next row"),
    ("k, ↑", "previous row"),
    ("Enter, o", "open the row"),
    ("x", "tick the row"),
    ("Shift x", "tick all since the last tick"),
    ("c", "its category"),
    ("n", "its note"),
    ("t", "its transfer"),
    ("e", "leave it out of budgets, or count it again"),
    ("#", "delete it, after a question"),
];

/// The list, folded; nothing when keys are off.
#[component]
pub(super) fn RowKeysList() -> impl IntoView {
    (Keys::current() == Keys::On).then(|| {
        let rows = ROW_KEYS.map(|(key, what)| {
            view! {
                <dt><kbd class="key key-shown">{key}</kbd></dt>
                <dd class="text-ink-2">{what}</dd>
            }
        });
        view! {
            <details class="needs-script text-sm" data-testid="row-keys">
                <summary class="inline-flex min-h-6 cursor-pointer items-center text-ink-2">"Keys on rows"</summary>
                <dl class="my-3 grid grid-cols-[auto_1fr] items-baseline gap-x-3 gap-y-1">{rows.into_view()}</dl>
            </details>
        }
    })
}
