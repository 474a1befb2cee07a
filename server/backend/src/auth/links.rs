//! The addresses that mails of auth lead to. The origin is the configured one, never that of a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{AuthProfile, Backend};

/// What `encodeURIComponent` of ECMA-262 escapes.
pub const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// One of our pages.
pub(super) fn page(backend: &Backend, path: &str) -> String {
    format!("{}{path}", backend.settings.app_url.origin().ascii_serialization())
}

/// A page that takes a mailed token, and the page to go to afterwards.
pub(super) fn token_page(backend: &Backend, path: &str, token: &str, next: &str) -> String {
    let page = page(backend, path);
    if next.is_empty() || next == "/" {
        format!("{page}?token={token}")
    } else {
        format!("{page}?token={token}&next={}", encoded(next))
    }
}

/// The link that proves an address. In the hardened profile it leads to a page with a button: programs that look
/// through mail open links, and must not change anything by it.
pub(super) fn verify_email(backend: &Backend, token: &str, callback: &str) -> String {
    match backend.settings.auth.profile {
        AuthProfile::Hardened => token_page(backend, "/verify-email", token, callback),
        AuthProfile::BetterAuth => {
            let callback = if callback.is_empty() { "/" } else { callback };
            let callback = encoded(callback);
            page(backend, &format!("/api/auth/verify-email?token={token}&callbackURL={callback}"))
        }
    }
}

/// The link that leads to choosing a new password.
pub(super) fn reset_password(backend: &Backend, token: &str, redirect_to: &str) -> String {
    let callback = encoded(redirect_to);
    page(backend, &format!("/api/auth/reset-password/{token}?callbackURL={callback}"))
}

/// The link that deletes an account.
pub(super) fn delete_account(backend: &Backend, token: &str, callback: &str) -> String {
    match backend.settings.auth.profile {
        AuthProfile::Hardened => token_page(backend, "/delete-account", token, ""),
        AuthProfile::BetterAuth => {
            let callback = encoded(if callback.is_empty() { "/" } else { callback });
            page(
                backend,
                &format!("/api/auth/delete-user/callback?token={token}&callbackURL={callback}"),
            )
        }
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}
