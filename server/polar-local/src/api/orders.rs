//! `/v1/orders/`.

use axum::{Router, extract::State, http::StatusCode, routing::get};

use super::{
    answer::{self, Answer},
    extract::{Id, Params},
    list,
};
use crate::{
    catalog,
    engine::Engine,
    json::{Json, object},
    model::Order,
    moment::Moment,
    refusal::Refusal,
    shared::Handle,
    wire,
};

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/orders/", get(all))
        .route("/v1/orders/{id}", get(one))
        .route("/v1/orders/{id}/invoice", get(invoice).post(ask_for_invoice))
        .route("/v1/orders/{id}/receipt", get(receipt))
}

fn print(engine: &Engine, order: &Order) -> Json {
    let sub = order.subscription.and_then(|id| engine.world.subscriptions.find(id));
    engine
        .world
        .customers
        .find(order.customer)
        .map_or(Json::Null, |owner| wire::order(order, &owner, sub.as_ref()))
}

/// Sold once, or again and again.
pub(super) fn billing_type(order: &Order) -> &'static str {
    let recurring = catalog::find(order.product).is_some_and(|product| product.interval.is_some());
    if recurring { "recurring" } else { "one_time" }
}

async fn all(State(shared): State<Handle>, params: Params) -> answer::Result {
    shared.with(|engine| {
        let after = params.get("created_after").and_then(Moment::parse);
        let fits = |o: &&Order| {
            let owner = engine.world.customers.find(o.customer);
            let external_id = owner.as_ref().and_then(|owner| owner.external_id.as_deref());
            params.allows("external_customer_id", external_id)
                && params.allows("customer_id", Some(&o.customer.to_string()))
                && params.allows("product_id", Some(&o.product.to_string()))
                && params
                    .allows("subscription_id", o.subscription.map(|id| id.to_string()).as_deref())
                && params.allows("checkout_id", o.checkout.map(|id| id.to_string()).as_deref())
                && params.allows("product_billing_type", Some(billing_type(o)))
                && params.allows("status", Some(o.status.as_str()))
                && params.allows_metadata(&o.metadata)
                && after.is_none_or(|after| o.created_at > after)
        };
        let rows = engine.world.orders.iter().filter(fits).collect();
        list::page(&params, rows, |order| print(engine, order))
    })
}

async fn one(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| answer::ok(print(engine, &engine.order(id)?)))
}

async fn ask_for_invoice(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| {
        engine.ask_for_invoice(id)?;
        Ok(Answer(StatusCode::ACCEPTED, Json::Null))
    })
}

async fn invoice(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| {
        let order = engine.order(id)?;
        if !order.invoice_made {
            return Err(Refusal::not_found());
        }
        answer::ok(object! { "url": paper(&shared, "invoice", id) })
    })
}

async fn receipt(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| {
        let order = engine.order(id)?;
        match order.receipt_number {
            Some(_) => answer::ok(object! { "url": paper(&shared, "receipt", id) }),
            None => Err(Refusal::not_found()),
        }
    })
}

/// Where a paper can be read.
pub(super) fn paper(shared: &Handle, kind: &str, order: uuid::Uuid) -> String {
    shared.url(&format!("papers/{kind}/{order}"))
}
