//! The checkout: what is bought, who buys, the card, and where it goes from there.

use std::time::Duration;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use url::Url;
use uuid::Uuid;

use super::{
    answer::{page, see_other},
    form::Form,
    show::{self, COUNTRIES},
};
use crate::{
    address::mount,
    api::is_email,
    catalog::{self, Product},
    delivery::EventState,
    engine::{Engine, Paid, Payer, TestCard},
    model::{Address, Checkout, CheckoutStatus, Customer, Notice},
    moment::Moment,
    shared::{Handle, Shared},
};

/// So long the page waits for the application before it goes on.
const WAIT_FOR_APP: Duration = Duration::from_secs(15);

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
    errors: Vec<(&'static str, &'static str)>,
    notice: Option<&'static str>,
    countries: &'static [(&'static str, &'static str)],
}

/// What stays in the form. Never the card.
#[derive(Default)]
struct Typed {
    email: String,
    name: String,
    address: Address,
}

impl Page<'_> {
    fn error(&self, field: &str) -> Option<&'static str> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, text)| *text)
    }
}

impl Typed {
    fn field(&self, name: &str) -> &str {
        let text = match name {
            "line1" => &self.address.line1,
            "postal_code" => &self.address.postal_code,
            "city" => &self.address.city,
            _ => &self.address.state,
        };
        text.as_deref().unwrap_or_default()
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

#[derive(Template)]
#[template(path = "done.html")]
struct Done<'a> {
    base: &'a str,
    title: &'a str,
    text: &'a str,
    link: Option<(&'a str, &'a str)>,
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
            let typed = remembered(&checkout, owner.as_ref());
            render(&shared, &checkout, owner.as_ref(), typed, Vec::new())
        }
        CheckoutStatus::Confirmed => see_other(&approve_url(&shared, &checkout)),
        CheckoutStatus::Succeeded => paid_already(&shared, &checkout),
        CheckoutStatus::Expired => expired(&shared, &checkout),
    }
}

fn remembered(checkout: &Checkout, owner: Option<&Customer>) -> Typed {
    let of_owner = |pick: fn(&Customer) -> Option<String>| owner.and_then(pick);
    Typed {
        email: of_owner(|owner| Some(owner.email.clone()))
            .filter(|_| is_locked(checkout))
            .or_else(|| checkout.customer_email.clone())
            .unwrap_or_default(),
        name: checkout
            .customer_name
            .clone()
            .or_else(|| of_owner(|owner| owner.name.clone()))
            .unwrap_or_default(),
        address: checkout
            .address
            .clone()
            .or_else(|| owner.and_then(|owner| owner.billing_address.clone()))
            .unwrap_or_else(|| Address { country: "US".to_owned(), ..Address::default() }),
    }
}

/// The application said who buys: the address cannot be another one.
fn is_locked(checkout: &Checkout) -> bool {
    checkout.customer.is_some()
}

fn render(
    shared: &Shared,
    checkout: &Checkout,
    owner: Option<&Customer>,
    typed: Typed,
    errors: Vec<(&'static str, &'static str)>,
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
            email_locked: owner.is_some() && is_locked(checkout),
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
    let locked = is_locked(&checkout);
    let typed = typed(&form, owner.as_ref().filter(|_| locked));
    let now = shared.lock().now();
    let (card, errors) = check(&typed, &form, now);
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

fn typed(form: &Form, owner: Option<&Customer>) -> Typed {
    Typed {
        email: owner.map_or_else(|| form.get("email").to_owned(), |owner| owner.email.clone()),
        name: form.get("name").to_owned(),
        address: Address {
            line1: form.given("line1"),
            line2: None,
            postal_code: form.given("postal_code"),
            city: form.given("city"),
            state: form.given("state"),
            country: form.get("country").to_owned(),
        },
    }
}

type Errors = Vec<(&'static str, &'static str)>;

fn check(typed: &Typed, form: &Form, now: Moment) -> (Option<TestCard>, Errors) {
    let mut errors = Vec::new();
    if !is_email(&typed.email) {
        errors.push(("email", "Enter an e-mail address."));
    }
    if typed.name.is_empty() {
        errors.push(("name", "Enter a name."));
    }
    if !COUNTRIES.iter().any(|(code, _)| *code == typed.address.country) {
        errors.push(("country", "Choose a country."));
    }
    let card = TestCard::read(form.get("card_number"));
    if card.is_none() {
        errors.push(("card_number", "Enter the number of a test card."));
    }
    if !is_in_future(form.get("card_expiry"), now) {
        errors.push(("card_expiry", "Enter a month in the future, like 12/34."));
    }
    let cvc = form.get("card_cvc");
    if !(3..=4).contains(&cvc.len()) || !cvc.bytes().all(|byte| byte.is_ascii_digit()) {
        errors.push(("card_cvc", "Enter three digits."));
    }
    (card, errors)
}

/// `MM/YY` or `MM/YYYY`; the month itself still counts.
pub(super) fn is_in_future(text: &str, now: Moment) -> bool {
    let Some((month, year)) = text.split_once('/') else { return false };
    let (Ok(month), Ok(year)) = (month.trim().parse::<u32>(), year.trim().parse::<u32>()) else {
        return false;
    };
    let year = if year < 100 { 2_000 + year } else { year };
    let today = now.to_string();
    (1..=12).contains(&month) && format!("{year:04}-{month:02}").as_str() >= &today[..7]
}

async fn after(shared: &Shared, checkout: &Checkout, paid: Paid) -> Response {
    match paid {
        Paid::Yes => {
            let now = shared.with(|engine| engine.world.checkouts.find(checkout.id));
            match now {
                Some(now) => go_on(shared, now).await,
                None => unknown(shared),
            }
        }
        Paid::Asks => see_other(&approve_url(shared, checkout)),
        Paid::No => see_other(&checkout_url(shared, checkout)),
    }
}

/// Where a checkout that is not open any more goes.
async fn go_on(shared: &Shared, checkout: Checkout) -> Response {
    match checkout.status {
        CheckoutStatus::Succeeded => {
            wait_for_app(shared, &checkout).await;
            see_other(&success_url(shared, &checkout))
        }
        CheckoutStatus::Confirmed => see_other(&approve_url(shared, &checkout)),
        CheckoutStatus::Open | CheckoutStatus::Expired => {
            see_other(&checkout_url(shared, &checkout))
        }
    }
}

/// The application should know before its own success page is opened.
async fn wait_for_app(shared: &Shared, checkout: &Checkout) {
    let Some(event) = checkout.told_by else { return };
    shared
        .wait_until(WAIT_FOR_APP, |engine| {
            let outbox = &engine.world.outbox;
            outbox.find(event).is_none_or(|event| {
                matches!(event.state, EventState::Delivered | EventState::Skipped)
            })
        })
        .await;
}

/// With a session of the portal, as Polar adds it.
fn success_url(shared: &Shared, checkout: &Checkout) -> String {
    let session = checkout.session.and_then(|id| shared.lock().world.sessions.find(id));
    let url = Url::parse(&checkout.success_url);
    match (url, session) {
        (Ok(mut url), Some(session)) => {
            url.query_pairs_mut().append_pair("customer_session_token", &session.token);
            url.to_string()
        }
        _ => checkout.success_url.clone(),
    }
}

fn checkout_url(shared: &Shared, checkout: &Checkout) -> String {
    shared.url(&format!("checkout/{}", checkout.client_secret))
}

fn approve_url(shared: &Shared, checkout: &Checkout) -> String {
    shared.url(&format!("checkout/{}/approve", checkout.client_secret))
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
        Some((checkout, _)) if checkout.status == CheckoutStatus::Succeeded => page(
            StatusCode::OK,
            &Done {
                base: mount(&shared.base),
                title: "Paid",
                text: "The payment succeeded. You can close this page.",
                link: None,
            },
        ),
        _ => unknown(&shared),
    }
}

fn paid_already(shared: &Shared, checkout: &Checkout) -> Response {
    let place = success_url(shared, checkout);
    let done = Done {
        base: mount(&shared.base),
        title: "Already paid",
        text: "This checkout is paid. Nothing is charged a second time.",
        link: Some((&place, "Continue")),
    };
    page(StatusCode::OK, &done)
}

fn expired(shared: &Shared, checkout: &Checkout) -> Response {
    let done = Done {
        base: mount(&shared.base),
        title: "This checkout has expired",
        text: "A checkout is open for one day. Nothing was charged. Start again from the application.",
        link: checkout.return_url.as_deref().map(|url| (url, "Go back")),
    };
    page(StatusCode::GONE, &done)
}

fn unknown(shared: &Shared) -> Response {
    let done = Done {
        base: mount(&shared.base),
        title: "There is nothing here",
        text: "This page does not exist, or its address is not complete.",
        link: None,
    };
    page(StatusCode::NOT_FOUND, &done)
}
