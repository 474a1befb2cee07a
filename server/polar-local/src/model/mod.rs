//! What the stand-in remembers. How it looks on the wire is told in `wire`.

mod checkout;
mod customer;
mod order;
mod subscription;
mod table;
mod world;

pub use checkout::{Checkout, CheckoutStatus, Notice};
pub use customer::{Address, Card, CardKind, Customer, Session};
pub use order::{Item, Order, OrderStatus, Reason, Refund, RefundStatus};
pub use subscription::{Grant, PendingUpdate, Status, Subscription};
pub use table::{Row, Table};
pub use world::{Usage, World};

/// An enum whose words on the wire are those of its serde names.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $type {
            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
        impl From<$type> for $crate::json::Json {
            fn from(value: $type) -> Self {
                Self::from(value.as_str())
            }
        }
    };
}
pub(crate) use words;
