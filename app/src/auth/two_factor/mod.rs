//! The second step of a sign-in.

mod api;
mod page;

pub(crate) use api::{digits, refuse as refuse_factor};
pub use page::TwoFactorPage;

use super::with_next;
use crate::routes;

/// The page of the second step, with the way back.
pub(super) fn path_to(next: Option<&str>) -> String {
    with_next(routes::TWO_FACTOR, next)
}
