//! Reads a file to import as soon as it is chosen, on the device, and shows what is in it. The reading is a worker's,
//! with the parser of the server (`frontend/reader`); what the server reads afterwards is what counts.

use std::cell::RefCell;

use domain::Code;
use js_sys::{Array, Reflect};
use leptos::{
    ev, html,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
};
use serde::{Deserialize, Serialize};
use web_sys::Element;

use super::js::{call, get, new, object};

thread_local! {
    /// The worker of this page. It is no part of the view, which the server drops on whichever thread ends the answer.
    static WORKER: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// An account that a file may be for, as far as reading it depends on that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAccount {
    /// The value of its option.
    pub id: String,
    /// ISO 4217.
    pub currency: String,
    /// The last digits of its number: of several statements, its own is found by them.
    pub mask: Option<String>,
}

/// The form's fields and button (its children), then what the file holds.
#[island]
pub fn FileLook(
    /// The largest size in bytes.
    most: u32,
    /// The address of the worker's script.
    reader: String,
    /// Every account that can be chosen.
    accounts: Vec<LookAccount>,
    /// The person's day: `2026-06-10`.
    today: String,
    children: Children,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let number = StoredValue::new(0_u32);
    let look = move |event: ev::Event| {
        let Some(place) = place.get_untracked() else { return };
        // Answers about an earlier choice are late.
        number.update_value(|number| *number += 1);
        place.set_text_content(None);
        let Some((file, account)) = chosen(&event) else { return };
        if file.size() > f64::from(most) {
            refuse(&place, &Code::FileTooLarge.message());
            return;
        }
        // Until one is chosen the first stands for it.
        let account = accounts.iter().find(|one| one.id == account).or(accounts.first());
        let Some(account) = account else { return };
        let worker = WORKER.with_borrow_mut(|worker| {
            if worker.is_none() {
                *worker = start(&reader, place.into(), number);
            }
            worker.clone()
        });
        let Some(worker) = worker else { return };
        let mask = account.mask.as_ref().map_or(JsValue::UNDEFINED, JsValue::from);
        let question = object(&[
            ("id", number.get_value().into()),
            ("file", file.into()),
            ("currency", (&account.currency).into()),
            ("mask", mask),
            ("today", (&today).into()),
        ]);
        // A file that the worker can't be given is read by the server alone.
        let _ = call(&worker, "postMessage", &[question]);
    };
    view! {
        <div class="contents" on:change=look>{children()}</div>
        <div node_ref=place class="file-look needs-script" aria-live="polite" data-testid="import-look"></div>
    }
}

/// The file that is chosen, and the account beside it.
fn chosen(event: &ev::Event) -> Option<(web_sys::File, String)> {
    let around: Element = event.current_target()?.dyn_into().ok()?;
    let input: web_sys::HtmlInputElement =
        around.query_selector("input[type=file]").ok()??.dyn_into().ok()?;
    let account = around.query_selector("select").ok().flatten();
    let account = account.and_then(|select| get(&select, "value").ok()?.as_string());
    Some((input.files()?.get(0)?, account.unwrap_or_default()))
}

/// Starts the worker; nothing where the browser has none, and where it fails nothing more is said.
fn start(script: &str, place: Element, number: StoredValue<u32>) -> Option<JsValue> {
    let worker = new("Worker", &[script.into(), object(&[("type", "module".into())])]).ok()?;
    let heard = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let Ok(answer) = get(&event, "data") else { return };
        let id = get(&answer, "id").ok().and_then(|id| id.as_f64());
        if id == Some(f64::from(number.get_value())) {
            show(&place, &answer);
        }
    });
    Reflect::set(&worker, &"onmessage".into(), heard.as_ref()).ok()?;
    // It listens as long as the page is there.
    heard.forget();
    Some(worker)
}

/// Puts the answer of the worker on the page. Views would weigh seventy kilobytes more than these elements.
fn show(place: &Element, answer: &JsValue) {
    if let Some(problem) = get(answer, "problem").ok().and_then(|problem| problem.as_string()) {
        refuse(place, &problem);
        return;
    }
    let [lines, columns, cells] = ["lines", "columns", "cells"].map(|name| texts(answer, name));
    if lines.is_empty() {
        return;
    }
    for line in &lines {
        add(place, "p", "", line);
    }
    add(place, "p", "text-ink-2", "This file is read on your device first.");
    let Some(region) = add(place, "div", "overflow-x-auto", "") else { return };
    for (name, value) in
        [("role", "region"), ("tabindex", "0"), ("aria-label", "The first rows of the file")]
    {
        // Fails for names that are none.
        let _ = region.set_attribute(name, value);
    }
    let Some(table) = add(&region, "table", "", "") else { return };
    let rows = [("th", &*columns)].into_iter();
    let rows = rows.chain(cells.chunks(columns.len().max(1)).map(|cells| ("td", cells)));
    for (tag, cells) in rows {
        let Some(row) = add(&table, "tr", "", "") else { return };
        for cell in cells {
            add(&row, tag, "", cell);
        }
    }
}

fn refuse(place: &Element, problem: &str) {
    if let Some(said) = add(place, "p", "verdict verdict-wrong text-negative", problem) {
        // Fails for names that are none.
        let _ = said.set_attribute("role", "alert");
    }
}

/// Adds an element with a text.
fn add(to: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    to.append_child(&element).ok()?;
    Some(element)
}

fn texts(answer: &JsValue, name: &str) -> Vec<String> {
    let list: Option<Array> = get(answer, name).ok().and_then(|list| list.dyn_into().ok());
    list.map(|list| list.iter().filter_map(|text| text.as_string()).collect()).unwrap_or_default()
}
