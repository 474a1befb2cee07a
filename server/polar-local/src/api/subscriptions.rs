//! `/v1/subscriptions/`.

use axum::{Router, extract::State, routing::get};
use uuid::Uuid;

use super::{
    answer,
    extract::{Body, Id, Params},
    fields::Fields,
    list,
};
use crate::{
    engine::{Engine, Proration},
    json::Json,
    model::Subscription,
    moment::Moment,
    refusal::Refusal,
    shared::Handle,
    usage, wire,
};

/// Why somebody cancels.
pub const REASONS: [&str; 8] = [
    "customer_service",
    "low_quality",
    "missing_features",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
    "other",
];

/// Each body has one leading key, and these beside it.
const BODIES: [(&str, &[&str]); 11] = [
    ("cancel_at_period_end", &["customer_cancellation_reason", "customer_cancellation_comment"]),
    ("revoke", &["customer_cancellation_reason", "customer_cancellation_comment"]),
    ("product_id", &["proration_behavior"]),
    ("seats", &["proration_behavior"]),
    ("trial_end", &[]),
    ("discount_id", &[]),
    ("metadata", &[]),
    ("current_billing_period_end", &[]),
    ("pause_at_period_end", &["resumes_at"]),
    ("resume", &[]),
    ("pending_update", &[]),
];

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/subscriptions/", get(all))
        .route("/v1/subscriptions/{id}", get(one).patch(change).delete(revoke))
}

fn print(engine: &Engine, sub: &Subscription) -> Json {
    let meter = usage::of_subscription(&engine.world, sub);
    engine
        .world
        .customers
        .find(sub.customer)
        .map_or(Json::Null, |owner| wire::subscription(sub, &owner, meter.as_ref()))
}

async fn all(State(shared): State<Handle>, params: Params) -> answer::Result {
    shared.with(|engine| {
        let word = |value: bool| if value { "true" } else { "false" };
        let fits = |s: &&Subscription| {
            let owner = engine.world.customers.find(s.customer);
            let external_id = owner.as_ref().and_then(|owner| owner.external_id.as_deref());
            params.allows("external_customer_id", external_id)
                && params.allows("customer_id", Some(&s.customer.to_string()))
                && params.allows("product_id", Some(&s.product.to_string()))
                && params.allows("status", Some(s.status.as_str()))
                && params.allows("cancel_at_period_end", Some(word(s.cancel_at_period_end)))
                && params.allows("active", Some(word(s.is_active())))
                && params.allows_metadata(&s.metadata)
        };
        let rows = engine.world.subscriptions.iter().filter(fits).collect();
        list::page(&params, rows, |sub| print(engine, sub))
    })
}

async fn one(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| answer::ok(print(engine, &engine.subscription(id)?)))
}

async fn revoke(State(shared): State<Handle>, Id(id): Id) -> answer::Result {
    shared.with(|engine| {
        let sub = engine.revoke(id)?;
        answer::ok(print(engine, &sub))
    })
}

async fn change(State(shared): State<Handle>, Id(id): Id, Body(body): Body) -> answer::Result {
    let lead = lead(&body)?;
    shared.with(|engine| {
        engine.subscription(id)?;
        let sub = apply(engine, id, lead, &Fields::of(&body))?;
        answer::ok(print(engine, &sub))
    })
}

/// The key that says what a body is about. Exactly one kind of body is taken, without unknown keys.
fn lead(body: &Json) -> Result<&'static str, Refusal> {
    let given = BODIES.iter().find(|(lead, _)| body.get(lead).is_some());
    let Some((lead, beside)) = given else {
        return Err(match body.entries().first() {
            Some((key, value)) => Refusal::shape(
                "extra_forbidden",
                &["body", key],
                "Extra inputs are not permitted",
                value,
            ),
            None => Refusal::missing(&["body", "cancel_at_period_end"], body),
        });
    };
    let mut keys = vec![*lead];
    keys.extend(*beside);
    Fields::of(body).only(&keys)?;
    Ok(lead)
}

fn apply(
    engine: &mut Engine,
    id: Uuid,
    lead: &str,
    fields: &Fields<'_>,
) -> Result<Subscription, Refusal> {
    let reason = fields.word("customer_cancellation_reason", &REASONS)?;
    let comment = fields.text("customer_cancellation_comment")?;
    match lead {
        "cancel_at_period_end" => {
            if fields.need(lead, fields.bool(lead)?)? {
                engine.cancel(id, reason, comment)
            } else {
                engine.uncancel(id)
            }
        }
        "revoke" => yes(fields, lead).and_then(|()| engine.revoke(id)),
        "product_id" | "seats" => {
            let product = fields.uuid("product_id")?;
            let seats = fields.int("seats")?;
            engine.change_plan(id, product, seats, proration(fields)?)
        }
        "trial_end" => {
            let now = fields.text(lead)?.as_deref() == Some("now");
            let end = if now { None } else { Some(fields.need(lead, fields.moment(lead)?)?) };
            engine.set_trial_end(id, end)
        }
        "discount_id" => match fields.text(lead)? {
            None => engine.subscription(id),
            Some(other) => Err(Refusal::value(lead, "Discount does not exist.", other)),
        },
        "metadata" => {
            let metadata = fields.need(lead, fields.metadata(lead)?)?;
            engine.set_metadata(id, metadata)
        }
        "current_billing_period_end" => {
            let end: Moment = fields.need(lead, fields.moment(lead)?)?;
            engine.set_period_end(id, end)
        }
        "pause_at_period_end" => {
            let pause = fields.need(lead, fields.bool(lead)?)?;
            engine.schedule_pause(id, pause, fields.moment("resumes_at")?)
        }
        "resume" => yes(fields, lead).and_then(|()| engine.resume(id)),
        _ => engine.drop_pending(id),
    }
}

fn yes(fields: &Fields<'_>, key: &str) -> Result<(), Refusal> {
    match fields.bool(key)? {
        Some(true) => Ok(()),
        other => {
            Err(Refusal::shape("literal_error", &["body", key], "Input should be True", other))
        }
    }
}

fn proration(fields: &Fields<'_>) -> Result<Proration, Refusal> {
    let word = fields.word("proration_behavior", &["invoice", "prorate", "next_period"])?;
    Ok(word.as_deref().and_then(Proration::parse).unwrap_or(Proration::Prorate))
}
