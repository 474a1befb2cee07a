//! The fault switches.

use axum::{body::Bytes, extract::State};

use crate::{
    api::{ApiResult, ok},
    faults::{Fault, Switch},
    json::Json,
    refusal::Refusal,
    shared::Handle,
};

fn print(faults: &[Fault]) -> Json {
    let text = serde_json::to_string(faults).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Reads one switch, or a list of them.
pub fn read(text: &[u8]) -> Result<Vec<Fault>, String> {
    let one_or_many: Result<Vec<Fault>, _> = serde_json::from_slice(text);
    one_or_many
        .or_else(|list| {
            serde_json::from_slice::<Fault>(text)
                .map(|fault| vec![fault])
                .map_err(|one| if text.trim_ascii_start().starts_with(b"[") { list } else { one })
        })
        .map(|faults| faults.into_iter().map(outer_times).collect())
        .map_err(|error| error.to_string())
}

/// The times of `api_status` may stand inside it, and those of `app_5xx` are all it says.
fn outer_times(mut fault: Fault) -> Fault {
    match &mut fault.switch {
        Switch::ApiStatus { times, .. } => fault.times = fault.times.or(times.take()),
        Switch::App5xx(times) => fault.times = fault.times.or(Some(*times)),
        _ => {}
    }
    fault
}

/// The switches that are set.
pub async fn tell(State(shared): State<Handle>) -> ApiResult {
    ok(print(&shared.lock().world.faults))
}

/// Replaces them.
pub async fn replace(State(shared): State<Handle>, body: Bytes) -> ApiResult {
    let faults = read(&body).map_err(|error| Refusal::value("faults", &error, Json::Null))?;
    shared.with(|engine| {
        engine.world.faults = faults;
        engine.dirty = true;
        ok(print(&engine.world.faults))
    })
}

/// Switches everything off.
pub async fn clear(State(shared): State<Handle>) -> ApiResult {
    shared.with(|engine| {
        engine.world.faults.clear();
        engine.dirty = true;
        ok(Json::List(Vec::new()))
    })
}
