//! Forms that ask: a GET form whose fields are the query of the page. Its state is the address, so it can be
//! kept, shared and gone back to.

use domain::{FieldError, day::parse_iso, query::Pairs};
use leptos::{context::Provider, prelude::*};

use super::{
    Choice, InputKind,
    field::{Meta, error_view},
    form::{ErrorSummary, FormScope},
};
use crate::{AppError, form::FormState, islands::keys::SEARCH};

/// A form that asks `action`. Its fields take their values from `query` and their problems from `errors`.
#[component]
pub fn GetForm(
    /// The path it asks.
    action: String,
    /// What stands in the address.
    query: Pairs,
    /// What is wrong with it.
    #[prop(optional)]
    errors: Vec<FieldError>,
    /// What it does, for assistive technology.
    label: &'static str,
    /// Whether it is a search (a landmark).
    #[prop(optional)]
    search: bool,
    /// The class list of the form.
    #[prop(default = "flex flex-col gap-4")]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let state = FormState::refused(action.clone(), query, &AppError::Invalid(errors));
    let scope = FormScope { state, prefix: "" };
    let summary = scope.clone();
    view! {
        <Provider value=scope>
            <form
                method="get"
                action=action
                class=class
                role=search.then_some("search")
                aria-label=label
                novalidate
            >
                <div class="col-span-full empty:hidden"><ErrorSummary scope=summary/></div>
                {children()}
            </form>
        </Provider>
    }
}

/// A field of a [`GetForm`]: a small label over the control. Every filter may stay empty, so nothing says so.
#[component]
pub fn FilterField(
    /// The name in the address.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// What it takes.
    #[prop(optional)]
    kind: InputKind,
    /// An example inside the empty control.
    #[prop(optional)]
    placeholder: Option<&'static str>,
    /// The most characters a person can type.
    #[prop(optional)]
    maxlength: Option<u32>,
) -> impl IntoView {
    let meta = Meta::new(name, None, None);
    // A browser drops a date that is none, and warns.
    let readable = |value: &String| kind != InputKind::Date || parse_iso(value).is_some();
    let value = meta.value.clone().filter(readable);
    view! {
        <div class="flex min-w-0 flex-col gap-1">
            <label for=meta.id.clone() class="text-sm font-medium">{label}</label>
            <input
                id=meta.id.clone()
                name=name
                type=kind.html_type()
                inputmode=kind.inputmode()
                class="control control-compact"
                data-key=(kind == InputKind::Search).then_some(SEARCH)
                value=value
                placeholder=placeholder
                maxlength=maxlength
                autocomplete="off"
                aria-invalid=meta.invalid()
                aria-describedby=meta.described_by(None)
            />
            {error_view(meta.error_id, meta.error)}
        </div>
    }
}

/// One choice, or one group of choices, of a [`FilterSelect`].
#[derive(Clone, Debug)]
pub enum Options {
    /// One choice.
    One(Choice),
    /// A heading and the choices under it.
    Group(String, Vec<Choice>),
}

/// A select of a [`GetForm`]. Its first, empty choice means all.
#[component]
pub fn FilterSelect(
    /// The name in the address.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// The word of the empty choice: "All".
    all: &'static str,
    /// The choices, in order.
    options: Vec<Options>,
) -> impl IntoView {
    let meta = Meta::new(name, None, None);
    let chosen = meta.value.clone();
    let option = |choice: Choice| {
        let selected = chosen.as_deref() == Some(&choice.value);
        view! { <option value=choice.value selected=selected>{choice.label}</option> }
    };
    let options = options
        .into_iter()
        .map(|options| match options {
            Options::One(choice) => option(choice).into_any(),
            Options::Group(label, choices) => {
                let choices = choices.into_iter().map(option).collect_view();
                view! { <optgroup label=label>{choices}</optgroup> }.into_any()
            }
        })
        .collect_view();
    view! {
        <div class="flex min-w-0 flex-col gap-1">
            <label for=meta.id.clone() class="text-sm font-medium">{label}</label>
            <select
                id=meta.id.clone()
                name=name
                class="control control-compact select"
                aria-invalid=meta.invalid()
                aria-describedby=meta.described_by(None)
            >
                <option value="">{all}</option>
                {options}
            </select>
            {error_view(meta.error_id, meta.error)}
        </div>
    }
}
