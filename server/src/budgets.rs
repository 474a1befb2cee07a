//! How much one person may ask of our own interface and forms: counted where it is known who asks.

use std::time::Duration;

use app::routes;
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{
    Limits, SignedIn,
    limits::{Address, Rule},
};

use crate::http::{ClientAddress, refusal};

const MINUTE: Duration = Duration::from_mins(1);

const READS: Rule = Rule::rate("api_reads", 600, MINUTE);
const READS_OF_NOBODY: Rule = Rule::rate("api_requests_nobody", 120, MINUTE);
const WRITES: Rule = Rule::rate("money_writes", 300, MINUTE);
const IMPORTS: Rule = Rule::rate("imports", 6, Duration::from_hours(1));
/// Mails to oneself.
const TEST_MAILS: Rule = Rule::rate("test_mails", 5, Duration::from_hours(1));
const EXPORTS: Rule = Rule::rate("exports", 6, Duration::from_hours(1));

/// Where programs bring their files.
const API_IMPORTS: &str = "/api/imports";

/// Open to everybody and answered from memory, or limited elsewhere.
const FREE: [&str; 5] =
    ["/api/auth/", "/api/health", "/api/csp-report", "/api/docs", "/api/openapi.json"];

/// Stands inside the session layer, which says who asks.
pub(crate) async fn layer(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<SignedIn>();
    let Some(rule) = rule(request.method(), request.uri().path(), caller.is_some()) else {
        return next.run(request).await;
    };
    let taken = if let Some(caller) = caller {
        limits.take(rule, caller.user().as_str()).await
    } else {
        let address = Address::of(Some(ClientAddress::of(request.extensions()).0));
        let mut charges = limits.charges();
        charges.take_of(rule, &address).await
    };
    match taken {
        Ok(()) => next.run(request).await,
        Err(wait) => refusal(wait, false).into_response(),
    }
}

fn rule(method: &Method, path: &str, known: bool) -> Option<Rule> {
    let api = path.starts_with("/api/") && !FREE.iter().any(|free| path.starts_with(free));
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    match (known, reads) {
        (false, _) => api.then_some(READS_OF_NOBODY),
        (true, true) if path == routes::EXPORT => Some(EXPORTS),
        (true, true) => api.then_some(READS),
        (true, false) if path == routes::IMPORT || path == API_IMPORTS => Some(IMPORTS),
        (true, false) if path == routes::TEST_MAIL => Some(TEST_MAILS),
        (true, false) => Some(WRITES),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_has_the_budget_of_what_it_does() {
        let (get, post) = (&Method::GET, &Method::POST);
        for (method, path, known, rule) in [
            (get, "/api/transactions", true, Some(READS)),
            (get, "/api/transactions", false, Some(READS_OF_NOBODY)),
            (post, "/api/bank-accounts", true, Some(WRITES)),
            (post, "/api/bank-accounts", false, Some(READS_OF_NOBODY)),
            (&Method::DELETE, "/api/bank-accounts/1", true, Some(WRITES)),
            (post, "/transactions/categorise", true, Some(WRITES)),
            (post, "/import", true, Some(IMPORTS)),
            (post, "/api/imports", true, Some(IMPORTS)),
            (get, "/api/imports", true, Some(READS)),
            (post, "/api/imports/1/commit", true, Some(WRITES)),
            (get, "/import", true, None),
            (post, "/settings/notifications/test", true, Some(TEST_MAILS)),
            (post, "/settings/notifications", true, Some(WRITES)),
            (get, "/settings/export", true, Some(EXPORTS)),
            (get, "/settings/danger", true, None),
            (get, "/dashboard", true, None),
            (get, "/api/health", false, None),
            (post, "/api/auth/sign-in/email", false, None),
            (post, "/sign-in", false, None),
        ] {
            assert_eq!(super::rule(method, path, known), rule, "{method} {path} {known}");
        }
    }
}
