//! Instants as Polar prints them: UTC, microseconds.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::{
    Date, Month, OffsetDateTime, format_description::well_known::Rfc3339,
    macros::format_description,
};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// An instant in microseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

/// How often a price is charged, or how long a trial lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    Day,
    Week,
    Month,
    Year,
}

impl Interval {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Reads the word on the wire.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Day, Self::Week, Self::Month, Self::Year].into_iter().find(|i| i.as_str() == word)
    }
}

impl Moment {
    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// So many microseconds later.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// So many seconds later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_micros(seconds.saturating_mul(SECOND))
    }

    /// So many days later.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_micros(days.saturating_mul(DAY))
    }

    /// So many calendar steps later; the 31st becomes the last day of a shorter month.
    #[must_use]
    pub fn plus(self, interval: Interval, count: i64) -> Self {
        match interval {
            Interval::Day => self.plus_days(count),
            Interval::Week => self.plus_days(count.saturating_mul(7)),
            Interval::Month => self.plus_months(count),
            Interval::Year => self.plus_months(count.saturating_mul(12)),
        }
    }

    fn plus_months(self, count: i64) -> Self {
        let date = self.date_time();
        let months = i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1 + count;
        let moved = i32::try_from(months.div_euclid(12)).ok().and_then(|year| {
            let month = Month::try_from(u8::try_from(months.rem_euclid(12)).ok()? + 1).ok()?;
            Date::from_calendar_date(year, month, date.day().min(month.length(year))).ok()
        });
        moved.map_or(self, |day| Self::from(date.replace_date(day)))
    }

    /// Later by an ISO 8601 duration such as `P8D`, `P1M` or `PT1H30M`.
    pub fn plus_duration(self, duration: &str) -> Option<Self> {
        let mut at = self;
        let mut in_day = false;
        let mut digits = String::new();
        let rest = duration.strip_prefix('P')?;
        for letter in rest.chars() {
            if letter.is_ascii_digit() {
                digits.push(letter);
                continue;
            }
            if letter == 'T' && digits.is_empty() {
                in_day = true;
                continue;
            }
            let count: i64 = digits.parse().ok().filter(|count| *count < 1_000_000)?;
            digits.clear();
            at = match (in_day, letter) {
                (false, 'Y') => at.plus(Interval::Year, count),
                (false, 'M') => at.plus(Interval::Month, count),
                (false, 'W') => at.plus(Interval::Week, count),
                (false, 'D') => at.plus_days(count),
                (true, 'H') => at.plus_seconds(count * 3600),
                (true, 'M') => at.plus_seconds(count * 60),
                (true, 'S') => at.plus_seconds(count),
                _ => return None,
            };
        }
        (digits.is_empty() && !rest.is_empty()).then_some(at)
    }

    /// Reads RFC 3339.
    pub fn parse(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(Self::from)
    }

    /// As the `Date` header writes it.
    pub fn http_date(self) -> String {
        self.date_time()
            .format(format_description!(
                "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
            ))
            .unwrap_or_default()
    }

    /// As a person reads it.
    pub fn for_people(self) -> String {
        self.date_time()
            .format(format_description!(
                "[day padding:none] [month repr:short] [year], [hour]:[minute] UTC"
            ))
            .unwrap_or_default()
    }

    fn date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl From<OffsetDateTime> for Moment {
    fn from(date: OffsetDateTime) -> Self {
        let micros = date.unix_timestamp_nanos().div_euclid(1_000);
        Self(i64::try_from(micros).unwrap_or_default())
    }
}

/// Six digits of a second, or none at all.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date_time();
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        let (hour, minute, second, micro) = date.to_hms_micro();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if micro > 0 {
            write!(f, ".{micro:06}")?;
        }
        f.write_str("Z")
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an instant"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn an_instant_has_six_digits_of_a_second_or_none() {
        assert_eq!(at("2026-03-02T09:00:00.045824Z").to_string(), "2026-03-02T09:00:00.045824Z");
        assert_eq!(at("2026-03-02T09:00:00.0450Z").to_string(), "2026-03-02T09:00:00.045000Z");
        assert_eq!(at("2026-03-02T10:00:00+01:00").to_string(), "2026-03-02T09:00:00Z");
        assert_eq!(at("2026-03-02T09:00:00Z").http_date(), "Mon, 02 Mar 2026 09:00:00 GMT");
    }

    #[test]
    fn months_end_where_they_end() {
        let january = at("2026-01-31T10:00:00Z");

        assert_eq!(january.plus(Interval::Month, 1), at("2026-02-28T10:00:00Z"));
        assert_eq!(january.plus(Interval::Month, 12), at("2027-01-31T10:00:00Z"));
        assert_eq!(at("2028-02-29T10:00:00Z").plus(Interval::Year, 1), at("2029-02-28T10:00:00Z"));
    }

    #[test]
    fn durations_are_those_of_iso_8601() {
        let start = at("2026-01-31T10:00:00Z");

        assert_eq!(start.plus_duration("P8D"), Some(start.plus_days(8)));
        assert_eq!(start.plus_duration("P1DT1H30M5S"), Some(start.plus_seconds(86_400 + 5_405)));
        assert_eq!(start.plus_duration("P2W"), Some(start.plus_days(14)));
        assert_eq!(start.plus_duration("P1M"), Some(at("2026-02-28T10:00:00Z")));
        for wrong in ["", "P", "8D", "P8", "PD", "P8H", "PT1D", "P-1D", "P99999999999D"] {
            assert_eq!(start.plus_duration(wrong), None, "{wrong}");
        }
    }
}
