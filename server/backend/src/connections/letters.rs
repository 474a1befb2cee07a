//! The letters about connections: what its owner is to do, and nothing that a bank holds.

use domain::{Date, day::format_day, states};

use crate::{
    Backend,
    mail::{Action, Letter},
};

const WHY: &str = "You get this mail because you linked this bank at Coffer.";
/// Where connections are repaired.
const PAGE: &str = "/settings/connections";

/// A letter, and the word that remembers it; nothing for those that connections do not send.
pub(super) fn of(
    backend: &Backend,
    letter: states::Letter,
    bank: &str,
    expires_on: Option<Date>,
) -> Option<(&'static str, Letter)> {
    Some(match letter {
        states::Letter::SignInNeeded => {
            let line = format!(
                "{bank} needs you to sign in again. Until then, nothing new arrives from there."
            );
            ("login_required", write(backend, format!("{bank} needs you"), line, "Reconnect"))
        }
        states::Letter::ConnectionExpires => {
            let line = match expires_on {
                Some(on) => format!(
                    "Your permission at {bank} ends on {}. Reconnect before then.",
                    format_day(on)
                ),
                None => format!("Your permission at {bank} ends soon. Reconnect to keep it."),
            };
            (
                "expiring",
                write(backend, format!("Your permission at {bank} ends soon"), line, "Reconnect"),
            )
        }
        states::Letter::ConnectionEnded => {
            let line = format!(
                "The connection to {bank} has ended, so nothing new arrives from there. What is here stays."
            );
            (
                "revoked",
                write(
                    backend,
                    format!("The connection to {bank} has ended"),
                    line,
                    "Link the bank again",
                ),
            )
        }
        _ => return None,
    })
}

fn write(backend: &Backend, subject: String, line: String, label: &'static str) -> Letter {
    let page = backend.settings.app_url.join(PAGE).ok();
    let action = page.map(|page| Action { label, link: page.into() });
    Letter { subject, lines: vec![line], action, reason: WHY.to_owned() }
}
