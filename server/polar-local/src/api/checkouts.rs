//! `/v1/checkouts/`.

use axum::{Router, extract::State, routing::get};

use super::{
    Route, answer,
    extract::{Body, Id, Params},
    fields::Fields,
    list,
};
use crate::{
    engine::{Engine, NewCheckout, find},
    json::Json,
    model::Checkout,
    refusal::Refusal,
    shared::Handle,
    wire,
};

/// The routes.
pub fn routes() -> Router<Handle> {
    let collection: Route = get(all).post(create);
    Router::new().route("/v1/checkouts/", collection).route("/v1/checkouts/{id}", get(one))
}

fn print(engine: &Engine, checkout: &Checkout) -> Json {
    let owner = checkout.customer.and_then(|id| engine.world.customers.find(id));
    wire::checkout(checkout, owner.as_ref(), &engine.base)
}

async fn create(State(shared): State<Handle>, Body(body): Body) -> answer::Result {
    let new = read(&body)?;
    shared.with(|engine| {
        let checkout = engine.create_checkout(new)?;
        answer::created(print(engine, &checkout))
    })
}

fn read(body: &Json) -> Result<NewCheckout, Refusal> {
    let fields = Fields::of_kind(body, "CheckoutProductsCreate");
    let products = fields.need("products", fields.uuids("products")?)?;
    let repeated = products.iter().enumerate().any(|(at, id)| products[..at].contains(id));
    if products.is_empty() || repeated {
        let text = "Products must be given, each once.";
        return Err(Refusal::value("products", text, body.get("products").cloned()));
    }
    for id in &products {
        Engine::product("products", *id)?;
    }
    if let Some(discount) = fields.uuid("discount_id")? {
        return Err(Refusal::value("discount_id", "Discount does not exist.", discount));
    }
    if let Some(seats) = fields.int("seats")?.filter(|seats| *seats < 1) {
        return Err(Refusal::value("seats", "There is at least one seat.", seats));
    }
    Ok(NewCheckout {
        products,
        seats: fields.int("seats")?,
        customer: fields.uuid("customer_id")?,
        external_customer_id: fields
            .text("external_customer_id")?
            .or(fields.text("customer_external_id")?),
        customer_name: fields.text("customer_name")?,
        customer_email: fields.email("customer_email")?,
        customer_ip: fields.text("customer_ip_address")?,
        success_url: fields.url("success_url")?,
        return_url: fields.url("return_url")?,
        embed_origin: fields.text("embed_origin")?,
        allow_trial: fields.bool("allow_trial")?.unwrap_or(true),
        trial: fields.trial()?,
        allow_discount_codes: fields.bool("allow_discount_codes")?.unwrap_or(true),
        require_billing_address: fields.bool("require_billing_address")?.unwrap_or(false),
        locale: fields.text("locale")?,
        metadata: fields.metadata("metadata")?.unwrap_or_else(Json::empty),
        customer_metadata: fields.metadata("customer_metadata")?.unwrap_or_else(Json::empty),
        custom_field_data: fields.metadata("custom_field_data")?.unwrap_or_else(Json::empty),
        subscription: fields.uuid("subscription_id")?,
    })
}

async fn one(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| {
        let checkout = find(&engine.world.checkouts, id)?;
        answer::ok(print(engine, &checkout))
    })
}

async fn all(State(shared): State<Handle>, params: Params) -> answer::Result {
    shared.with(|engine| {
        let fits = |c: &&Checkout| {
            params.allows("customer_id", c.customer.map(|id| id.to_string()).as_deref())
                && params.allows("external_customer_id", c.external_customer_id.as_deref())
                && params.allows("status", Some(c.status.as_str()))
                && params.allows("product_id", Some(&c.product.to_string()))
        };
        let rows = engine.world.checkouts.iter().filter(fits).collect();
        list::page(&params, rows, |checkout| print(engine, checkout))
    })
}
