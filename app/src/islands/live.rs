//! Checks a field while a person fills it in: an error when they leave it, gone as soon as they type.

use domain::{AccountNumber, Email, RoutingNumber};
use leptos::{ev, prelude::*};
use serde::{Deserialize, Serialize};

use super::goes_to_button;

/// Which rule of `domain` a field is checked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// An e-mail address.
    Email,
    /// A bank's routing number; a right one is answered with the bank's name.
    RoutingNumber,
    /// The number of an account. It stays in the page.
    AccountNumber,
}

/// What a check says about a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Verdict {
    #[default]
    Silent,
    Wrong(String),
    Right(String),
}

impl Rule {
    /// Checks a value. An empty one is not wrong yet: the server asks for it when the form is sent.
    fn check(self, value: &str) -> Verdict {
        if value.trim().is_empty() {
            return Verdict::Silent;
        }
        match self {
            Self::Email => match Email::parse(value) {
                Ok(_) => Verdict::Silent,
                Err(code) => Verdict::Wrong(code.message().into_owned()),
            },
            Self::RoutingNumber => match RoutingNumber::parse(value) {
                Ok(number) => Verdict::Right(
                    number.bank_name().unwrap_or("A US bank's routing number").to_owned(),
                ),
                Err(code) => Verdict::Wrong(code.message().into_owned()),
            },
            Self::AccountNumber => match AccountNumber::parse(value) {
                Ok(_) => Verdict::Silent,
                Err(code) => Verdict::Wrong(code.message().into_owned()),
            },
        }
    }
}

/// The control (its children) with its message. The message's element is `{id}-error`.
#[island]
pub fn LiveField(
    /// The control's id.
    id: String,
    /// The rule.
    rule: Rule,
    /// What the server said about the value it was sent.
    error: Option<String>,
    children: Children,
) -> impl IntoView {
    let verdict = RwSignal::new(error.map_or(Verdict::Silent, Verdict::Wrong));
    let input = StoredValue::new(id.clone());
    let judge = move |new: Verdict| {
        mark_invalid(&input.get_value(), matches!(new, Verdict::Wrong(_)));
        verdict.set(new);
    };
    let leave = move |event: ev::FocusEvent| {
        if !goes_to_button(&event) {
            judge(rule.check(&event_target_value(&event)));
        }
    };
    let typed = move |event: ev::Event| {
        let now = rule.check(&event_target_value(&event));
        let hide = matches!(now, Verdict::Wrong(_)) || now == Verdict::Silent;
        judge(if hide { Verdict::Silent } else { now });
    };
    view! {
        <div class="contents" on:focusout=leave on:input=typed>
            {children()}
        </div>
        <p id=format!("{id}-error") class=move || class(&verdict.get()) aria-live="polite">
            <span class="sr-only">{move || word(&verdict.get())}</span>
            {move || text(verdict.get())}
        </p>
    }
}

fn class(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Silent => "hidden",
        Verdict::Wrong(_) => "verdict verdict-wrong text-negative",
        Verdict::Right(_) => "verdict verdict-right text-positive",
    }
}

fn word(verdict: &Verdict) -> &'static str {
    if matches!(verdict, Verdict::Wrong(_)) { "Error: " } else { "" }
}

fn text(verdict: Verdict) -> String {
    match verdict {
        Verdict::Silent => String::new(),
        Verdict::Wrong(text) | Verdict::Right(text) => text,
    }
}

fn mark_invalid(id: &str, invalid: bool) {
    if let Some(input) = document().get_element_by_id(id) {
        let _ = if invalid {
            input.set_attribute("aria-invalid", "true")
        } else {
            input.remove_attribute("aria-invalid")
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_is_not_wrong_yet() {
        assert_eq!(Rule::Email.check("  "), Verdict::Silent);
    }

    #[test]
    fn a_wrong_address_is_named_and_a_right_one_is_not() {
        assert!(matches!(Rule::Email.check("ada@"), Verdict::Wrong(_)));
        assert_eq!(Rule::Email.check("ada@example.com"), Verdict::Silent);
    }

    #[test]
    fn a_routing_number_with_a_wrong_digit_is_named() {
        assert!(matches!(Rule::RoutingNumber.check("021000022"), Verdict::Wrong(_)));
        assert!(!matches!(Rule::RoutingNumber.check("021000021"), Verdict::Wrong(_)));
    }
}
