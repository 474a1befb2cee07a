//! An instant as Polar writes it, with all its microseconds: they decide which of two snapshots is newer.

use serde::{Deserialize, Deserializer, de};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::Timestamp;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Micros(pub i64);

impl Micros {
    /// Reads `2026-03-02T09:05:37.625758Z`, with six digits of a fraction, fewer, or none.
    pub fn parse(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(Self::from)
    }
}

/// An instant in the words of a request.
pub fn rfc3339(at: OffsetDateTime) -> String {
    // The format has a word for every year that a clock here can show.
    at.format(&Rfc3339).unwrap_or_default()
}

impl From<OffsetDateTime> for Micros {
    fn from(at: OffsetDateTime) -> Self {
        Self(i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX))
    }
}

impl From<Micros> for Timestamp {
    fn from(at: Micros) -> Self {
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000);
        at.unwrap_or(OffsetDateTime::UNIX_EPOCH).into()
    }
}

impl<'de> Deserialize<'de> for Micros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an instant"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_of_any_length_compare_as_numbers() {
        let parse = |text| Micros::parse(text).unwrap();

        assert!(parse("2026-03-02T09:05:05Z") < parse("2026-03-02T09:05:05.1Z"));
        assert_eq!(parse("2026-03-02T09:05:05.100000Z"), parse("2026-03-02T09:05:05.1Z"));
        assert_eq!(parse("1970-01-01T00:00:01.000002Z"), Micros(1_000_002));
        assert_eq!(Micros::parse("yesterday"), None);
    }
}
