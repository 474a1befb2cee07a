//! How far a series is, and what its owner decided about it.

use crate::Code;

words! {
    /// How far a series is.
    pub enum SeriesStatus (Code::OptionUnknown) {
        /// Two rows that may become one.
        Early = "early", "New";
        /// Its rows come when they should.
        Active = "active", "Active";
        /// The next row is late.
        Missed = "missed", "Late";
        /// No row for more than one more period.
        Ended = "ended", "Ended";
    }
}

words! {
    /// What its owner decided.
    pub enum SeriesDecision (Code::OptionUnknown) {
        /// Nothing yet.
        Open = "open", "Open";
        /// It does repeat.
        Confirmed = "confirmed", "Confirmed";
        /// It is of no interest.
        Ignored = "ignored", "Ignored";
        /// It is part of another series.
        Merged = "merged", "Merged";
    }
}
