//! When a change of plan happens.

use domain::{
    billing::SubscriptionView,
    plan::{Interval, Plan},
};

/// When a change of plan happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once; the difference is paid, or credited, now.
    Now,
    /// With the next period. Until then nothing changes.
    NextPeriod,
}

impl When {
    /// Whoever wants more gets it now; whoever wants less has paid for this period. The same plan for a year is more
    /// than for a month.
    pub fn for_change(from: &SubscriptionView, to: Plan, paid: Interval) -> Self {
        let longer = from.interval() == Some(Interval::Month) && paid == Interval::Year;
        match from.plan {
            Some(plan) if to < plan => Self::NextPeriod,
            Some(plan) if to == plan && !longer => Self::NextPeriod,
            _ => Self::Now,
        }
    }

    /// Polar's word for it.
    pub(super) fn proration(self) -> &'static str {
        match self {
            Self::Now => "invoice",
            Self::NextPeriod => "next_period",
        }
    }
}
