//! `POST /usage/ingest`

use axum::{Json, extract::State, http::HeaderMap, response::{IntoResponse, Response}};
use backend::billing::{self, USAGE_EVENTS};
use serde_json::{Value, json};

use super::super::{
    Auth,
    body::{Body, Schema},
    error::AuthError,
    guard::{Guard, guarded},
    schema::Fields,
};

/// Most members of `metadata` (Polar takes 50).
const MOST_METADATA: usize = 50;

/// `{event, metadata}`: one of the events we count, never a word of the browser's own.
pub(super) struct Usage {
    event: &'static str,
    metadata: Value,
}

impl Schema for Usage {
    fn read(fields: &mut Fields<'_>) -> Self {
        let event = fields.one_of("event", USAGE_EVENTS);
        let metadata = fields.record("metadata");
        if metadata.as_object().is_some_and(|members| members.len() > MOST_METADATA) {
            fields.problem("metadata", "Too big: expected at most 50 members");
        }
        Self { event, metadata }
    }
}

/// Counts one use of the caller's. It is kept here first, and sent to Polar by a job.
#[tracing::instrument(name = "auth.routes.usage_ingest", skip_all)]
pub(in crate::auth) async fn ingest(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(usage): Body<Usage>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Sensitive, async |who| {
        let counted =
            billing::count_usage(&auth.backend, &who.caller, usage.event, &usage.metadata).await;
        counted.map_err(|error| auth.refuse(error.into()))?;
        Ok(Json(json!({ "inserted": 1, "duplicates": 0 })).into_response())
    })
    .await
}
