//! How often one client may knock: decided before a body is read and before anything is looked up.
//!
//! Windows and maxima are those of Better Auth's documentation ("Rate limit"). Its routes count by address and
//! path, whatever the method; our forms count as the routes that do the same.

use std::{sync::Arc, time::Duration};

use app::routes as pages;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::limits::{Address, Rule, Wait};
use domain::wait;

use super::{
    super::{client::ClientAddress, failure::Failure, surface::Surface},
    BANK_WEBHOOKS, WEBHOOK_PATHS, is_auth,
};

const SIGN_IN: Rule = Rule::window("sign_in_requests", 3, Duration::from_secs(10));
const SECOND_FACTOR: Rule = Rule::window("second_factor_requests", 3, Duration::from_secs(10));
const MAILS: Rule = Rule::window("mail_requests", 3, Duration::from_mins(1));
const MAGIC_LINKS: Rule = Rule::window("magic_link_requests", 5, Duration::from_mins(1));
const OTHERS: Rule = Rule::window("auth_requests", 100, Duration::from_secs(10));
/// Polar sends from a few addresses, after an outage of ours all at once: fifty a second.
const WEBHOOKS: Rule = Rule::rate("webhooks", 3_000, Duration::from_mins(1));

/// Better Auth's header for the seconds to wait.
pub const X_RETRY_AFTER: HeaderName = HeaderName::from_static("x-retry-after");

/// Forms of our pages, and the routes they count as.
const FORMS: [(&str, &str); 23] = [
    (pages::SIGN_IN, "/sign-in/email"),
    (pages::CONFIRM, "/sign-in/email"),
    ("/sign-in/with", "/sign-in/social"),
    (pages::SIGN_UP, "/sign-up/email"),
    // It may carry a password.
    (pages::VERIFY_EMAIL, "/sign-in/email"),
    (pages::RESEND_VERIFICATION, "/send-verification-email"),
    (pages::FORGOT_PASSWORD, "/request-password-reset"),
    (pages::RESET_PASSWORD, "/reset-password"),
    (pages::TWO_FACTOR, "/two-factor/verify-totp"),
    (pages::TWO_FACTOR_SEND, "/two-factor/send-otp"),
    ("/settings/security/password", "/change-password"),
    (pages::SECOND_STEP, "/two-factor/verify-totp"),
    ("/settings/security/second-step/begin", "/two-factor/enable"),
    ("/settings/security/second-step/change", "/two-factor/disable"),
    ("/settings/security/second-step/mail", "/two-factor/send-otp"),
    ("/settings/security/passkeys/rename", "/passkey/update-passkey"),
    ("/settings/security/passkeys/remove", "/passkey/delete-passkey"),
    ("/settings/connections/link", "/link-social"),
    ("/settings/connections/unlink", "/unlink-account"),
    ("/settings/profile/email", "/change-email"),
    (pages::DANGER, "/delete-user"),
    (pages::PRICING, "/checkout"),
    (pages::PORTAL, "/customer/portal"),
    // It asks Polar, as the portal does.
];

/// Paths below `/api/auth` that end in something made up: they count together.
const WITH_A_VALUE: [&str; 4] =
    ["/callback/", "/oauth2/callback/", "/reset-password/", "/sign-in/"];

pub(in crate::http) async fn layer(
    State(surface): State<Arc<Surface>>,
    request: Request,
    next: Next,
) -> Response {
    let limits = &surface.deps.limits;
    let to_the_letter = surface.settings.auth_checks_itself;
    if !limits.are_on() {
        return next.run(request).await;
    }
    let path = request.uri().path();
    let Some((rule, counted)) = counted_as(request.method(), path, to_the_letter) else {
        return next.run(request).await;
    };
    let address = Address::of(Some(ClientAddress::of(request.extensions()).0));
    let key = |network: &str| format!("{network}|{counted}");
    let mut taken = limits.take(rule, &key(&address.client)).await;
    if let (Ok(()), Some(site), false) = (taken, &address.site, to_the_letter) {
        taken = limits.take(rule.tenfold(), &key(site)).await;
    }
    match taken {
        Ok(()) => next.run(request).await,
        Err(wait) => refusal(wait, to_the_letter && is_auth(path)).into_response(),
    }
}

/// The answer to somebody who came too often; Better Auth says when to come back in a header of its own alone.
pub(crate) fn refusal(wait: Wait, to_the_letter: bool) -> Failure {
    let seconds = HeaderValue::from(wait.seconds());
    let sentence = wait::too_many_tries(wait.seconds());
    let failure = Failure::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", sentence)
        .contract("Too many requests. Please try again later.")
        .header(X_RETRY_AFTER, seconds.clone());
    if to_the_letter { failure } else { failure.header(header::RETRY_AFTER, seconds) }
}

/// The limit of a request and the path it counts under; nothing where there is none.
fn counted_as<'p>(method: &Method, path: &'p str, to_the_letter: bool) -> Option<(Rule, &'p str)> {
    if WEBHOOK_PATHS.contains(&path) || path.starts_with(BANK_WEBHOOKS) {
        return Some((WEBHOOKS, "webhooks"));
    }
    if !is_auth(path) {
        let form = FORMS.iter().find(|(form, _)| *method == Method::POST && *form == path);
        return form.map(|(_, route)| (rule(route), *route));
    }
    let route = path.strip_prefix("/api/auth").unwrap_or_default().trim_end_matches('/');
    let counted = if to_the_letter { route } else { pattern(route) };
    Some((rule(route), counted))
}

fn rule(route: &str) -> Rule {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| route.starts_with(prefix));
    if starts(&["/email-otp/", "/sign-in/email-otp", "/forget-password"])
        || matches!(route, "/request-password-reset" | "/send-verification-email")
    {
        MAILS
    } else if starts(&["/sign-in/magic-link", "/magic-link/verify"]) {
        MAGIC_LINKS
    } else if starts(&["/sign-in", "/sign-up", "/change-password", "/change-email"]) {
        SIGN_IN
    } else if starts(&["/two-factor/"]) {
        SECOND_FACTOR
    } else {
        OTHERS
    }
}

/// Every route, so that paths which somebody makes up count as one.
const ROUTES: &[&str] = &[
    "/account-info",
    "/change-email",
    "/change-password",
    "/delete-user",
    "/delete-user/callback",
    "/error",
    "/forget-password",
    "/get-access-token",
    "/get-session",
    "/link-social",
    "/list-accounts",
    "/list-sessions",
    "/ok",
    "/passkey/delete-passkey",
    "/passkey/generate-authenticate-options",
    "/passkey/generate-register-options",
    "/passkey/list-user-passkeys",
    "/passkey/update-passkey",
    "/passkey/verify-authentication",
    "/passkey/verify-registration",
    "/refresh-token",
    "/request-password-reset",
    "/reset-password",
    "/revoke-other-sessions",
    "/revoke-session",
    "/revoke-sessions",
    "/send-verification-email",
    "/sign-in/email",
    "/sign-in/social",
    "/sign-out",
    "/sign-up/email",
    "/two-factor/disable",
    "/two-factor/enable",
    "/two-factor/generate-backup-codes",
    "/two-factor/get-totp-uri",
    "/two-factor/send-otp",
    "/two-factor/verify-backup-code",
    "/two-factor/verify-otp",
    "/two-factor/verify-totp",
    "/unlink-account",
    "/update-session",
    "/update-user",
    "/verify-email",
    "/verify-password",
];

/// The route that a path belongs to.
fn pattern(route: &str) -> &str {
    if ROUTES.contains(&route) {
        return route;
    }
    WITH_A_VALUE.iter().find(|start| route.starts_with(*start)).copied().unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(path: &str) -> (&'static str, String) {
        let (rule, counted) = counted_as(&Method::POST, path, true).unwrap();
        (rule.name, counted.to_owned())
    }

    #[test]
    fn each_route_has_the_limit_of_the_contract() {
        for (path, rule) in [
            ("/sign-in/email", SIGN_IN),
            ("/sign-in/social", SIGN_IN),
            ("/sign-in", SIGN_IN),
            ("/sign-up/email", SIGN_IN),
            ("/change-password", SIGN_IN),
            ("/change-email", SIGN_IN),
            ("/request-password-reset", MAILS),
            ("/send-verification-email", MAILS),
            ("/forget-password", MAILS),
            ("/forget-password/email-otp", MAILS),
            ("/email-otp/send-verification-otp", MAILS),
            ("/sign-in/magic-link", MAGIC_LINKS),
            ("/two-factor/verify-totp", SECOND_FACTOR),
            ("/reset-password", OTHERS),
            ("/get-session", OTHERS),
            ("/nothing", OTHERS),
            ("", OTHERS),
        ] {
            assert_eq!(super::rule(path), rule, "{path}");
        }
    }

    #[test]
    fn a_slash_at_the_end_is_no_other_count() {
        assert_eq!(counted("/api/auth/ok"), counted("/api/auth/ok/"));
        assert_eq!(counted("/api/auth").1, "");
        assert_ne!(counted("/api/auth/sign-in/email"), counted("/api/auth/sign-in/social"));
    }

    #[test]
    fn a_form_counts_as_the_route_that_does_the_same_and_its_page_not_at_all() {
        assert_eq!(counted("/sign-in"), counted("/api/auth/sign-in/email"));
        assert_eq!(counted("/forgot-password"), counted("/api/auth/request-password-reset"));
        assert_eq!(counted_as(&Method::GET, "/sign-in", true), None);
        assert_eq!(counted_as(&Method::POST, "/accounts", true), None);
        assert_eq!(counted_as(&Method::GET, "/api/auth/sign-in/email", true).unwrap().0, SIGN_IN);
    }

    #[test]
    fn made_up_paths_count_as_one_unless_the_contract_is_kept_to_the_letter() {
        let count = |path, exact| counted_as(&Method::GET, path, exact).unwrap().1.to_owned();
        for (path, pattern) in [
            ("/api/auth/reset-password/abc", "/reset-password/"),
            ("/api/auth/callback/google", "/callback/"),
            ("/api/auth/sign-in/x1", "/sign-in/"),
            ("/api/auth/x1", "unknown"),
            ("/api/auth/sign-in/email", "/sign-in/email"),
        ] {
            assert_eq!(count(path, false), pattern);
            assert_eq!(count(path, true), path.strip_prefix("/api/auth").unwrap());
        }
    }
}
