//! How things move from state to state: one table for each kind of thing, in one function.
//!
//! `next(state, event)` gives the new state and what has to follow from it, in order, in the same database transaction;
//! what the table doesn't have is [`Illegal`]. Nothing else changes a state.

use std::fmt;

pub mod account;
pub mod connection;
pub mod doubt;
pub mod import;
pub mod pair;
pub mod series;
pub mod transaction;
pub mod verification;

/// A state and an event that have no transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Illegal<S, E> {
    /// Where it stands.
    pub from: S,
    /// What was to happen.
    pub event: E,
}

impl<S: fmt::Debug, E: fmt::Debug> fmt::Display for Illegal<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} in state {:?} is not allowed", self.event, self.from)
    }
}

impl<S: fmt::Debug, E: fmt::Debug> std::error::Error for Illegal<S, E> {}

/// The new state and what follows from it.
pub type Next<S, E, F> = Result<(S, Vec<F>), Illegal<S, E>>;

/// A mail that a transition sends. No mail holds an amount, a code or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Letter {
    /// Deposits are on their way, with the day they are expected.
    DepositsOnTheWay,
    /// Deposits should be there.
    DepositsArrived,
    /// An account is verified.
    AccountVerified,
    /// A round failed, and why.
    VerificationFailed,
    /// An administrator suspended an account, and why.
    AccountSuspended,
    /// An administrator lifted that.
    AccountRestored,
    /// A bank wants its customer.
    SignInNeeded,
    /// A connection ends soon, with the day.
    ConnectionExpires,
    /// A connection has ended.
    ConnectionEnded,
}

#[cfg(test)]
mod table {
    use std::fmt::Debug;

    use super::{Illegal, Next};

    /// Walks every state with every event: the legal ones do what they should, all others are refused.
    pub fn walk<S, E, F>(
        (states, events): (&[S], &[E]),
        legal: &[(S, E, S, &[F])],
        next: impl Fn(S, E) -> Next<S, E, F>,
    ) where
        S: Copy + Debug + PartialEq,
        E: Copy + Debug + PartialEq,
        F: Copy + Debug + PartialEq,
    {
        let mut met = 0;
        for from in states {
            for event in events {
                let mut found = legal.iter().filter(|(f, e, ..)| (f, e) == (from, event));
                let wanted = match found.next() {
                    Some((.., to, effects)) => Ok((*to, effects.to_vec())),
                    None => Err(Illegal { from: *from, event: *event }),
                };
                assert_eq!(next(*from, *event), wanted, "{from:?} {event:?}");
                assert!(found.next().is_none(), "twice in the table: {from:?} {event:?}");
                met += usize::from(wanted.is_ok());
            }
        }
        assert_eq!(met, legal.len(), "a row of the table was never met");
    }
}

#[cfg(test)]
mod tests {
    use super::Illegal;

    #[test]
    fn what_is_illegal_says_state_and_event() {
        let illegal = Illegal { from: "Reverted", event: "Apply" };
        assert_eq!(illegal.to_string(), r#""Apply" in state "Reverted" is not allowed"#);
    }
}
