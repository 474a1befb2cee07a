//! The mails about a second factor.

use crate::{
    Backend,
    mail::{Action, Letter},
};

/// The page that shows what was changed.
const SECURITY: &str = "/settings/security";

/// A code to sign in with.
pub(super) fn code(code: &str) -> Letter {
    Letter {
        lines: vec![
            format!("Your code is {code}."),
            "It works once, for 3 minutes. We never ask for it by phone or mail.".to_owned(),
        ],
        ..Letter::note(
            "Your sign-in code",
            "",
            "You get this mail because somebody is signing in to Coffer with your password. If that wasn't you, \
             change your password now.",
        )
    }
}

/// The second factor was switched on.
pub(super) fn switched_on(backend: &Backend) -> Letter {
    changed(
        backend,
        "Two-factor sign-in is on",
        "From now on, signing in to Coffer takes your password and a second step.",
    )
}

/// The second factor was switched off.
pub(super) fn switched_off(backend: &Backend) -> Letter {
    changed(
        backend,
        "Two-factor sign-in is off",
        "Signing in to Coffer takes your password alone from now on. Your recovery codes and trusted devices \
         no longer count.",
    )
}

/// New backup codes were made.
pub(super) fn new_codes(backend: &Backend) -> Letter {
    changed(
        backend,
        "New recovery codes",
        "New recovery codes were made for your account. The old ones no longer work.",
    )
}

/// A passkey was added.
pub(in crate::auth) fn passkey_added(backend: &Backend) -> Letter {
    changed(
        backend,
        "A passkey was added",
        "A passkey was added to your account. It can be used to sign in.",
    )
}

/// A passkey was removed.
pub(in crate::auth) fn passkey_removed(backend: &Backend) -> Letter {
    changed(
        backend,
        "A passkey was removed",
        "A passkey was removed from your account. It can't be used to sign in any more.",
    )
}

fn changed(backend: &Backend, subject: &str, line: &str) -> Letter {
    let site = backend.settings.app_url.as_str().trim_end_matches('/');
    Letter {
        action: Some(Action {
            label: "Look at your security settings",
            link: format!("{site}{SECURITY}"),
        }),
        ..Letter::note(
            subject,
            line,
            "You get this mail because the security of your Coffer account was changed. If that wasn't you, \
             reset your password and sign out everywhere.",
        )
    }
}
