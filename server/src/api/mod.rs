//! The REST interface for other programs. Its document is made from the same handlers that answer, so the two
//! cannot drift apart.

mod account_shapes;
mod accounts;
mod batches;
mod body;
mod budgets;
mod connections;
mod document;
mod error;
mod key;
mod list;
mod recurring;
mod subscription;
mod transactions;
mod verifications;

use axum::Router;
use backend::Backend;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use document::reference;
pub(crate) use error::invalid;

/// The routes, and their document at `/api/openapi.json`.
pub fn routes(backend: Backend) -> Router {
    let (router, document) = described().split_for_parts();
    router.with_state(backend).merge(document::route(&document))
}

/// The document of the interface.
pub fn document() -> OpenApi {
    described().into_openapi()
}

fn described() -> OpenApiRouter<Backend> {
    OpenApiRouter::with_openapi(document::head())
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::get, accounts::update, accounts::delete))
        .routes(routes!(verifications::get, verifications::start))
        .routes(routes!(verifications::answer))
        .routes(routes!(transactions::list))
        .routes(routes!(batches::create))
        .routes(routes!(batches::get))
        .routes(routes!(batches::undo))
        .routes(routes!(budgets::list, budgets::create))
        .routes(routes!(budgets::get, budgets::delete))
        .routes(routes!(recurring::list))
        .routes(routes!(recurring::get, recurring::update))
        .routes(routes!(connections::list))
        .routes(routes!(connections::get, connections::delete))
        .routes(routes!(connections::sync))
        .routes(routes!(subscription::get))
}

#[cfg(test)]
pub(crate) mod tests;
