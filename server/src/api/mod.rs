//! The REST interface for other programs. Its document is made from the same handlers that answer, so the two
//! cannot drift apart.

mod account_shapes;
mod accounts;
mod always;
mod answer;
mod balances;
mod batches;
mod body;
mod budget_shapes;
mod budgets;
mod categories;
mod connections;
mod demo;
mod document;
mod duplicates;
mod error;
mod files;
mod import_preview;
mod import_rows;
mod import_shapes;
mod imports;
mod key;
mod linking;
mod list;
mod overview;
mod preferences;
mod recurring;
mod recurring_shapes;
mod review;
mod rule_shapes;
mod rules;
mod saved_views;
mod statements;
mod subscription;
mod transaction;
mod transaction_shapes;
mod transactions;
mod transfers;
mod upload;
mod verifications;

use axum::Router;
use backend::Backend;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use document::reference;
pub(crate) use error::{invalid, reject};

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
        .routes(routes!(accounts::shift))
        .routes(routes!(balances::get))
        .routes(routes!(verifications::get, verifications::start))
        .routes(routes!(verifications::enter))
        .routes(routes!(verifications::answer))
        .routes(routes!(statements::list))
        .routes(routes!(statements::get))
        .routes(routes!(transactions::list, transaction::create))
        .routes(routes!(transaction::get, transaction::update, transaction::delete))
        .routes(routes!(transaction::split, transaction::unsplit))
        .routes(routes!(batches::list, batches::create))
        .routes(routes!(batches::get))
        .routes(routes!(batches::undo))
        .routes(routes!(duplicates::list))
        .routes(routes!(duplicates::decide))
        .routes(routes!(rules::list, rules::create))
        .routes(routes!(rules::reorder))
        .routes(routes!(rules::preview))
        .routes(routes!(rules::get, rules::update, rules::delete))
        .routes(routes!(rules::apply))
        .routes(routes!(always::get, always::take))
        .routes(routes!(saved_views::list, saved_views::create))
        .routes(routes!(saved_views::get, saved_views::update, saved_views::delete))
        .routes(routes!(categories::list, categories::create))
        .routes(routes!(categories::get, categories::update, categories::delete))
        .routes(routes!(imports::list, imports::create))
        .routes(routes!(imports::get, imports::discard))
        .routes(routes!(imports::commit))
        .routes(routes!(imports::undo))
        .routes(routes!(preferences::get, preferences::update))
        .routes(routes!(budgets::list, budgets::create))
        .routes(routes!(budgets::replay))
        .routes(routes!(budgets::get, budgets::update, budgets::delete))
        .routes(routes!(budgets::end))
        .routes(routes!(budgets::history))
        .routes(routes!(review::counts))
        .routes(routes!(review::uncategorized))
        .routes(routes!(transfers::list, transfers::link))
        .routes(routes!(transfers::confirm))
        .routes(routes!(transfers::turn_down))
        .routes(routes!(transfers::unlink))
        .routes(routes!(transfers::candidates))
        .routes(routes!(recurring::list))
        .routes(routes!(recurring::coming))
        .routes(routes!(recurring::look_at_merge, recurring::merge))
        .routes(routes!(recurring::leave_out))
        .routes(routes!(recurring::put_back))
        .routes(routes!(recurring::see_price, recurring::forget_price))
        .routes(routes!(recurring::get, recurring::update))
        .routes(routes!(connections::list))
        .routes(routes!(connections::get, connections::delete))
        .routes(routes!(connections::sync))
        .routes(routes!(linking::begin))
        .routes(routes!(linking::finish))
        .routes(routes!(linking::repair))
        .routes(routes!(linking::candidates, linking::choose))
        .routes(routes!(demo::on, demo::off))
        .routes(routes!(subscription::get))
        .routes(routes!(overview::get))
        .routes(routes!(files::csv))
        .routes(routes!(files::json))
        .routes(routes!(files::everything))
}

#[cfg(test)]
pub(crate) mod tests;
