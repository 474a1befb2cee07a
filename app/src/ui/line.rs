//! Fields of repeated lines: posted under a name like `parts[0][amount]`, with their problems under `parts[0].amount`.

use leptos::prelude::*;

use super::{
    Choice, InputKind,
    field::{error_view, label_view},
    form::FormScope,
};

/// Where a field of a line stands in its form.
struct Spot {
    id: String,
    name: String,
    value: Option<String>,
    error: Option<String>,
    error_id: Option<String>,
}

impl Spot {
    fn new(list: &str, line: usize, field: &str, value: Option<String>) -> Self {
        let scope = FormScope::current();
        let (name, problem) =
            (format!("{list}[{line}][{field}]"), format!("{list}[{line}].{field}"));
        let id = scope.id(&problem);
        let error = scope.state.error(&problem).map(|error| error.message.clone());
        let error_id = error.as_ref().map(|_| format!("{id}-error"));
        let value = scope.state.value(&name).map(str::to_owned).or(value);
        Self { id, name, value, error, error_id }
    }
}

/// A field of one line of text.
#[component]
pub fn LineField(
    /// The name of the list: `parts`.
    list: &'static str,
    /// Which line, from 0.
    line: usize,
    /// The name inside the line: `amount`.
    field: &'static str,
    /// The label.
    label: &'static str,
    /// What it takes.
    #[prop(optional)]
    kind: InputKind,
    /// What stands in it on a first visit.
    #[prop(into)]
    value: String,
    /// The most characters a person can type.
    maxlength: u32,
) -> AnyView {
    let spot = Spot::new(list, line, field, Some(value));
    view! {
        <div class="flex min-w-0 flex-col gap-1">
            {label_view(spot.id.clone(), label.to_owned(), false)}
            <input
                id=spot.id
                name=spot.name
                type=kind.html_type()
                inputmode=kind.inputmode()
                class="control control-compact"
                value=spot.value
                maxlength=maxlength
                autocomplete="off"
                aria-invalid=spot.error.as_ref().map(|_| "true")
                aria-describedby=spot.error_id.clone()
            />
            {error_view(spot.error_id, spot.error)}
        </div>
    }
    .into_any()
}

/// A choice.
#[component]
pub fn LineSelect(
    /// The name of the list: `parts`.
    list: &'static str,
    /// Which line, from 0.
    line: usize,
    /// The name inside the line: `category`.
    field: &'static str,
    /// The label.
    label: &'static str,
    /// The choices, in order; the first is an empty one.
    choices: Vec<Choice>,
    /// What is chosen on a first visit.
    #[prop(into)]
    value: String,
) -> AnyView {
    let spot = Spot::new(list, line, field, Some(value));
    let chosen = spot.value.clone();
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = chosen.as_deref() == Some(&choice.value);
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect_view();
    view! {
        <div class="flex min-w-0 flex-col gap-1">
            {label_view(spot.id.clone(), label.to_owned(), false)}
            <select
                id=spot.id
                name=spot.name
                class="control control-compact select"
                aria-invalid=spot.error.as_ref().map(|_| "true")
                aria-describedby=spot.error_id.clone()
            >
                <option value="">"Choose a category"</option>
                {options}
            </select>
            {error_view(spot.error_id, spot.error)}
        </div>
    }
    .into_any()
}
