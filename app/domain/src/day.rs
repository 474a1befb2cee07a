//! Calendar dates and months. A booking date is the bank's and is never moved between time zones.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use time::Date;

use crate::Code;

/// Years a date may lie in.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A date as `YYYY-MM-DD` and nothing else; it must exist and lie in [`YEARS`].
pub fn parse_iso(text: &str) -> Option<Date> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
    if month.len() != 2 || day.len() != 2 {
        return None;
    }
    from_numbers(digits(year)?, digits(month)?, digits(day)?)
}

/// A date from its three numbers, if it exists and lies in [`YEARS`].
pub(crate) fn from_numbers(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i32::try_from(year).ok().filter(|year| YEARS.contains(year))?;
    let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

/// The number in up to nine ASCII digits.
pub(crate) fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 9 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// `2026-06-10`.
pub fn format_iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// `10 June 2026`.
pub fn format_day(date: Date) -> String {
    format!("{} {} {}", date.day(), date.month(), date.year())
}

/// `10 June`.
pub fn format_day_month(date: Date) -> String {
    format!("{} {}", date.day(), date.month())
}

/// `Wednesday 10 June`.
pub fn format_weekday(date: Date) -> String {
    format!("{} {}", date.weekday(), format_day_month(date))
}

/// `Wed 10 June`.
pub fn format_day_short(date: Date) -> String {
    let weekday = date.weekday().to_string();
    format!("{} {} {}", weekday.get(..3).unwrap_or(&weekday), date.day(), date.month())
}

/// `10 Jun`, for the axis of a chart.
pub fn format_day_tiny(date: Date) -> String {
    let month = date.month().to_string();
    format!("{} {}", date.day(), month.get(..3).unwrap_or(&month))
}

/// A month of one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

impl Month {
    /// Month 1 to 12 of a year in [`YEARS`].
    pub fn new(year: i32, month: u8) -> Option<Self> {
        let first = from_numbers(u32::try_from(year).ok()?, u32::from(month), 1)?;
        Some(Self { first })
    }

    /// The month a date lies in.
    pub fn containing(date: Date) -> Self {
        Self { first: date.replace_day(1).unwrap_or(date) }
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.first.year()
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.first.month() as u8
    }

    /// Its first day.
    pub const fn first_day(self) -> Date {
        self.first
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        let length = self.first.month().length(self.first.year());
        self.first.replace_day(length).unwrap_or(self.first)
    }

    /// How many days it has.
    pub const fn days(self) -> u8 {
        self.first.month().length(self.first.year())
    }

    /// The month after it; at the end of the calendar, itself.
    #[must_use]
    pub fn next(self) -> Self {
        self.last_day().next_day().map_or(self, Self::containing)
    }

    /// The month before it; at the start of the calendar, itself.
    #[must_use]
    pub fn previous(self) -> Self {
        self.first.previous_day().map_or(self, Self::containing)
    }

    /// True when the date lies in it.
    pub fn contains(self, date: Date) -> bool {
        Self::containing(date) == self
    }

    /// `May 2026`.
    pub fn label(self) -> String {
        format!("{} {}", self.first.month(), self.first.year())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl FromStr for Month {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        parse_iso(&format!("{text}-01")).map(Self::containing).ok_or(Code::MonthInvalid)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// For `#[serde(with = "domain::day::iso")]`: a date as `YYYY-MM-DD`.
pub mod iso {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Date, format_iso, parse_iso};

    /// Writes the date.
    pub fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format_iso(*date))
    }

    /// Reads the date; one that doesn't exist is an error.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_iso(&text).ok_or_else(|| serde::de::Error::custom("expected a date as YYYY-MM-DD"))
    }

    /// The same for a date that may be absent.
    pub mod option {
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        use super::{Date, format_iso, parse_iso};

        /// Writes the date or null.
        pub fn serialize<S: Serializer>(
            date: &Option<Date>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            date.map(format_iso).serialize(serializer)
        }

        /// Reads the date or null.
        pub fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Date>, D::Error> {
            let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
            let date = parse_iso(&text);
            date.map(Some).ok_or_else(|| serde::de::Error::custom("expected a date as YYYY-MM-DD"))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::Duration;
    use time::macros::date;

    use super::*;

    #[test]
    fn dates_are_written_as_people_say_them() {
        assert_eq!(format_day(date!(2026 - 06 - 10)), "10 June 2026");
        assert_eq!(format_day_month(date!(2026 - 06 - 10)), "10 June");
        assert_eq!(format_weekday(date!(2026 - 06 - 10)), "Wednesday 10 June");
        assert_eq!(format_day_short(date!(2026 - 06 - 10)), "Wed 10 June");
        assert_eq!(format_day_tiny(date!(2026 - 06 - 10)), "10 Jun");
        assert_eq!(format_iso(date!(2026 - 06 - 01)), "2026-06-01");
    }

    #[test]
    fn only_dates_that_exist_are_read() {
        assert_eq!(parse_iso("2024-02-29"), Some(date!(2024 - 02 - 29)));
        let refused = [
            "2026-02-29",
            "2026-2-01",
            "2026-13-01",
            "20260501",
            "1899-12-31",
            "2201-01-01",
            "",
            "2026-05-01 ",
            "２026-05-01",
        ];
        for text in refused {
            assert_eq!(parse_iso(text), None, "{text}");
        }
    }

    #[test]
    fn a_month_knows_its_neighbours_and_its_last_day() {
        let month: Month = "2026-12".parse().unwrap();
        assert_eq!(month.label(), "December 2026");
        assert_eq!(month.next().to_string(), "2027-01");
        assert_eq!(month.previous().to_string(), "2026-11");
        assert_eq!(Month::new(2024, 2).unwrap().last_day(), date!(2024 - 02 - 29));
        assert_eq!(Month::new(2026, 13), None);
        assert_eq!(serde_json::to_string(&month).unwrap(), r#""2026-12""#);
        for text in ["2026", "2026-1", "2026-13", "05-2026", ""] {
            assert_eq!(text.parse::<Month>(), Err(Code::MonthInvalid), "{text}");
        }
    }

    #[test]
    fn months_tile_the_calendar() {
        let mut month = Month::new(1970, 1).unwrap();
        while month.year() <= 2100 {
            assert_eq!(month.last_day() + Duration::DAY, month.next().first_day());
            assert_eq!(month.next().previous(), month);
            assert_eq!(month.first_day().day(), 1);
            month = month.next();
        }
    }

    proptest! {
        #[test]
        fn every_date_lies_in_its_month_and_survives_text(day in 2_415_021_i32..2_524_594) {
            let date = Date::from_julian_day(day).unwrap();
            let month = Month::containing(date);

            prop_assert!(month.first_day() <= date && date <= month.last_day());
            prop_assert_eq!(month.to_string().parse::<Month>(), Ok(month));
            prop_assert_eq!(parse_iso(&format_iso(date)), Some(date));
        }
    }
}
