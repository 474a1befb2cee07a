//! `/v1/products/`: the seeded catalogue.

use axum::{Router, extract::State, routing::get};

use super::{
    answer,
    extract::{Id, Params},
    list,
};
use crate::{
    catalog::{self, Product},
    refusal::Refusal,
    shared::Handle,
};

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new().route("/v1/products/", get(all)).route("/v1/products/{id}", get(one))
}

async fn all(State(_): State<Handle>, params: Params) -> answer::Result {
    let fits = |product: &&Product| {
        let recurring = if product.interval.is_some() { "true" } else { "false" };
        params.allows("is_archived", Some("false"))
            && params.allows("is_recurring", Some(recurring))
            && params.allows("id", Some(&product.id.to_string()))
    };
    // The catalogue is told in its own order, whatever the sorting: all its products are of one moment.
    let rows = catalog::all().iter().filter(fits).rev().collect();
    list::page(&params, rows, |product| product.json().clone())
}

async fn one(Id(id): Id) -> answer::Result {
    answer::ok(catalog::find(id).ok_or_else(Refusal::not_found)?.json().clone())
}
