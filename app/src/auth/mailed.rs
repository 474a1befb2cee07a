//! The address that this browser last had a mail sent to, for the pages that wait for somebody to open it. It travels
//! in a signed cookie, so that it stands in no address and no log.

use std::sync::Arc;

use http::{HeaderValue, header::SET_COOKIE};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{AppError, server::now};

/// The name of the cookie. `server` signs and checks it.
pub const COOKIE: &str = "coffer.mailed";

/// Nobody is sent the same mail more often, in seconds.
const PAUSE: i64 = 60;

/// The mails that can be asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Letter {
    /// The link that sets a new password.
    Reset,
    /// The link that proves an address.
    Verification,
}

/// A mail that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// Which one.
    pub letter: Letter,
    /// When.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
}

/// An address, and the last mail that went there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mailed {
    /// The address as it was typed. Whether anybody has an account with it is not said.
    pub email: String,
    /// The last mail; none where the address is only to be filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
}

/// Makes the signed cookie. `server` provides it, because the key lives there.
#[derive(Clone)]
pub struct MailedCookie(Arc<dyn Fn(&Mailed) -> HeaderValue + Send + Sync>);

impl MailedCookie {
    /// Wraps the function that signs.
    pub fn new(sign: impl Fn(&Mailed) -> HeaderValue + Send + Sync + 'static) -> Self {
        Self(Arc::new(sign))
    }
}

impl Mailed {
    /// A mail goes to this address now.
    pub fn now(email: impl Into<String>, letter: Letter) -> Self {
        Self { email: email.into(), sent: Some(Sent { letter, at: now() }) }
    }

    /// An address without a mail.
    pub fn address(email: impl Into<String>) -> Self {
        Self { email: email.into(), sent: None }
    }

    /// Keeps it for the next pages of this browser.
    pub fn keep(&self) {
        if let (Some(cookie), Some(response)) =
            (use_context::<MailedCookie>(), use_context::<ResponseOptions>())
        {
            response.append_header(SET_COOKIE, (cookie.0)(self));
        }
    }

    /// Seconds until the same mail can be asked for again.
    pub fn pause(&self, letter: Letter, now: OffsetDateTime) -> u32 {
        let last = self.sent.as_ref().filter(|sent| sent.letter == letter);
        let since = last.map_or(PAUSE, |sent| (now - sent.at).whole_seconds());
        u32::try_from((PAUSE - since).clamp(0, PAUSE)).unwrap_or_default()
    }
}

/// The address that arrived with this request, if any.
pub fn use_mailed() -> Option<Mailed> {
    use_context::<Option<Mailed>>().flatten()
}

/// Refuses the same mail to `email` within a minute of the last one. The limits behind it do not rely on this: it
/// only answers somebody who presses twice.
pub(super) fn check_pause(email: &str, letter: Letter) -> Result<(), AppError> {
    let left = use_mailed()
        .filter(|mailed| mailed.email.eq_ignore_ascii_case(email))
        .map_or(0, |mailed| mailed.pause(letter, now()));
    if left == 0 {
        return Ok(());
    }
    Err(AppError::message(429, format!("A link is on its way. {}", crate::islands::again_in(left))))
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

    fn reset_at_noon() -> Mailed {
        let sent = Some(Sent { letter: Letter::Reset, at: NOON });
        Mailed { email: "ada@example.com".into(), sent }
    }

    #[test]
    fn another_mail_can_be_asked_for_after_a_minute() {
        let mailed = reset_at_noon();

        assert_eq!(mailed.pause(Letter::Reset, NOON), 60);
        assert_eq!(mailed.pause(Letter::Reset, NOON + Duration::seconds(18)), 42);
        assert_eq!(mailed.pause(Letter::Reset, NOON + Duration::minutes(1)), 0);
        assert_eq!(mailed.pause(Letter::Reset, NOON + Duration::hours(2)), 0);
    }

    #[test]
    fn a_clock_that_was_put_back_makes_nobody_wait_longer() {
        let mailed = reset_at_noon();

        assert_eq!(mailed.pause(Letter::Reset, NOON - Duration::hours(1)), 60);
    }

    #[test]
    fn each_mail_has_a_pause_of_its_own() {
        assert_eq!(reset_at_noon().pause(Letter::Verification, NOON), 0);
        assert_eq!(Mailed::address("ada@example.com").pause(Letter::Reset, NOON), 0);
    }
}
