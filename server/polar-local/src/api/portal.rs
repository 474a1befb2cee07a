//! `/v1/customer-portal/…`: what a customer sees of their own, with the token of a session.

use axum::{
    Extension, Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{answer, extract::Params, guard::bearer, list, orders::billing_type};
use crate::{
    json::Json,
    model::{Customer, Grant, Order, Subscription},
    refusal::Refusal,
    shared::Handle,
    usage, wire,
};

/// The routes.
pub fn routes(shared: &Handle) -> Router<Handle> {
    Router::new()
        .route("/v1/customer-portal/subscriptions/", get(subscriptions))
        .route("/v1/customer-portal/orders/", get(orders))
        .route("/v1/customer-portal/benefit-grants/", get(grants))
        .route("/v1/customer-portal/meters/", get(meters))
        .route_layer(from_fn_with_state(shared.clone(), session))
}

async fn session(State(shared): State<Handle>, mut request: Request, next: Next) -> Response {
    let Some(token) = bearer(&request) else { return Refusal::no_token().into_response() };
    let owner = shared.with(|engine| engine.customer_by_session(token));
    let Some((_, owner)) = owner else { return Refusal::bad_token().into_response() };
    request.extensions_mut().insert(owner);
    next.run(request).await
}

async fn subscriptions(
    State(shared): State<Handle>,
    Extension(owner): Extension<Customer>,
    params: Params,
) -> answer::Result {
    shared.with(|engine| {
        let fits = |s: &&Subscription| {
            let active = if s.is_active() { "true" } else { "false" };
            s.customer == owner.id
                && params.allows("active", Some(active))
                && params.allows("product_id", Some(&s.product.to_string()))
        };
        let rows = engine.world.subscriptions.iter().filter(fits).collect();
        list::page(&params, rows, |sub| {
            wire::portal_subscription(sub, usage::of_subscription(&engine.world, sub).as_ref())
        })
    })
}

async fn orders(
    State(shared): State<Handle>,
    Extension(owner): Extension<Customer>,
    params: Params,
) -> answer::Result {
    shared.with(|engine| {
        let fits = |o: &&Order| {
            o.customer == owner.id
                && params.allows("product_billing_type", Some(billing_type(o)))
                && params.allows("product_id", Some(&o.product.to_string()))
        };
        let rows = engine.world.orders.iter().filter(fits).collect();
        list::page(&params, rows, |order: &Order| {
            let sub = order.subscription.and_then(|id| engine.world.subscriptions.find(id));
            wire::portal_order(order, &owner, sub.as_ref())
        })
    })
}

async fn grants(
    State(shared): State<Handle>,
    Extension(owner): Extension<Customer>,
    params: Params,
) -> answer::Result {
    shared.with(|engine| {
        let mine = |g: &&Grant| g.customer == owner.id;
        let rows = engine.world.grants.iter().filter(mine).collect();
        list::page(&params, rows, |grant| wire::portal_grant(grant, &owner))
    })
}

async fn meters(
    State(shared): State<Handle>,
    Extension(owner): Extension<Customer>,
    params: Params,
) -> answer::Result {
    shared.with(|engine| {
        let meter = usage::of_customer(&engine.world, &owner);
        let rows = meter.iter().collect();
        list::page(&params, rows, |meter| -> Json { wire::portal_meter(meter, &owner) })
    })
}
