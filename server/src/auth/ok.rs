//! `GET /api/auth/ok`.

use axum::Json;
use serde_json::{Value, json};

/// Says that the routes are there.
pub(super) async fn ok() -> Json<Value> {
    Json(json!({ "ok": true }))
}
