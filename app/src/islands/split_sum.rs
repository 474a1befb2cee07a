//! What a split leaves, while its amounts are typed. Without script the server says it when the page is asked again.

use domain::{
    Currency, Money,
    ledger::splits::{PartForm, SplitForm},
};
use js_sys::Array;
use leptos::{ev, prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, Event, HtmlInputElement};

use super::js::call;

/// Watches the amounts of the editor on this page. Prints nothing.
#[island]
pub fn SplitSum(
    /// The amount of the row, with its sign.
    minor: i64,
    /// ISO 4217.
    currency: String,
) -> impl IntoView {
    Effect::new(move |_| {
        let Ok(currency) = Currency::parse(&currency) else { return };
        let whole = Money::new(minor, currency);
        let typed = window_event_listener(ev::input, move |event| {
            if within(&event, "#split-parts").is_some() {
                say(&form(), whole);
            }
        });
        let pressed = window_event_listener(ev::click, move |event| {
            if within(&event, "[data-testid=split-balance]").is_some() {
                event.prevent_default();
                balance(whole);
            }
        });
        on_cleanup(move || {
            typed.remove();
            pressed.remove();
        });
    });
}

/// The element around the target of an event that is one of these.
fn within(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
}

fn fields() -> Vec<HtmlInputElement> {
    let amounts = "#split-parts input[name$='[amount]']";
    let found = call(&document(), "querySelectorAll", &[amounts.into()]);
    let found = found.map(|found| Array::from(&found)).unwrap_or_default();
    found.iter().filter_map(|field| field.dyn_into().ok()).collect()
}

/// The amounts as they stand in the editor.
fn form() -> SplitForm {
    let part = |field: HtmlInputElement| PartForm { amount: field.value(), ..PartForm::default() };
    SplitForm { parts: fields().into_iter().map(part).collect() }
}

fn say(form: &SplitForm, whole: Money) {
    let Ok(Some(line)) = document().query_selector("[data-testid=split-left]") else { return };
    if let Some((left, words)) = form.remaining(whole).zip(form.left_words(whole)) {
        let _ = line.set_attribute("data-minor", &left.minor.to_string());
        line.set_text_content(Some(&words));
    }
}

fn balance(whole: Money) {
    let Some(form) = form().balanced(whole) else { return };
    if let (Some(field), Some(part)) = (fields().pop(), form.parts.last()) {
        field.set_value(&part.amount);
        say(&form, whole);
    }
}
