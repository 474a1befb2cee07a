//! The OpenAPI document: as JSON for programs, as plain data for the page that people read.

use app::api_docs::{Answer, ApiReference, Group, Operation, Parameter, Shape};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderValue, header},
    routing::get,
};
use utoipa::{
    OpenApi,
    openapi::{
        OpenApi as Document, Ref, RefOr, Required,
        path::{HttpMethod, Operation as Described, PathItem},
        schema::{Object, Schema, SchemaType, Type},
        security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
    },
};

/// The name of the cookie scheme in the document.
const COOKIE: &str = "session";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Coffer",
        description = "Bank accounts, transactions, saved views, rules, categories, imports, budgets, what repeats, connections to banks, preferences and the plan of the person who is signed in. Money is whole minor units; dates are days at the bank. Errors have a stable code for programs and a sentence for people.",
        license(name = "MIT", identifier = "MIT"),
    ),
    tags(
        (name = "Overview", description = "Where somebody stands, in figures."),
        (name = "Bank accounts", description = "Accounts and what they hold."),
        (name = "Transactions", description = "What came in and went out."),
        (name = "Rules", description = "What sorts transactions by itself."),
        (name = "Categories", description = "Ours, and those that somebody made."),
        (name = "Imports", description = "Files of transactions: looked at, taken in, taken back."),
        (name = "Budgets", description = "What somebody means to spend, and how it stands."),
        (name = "Review", description = "What waits for a look, and transfers between own accounts."),
        (name = "Recurring", description = "What repeats, and what comes next."),
        (name = "Connections", description = "Banks that are read, and reading them now."),
        (name = "Files", description = "What leaves as a file. These stand beside the pages, not below `/api`."),
        (name = "Preferences", description = "How days are counted, and what is done by itself."),
        (name = "Plan", description = "What somebody pays for, and what they may use."),
    ),
)]
struct Head;

/// Title and way in; the routes bring the rest.
pub(super) fn head() -> Document {
    let mut document = Head::openapi();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "better-auth.session_token",
        "The cookie of a session, as signing in sets it; over https its name begins with `__Secure-`.",
    )));
    document.components.get_or_insert_default().add_security_scheme(COOKIE, cookie);
    document.security = Some(vec![SecurityRequirement::new(COOKIE, Vec::<String>::new())]);
    document
}

/// `GET /api/openapi.json`: written once, when the routes are made.
pub(super) fn route(document: &Document) -> Router {
    let json = Bytes::from(document.to_pretty_json().expect("a document of plain data is JSON"));
    let answer = move || {
        let json = json.clone();
        async move { ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json) }
    };
    Router::new().route("/api/openapi.json", get(answer))
}

/// What the page of the interface shows, in the order of the document.
pub fn reference(document: &Document) -> ApiReference {
    let tags = document.tags.iter().flatten();
    let groups = tags.map(|tag| Group {
        name: tag.name.clone(),
        about: tag.description.clone().unwrap_or_default(),
        operations: document
            .paths
            .paths
            .iter()
            .flat_map(|(path, item)| operations(path, item))
            .filter(|(_, described)| described.tags.iter().flatten().any(|of| *of == tag.name))
            .map(|(operation, described)| filled(document, operation, described))
            .collect(),
    });
    ApiReference {
        about: document.info.description.clone().unwrap_or_default(),
        groups: groups.collect(),
    }
}

fn operations<'d>(
    path: &'d str,
    item: &'d PathItem,
) -> impl Iterator<Item = (Operation, &'d Described)> {
    [
        (HttpMethod::Get, &item.get),
        (HttpMethod::Post, &item.post),
        (HttpMethod::Put, &item.put),
        (HttpMethod::Patch, &item.patch),
        (HttpMethod::Delete, &item.delete),
    ]
    .into_iter()
    .filter_map(move |(method, described)| {
        let method = match method {
            HttpMethod::Get => "GET",
            HttpMethod::Post => "POST",
            HttpMethod::Put => "PUT",
            HttpMethod::Patch => "PATCH",
            _ => "DELETE",
        };
        let operation = Operation { method, path: path.to_owned(), ..Operation::default() };
        Some((operation, described.as_ref()?))
    })
}

fn filled(document: &Document, operation: Operation, described: &Described) -> Operation {
    let request = described.request_body.as_ref();
    let request = request.and_then(|body| body.content.values().next()?.schema.as_ref());
    Operation {
        summary: described.summary.clone().unwrap_or_default(),
        parameters: described.parameters.iter().flatten().map(parameter).collect(),
        request: request.and_then(|schema| shape(document, schema)),
        answers: described
            .responses
            .responses
            .iter()
            .map(|(status, response)| answer(document, status, response))
            .collect(),
        ..operation
    }
}

fn parameter(parameter: &utoipa::openapi::path::Parameter) -> Parameter {
    let place = serde_json::to_value(&parameter.parameter_in).ok();
    Parameter {
        name: parameter.name.clone(),
        place: place.as_ref().and_then(|place| place.as_str()).unwrap_or_default().to_owned(),
        required: parameter.required == Required::True,
        about: parameter.description.clone().unwrap_or_default(),
    }
}

fn answer(
    document: &Document,
    status: &str,
    response: &RefOr<utoipa::openapi::Response>,
) -> Answer {
    let RefOr::T(response) = response else {
        return Answer { status: status.to_owned(), ..Answer::default() };
    };
    let schema = response.content.values().next().and_then(|content| content.schema.as_ref());
    Answer {
        status: status.to_owned(),
        about: response.description.clone(),
        shape: schema.and_then(|schema| shape(document, schema)),
    }
}

/// A named shape with its fields.
fn shape(document: &Document, schema: &RefOr<Schema>) -> Option<Shape> {
    let RefOr::Ref(reference) = schema else { return None };
    let name = name_of(reference);
    let schema = document.components.as_ref()?.schemas.get(name)?;
    Some(Shape { name: name.to_owned(), fields: fields(document, schema) })
}

fn fields(document: &Document, schema: &RefOr<Schema>) -> Vec<Parameter> {
    match schema {
        RefOr::T(Schema::Object(object)) => object
            .properties
            .iter()
            .map(|(name, schema)| Parameter {
                name: name.clone(),
                place: type_of(schema),
                required: object.required.contains(name),
                about: about(schema),
            })
            .collect(),
        RefOr::T(Schema::AllOf(all)) => {
            all.items.iter().flat_map(|item| fields(document, item)).collect()
        }
        RefOr::Ref(reference) => {
            let schemas = document.components.as_ref().map(|components| &components.schemas);
            let found = schemas.and_then(|schemas| schemas.get(name_of(reference)));
            found.map(|schema| fields(document, schema)).unwrap_or_default()
        }
        RefOr::T(_) => Vec::new(),
    }
}

fn name_of(reference: &Ref) -> &str {
    reference.ref_location.rsplit('/').next().unwrap_or_default()
}

/// `string`, `integer or null`, `BankAccount[]`.
fn type_of(schema: &RefOr<Schema>) -> String {
    match schema {
        RefOr::Ref(reference) => name_of(reference).to_owned(),
        RefOr::T(Schema::Object(Object { schema_type, .. })) => words(schema_type),
        RefOr::T(Schema::Array(array)) => match &array.items {
            utoipa::openapi::schema::ArrayItems::RefOrSchema(items) => {
                format!("{}[]", type_of(items))
            }
            utoipa::openapi::schema::ArrayItems::False => "array".to_owned(),
        },
        RefOr::T(Schema::OneOf(one)) => {
            one.items.iter().map(type_of).collect::<Vec<_>>().join(" or ")
        }
        RefOr::T(_) => "object".to_owned(),
    }
}

fn words(schema_type: &SchemaType) -> String {
    let word = |kind: &Type| match kind {
        Type::Object => "object",
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::Array => "array",
        Type::Null => "null",
    };
    match schema_type {
        SchemaType::Type(kind) => word(kind).to_owned(),
        SchemaType::Array(kinds) => kinds.iter().map(word).collect::<Vec<_>>().join(" or "),
        SchemaType::AnyValue => "any".to_owned(),
    }
}

fn about(schema: &RefOr<Schema>) -> String {
    let text = match schema {
        RefOr::T(Schema::Object(object)) => object.description.as_ref(),
        RefOr::T(Schema::Array(array)) => array.description.as_ref(),
        RefOr::T(Schema::OneOf(one)) => one.description.as_ref(),
        RefOr::Ref(reference) => Some(&reference.description).filter(|text| !text.is_empty()),
        RefOr::T(_) => None,
    };
    text.cloned().unwrap_or_default()
}
