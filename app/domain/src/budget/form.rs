//! The form that makes or changes a budget.

use serde::{Deserialize, Serialize};

use super::{Alerts, Grid, Limits, Period, Revision, Rollover};
use crate::{Code, Currency, Date, FieldError, category, day, form::Errors, money};

/// `alertPercents` of a budget that nobody is mailed about.
pub const NO_ALERTS: &str = "none";
/// `alertPercents` where `alertOwn` says which.
pub const OWN_ALERTS: &str = "own";

/// The fields, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BudgetForm {
    /// `category`: the key of a group or a leaf.
    pub category: String,
    /// `amount`
    pub amount: String,
    /// `currency`: ISO 4217; empty means US dollars.
    pub currency: String,
    /// `period`: a word of [`Period`]; empty means monthly.
    pub period: String,
    /// `startDate`; empty means today.
    pub start_date: String,
    /// `fromStart`: the first window counts from its beginning, whatever the day.
    pub from_start: bool,
    /// `endDate`; empty means none.
    pub end_date: String,
    /// `rollover`: a word of [`Rollover`]; empty means none.
    pub rollover: String,
    /// `cap`: the most that is carried over; empty means no limit.
    pub cap: String,
    /// `prorate`: a window cut short is worth its share alone.
    pub prorate: bool,
    /// `alertPercents`: when somebody is mailed, as [`Alerts`] reads it, [`NO_ALERTS`] or [`OWN_ALERTS`]; empty means
    /// at 80 and 100 percent.
    pub alert_percents: String,
    /// `alertOwn`: as [`Alerts`] reads it.
    pub alert_own: String,
}

/// What is to be different about a budget, as typed. What is left out stays; so do category, currency, period and start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BudgetChange {
    /// `amount`
    pub amount: Option<String>,
    /// `endDate`; empty means none.
    pub end_date: Option<String>,
    /// `rollover`: a word of [`Rollover`]; empty means none.
    pub rollover: Option<String>,
    /// `cap`: the most that is carried over; empty means no limit.
    pub cap: Option<String>,
    /// `prorate`: a window cut short is worth its share alone.
    pub prorate: Option<bool>,
    /// `alertPercents`; empty means at 80 and 100 percent.
    pub alert_percents: Option<String>,
    /// `alertOwn`: which, where the field before says so.
    pub alert_own: Option<String>,
    /// Another amount holds for the past too, not from the current window on alone.
    pub past_too: bool,
}

impl BudgetChange {
    /// The whole form: what is left out is taken from the budget as it is.
    pub fn over(self, there: BudgetForm) -> BudgetForm {
        BudgetForm {
            amount: self.amount.unwrap_or(there.amount),
            end_date: self.end_date.unwrap_or(there.end_date),
            rollover: self.rollover.unwrap_or(there.rollover),
            cap: self.cap.unwrap_or(there.cap),
            prorate: self.prorate.unwrap_or(there.prorate),
            alert_percents: self.alert_percents.unwrap_or(there.alert_percents),
            alert_own: self.alert_own.unwrap_or(there.alert_own),
            ..there
        }
    }
}

/// A checked budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBudget {
    /// The key of its category.
    pub category: String,
    /// Minor units, above zero.
    pub minor: i64,
    /// The currency of the rows it counts.
    pub currency: Currency,
    /// Where its windows begin.
    pub grid: Grid,
    /// The first day that counts.
    pub start: Date,
    /// The last day that counts.
    pub end: Option<Date>,
    /// What the next window gets.
    pub rollover: Rollover,
    /// The most it gets, in minor units.
    pub cap: Option<i64>,
    /// Whether a window that was cut short is worth its share alone.
    pub prorate: bool,
    /// When its owner is mailed.
    pub alerts: Alerts,
}

impl NewBudget {
    /// What decides the limit of each window, from its first amount on.
    pub fn limits(&self) -> Limits {
        Limits {
            grid: self.grid,
            start: self.start,
            end: self.end,
            rollover: self.rollover,
            cap: self.cap,
            prorate: self.prorate,
            revisions: vec![Revision { from: self.start, minor: self.minor }],
        }
    }
}

impl BudgetForm {
    /// Checks everything and gives all errors at once. `anchor` knows where a period begins for this person, as
    /// [`Grid::new`] takes it.
    pub fn parse(
        &self,
        today: Date,
        anchor: impl Fn(Period) -> i64,
        is_category: impl Fn(&str) -> bool,
    ) -> Result<NewBudget, Vec<FieldError>> {
        let mut errors = Errors::default();
        let category = errors.take("category", self.category(is_category));
        let currency = errors.take("currency", currency(&self.currency));
        let minor = errors.take("amount", self.minor(currency.unwrap_or(Currency::USD)));
        let period = errors.take("period", word(&self.period, Period::Monthly));
        let rollover = errors.take("rollover", word(&self.rollover, Rollover::None));
        let start =
            errors.take("startDate", date(&self.start_date).map(|day| day.unwrap_or(today)));
        let end = errors.take("endDate", date(&self.end_date));
        let cap = errors.take("cap", cap(&self.cap, currency.unwrap_or(Currency::USD)));
        let alerts = self.alerts().map_err(|(field, code)| errors.push(field, code)).ok();
        let grid = period.and_then(|period| Grid::new(period, anchor(period)));
        let start = start
            .zip(grid)
            .map(|(start, grid)| if self.from_start { grid.window(start).from } else { start });
        if start.zip(end.flatten()).is_some_and(|(start, end)| end < start) {
            errors.push("endDate", Code::BudgetDates);
        }
        let all = category.zip(minor).zip(currency).zip(grid).zip(rollover).zip(start).zip(end);
        errors.finish(all.zip(cap).zip(alerts).map(
            |((((((((category, minor), currency), grid), rollover), start), end), cap), alerts)| {
                NewBudget {
                    category,
                    minor,
                    currency,
                    grid,
                    start,
                    end,
                    rollover,
                    cap,
                    prorate: self.prorate,
                    alerts,
                }
            },
        ))
    }

    fn category(&self, is_category: impl Fn(&str) -> bool) -> Result<String, Code> {
        let key = self.category.trim();
        // Income and movements between own accounts are nothing that is spent.
        let spent = !["income", "transfer"].contains(&category::group_of(key));
        if spent && (category::find(key).is_some() || is_category(key)) {
            Ok(key.to_owned())
        } else {
            Err(Code::CategoryUnknown)
        }
    }

    /// When somebody is mailed, or the field that does not say it.
    fn alerts(&self) -> Result<Alerts, (&'static str, Code)> {
        match self.alert_percents.trim() {
            "" => Ok(Alerts::default()),
            NO_ALERTS => Ok(Alerts::none()),
            OWN_ALERTS => some_alerts(&self.alert_own).map_err(|code| ("alertOwn", code)),
            listed => some_alerts(listed).map_err(|code| ("alertPercents", code)),
        }
    }

    fn minor(&self, currency: Currency) -> Result<i64, Code> {
        match money::parse_minor(&self.amount, currency)? {
            minor if minor > 0 => Ok(minor),
            _ => Err(Code::BudgetAmount),
        }
    }
}

/// At least one threshold.
fn some_alerts(typed: &str) -> Result<Alerts, Code> {
    match typed.parse()? {
        none if none == Alerts::none() => Err(Code::BudgetAlert),
        some => Ok(some),
    }
}

fn currency(typed: &str) -> Result<Currency, Code> {
    if typed.trim().is_empty() { Ok(Currency::USD) } else { Currency::parse(typed.trim()) }
}

fn word<T: std::str::FromStr<Err = Code>>(typed: &str, usual: T) -> Result<T, Code> {
    if typed.trim().is_empty() { Ok(usual) } else { typed.trim().parse() }
}

fn date(typed: &str) -> Result<Option<Date>, Code> {
    match typed.trim() {
        "" => Ok(None),
        typed => day::parse_iso(typed).map(Some).ok_or(Code::DateInvalid),
    }
}

fn cap(typed: &str, currency: Currency) -> Result<Option<i64>, Code> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    match money::parse_minor(typed, currency)? {
        minor if minor > 0 => Ok(Some(minor)),
        _ => Err(Code::BudgetAmount),
    }
}
