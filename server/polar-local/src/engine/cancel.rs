//! Ends: scheduled, withdrawn, reached, at once.

use uuid::Uuid;

use super::Engine;
use crate::{
    model::{Status, Subscription},
    refusal::Refusal,
};

impl Engine {
    /// Schedules the end for the end of the period.
    pub fn cancel(
        &mut self,
        id: Uuid,
        reason: Option<String>,
        comment: Option<String>,
    ) -> Result<Subscription, Refusal> {
        let mut sub = self.subscription(id)?;
        if sub.cancel_at_period_end || sub.ended_at.is_some() {
            return Err(Refusal::already_canceled());
        }
        if !sub.is_billable() {
            return Err(Refusal::inactive());
        }
        sub.canceled_at = Some(self.stamp());
        sub.cancel_at_period_end = true;
        sub.ends_at = Some(sub.period_end);
        sub.pause_at_period_end = false;
        sub.resumes_at = None;
        sub.cancellation_reason = reason;
        sub.cancellation_comment = comment;
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated", "canceled"], &sub);
        Ok(sub)
    }

    /// Withdraws the scheduled end.
    pub fn uncancel(&mut self, id: Uuid) -> Result<Subscription, Refusal> {
        let mut sub = self.subscription(id)?;
        if sub.ended_at.is_some() {
            return Err(Refusal::already_canceled());
        }
        if !sub.cancel_at_period_end {
            return Err(Refusal::new(400, "BadRequest", "Bad request"));
        }
        sub.cancel_at_period_end = false;
        sub.canceled_at = None;
        sub.ends_at = None;
        sub.cancellation_reason = None;
        sub.cancellation_comment = None;
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated", "uncanceled"], &sub);
        Ok(sub)
    }

    /// Ends it at once.
    pub fn revoke(&mut self, id: Uuid) -> Result<Subscription, Refusal> {
        let sub = self.subscription(id)?;
        if sub.ended_at.is_some() {
            return Err(Refusal::already_canceled());
        }
        self.end_now(sub, false);
        self.subscription(id)
    }

    /// It is over. `scheduled`: the end was decided before.
    pub(super) fn end_now(&mut self, mut sub: Subscription, scheduled: bool) {
        let at = self.stamp();
        sub.status = Status::Canceled;
        sub.ended_at = Some(at);
        if !scheduled {
            sub.canceled_at = Some(sub.canceled_at.unwrap_or(at));
            sub.ends_at = Some(at);
        }
        sub.pending = None;
        self.touch_subscription(&mut sub);
        self.emit_subscription(&["updated", "canceled", "revoked"], &sub);
        self.void_unpaid(sub.id);
        self.revoke_grants(sub.id);
    }
}
