//! Turning the clock, and waiting for what it sets off.

use std::time::Duration;

use axum::{body::Bytes, extract::State, http::StatusCode};

use crate::{
    api::{Answer, ApiResult, Body, ok},
    engine::Engine,
    json::{Json, object},
    moment::Moment,
    refusal::Refusal,
    shared::Handle,
};

/// The longest that anybody waits for deliveries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

fn print(engine: &Engine) -> Json {
    object! {
        "now": engine.now(),
        "ahead_seconds": engine.world.clock.ahead / 1_000_000,
        "next": engine.next_timer_at(),
    }
}

/// What time it is.
pub async fn tell(State(shared): State<Handle>) -> ApiResult {
    shared.with(|engine| ok(print(engine)))
}

/// `{"advance": "P8D"}`, `{"to": "2026-…Z"}` or `{"to_next": true}`. Everything due on the way happens in order.
pub async fn turn(State(shared): State<Handle>, Body(body): Body) -> ApiResult {
    shared.with(|engine| {
        let now = engine.edge();
        let to = match (body.text("advance"), body.text("to"), body.get("to_next")) {
            (Some(duration), _, _) => now.plus_duration(duration),
            (_, Some(at), _) => Moment::parse(at),
            (_, _, Some(_)) => Some(engine.next_timer_at().unwrap_or(now)),
            _ => None,
        };
        let Some(to) = to.filter(|to| *to >= now) else {
            let text = "Give a duration like P8D to advance, or a later instant.";
            return Err(Refusal::value("advance", text, body.clone()));
        };
        engine.jump_to(to);
        ok(print(engine))
    })
}

/// Tells what waits to be told and returns when nothing is to be delivered now; with `{"retries": true}` when nothing
/// is to be delivered at all.
pub async fn settle(State(shared): State<Handle>, body: Bytes) -> Answer {
    let body: Json = serde_json::from_slice(&body).unwrap_or_default();
    let retries = body.get("retries").and_then(Json::as_bool).unwrap_or(false);
    let settled = tokio::time::timeout(LONGEST_WAIT, async {
        loop {
            shared.with(|engine| {
                let now = engine.now();
                engine.tell_states();
                if retries {
                    engine.world.outbox.hurry(now);
                }
            });
            let settled = shared
                .wait_until(LONGEST_WAIT, |engine| engine.world.outbox.is_settled(engine.now()));
            settled.await;
            if !retries || !shared.lock().world.outbox.has_waiting() {
                return;
            }
        }
    });
    let in_time = settled.await.is_ok();
    let status = if in_time { StatusCode::OK } else { StatusCode::GATEWAY_TIMEOUT };
    Answer(status, object! { "settled": in_time })
}
