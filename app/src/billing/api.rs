//! The server functions of billing. Each form leads to Polar or back to a page of ours; none says that something was
//! paid before our own tables do.

use std::net::IpAddr;

use backend::{
    Backend, SignedIn,
    auth::Client,
    billing::{self, When, Wish},
};
use domain::{
    Code, FieldError,
    billing::{CheckoutProgress, Entitlement, State},
    day::format_day,
    plan::offer,
    text::clean_note,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use url::Url;

use super::{
    refuse::{not_started, unchanged},
    words::REASONS,
};
use crate::{
    AppError, flash,
    flash::Flash,
    preferences::Theme,
    routes,
    server::{reject, signed_in},
};

/// The most characters of what somebody says when they leave.
pub const COMMENT_MAX: u16 = 500;

/// `POST /pricing`: begins a checkout and leads to it.
#[server(prefix = "", endpoint = "pricing")]
pub async fn begin_checkout(#[server(default)] slug: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    if offer(&slug).is_none() {
        return Err(AppError::message(422, "Choose one of the plans."));
    }
    let client: Client = use_context().unwrap_or_default();
    let client_ip: Option<IpAddr> = client.ip.parse().ok();
    let wish = Wish { client_ip, ..Wish::of(&slug) };
    let checkout = billing::start_checkout(&backend, &caller, wish);
    redirect(in_theme(checkout.await.map_err(not_started)?).as_str());
    Ok(())
}

/// The page of a checkout, as light or dark as ours.
fn in_theme(mut checkout: Url) -> Url {
    match Theme::current() {
        Theme::System => {}
        theme => {
            checkout.query_pairs_mut().append_pair("theme", theme.as_str());
        }
    }
    checkout
}

/// `POST /success`: asks Polar about this checkout and payments that our tables don't have yet, and shows it again.
#[server(prefix = "", endpoint = "success")]
pub async fn check_again(
    #[server(default)]
    #[server(rename = "checkoutId")]
    checkout_id: String,
    #[server(default)] page: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    billing::check_again(&backend, &caller, &checkout_id).await.map_err(unchanged)?;
    redirect(&domain::redirect::next_or(&page, &routes::success(&checkout_id)));
    Ok(())
}

/// How far a checkout of the caller has come.
#[server(prefix = "/api/fn", endpoint = "billing/progress")]
pub async fn get_progress(
    #[server(default)] checkout: String,
) -> Result<CheckoutProgress, AppError> {
    let (backend, caller) = signed_in()?;
    billing::checkout_progress(&backend, &caller, &checkout).await.map_err(reject)
}

/// `POST /billing/portal`: to the page where cards, addresses and receipts are kept. Its address lets somebody in, so
/// it is made for this click alone.
#[server(prefix = "", endpoint = "billing/portal")]
pub async fn open_portal() -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let portal =
        billing::open_portal(&backend, &caller, routes::BILLING).await.map_err(unchanged)?;
    redirect(portal.as_str());
    Ok(())
}

/// `POST /billing/plan`: changes to another plan, at once when it is larger and with the next period when it is
/// smaller.
#[server(prefix = "", endpoint = "billing/plan")]
pub async fn change_plan(#[server(default)] slug: String) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let found = billing::entitlement(&backend, &caller).await.map_err(reject)?;
    let Some(offer) = offer(&slug) else {
        return Err(AppError::message(422, "Choose one of the plans."));
    };
    let Some(subscription) = found.subscription.filter(|_| found.billable) else {
        redirect(&routes::pricing(&slug));
        return Ok(());
    };
    let when = When::for_change(&subscription, offer.plan, offer.interval);
    billing::change_plan(&backend, &caller, &slug, when).await.map_err(unchanged)?;

    let name = offer.plan.name();
    let text = match (when, subscription.current_period_end) {
        (When::Now, _) => format!("Plan changed to {name}."),
        (When::NextPeriod, Some(end)) => {
            format!("Your plan changes to {name} on {}.", format_day(end.date()))
        }
        (When::NextPeriod, None) => format!("Your plan changes to {name} with the next period."),
    };
    flash::set(&Flash::done(text));
    redirect(routes::BILLING);
    Ok(())
}

/// `POST /billing/plan/keep`: withdraws a change that was meant for the next period.
#[server(prefix = "", endpoint = "billing/plan/keep")]
pub async fn keep_plan() -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    billing::keep_plan(&backend, &caller).await.map_err(unchanged)?;
    flash::set(&Flash::done("Your plan stays as it is."));
    redirect(routes::BILLING);
    Ok(())
}

/// `POST /billing/cancel`: the subscription ends with the period that is paid.
#[server(prefix = "", endpoint = "billing/cancel")]
pub async fn cancel_plan(
    #[server(default)] reason: String,
    #[server(default)] comment: String,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let (reason, comment) = why(&reason, &comment)?;
    billing::cancel(&backend, &caller, reason, comment.as_deref()).await.map_err(unchanged)?;

    let now = standing(&backend, &caller).await?;
    let ends = now.subscription.filter(|subscription| subscription.state == State::Canceling);
    let text = ends.map_or_else(
        || "Your subscription ends with this period. Until then nothing changes.".to_owned(),
        |subscription| subscription.sentence(),
    );
    flash::set(&Flash::done(text));
    redirect(routes::BILLING);
    Ok(())
}

/// The reason and the comment as Polar takes them; both may be missing.
fn why(reason: &str, comment: &str) -> Result<(Option<&'static str>, Option<String>), AppError> {
    let mut problems = Vec::new();
    let known = REASONS.iter().find(|(word, _)| *word == reason).map(|(word, _)| *word);
    if known.is_none() && !reason.is_empty() {
        problems.push(FieldError::new("reason", Code::OptionUnknown));
    }
    match clean_note(comment, COMMENT_MAX.into()) {
        Ok(comment) if problems.is_empty() => {
            return Ok((known, Some(comment).filter(|comment| !comment.is_empty())));
        }
        Ok(_) => {}
        Err(code) => problems.push(FieldError::new("comment", code)),
    }
    Err(AppError::Invalid(problems))
}

/// `POST /billing/resume`: a subscription that ends or rests goes on.
#[server(prefix = "", endpoint = "billing/resume")]
pub async fn resume_plan() -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    billing::resume(&backend, &caller).await.map_err(unchanged)?;
    flash::set(&Flash::done("Your subscription goes on."));
    redirect(routes::BILLING);
    Ok(())
}

async fn standing(backend: &Backend, caller: &SignedIn) -> Result<Entitlement, AppError> {
    billing::entitlement(backend, caller).await.map_err(reject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_somebody_leaves_may_stay_unsaid() {
        assert_eq!(why("", " ").unwrap(), (None, None));
        assert_eq!(
            why("too_expensive", " Thank you. ").unwrap(),
            (Some("too_expensive"), Some("Thank you.".to_owned()))
        );
    }

    #[test]
    fn a_made_up_reason_and_a_long_comment_are_named_at_their_fields() {
        let error = why("bored", &"a".repeat(501)).unwrap_err();

        let fields: Vec<_> = error.fields().iter().map(|field| &*field.field).collect();
        assert_eq!(fields, ["reason", "comment"]);
        assert!(why("other", &"ä".repeat(500)).is_ok());
    }

    #[test]
    fn a_checkout_looks_as_the_page_it_was_begun_on() {
        let checkout = || Url::parse("https://polar.example/checkout/1?a=b").unwrap();
        Owner::new().with(|| {
            provide_context(Theme::Dark);
            assert_eq!(in_theme(checkout()).query(), Some("a=b&theme=dark"));
            provide_context(Theme::System);
            assert_eq!(in_theme(checkout()), checkout());
        });
    }
}
