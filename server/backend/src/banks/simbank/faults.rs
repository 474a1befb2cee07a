//! What can be switched on for a login: troubles that real banks have, and lies that none should tell.

use std::fmt;

/// A fault of one login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bank wants its customer to sign in again.
    Login,
    /// The customer took the permission back.
    Revoked,
    /// The bank does not answer.
    Down,
    /// Nothing is ever ready to be read.
    NotReady,
    /// The list changes while it is read: for so many more pages.
    Changing(u8),
    /// One id stands twice, with two amounts.
    Repeated,
    /// The pages never end.
    Endless,
    /// Amounts that no account holds, and text that no database keeps.
    Nonsense,
}

impl Fault {
    /// Reads what its display writes.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word.split_once(':') {
            Some(("changing", left)) => Self::Changing(left.parse().ok()?),
            Some(_) => return None,
            None => match word {
                "login" => Self::Login,
                "revoked" => Self::Revoked,
                "down" => Self::Down,
                "not_ready" => Self::NotReady,
                "repeated" => Self::Repeated,
                "endless" => Self::Endless,
                "nonsense" => Self::Nonsense,
                _ => return None,
            },
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Login => "login",
            Self::Revoked => "revoked",
            Self::Down => "down",
            Self::NotReady => "not_ready",
            Self::Repeated => "repeated",
            Self::Endless => "endless",
            Self::Nonsense => "nonsense",
            Self::Changing(left) => return write!(f, "changing:{left}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_as_it_was_written() {
        let all = [
            Fault::Login,
            Fault::Revoked,
            Fault::Down,
            Fault::NotReady,
            Fault::Changing(3),
            Fault::Repeated,
            Fault::Endless,
            Fault::Nonsense,
        ];
        for fault in all {
            assert_eq!(Fault::parse(&fault.to_string()), Some(fault));
        }
        assert_eq!(Fault::parse("changing:x").or(Fault::parse("quiet")), None);
    }
}
