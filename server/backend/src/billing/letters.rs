//! The letters about plans and payments.

use domain::{Currency, Money, day::format_day};
use time::OffsetDateTime;

use super::instant::Micros;
use crate::{
    Backend, Timestamp,
    mail::{Action, Letter},
};

const WHY: &str = "You get this mail because of your plan at Coffer.";

/// What a receipt names.
pub struct Paid {
    pub name: String,
    /// Minor units, tax included.
    pub total: i64,
    pub tax: i64,
    pub currency: String,
    pub invoice: Option<String>,
}

fn letter(backend: &Backend, subject: &str, lines: Vec<String>, label: &'static str) -> Letter {
    let link = backend.settings.app_url.join("/billing");
    let action = link.ok().map(|link| Action { label, link: link.into() });
    Letter { subject: subject.to_owned(), lines, action, reason: WHY.to_owned() }
}

fn day(at: Micros) -> String {
    format_day(OffsetDateTime::from(Timestamp::from(at)).date())
}

fn money(minor: i64, currency: &str) -> String {
    match currency.parse::<Currency>() {
        Ok(currency) => Money::new(minor, currency).format(),
        Err(_) => format!("{minor} {}", currency.to_uppercase()),
    }
}

pub fn welcome(backend: &Backend, name: &str, trial_end: Option<Micros>) -> Letter {
    let line = match trial_end {
        Some(end) => format!(
            "Your trial of {name} runs until {}. Cancel before, and nothing is paid.",
            day(end)
        ),
        None => format!("{name} is yours now. Thank you."),
    };
    letter(backend, &format!("Welcome to {name}"), vec![line], "See your plan")
}

pub fn canceled(backend: &Backend, name: &str, end: Option<Micros>) -> Letter {
    let line = match end {
        Some(end) => format!(
            "{name} ends on {}. Until then nothing changes, and you can change your mind.",
            day(end)
        ),
        None => format!("{name} ends with the period you paid."),
    };
    let data = "Your data stays: nothing is deleted.".to_owned();
    letter(backend, &format!("You canceled {name}"), vec![line, data], "Change your mind")
}

pub fn past_due(backend: &Backend, name: &str, since: Option<Micros>) -> Letter {
    let grace = backend.settings.billing.as_ref().map(|billing| billing.grace);
    let until = since.zip(grace).map(|(since, grace)| {
        format_day((OffsetDateTime::from(Timestamp::from(since)) + grace).date())
    });
    let line = match until {
        Some(day) => {
            format!("Your card was not charged for {name}. Update it by {day} to keep {name}.")
        }
        None => format!("Your card was not charged for {name}. Update it to keep {name}."),
    };
    letter(backend, "Your payment failed", vec![line], "Update your card")
}

pub fn ended(backend: &Backend, name: &str) -> Letter {
    let line = format!("{name} is over, and you're on the Free plan now.");
    let data = "Your data is all here, and you can come back at any time.".to_owned();
    letter(backend, &format!("{name} has ended"), vec![line, data], "See your plan")
}

pub fn receipt(backend: &Backend, paid: &Paid) -> Letter {
    let total = money(paid.total, &paid.currency);
    let mut lines = vec![format!("You paid {total} for {}.", paid.name)];
    if paid.tax > 0 {
        lines.push(format!("That includes {} of tax.", money(paid.tax, &paid.currency)));
    }
    if let Some(number) = &paid.invoice {
        lines.push(format!("Invoice {number}."));
    }
    letter(backend, &format!("Receipt: {total}"), lines, "See your invoices")
}

pub fn refunded(backend: &Backend, total: i64, currency: &str) -> Letter {
    let total = money(total, currency);
    let line = format!("{total} is on its way back to your card. Banks take up to ten days.");
    letter(backend, &format!("Refund: {total}"), vec![line], "See your invoices")
}
