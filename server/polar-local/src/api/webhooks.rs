//! `/v1/webhooks/…`: the only endpoint, what was delivered, and sending again. No slash at the end here.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use uuid::Uuid;

use super::{
    answer::{self, Answer},
    extract::{Body, Id, Params},
    fields::Fields,
    list,
};
use crate::{
    catalog::ORGANIZATION,
    delivery::{Attempt, Event, EventState},
    json::{Json, object},
    moment::Moment,
    refusal::Refusal,
    shared::{Handle, Shared},
};

/// The id of the only endpoint.
const ENDPOINT: Uuid = uuid::uuid!("5f2c5a0e-4d0b-4f60-9a63-0a7c1d9e2b44");

/// Every type that is sent.
const TYPES: [&str; 31] = [
    "checkout.created",
    "checkout.updated",
    "checkout.expired",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "customer.state_changed",
    "order.created",
    "order.updated",
    "order.paid",
    "order.refunded",
    "subscription.created",
    "subscription.updated",
    "subscription.active",
    "subscription.canceled",
    "subscription.uncanceled",
    "subscription.revoked",
    "subscription.past_due",
    "subscription.cycled",
    "subscription.paused",
    "subscription.resumed",
    "refund.created",
    "refund.updated",
    "product.created",
    "product.updated",
    "benefit.created",
    "benefit.updated",
    "benefit_grant.created",
    "benefit_grant.updated",
    "benefit_grant.cycled",
    "benefit_grant.revoked",
];

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/webhooks/endpoints", get(endpoints))
        .route("/v1/webhooks/endpoints/{id}", get(endpoint).patch(change))
        .route("/v1/webhooks/deliveries", get(deliveries))
        .route("/v1/webhooks/events/{id}/redeliver", post(redeliver))
}

fn print(shared: &Shared, disabled: bool) -> Json {
    object! {
        "created_at": Moment::parse("2026-09-10T08:00:00.000001Z"),
        "modified_at": Json::Null,
        "id": ENDPOINT,
        "url": shared.webhook_url.as_str(),
        "name": Json::Null,
        "format": "raw",
        "secret": shared.signer.secret(),
        "organization_id": ORGANIZATION,
        "events": TYPES.to_vec(),
        "enabled": !disabled,
        "uses_standard_webhook_signature": shared.signer.is_standard(),
        "api_version": shared.lock().envelope.clone(),
    }
}

async fn endpoints(State(shared): State<Handle>, params: Params) -> answer::Result {
    let disabled = shared.lock().world.outbox.disabled;
    list::page(&params, vec![()], |()| print(&shared, disabled))
}

async fn endpoint(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    if id != ENDPOINT {
        return Err(Refusal::not_found());
    }
    let disabled = shared.lock().world.outbox.disabled;
    answer::ok(print(&shared, disabled))
}

async fn change(State(shared): State<Handle>, Id(id): Id, Body(body): Body) -> answer::Result {
    if id != ENDPOINT {
        return Err(Refusal::not_found());
    }
    let enabled = Fields::of(&body).bool("enabled")?;
    let disabled = shared.with(|engine| {
        let outbox = &mut engine.world.outbox;
        outbox.disabled = enabled.map_or(outbox.disabled, |enabled| !enabled);
        outbox.disabled
    });
    answer::ok(print(&shared, disabled))
}

async fn deliveries(State(shared): State<Handle>, params: Params) -> answer::Result {
    shared.with(|engine| {
        let mut rows: Vec<(&Event, &Attempt)> = engine
            .world
            .outbox
            .events
            .iter()
            .flat_map(|event| event.attempts.iter().map(move |attempt| (event, attempt)))
            .filter(|(event, attempt)| {
                let word = if attempt.succeeded { "true" } else { "false" };
                params.allows("succeeded", Some(word))
                    && params.allows("event_type", Some(&event.kind))
                    && params.allows("endpoint_id", Some(&ENDPOINT.to_string()))
            })
            .collect();
        rows.sort_by_key(|(_, attempt)| attempt.at);
        list::page(&params, rows, |(event, attempt)| delivery(event, attempt))
    })
}

fn delivery(event: &Event, attempt: &Attempt) -> Json {
    let succeeded = match event.state {
        EventState::Delivered => Json::Bool(true),
        EventState::Failed => Json::Bool(false),
        _ => Json::Null,
    };
    object! {
        "created_at": attempt.at,
        "modified_at": Json::Null,
        "id": attempt.id,
        "succeeded": attempt.succeeded,
        "http_code": attempt.status,
        "response": attempt.answer.as_str(),
        "webhook_event": object! {
            "created_at": event.at,
            "modified_at": Json::Null,
            "id": event.id,
            "last_http_code": event.attempts.last().and_then(|attempt| attempt.status),
            "succeeded": succeeded,
            "skipped": event.state == EventState::Skipped,
            "payload": event.body.as_str(),
            "type": event.kind.as_str(),
            "is_archived": false,
            "api_version": Json::Null,
        },
    }
}

async fn redeliver(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| {
        let now = engine.now();
        if engine.world.outbox.redeliver(id, now) {
            engine.dirty = true;
            return Ok(Answer(axum::http::StatusCode::ACCEPTED, Json::Null));
        }
        Err(Refusal::not_found())
    })
}
