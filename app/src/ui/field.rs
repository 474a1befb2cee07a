//! Form fields: label above, hint under it, the error under the control with an icon and words. Values and
//! errors come from the [`PostForm`](super::PostForm) around them.

use leptos::prelude::*;

use super::{Glyph, Icon, form::FormScope};
use crate::islands::{LiveField, Rule};

const CONTROL: &str = "control";

/// What a text field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Any line of text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// Digits, with the numeric keyboard: routing and account numbers, codes.
    Digits,
    /// An amount, with the decimal keyboard.
    Amount,
    /// A day.
    Date,
    /// Words to look for.
    Search,
}

impl InputKind {
    pub(super) fn html_type(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Date => "date",
            Self::Search => "search",
            Self::Text | Self::Digits | Self::Amount => "text",
        }
    }

    pub(super) fn inputmode(self) -> Option<&'static str> {
        match self {
            Self::Digits => Some("numeric"),
            Self::Amount => Some("decimal"),
            Self::Email => Some("email"),
            _ => None,
        }
    }
}

/// What every control has in common.
pub(super) struct Meta {
    pub id: String,
    pub value: Option<String>,
    pub error: Option<String>,
    pub hint_id: Option<String>,
    pub error_id: Option<String>,
}

impl Meta {
    pub fn new(name: &str, hint: Option<&String>, value: Option<String>) -> Self {
        let scope = FormScope::current();
        let id = scope.id(name);
        let error = scope.state.error(name).map(|error| error.message.clone());
        let hint_id = hint.map(|_| format!("{id}-hint"));
        let error_id = error.as_ref().map(|_| format!("{id}-error"));
        let value = scope.state.value(name).map(str::to_owned).or(value);
        Self { id, value, error, hint_id, error_id }
    }

    /// The ids that describe the control, hint first.
    pub fn described_by(&self, also: Option<String>) -> Option<String> {
        let ids: Vec<String> =
            self.hint_id.iter().chain(&self.error_id).chain(&also).cloned().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }
}

pub(super) fn label_view(id: String, label: String, optional: bool) -> impl IntoView {
    view! {
        <label for=id class="text-sm font-medium">
            {label}
            {optional.then(|| view! { <span class="font-normal text-ink-3">" (optional)"</span> })}
        </label>
    }
}

pub(super) fn hint_view(id: Option<String>, hint: Option<String>) -> impl IntoView {
    hint.map(|hint| view! { <p id=id class="text-sm text-ink-2">{hint}</p> })
}

pub(super) fn error_view(id: Option<String>, error: Option<String>) -> impl IntoView {
    error.map(|error| {
        view! {
            <p id=id class="flex items-start gap-1.5 text-sm font-medium text-negative" data-testid="field-error">
                <span class="mt-0.5 shrink-0"><Icon glyph=Glyph::CircleAlert/></span>
                <span><span class="sr-only">"Error: "</span>{error}</span>
            </p>
        }
    })
}

/// A field of one line.
#[component]
pub fn TextField(
    /// The name it is posted under.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// What it takes.
    #[prop(optional)]
    kind: InputKind,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What stands in it on a first visit.
    #[prop(optional, into)]
    value: Option<String>,
    /// The `autocomplete` tokens; `off` where the browser must not remember.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The most characters a person can type.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// The rule that checks it while it is filled in, with script.
    #[prop(optional)]
    live: Option<Rule>,
    /// At the right end of the label's line (a link).
    #[prop(optional)]
    aside: Option<AnyView>,
) -> impl IntoView {
    let meta = Meta::new(name, hint.as_ref(), value);
    let error_id = format!("{}-error", meta.id);
    let described = meta.described_by(live.map(|_| error_id).filter(|_| meta.error.is_none()));
    let control = view! {
        <input
            id=meta.id.clone()
            name=name
            type=kind.html_type()
            inputmode=kind.inputmode()
            class=CONTROL
            value=meta.value.clone()
            autocomplete=autocomplete
            autocapitalize=(kind != InputKind::Text).then_some("none")
            spellcheck=(kind != InputKind::Text).then_some("false")
            maxlength=maxlength
            required=!optional
            aria-invalid=meta.invalid()
            aria-describedby=described
        />
    };
    let id = meta.id.clone();
    let body = match live {
        Some(rule) => view! { <LiveField id rule error=meta.error>{control}</LiveField> }.into_any(),
        None => view! { {control} {error_view(meta.error_id, meta.error)} }.into_any(),
    };
    view! {
        <div class="flex flex-col gap-1.5">
            <div class="flex items-baseline justify-between gap-4">
                {label_view(meta.id, label, optional)}
                {aside}
            </div>
            {hint_view(meta.hint_id, hint)}
            {body}
        </div>
    }
}

/// A field of several lines.
#[component]
pub fn TextArea(
    /// The name it is posted under.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What stands in it on a first visit.
    #[prop(optional, into)]
    value: Option<String>,
    /// How many lines it shows.
    #[prop(default = 4)]
    rows: u32,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let meta = Meta::new(name, hint.as_ref(), value);
    view! {
        <div class="flex flex-col gap-1.5">
            {label_view(meta.id.clone(), label, optional)}
            {hint_view(meta.hint_id.clone(), hint)}
            <textarea
                id=meta.id.clone()
                name=name
                rows=rows
                class=CONTROL
                required=!optional
                aria-invalid=meta.invalid()
                aria-describedby=meta.described_by(None)
            >
                {meta.value.clone().unwrap_or_default()}
            </textarea>
            {error_view(meta.error_id, meta.error)}
        </div>
    }
}

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
) -> impl IntoView {
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
) -> impl IntoView {
    let scope = FormScope::current();
    let id = scope.id(name);
    let posted = scope.state.was_posted();
    let ticked = if posted { scope.state.values(name).iter().any(|v| v == value) } else { checked };
    view! {
        <div class="flex items-center gap-2.5">
            <input id=id.clone() name=name type="checkbox" value=value checked=ticked class="tick"/>
            <label for=id class="text-sm">{label}</label>
        </div>
    }
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
) -> impl IntoView {
    let meta = Meta::new(name, None, value);
    let described = meta.described_by(None);
    let id = meta.id.clone();
    let chosen = meta.value.clone();
    let answers = choices
        .into_iter()
        .enumerate()
        .map(|(n, choice)| {
            let id = if n == 0 { id.clone() } else { format!("{id}-{n}") };
            let label_for = id.clone();
            let checked = chosen.as_deref() == Some(&choice.value);
            view! {
                <label class="choice" for=label_for>
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
}

/// A file.
#[component]
pub fn FileField(
    /// The name it is posted under.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// What the browser offers: `.csv,text/csv`.
    accept: &'static str,
    /// A sentence under the label.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let meta = Meta::new(name, hint.as_ref(), None);
    view! {
        <div class="flex flex-col gap-1.5">
            {label_view(meta.id.clone(), label, false)}
            {hint_view(meta.hint_id.clone(), hint)}
            <input
                id=meta.id.clone()
                name=name
                type="file"
                accept=accept
                class="control file"
                required
                aria-invalid=meta.invalid()
                aria-describedby=meta.described_by(None)
            />
            {error_view(meta.error_id, meta.error)}
        </div>
    }
}

/// A value that travels along unseen.
#[component]
pub fn HiddenField(
    /// The name it is posted under.
    name: &'static str,
    /// The value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}
