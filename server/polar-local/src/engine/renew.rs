//! A new period: a renewal, or the end of a trial.

use super::Engine;
use crate::{
    catalog,
    model::{Customer, Item, Reason, Status, Subscription},
    usage,
};

impl Engine {
    /// Begins the next period and charges it.
    pub(super) fn cycle(&mut self, mut sub: Subscription) {
        let Ok(customer) = self.owner(sub.customer) else { return };
        let overage = self.overage(&sub);
        if sub.status == Status::Trialing {
            sub.status = Status::Active;
        }
        let pending = sub.pending.take();
        if let Some(pending) = &pending {
            let product = catalog::find(pending.product.unwrap_or(sub.product));
            if let Some(product) = product {
                let seats = pending.seats.or(sub.seats);
                self.set_product(&mut sub, product, seats);
            }
        }
        sub.period_start = sub.period_end;
        sub.period_end = sub.period_end.plus(sub.interval, 1);
        let mut items = std::mem::take(&mut sub.carried);
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["cycled", "updated"], &sub);
        items.extend(overage);
        items.insert(0, self.period_item(&sub, &customer));
        self.cycle_grants(&sub);
        if pending.is_some() && sub.status == Status::Active {
            self.swap_grants(&sub);
        }
        self.order_and_collect(sub, Reason::Cycle, items);
    }

    /// The line for a whole period.
    pub(super) fn period_item(&mut self, sub: &Subscription, customer: &Customer) -> Item {
        let product = catalog::find(sub.product);
        let label = product.map_or("", |product| product.name.as_str());
        let price = product.map(|product| product.price_id);
        let item = self.item(customer, label, sub.amount, price);
        Item { period: Some((sub.period_start, sub.period_end)), ..item }
    }

    /// What the period that ends used beyond its credit.
    pub(super) fn overage(&mut self, sub: &Subscription) -> Option<Item> {
        let customer = self.owner(sub.customer).ok()?;
        let meter = usage::of_subscription(&self.world, sub).filter(|meter| meter.amount() > 0)?;
        let beyond = meter.consumed - meter.credited;
        let price = catalog::find(sub.product)?.prices();
        let price = price.items().get(1)?.text("id")?.parse().ok();
        Some(self.item(&customer, &format!("API calls ({beyond})"), meter.amount(), price))
    }
}
