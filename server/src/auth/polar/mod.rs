//! The endpoints of Polar's plugin for Better Auth, in the forms that its client calls: checkout, portal, what somebody
//! has, and metered use. What a browser must not decide about itself is refused and not passed on.

mod checkout;
mod lists;
mod portal;
mod usage;

use axum::{
    Json, Router,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::billing::BillingFailure;
use serde_json::json;

use super::{Auth, error::log, only};

/// The routes, below `/api/auth`; none of them where nothing is sold.
pub(super) fn routes(auth: &Auth) -> Router<Auth> {
    if auth.backend.settings.billing.is_none() {
        return Router::new();
    }
    let (read, post) = ([Method::GET], [Method::POST]);
    Router::new()
        .route("/checkout", only(post.clone(), checkout::checkout))
        .route("/customer/portal", only([Method::GET, Method::POST], portal::portal))
        .route("/customer/state", only(read.clone(), lists::state))
        .route("/customer/benefits/list", only(read.clone(), lists::benefits))
        .route("/customer/subscriptions/list", only(read.clone(), lists::subscriptions))
        .route("/customer/orders/list", only(read.clone(), lists::orders))
        .route("/usage/meters/list", only(read, lists::meters))
        .route("/usage/ingest", only(post, usage::ingest))
}

/// A refusal, in the shape of the plugin's.
fn refuse(auth: &Auth, failure: BillingFailure) -> Response {
    if let BillingFailure::Failed(error) = &failure {
        log(error);
    }
    let status = StatusCode::from_u16(failure.status());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let support = auth.backend.settings.support_email.as_deref();
    let message = failure.sentence_with(support);
    let mut body = json!({ "code": failure.code(), "message": message });
    if matches!(failure, BillingFailure::AlreadySubscribed) {
        body["manageUrl"] = "/api/auth/customer/portal".into();
    }
    (status, Json(body)).into_response()
}

/// An address that lets whoever has it pay or look: never kept by anybody on the way.
fn private(body: serde_json::Value) -> Response {
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (no_store, Json(body)).into_response()
}
