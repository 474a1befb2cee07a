//! `/api/docs`: the REST interface for people, from the same document that programs read.

use std::sync::Arc;

use http::request::Parts;
use leptos::prelude::*;

use crate::ui::PublicShell;

/// The operations of the REST interface. `server` makes it from its OpenAPI document and puts it
/// into the extensions of each request.
#[derive(Clone, Debug, Default)]
pub struct ApiReference {
    /// What the interface is for.
    pub about: String,
    /// The operations, by what they are about.
    pub groups: Vec<Group>,
}

/// Operations on one kind of thing.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// "Bank accounts".
    pub name: String,
    /// One sentence.
    pub about: String,
    /// In the order of the document.
    pub operations: Vec<Operation>,
}

/// One method of one path.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// `GET`.
    pub method: &'static str,
    /// `/api/bank-accounts/{id}`.
    pub path: String,
    /// What it does.
    pub summary: String,
    /// What goes into path, query and headers.
    pub parameters: Vec<Parameter>,
    /// The body it takes.
    pub request: Option<Shape>,
    /// What it answers.
    pub answers: Vec<Answer>,
}

/// A parameter, or a field of a shape.
#[derive(Clone, Debug, Default)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where a parameter goes; the type of a field.
    pub place: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub about: String,
}

/// A JSON object with its fields.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Its name in the document.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Parameter>,
}

/// One answer of an operation.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: String,
    /// When it is given.
    pub about: String,
    /// Its body.
    pub shape: Option<Shape>,
}

/// The page.
#[component]
pub fn ApiDocsPage() -> AnyView {
    let reference = use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Arc<ApiReference>>().cloned())
        .unwrap_or_default();
    let contents = reference.groups.iter().map(contents).collect_view();
    let groups = reference.groups.iter().map(group).collect_view();
    view! {
        <PublicShell page="api-docs" title="API reference">
            <div class="mx-auto max-w-4xl px-4 py-12 md:px-6 md:py-16">
                <h1 class="text-2xl font-semibold">"API reference"</h1>
                <p class="mt-3 max-w-prose text-ink-2">{reference.about.clone()}</p>
                <p class="mt-3 max-w-prose text-ink-2">
                    "For programs, the same as "
                    <a class="link" href="/api/openapi.json">"an OpenAPI document"</a> "."
                </p>
                <nav class="mt-8" aria-label="Operations">{contents}</nav>
                {groups}
            </div>
        </PublicShell>
    }
    .into_any()
}

fn contents(group: &Group) -> impl IntoView + use<> {
    let links = group.operations.iter().map(|operation| {
        let href = format!("#{}", anchor(operation));
        view! {
            <li>
                <a class="link" href=href><code>{operation.method}" "{operation.path.clone()}</code></a>
                <span class="text-ink-2">" "{operation.summary.clone()}</span>
            </li>
        }
    });
    let links = links.collect_view();
    view! {
        <h2 class="mt-4 text-sm font-semibold">{group.name.clone()}</h2>
        <ul class="mt-1 flex flex-col gap-1 text-sm">{links}</ul>
    }
}

fn group(group: &Group) -> impl IntoView + use<> {
    let operations = group.operations.iter().map(operation).collect_view();
    view! {
        <section class="mt-12">
            <h2 class="text-xl font-semibold">{group.name.clone()}</h2>
            <p class="mt-2 text-ink-2">{group.about.clone()}</p>
            {operations}
        </section>
    }
}

fn operation(operation: &Operation) -> impl IntoView + use<> {
    let answers = operation.answers.iter().map(answer).collect_view();
    view! {
        <article id=anchor(operation) class="mt-8 border-t border-line pt-6">
            <h3 class="text-base font-semibold break-words">
                <code>{operation.method}" "{operation.path.clone()}</code>
            </h3>
            <p class="mt-2 text-ink-2">{operation.summary.clone()}</p>
            {fields("Parameters", &operation.parameters)}
            {operation.request.as_ref().map(|shape| fields("Body", &shape.fields))}
            <h4 class="mt-4 text-sm font-semibold">"Answers"</h4>
            <ul class="mt-1 flex flex-col gap-2 text-sm">{answers}</ul>
        </article>
    }
}

fn answer(answer: &Answer) -> impl IntoView + use<> {
    let shape = answer.shape.as_ref().map(|shape| {
        view! {
            <details class="mt-1">
                <summary><code>{shape.name.clone()}</code></summary>
                {list(&shape.fields)}
            </details>
        }
    });
    view! {
        <li>
            <code>{answer.status.clone()}</code>
            <span class="text-ink-2">" "{answer.about.clone()}</span>
            {shape}
        </li>
    }
}

fn fields(title: &'static str, fields: &[Parameter]) -> Option<impl IntoView + use<>> {
    (!fields.is_empty()).then(|| {
        view! {
            <h4 class="mt-4 text-sm font-semibold">{title}</h4>
            {list(fields)}
        }
    })
}

fn list(fields: &[Parameter]) -> impl IntoView + use<> {
    let rows = fields.iter().map(|field| {
        let required = field.required.then_some(", required");
        view! {
            <div class="mt-2">
                <dt>
                    <code>{field.name.clone()}</code>
                    <span class="text-ink-2">" "{field.place.clone()}{required}</span>
                </dt>
                <dd class="text-ink-2">{field.about.clone()}</dd>
            </div>
        }
    });
    let rows = rows.collect_view();
    view! { <dl class="mt-1 text-sm">{rows}</dl> }
}

/// `get-api-bank-accounts-id`.
fn anchor(operation: &Operation) -> String {
    let words = operation.path.split(['/', '{', '}']).filter(|word| !word.is_empty());
    let mut anchor = operation.method.to_lowercase();
    for word in words {
        anchor.push('-');
        anchor.push_str(word);
    }
    anchor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_place_on_the_page() {
        let at = |method, path: &str| {
            anchor(&Operation { method, path: path.to_owned(), ..Operation::default() })
        };

        assert_eq!(at("GET", "/api/bank-accounts/{id}"), "get-api-bank-accounts-id");
        assert_ne!(at("GET", "/api/bank-accounts"), at("POST", "/api/bank-accounts"));
    }
}
