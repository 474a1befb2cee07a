//! How a subscription begins.

use super::Engine;
use crate::{
    catalog::Product,
    model::{Checkout, Customer, Status, Subscription},
};

impl Engine {
    /// The subscription that a checkout begins, or the free one that it makes a paid one.
    pub(super) fn subscribe(
        &mut self,
        checkout: &Checkout,
        product: &'static Product,
        customer: &Customer,
    ) -> Option<Subscription> {
        let interval = product.interval?;
        if let Some(id) = checkout.subscription {
            let sub = self.world.subscriptions.find(id)?;
            return Some(self.upgrade_free(sub, checkout, product));
        }
        let at = self.stamp();
        let trial_end = checkout.trial_end;
        let sub = Subscription {
            id: self.draw(),
            created_at: at,
            modified_at: None,
            amount: product.amount(checkout.seats),
            interval,
            status: if trial_end.is_some() { Status::Trialing } else { Status::Active },
            period_start: at,
            period_end: trial_end.unwrap_or_else(|| at.plus(interval, 1)),
            trial_start: trial_end.map(|_| at),
            trial_end,
            cancel_at_period_end: false,
            canceled_at: None,
            started_at: at,
            ends_at: None,
            ended_at: None,
            past_due_at: None,
            pause_at_period_end: false,
            paused_at: None,
            resumes_at: None,
            customer: customer.id,
            product: product.id,
            checkout: Some(checkout.id),
            seats: checkout.seats,
            cancellation_reason: None,
            cancellation_comment: None,
            metadata: checkout.metadata.clone(),
            custom_field_data: checkout.custom_field_data.clone(),
            pending: None,
            carried: Vec::new(),
            meter: product.benefits.iter().any(|b| b.credit.is_some()).then(|| self.draw()),
        };
        self.world.subscriptions.put(sub.clone());
        self.emit_subscription(&["created", "active", "updated"], &sub);
        Some(sub)
    }

    fn upgrade_free(
        &mut self,
        mut sub: Subscription,
        checkout: &Checkout,
        product: &'static Product,
    ) -> Subscription {
        self.set_product(&mut sub, product, checkout.seats);
        sub.period_start = self.stamp();
        sub.period_end = sub.period_start.plus(sub.interval, 1);
        sub.checkout = Some(checkout.id);
        for (key, value) in checkout.metadata.entries() {
            sub.metadata.set(key, value);
        }
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated"], &sub);
        sub
    }

    /// Another product: its price, interval and meter.
    pub(super) fn set_product(
        &mut self,
        sub: &mut Subscription,
        product: &'static Product,
        seats: Option<i64>,
    ) {
        sub.product = product.id;
        sub.seats = product.by_seat.then(|| seats.unwrap_or(1));
        sub.amount = product.amount(sub.seats);
        sub.interval = product.interval.unwrap_or(sub.interval);
        if sub.meter.is_none() && product.benefits.iter().any(|b| b.credit.is_some()) {
            sub.meter = Some(self.draw());
        }
    }
}
