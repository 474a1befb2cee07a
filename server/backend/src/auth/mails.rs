//! The letters of signing up, in and out of trouble.

use time::{Duration, OffsetDateTime};

use crate::mail::{Action, Letter};

const NOT_ME: &str = "If that wasn't you, you can ignore this mail: nothing changes.";
const NOT_ME_ACT: &str =
    "If that wasn't you, reset your password now and sign out the devices you don't know.";

fn with_action(letter: Letter, label: &'static str, link: String) -> Letter {
    Letter { action: Some(Action { label, link }), ..letter }
}

/// After sign-up, and whenever the link is asked for again.
pub(super) fn verify(link: String) -> Letter {
    let letter = Letter::note(
        "Confirm your address",
        "Somebody created a Coffer account with this address. Confirm that the address is yours.",
        NOT_ME,
    );
    with_action(letter, "Confirm your address", link)
}

/// Somebody signed up with the address of an account that exists.
pub(super) fn already_here(sign_in: String) -> Letter {
    let letter = Letter::note(
        "You already have an account",
        "Somebody tried to create a Coffer account with your address. You have one: sign in, or reset your password if you've forgotten it.",
        NOT_ME,
    );
    with_action(letter, "Sign in", sign_in)
}

/// A forgotten password.
pub(super) fn reset(link: String) -> Letter {
    let letter = Letter::note(
        "Reset your password",
        "Choose a new password with this link. It works once, for 60 minutes.",
        NOT_ME,
    );
    with_action(letter, "Choose a new password", link)
}

/// To the old address: may it be replaced?
pub(super) fn confirm_change(new_email: &str, link: String) -> Letter {
    let letter = Letter::note(
        "Confirm your new address",
        format!(
            "You asked to change the address of your Coffer account to {new_email}. Confirm it, then open the link we send there."
        ),
        NOT_ME_ACT,
    );
    with_action(letter, "Confirm the change", link)
}

/// To the new address: is it theirs?
pub(super) fn verify_new(link: String) -> Letter {
    let letter = Letter::note(
        "Confirm your new address",
        "Somebody wants to use this address for their Coffer account. Confirm that it's yours.",
        NOT_ME,
    );
    with_action(letter, "Confirm your address", link)
}

/// To the old address, afterwards.
pub(super) fn changed_from(undo: Option<String>) -> Letter {
    let letter = Letter::note(
        "Your address was changed",
        "Your Coffer account now has another address. Mail no longer comes here.",
        "If that wasn't you, take the change back with the button, then reset your password.",
    );
    match undo {
        Some(link) => with_action(letter, "Take the change back", link),
        None => Letter { reason: NOT_ME_ACT.to_owned(), ..letter },
    }
}

/// To the new address, afterwards.
pub(super) fn changed_to() -> Letter {
    Letter::note(
        "Your address was changed",
        "From now on you sign in to Coffer with this address.",
        NOT_ME_ACT,
    )
}

/// A password was changed, set or reset.
pub(super) fn password_changed(at: OffsetDateTime) -> Letter {
    Letter::note(
        "Your password was changed",
        format!("The password of your Coffer account was changed on {}.", when(at)),
        NOT_ME_ACT,
    )
}

/// Somebody came in with a browser that was never seen before. `device` is like "Chrome on Windows".
pub(super) fn new_device(device: &str, address: &str, at: OffsetDateTime, link: String) -> Letter {
    let place = if address.is_empty() { String::new() } else { format!(", from {address}") };
    let letter = Letter::note(
        "New sign-in to your account",
        format!("Somebody signed in to your Coffer account on {}: {device}{place}.", when(at)),
        NOT_ME_ACT,
    );
    with_action(letter, "Look at your devices", link)
}

/// Asks whether an account is really to be deleted.
pub(super) fn confirm_deletion(link: String, life: Duration) -> Letter {
    let letter = Letter::note(
        "Delete your account",
        format!(
            "Deleting your Coffer account removes your accounts, transactions and budgets for good. The link works once, for {}, in the browser you are signed in with.",
            domain::wait::life_in_words(life),
        ),
        NOT_ME_ACT,
    );
    with_action(letter, "Delete my account", link)
}

/// The last mail.
pub(super) fn deleted() -> Letter {
    Letter::note(
        "Your account was deleted",
        "Your Coffer account and everything in it are gone.",
        "If that wasn't you, answer this mail.",
    )
}

/// "10 June 2026, 12:00 UTC".
pub(super) fn when(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    format!("{}, {:02}:{:02} UTC", domain::day::format_day(at.date()), at.hour(), at.minute())
}
