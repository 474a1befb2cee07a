//! Budgets: what somebody means to spend on a category in each period, and how it stands. Everything is derived from the
//! rows when it is read, so that a late row or another category is right at once.

mod alert;
mod chain;
mod form;
mod grid;
mod starts;
mod view;

pub use alert::{Alerts, due};
pub use chain::{Chain, Limits, Link, Revision, Standing};
pub use form::{BudgetChange, BudgetForm, NO_ALERTS, NewBudget, OWN_ALERTS};
pub use grid::{Grid, Window};
pub use starts::{Starts, StartsForm};
pub use view::{BudgetView, BudgetWindow, Replay, past_sentence, wholes, window};

pub use crate::money::median;

use crate::Code;

words! {
    /// How long each window of a budget is.
    pub enum Period (Code::OptionUnknown) {
        Weekly = "weekly", "Weekly";
        Monthly = "monthly", "Monthly";
        Yearly = "yearly", "Yearly";
    }
}

impl Period {
    /// "week", "month", "year".
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Weekly => "week",
            Self::Monthly => "month",
            Self::Yearly => "year",
        }
    }
}

words! {
    /// What the next window gets of what is left.
    pub enum Rollover (Code::OptionUnknown) {
        None = "none", "Start afresh";
        /// Nothing is taken from it for an overrun.
        Surplus = "surplus", "Carry over what is left";
        /// An overrun is taken from it.
        Full = "full", "Carry over what is left or over";
    }
}

words! {
    /// How a budget stands, by what is spent of what is available.
    pub enum State (Code::OptionUnknown) {
        Fine = "fine", "On track";
        /// From 80 percent on.
        Near = "near", "Near limit";
        /// Above 100 percent, or anything at all where nothing is available.
        Over = "over", "Over";
    }
}

#[cfg(test)]
mod tests;
