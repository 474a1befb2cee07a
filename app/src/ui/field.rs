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
    /// A web address.
    Url,
}

impl InputKind {
    pub(super) fn html_type(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Date => "date",
            Self::Search => "search",
            Self::Url => "url",
            Self::Text | Self::Digits | Self::Amount => "text",
        }
    }

    pub(super) fn inputmode(self) -> Option<&'static str> {
        match self {
            Self::Digits => Some("numeric"),
            Self::Amount => Some("decimal"),
            Self::Email => Some("email"),
            Self::Url => Some("url"),
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
    /// The id of a `<datalist>` of what is offered.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Stands in the field before what is typed, and is no part of it: "$0.". Assistive technology hears label and hint.
    #[prop(optional)]
    prefix: Option<&'static str>,
) -> AnyView {
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
            list=list
            required=!optional
            aria-invalid=meta.invalid()
            aria-describedby=described
        />
    };
    let control = match prefix {
        None => control.into_any(),
        Some(prefix) => view! {
            <span class="prefixed"><span class="prefix" aria-hidden="true">{prefix}</span> {control}</span>
        }
        .into_any(),
    };
    let id = meta.id.clone();
    let body = match live {
        Some(rule) => {
            view! { <LiveField id rule error=meta.error>{control}</LiveField> }.into_any()
        }
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
    .into_any()
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
    /// The most characters a person can type.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
) -> AnyView {
    let meta = Meta::new(name, hint.as_ref(), value);
    view! {
        <div class="flex flex-col gap-1.5">
            {label_view(meta.id.clone(), label, optional)}
            {hint_view(meta.hint_id.clone(), hint)}
            <textarea
                id=meta.id.clone()
                name=name
                rows=rows
                maxlength=maxlength
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
    .into_any()
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
) -> AnyView {
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
    .into_any()
}

/// A value that travels along unseen.
#[component]
pub fn HiddenField(
    /// The name it is posted under.
    name: &'static str,
    /// The value.
    #[prop(into)]
    value: String,
) -> AnyView {
    view! { <input type="hidden" name=name value=value/> }.into_any()
}

#[cfg(test)]
mod tests {
    use domain::{Code, FieldError};

    use super::*;
    use crate::{AppError, form::FormState, ui::PostForm};

    fn render(state: FormState) -> String {
        Owner::new().with(|| {
            provide_context(state);
            view! {
                <PostForm action="/accounts/link">
                    <TextField name="bankName" label="Bank name" hint="As you call it." value="Harbor"/>
                    <TextField name="accountNumber" label="Account number" kind=InputKind::Digits/>
                </PostForm>
            }
            .to_html()
        })
    }

    #[test]
    fn what_stands_before_an_amount_is_seen_and_is_no_part_of_its_name() {
        let html = Owner::new().with(|| {
            view! { <TextField name="amount1" label="First amount" kind=InputKind::Amount prefix="$0."/> }
                .to_html()
        });

        assert!(html.contains(r#"<span aria-hidden="true" class="prefix">$0."#), "{html}");
        assert!(html.contains(r#"class="text-sm font-medium">First amount<"#), "{html}");
        assert!(!render(FormState::default()).contains(r#"class="prefix"#));
    }

    fn refused(action: &str) -> FormState {
        let pairs = [("bankName", "<b>"), ("accountNumber", "12345678")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let error = AppError::Invalid(vec![FieldError::new("bankName", Code::BankNameLength)]);
        FormState::refused(action, pairs, &error)
    }

    #[test]
    fn a_first_visit_has_no_error_and_the_given_value() {
        let html = render(FormState::default());

        assert!(!html.contains("aria-invalid") && !html.contains("error-summary"), "{html}");
        assert!(html.contains(r#"value="Harbor""#));
        assert!(html.contains(r#"aria-describedby="bankName-hint""#));
    }

    #[test]
    fn a_refused_field_is_named_at_the_top_and_described_at_its_place() {
        let html = render(refused("/accounts/link"));

        assert!(html.contains("Check 1 field"), "{html}");
        assert!(html.contains(r##"href="#bankName""##));
        assert!(html.contains(r#"aria-describedby="bankName-hint bankName-error""#));
        assert_eq!(html.matches(r#"aria-invalid="true""#).count(), 1);
    }

    #[test]
    fn what_was_typed_comes_back_as_text_and_secrets_do_not_come_back() {
        let html = render(refused("/accounts/link"));

        assert!(
            html.contains(r#"value="&lt;b>""#) || html.contains(r#"value="&lt;b&gt;""#),
            "{html}"
        );
        assert!(!html.contains("12345678"));
    }

    #[test]
    fn another_forms_refusal_is_not_this_forms() {
        let html = render(refused("/accounts/rename"));

        assert!(html.contains(r#"value="Harbor""#) && !html.contains("error-summary"), "{html}");
    }
}
