//! Looking at what happened.

use axum::extract::State;

use crate::{
    api::{ApiResult, Body, Id, Params, ok},
    delivery::{Attempt, Event},
    faults::glob,
    json::{Json, object},
    refusal::Refusal,
    shared::Handle,
    usage, wire,
};

/// Every event with its attempts, oldest first; `?type=order.*` picks.
pub async fn deliveries(State(shared): State<Handle>, params: Params) -> ApiResult {
    let pattern = params.get("type").unwrap_or("*");
    let engine = shared.lock();
    let events = engine.world.outbox.events.iter().filter(|event| glob(pattern, &event.kind));
    ok(Json::List(events.map(print).collect()))
}

fn print(event: &Event) -> Json {
    let state = serde_json::to_string(&event.state).unwrap_or_default();
    object! {
        "id": event.id,
        "type": event.kind.as_str(),
        "at": event.at,
        "state": state.trim_matches('"'),
        "attempts": event.attempts.iter().map(attempt).collect::<Vec<_>>(),
        "body": serde_json::from_str::<Json>(&event.body).unwrap_or_default(),
    }
}

fn attempt(attempt: &Attempt) -> Json {
    object! {
        "at": attempt.at,
        "status": attempt.status,
        "answer": attempt.answer.as_str(),
        "succeeded": attempt.succeeded,
    }
}

/// Sends an event once more.
pub async fn redeliver(State(shared): State<Handle>, Id(id): Id) -> ApiResult {
    shared.with(|engine| {
        let now = engine.now();
        if engine.world.outbox.redeliver(id, now) {
            ok(Json::empty())
        } else {
            Err(Refusal::not_found())
        }
    })
}

/// `{"enabled": true}` after it was disabled; `{"auto_disable": false}` keeps it from being.
pub async fn endpoint(State(shared): State<Handle>, Body(body): Body) -> ApiResult {
    shared.with(|engine| {
        let outbox = &mut engine.world.outbox;
        let flag = |key| body.get(key).and_then(Json::as_bool);
        outbox.disabled = flag("enabled").map_or(outbox.disabled, |enabled| !enabled);
        outbox.never_disable = flag("auto_disable").map_or(outbox.never_disable, |auto| !auto);
        engine.dirty = true;
        let outbox = &engine.world.outbox;
        ok(object! { "enabled": !outbox.disabled, "auto_disable": !outbox.never_disable })
    })
}

/// Everything that there is, as the API shows it.
pub async fn objects(State(shared): State<Handle>) -> ApiResult {
    shared.with(|engine| {
        let world = &engine.world;
        let checkouts = world.checkouts.iter().map(|checkout| {
            let owner = checkout.customer.and_then(|id| world.customers.find(id));
            wire::checkout(checkout, owner.as_ref(), &engine.base)
        });
        let subscriptions = world.subscriptions.iter().filter_map(|sub| {
            let meter = usage::of_subscription(world, sub);
            Some(wire::subscription(sub, &world.customers.find(sub.customer)?, meter.as_ref()))
        });
        let orders = world.orders.iter().filter_map(|order| {
            let sub = order.subscription.and_then(|id| world.subscriptions.find(id));
            Some(wire::order(order, &world.customers.find(order.customer)?, sub.as_ref()))
        });
        let grants = world
            .grants
            .iter()
            .filter_map(|grant| Some(wire::grant(grant, &world.customers.find(grant.customer)?)));
        ok(object! {
            "customers": world.customers.iter().map(wire::customer).collect::<Vec<_>>(),
            "checkouts": checkouts.collect::<Vec<_>>(),
            "subscriptions": subscriptions.collect::<Vec<_>>(),
            "orders": orders.collect::<Vec<_>>(),
            "refunds": world.refunds.iter().map(wire::refund).collect::<Vec<_>>(),
            "benefit_grants": grants.collect::<Vec<_>>(),
        })
    })
}
