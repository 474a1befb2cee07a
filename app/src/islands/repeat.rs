//! Says that two fields differ, when a person leaves the second; quiet again as soon as they type.

use domain::{AccountNumber, Code};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast};

use super::goes_to_button;

/// Watches two fields by their ids. The values stay in the page.
#[island]
pub fn Repeat(
    /// The first field's id.
    first: String,
    /// The second field's id.
    second: String,
) -> impl IntoView {
    let differ = RwSignal::new(false);
    let (one, two) = (StoredValue::new(first), StoredValue::new(second));
    Effect::new(move |_| {
        let left = window_event_listener(ev::focusout, move |event| {
            if !goes_to_button(&event)
                && target_id(&event).is_some_and(|id| two.with_value(|two| *two == id))
            {
                differ.set(are_different(&value(&one.get_value()), &value(&two.get_value())));
            }
        });
        let typed = window_event_listener(ev::input, move |event| {
            let ours =
                |id: String| [one, two].iter().any(|field| field.with_value(|field| *field == id));
            if target_id(&event).is_some_and(ours) {
                differ.set(false);
            }
        });
        on_cleanup(move || {
            left.remove();
            typed.remove();
        });
    });
    view! {
        <p class=move || if differ.get() { "verdict verdict-wrong text-negative" } else { "hidden" } aria-live="polite">
            {move || if differ.get() { Code::AccountNumberMismatch.message() } else { "".into() }}
        </p>
    }
}

/// Whether the second number is typed and not the same as the first. Spaces and hyphens don't count.
fn are_different(first: &str, second: &str) -> bool {
    match (AccountNumber::parse(first), AccountNumber::parse(second)) {
        (Ok(first), Ok(second)) => !first.is_same(&second),
        _ => !second.trim().is_empty() && first.trim() != second.trim(),
    }
}

fn target_id(event: &web_sys::Event) -> Option<String> {
    Some(event.target()?.dyn_into::<web_sys::Element>().ok()?.id())
}

fn value(id: &str) -> String {
    let input = document().get_element_by_id(id);
    input
        .and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok())
        .map(|input| input.value())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_second_field_is_not_wrong_yet() {
        assert!(!are_different("000123456789", ""));
    }

    #[test]
    fn spaces_and_hyphens_do_not_make_a_difference() {
        assert!(!are_different("0001-2345 6789", "000123456789"));
        assert!(are_different("000123456789", "000123456780"));
        assert!(are_different("000123456789", "123456789"));
    }
}
