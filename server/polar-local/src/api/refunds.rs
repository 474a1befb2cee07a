//! `/v1/refunds/`.

use axum::{Router, extract::State, routing::get};

use super::{
    answer,
    extract::{Body, Params},
    fields::Fields,
    list,
};
use crate::{engine::NewRefund, json::Json, model::Refund, shared::Handle, wire};

/// Why money is given back.
pub const REASONS: [&str; 7] = [
    "duplicate",
    "fraudulent",
    "customer_request",
    "service_disruption",
    "satisfaction_guarantee",
    "dispute_prevention",
    "other",
];

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new().route("/v1/refunds/", get(all).post(create))
}

async fn create(State(shared): State<Handle>, Body(body): Body) -> answer::Result {
    let fields = Fields::of(&body);
    let new = NewRefund {
        order: fields.need("order_id", fields.uuid("order_id")?)?,
        reason: fields.need("reason", fields.word("reason", &REASONS)?)?,
        amount: fields.need("amount", fields.int("amount")?)?,
        revoke_benefits: fields.bool("revoke_benefits")?.unwrap_or(false),
        metadata: fields.metadata("metadata")?.unwrap_or_else(Json::empty),
    };
    shared.with(|engine| answer::created(wire::refund(&engine.refund(new)?)))
}

async fn all(State(shared): State<Handle>, params: Params) -> answer::Result {
    shared.with(|engine| {
        let fits = |r: &&Refund| {
            params.allows("id", Some(&r.id.to_string()))
                && params.allows("order_id", Some(&r.order.to_string()))
                && params.allows("customer_id", Some(&r.customer.to_string()))
                && params
                    .allows("subscription_id", r.subscription.map(|id| id.to_string()).as_deref())
        };
        list::page(&params, engine.world.refunds.iter().filter(fits).collect(), wire::refund)
    })
}
