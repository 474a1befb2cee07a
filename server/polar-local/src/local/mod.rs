//! `/_local`: the switches, for tests and for the panel. From this machine only.

mod act;
mod clock;
mod faults;
mod watch;

#[cfg(test)]
mod tests;

use axum::{
    Router,
    extract::State,
    middleware::from_fn,
    routing::{get, post},
};

pub use act::{Action, perform};
pub use faults::read as read_faults;

use crate::{
    api::{Answer, ApiResult, Body, ok},
    delivery::EventState,
    engine::Engine,
    json::{Json, object},
    pages::guard,
    refusal::Refusal,
    shared::Handle,
};

/// The routes.
pub fn routes(shared: &Handle) -> Router {
    Router::new()
        .route("/_local/health", get(health))
        .route("/_local/clock", get(clock::tell).post(clock::turn))
        .route("/_local/settle", post(clock::settle))
        .route("/_local/faults", get(faults::tell).post(faults::replace).delete(faults::clear))
        .route("/_local/deliveries", get(watch::deliveries))
        .route("/_local/deliveries/{id}/redeliver", post(watch::redeliver))
        .route("/_local/objects", get(watch::objects))
        .route("/_local/endpoint", post(watch::endpoint))
        .route("/_local/act", post(act::act))
        .route("/_local/pay", post(act::pay))
        .route("/_local/emit", post(emit))
        .route("/_local/reset", post(reset))
        .layer(from_fn(guard::this_machine_only))
        .with_state(shared.clone())
}

async fn health() -> Answer {
    Answer(axum::http::StatusCode::OK, object! { "ok": true })
}

/// Sends any body as it is, signed.
async fn emit(State(shared): State<Handle>, Body(body): Body) -> ApiResult {
    let Some(kind) = body.text("type").map(str::to_owned) else {
        return Err(Refusal::missing(&["body", "type"], &body));
    };
    let object = body.get("data").and_then(|data| data.text("id")).map(str::to_owned);
    shared.with(|engine| {
        engine.stamp();
        let ids = object.into_iter().collect();
        let id = engine.queue(&kind, ids, body.compact(), EventState::Waiting);
        ok(object! { "id": id })
    })
}

async fn reset(State(shared): State<Handle>) -> ApiResult {
    shared.with(Engine::reset);
    ok(Json::empty())
}
