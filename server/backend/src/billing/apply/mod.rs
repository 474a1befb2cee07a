//! Snapshots of Polar's objects become rows. A row is written only by a snapshot that is newer than the one it came
//! from, and the statement itself decides that: however often, in whatever order and by how many workers events are
//! applied, the rows end the same. See `docs/adr/0014-polar-snapshots.md`.

mod checkout;
mod customer;
mod grant;
mod order;
mod owner;
mod product;
mod refund;
mod subscription;

use serde::Deserialize;

use super::{
    instant::Micros,
    wire::{self, Envelope},
};
use crate::{Backend, Result, db::SystemTx};

pub(super) use checkout::apply as apply_checkout;
pub(super) use customer::{apply as apply_customer, apply_state};

/// A picture of an object, and which of several is the newest: the last write of Polar's row first, then the moment
/// of the picture, because some changes write no row.
pub struct Snapshot<T> {
    /// The object.
    pub data: T,
    /// When Polar last wrote its row.
    pub version: Micros,
    /// When the picture was taken, by Polar's clock.
    pub event_at: Micros,
}

impl<T: Dated> Snapshot<T> {
    /// A picture that was taken at `event_at`.
    pub fn new(data: T, event_at: Micros) -> Self {
        let version = data.version();
        Self { data, version, event_at }
    }
}

/// An object with the times of its row.
pub trait Dated {
    /// `modified_at`, or `created_at` where nothing was modified yet.
    fn version(&self) -> Micros;
}

macro_rules! dated {
    ($($kind:ident),*) => {$(
        impl Dated for wire::$kind {
            fn version(&self) -> Micros {
                self.modified_at.unwrap_or(self.created_at)
            }
        }
    )*};
}
dated!(Subscription, Order, Refund, Grant, Checkout, Customer, Product);

impl Dated for wire::CustomerState {
    fn version(&self) -> Micros {
        self.customer.version()
    }
}

/// How an event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// A row is as the snapshot says.
    Written,
    /// The row is newer.
    Stale,
    /// Nothing we act on.
    Ignored,
    /// A field we need is not there.
    Unreadable,
}

impl Applied {
    pub(super) fn state(self) -> &'static str {
        match self {
            Self::Written => "applied",
            Self::Stale => "stale",
            Self::Ignored => "ignored",
            Self::Unreadable => "failed",
        }
    }

    pub(super) fn error(self) -> Option<&'static str> {
        (self == Self::Unreadable).then_some("a field that we need is missing or of another type")
    }

    fn newer(rows: u64) -> Self {
        if rows == 0 { Self::Stale } else { Self::Written }
    }
}

/// Which object an event shows.
#[derive(Clone, Copy)]
enum Kind {
    Subscription,
    Order,
    Refund,
    Grant,
    Checkout,
    Customer,
    CustomerState,
    Product,
}

impl Kind {
    fn of(event: &str) -> Option<Self> {
        if event == "customer.state_changed" {
            return Some(Self::CustomerState);
        }
        match event.split_once('.')?.0 {
            "subscription" => Some(Self::Subscription),
            "order" => Some(Self::Order),
            "refund" => Some(Self::Refund),
            "benefit_grant" => Some(Self::Grant),
            "checkout" => Some(Self::Checkout),
            "customer" => Some(Self::Customer),
            "product" => Some(Self::Product),
            _ => None,
        }
    }
}

/// The events that show one of our objects, as of [`super::API_VERSION`]. Others of the same objects are applied when
/// they can be read.
const KNOWN: [&str; 30] = [
    "subscription.created",
    "subscription.active",
    "subscription.updated",
    "subscription.cycled",
    "subscription.canceled",
    "subscription.uncanceled",
    "subscription.past_due",
    "subscription.revoked",
    "subscription.paused",
    "subscription.resumed",
    "subscription.migrated",
    "order.created",
    "order.updated",
    "order.paid",
    "order.refunded",
    "refund.created",
    "refund.updated",
    "checkout.created",
    "checkout.updated",
    "checkout.expired",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "customer.state_changed",
    "benefit_grant.created",
    "benefit_grant.updated",
    "benefit_grant.cycled",
    "benefit_grant.revoked",
    "product.created",
    "product.updated",
];

/// Whether this release knows the event.
pub(super) fn is_known(event: &str) -> bool {
    KNOWN.contains(&event)
}

/// Whether an event can be applied; nothing when it is none that we act on.
pub(super) fn check(envelope: &Envelope<'_>) -> Option<Result<(), serde_json::Error>> {
    let text = envelope.data.get();
    Some(match Kind::of(&envelope.kind)? {
        Kind::Subscription => wire::read::<wire::Subscription>(text).map(drop),
        Kind::Order => wire::read::<wire::Order>(text).map(drop),
        Kind::Refund => wire::read::<wire::Refund>(text).map(drop),
        Kind::Grant => wire::read::<wire::Grant>(text).map(drop),
        Kind::Checkout => wire::read::<wire::Checkout>(text).map(drop),
        Kind::Customer => wire::read::<wire::Customer>(text).map(drop),
        Kind::CustomerState => wire::read::<wire::CustomerState>(text).map(drop),
        Kind::Product => wire::read::<wire::Product>(text).map(drop),
    })
}

/// Writes what an event says.
pub(super) async fn apply(
    tx: &mut SystemTx,
    backend: &Backend,
    envelope: &Envelope<'_>,
) -> Result<Applied> {
    let Some(kind) = Kind::of(&envelope.kind) else { return Ok(Applied::Ignored) };
    macro_rules! with_snapshot {
        (|$snapshot:ident| $apply:expr) => {
            match snapshot(envelope) {
                Some($snapshot) => $apply.await,
                None => Ok(Applied::Unreadable),
            }
        };
    }
    match kind {
        Kind::Subscription => with_snapshot!(|it| apply_subscription(tx, backend, &it)),
        Kind::Order => {
            let told_paid = envelope.kind == "order.paid";
            with_snapshot!(|it| apply_order(tx, backend, &it, told_paid))
        }
        Kind::Refund => with_snapshot!(|it| refund::apply(tx, backend, &it)),
        Kind::Grant => with_snapshot!(|it| grant::apply(tx, backend, &it)),
        Kind::Checkout => with_snapshot!(|it| checkout::apply(tx, backend, &it)),
        Kind::Customer => {
            let gone = envelope.kind == "customer.deleted";
            with_snapshot!(|it| customer::apply(tx, backend, &it, gone))
        }
        Kind::CustomerState => with_snapshot!(|it| apply_state(tx, backend, &it)),
        Kind::Product => with_snapshot!(|it| apply_product(tx, backend, &it)),
    }
}

pub(super) use order::apply as apply_order;
pub(super) use product::apply as apply_product;
pub(super) use subscription::{apply as apply_subscription, write as write_subscription};

fn snapshot<T: Dated + for<'de> Deserialize<'de>>(envelope: &Envelope<'_>) -> Option<Snapshot<T>> {
    let data = wire::read(envelope.data.get()).ok()?;
    Some(Snapshot::new(data, envelope.timestamp))
}
