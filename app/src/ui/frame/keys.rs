//! The list of single keys: a dialog on every page, and the page `/keys`.

use leptos::prelude::*;

use crate::{
    islands::keys::{HELP, SHORTCUTS, Shortcut},
    preferences::Keys,
    routes,
    transactions::ROW_KEYS,
    ui::{Dialog, PublicShell},
};

/// The list as a dialog, which its key opens; nothing where single keys are off.
#[component]
pub fn KeysHelp() -> impl IntoView {
    (Keys::current() == Keys::On).then(|| {
        view! {
            <Dialog id=HELP title="Keyboard shortcuts">
                {list()}
                <p class="mt-4 text-sm">
                    <a href=routes::PREFERENCES class="link inline-flex min-h-6 items-center">"Turn single keys off"</a>
                </p>
            </Dialog>
        }
    })
}

/// `/keys`: the same list for whoever runs no script, or turned the keys off.
#[component]
pub fn KeysPage() -> AnyView {
    let off = (Keys::current() == Keys::Off).then(|| {
        view! { <p class="mt-2" data-testid="keys-off">"Single keys are off in this browser."</p> }
    });
    view! {
        <PublicShell page="keys" title="Keyboard shortcuts">
            <div class="mx-auto max-w-2xl px-4 py-12 md:py-16">
                <h1 class="text-2xl font-semibold">"Keyboard shortcuts"</h1>
                <p class="mt-2 text-ink-2">
                    "They work on pages of signed-in people once their script runs, outside of fields. Each does what a link or a button does too. "
                    <a href=routes::PREFERENCES class="link">"Turn them on or off"</a>
                </p>
                {off}
                <div class="mt-6">{list()}</div>
            </div>
        </PublicShell>
    }
    .into_any()
}

fn list() -> AnyView {
    const GRID: &str = "grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-2";
    let of_pages = SHORTCUTS.iter().map(row).collect_view();
    let of_rows = ROW_KEYS
        .map(|(press, does)| {
            view! {
                <dt class="text-sm">{key(press)}</dt>
                <dd class="text-ink-2">{does}</dd>
            }
        })
        .into_view();
    view! {
        <dl class=GRID data-testid="keys-list">{of_pages}</dl>
        <p class="mt-5 mb-2 font-medium">"On a transaction in the list"</p>
        <dl class=GRID data-testid="keys-list-rows">{of_rows}</dl>
    }
    .into_any()
}

fn row(shortcut: &Shortcut) -> impl IntoView + use<> {
    let Shortcut { press, does, .. } = *shortcut;
    let keys = match press.split_once(' ') {
        None => key(press).into_any(),
        Some((first, second)) => view! { {key(first)} " then " {key(second)} }.into_any(),
    };
    view! {
        <dt class="text-sm">{keys}</dt>
        <dd class="text-ink-2">{does}</dd>
    }
}

fn key(name: &'static str) -> impl IntoView {
    view! { <kbd class="key key-shown">{name}</kbd> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::frame::nav;

    #[test]
    fn every_key_is_in_the_list() {
        let html = Owner::new().with(|| list().to_html());

        assert_eq!(html.matches("<dt").count(), SHORTCUTS.len() + ROW_KEYS.len(), "{html}");
        assert_eq!(html.matches(" then ").count(), 6, "{html}");
    }

    #[test]
    fn every_key_that_goes_somewhere_goes_where_the_navigation_does() {
        for shortcut in SHORTCUTS.iter().filter(|shortcut| !shortcut.to.is_empty()) {
            assert!(nav::has(shortcut.to), "{shortcut:?}");
        }
    }

    #[test]
    fn turned_off_there_is_no_dialog() {
        let html = Owner::new().with(|| {
            provide_context(Keys::Off);
            view! { <KeysHelp/> }.to_html()
        });

        assert!(!html.contains("<dialog"), "{html}");
    }
}
