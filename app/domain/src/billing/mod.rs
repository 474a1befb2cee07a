//! Who may use what they pay for: the rules, apart from where the rows come from.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::{
    Money,
    day::format_day,
    plan::{Interval, Plan},
};

/// How long after its announced end a subscription may still say `active` before it counts as over: Polar was out of
/// reach, and nobody could be asked.
pub const END_SLACK: Duration = Duration::hours(24);

/// The statuses of a Polar subscription that this release understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The first payment was never made.
    Incomplete,
    /// A trial runs.
    Trialing,
    /// Paid, also while an end or a pause is only announced.
    Active,
    /// A renewal was not paid, and Polar goes on trying.
    PastDue,
    /// Polar gave up trying.
    Unpaid,
    /// Over.
    Canceled,
    /// Nothing is paid until it goes on.
    Paused,
}

impl Status {
    /// Polar's word for it; nothing for a word of a later release.
    pub fn from_polar(word: &str) -> Option<Self> {
        match word {
            "incomplete" | "incomplete_expired" => Some(Self::Incomplete),
            "trialing" => Some(Self::Trialing),
            "active" => Some(Self::Active),
            "past_due" => Some(Self::PastDue),
            "unpaid" => Some(Self::Unpaid),
            "canceled" => Some(Self::Canceled),
            "paused" => Some(Self::Paused),
            _ => None,
        }
    }

    /// Whether Polar still collects money for it, so that a second one cannot be bought.
    pub const fn is_billable(self) -> bool {
        matches!(self, Self::Trialing | Self::Active | Self::PastDue)
    }

    /// Whether it can still change without anybody buying anew.
    pub const fn is_live(self) -> bool {
        self.is_billable() || matches!(self, Self::Paused)
    }
}

/// What a page says of a subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// A trial runs.
    Trialing,
    /// Paid and going on.
    Active,
    /// Paid, and ending at a known time.
    Canceling,
    /// Not paid, with or without grace left.
    #[serde(rename = "past_due")]
    PastDue,
    /// Resting.
    Paused,
    /// Over.
    Ended,
    /// There is none.
    #[default]
    None,
}

/// Why a subscription gives nothing, in the words of the old front end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Lapse {
    /// Somebody canceled it, and it has ended.
    Canceled,
    /// Its time is over, it rests, or it is not paid.
    Expired,
    /// Anything else: it never began, or nobody configured its product.
    General,
}

impl Lapse {
    /// The word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Canceled => "CANCELED",
            Self::Expired => "EXPIRED",
            Self::General => "GENERAL",
        }
    }
}

/// What decides about access, of one subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The last status we understood.
    pub status: Status,
    /// An end is announced.
    pub cancel_at_period_end: bool,
    /// When it ends, or ended.
    pub ends_at: Option<OffsetDateTime>,
    /// Since when it is not paid.
    pub past_due_at: Option<OffsetDateTime>,
}

impl Standing {
    /// Whether it gives what it is for.
    pub fn has_access(&self, now: OffsetDateTime, grace: Duration) -> bool {
        match self.status {
            Status::Trialing | Status::Active => !self.is_long_over(now),
            Status::PastDue => self.grace_until(grace).is_some_and(|until| now < until),
            Status::Incomplete | Status::Unpaid | Status::Canceled | Status::Paused => false,
        }
    }

    /// Until when a subscription that is not paid still gives access.
    pub fn grace_until(&self, grace: Duration) -> Option<OffsetDateTime> {
        let since = self.past_due_at.filter(|_| self.status == Status::PastDue)?;
        since.checked_add(grace)
    }

    /// What a page says.
    pub fn state(&self) -> State {
        match self.status {
            Status::Trialing | Status::Active if self.cancel_at_period_end => State::Canceling,
            Status::Trialing => State::Trialing,
            Status::Active => State::Active,
            Status::PastDue => State::PastDue,
            Status::Paused => State::Paused,
            Status::Incomplete => State::None,
            Status::Unpaid | Status::Canceled => State::Ended,
        }
    }

    /// Announced, and a day ago, and nobody has told us that it happened.
    fn is_long_over(&self, now: OffsetDateTime) -> bool {
        let end = self.ends_at.filter(|_| self.cancel_at_period_end);
        end.and_then(|end| end.checked_add(END_SLACK)).is_some_and(|end| now >= end)
    }
}

/// A subscription as its owner may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionView {
    /// Polar's id.
    pub id: String,
    /// Polar's id of what was bought.
    pub product_id: String,
    /// Its name, when the catalogue knows it.
    pub product_name: Option<String>,
    /// The plan it gives; none for a product that is no plan of ours.
    pub plan: Option<Plan>,
    /// Polar's word.
    pub status: String,
    /// Ours.
    pub state: State,
    /// Whether it gives access now.
    pub access: bool,
    /// What one period costs, in minor units, before tax.
    pub amount: i64,
    /// ISO 4217, in small letters as Polar writes it.
    pub currency: String,
    /// `day`, `week`, `month` or `year`.
    pub recurring_interval: String,
    /// How many of them one period is.
    pub recurring_interval_count: i64,
    /// When this period began.
    #[serde(with = "time::serde::rfc3339")]
    pub current_period_start: OffsetDateTime,
    /// When it ends.
    #[serde(with = "time::serde::rfc3339::option")]
    pub current_period_end: Option<OffsetDateTime>,
    /// An end is announced.
    pub cancel_at_period_end: bool,
    /// A pause is announced.
    pub pause_at_period_end: bool,
    /// When somebody pressed cancel.
    #[serde(with = "time::serde::rfc3339::option")]
    pub canceled_at: Option<OffsetDateTime>,
    /// When it ends, or ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ends_at: Option<OffsetDateTime>,
    /// When it was really over.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    /// When the trial ends, or ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub trial_end: Option<OffsetDateTime>,
    /// Until when it gives access although it is not paid.
    #[serde(with = "time::serde::rfc3339::option")]
    pub grace_until: Option<OffsetDateTime>,
    /// When a pause ends by itself.
    #[serde(with = "time::serde::rfc3339::option")]
    pub resumes_at: Option<OffsetDateTime>,
    /// What the next period brings instead.
    pub pending_product_id: Option<String>,
    /// Its name.
    pub pending_product_name: Option<String>,
    /// When that happens.
    #[serde(with = "time::serde::rfc3339::option")]
    pub pending_applies_at: Option<OffsetDateTime>,
}

impl SubscriptionView {
    /// The price of one period.
    pub fn price(&self) -> Option<Money> {
        self.currency.parse().ok().map(|currency| Money::new(self.amount, currency))
    }

    /// `month`, or `3 months`.
    pub fn period(&self) -> String {
        match self.recurring_interval_count {
            1 => self.recurring_interval.clone(),
            count => format!("{count} {}s", self.recurring_interval),
        }
    }

    /// Month or year, when it is paid once in one of them.
    pub fn interval(&self) -> Option<Interval> {
        let once = self.recurring_interval_count == 1;
        Interval::parse(&self.recurring_interval).filter(|_| once)
    }

    /// The name of what was bought.
    pub fn name(&self) -> &str {
        match (self.plan, &self.product_name) {
            (Some(plan), _) => plan.name(),
            (None, Some(name)) => name,
            (None, None) => "Your subscription",
        }
    }

    /// Why it gives nothing; none while it gives access.
    pub fn lapse(&self) -> Option<Lapse> {
        match self.state {
            _ if self.access => None,
            State::Ended if self.canceled_at.is_some() => Some(Lapse::Canceled),
            State::Ended | State::PastDue | State::Paused | State::Canceling => {
                Some(Lapse::Expired)
            }
            State::Trialing | State::Active | State::None => Some(Lapse::General),
        }
    }

    /// How it stands, in one sentence.
    pub fn sentence(&self) -> String {
        let name = self.name();
        let day = |at: Option<OffsetDateTime>| at.map(|at| format_day(at.date()));
        let end = day(self.ends_at.or(self.current_period_end));
        match self.state {
            State::Trialing => match day(self.trial_end) {
                Some(day) => format!("Your trial of {name} runs until {day}. Then it is paid."),
                None => format!("Your trial of {name} runs."),
            },
            State::Active if self.pause_at_period_end => match day(self.current_period_end) {
                Some(day) => format!("{name} pauses on {day}."),
                None => format!("{name} pauses at the end of this period."),
            },
            State::Active => match day(self.current_period_end) {
                Some(day) => format!("{name} renews on {day}."),
                None => format!("{name} is active."),
            },
            State::Canceling => match end {
                Some(day) => format!("{name} ends on {day}. Until then nothing changes."),
                None => format!("{name} ends with this period. Until then nothing changes."),
            },
            State::PastDue if self.access => match day(self.grace_until) {
                Some(day) => {
                    format!("Your last payment failed. Update your card by {day} to keep {name}.")
                }
                None => format!("Your last payment failed. Update your card to keep {name}."),
            },
            State::PastDue => {
                format!(
                    "Your last payment failed, and {name} has stopped. Update your card to go on."
                )
            }
            State::Paused => match day(self.resumes_at) {
                Some(day) => format!("{name} is paused until {day}."),
                None => format!("{name} is paused."),
            },
            State::Ended => match day(self.ended_at.or(self.ends_at)) {
                Some(day) => format!("{name} ended on {day}. Your data is all here."),
                None => format!("{name} has ended. Your data is all here."),
            },
            State::None => "You're on the Free plan.".to_owned(),
        }
    }
}

/// What somebody may use, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entitlement {
    /// The highest plan of all that give access.
    pub plan: Plan,
    /// The plan is a present, and nothing is paid for it.
    pub gift: bool,
    /// The subscription to show: with access before without, the higher plan before the lower, the newest first.
    pub subscription: Option<SubscriptionView>,
    /// Every product that gives access now, bought once or by subscription.
    pub products: Vec<String>,
    /// Whether a subscription exists that Polar still collects money for.
    pub billable: bool,
    /// Whether there was a trial, of anything: a person has one.
    pub had_trial: bool,
    /// What was used of what is metered; none where nothing is sold, or only access was asked for.
    pub metered: Option<Metered>,
}

/// What somebody has used of what is metered. It stops nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metered {
    /// The beginning of the period that is paid, or of the calendar month (UTC) where none is.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// By our own count since then, a line for each kind of use.
    pub counts: Vec<UseCount>,
    /// By Polar's count, which is some minutes late.
    pub meters: Vec<MeterView>,
}

/// How often something was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UseCount {
    /// The name of the use, as it is sent to Polar.
    pub event: String,
    /// How often.
    pub count: i64,
}

/// A meter of Polar's. Numbers are decimal text: a meter may count in parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeterView {
    /// Polar's id of it.
    pub id: String,
    /// Its name, when the catalogue knows it.
    pub name: Option<String>,
    /// Used.
    pub used: String,
    /// Left of what was given; below zero where more was used.
    pub left: String,
}

impl Entitlement {
    /// How the shown subscription stands.
    pub fn state(&self) -> State {
        self.subscription.as_ref().map_or(State::None, |subscription| subscription.state)
    }

    /// Whether any subscription gives access.
    pub fn is_subscribed(&self) -> bool {
        self.subscription.as_ref().is_some_and(|subscription| subscription.access)
    }

    /// The four words of the old front end: `active`, `canceled`, `expired`, `none`.
    pub fn status_word(&self) -> &'static str {
        let Some(subscription) = &self.subscription else { return "none" };
        match subscription.lapse() {
            None => "active",
            Some(Lapse::Canceled) => "canceled",
            Some(Lapse::General) if subscription.state == State::None => "none",
            Some(_) => "expired",
        }
    }
}

/// What is sold under one name, with the price Polar's catalogue has for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfferView {
    /// Our name of it.
    pub slug: String,
    /// What the buyer gets.
    pub plan: Plan,
    /// How often it is paid.
    pub interval: Interval,
    /// What one period costs before tax; none while the catalogue has no fixed price for it.
    pub price: Option<Money>,
    /// Days nothing is paid at first.
    pub trial_days: Option<i64>,
}

/// An order as its owner may see it. Amounts in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    /// Polar's id.
    pub id: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// `pending`, `paid`, `refunded`, `partially_refunded` or `void`.
    pub status: String,
    /// What it is for.
    pub description: String,
    /// With tax.
    pub total: Option<Money>,
    /// What came back, with tax.
    pub refunded: Option<Money>,
    /// The number on the invoice.
    pub invoice_number: Option<String>,
}

impl OrderView {
    /// How it stands, in a word or two.
    pub fn status_label(&self) -> &'static str {
        match &*self.status {
            "paid" => "Paid",
            "pending" => "Not paid yet",
            "refunded" => "Refunded",
            "partially_refunded" => "Partly refunded",
            "void" => "Withdrawn",
            _ => "In progress",
        }
    }
}

/// How far a checkout of the caller has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CheckoutProgress {
    /// Nothing was paid yet, or the card was declined.
    Open,
    /// Pay was pressed, and our tables do not have the outcome yet.
    Confirming,
    /// Paid, and the plan is there.
    Done,
    /// It is too late to pay.
    Expired,
}

#[cfg(test)]
mod tests;
