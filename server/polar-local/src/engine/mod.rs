//! What Polar does: the state, its changes, and the events that tell them.

mod cancel;
mod catalog_rules;
mod checkout;
mod collect;
mod customers;
mod emit;
mod fulfil;
mod grants;
mod orders;
mod pause;
mod pay;
mod plan;
mod refund;
mod renew;
mod subscribe;
mod timers;
mod usage;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

pub use checkout::NewCheckout;
pub use customers::{Change, CustomerPatch, NewCustomer};
pub use fulfil::{Paid, Payer};
pub use pay::TestCard;
pub use plan::Proration;
pub use refund::NewRefund;

use crate::{
    faults::{self, About, Switch},
    ids::Ids,
    model::{Customer, Row, Subscription, Table, World},
    moment::Moment,
    refusal::Refusal,
};

/// The real time.
pub type Now = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// The state and what changes it.
pub struct Engine {
    pub world: World,
    pub base: Url,
    pub ids: Ids,
    pub envelope: Option<String>,
    /// Something changed since the state file was written.
    pub dirty: bool,
    real: Now,
    /// While the clock jumps: the instant that is being lived through.
    frozen: Option<Moment>,
}

impl Engine {
    /// An engine on a state.
    pub fn new(world: World, base: Url, ids: Ids, envelope: Option<String>, real: Now) -> Self {
        Self { world, base, ids, envelope, dirty: false, real, frozen: None }
    }

    /// The real time, by which webhooks are signed.
    pub fn real_now(&self) -> Moment {
        Moment::from((self.real)())
    }

    /// The stand-in's time.
    pub fn now(&self) -> Moment {
        self.frozen.unwrap_or_else(|| self.real_now().plus_micros(self.world.clock.ahead))
    }

    /// From where the clock is turned: not before anything that was printed already.
    pub fn edge(&self) -> Moment {
        self.now().max(self.world.clock.last)
    }

    /// An instant that was never given before, in order.
    pub fn stamp(&mut self) -> Moment {
        let at = self.now().max(self.world.clock.last.plus_micros(1));
        self.world.clock.last = at;
        self.dirty = true;
        at
    }

    /// The next id.
    pub fn draw(&mut self) -> Uuid {
        self.ids.uuid(&mut self.world.drawn)
    }

    /// The next secret.
    pub fn secret(&mut self, prefix: &str) -> String {
        self.ids.secret(&mut self.world.drawn, prefix)
    }

    /// Uses up the first switch that fits.
    pub fn take_fault<T>(
        &mut self,
        about: About<'_>,
        pick: impl Fn(&Switch) -> Option<T>,
    ) -> Option<T> {
        let wanted = |switch: &Switch| pick(switch).is_some();
        let taken = faults::take_first(&mut self.world.faults, about, wanted)?;
        self.dirty = true;
        pick(&taken)
    }

    /// Everything is as at the start; the clock is the real one again, switches are off. No id comes again: whoever
    /// listens knows the old ones.
    pub fn reset(&mut self) {
        self.world = World { drawn: self.world.drawn, ..World::default() };
        self.dirty = true;
    }

    /// The customer of an object that has one.
    pub(crate) fn owner(&self, id: Uuid) -> Result<Customer, Refusal> {
        find(&self.world.customers, id)
    }

    /// The subscription of an id.
    pub fn subscription(&self, id: Uuid) -> Result<Subscription, Refusal> {
        find(&self.world.subscriptions, id)
    }

    /// Writes a subscription with a new `modified_at`.
    fn touch_subscription(&mut self, sub: &mut Subscription) {
        sub.modified_at = Some(self.stamp());
        self.world.subscriptions.put(sub.clone());
    }
}

/// The row of an id, or the API's 404.
pub fn find<T: Row>(table: &Table<T>, id: Uuid) -> Result<T, Refusal> {
    table.find(id).ok_or_else(Refusal::not_found)
}
