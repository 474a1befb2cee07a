//! Time zones by the names of the IANA database, which is built in: which day it is where somebody lives.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;

use crate::{Code, Date};

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone by its name, such as `America/New_York`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Zone(String);

impl Zone {
    /// The zones a list offers, from west to east by the hour in January. Any other can be typed.
    #[rustfmt::skip]
    pub const COMMON: &'static [&'static str] = &[
        "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Phoenix", "America/Denver",
        "America/Mexico_City", "America/Chicago", "America/Bogota", "America/Lima", "America/New_York",
        "America/Puerto_Rico", "America/Halifax", "America/St_Johns", "America/Santiago", "America/Sao_Paulo",
        "America/Argentina/Buenos_Aires", "Atlantic/Azores", "UTC", "Atlantic/Reykjavik", "Europe/London",
        "Europe/Dublin", "Europe/Lisbon", "Africa/Lagos", "Europe/Madrid", "Europe/Paris", "Europe/Amsterdam",
        "Europe/Zurich", "Europe/Rome", "Europe/Berlin", "Europe/Vienna", "Europe/Stockholm", "Europe/Warsaw",
        "Africa/Johannesburg", "Africa/Cairo", "Europe/Athens", "Europe/Helsinki", "Europe/Kyiv", "Asia/Jerusalem",
        "Africa/Nairobi", "Europe/Istanbul", "Asia/Riyadh", "Europe/Moscow", "Asia/Tehran", "Asia/Dubai",
        "Asia/Kabul", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok",
        "Asia/Jakarta", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Manila", "Australia/Perth",
        "Asia/Tokyo", "Asia/Seoul", "Australia/Brisbane", "Australia/Adelaide", "Australia/Sydney",
        "Pacific/Noumea", "Pacific/Auckland", "Pacific/Tongatapu", "Pacific/Chatham",
    ];

    /// Greenwich all year: the zone of whoever chose none.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// Finds a zone by its name in any case; the name kept is the database's own.
    pub fn parse(text: &str) -> Result<Self, Code> {
        let zone = find(text.trim()).ok_or(Code::OptionUnknown)?;
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or(Code::OptionUnknown)
    }

    /// Every zone of the database, by name.
    pub fn all() -> Vec<Self> {
        let mut names: Vec<String> = ZONES
            .available()
            .map(|name| name.to_string())
            .filter(|name| find(name).is_some())
            .collect();
        names.sort_unstable();
        names.into_iter().map(Self).collect()
    }

    /// The name: `America/New_York`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day it is there at an instant.
    pub fn today(&self, now: OffsetDateTime) -> Date {
        self.day_at(now).unwrap_or_else(|| now.to_offset(time::UtcOffset::UTC).date())
    }

    fn day_at(&self, now: OffsetDateTime) -> Option<Date> {
        let now = Timestamp::from_second(now.unix_timestamp()).ok()?;
        let there = find(&self.0)?.to_datetime(now).date();
        let month = u8::try_from(there.month()).ok().and_then(|month| month.try_into().ok())?;
        Date::from_calendar_date(i32::from(there.year()), month, u8::try_from(there.day()).ok()?)
            .ok()
    }
}

/// A zone of the database; the one for "unknown" is none.
fn find(name: &str) -> Option<TimeZone> {
    ZONES.get(name).ok().filter(|zone| !zone.is_unknown() && zone.iana_name() != Some("Factory"))
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Zone {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        Self::parse(text)
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

text_column!(Zone);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::Duration;
    use time::macros::{date, datetime};

    use super::*;
    use crate::budget::{Grid, Period, Window};

    #[test]
    fn today_is_the_day_where_somebody_lives_and_so_is_its_window() {
        let now = datetime!(2026-02-01 05:00 UTC);
        let months = Grid::new(Period::Monthly, 1).unwrap();
        let january = Window { from: date!(2026 - 01 - 01), to: date!(2026 - 01 - 31) };
        let february = Window { from: date!(2026 - 02 - 01), to: date!(2026 - 02 - 28) };
        for (name, zone, today, window) in [
            ("B12", "America/Los_Angeles", date!(2026 - 01 - 31), january),
            ("B13", "Pacific/Auckland", date!(2026 - 02 - 01), february),
        ] {
            let zone = Zone::parse(zone).unwrap();
            assert_eq!(zone.today(now), today, "{name}");
            assert_eq!(months.window(zone.today(now)), window, "{name}");
        }
    }

    #[test]
    fn a_day_begins_an_hour_earlier_in_summer() {
        let paris = Zone::parse("Europe/Paris").unwrap();
        assert_eq!(paris.today(datetime!(2026-01-15 22:30 UTC)), date!(2026 - 01 - 15));
        assert_eq!(paris.today(datetime!(2026-07-15 22:30 UTC)), date!(2026 - 07 - 16));
        assert_eq!(paris.today(datetime!(2026-07-15 23:30 +02:00)), date!(2026 - 07 - 15));
    }

    #[test]
    fn a_zone_is_known_by_its_own_name_whatever_was_typed() {
        assert_eq!(Zone::parse(" europe/PARIS ").unwrap().as_str(), "Europe/Paris");
        assert_eq!(Zone::parse("utc"), Ok(Zone::utc()));
        assert_eq!(serde_json::to_string(&Zone::utc()).unwrap(), r#""UTC""#);
        assert_eq!(serde_json::from_str::<Zone>(r#""asia/tokyo""#).unwrap().as_str(), "Asia/Tokyo");
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for text in
            ["", "Mars/Base", "Etc/Unknown", "Factory", "+02:00", "EST5EDT4", "../etc/passwd"]
        {
            assert_eq!(Zone::parse(text), Err(Code::OptionUnknown), "{text}");
        }
    }

    #[test]
    fn every_zone_of_the_list_is_one_and_goes_west_to_east() {
        let now = datetime!(2026-01-15 00:00 UTC);
        let offsets: Vec<i32> = Zone::COMMON
            .iter()
            .map(|name| {
                assert_eq!(Zone::parse(name).map(|zone| zone.to_string()).as_deref(), Ok(*name));
                let now = Timestamp::from_second(now.unix_timestamp()).unwrap();
                find(name).unwrap().to_offset(now).seconds()
            })
            .collect();
        assert!(offsets.is_sorted(), "{:?}", Zone::COMMON.iter().zip(offsets).collect::<Vec<_>>());
    }

    #[test]
    fn all_zones_are_read_back_and_hold_the_common_ones() {
        let all = Zone::all();
        assert!(all.len() > 400, "{}", all.len());
        assert!(all.iter().all(|zone| Zone::parse(zone.as_str()).as_ref() == Ok(zone)));
        assert!(Zone::COMMON.iter().all(|name| all.iter().any(|zone| zone.as_str() == *name)));
    }

    proptest! {
        #[test]
        fn today_is_never_more_than_a_day_from_greenwich(
            seconds in 0_i64..4_102_444_800,
            name in prop::sample::select(Zone::COMMON),
        ) {
            let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let today = Zone::parse(name).unwrap().today(now);

            prop_assert!((today - now.date()).abs() <= Duration::DAY);
            prop_assert!(Zone::parse(name).unwrap().today(now + Duration::DAY) > today);
        }
    }
}
