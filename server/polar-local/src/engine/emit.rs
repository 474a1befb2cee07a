//! Events: printed once, queued in order.

use uuid::Uuid;

use super::Engine;
use crate::{
    delivery::{Event, EventState},
    faults::{self, About, Switch},
    json::{Json, object},
    model::{Checkout, Customer, Grant, Order, Refund, Subscription},
    usage, wire,
};

/// A customer's state is told this long after its last change.
const DEBOUNCE_SECONDS: i64 = 1;

/// Keys that old or other versions of Polar do not send, or send as null.
const OPTIONAL: [&str; 8] = [
    "past_due_at",
    "seats",
    "units",
    "custom_field_data",
    "locale",
    "default_payment_method_id",
    "next_payment_attempt_at",
    "receipt_number",
];

impl Engine {
    /// Queues an event with a snapshot; tells its id.
    pub fn emit(&mut self, kind: &str, ids: &[String], data: &Json) -> Uuid {
        let at = self.stamp();
        let tricks =
            faults::take(&mut self.world.faults, About { kind, ids }, Switch::is_of_events);
        let mut body = object! { "type": kind, "timestamp": at };
        if tricks.contains(&Switch::UnknownType(true)) {
            body.set("type", "subscription.teleported");
        }
        if let Some(version) = &self.envelope
            && !tricks.contains(&Switch::OldEnvelope(true))
        {
            body.set("api_version", version.as_str());
        }
        body.set("data", bend(data.clone(), &tricks));
        let dropped = tricks.contains(&Switch::Drop(true));
        let state = if dropped { EventState::Dropped } else { EventState::Waiting };
        self.queue(kind, ids.to_vec(), body.compact(), state)
    }

    /// Queues a body as it is.
    pub fn queue(&mut self, kind: &str, ids: Vec<String>, body: String, state: EventState) -> Uuid {
        let (id, at) = (self.draw(), self.world.clock.last);
        let event = Event {
            id,
            kind: kind.to_owned(),
            ids,
            at,
            body,
            state,
            due: at.min(self.now()),
            attempts: Vec::new(),
            held: false,
        };
        self.world.outbox.push(event);
        self.dirty = true;
        id
    }

    /// The ids of an owner, for the switches.
    pub(super) fn ids_of(&self, customer: Option<Uuid>, others: &[Option<Uuid>]) -> Vec<String> {
        let known = customer.and_then(|id| self.world.customers.find(id));
        let mut ids: Vec<String> = others.iter().flatten().map(ToString::to_string).collect();
        ids.extend(customer.map(|id| id.to_string()));
        ids.extend(known.and_then(|known| known.external_id));
        ids
    }

    pub(super) fn emit_subscription(&mut self, kinds: &[&str], sub: &Subscription) {
        let Ok(owner) = self.owner(sub.customer) else { return };
        let ids = self.ids_of(Some(sub.customer), &[Some(sub.id)]);
        for kind in kinds {
            let meter = usage::of_subscription(&self.world, sub);
            let data = wire::subscription(sub, &owner, meter.as_ref());
            self.emit(&format!("subscription.{kind}"), &ids, &data);
        }
        self.state_changes(sub.customer);
    }

    pub(super) fn emit_order(&mut self, kinds: &[&str], order: &Order) {
        let Ok(owner) = self.owner(order.customer) else { return };
        let sub = order.subscription.and_then(|id| self.world.subscriptions.find(id));
        let data = wire::order(order, &owner, sub.as_ref());
        let ids = self.ids_of(Some(order.customer), &[Some(order.id), order.subscription]);
        for kind in kinds {
            self.emit(&format!("order.{kind}"), &ids, &data);
        }
    }

    pub(super) fn emit_checkout(&mut self, kind: &str, checkout: &Checkout) -> Uuid {
        let owner = checkout.customer.and_then(|id| self.world.customers.find(id));
        let data = wire::checkout(checkout, owner.as_ref(), &self.base);
        let ids = self.ids_of(checkout.customer, &[Some(checkout.id)]);
        self.emit(&format!("checkout.{kind}"), &ids, &data)
    }

    pub(super) fn emit_customer(&mut self, kind: &str, customer: &Customer) {
        let ids = self.ids_of(Some(customer.id), &[]);
        self.emit(&format!("customer.{kind}"), &ids, &wire::customer(customer));
        if customer.deleted_at.is_none() {
            self.state_changes(customer.id);
        }
    }

    pub(super) fn emit_grant(&mut self, kind: &str, grant: &Grant) {
        let Ok(owner) = self.owner(grant.customer) else { return };
        let ids =
            self.ids_of(Some(grant.customer), &[Some(grant.id), grant.subscription, grant.order]);
        self.emit(&format!("benefit_grant.{kind}"), &ids, &wire::grant(grant, &owner));
        self.state_changes(grant.customer);
    }

    pub(super) fn emit_refund(&mut self, kind: &str, refund: &Refund) {
        let ids = self.ids_of(Some(refund.customer), &[Some(refund.id), Some(refund.order)]);
        self.emit(&format!("refund.{kind}"), &ids, &wire::refund(refund));
    }

    /// The customer's state will be told a moment after its last change.
    fn state_changes(&mut self, customer: Uuid) {
        let due = self.world.clock.last.plus_seconds(DEBOUNCE_SECONDS);
        self.world.states_due.retain(|(id, _)| *id != customer);
        self.world.states_due.push((customer, due));
    }

    /// Tells the state of a customer now.
    pub(super) fn tell_state(&mut self, customer: Uuid) {
        self.world.states_due.retain(|(id, _)| *id != customer);
        let Ok(owner) = self.owner(customer) else { return };
        if owner.deleted_at.is_none() {
            let ids = self.ids_of(Some(customer), &[]);
            self.emit("customer.state_changed", &ids, &self.state_of(&owner));
        }
    }

    /// Tells every state that waits to be told.
    pub fn tell_states(&mut self) {
        while let Some((customer, _)) = self.world.states_due.first().copied() {
            self.tell_state(customer);
        }
    }

    /// What a customer has now.
    pub fn state_of(&self, customer: &Customer) -> Json {
        let subscriptions: Vec<_> = self
            .world
            .subscriptions
            .iter()
            .filter(|sub| sub.customer == customer.id && sub.is_active())
            .map(|sub| (sub, usage::of_subscription(&self.world, sub)))
            .collect();
        let grants: Vec<_> = self
            .world
            .grants
            .iter()
            .filter(|grant| grant.customer == customer.id && grant.granted_at.is_some())
            .collect();
        let meter = usage::of_customer(&self.world, customer);
        wire::state(customer, &subscriptions, &grants, meter.as_ref())
    }
}

/// What the switches make of a snapshot.
fn bend(mut data: Json, tricks: &[Switch]) -> Json {
    if tricks.contains(&Switch::OmitOptionalKeys(true)) {
        data = data.without(&OPTIONAL);
    }
    if tricks.contains(&Switch::NullOptionalKeys(true)) {
        for key in OPTIONAL {
            if data.get(key).is_some() {
                data.set(key, Json::Null);
            }
        }
    }
    if tricks.contains(&Switch::ExtraKeys(true)) {
        data.set("a_key_of_tomorrow", object! { "nested": vec![1, 2] });
    }
    data
}
