//! Fields with given answers: select, checkbox, radio buttons.

use leptos::prelude::*;

use super::{
    field::{Meta, error_view, hint_view, label_view},
    form::FormScope,
};

/// One choice of a select or a group of radio buttons.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A sentence under it; radio buttons only.
    pub hint: Option<String>,
}

impl Choice {
    /// A choice without a sentence.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// Adds a sentence under it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A native select.
#[component]
pub fn SelectField(
    /// The name it is posted under.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// The choices, in order.
    choices: Vec<Choice>,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is chosen on a first visit.
    #[prop(optional, into)]
    value: Option<String>,
    /// The first, empty choice: "Choose one".
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
) -> AnyView {
    let meta = Meta::new(name, hint.as_ref(), value);
    let chosen = meta.value.clone();
    let first = placeholder.map(|text| view! { <option value="">{text}</option> });
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = chosen.as_deref() == Some(&choice.value);
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect_view();
    view! {
        <div class="flex flex-col gap-1.5">
            {label_view(meta.id.clone(), label, optional)}
            {hint_view(meta.hint_id.clone(), hint)}
            <select
                id=meta.id.clone()
                name=name
                class="control select"
                required=!optional
                aria-invalid=meta.invalid()
                aria-describedby=meta.described_by(None)
            >
                {first}
                {options}
            </select>
            {error_view(meta.error_id, meta.error)}
        </div>
    }
    .into_any()
}

/// A checkbox with its label at the right. Posts `value` when it is ticked.
#[component]
pub fn Checkbox(
    /// The name it is posted under.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// What is posted.
    #[prop(default = "true")]
    value: &'static str,
    /// Whether it is ticked on a first visit.
    #[prop(optional)]
    checked: bool,
) -> AnyView {
    let scope = FormScope::current();
    let id = scope.id(name);
    let posted = scope.state.was_posted();
    let ticked = if posted { scope.state.values(name).iter().any(|v| v == value) } else { checked };
    view! {
        <label class="flex min-h-8 w-fit items-center gap-2.5 text-sm">
            <input id=id name=name type="checkbox" value=value checked=ticked class="tick"/>
            {label}
        </label>
    }
    .into_any()
}

/// A question with a few answers, each with its own sentence.
#[component]
pub fn RadioGroup(
    /// The name it is posted under.
    name: &'static str,
    /// The question.
    #[prop(into)]
    legend: String,
    /// The answers, in order.
    choices: Vec<Choice>,
    /// What is chosen on a first visit.
    #[prop(optional, into)]
    value: Option<String>,
) -> AnyView {
    let meta = Meta::new(name, None, value);
    let described = meta.described_by(None);
    let id = meta.id.clone();
    let chosen = meta.value.clone();
    let answers = choices
        .into_iter()
        .enumerate()
        .map(|(n, choice)| {
            let id = if n == 0 { id.clone() } else { format!("{id}-{n}") };
            let checked = chosen.as_deref() == Some(&choice.value);
            view! {
                <label class="choice">
                    <input id=id type="radio" name=name value=choice.value checked=checked class="tick mt-0.5"/>
                    <span>
                        <span class="font-medium">{choice.label}</span>
                        {choice.hint.map(|hint| view! { <span class="block text-ink-2">{hint}</span> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="flex flex-col gap-2" aria-describedby=described>
            <legend class="mb-1.5 text-sm font-medium">{legend}</legend>
            {answers}
            {error_view(meta.error_id, meta.error)}
        </fieldset>
    }
    .into_any()
}
