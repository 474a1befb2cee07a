//! The plans: what each allows, and under which names they are sold.

use serde::{Deserialize, Serialize};

use crate::{Date, Month};

/// What somebody may use. Ordered: a later one has everything of an earlier one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// Without paying.
    #[default]
    Free,
    /// For one person.
    Starter,
    /// Without limits.
    Plus,
    /// Without limits, and somebody to ask.
    Premium,
}

/// How often a plan is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// Each month.
    Month,
    /// Each year.
    Year,
}

impl Interval {
    /// The word of addresses and of Polar.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Reads [`Interval::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Month, Self::Year].into_iter().find(|interval| interval.as_str() == text)
    }
}

/// How much of each thing a plan allows. `None` is without limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanLimits {
    /// Bank accounts at the same time.
    pub accounts: Option<u32>,
    /// Months of transactions that lists, search and charts reach back. Older ones are kept, and exported.
    pub history_months: Option<u32>,
    /// Files imported in one calendar month (UTC).
    pub imports: Option<u32>,
}

/// Something a plan can run out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Limit {
    /// [`PlanLimits::accounts`].
    Accounts,
    /// [`PlanLimits::history_months`].
    History,
    /// [`PlanLimits::imports`].
    Imports,
}

/// What is sold under one name of `POLAR_PRODUCTS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The name.
    pub slug: &'static str,
    /// What the buyer gets.
    pub plan: Plan,
    /// How often it is paid.
    pub interval: Interval,
}

/// Everything on the page of plans.
pub const OFFERS: &[Offer] = &[
    Offer { slug: "starter", plan: Plan::Starter, interval: Interval::Month },
    Offer { slug: "plus", plan: Plan::Plus, interval: Interval::Month },
    Offer { slug: "premium", plan: Plan::Premium, interval: Interval::Month },
    Offer { slug: "starter-yearly", plan: Plan::Starter, interval: Interval::Year },
    Offer { slug: "plus-yearly", plan: Plan::Plus, interval: Interval::Year },
    Offer { slug: "premium-yearly", plan: Plan::Premium, interval: Interval::Year },
];

/// Sold elsewhere than on the page of plans: one price for a family, for its buyer only until seats can be claimed.
const ALSO: &[(&str, Plan)] = &[("family", Plan::Plus)];

/// The offer of a name.
pub fn offer(slug: &str) -> Option<&'static Offer> {
    OFFERS.iter().find(|offer| offer.slug == slug)
}

/// The plan behind a name of `POLAR_PRODUCTS`; nothing for a product that is no plan, such as an archive.
pub fn plan_of_slug(slug: &str) -> Option<Plan> {
    let also = || ALSO.iter().find(|(name, _)| *name == slug).map(|(_, plan)| *plan);
    offer(slug).map(|offer| offer.plan).or_else(also)
}

impl Plan {
    /// Every plan, the smallest first.
    pub const ALL: [Self; 4] = [Self::Free, Self::Starter, Self::Plus, Self::Premium];

    /// The word of programs and of the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Starter => "starter",
            Self::Plus => "plus",
            Self::Premium => "premium",
        }
    }

    /// Reads [`Plan::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.code() == code)
    }

    /// What a person reads.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Starter => "Starter",
            Self::Plus => "Plus",
            Self::Premium => "Premium",
        }
    }

    /// Whom it is for, in one sentence.
    pub const fn for_whom(self) -> &'static str {
        match self {
            Self::Free => "To see whether Coffer is for you.",
            Self::Starter => "For one person getting their money in order.",
            Self::Plus => "For everybody with more than a few accounts.",
            Self::Premium => "Everything in Plus, and a person who answers first.",
        }
    }

    /// How much it allows.
    pub const fn limits(self) -> PlanLimits {
        match self {
            Self::Free => {
                PlanLimits { accounts: Some(3), history_months: Some(12), imports: Some(10) }
            }
            Self::Starter => {
                PlanLimits { accounts: Some(10), history_months: None, imports: Some(50) }
            }
            Self::Plus | Self::Premium => {
                PlanLimits { accounts: None, history_months: None, imports: None }
            }
        }
    }

    /// The first day that lists reach back to; nothing where they reach back to the beginning.
    pub fn history_start(self, today: Date) -> Option<Date> {
        let months = self.limits().history_months?;
        let month = (0..months).fold(Month::containing(today), |month, _| month.previous());
        month.first_day().replace_day(today.day().min(month.days())).ok()
    }

    /// Whether its questions are answered before others.
    pub const fn has_priority_support(self) -> bool {
        matches!(self, Self::Premium)
    }

    /// The smallest larger plan that allows more of `limit`; nothing when none does.
    pub fn next_for(self, limit: Limit) -> Option<Self> {
        let (mine, more) = (self.limits().of(limit), |plan: &Self| plan.limits().of(limit));
        Self::ALL.into_iter().filter(|plan| *plan > self).find(|plan| allows_more(more(plan), mine))
    }
}

impl PlanLimits {
    /// The number of one limit.
    pub const fn of(self, limit: Limit) -> Option<u32> {
        match limit {
            Limit::Accounts => self.accounts,
            Limit::History => self.history_months,
            Limit::Imports => self.imports,
        }
    }
}

fn allows_more(theirs: Option<u32>, mine: Option<u32>) -> bool {
    match (theirs, mine) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(theirs), Some(mine)) => theirs > mine,
    }
}

impl Limit {
    /// The word of programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::History => "history",
            Self::Imports => "imports",
        }
    }

    /// What `plan` allows, as a row of a table says it.
    pub fn in_words(self, plan: Plan) -> String {
        match (self, plan.limits().of(self)) {
            (Self::Accounts | Self::Imports, None) => "Unlimited".to_owned(),
            (Self::History, None) => "Everything".to_owned(),
            (Self::Accounts, Some(most)) => most.to_string(),
            (Self::History, Some(months)) => format!("{months} months"),
            (Self::Imports, Some(most)) => format!("{most} a month"),
        }
    }

    /// Why `plan` was not enough, and what would be.
    pub fn refusal(self, plan: Plan) -> String {
        let name = plan.name();
        let most = plan.limits().of(self).unwrap_or(u32::MAX);
        let reached = match self {
            Self::Accounts => format!("The {name} plan holds {most} accounts."),
            Self::Imports => format!("The {name} plan imports {most} files a month."),
            Self::History => format!("The {name} plan reaches back {most} months."),
        };
        let Some(next) = plan.next_for(self) else { return reached };
        let more = match self {
            Self::Accounts | Self::Imports => match next.limits().of(self) {
                Some(most) => format!("{} allows {most}.", next.name()),
                None => format!("{} has no limit.", next.name()),
            },
            Self::History => format!("{} shows everything.", next.name()),
        };
        format!("{reached} {more}")
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_larger_plan_never_allows_less() {
        for pair in Plan::ALL.windows(2) {
            for limit in [Limit::Accounts, Limit::History, Limit::Imports] {
                let (small, large) = (pair[0].limits().of(limit), pair[1].limits().of(limit));
                assert!(small == large || allows_more(large, small), "{pair:?} {limit:?}");
            }
        }
    }

    #[test]
    fn the_next_plan_is_the_smallest_that_helps() {
        assert_eq!(Plan::Free.next_for(Limit::Accounts), Some(Plan::Starter));
        assert_eq!(Plan::Starter.next_for(Limit::History), None);
        assert_eq!(Plan::Starter.next_for(Limit::Imports), Some(Plan::Plus));
        assert_eq!(Plan::Plus.next_for(Limit::Accounts), None);
    }

    #[test]
    fn each_paid_plan_is_sold_by_month_and_by_year_and_nothing_twice() {
        for plan in Plan::ALL.into_iter().filter(|plan| *plan != Plan::Free) {
            for interval in [Interval::Month, Interval::Year] {
                let of = |offer: &&Offer| offer.plan == plan && offer.interval == interval;
                assert_eq!(OFFERS.iter().filter(of).count(), 1, "{plan:?} {interval:?}");
            }
        }
        for (n, offer) in OFFERS.iter().enumerate() {
            assert!(OFFERS[..n].iter().all(|earlier| earlier.slug != offer.slug));
        }
    }

    #[test]
    fn a_year_back_is_the_same_day_or_the_last_of_its_month() {
        let start = |plan: Plan, today| plan.history_start(today);
        assert_eq!(start(Plan::Free, date!(2026 - 11 - 21)), Some(date!(2025 - 11 - 21)));
        assert_eq!(start(Plan::Free, date!(2028 - 02 - 29)), Some(date!(2027 - 02 - 28)));
        assert_eq!(start(Plan::Starter, date!(2026 - 11 - 21)), None);
    }

    #[test]
    fn names_lead_to_plans_and_other_products_to_none() {
        assert_eq!(plan_of_slug("plus-yearly"), Some(Plan::Plus));
        assert_eq!(plan_of_slug("family"), Some(Plan::Plus));
        assert_eq!(plan_of_slug("archive"), None);
        assert_eq!(plan_of_slug("nothing"), None);
        assert!(Plan::ALL.into_iter().all(|plan| Plan::from_code(plan.code()) == Some(plan)));
    }

    #[test]
    fn a_refusal_says_what_is_full_and_what_would_help() {
        assert_eq!(
            Limit::Accounts.refusal(Plan::Free),
            "The Free plan holds 3 accounts. Starter allows 10."
        );
        assert_eq!(
            Limit::Imports.refusal(Plan::Starter),
            "The Starter plan imports 50 files a month. Plus has no limit."
        );
        assert_eq!(
            Limit::History.refusal(Plan::Free),
            "The Free plan reaches back 12 months. Starter shows everything."
        );
    }
}
