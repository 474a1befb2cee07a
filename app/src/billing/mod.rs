//! Plans and payments, as people see them: what is sold, what somebody has, and how to change it. Money moves at
//! Polar alone.

mod api;
mod cancel;
mod cards;
mod change;
mod compare;
mod invoice;
mod invoices;
mod overview;
mod pricing;
mod refuse;
mod ribbon;
mod success;
mod words;

pub use api::{
    BeginCheckout, CancelPlan, ChangePlan, CheckAgain, GetProgress, KeepPlan, OpenPortal,
    ResumePlan, begin_checkout, cancel_plan, change_plan, check_again, get_progress, keep_plan,
    open_portal, resume_plan,
};
pub use cancel::CancelPage;
pub use change::ChangePlanPage;
pub use invoice::InvoicePage;
pub use overview::BillingPage;
pub use pricing::PricingPage;
pub use success::SuccessPage;
