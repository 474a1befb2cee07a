//! The life of a connection to a bank: reading, asking its owner, waiting, ended.

use time::Duration;

use super::account::Event as AccountEvent;
use super::{Illegal, Letter, Next};
use crate::{Code, Date, day};

words! {
    /// Where a connection stands.
    pub enum ConnectionState (Code::OptionUnknown) {
        /// Nothing to do.
        Healthy = "healthy", "Connected";
        /// Rows are being read.
        Syncing = "syncing", "Updating";
        /// The bank wants its customer. Nothing is read until then.
        LoginRequired = "login_required", "Sign-in needed";
        /// It ends on a known day, and is read until then.
        Expiring = "expiring", "Ends soon";
        /// The bank doesn't answer; tried again by itself.
        InstitutionDown = "institution_down", "Bank not answering";
        /// Its customer or the bank took the permission back. Nothing is asked any more.
        Revoked = "revoked", "Ended";
        /// Its owner removed it.
        Removed = "removed", "Removed";
    }
}

impl ConnectionState {
    /// True when its owner has to act for it to go on.
    pub const fn asks_person(self) -> bool {
        matches!(self, Self::LoginRequired | Self::Expiring)
    }

    /// True when rows may be read.
    pub const fn may_sync(self) -> bool {
        matches!(self, Self::Healthy | Self::Syncing | Self::Expiring | Self::InstitutionDown)
    }

    /// True when the provider may be asked anything at all about it.
    pub const fn may_call(self) -> bool {
        !matches!(self, Self::Revoked | Self::Removed)
    }

    /// The words on its button; none when there is nothing to do.
    pub const fn action(self) -> Option<&'static str> {
        match self {
            Self::LoginRequired | Self::Expiring => Some("Reconnect"),
            Self::Revoked => Some("Link the bank again"),
            Self::Healthy | Self::Syncing | Self::InstitutionDown | Self::Removed => None,
        }
    }

    /// What its owner reads. `expires_on` is the day an expiring one ends, where the bank said so.
    pub fn sentence(self, bank: &str, expires_on: Option<Date>) -> String {
        match self {
            Self::Healthy => format!("{bank} is connected."),
            Self::Syncing => format!("Reading what is new at {bank}."),
            Self::LoginRequired => format!("{bank} needs you to sign in again."),
            Self::Expiring => match expires_on {
                Some(on) => {
                    let on = day::format_day(on);
                    format!("Your permission at {bank} ends on {on}. Reconnect before then.")
                }
                None => format!("Your permission at {bank} ends soon. Reconnect to keep it."),
            },
            Self::InstitutionDown => {
                format!("{bank} isn't answering. We'll keep trying; nothing is lost.")
            }
            Self::Revoked => "This connection has ended. Link the bank again.".to_owned(),
            Self::Removed => format!("You removed the connection to {bank}."),
        }
    }
}

/// How long to wait after so many failures in a row: 5 and 15 minutes, 1 and 6 hours, then 12 hours each time.
pub const fn retry_after(failures: u32) -> Duration {
    match failures {
        0 | 1 => Duration::minutes(5),
        2 => Duration::minutes(15),
        3 => Duration::hours(1),
        4 => Duration::hours(6),
        _ => Duration::hours(12),
    }
}

/// What can happen to a connection. Those that a provider reports may come twice, late and out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Reading begins; also again, after a reader that never came to its end.
    SyncStarted,
    /// Everything new has been read.
    SyncFinished,
    /// Reading ended early, and neither the bank nor its customer is the cause: not ready, too many requests, our fault.
    SyncPostponed,
    /// The bank doesn't answer.
    InstitutionDown,
    /// The bank wants its customer: to sign in, or to share what is needed.
    LoginRequired,
    /// Its customer was there.
    LoginRepaired,
    /// It ends on that day, where the provider said so.
    Expiring(Option<Date>),
    /// The permission was taken back, or the provider knows it no more.
    Revoked,
    /// Its owner removes it.
    Removed,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Tell its owner by mail.
    Mail(Letter),
    /// Write it to the log of activity.
    Audit,
    /// Read what is new, now.
    Sync,
    /// Read again after [`retry_after`].
    Retry,
    /// Begin to count failures anew.
    ForgetFailures,
    /// Keep the day it ends; none to forget it.
    KeepExpiry(Option<Date>),
    /// End it at the provider, while the token is still there.
    EndAtProvider,
    /// Erase the provider's token and cursor.
    EraseToken,
    /// Delete what the agreement with the provider says; what its owner typed stays.
    DeleteProviderData,
    /// This happens to each of its accounts that is active.
    Accounts(AccountEvent),
}

/// The state after an event. What a provider repeats changes nothing and has no effects.
pub fn next(from: ConnectionState, event: Event) -> Next<ConnectionState, Event, Effect> {
    use ConnectionState::{
        Expiring, Healthy, InstitutionDown, LoginRequired, Removed, Revoked, Syncing,
    };
    let (to, effects) = match (from, event) {
        (Healthy | Syncing | InstitutionDown, Event::SyncStarted) => (Syncing, vec![]),
        // Its state may have changed under a reader that is still running.
        (Healthy | Syncing | InstitutionDown, Event::SyncFinished) => {
            (Healthy, vec![Effect::ForgetFailures])
        }
        (Healthy | Syncing | InstitutionDown, Event::SyncPostponed) => {
            (Healthy, vec![Effect::Retry])
        }
        // It goes on being read and goes on asking its owner.
        (Expiring, Event::SyncStarted) => (Expiring, vec![]),
        (Expiring, Event::SyncFinished) => (Expiring, vec![Effect::ForgetFailures]),
        (Expiring, Event::SyncPostponed | Event::InstitutionDown) => {
            (Expiring, vec![Effect::Retry])
        }
        (Healthy | Syncing | InstitutionDown, Event::InstitutionDown) => {
            (InstitutionDown, vec![Effect::Retry])
        }
        (Healthy | Syncing | InstitutionDown | Expiring, Event::LoginRequired) => {
            (LoginRequired, vec![Effect::Mail(Letter::SignInNeeded)])
        }
        // The owner is asked once, and what else is found out meanwhile makes no difference.
        (
            LoginRequired,
            Event::LoginRequired
            | Event::SyncFinished
            | Event::SyncPostponed
            | Event::InstitutionDown
            | Event::Expiring(_),
        ) => (LoginRequired, vec![]),
        (LoginRequired | Expiring, Event::LoginRepaired) => {
            (Healthy, vec![Effect::ForgetFailures, Effect::KeepExpiry(None), Effect::Sync])
        }
        (Healthy | Syncing | InstitutionDown, Event::LoginRepaired) => (from, vec![]),
        (Healthy | Syncing | InstitutionDown, Event::Expiring(on)) => {
            (Expiring, vec![Effect::KeepExpiry(on), Effect::Mail(Letter::ConnectionExpires)])
        }
        (Expiring, Event::Expiring(on)) => (Expiring, vec![Effect::KeepExpiry(on)]),
        (Healthy | Syncing | LoginRequired | Expiring | InstitutionDown, Event::Revoked) => (
            Revoked,
            vec![
                Effect::EraseToken,
                Effect::DeleteProviderData,
                Effect::Accounts(AccountEvent::Revoked),
                Effect::Mail(Letter::ConnectionEnded),
                Effect::Audit,
            ],
        ),
        (Revoked, Event::Revoked) => (Revoked, vec![]),
        (Healthy | Syncing | LoginRequired | Expiring | InstitutionDown, Event::Removed) => {
            (Removed, vec![Effect::EndAtProvider, Effect::EraseToken, Effect::Audit])
        }
        (Revoked, Event::Removed) => (Removed, vec![Effect::Audit]),
        (from, event) => return Err(Illegal { from, event }),
    };
    Ok((to, effects))
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
