//! The letters about deposits: what to look for and until when. No amount, no code, no number.

use domain::{
    AccountId, Date,
    day::{format_day, format_weekday},
    states,
    verification::{Failure, LAPSES_AFTER, STATEMENT_TEXT},
};

use crate::{
    Backend,
    mail::{Action, Letter},
};

const WHY: &str = "You get this mail because you added this account at Coffer.";

/// What a letter is about.
pub(super) struct About<'a> {
    pub account: &'a AccountId,
    pub bank: &'a str,
    /// The day the deposits should be there.
    pub expected_on: Option<Date>,
    /// Why a round failed.
    pub failure: Option<Failure>,
}

/// A letter that a step asks for; nothing for those that are not about deposits.
pub(super) fn of(backend: &Backend, letter: states::Letter, about: &About<'_>) -> Option<Letter> {
    let bank = about.bank;
    let (subject, line, label) = match letter {
        states::Letter::DepositsOnTheWay => {
            let day = about.expected_on.map(format_weekday);
            let by = day.map(|day| format!(" by {day}")).unwrap_or_default();
            (
                format!("Deposits to {bank} are on their way"),
                format!(
                    "They are marked {STATEMENT_TEXT} and should arrive{by}. You then have {} days to confirm them.",
                    LAPSES_AFTER.whole_days()
                ),
                "See the account",
            )
        }
        states::Letter::DepositsArrived => (
            format!("Deposits to {bank} should be there"),
            format!("Look for {STATEMENT_TEXT} on your statement and tell us what you find."),
            "Confirm deposits",
        ),
        states::Letter::AccountVerified => (
            format!("Your account at {bank} is verified"),
            "You can use it from now on.".to_owned(),
            "See the account",
        ),
        states::Letter::VerificationFailed => (
            format!("We couldn't verify your account at {bank}"),
            about.failure.unwrap_or(Failure::Returned).sentence().to_owned(),
            "See the account",
        ),
        _ => return None,
    };
    Some(write(backend, about.account, subject, line, label))
}

/// The one that comes before deposits lapse.
pub(super) fn reminder(backend: &Backend, about: &About<'_>, last_day: Date) -> Letter {
    let subject = format!("Confirm the deposits to {}", about.bank);
    let line = format!(
        "They can be confirmed until {}. Look for {STATEMENT_TEXT} on your statement.",
        format_day(last_day)
    );
    write(backend, about.account, subject, line, "Confirm deposits")
}

fn write(
    backend: &Backend,
    account: &AccountId,
    subject: String,
    line: String,
    label: &'static str,
) -> Letter {
    let page = backend.settings.app_url.join(&format!("/accounts/{account}")).ok();
    let action = page.map(|page| Action { label, link: page.into() });
    Letter { subject, lines: vec![line], action, reason: WHY.to_owned() }
}
