//! Pauses: scheduled, begun, ended.

use uuid::Uuid;

use super::Engine;
use crate::{
    model::{Reason, Status, Subscription},
    moment::Moment,
    refusal::Refusal,
};

impl Engine {
    /// Schedules a pause for the end of the period, or withdraws it.
    pub fn schedule_pause(
        &mut self,
        id: Uuid,
        pause: bool,
        resumes_at: Option<Moment>,
    ) -> Result<Subscription, Refusal> {
        let mut sub = self.subscription(id)?;
        if sub.ended_at.is_some() || sub.cancel_at_period_end {
            return Err(Refusal::already_canceled());
        }
        if sub.status != Status::Active {
            let text = "This subscription cannot be paused.";
            return Err(Refusal::new(409, "SubscriptionNotPausable", text));
        }
        if pause && resumes_at.is_some_and(|at| at <= sub.period_end) {
            let text = "Must be after the end of the current period.";
            return Err(Refusal::value("resumes_at", text, resumes_at));
        }
        sub.pause_at_period_end = pause;
        sub.resumes_at = resumes_at.filter(|_| pause);
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated"], &sub);
        Ok(sub)
    }

    /// The pause takes effect.
    pub(super) fn pause(&mut self, mut sub: Subscription) {
        sub.status = Status::Paused;
        sub.paused_at = Some(self.stamp());
        sub.pause_at_period_end = false;
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated", "paused"], &sub);
        self.revoke_grants(sub.id);
    }

    /// The pause ends: a new period begins and is charged.
    pub fn resume(&mut self, id: Uuid) -> Result<Subscription, Refusal> {
        let mut sub = self.subscription(id)?;
        if sub.status != Status::Paused {
            return Err(Refusal::new(
                409,
                "SubscriptionNotPaused",
                "This subscription is not paused.",
            ));
        }
        let customer = self.owner(sub.customer)?;
        sub.status = Status::Active;
        sub.paused_at = None;
        sub.resumes_at = None;
        sub.period_start = self.stamp();
        sub.period_end = sub.period_start.plus(sub.interval, 1);
        let mut items = std::mem::take(&mut sub.carried);
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated", "resumed"], &sub);
        items.insert(0, self.period_item(&sub, &customer));
        self.order_and_collect(sub, Reason::Cycle, items);
        let sub = self.subscription(id)?;
        if sub.is_active() {
            self.swap_grants(&sub);
        }
        Ok(sub)
    }
}
