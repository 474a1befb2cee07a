//! What a person learns when Polar, or our own rules, did not do what was asked.

use backend::billing::BillingFailure;

use crate::{
    AppError,
    server::{backend, reference},
};

const NOT_STARTED: &str = "Checkout didn't start. You haven't been charged.";
const UNCHANGED: &str = "Nothing was changed.";

/// A checkout that did not begin.
pub fn not_started(failure: BillingFailure) -> AppError {
    note(&failure);
    if failure.status() >= 500 {
        return AppError::message(failure.status(), NOT_STARTED);
    }
    AppError::message(failure.status(), joined(NOT_STARTED, &failure.sentence()))
}

/// An act that did not happen.
pub fn unchanged(failure: BillingFailure) -> AppError {
    note(&failure);
    let backend = backend();
    let sentence = failure.sentence_with(backend.settings.support_email.as_deref());
    match failure.status() {
        404 => AppError::NotFound,
        status => AppError::message(status, joined(&sentence, UNCHANGED)),
    }
}

/// Two sentences, or the one that has the other in it already.
fn joined(first: &str, second: &str) -> String {
    if first.contains(second) {
        return first.to_owned();
    }
    if second.contains(first) {
        return second.to_owned();
    }
    format!("{first} {second}")
}

/// A refusal is no error; that somebody could not pay is worth a look.
fn note(failure: &BillingFailure) {
    if failure.status() >= 500 {
        let (reference, code) = (reference(), failure.code());
        tracing::warn!(reference, code, "an act of billing did not happen");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_said_once() {
        assert_eq!(joined("It failed.", UNCHANGED), "It failed. Nothing was changed.");
        assert_eq!(
            joined("It failed. Nothing was changed.", UNCHANGED),
            "It failed. Nothing was changed."
        );
        assert_eq!(joined(NOT_STARTED, NOT_STARTED), NOT_STARTED);
    }
}
