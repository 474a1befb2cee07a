//! An answer that says no. Handlers and layers return it; one layer writes it as JSON or as a page.

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// A stable word for programs.
    pub code: String,
    /// A sentence for people.
    pub message: String,
}

/// A refused or failed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status.
    pub status: StatusCode,
    /// A stable word for programs.
    pub code: Cow<'static, str>,
    /// A sentence for people.
    pub message: Cow<'static, str>,
    /// What Better Auth says in this case, for answers below `/api/auth`.
    pub contract_message: Option<&'static str>,
    /// Problems by field name, on a 422.
    pub fields: BTreeMap<String, Vec<FieldProblem>>,
    /// Headers that belong to the answer, as `Retry-After`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Failure {
    /// A failure with its code and its sentence.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            contract_message: None,
            fields: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    /// The usual code and sentence of a status.
    pub fn of(status: StatusCode) -> Self {
        let (code, message) = usual(status);
        Self::new(status, code, message)
    }

    /// The sentence Better Auth has for it.
    #[must_use]
    pub fn contract(mut self, message: &'static str) -> Self {
        self.contract_message = Some(message);
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds a problem of one field.
    #[must_use]
    pub fn field(mut self, name: &str, code: &str, message: &str) -> Self {
        let problem = FieldProblem { code: code.to_owned(), message: message.to_owned() };
        self.fields.entry(name.to_owned()).or_default().push(problem);
        self
    }

    /// The JSON body of our own API.
    pub(super) fn json<'a>(&'a self, request_id: Option<&'a str>) -> Body<'a> {
        let fields = (!self.fields.is_empty()).then_some(&self.fields);
        Body { error: &self.code, message: &self.message, request_id, fields }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    error: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<&'a BTreeMap<String, Vec<FieldProblem>>>,
}

impl IntoResponse for Failure {
    /// JSON; the layer around the routes writes it again in the form the client asked for.
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.json(None))).into_response();
        response.headers_mut().extend(self.headers.clone());
        response.extensions_mut().insert(self);
        response
    }
}

fn usual(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::UNAUTHORIZED => ("UNAUTHORIZED", "Sign in to continue."),
        StatusCode::FORBIDDEN => ("FORBIDDEN", "You don't have access to this."),
        StatusCode::NOT_FOUND => ("NOT_FOUND", "We can't find that page."),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("METHOD_NOT_ALLOWED", "This address doesn't answer to that method.")
        }
        StatusCode::REQUEST_TIMEOUT => {
            ("REQUEST_TIMEOUT", "The request took too long to arrive. Send it again.")
        }
        StatusCode::CONFLICT => {
            ("CONFLICT", "Something changed in the meantime. Load the page again.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => ("PAYLOAD_TOO_LARGE", "That is too much for one request."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ("UNSUPPORTED_MEDIA_TYPE", "This address doesn't read that kind of content.")
        }
        StatusCode::UNPROCESSABLE_ENTITY => {
            ("UNPROCESSABLE", "Some of what was sent doesn't fit. Check it and send it again.")
        }
        StatusCode::TOO_MANY_REQUESTS => {
            ("TOO_MANY_REQUESTS", "That was a lot at once. Wait a moment and try again.")
        }
        StatusCode::SERVICE_UNAVAILABLE => ("BUSY", "We're busy right now. Try again in a moment."),
        status if status.is_client_error() => {
            ("BAD_REQUEST", "We couldn't read that request. Check it and send it again.")
        }
        _ => ("INTERNAL", "Something went wrong on our side. Your data is safe."),
    }
}
