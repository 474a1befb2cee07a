//! `GET` and `POST /customer/portal`

use axum::{extract::State, http::HeaderMap, response::Response};
use backend::billing;
use serde_json::json;

use super::{
    super::{
        Auth,
        error::AuthError,
        guard::{Guard, guarded},
    },
    private, refuse,
};

/// An address of Polar's portal that signs the caller in there for an hour.
#[tracing::instrument(name = "auth.routes.customer_portal", skip_all)]
pub(in crate::auth) async fn portal(
    State(auth): State<Auth>,
    headers: HeaderMap,
) -> Result<Response, AuthError> {
    guarded(&auth, &headers, Guard::Sensitive, async |who| {
        Ok(match billing::open_portal(&auth.backend, &who.caller, "/billing").await {
            Ok(url) => private(json!({ "url": url.as_str(), "redirect": true })),
            Err(failure) => refuse(&auth, failure),
        })
    })
    .await
}
