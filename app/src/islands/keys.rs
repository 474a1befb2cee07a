//! Single keys of pages. Each presses what the page has anyway, found by `data-key`; the list of them, for people, is made
//! from the same table. On a row that has the focus, the keys of rows are first.

use std::{cell::Cell, time::Duration};

use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
};
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

use super::{js::call, row_keys::step};

/// The key that goes to the search.
pub const SEARCH: &str = "/";
/// The key that shows the list of keys.
pub const LIST: &str = "?";
/// The key of a new thing.
pub const NEW: &str = "n";
/// The key that hides amounts, or shows them.
pub const HIDE: &str = "h";
/// The key of the page or period before.
pub const PREVIOUS: &str = "[";
/// The key of the page or period after.
pub const NEXT: &str = "]";
/// The keys of the Undo in the page's message; on a Mac with ⌘.
pub const UNDO: &str = "Ctrl+Z";
/// The id of the dialog with the list.
pub const HELP: &str = "keys-help";

/// The key before those that go somewhere.
const GO: &str = "g";
/// How long that key waits for the one after it.
const WAITS: Duration = Duration::from_millis(1500);
/// The parts of a page that F6 goes through, in their order.
const REGIONS: &str = ".banner, [data-region], #flash";
/// The rows of lists, in which the focus goes from one to the next. Those of transactions have keys of their own.
const ROWS: &str =
    "[data-testid=accounts-row], [data-testid=budget-row], [data-testid=series-row], [data-review]";
/// Where keys are typed.
const FIELDS: &str =
    "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

/// A key, or two one after the other, and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// The key, or two with a space between them: the `data-key` of what it presses.
    pub press: &'static str,
    /// What it does, for people.
    pub does: &'static str,
    /// Where it goes, if it goes somewhere.
    pub to: &'static str,
}

/// Every key of every page, in the order of the list.
pub const SHORTCUTS: [Shortcut; 17] = [
    does(SEARCH, "Search on this page, or all transactions"),
    does(NEW, "New on this page"),
    does("j", "Next row of a list; ↓ once a row has the focus"),
    does("k", "Row before in a list; ↑ once a row has the focus"),
    does(PREVIOUS, "Previous page or period"),
    does(NEXT, "Next page or period"),
    does(HIDE, "Hide amounts, or show them again"),
    goes("g d", "Go to the dashboard", "/dashboard"),
    goes("g a", "Go to accounts", "/accounts"),
    goes("g t", "Go to transactions", "/transactions"),
    goes("g b", "Go to budgets", "/budgets"),
    goes("g r", "Go to review", "/review"),
    goes("g s", "Go to settings", "/settings/profile"),
    does(UNDO, "Undo the last change on this page; on a Mac with ⌘"),
    does("F6", "Next part of the page; with Shift the one before"),
    does("Escape", "Close, clear or leave"),
    does(LIST, "This list"),
];

const fn does(press: &'static str, does: &'static str) -> Shortcut {
    goes(press, does, "")
}

const fn goes(press: &'static str, does: &'static str, to: &'static str) -> Shortcut {
    Shortcut { press, does, to }
}

/// The keys that go to a path.
pub fn go_to(path: &str) -> Option<&'static str> {
    SHORTCUTS.iter().find(|shortcut| shortcut.to == path).map(|shortcut| shortcut.press)
}

thread_local! {
    /// Whether the key before was the one that goes somewhere.
    static LED: Cell<bool> = const { Cell::new(false) };
}

/// Listens to the keys of the page. Prints nothing.
#[island]
pub fn PageKeys() -> impl IntoView {
    Effect::new(|_| {
        // The second key of two is heard before any other listener takes it for its own.
        let led = Closure::<dyn Fn(KeyboardEvent)>::new(|event: KeyboardEvent| follow(&event));
        let listener = led.as_ref().unchecked_ref();
        let _ = window().add_event_listener_with_callback_and_bool("keydown", listener, true);
        // It listens as long as the page is there.
        led.forget();
        let heard = window_event_listener(ev::keydown, |event| pressed(&event));
        on_cleanup(move || heard.remove());
    });
}

fn follow(event: &KeyboardEvent) {
    if LED.replace(false) && !is_chord(event) && press(&format!("{GO} {}", event.key())) {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn pressed(event: &KeyboardEvent) {
    if event.default_prevented() || event.is_composing() {
        return;
    }
    let is_typed = within(event, FIELDS).is_some() || is_there("[data-typed]");
    if is_undo(event) && !is_typed && !is_covered() && press(UNDO) {
        event.prevent_default();
    }
    if is_chord(event) {
        return;
    }
    let done = match event.key().as_str() {
        "F6" => next_region(event.shift_key()),
        "Escape" => leave(event),
        _ if is_off() || within(event, FIELDS).is_some() || is_covered() => false,
        "j" | "ArrowDown" => go_to_row(event, true),
        "k" | "ArrowUp" => go_to_row(event, false),
        _ if event.repeat() => false,
        GO => lead(),
        key => press(key),
    };
    if done {
        event.prevent_default();
    }
}

/// Whether a key is held that makes this one a command of the browser.
fn is_chord(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.alt_key()
}

/// Whether this is the browser's own Undo, which is the field's while somebody types in one.
fn is_undo(event: &KeyboardEvent) -> bool {
    let is_alone = !event.shift_key() && !event.alt_key() && !event.repeat();
    is_alone && (event.ctrl_key() || event.meta_key()) && event.key() == "z"
}

/// Whether the person turned single keys off.
fn is_off() -> bool {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute("data-keys")).is_some_and(|keys| keys == "off")
}

/// Whether something is open over the page.
pub(super) fn is_covered() -> bool {
    is_there("dialog[open]") || is_there("[popover]:popover-open")
}

pub(super) fn is_there(what: &str) -> bool {
    matches!(document().query_selector(what), Ok(Some(_)))
}

/// The nearest of these around what has the focus.
fn within(event: &KeyboardEvent, what: &str) -> Option<web_sys::Element> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest(what).ok()?
}

/// Moves the focus to the next row, or to the one before. An arrow does so from the link of a row alone: anywhere else
/// it scrolls, or is a field's.
fn go_to_row(event: &KeyboardEvent, is_down: bool) -> bool {
    let row = within(event, ROWS);
    let is_arrow = event.key().len() > 1;
    if is_arrow && (row.is_none() || within(event, "a").is_none()) {
        return false;
    }
    step(ROWS, row.as_ref(), is_down)
}

fn lead() -> bool {
    LED.set(true);
    set_timeout(|| LED.set(false), WAITS);
    true
}

/// Presses what a key of the table stands for; whether there was such a thing.
fn press(keys: &str) -> bool {
    if !SHORTCUTS.iter().any(|shortcut| shortcut.press == keys) {
        return false;
    }
    if keys == LIST {
        let list = document().get_element_by_id(HELP);
        return list.is_some_and(|list| call(&list, "showPopover", &[]).is_ok());
    }
    let find = |place| {
        let found = document().query_selector(&format!("{place}[data-key='{keys}']")).ok()??;
        found.dyn_into::<HtmlElement>().ok()
    };
    let Some(target) = find("main ").or_else(|| find("")) else { return false };
    match target.dyn_ref::<HtmlInputElement>() {
        Some(field) => {
            let _ = field.focus();
            field.select();
        }
        None => target.click(),
    }
    true
}

/// Moves the focus to the next part of the page. Past the last one the key is the browser's.
fn next_region(back: bool) -> bool {
    let Ok(list) = document().query_selector_all(REGIONS) else { return false };
    let regions: Vec<HtmlElement> = (0..list.length())
        .filter_map(|n| list.get(n)?.dyn_into::<HtmlElement>().ok())
        .filter(|region| region.offset_height() > 0)
        .collect();
    let focus = document().active_element();
    // The message stands inside of the content: the innermost counts.
    let now = regions.iter().rposition(|region| region.contains(focus.as_deref()));
    let next = match (now, back) {
        (None, true) => regions.len().checked_sub(1),
        (None, false) => Some(0),
        (Some(now), true) => now.checked_sub(1),
        (Some(now), false) => now.checked_add(1),
    };
    let Some(region) = next.and_then(|next| regions.get(next)) else { return false };
    if !region.has_attribute("tabindex") {
        let _ = region.set_attribute("tabindex", "-1");
    }
    region.focus().is_ok()
}

/// Closes the message that has the focus, clears a search, or leaves it.
fn leave(event: &KeyboardEvent) -> bool {
    if let Some(message) = within(event, "#flash") {
        message.remove();
        return true;
    }
    let search = within(event, "input[data-key]").and_then(|field| field.dyn_into().ok());
    let Some(field): Option<HtmlInputElement> = search else { return false };
    if field.value().is_empty() {
        return field.blur().is_ok();
    }
    field.set_value("");
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        for (n, one) in SHORTCUTS.iter().enumerate() {
            assert!(!one.does.is_empty(), "{one:?}");
            assert!(SHORTCUTS[..n].iter().all(|other| other.press != one.press), "{one:?}");
        }
    }

    #[test]
    fn the_first_of_two_keys_does_nothing_alone() {
        assert!(SHORTCUTS.iter().all(|shortcut| shortcut.press != GO));
        for shortcut in SHORTCUTS.iter().filter(|shortcut| !shortcut.to.is_empty()) {
            assert!(shortcut.press.starts_with("g "), "{shortcut:?}");
            assert_eq!(go_to(shortcut.to), Some(shortcut.press));
        }
        assert_eq!(go_to("/rules"), None);
    }

    #[test]
    fn keys_fit_into_a_selector() {
        assert!(SHORTCUTS.iter().all(|shortcut| !shortcut.press.contains(['\'', '\\'])));
    }
}
