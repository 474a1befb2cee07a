//! The session of a request: looked up once, proven by its row, and what follows for pages.
//!
//! The layer stands around pages, server functions and the API. Whoever it lets through as signed in carries a
//! [`SignedIn`] in the request's extensions; nothing else proves anything.

use app::{routes, session::Session};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{
    Backend, Error, SignedIn,
    auth::{
        SessionToken,
        sessions::{self, Extend, Found},
    },
};

use crate::{
    auth::{
        Auth,
        cookies::{Jar, Login, append},
        log,
    },
    days,
    http::{Failure, RequestRecord},
};

/// Paths, with everything below them, that show or change what is a person's own.
const PERSONAL: [&str; 20] = [
    routes::CONFIRM,
    routes::DELETE_USER,
    routes::DASHBOARD,
    routes::ACCOUNTS,
    routes::BANK_CONNECTIONS,
    routes::DEV_BANK,
    routes::TRANSACTIONS,
    routes::TRANSACTIONS_CSV,
    routes::TRANSACTIONS_JSON,
    routes::BUDGETS,
    routes::RECURRING,
    routes::RULES,
    routes::IMPORT,
    "/settings",
    "/activity",
    routes::BILLING,
    routes::SUCCESS,
    routes::ADMIN,
    "/insights",
    routes::REVIEW,
];

/// Paths, with everything below them, whose handlers look for themselves or want no session.
const WITHOUT: [&str; 4] = ["/api/auth", "/api/payments/webhooks", "/api/webhooks", "/api/health"];

/// Whoever sends this request, proven by the database. Nobody is answered 401.
#[derive(Clone, Debug)]
pub struct Caller(pub SignedIn);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let caller = parts.extensions.get::<SignedIn>().cloned();
        caller.map(Self).ok_or_else(|| Failure::of(StatusCode::UNAUTHORIZED))
    }
}

/// As [`Caller`], with a sign-in of a short time ago. Any other is answered 403 `SESSION_NOT_FRESH` (spec: security
/// SES-9).
pub struct FreshCaller(pub SignedIn);

impl FromRequestParts<Backend> for FreshCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, backend: &Backend) -> Result<Self, Failure> {
        let Caller(caller) = Caller::from_request_parts(parts, backend).await?;
        if caller.is_fresh(backend) { Ok(Self(caller)) } else { Err(not_fresh()) }
    }
}

fn not_fresh() -> Failure {
    let message = "Confirm that it is you first: sign in again, or open /confirm.";
    Failure::new(StatusCode::FORBIDDEN, "SESSION_NOT_FRESH", message)
}

/// Looks the session up if a signed cookie names one, guards personal pages, keeps the cookies in step.
pub async fn layer(State(auth): State<Auth>, mut request: Request, next: Next) -> Response {
    if WITHOUT.iter().any(|path| is_at(request.uri().path(), path)) {
        return next.run(request).await;
    }
    let jar = Jar::read(request.headers());
    let token = auth.cookies.token(&jar);
    let found = match look_up(&auth, &jar, token.as_ref()).await {
        Ok(found) => found,
        // Cookies stay as they are: the session may well be alive.
        Err(error) => return unavailable(&error),
    };
    let mut learnt = None;
    if let Some(found) = &found {
        admit(&auth, &mut request, found);
        let user = found.caller.user();
        let heard = days::heard(&request, user);
        if let Some(heard) = heard {
            learnt = days::note(&auth, user, heard).await;
        }
    }

    let elsewhere = other_page(request.method(), request.uri(), found.is_some());
    let mut response = match elsewhere {
        Some(path) => see_other(&path),
        None => next.run(request).await,
    };

    // A handler that has just signed somebody in or out has the last word.
    if !auth.cookies.are_set_by(&response) {
        match (&token, &found) {
            (Some(token), Some(found)) if found.extended => {
                append(&mut response, renewed(&auth, &jar, token, found));
            }
            (Some(_), None) => append(&mut response, auth.cookies.clear(&jar)),
            _ => {}
        }
    }
    append(&mut response, learnt.into_iter().collect());
    response
}

async fn look_up(
    auth: &Auth,
    jar: &Jar,
    token: Option<&SessionToken>,
) -> Result<Option<Found>, Error> {
    let Some(token) = token else { return Ok(None) };
    let extend = if auth.cookies.is_unremembered(jar) { Extend::Never } else { Extend::WhenDue };
    match sessions::find(&auth.backend, token, extend).await {
        // Ended elsewhere while it was being extended.
        Err(Error::Expired(_)) => Ok(None),
        found => found,
    }
}

/// Hands the proof and the display data on, and notes that the session is in use.
fn admit(auth: &Auth, request: &mut Request, found: &Found) {
    let extensions = request.extensions_mut();
    if let Some(record) = extensions.get::<RequestRecord>() {
        record.note_user(found.caller.user().as_str());
    }
    extensions.insert(found.caller.clone());
    extensions.insert(found.user.clone());
    extensions.insert(Session {
        user_id: found.user.id.clone(),
        name: found.user.name.clone(),
        email: found.user.email.clone(),
        email_verified: found.user.email_verified,
        image: found.user.image.clone(),
        idle_seconds: found.idle_seconds(&auth.backend),
    });
    if found.touch_due {
        let (backend, caller) = (auth.backend.clone(), found.caller.clone());
        auth.tasks.spawn(async move {
            if let Err(error) = sessions::touch(&backend, &caller).await {
                log(&error);
            }
        });
    }
}

fn renewed(auth: &Auth, jar: &Jar, token: &SessionToken, found: &Found) -> Vec<HeaderValue> {
    let login = Login { user: &found.user, session: &found.session, token, remember: true };
    auth.cookies.start(jar, auth.backend.clock.now(), &login)
}

fn unavailable(error: &Error) -> Response {
    log(error);
    Failure::of(StatusCode::SERVICE_UNAVAILABLE)
        .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
        .into_response()
}

/// Where a reader goes instead: nobody to the sign-in page, somebody signed in away from it. Forms go on to
/// their handlers, which ask for the caller themselves.
fn other_page(method: &Method, uri: &Uri, signed_in: bool) -> Option<String> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    let path = uri.path();
    // Any page may be where a checkout leads.
    if let Some(clean) = without_customer_token(uri) {
        return Some(clean);
    }
    if signed_in && (path == routes::SIGN_IN || path == routes::SIGN_UP) {
        return Some(wanted(uri).unwrap_or_else(|| routes::DASHBOARD.to_owned()));
    }
    let personal = PERSONAL.iter().any(|personal| is_at(path, personal));
    (personal && !signed_in).then(|| sign_in_for(uri))
}

/// The name under which Polar hands the browser a token of the customer: whoever has it looks into their portal.
const CUSTOMER_TOKEN: &str = "customer_session_token";

/// The same address without the customer's token, if it has one: that must not stay in the history, in the address of
/// the sign-in page or in a page's own links.
fn without_customer_token(uri: &Uri) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let pairs = || url::form_urlencoded::parse(query.as_bytes());
    if !pairs().any(|(name, _)| name == CUSTOMER_TOKEN) {
        return None;
    }
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    kept.extend_pairs(pairs().filter(|(name, _)| name != CUSTOMER_TOKEN));
    let kept = kept.finish();
    Some(if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{kept}", uri.path()) })
}

/// The checked page that the sign-in form was asked to lead to; never the form itself.
fn wanted(uri: &Uri) -> Option<String> {
    let query = uri.query()?.as_bytes();
    let (_, next) = url::form_urlencoded::parse(query).find(|(name, _)| name == "next")?;
    let next = domain::redirect::safe_next(&next)?;
    let path = next.split('?').next().unwrap_or_default();
    (path != routes::SIGN_IN && path != routes::SIGN_UP).then_some(next)
}

/// The sign-in page with the way back.
fn sign_in_for(uri: &Uri) -> String {
    let here = uri.path_and_query().map_or("/", |here| here.as_str());
    match domain::redirect::safe_next(here) {
        Some(next) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("next", &next)
                .finish();
            format!("{}?{query}", routes::SIGN_IN)
        }
        None => routes::SIGN_IN.to_owned(),
    }
}

fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static(routes::HOME));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Whether `path` is `place` or lies below it.
fn is_at(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goes(method: &Method, uri: &str, signed_in: bool) -> Option<String> {
        other_page(method, &uri.parse().unwrap(), signed_in)
    }

    #[test]
    fn nobody_is_sent_to_sign_in_and_comes_back_to_what_they_wanted() {
        for (wanted, target) in [
            ("/dashboard", "/sign-in?next=%2Fdashboard"),
            ("/accounts/7?tab=a%20b", "/sign-in?next=%2Faccounts%2F7%3Ftab%3Da%2520b"),
            ("/settings/profile", "/sign-in?next=%2Fsettings%2Fprofile"),
            ("/import/1", "/sign-in?next=%2Fimport%2F1"),
            ("/transactions//x", "/sign-in"),
            ("/transactions.csv?q=a", "/sign-in?next=%2Ftransactions.csv%3Fq%3Da"),
        ] {
            assert_eq!(goes(&Method::GET, wanted, false).as_deref(), Some(target));
            assert_eq!(goes(&Method::HEAD, wanted, false).as_deref(), Some(target));
            assert_eq!(goes(&Method::POST, wanted, false), None);
            assert_eq!(goes(&Method::GET, wanted, true), None);
        }
        for open in [
            "/",
            "/sign-in",
            "/sign-up",
            "/dashboards",
            "/settingsx",
            "/api/transactions",
            "/api/docs",
            "/help",
            "/pricing",
            "/administration",
        ] {
            assert_eq!(goes(&Method::GET, open, false), None, "{open}");
        }
    }

    #[test]
    fn the_customers_token_is_taken_out_of_the_address_before_anything_else() {
        let back = "/success?checkout_id=c-1&customer_session_token=polar_cst_x&a=b%26c";
        for signed_in in [true, false] {
            let target = goes(&Method::GET, back, signed_in);
            assert_eq!(target.as_deref(), Some("/success?checkout_id=c-1&a=b%26c"));
        }
        let alone = "/success?customer_session_token=";
        assert_eq!(goes(&Method::GET, alone, true).as_deref(), Some("/success"));
        assert_eq!(goes(&Method::GET, "/success?checkout_id=c-1", true), None);
        let next = "/sign-in?next=%2Fsuccess%3Fcheckout_id%3Dc-1";
        assert_eq!(goes(&Method::GET, "/success?checkout_id=c-1", false).as_deref(), Some(next));
        let elsewhere = "/pricing?customer_session_token=x&plan=plus";
        assert_eq!(goes(&Method::GET, elsewhere, false).as_deref(), Some("/pricing?plan=plus"));
        assert_eq!(goes(&Method::POST, elsewhere, false), None);
    }

    #[test]
    fn somebody_signed_in_leaves_the_sign_in_pages() {
        for (at, target) in [
            ("/sign-in", "/dashboard"),
            ("/sign-up?x=1", "/dashboard"),
            ("/sign-in?next=%2Faccounts%3Fa%3D1", "/accounts?a=1"),
            ("/sign-in?next=//evil.example", "/dashboard"),
            ("/sign-in?next=https%3A%2F%2Fevil.example", "/dashboard"),
            ("/sign-in?next=%2Fsign-up", "/dashboard"),
        ] {
            assert_eq!(goes(&Method::GET, at, true).as_deref(), Some(target), "{at}");
        }
        assert_eq!(goes(&Method::POST, "/sign-in", true), None);
    }
}
