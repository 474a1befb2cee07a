//! How far a reader has come: a day of the bank's clock and a number of added rows, and within a run a place in it.

use std::{fmt, str::FromStr};

use domain::{Date, day};

/// Everything up to the end of a day of the bank's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub day: Date,
    /// How many rows had been added by hand.
    pub extras: usize,
}

/// A cursor: `2026-05-04.0` after a whole run, `-/2026-05-04.0@500` and `2026-05-01.0/2026-05-04.0@500` within one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cursor {
    /// The run is over; the next begins here.
    Whole(Mark),
    /// So many changes of the run have been read.
    Within { from: Option<Mark>, to: Mark, offset: usize },
}

/// A cursor that this bank did not make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Foreign;

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", day::format_iso(self.day), self.extras)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(mark) => write!(f, "{mark}"),
            Self::Within { from: None, to, offset } => write!(f, "-/{to}@{offset}"),
            Self::Within { from: Some(from), to, offset } => write!(f, "{from}/{to}@{offset}"),
        }
    }
}

impl FromStr for Mark {
    type Err = Foreign;

    fn from_str(text: &str) -> Result<Self, Foreign> {
        let (day, extras) = text.split_once('.').ok_or(Foreign)?;
        let day = day::parse_iso(day).ok_or(Foreign)?;
        Ok(Self { day, extras: extras.parse().map_err(|_| Foreign)? })
    }
}

impl FromStr for Cursor {
    type Err = Foreign;

    fn from_str(text: &str) -> Result<Self, Foreign> {
        let Some((from, rest)) = text.split_once('/') else { return text.parse().map(Self::Whole) };
        let (to, offset) = rest.split_once('@').ok_or(Foreign)?;
        let from = if from == "-" { None } else { Some(from.parse()?) };
        let offset = offset.parse().map_err(|_| Foreign)?;
        Ok(Self::Within { from, to: to.parse()?, offset })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        for text in ["2026-05-04.0", "-/2026-05-04.0@500", "2026-05-01.2/2026-05-04.3@0"] {
            assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
        }
        for text in ["", "2026-05-04", "x/2026-05-04.0@1", "-/2026-05-04.0", "-/2026-13-04.0@1"] {
            assert_eq!(text.parse::<Cursor>(), Err(Foreign), "{text}");
        }
    }
}
