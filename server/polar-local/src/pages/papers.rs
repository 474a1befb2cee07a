//! Invoices and receipts, one page each.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use uuid::Uuid;

use super::{answer::page, show};
use crate::{address::mount, model::Address, shared::Handle};

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new().route("/papers/{kind}/{order}", get(show))
}

#[derive(Template)]
#[template(path = "paper.html")]
struct Paper<'a> {
    base: &'a str,
    title: &'a str,
    number: String,
    date: String,
    name: String,
    address: Option<String>,
    lines: Vec<(String, String)>,
    tax: String,
    total: String,
}

async fn show(State(shared): State<Handle>, Path((kind, id)): Path<(String, Uuid)>) -> Response {
    let Ok(order) = shared.with(|engine| engine.order(id)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (title, number) = match (kind.as_str(), order.receipt_number) {
        ("invoice", _) => ("Invoice", order.invoice_number.clone()),
        ("receipt", Some(number)) => ("Receipt", number),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let total = order.items.iter().map(|item| item.amount).sum::<i64>() + order.tax;
    let lines = order.items.iter().map(|item| (item.label.clone(), show::money(item.amount)));
    page(
        StatusCode::OK,
        &Paper {
            base: mount(&shared.base),
            title,
            number,
            date: order.created_at.for_people(),
            name: order.billing_name.unwrap_or_default(),
            address: order.billing_address.as_ref().map(one_line),
            lines: lines.collect(),
            tax: show::money(order.tax),
            total: show::money(total),
        },
    )
}

fn one_line(address: &Address) -> String {
    let parts = [&address.line1, &address.postal_code, &address.city, &address.state];
    let parts = parts.into_iter().flatten().map(String::as_str);
    parts.chain([address.country.as_str()]).collect::<Vec<_>>().join(", ")
}
