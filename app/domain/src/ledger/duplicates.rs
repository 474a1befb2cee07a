//! Two rows that may be one: which of them may stay.

use crate::Code;

/// What is asked about one of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four facts that hold or not, each by itself")]
pub struct Side {
    /// A connected bank reports it. Later words of the bank are about this row.
    pub reported: bool,
    /// It is not booked yet.
    pub pending: bool,
    /// It is split.
    pub split: bool,
    /// It counts no more: the bank took it back, or let it go.
    pub gone: bool,
}

/// Whether `one` may stay and `other` go.
///
/// # Errors
/// The code says why the other one has to stay, or why neither can go yet.
pub const fn may_stay(one: Side, other: Side) -> Result<(), Code> {
    if one.gone {
        return Err(Code::DuplicateGone);
    }
    if other.gone {
        return Ok(());
    }
    if other.split {
        return Err(Code::DuplicateSplit);
    }
    if other.reported && !one.reported {
        return Err(Code::DuplicateBank);
    }
    if other.reported && one.pending && !other.pending {
        return Err(Code::DuplicatePending);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPED: Side = Side { reported: false, pending: false, split: false, gone: false };
    const BANK: Side = Side { reported: true, ..TYPED };
    const PENDING: Side = Side { pending: true, ..BANK };

    #[test]
    fn of_two_that_are_alike_either_may_stay() {
        for side in [TYPED, BANK, PENDING] {
            assert_eq!(may_stay(side, side), Ok(()));
        }
    }

    #[test]
    fn what_a_bank_reports_stays_before_what_none_reports() {
        for bank in [BANK, PENDING] {
            assert_eq!(may_stay(TYPED, bank), Err(Code::DuplicateBank));
            assert_eq!(may_stay(bank, TYPED), Ok(()));
        }
    }

    #[test]
    fn what_is_booked_stays_before_what_is_pending() {
        assert_eq!(may_stay(PENDING, BANK), Err(Code::DuplicatePending));
        assert_eq!(may_stay(BANK, PENDING), Ok(()));
    }

    #[test]
    fn what_is_gone_cannot_stay_and_what_is_split_cannot_go() {
        let gone = Side { gone: true, split: true, ..BANK };
        assert_eq!(may_stay(gone, TYPED), Err(Code::DuplicateGone));
        assert_eq!(may_stay(TYPED, gone), Ok(()));
        assert_eq!(may_stay(BANK, Side { split: true, ..TYPED }), Err(Code::DuplicateSplit));
        assert_eq!(may_stay(Side { split: true, ..TYPED }, TYPED), Ok(()));
    }
}
