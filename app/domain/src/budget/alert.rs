//! When somebody is told: once for each threshold and window, and not again when a refund lowers the figure.

use std::{collections::BTreeSet, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{NO_ALERTS, Standing};
use crate::{Code, day};

/// What may be chosen, in percent.
const PERCENTS: std::ops::RangeInclusive<i64> = 50..=100;
/// How many a budget has at most.
const MOST: usize = 4;

/// The thresholds of a budget, in percent of what is available, the lowest first: none, or up to four from 50 to 100.
/// As text `80,100`, as JSON a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<i64>", try_from = "Vec<i64>")]
pub struct Alerts(String);

impl Alerts {
    /// `80,100`; empty for none.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nobody is told.
    pub const fn none() -> Self {
        Self(String::new())
    }

    /// As a form has it: `80,100` or [`NO_ALERTS`].
    pub fn word(&self) -> &str {
        if self.0.is_empty() { NO_ALERTS } else { &self.0 }
    }

    /// Each of them, the lowest first.
    pub fn percents(&self) -> Vec<i64> {
        self.0.split(',').filter_map(|percent| percent.parse().ok()).collect()
    }
}

impl Default for Alerts {
    /// Near the limit and over it.
    fn default() -> Self {
        Self("80,100".to_owned())
    }
}

impl TryFrom<Vec<i64>> for Alerts {
    type Error = Code;

    fn try_from(percents: Vec<i64>) -> Result<Self, Code> {
        let percents: BTreeSet<i64> = percents.into_iter().collect();
        if percents.len() > MOST || !percents.iter().all(|percent| PERCENTS.contains(percent)) {
            return Err(Code::BudgetAlert);
        }
        let words: Vec<String> = percents.iter().map(i64::to_string).collect();
        Ok(Self(words.join(",")))
    }
}

impl From<Alerts> for Vec<i64> {
    fn from(alerts: Alerts) -> Self {
        alerts.percents()
    }
}

impl FromStr for Alerts {
    type Err = Code;

    /// Percentages with commas or spaces between them, each with its sign or without.
    fn from_str(text: &str) -> Result<Self, Code> {
        let words = text.split(|c: char| c == ',' || c.is_whitespace() || c == '%');
        let percents: Option<Vec<i64>> = words
            .filter(|word| !word.is_empty())
            .map(|word| day::digits(word).map(i64::from))
            .collect();
        percents.ok_or(Code::BudgetAlert)?.try_into()
    }
}

text_column!(Alerts);

/// The thresholds that were reached and that nobody was told of yet. What lies below one that was told of says nothing
/// new, as after a change of the thresholds.
pub fn due(standing: Standing, alerts: &Alerts, told: &[i64]) -> Vec<i64> {
    let highest = told.iter().max();
    alerts
        .percents()
        .into_iter()
        .filter(|percent| highest.is_none_or(|told| percent > told))
        .filter(|percent| standing.reached(*percent))
        // The whole of it is not over it.
        .filter(|percent| *percent < 100 || standing.spent > standing.available())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_sorted_and_within_their_bounds() {
        for (typed, kept) in [
            ("", Some("")),
            ("100", Some("100")),
            ("100, 80", Some("80,100")),
            ("60 % 90%,60", Some("60,90")),
            ("50 60 70 80", Some("50,60,70,80")),
            ("50 60 70 80 90", None),
            ("49", None),
            ("101", None),
            ("-80", None),
            ("80.5", None),
            ("often", None),
            ("99999999999999999999", None),
        ] {
            let read = typed.parse::<Alerts>();
            assert_eq!(read.as_ref().ok().map(Alerts::as_str), kept, "{typed}");
            if let Ok(read) = read {
                assert_eq!(Alerts::try_from(read.percents()), Ok(read));
            } else {
                assert_eq!(read, Err(Code::BudgetAlert));
            }
        }
        assert_eq!(Alerts::default().percents(), [80, 100]);
        assert_eq!("80,100".parse::<Alerts>(), Ok(Alerts::default()));
    }
}
