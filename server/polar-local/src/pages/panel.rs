//! The panel: everything at a glance, and a hand on it.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    middleware::from_fn,
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    answer::{page, see_other},
    form::Form,
    guard,
    portal::when,
    show,
};
use crate::{
    address::{mount, under},
    catalog,
    delivery::{Attempt, Event},
    engine::Engine,
    json::Json,
    local::{Action, perform, read_faults},
    model::{Customer, Order, Status, Subscription},
    moment::Moment,
    shared::{Handle, Shared},
};

/// So many rows of each kind.
const ROWS: usize = 40;

/// The routes.
pub fn routes() -> Router<Handle> {
    Router::new()
        .route("/", get(show))
        .route("/panel/act", post(act))
        .route("/panel/clock", post(clock))
        .route("/panel/enable", post(enable))
        .route("/panel/faults", post(faults))
        .route("/panel/reset", post(reset))
        .layer(from_fn(guard::this_machine_only))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Address {
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "panel.html")]
struct Page<'a> {
    base: &'a str,
    problem: Option<String>,
    now: String,
    ahead_days: i64,
    next: Option<String>,
    subscriptions: Vec<SubscriptionRow>,
    customers: Vec<CustomerRow>,
    orders: Vec<OrderRow>,
    disabled: bool,
    deliveries: Vec<EventRow>,
    faults: String,
}

struct SubscriptionRow {
    id: Uuid,
    email: String,
    name: &'static str,
    status: &'static str,
    text: String,
    actions: Vec<(&'static str, &'static str)>,
}

struct CustomerRow {
    id: Uuid,
    email: String,
    name: String,
    external_id: String,
}

struct OrderRow {
    id: Uuid,
    date: String,
    text: String,
    total: String,
    status: &'static str,
    refundable: i64,
}

struct EventRow {
    id: Uuid,
    kind: String,
    state: String,
    date: String,
    attempts: Vec<String>,
    body: String,
}

async fn show(State(shared): State<Handle>, Query(address): Query<Address>) -> Response {
    let answer = shared.with(|engine| {
        let world = &engine.world;
        let email = |id| world.customers.find(id).map_or_else(String::new, |owner| owner.email);
        Page {
            base: mount(&shared.base),
            problem: address.problem,
            now: engine.now().for_people(),
            ahead_days: world.clock.ahead / 86_400_000_000,
            next: engine.next_timer_at().map(Moment::for_people),
            subscriptions: newest(world.subscriptions.iter())
                .map(|sub| SubscriptionRow::of(sub, email(sub.customer)))
                .collect(),
            customers: newest(world.customers.iter())
                .filter(|customer| customer.deleted_at.is_none())
                .map(CustomerRow::of)
                .collect(),
            orders: newest(world.orders.iter()).map(OrderRow::of).collect(),
            disabled: world.outbox.disabled,
            deliveries: newest(world.outbox.events.iter()).map(EventRow::of).collect(),
            faults: serde_json::to_string_pretty(&world.faults).unwrap_or_default(),
        }
    });
    page(StatusCode::OK, &answer)
}

fn newest<'a, T: 'a>(rows: impl DoubleEndedIterator<Item = &'a T>) -> impl Iterator<Item = &'a T> {
    rows.rev().take(ROWS)
}

fn back(shared: &Shared, problem: Option<&str>) -> Response {
    let mut place = under(&shared.base, "");
    place.set_path(if mount(&shared.base).is_empty() { "/" } else { mount(&shared.base) });
    if let Some(problem) = problem {
        place.query_pairs_mut().append_pair("problem", problem);
    }
    see_other(place.as_str())
}

async fn act(State(shared): State<Handle>, form: Form) -> Response {
    let Ok(id) = form.get("id").parse::<Uuid>() else {
        return back(&shared, Some("No such object."));
    };
    match form.get("action") {
        "portal" => return portal(&shared, id),
        "redeliver" => {
            shared.with(|engine| {
                let now = engine.now();
                engine.world.outbox.redeliver(id, now)
            });
            return back(&shared, None);
        }
        _ => {}
    }
    let Some(action) = Action::parse(form.get("action")) else {
        return back(&shared, Some("No such action."));
    };
    let amount = form.get("amount").parse().ok();
    match shared.with(|engine| perform(engine, action, id, amount)) {
        Ok(()) => back(&shared, None),
        Err(refusal) => back(&shared, Some(detail(&refusal.body))),
    }
}

fn detail(body: &Json) -> &str {
    let first = body.get("detail").and_then(|detail| detail.items().first()?.text("msg"));
    first.or_else(|| body.text("detail")).unwrap_or("This cannot be done now.")
}

fn portal(shared: &Shared, customer: Uuid) -> Response {
    let token = shared.with(|engine: &mut Engine| {
        let customer = engine.customer(customer).ok()?;
        Some(engine.create_session(&customer, None).token)
    });
    let Some(token) = token else { return back(shared, Some("No such customer.")) };
    let mut place = under(&shared.base, "portal");
    place.query_pairs_mut().append_pair("customer_session_token", &token);
    see_other(place.as_str())
}

async fn clock(State(shared): State<Handle>, form: Form) -> Response {
    shared.with(|engine| {
        let now = engine.edge();
        let to = match form.get("advance") {
            "next" => engine.next_timer_at(),
            duration => now.plus_duration(duration),
        };
        if let Some(to) = to {
            engine.jump_to(to);
        }
    });
    back(&shared, None)
}

async fn enable(State(shared): State<Handle>) -> Response {
    shared.with(|engine| engine.world.outbox.disabled = false);
    back(&shared, None)
}

async fn faults(State(shared): State<Handle>, form: Form) -> Response {
    let text = form.given("faults").unwrap_or_else(|| "[]".to_owned());
    match read_faults(text.as_bytes()) {
        Ok(faults) => {
            shared.with(|engine| {
                engine.world.faults = faults;
                engine.dirty = true;
            });
            back(&shared, None)
        }
        Err(error) => back(&shared, Some(&format!("These are no switches: {error}"))),
    }
}

async fn reset(State(shared): State<Handle>) -> Response {
    shared.with(Engine::reset);
    back(&shared, None)
}

impl SubscriptionRow {
    fn of(sub: &Subscription, email: String) -> Self {
        Self {
            id: sub.id,
            email,
            name: catalog::find(sub.product).map_or("", |product| product.name.as_str()),
            status: sub.status.as_str(),
            text: when(sub),
            actions: actions(sub),
        }
    }
}

fn actions(sub: &Subscription) -> Vec<(&'static str, &'static str)> {
    let mut actions = Vec::new();
    if sub.is_billable() {
        actions.push(("renew", "Renew now"));
        actions.push(("to-period-end", "Clock to its end"));
        actions.push(("fail-next", "Fail next charge"));
        actions.push(("fail-all", "Fail all charges"));
        actions.push(if sub.cancel_at_period_end {
            ("uncancel", "Uncancel")
        } else {
            ("cancel", "Cancel")
        });
    }
    if sub.status == Status::PastDue {
        actions.push(("charge-again", "Charge again"));
    }
    if sub.status == Status::Paused {
        actions.push(("resume", "Resume"));
    }
    if sub.ended_at.is_none() {
        actions.push(("revoke", "Revoke"));
    }
    actions
}

impl CustomerRow {
    fn of(customer: &Customer) -> Self {
        Self {
            id: customer.id,
            email: customer.email.clone(),
            name: customer.name.clone().unwrap_or_default(),
            external_id: customer.external_id.clone().unwrap_or_default(),
        }
    }
}

impl OrderRow {
    fn of(order: &Order) -> Self {
        Self {
            id: order.id,
            date: order.created_at.for_people(),
            text: order.items.first().map_or_else(String::new, |item| item.label.clone()),
            total: show::money(order.total()),
            status: order.status.as_str(),
            refundable: if order.is_paid() { order.refundable() } else { 0 },
        }
    }
}

impl EventRow {
    fn of(event: &Event) -> Self {
        let state = serde_json::to_string(&event.state).unwrap_or_default();
        let body: Json = serde_json::from_str(&event.body).unwrap_or_default();
        Self {
            id: event.id,
            kind: event.kind.clone(),
            state: state.trim_matches('"').to_owned(),
            date: event.at.for_people(),
            attempts: event.attempts.iter().map(attempt).collect(),
            body: body.pretty(),
        }
    }
}

fn attempt(attempt: &Attempt) -> String {
    let status = attempt.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    format!("{}: {status} {}", attempt.at.for_people(), attempt.answer)
}
