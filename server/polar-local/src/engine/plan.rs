//! Another plan, another number of seats, another end of trial or period.

use uuid::Uuid;

use super::{Engine, catalog_rules::share};
use crate::{
    catalog::{self, Product},
    json::Json,
    model::{Customer, Item, PendingUpdate, Reason, Status, Subscription},
    moment::Moment,
    refusal::Refusal,
};

/// When a change is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proration {
    /// At once.
    Invoice,
    /// With the next order.
    Prorate,
    /// It happens with the next period.
    NextPeriod,
}

impl Proration {
    /// The word on the wire.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "invoice" => Some(Self::Invoice),
            "prorate" => Some(Self::Prorate),
            "next_period" => Some(Self::NextPeriod),
            _ => None,
        }
    }
}

impl Engine {
    /// Changes the product, the seats, or both.
    pub fn change_plan(
        &mut self,
        id: Uuid,
        product: Option<Uuid>,
        seats: Option<i64>,
        proration: Proration,
    ) -> Result<Subscription, Refusal> {
        let sub = self.subscription(id)?;
        let product = changeable(&sub, product, seats)?;
        let seats = product.by_seat.then(|| seats.or(sub.seats).unwrap_or(1));
        if product.id == sub.product && seats == sub.seats {
            return self.drop_pending(id);
        }
        match proration {
            _ if sub.status == Status::Trialing => Ok(self.apply_plan(sub, product, seats, None)),
            Proration::NextPeriod => Ok(self.plan_later(sub, product, seats)),
            Proration::Prorate if product.interval == Some(sub.interval) => {
                let (items, _) = self.differences(&sub, product, seats)?;
                let mut sub = sub;
                sub.carried.extend(items);
                Ok(self.apply_plan(sub, product, seats, None))
            }
            _ => self.change_and_charge(sub, product, seats),
        }
    }

    /// Charges the difference first; if that fails nothing has changed.
    fn change_and_charge(
        &mut self,
        old: Subscription,
        product: &'static Product,
        seats: Option<i64>,
    ) -> Result<Subscription, Refusal> {
        let customer = self.owner(old.customer)?;
        let (items, period) = self.differences(&old, product, seats)?;
        let total: i64 = items.iter().map(|item| item.amount + item.tax).sum();
        if total + customer.balance > 0 && self.charge(&customer, Some(&old)).is_err() {
            return Err(Refusal::payment_failed());
        }
        let mut sub = old;
        self.set_product(&mut sub, product, seats);
        (sub.period_start, sub.period_end) = period;
        sub.pending = None;
        self.touch_subscription(&mut sub);
        let mut order = self.new_order(&customer, product.id, Some(&sub), Reason::Update, items);
        self.world.orders.put(order.clone());
        self.emit_order(&["created"], &order);
        self.mark_paid(&mut order);
        self.emit_subscription(&["updated"], &sub);
        self.swap_grants(&sub);
        Ok(sub)
    }

    /// The lines of a change, to the second, and the period that follows.
    fn differences(
        &mut self,
        sub: &Subscription,
        product: &'static Product,
        seats: Option<i64>,
    ) -> Result<(Vec<Item>, (Moment, Moment)), Refusal> {
        let customer = self.owner(sub.customer)?;
        let now = self.now();
        let left = sub.period_end.seconds() - now.seconds();
        let whole = sub.period_end.seconds() - sub.period_start.seconds();
        let interval = product.interval.unwrap_or(sub.interval);
        let same = interval == sub.interval;
        let period =
            if same { (sub.period_start, sub.period_end) } else { (now, now.plus(interval, 1)) };
        let amount = product.amount(seats);
        let debit = if same { share(amount, left, whole) } else { amount };
        let credit = -share(sub.amount, left, whole);
        let items = self.lines(sub, &customer, product, (debit, credit), (now, period.1));
        Ok((items, period))
    }

    fn lines(
        &mut self,
        sub: &Subscription,
        customer: &Customer,
        product: &'static Product,
        (debit, credit): (i64, i64),
        (now, end): (Moment, Moment),
    ) -> Vec<Item> {
        let new = format!("Remaining time on {}", product.name);
        let mut items = vec![self.part(customer, &new, (debit, product.price_id), (now, end))];
        if let Some(old) = catalog::find(sub.product) {
            let label = format!("Unused time on {}", old.name);
            let line = (credit, old.price_id);
            items.push(self.part(customer, &label, line, (now, sub.period_end)));
        }
        items
    }

    fn apply_plan(
        &mut self,
        mut sub: Subscription,
        product: &'static Product,
        seats: Option<i64>,
        pending: Option<PendingUpdate>,
    ) -> Subscription {
        self.set_product(&mut sub, product, seats);
        sub.pending = pending;
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated"], &sub);
        self.swap_grants(&sub);
        sub
    }

    /// The row itself is not written: `modified_at` stays.
    fn plan_later(
        &mut self,
        mut sub: Subscription,
        product: &'static Product,
        seats: Option<i64>,
    ) -> Subscription {
        sub.pending = Some(PendingUpdate {
            id: self.draw(),
            created_at: self.stamp(),
            applies_at: sub.period_end,
            product: (product.id != sub.product).then_some(product.id),
            seats: seats.filter(|_| seats != sub.seats),
        });
        self.world.subscriptions.put(sub.clone());
        self.emit_subscription(&["updated"], &sub);
        sub
    }

    /// Withdraws the change for the next period.
    pub fn drop_pending(&mut self, id: Uuid) -> Result<Subscription, Refusal> {
        let mut sub = self.subscription(id)?;
        if sub.pending.take().is_some() {
            self.world.subscriptions.put(sub.clone());
            self.emit_subscription(&["updated"], &sub);
        }
        Ok(sub)
    }

    /// Replaces what the application keeps with it.
    pub fn set_metadata(&mut self, id: Uuid, metadata: Json) -> Result<Subscription, Refusal> {
        let mut sub = self.subscription(id)?;
        sub.metadata = metadata;
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated"], &sub);
        Ok(sub)
    }

    /// Moves the end of the trial; `None` is now.
    pub fn set_trial_end(
        &mut self,
        id: Uuid,
        end: Option<Moment>,
    ) -> Result<Subscription, Refusal> {
        let mut sub = self.subscription(id)?;
        let now = self.now();
        if !sub.is_active() {
            return Err(Refusal::inactive());
        }
        let Some(end) = end else {
            if sub.status != Status::Trialing {
                return Err(Refusal::value(
                    "trial_end",
                    "The subscription is not trialing.",
                    "now",
                ));
            }
            sub.trial_end = Some(now);
            sub.period_end = now;
            self.world.subscriptions.put(sub.clone());
            self.cycle(sub);
            return self.subscription(id);
        };
        if end <= now {
            return Err(Refusal::value("trial_end", "Trial end must be in the future.", end));
        }
        sub.status = Status::Trialing;
        sub.trial_start = sub.trial_start.or(Some(now));
        sub.trial_end = Some(end);
        sub.period_end = end;
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated"], &sub);
        Ok(sub)
    }

    /// Moves the end of the period.
    pub fn set_period_end(&mut self, id: Uuid, end: Moment) -> Result<Subscription, Refusal> {
        let mut sub = self.subscription(id)?;
        if !sub.is_active() {
            return Err(Refusal::inactive());
        }
        if end <= self.now() {
            let text = "Current billing period end must be in the future.";
            return Err(Refusal::value("current_billing_period_end", text, end));
        }
        sub.period_end = end;
        sub.ends_at = sub.ends_at.map(|_| end);
        sub.trial_end = sub
            .trial_end
            .filter(|_| sub.status != Status::Trialing)
            .or_else(|| (sub.status == Status::Trialing).then_some(end));
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated"], &sub);
        Ok(sub)
    }
}

fn changeable(
    sub: &Subscription,
    product: Option<Uuid>,
    seats: Option<i64>,
) -> Result<&'static Product, Refusal> {
    if sub.ended_at.is_some() || sub.cancel_at_period_end {
        return Err(Refusal::already_canceled());
    }
    if !sub.is_active() {
        return Err(Refusal::inactive());
    }
    let id = product.unwrap_or(sub.product);
    let found = Engine::product("product_id", id)?;
    if found.interval.is_none() {
        return Err(Refusal::value("product_id", "Product is not recurring.", id));
    }
    if let Some(seats) = seats
        && (!found.by_seat || seats < 1)
    {
        return Err(Refusal::value("seats", "Product is not sold by seats.", seats));
    }
    Ok(found)
}
