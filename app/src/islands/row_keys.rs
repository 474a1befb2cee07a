//! Keys on the rows of the list: the focus goes from row to row, and single keys do what links and forms do too. A row's
//! keys come before the page's.

use std::cell::Cell;

use js_sys::Array;
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
};
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::{
    js::{call, get, global, new, object},
    keys::{is_covered, is_there},
};

const ROWS: &str = "[data-testid=tx-row]";
const DETAILS: &str = "#row-details";
const MESSAGE: &str = "#flash";
/// The page that asks before a row is deleted, and the form that changes many: the browser has no list of routes.
const DELETE: &str = "/transactions/delete";
const CHANGE: &str = "/transactions/change";
/// Where single keys belong to what is typed. A tick takes no text.
const FIELDS: &str = "input:not([type=checkbox]), textarea, select, [contenteditable]";
/// Under this name the tab remembers the row that had the focus when a key sent a form.
const LEFT: &str = "row-left";
/// On the details: something was typed that Escape must not lose.
const TYPED: &str = "data-typed";

/// Watches the keys of this page. Prints nothing.
#[island]
pub fn RowKeys(
    /// Whether single keys are on; Escape is always.
    single: bool,
) -> impl IntoView {
    Effect::new(move |_| {
        let after_g = Cell::new(false);
        listen("keydown", move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>()
                && pressed(event, single, &after_g)
            {
                event.prevent_default();
                event.stop_propagation();
            }
        });
        listen("input", |event| {
            if let Some(details) = target(&event).and_then(|target| around(&target, DETAILS)) {
                let _ = details.set_attribute(TYPED, "true");
            }
        });
        if let Ok(Some(row)) = document().query_selector("tr[data-open]") {
            let _ = call(&row, "scrollIntoView", &[object(&[("block", "nearest".into())])]);
        }
        let _ = focus_left();
        focus_named();
    });
}

/// The next page begins where this one was left.
fn leave(row: &str) -> Option<()> {
    let tab = get(&global(), "sessionStorage").ok()?;
    call(&tab, "setItem", &[LEFT.into(), row.into()]).ok().map(drop)
}

fn focus_left() -> Option<()> {
    let tab = get(&global(), "sessionStorage").ok()?;
    let left = call(&tab, "getItem", &[LEFT.into()]).ok()?.as_string()?;
    call(&tab, "removeItem", &[LEFT.into()]).ok()?;
    let row =
        rows(ROWS).into_iter().find(|row| row.get_attribute("data-id").as_ref() == Some(&left))?;
    link(&row)?.focus().ok()
}

/// Some browsers scroll to what the address names, and leave the focus where it was.
fn focus_named() {
    let is_free = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    let named = document().query_selector("#row-details:target, #row-details :target");
    let named = named.ok().flatten().and_then(|named| named.dyn_into::<HtmlElement>().ok());
    if let Some(named) = named.filter(|_| is_free) {
        let _ = named.focus();
    }
}

/// Before any other listener of the page, and as long as the page.
fn listen(name: &str, listener: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(listener);
    let function = listener.as_ref().unchecked_ref();
    let _ = window().add_event_listener_with_callback_and_bool(name, function, true);
    listener.forget();
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn around(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// Whether the key was one of ours.
fn pressed(event: &KeyboardEvent, single: bool, after_g: &Cell<bool>) -> bool {
    let is_taken = event.default_prevented() || event.is_composing();
    if is_taken || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    if is_covered() {
        return false;
    }
    let key = event.key();
    let is_in = |what| target(event).is_some_and(|target| around(&target, what).is_some());
    let is_typed = is_in(FIELDS);
    if key == "Escape" {
        // The message, and fields outside of the details, have an Escape of their own.
        return !is_in(MESSAGE) && (!is_typed || is_in(DETAILS)) && close();
    }
    if is_typed || !single || is_there("html[data-keys=off]") {
        return false;
    }
    // "g" and a second key lead to another page.
    if after_g.replace(key == "g") {
        return false;
    }
    let row = document().active_element().and_then(|element| around(&element, ROWS));
    match (key.as_str(), row) {
        ("j", row) => step(ROWS, row.as_ref(), true),
        ("k", row) => step(ROWS, row.as_ref(), false),
        ("ArrowDown", Some(row)) => step(ROWS, Some(&row), true),
        ("ArrowUp", Some(row)) => step(ROWS, Some(&row), false),
        (key, Some(row)) if !event.repeat() => act(key, &row).is_some(),
        _ => false,
    }
}

/// Leaves the details, unless something was typed there.
fn close() -> bool {
    let link = format!("{DETAILS}:not([{TYPED}]) [data-testid=row-close]");
    let link = document().query_selector(&link).ok().flatten();
    link.is_some_and(|link| click(&link).is_some())
}

/// Every row of a kind, in the order of the page.
fn rows(kind: &str) -> Vec<Element> {
    let found = call(&document(), "querySelectorAll", &[kind.into()]);
    let found = found.map(|found| Array::from(&found)).unwrap_or_default();
    found.iter().filter_map(|row| row.dyn_into().ok()).collect()
}

/// Moves the focus to the link of the next row of a kind, or of the one before.
pub(super) fn step(kind: &str, row: Option<&Element>, is_down: bool) -> bool {
    let rows = rows(kind);
    // After the details were closed, the row that they were of.
    let here = row.cloned().or_else(|| document().query_selector("tr:target").ok().flatten());
    let here = here.and_then(|here| rows.iter().position(|row| *row == here));
    let next = match (here, is_down) {
        (None, _) => Some(0),
        (Some(here), true) => here.checked_add(1),
        (Some(here), false) => here.checked_sub(1),
    };
    let link = next.and_then(|next| rows.get(next)).and_then(link);
    link.is_some_and(|link| link.focus().is_ok())
}

/// The link of a row, which has the focus for it.
fn link(row: &Element) -> Option<HtmlElement> {
    row.query_selector("a[href]").ok()??.dyn_into().ok()
}

fn click(element: &Element) -> Option<()> {
    element.dyn_ref::<HtmlElement>().map(HtmlElement::click)
}

/// What a key does to a row; nothing when it is none of ours.
fn act(key: &str, row: &Element) -> Option<()> {
    match key {
        "o" => {
            link(row)?.click();
            Some(())
        }
        "x" => click(&tick(row)?),
        "X" => {
            let shift = object(&[
                ("bubbles", true.into()),
                ("cancelable", true.into()),
                ("shiftKey", true.into()),
            ]);
            let event = new("MouseEvent", &["click".into(), shift]).ok()?;
            let tick = tick(row)?;
            call(&tick, "dispatchEvent", &[event]).ok().map(drop)
        }
        "c" => open_at(row, "edit-category"),
        "n" => open_at(row, "edit-note"),
        "t" => open_at(row, "transfer-choose"),
        "e" => leave_out(row),
        "#" => {
            let id = row.get_attribute("data-id")?;
            let back = js_sys::encode_uri_component(&back());
            window().location().set_href(&format!("{DELETE}?ids={id}&back={back}")).ok()
        }
        _ => None,
    }
}

fn tick(row: &Element) -> Option<Element> {
    row.query_selector("input[type=checkbox]").ok()?
}

/// Opens the row with the focus on one of its fields.
fn open_at(row: &Element, field: &str) -> Option<()> {
    let href = link(row)?.get_attribute("href")?;
    let page = href.split('#').next().unwrap_or_default();
    window().location().set_href(&format!("{page}#{field}")).ok()
}

/// The query of the list, as its form has it.
fn back() -> String {
    let field = document().query_selector(".bulk input[name=back]").ok().flatten();
    field.and_then(|field| field.get_attribute("value")).unwrap_or_default()
}

/// The change of many, for this row alone.
fn leave_out(row: &Element) -> Option<()> {
    let action = if row.has_attribute("data-excluded") { "include" } else { "exclude" };
    let id = row.get_attribute("data-id")?;
    let _ = leave(&id);
    let form = document().create_element("form").ok()?;
    let fields = [("ids[]", id), ("action", action.to_owned()), ("back", back())];
    for (name, value) in fields {
        let field = document().create_element("input").ok()?;
        for (attribute, text) in [("type", "hidden"), ("name", name), ("value", &value)] {
            field.set_attribute(attribute, text).ok()?;
        }
        form.append_child(&field).ok()?;
    }
    form.set_attribute("method", "post").ok()?;
    form.set_attribute("action", CHANGE).ok()?;
    document().body()?.append_child(&form).ok()?;
    call(&form, "submit", &[]).ok().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes;

    #[test]
    fn keys_lead_where_links_and_forms_do() {
        assert_eq!(DELETE, routes::DELETE_TRANSACTION);
        assert_eq!(CHANGE, routes::CHANGE_TRANSACTIONS);
    }
}
