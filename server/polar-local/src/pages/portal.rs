//! The portal: what a customer can do alone.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    answer::{page, see_other},
    checkout::is_in_future,
    form::Form,
    show,
};
use crate::{
    address::{mount, under},
    catalog::{self, Product},
    engine::{Engine, Proration, TestCard},
    json::Json,
    model::{Customer, Order, Session, Status, Subscription},
    moment::Moment,
    refusal::Refusal,
    shared::{Handle, Shared},
};

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new().route("/portal", get(show)).route("/portal/act", post(act))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Address {
    customer_session_token: String,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "portal.html")]
struct Page<'a> {
    base: &'a str,
    token: &'a str,
    return_url: Option<String>,
    customer: Customer,
    has_card: bool,
    problem: Option<&'static str>,
    subscriptions: Vec<SubscriptionCard>,
    orders: Vec<OrderRow>,
}

struct SubscriptionCard {
    id: Uuid,
    name: String,
    status: &'static str,
    price: String,
    text: String,
    next: Option<String>,
    actions: Vec<(&'static str, &'static str)>,
    plans: Vec<(&'static Product, String)>,
}

struct OrderRow {
    id: Uuid,
    date: String,
    text: String,
    total: String,
    status: &'static str,
    number: String,
    paid: bool,
}

#[derive(Template)]
#[template(path = "done.html")]
struct Closed<'a> {
    base: &'a str,
    title: &'a str,
    text: &'a str,
    link: Option<(&'a str, &'a str)>,
}

/// Problems travel by a word: nobody else's text is shown.
const PROBLEMS: [(&str, &str); 4] = [
    ("card", "This is no test card that can be used, or it has expired."),
    ("declined", "The payment failed. Nothing has changed."),
    ("pause", "This subscription cannot be paused now."),
    ("refused", "This cannot be done now."),
];

async fn show(State(shared): State<Handle>, Query(address): Query<Address>) -> Response {
    let token = address.customer_session_token;
    let found = shared.with(|engine| {
        let (session, customer) = engine.customer_by_session(&token)?;
        Some(describe(engine, session, customer))
    });
    let Some((return_url, customer, subscriptions, orders)) = found else { return closed(&shared) };
    let problem = address.problem.as_deref();
    let problem = PROBLEMS.iter().find(|(word, _)| Some(*word) == problem).map(|(_, text)| *text);
    let base = mount(&shared.base);
    let has_card = customer.card.is_some();
    let answer = Page {
        base,
        token: &token,
        return_url,
        customer,
        has_card,
        problem,
        subscriptions,
        orders,
    };
    page(StatusCode::OK, &answer)
}

type Described = (Option<String>, Customer, Vec<SubscriptionCard>, Vec<OrderRow>);

fn describe(engine: &Engine, session: Session, customer: Customer) -> Described {
    let subs = engine.world.subscriptions.iter().rev().filter(|sub| sub.customer == customer.id);
    let subs = subs.map(SubscriptionCard::of).collect();
    let orders = engine.world.orders.iter().rev().filter(|order| order.customer == customer.id);
    let orders = orders.map(OrderRow::of).collect();
    (session.return_url, customer, subs, orders)
}

fn closed(shared: &Shared) -> Response {
    let answer = Closed {
        base: mount(&shared.base),
        title: "The portal is closed",
        text: "Its address is good for one hour. Open it again from the application.",
        link: None,
    };
    page(StatusCode::UNAUTHORIZED, &answer)
}

async fn act(State(shared): State<Handle>, form: Form) -> Response {
    let token = form.get("customer_session_token");
    let Some((_, customer)) = shared.with(|engine| engine.customer_by_session(token)) else {
        return closed(&shared);
    };
    let done = shared.with(|engine| match form.get("action") {
        "card" => save_card(engine, &customer, &form),
        action => change(engine, &customer, &form, action),
    });
    let mut place = under(&shared.base, "portal");
    place.query_pairs_mut().append_pair("customer_session_token", token);
    if let Err(problem) = done {
        place.query_pairs_mut().append_pair("problem", problem);
    }
    see_other(place.as_str())
}

/// The number is read and forgotten; a new card is charged at once for what is unpaid.
fn save_card(engine: &mut Engine, customer: &Customer, form: &Form) -> Result<(), &'static str> {
    let card = TestCard::read(form.get("card_number"));
    let valid = is_in_future(form.get("card_expiry"), engine.now());
    match card.filter(|_| valid) {
        Some(card) if engine.save_card(customer.id, card) => Ok(()),
        _ => Err("card"),
    }
}

fn change(
    engine: &mut Engine,
    customer: &Customer,
    form: &Form,
    action: &str,
) -> Result<(), &'static str> {
    let id: Uuid = form.get("id").parse().map_err(|_| "refused")?;
    let mine = engine.subscription(id).is_ok_and(|sub| sub.customer == customer.id);
    if !mine {
        return Err("refused");
    }
    let changed = match action {
        "cancel" => engine.cancel(id, None, None),
        "uncancel" => engine.uncancel(id),
        "pause" => engine.schedule_pause(id, true, None),
        "unpause" => engine.schedule_pause(id, false, None),
        "resume" => engine.resume(id),
        "keep-plan" => engine.drop_pending(id),
        "change-plan" => {
            let product = form.get("product_id").parse().map_err(|_| "refused")?;
            let when = Proration::parse(form.get("proration")).unwrap_or(Proration::Invoice);
            engine.change_plan(id, Some(product), None, when)
        }
        _ => Err(Refusal::not_found()),
    };
    changed.map(drop).map_err(|refusal| match (refusal.status, refusal.body.get("error")) {
        (402, _) => "declined",
        (409, Some(Json::Text(error))) if error == "SubscriptionNotPausable" => "pause",
        _ => "refused",
    })
}

impl SubscriptionCard {
    fn of(sub: &Subscription) -> Self {
        let product = catalog::find(sub.product);
        let pending = sub.pending.as_ref().and_then(|pending| catalog::find(pending.product?));
        Self {
            id: sub.id,
            name: product.map_or_else(String::new, |product| product.name.clone()),
            status: sub.status.as_str(),
            price: product.map_or_else(String::new, |product| show::price(product, sub.seats)),
            text: when(sub),
            next: pending.map(|product| product.name.clone()),
            actions: actions(sub),
            plans: plans(sub),
        }
    }
}

/// What happens to a subscription next.
pub(super) fn when(sub: &Subscription) -> String {
    let end = sub.period_end.for_people();
    match sub.status {
        Status::Canceled => {
            format!("Ended {}.", sub.ended_at.map_or_else(String::new, Moment::for_people))
        }
        Status::Paused => match sub.resumes_at {
            Some(at) => format!("Paused until {}.", at.for_people()),
            None => "Paused.".to_owned(),
        },
        _ if sub.cancel_at_period_end => format!("Ends {end}."),
        _ if sub.pause_at_period_end => format!("Pauses {end}."),
        Status::Trialing => format!("The trial ends {end}."),
        Status::PastDue => "The last payment failed. Save a new card.".to_owned(),
        Status::Active => format!("Renews {end}."),
    }
}

fn actions(sub: &Subscription) -> Vec<(&'static str, &'static str)> {
    let mut actions = Vec::new();
    if sub.is_billable() {
        actions.push(if sub.cancel_at_period_end {
            ("uncancel", "Keep subscription")
        } else {
            ("cancel", "Cancel subscription")
        });
    }
    if sub.status == Status::Active && !sub.cancel_at_period_end {
        actions.push(if sub.pause_at_period_end {
            ("unpause", "Do not pause")
        } else {
            ("pause", "Pause")
        });
    }
    if sub.status == Status::Paused {
        actions.push(("resume", "Resume"));
    }
    if sub.pending.is_some() {
        actions.push(("keep-plan", "Keep the plan"));
    }
    actions
}

fn plans(sub: &Subscription) -> Vec<(&'static Product, String)> {
    if !sub.is_active() || sub.cancel_at_period_end {
        return Vec::new();
    }
    let others =
        catalog::all().iter().filter(|p| p.interval.is_some() && p.id != sub.product && !p.by_seat);
    others.map(|product| (product, show::price(product, None))).collect()
}

impl OrderRow {
    fn of(order: &Order) -> Self {
        Self {
            id: order.id,
            date: order.created_at.for_people(),
            text: order.items.first().map_or_else(String::new, |item| item.label.clone()),
            total: show::money(order.total()),
            status: order.status.as_str(),
            number: order.invoice_number.clone(),
            paid: order.is_paid(),
        }
    }
}
