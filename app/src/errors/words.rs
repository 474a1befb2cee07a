//! What the error pages say.

/// The words of one error page.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The heading.
    pub title: &'static str,
    /// What happened and what to do.
    pub text: &'static str,
    /// The page's name in tests.
    pub test_id: &'static str,
    /// Whether the failure is ours, so that its reference is of use.
    pub ours: bool,
}

/// The words for a status; any other status is spoken of as a failure on our side.
pub fn words(status: u16) -> Words {
    let (title, text, test_id) = match status {
        401 => ("You're signed out", "Sign in to see this page.", "error-401"),
        403 => (
            "You don't have access to this",
            "This request was refused. If you came here from another site, open Coffer directly and try again.",
            "error-403",
        ),
        404 => (
            "We can't find that page",
            "It may have been moved or deleted, or the address may have a typing error.",
            "error-404",
        ),
        413 => (
            "That file is too large",
            "A file to import can have up to 10 MB. Nothing was imported. Export a shorter period and try again.",
            "error-413",
        ),
        429 => (
            "Too many tries",
            "For safety we've paused this for a short while. Wait a minute, then try again.",
            "error-429",
        ),
        503 => (
            "We're busy right now",
            "Your data is safe. Wait a few seconds, then try again.",
            "error-503",
        ),
        _ => (
            "Something went wrong on our side",
            "Your data is safe. Try again in a moment.",
            "error-500",
        ),
    };
    Words { title, text, test_id, ours: status >= 500 }
}
