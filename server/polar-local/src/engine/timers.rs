//! What happens by itself when its time comes, in order, also when the clock jumps.

use uuid::Uuid;

use super::{Engine, find};
use crate::{
    model::{CheckoutStatus, OrderStatus, Status},
    moment::Moment,
    refusal::Refusal,
};

/// Nothing that is due may make more than this many other things due: a guard against a circle.
const MOST: usize = 100_000;

#[derive(Clone, Copy)]
enum Due {
    Expire(Uuid),
    PeriodEnds(Uuid),
    Resume(Uuid),
    Retry(Uuid),
    Invoice(Uuid),
    Refund(Uuid),
    State(Uuid),
}

impl Engine {
    /// Fires everything that is due.
    pub fn fire_due(&mut self) {
        self.fire_until(self.now());
    }

    /// Moves the clock, living through everything that is due on the way.
    pub fn jump_to(&mut self, to: Moment) {
        let by = to.micros() - self.now().micros();
        if by > 0 {
            self.fire_until(to);
            self.world.clock.ahead += by;
            self.dirty = true;
        }
    }

    fn fire_until(&mut self, to: Moment) {
        for _ in 0..MOST {
            let Some((at, due)) = self.next_timer().filter(|(at, _)| *at <= to) else { break };
            self.frozen = Some(at);
            self.fire(due);
        }
        self.frozen = None;
    }

    /// When something happens by itself next.
    pub fn next_timer_at(&self) -> Option<Moment> {
        self.next_timer().map(|(at, _)| at)
    }

    fn next_timer(&self) -> Option<(Moment, Due)> {
        let world = &self.world;
        let checkouts = world.checkouts.iter().filter_map(|c| {
            let waits = matches!(c.status, CheckoutStatus::Open | CheckoutStatus::Confirmed);
            waits.then_some((c.expires_at, Due::Expire(c.id)))
        });
        let subscriptions = world.subscriptions.iter().filter_map(|s| match s.status {
            Status::Paused => s.resumes_at.map(|at| (at, Due::Resume(s.id))),
            _ => s.is_billable().then_some((s.period_end, Due::PeriodEnds(s.id))),
        });
        let orders = world.orders.iter().filter_map(|o| match o.status {
            OrderStatus::Pending => o.next_attempt.map(|at| (at, Due::Retry(o.id))),
            _ => o.invoice_due.map(|at| (at, Due::Invoice(o.id))),
        });
        let refunds = world.refunds.iter().filter_map(|r| r.due.map(|at| (at, Due::Refund(r.id))));
        let states = world.states_due.iter().map(|(id, at)| (*at, Due::State(*id)));
        checkouts
            .chain(subscriptions)
            .chain(orders)
            .chain(refunds)
            .chain(states)
            .min_by_key(|(at, _)| *at)
    }

    fn fire(&mut self, due: Due) {
        match due {
            Due::Expire(id) => self.expire(id),
            Due::PeriodEnds(id) => self.period_ends(id),
            Due::Resume(id) => drop(self.resume(id)),
            Due::Retry(id) => self.retry(id),
            Due::Invoice(id) => self.make_invoice(id),
            Due::Refund(id) => self.refund_succeeds(id),
            Due::State(customer) => self.tell_state(customer),
        }
    }

    /// The period ends now instead of later.
    pub fn renew_now(&mut self, id: Uuid) -> Result<(), Refusal> {
        let mut sub = self.subscription(id)?;
        if !sub.is_billable() {
            return Err(Refusal::inactive());
        }
        sub.period_end = self.now();
        sub.trial_end = sub.trial_end.map(|end| end.min(sub.period_end));
        sub.ends_at = sub.ends_at.map(|_| sub.period_end);
        self.world.subscriptions.put(sub);
        self.period_ends(id);
        Ok(())
    }

    /// A checkout expires now instead of later.
    pub fn expire_now(&mut self, id: Uuid) -> Result<(), Refusal> {
        let checkout = find(&self.world.checkouts, id)?;
        if matches!(checkout.status, CheckoutStatus::Open | CheckoutStatus::Confirmed) {
            self.expire(id);
        }
        Ok(())
    }

    /// The period of a subscription is over: it ends, rests, or goes on.
    fn period_ends(&mut self, id: Uuid) {
        let Some(sub) = self.world.subscriptions.find(id) else { return };
        if sub.cancel_at_period_end {
            let used = self.overage(&sub);
            self.end_now(sub.clone(), true);
            self.charge_last(&sub, used);
        } else if sub.pause_at_period_end {
            self.pause(sub);
        } else {
            self.cycle(sub);
        }
    }
}
