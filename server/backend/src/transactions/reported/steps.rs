//! The status of a stored row: each change of it is a step of the one table of states.

use domain::{
    TransactionStatus,
    states::transaction::{Event, FailReason, next},
};

use super::load::Stored;

/// Whether a stored row may have this status from now on. What is no step is left as it is, and told to us.
pub(super) fn may_become(stored: &Stored, to: TransactionStatus, source: &str) -> bool {
    let is_reported = stored.provider_id.is_some() && stored.source == source;
    may(stored.status, to, is_reported)
}

/// `is_reported` for a row that this provider brought.
fn may(from: TransactionStatus, to: TransactionStatus, is_reported: bool) -> bool {
    if from == to {
        return true;
    }
    let is_step = event(from, to, is_reported)
        .and_then(|event| next(from, event).ok())
        .is_some_and(|(after, _)| after == to);
    if !is_step {
        tracing::warn!(
            from = from.as_str(),
            to = to.as_str(),
            "a status that a row cannot have now is left out"
        );
    }
    is_step
}

/// What must have happened to a row for this change.
fn event(from: TransactionStatus, to: TransactionStatus, is_reported: bool) -> Option<Event> {
    use TransactionStatus::{Completed, Failed, Pending};
    match (from, to) {
        (Failed, Completed) if is_reported => Some(Event::Traced),
        (_, Completed) => Some(Event::Posted),
        (_, Pending) if !is_reported => Some(Event::Claimed),
        // Of rows that are gone the bank says no more; one that it booked is deleted, and does not fail.
        (_, Failed) => Some(Event::Failed(FailReason::Released)),
        (_, Pending) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_a_status_is_one_of_the_table() {
        use TransactionStatus::{Completed, Failed, Pending};
        let legal = [
            (Pending, Completed, true),
            (Pending, Completed, false),
            (Pending, Failed, true),
            (Pending, Failed, false),
            (Failed, Completed, true),
            (Completed, Pending, false),
        ];
        for from in TransactionStatus::ALL {
            for to in TransactionStatus::ALL {
                for is_reported in [true, false] {
                    let asked = (*from, *to, is_reported);
                    let expected = from == to || legal.contains(&asked);
                    assert_eq!(may(*from, *to, is_reported), expected, "{asked:?}");
                }
            }
        }
    }
}
