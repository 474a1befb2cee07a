//! Pages for a person, without a script: checkout, portal, panel.

mod answer;
mod checkout;
mod form;
pub mod guard;
mod panel;
mod papers;
mod portal;
mod show;

#[cfg(test)]
mod tests;

use axum::{Router, http::header, middleware::from_fn, response::IntoResponse, routing::get};

use crate::shared::Handle;

/// The routes.
pub fn routes(shared: &Handle) -> Router {
    Router::new()
        .merge(checkout::routes())
        .merge(portal::routes())
        .merge(panel::routes())
        .merge(papers::routes())
        .layer(from_fn(guard::this_site_only))
        .route("/style.css", get(style))
        .with_state(shared.clone())
}

async fn style() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, include_str!("../../templates/style.css"))
}
