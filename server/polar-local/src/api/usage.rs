//! `/v1/events/ingest`, `/v1/meters/` and `/v1/customer-meters/`.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};

use super::{
    answer,
    extract::{Body, Params},
    fields::Fields,
    list,
};
use crate::{
    catalog,
    json::{Json, object},
    model::Usage,
    moment::Moment,
    refusal::Refusal,
    shared::Handle,
    usage, wire,
};

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/events/ingest", post(ingest))
        .route("/v1/meters/", get(meters))
        .route("/v1/customer-meters/", get(customer_meters))
}

async fn ingest(State(shared): State<Handle>, Body(body): Body) -> answer::Result {
    let Some(events) = body.get("events") else {
        return Err(Refusal::missing(&["body", "events"], &body));
    };
    let now = shared.lock().now();
    let events: Result<Vec<Usage>, Refusal> =
        events.items().iter().map(|event| read(event, now)).collect();
    let events = events?;
    let all = events.len();
    shared.with(|engine| {
        let inserted = engine.ingest(events);
        answer::ok(object! {
            "inserted": u64::try_from(inserted).unwrap_or(0),
            "duplicates": u64::try_from(all - inserted).unwrap_or(0),
        })
    })
}

fn read(event: &Json, now: Moment) -> Result<Usage, Refusal> {
    let fields = Fields::of_kind(event, "events");
    let name = fields.need("name", fields.text("name")?)?;
    if name.chars().count() > 128 {
        return Err(Refusal::value("name", "Names have at most 128 characters.", name));
    }
    let at = fields.moment("timestamp")?.unwrap_or(now);
    if at > now {
        return Err(Refusal::value("timestamp", "Timestamp must be in the past.", at));
    }
    Ok(Usage {
        external_id: fields.text("external_id")?,
        name,
        customer: fields.uuid("customer_id")?,
        external_customer_id: fields.text("external_customer_id")?,
        at,
        metadata: event.get("metadata").cloned().unwrap_or_else(Json::empty),
    })
}

async fn meters(params: Params) -> answer::Result {
    list::page(&params, vec![catalog::meter()], Json::clone)
}

async fn customer_meters(State(shared): State<Handle>, params: Params) -> answer::Result {
    shared.with(|engine| {
        let rows: Vec<Json> = engine
            .living()
            .filter(|c| params.allows("external_customer_id", c.external_id.as_deref()))
            .filter(|c| params.allows("customer_id", Some(&c.id.to_string())))
            .filter_map(|c| {
                Some(wire::customer_meter(c, &usage::of_customer(&engine.world, c)?, true))
            })
            .collect();
        list::page(&params, rows, |row| row)
    })
}
