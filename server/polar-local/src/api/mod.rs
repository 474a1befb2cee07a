//! `/v1`: the API, with Polar's paths, bodies, errors and slashes.

mod answer;
mod checkouts;
mod customers;
mod extract;
mod fields;
mod guard;
mod list;
mod orders;
mod portal;
mod products;
mod refunds;
mod subscriptions;
mod usage;
mod webhooks;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Result as ApiResult, ok};
pub use extract::{Body, Id, Params};
pub use fields::{Fields, is_email};

use axum::{
    Router,
    extract::{OriginalUri, State},
    http::{StatusCode, Uri, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};

use crate::{refusal::Refusal, shared::Handle};

/// The routes of the API.
pub fn routes(shared: &Handle) -> Router {
    let organization = Router::new()
        .merge(checkouts::routes())
        .merge(customers::routes())
        .merge(orders::routes())
        .merge(products::routes())
        .merge(refunds::routes())
        .merge(subscriptions::routes())
        .merge(usage::routes())
        .merge(webhooks::routes())
        .route_layer(from_fn_with_state(shared.clone(), guard::token));
    Router::new()
        .merge(organization)
        .merge(portal::routes(shared))
        .merge(collections())
        .route("/v1/{*path}", any(unknown))
        .layer(from_fn_with_state(shared.clone(), guard::faults))
        .layer(from_fn(guard::version))
        .layer(from_fn_with_state(shared.clone(), guard::date))
        .with_state(shared.clone())
}

/// Collections that somebody asks for without the slash at the end.
fn collections() -> Router<Handle> {
    let names = [
        "checkouts",
        "customers",
        "customer-sessions",
        "customer-meters",
        "meters",
        "orders",
        "products",
        "refunds",
        "subscriptions",
        "customer-portal/benefit-grants",
        "customer-portal/meters",
        "customer-portal/orders",
        "customer-portal/subscriptions",
    ];
    names
        .into_iter()
        .fold(Router::new(), |router, name| router.route(&format!("/v1/{name}"), any(add_slash)))
}

async fn add_slash(State(shared): State<Handle>, uri: Uri) -> Response {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = uri.path().trim_start_matches('/');
    let place = format!("{}/{query}", shared.url(path));
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response()
}

/// Loud: whoever asks for this believes that it exists.
async fn unknown(OriginalUri(uri): OriginalUri) -> Response {
    tracing::warn!(path = uri.path(), "the stand-in of Polar does not have this path");
    Refusal::not_found().into_response()
}

type Route = MethodRouter<Handle>;
