//! The checkout: what is bought, who buys, the card, and where it goes from there.

mod finish;
mod typed;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use uuid::Uuid;

use finish::{after, approve_url, checkout_url, confirmed, expired, go_on, paid_already, unknown};
pub use typed::is_in_future;
use typed::{Problem, Typed};

use super::{
    answer::{page, see_other},
    form::Form,
    show::{self, COUNTRIES},
};
use crate::{
    address::mount,
    catalog::{self, Product},
    engine::{Engine, Payer},
    model::{Checkout, CheckoutStatus, Customer, Notice},
    moment::Moment,
    shared::{Handle, Shared},
};

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new()
        .route("/checkout/{secret}", get(show).post(pay))
        .route("/checkout/{secret}/product", post(choose))
        .route("/checkout/{secret}/approve", get(ask).post(approve))
        .route("/checkout/{secret}/confirmation", get(confirmation))
}

#[derive(Template)]
#[template(path = "checkout.html")]
struct Page<'a> {
    base: &'a str,
    checkout: &'a Checkout,
    product: &'static Product,
    offered: Vec<(&'static Product, String)>,
    price: String,
    tax: Option<String>,
    total: String,
    due_now: String,
    trial_end: Option<String>,
    email_locked: bool,
    typed: Typed,
    errors: Vec<Problem>,
    notice: Option<&'static str>,
    countries: &'static [(&'static str, &'static str)],
}

impl Page<'_> {
    fn error(&self, field: &str) -> Option<&'static str> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, text)| *text)
    }
}

#[derive(Template)]
#[template(path = "approve.html")]
struct Approve<'a> {
    base: &'a str,
    checkout: &'a Checkout,
    product: &'a str,
    total: String,
}

const fn words(notice: Notice) -> &'static str {
    match notice {
        Notice::Declined => "The card was declined. Nothing was charged.",
        Notice::Insufficient => {
            "The card was declined: there is not enough money. Nothing was charged."
        }
        Notice::NotApproved => "The payment was not approved. Nothing was charged.",
        Notice::AlreadySubscribed => {
            "You already have a subscription. Change its plan instead of buying a second one."
        }
    }
}

/// The checkout of a secret, and who buys if the application said so: their address cannot be another one.
fn found(shared: &Shared, secret: &str) -> Option<(Checkout, Option<Customer>)> {
    shared.with(|engine| {
        let checkout = engine.checkout_by_secret(secret)?;
        let owner = checkout.customer.and_then(|id| engine.customer(id).ok());
        Some((checkout, owner))
    })
}

async fn show(State(shared): State<Handle>, Path(secret): Path<String>) -> Response {
    let Some((checkout, owner)) = found(&shared, &secret) else { return unknown(&shared) };
    match checkout.status {
        CheckoutStatus::Open => {
            let typed = Typed::remembered(&checkout, owner.as_ref());
            render(&shared, &checkout, owner.as_ref(), typed, Vec::new())
        }
        CheckoutStatus::Confirmed => see_other(&approve_url(&shared, &checkout)),
        CheckoutStatus::Succeeded => paid_already(&shared, &checkout),
        CheckoutStatus::Expired => expired(&shared, &checkout),
    }
}

fn render(
    shared: &Shared,
    checkout: &Checkout,
    owner: Option<&Customer>,
    typed: Typed,
    errors: Vec<Problem>,
) -> Response {
    let Some(product) = catalog::find(checkout.product) else { return unknown(shared) };
    let amount = product.amount(checkout.seats);
    let tax = Engine::tax_on(amount, Some(&typed.address));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let offered = checkout.products.iter().filter_map(|id| catalog::find(*id));
    let due = if checkout.trial_end.is_some() { 0 } else { amount + tax };
    page(
        status,
        &Page {
            base: mount(&shared.base),
            checkout,
            product,
            offered: offered.map(|p| (p, show::price(p, checkout.seats))).collect(),
            price: show::price(product, checkout.seats),
            tax: checkout.tax.map(|_| show::money(tax)),
            total: show::money(amount + tax),
            due_now: show::money(due),
            trial_end: checkout.trial_end.map(Moment::for_people),
            email_locked: owner.is_some(),
            typed,
            errors,
            notice: checkout.notice.map(words),
            countries: &COUNTRIES,
        },
    )
}

async fn choose(State(shared): State<Handle>, Path(secret): Path<String>, form: Form) -> Response {
    let Some((checkout, _)) = found(&shared, &secret) else { return unknown(&shared) };
    let place = checkout_url(&shared, &checkout);
    if let Ok(product) = form.get("product_id").parse::<Uuid>() {
        shared.with(|engine| engine.choose_product(checkout, product));
    }
    see_other(&place)
}

async fn pay(State(shared): State<Handle>, Path(secret): Path<String>, form: Form) -> Response {
    let Some((checkout, owner)) = found(&shared, &secret) else { return unknown(&shared) };
    if checkout.status != CheckoutStatus::Open {
        return go_on(&shared, checkout).await;
    }
    let typed = Typed::read(&form, owner.as_ref());
    let now = shared.lock().now();
    let (card, errors) = typed.check(&form, now);
    let Some(card) = card.filter(|_| errors.is_empty()) else {
        return render(&shared, &checkout, owner.as_ref(), typed, errors);
    };
    let payer = Payer {
        email: typed.email,
        name: Some(typed.name).filter(|name| !name.is_empty()),
        address: typed.address,
    };
    let paid = shared.with(|engine| engine.pay(checkout.id, &payer, card));
    after(&shared, &checkout, paid).await
}

async fn ask(State(shared): State<Handle>, Path(secret): Path<String>) -> Response {
    let Some((checkout, _)) = found(&shared, &secret) else { return unknown(&shared) };
    if checkout.waiting.is_none() {
        return see_other(&checkout_url(&shared, &checkout));
    }
    let product = catalog::find(checkout.product);
    let amount = product.map_or(0, |product| product.amount(checkout.seats));
    page(
        StatusCode::OK,
        &Approve {
            base: mount(&shared.base),
            checkout: &checkout,
            product: product.map_or("", |product| product.name.as_str()),
            total: show::money(amount + checkout.tax.unwrap_or(0)),
        },
    )
}

async fn approve(State(shared): State<Handle>, Path(secret): Path<String>, form: Form) -> Response {
    let Some((checkout, _)) = found(&shared, &secret) else { return unknown(&shared) };
    let approved = form.get("answer") == "approve";
    let paid = shared.with(|engine| engine.approve(checkout.id, approved));
    after(&shared, &checkout, paid).await
}

async fn confirmation(State(shared): State<Handle>, Path(secret): Path<String>) -> Response {
    match found(&shared, &secret) {
        Some((checkout, _)) if checkout.status == CheckoutStatus::Succeeded => confirmed(&shared),
        _ => unknown(&shared),
    }
}
