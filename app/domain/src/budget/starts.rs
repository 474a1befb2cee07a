//! Where weeks, months and years begin for one person.

use serde::{Deserialize, Serialize};

use super::{Grid, Period};
use crate::{Code, FieldError, day, form::Errors};

/// The fields, as typed or chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StartsForm {
    /// `weekStart`: 1 for Monday to 7 for Sunday; empty means Monday.
    pub week_start: String,
    /// `monthStart`: 1 to 31, where a shorter month begins on its last day; empty means the 1st.
    pub month_start: String,
    /// `yearStart`: `MM-DD`; empty means 1 January.
    pub year_start: String,
}

/// Where periods begin, as [`Grid::new`] takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Starts {
    /// The day of the week, 1 for Monday to 7 for Sunday.
    pub week: i64,
    /// The day of the month, 1 to 31.
    pub month: i64,
    /// The day of the year, as month * 100 + day.
    pub year: i64,
}

impl Default for Starts {
    fn default() -> Self {
        Self { week: 1, month: 1, year: 101 }
    }
}

impl Starts {
    /// The anchor of a period.
    pub const fn anchor(self, period: Period) -> i64 {
        match period {
            Period::Weekly => self.week,
            Period::Monthly => self.month,
            Period::Yearly => self.year,
        }
    }
}

impl StartsForm {
    /// Checks everything and gives all errors at once.
    pub fn parse(&self) -> Result<Starts, Vec<FieldError>> {
        let usual = Starts::default();
        let mut errors = Errors::default();
        let week = anchor(&self.week_start, usual.week, Period::Weekly, whole);
        let month = anchor(&self.month_start, usual.month, Period::Monthly, whole);
        let year = anchor(&self.year_start, usual.year, Period::Yearly, month_and_day);
        let week = errors.take("weekStart", week.ok_or(Code::OptionUnknown));
        let month = errors.take("monthStart", month.ok_or(Code::OptionUnknown));
        let year = errors.take("yearStart", year.ok_or(Code::DateInvalid));
        let all = week.zip(month).zip(year);
        errors.finish(all.map(|((week, month), year)| Starts { week, month, year }))
    }
}

/// What was typed as an anchor of the period, if it is one.
fn anchor(
    typed: &str,
    usual: i64,
    period: Period,
    read: impl Fn(&str) -> Option<i64>,
) -> Option<i64> {
    if typed.trim().is_empty() {
        return Some(usual);
    }
    read(typed.trim()).filter(|anchor| Grid::new(period, *anchor).is_some())
}

fn whole(typed: &str) -> Option<i64> {
    day::digits(typed).map(i64::from)
}

fn month_and_day(typed: &str) -> Option<i64> {
    let (month, day) =
        typed.split_once('-').filter(|(month, day)| month.len() == 2 && day.len() == 2)?;
    whole(month)?.checked_mul(100)?.checked_add(whole(day)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(week: &str, month: &str, year: &str) -> StartsForm {
        StartsForm {
            week_start: week.to_owned(),
            month_start: month.to_owned(),
            year_start: year.to_owned(),
        }
    }

    #[test]
    fn periods_begin_where_somebody_chose_or_where_they_usually_do() {
        assert_eq!(StartsForm::default().parse(), Ok(Starts { week: 1, month: 1, year: 101 }));
        let chosen = form("7", " 31 ", "02-29").parse().unwrap();
        assert_eq!(chosen, Starts { week: 7, month: 31, year: 229 });
        for (period, anchor) in [(Period::Weekly, 7), (Period::Monthly, 31), (Period::Yearly, 229)]
        {
            assert_eq!(chosen.anchor(period), anchor);
            assert!(Grid::new(period, anchor).is_some());
        }
    }

    #[test]
    fn every_start_that_is_none_is_named_at_once() {
        for (week, month, year) in [
            ("0", "0", "00-01"),
            ("8", "32", "02-30"),
            ("Monday", "-1", "4-6"),
            ("1.5", "last", "13-01"),
            ("99999999999", "1 2", "0406"),
        ] {
            let errors = form(week, month, year).parse().unwrap_err();
            let codes: Vec<_> = errors.iter().map(|error| (&*error.field, &*error.code)).collect();
            assert_eq!(
                codes,
                [
                    ("weekStart", "option_unknown"),
                    ("monthStart", "option_unknown"),
                    ("yearStart", "date_invalid"),
                ],
                "{week} {month} {year}"
            );
        }
    }
}
