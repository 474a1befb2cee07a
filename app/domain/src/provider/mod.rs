//! What providers of bank data call things, in our words: kinds of trouble, categories, states of a verification, amounts.

mod amount;
mod categories;
mod trouble;
mod verification;

pub use amount::{ProviderAmount, plaid_amount};
pub use categories::{plaid_category, plaid_is_transfer};
pub use trouble::{PAGES_CHANGED, Trouble, TroubleKind, plaid_trouble};
pub use verification::{ProviderVerification, plaid_verification};
