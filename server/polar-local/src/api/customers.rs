//! `/v1/customers/` and `/v1/customer-sessions/`.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};

use super::{
    answer,
    extract::{Body, Id, Params},
    fields::Fields,
    list,
};
use crate::{
    engine::{Change, CustomerPatch, Engine, NewCustomer},
    json::Json,
    model::Customer,
    refusal::Refusal,
    shared::Handle,
    wire,
};

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/customers/", get(all).post(create))
        .route("/v1/customers/{id}", get(one).patch(change).delete(remove))
        .route("/v1/customers/{id}/state", get(state))
        .route(
            "/v1/customers/external/{external_id}",
            get(one_external).patch(change_external).delete(remove_external),
        )
        .route("/v1/customers/external/{external_id}/state", get(state_external))
        .route("/v1/customer-sessions/", post(open_session))
}

async fn create(State(shared): State<Handle>, Body(body): Body) -> answer::Result {
    let fields = Fields::of(&body);
    let new = NewCustomer {
        email: fields.need("email", fields.email("email")?)?,
        name: fields.text("name")?,
        external_id: fields.text("external_id")?,
        locale: fields.text("locale")?,
        billing_address: fields.address("billing_address")?,
        metadata: fields.metadata("metadata")?,
        card: None,
    };
    shared.with(|engine| answer::created(wire::customer(&engine.create_customer(new)?)))
}

async fn all(State(shared): State<Handle>, params: Params) -> answer::Result {
    shared.with(|engine| {
        let email = params.get("email").map(str::to_ascii_lowercase);
        let fits = |c: &&Customer| {
            email.as_ref().is_none_or(|email| c.email.to_ascii_lowercase() == *email)
                && params.allows_metadata(&c.metadata)
        };
        let rows = engine.living().filter(fits).collect();
        list::page(&params, rows, wire::customer)
    })
}

fn external(engine: &Engine, id: &str) -> Result<Customer, Refusal> {
    engine.customer_by_external_id(id).ok_or_else(Refusal::not_found)
}

async fn one(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| answer::ok(wire::customer(&engine.customer(id)?)))
}

async fn one_external(State(shared): State<Handle>, Path(id): Path<String>) -> answer::Result {
    shared.with(|engine| answer::ok(wire::customer(&external(engine, &id)?)))
}

async fn state(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| answer::ok(engine.state_of(&engine.customer(id)?)))
}

async fn state_external(State(shared): State<Handle>, Path(id): Path<String>) -> answer::Result {
    shared.with(|engine| answer::ok(engine.state_of(&external(engine, &id)?)))
}

fn patch(body: &Json) -> Result<CustomerPatch, Refusal> {
    let fields = Fields::of(body);
    Ok(CustomerPatch {
        email: fields.email("email")?,
        name: sent(&fields, "name", fields.text("name")?),
        external_id: sent(&fields, "external_id", fields.text("external_id")?),
        locale: sent(&fields, "locale", fields.text("locale")?),
        billing_address: sent(&fields, "billing_address", fields.address("billing_address")?),
        metadata: fields.metadata("metadata")?,
    })
}

fn sent<T>(fields: &Fields<'_>, key: &str, value: Option<T>) -> Change<T> {
    if fields.has(key) { Change::To(value) } else { Change::Stay }
}

async fn change(State(shared): State<Handle>, Id(id): Id, Body(body): Body) -> answer::Result {
    let patch = patch(&body)?;
    shared.with(|engine| {
        let customer = engine.customer(id)?;
        answer::ok(wire::customer(&engine.patch_customer(customer, patch)?))
    })
}

async fn change_external(
    State(shared): State<Handle>,
    Path(id): Path<String>,
    Body(body): Body,
) -> answer::Result {
    let patch = patch(&body)?;
    shared.with(|engine| {
        let customer = external(engine, &id)?;
        answer::ok(wire::customer(&engine.patch_customer(customer, patch)?))
    })
}

async fn remove(
    State(shared): State<Handle>,
    Id(id): Id,
    params: Params,
) -> Result<StatusCode, Refusal> {
    shared.with(|engine| {
        let customer = engine.customer(id)?;
        engine.delete_customer(customer, params.get("anonymize") == Some("true"));
        Ok(StatusCode::NO_CONTENT)
    })
}

async fn remove_external(
    State(shared): State<Handle>,
    Path(id): Path<String>,
    params: Params,
) -> Result<StatusCode, Refusal> {
    shared.with(|engine| {
        let customer = external(engine, &id)?;
        engine.delete_customer(customer, params.get("anonymize") == Some("true"));
        Ok(StatusCode::NO_CONTENT)
    })
}

async fn open_session(State(shared): State<Handle>, Body(body): Body) -> answer::Result {
    let fields = Fields::of(&body);
    let external_id = fields.text("external_customer_id")?.or(fields.text("customer_external_id")?);
    let id = fields.uuid("customer_id")?;
    let return_url = fields.url("return_url")?;
    let (field, input) = match (&external_id, id) {
        (Some(external_id), _) => ("external_customer_id", Json::from(external_id)),
        (None, Some(id)) => ("customer_id", Json::from(id)),
        (None, None) => return Err(Refusal::missing(&["body", "customer_id"], &body)),
    };
    shared.with(|engine| {
        let customer = match (&external_id, id) {
            (Some(external_id), _) => engine.customer_by_external_id(external_id),
            (None, id) => id.and_then(|id| engine.customer(id).ok()),
        };
        let customer =
            customer.ok_or_else(|| Refusal::value(field, "Customer does not exist.", input))?;
        let session = engine.create_session(&customer, return_url);
        answer::created(wire::session(&session, &customer, &engine.base))
    })
}
