//! How things look on the wire: every key, in Polar's order.

mod checkout;
mod customer;
mod order;
mod portal;
mod subscription;

pub use checkout::checkout;
pub use customer::{address, customer, session};
pub use order::{order, refund};
pub use portal::{portal_grant, portal_meter, portal_order, portal_subscription};
pub use subscription::{credit_properties, customer_meter, grant, state, subscription};
