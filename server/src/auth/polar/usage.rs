//! `POST /usage/ingest`

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use backend::{
    Error,
    billing::{USAGE_EVENTS, record_usage},
};
use serde_json::{Value, json};

use super::super::{
    Auth,
    body::{Body, Schema},
    error::AuthError,
    guard::{Guard, Guarded, guarded},
    schema::Fields,
};

/// `{event, metadata}`: one of the events we count, never a word of the browser's own.
pub(in crate::auth) struct Usage {
    event: &'static str,
    metadata: Value,
}

impl Schema for Usage {
    fn read(fields: &mut Fields<'_>) -> Self {
        let named = !fields.string("event").is_empty();
        let event = if named { fields.one_of("event", USAGE_EVENTS) } else { "" };
        Self { event, metadata: fields.record("metadata") }
    }
}

/// Counts one use of the caller's. It is kept here first, and sent to Polar by a job.
#[tracing::instrument(name = "auth.routes.usage_ingest", skip_all)]
pub(in crate::auth) async fn ingest(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Body(usage): Body<Usage>,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Sensitive, async |who| match count(&auth, &who, &usage).await {
        Ok(()) => Ok(Json(json!({ "inserted": 1, "duplicates": 0 })).into_response()),
        Err(Error::Forbidden(_)) => Err(AuthError::validation(&[
            "[body.metadata] Invalid input: expected texts, numbers and truth values".to_owned(),
        ])),
        Err(error) => Err(auth.refuse(error.into())),
    })
    .await
}

async fn count(auth: &Auth, who: &Guarded, usage: &Usage) -> Result<(), Error> {
    let backend = &auth.backend;
    let mut tx = backend.db.system().write().await?;
    let id = backend.new_id();
    record_usage(&mut tx, backend, who.caller.user(), usage.event, &usage.metadata, &id).await?;
    tx.commit().await?;
    Ok(())
}
