//! The server's side of server functions: who calls, what the backend's failures look like outside, cookies.
//! The only file of this crate that every feature shares with `backend`.

use std::sync::Arc;

use backend::{Backend, Error, SignedIn, auth::UserView, error::chain};
use domain::{connection::BankProblem, plan::Limit, provider::TroubleKind};
use http::{
    HeaderValue,
    header::{HeaderName, SET_COOKIE},
};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use time::{Date, OffsetDateTime};

use crate::AppError;

/// Who sends this request; the database said so. `server` provides it for every page and server function.
#[derive(Clone)]
pub struct Caller(pub Option<SignedIn>);

/// The id of this request, shown as the reference of a failure.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The path and query of this request, for links and forms that come back to the same page.
#[derive(Clone, Debug)]
pub struct RequestPath(pub String);

/// The directory of the built script, WASM and style sheet, without a slash at the end: `/pkg/abc123`.
#[derive(Clone, Debug)]
pub struct AssetBase(pub String);

/// Somewhere else to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderButton {
    /// The provider's id: `google`.
    pub id: String,
    /// What stands behind "Continue with": "Google".
    pub label: String,
}

/// What pages need to know of the configuration.
#[derive(Clone, Debug)]
pub struct SiteSettings {
    /// The address of the site, without a slash at the end.
    pub app_url: String,
    /// Where people can sign in instead, in the order of their buttons.
    pub providers: Vec<ProviderButton>,
    /// Whether mail is kept in the built-in mailbox at `/dev/mail`.
    pub dev_mail: bool,
    /// The fewest characters of a new password.
    pub password_min: u32,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self { app_url: String::new(), providers: Vec::new(), dev_mail: false, password_min: 12 }
    }
}

/// The configuration as pages see it.
pub fn site() -> SiteSettings {
    use_context().unwrap_or_default()
}

/// What happens to the session's cookies.
pub enum CookieChange<'a> {
    /// Somebody signed in.
    Start(&'a backend::auth::Login),
    /// The password was right and a second factor is owed: there is no session.
    Challenge(&'a backend::auth::two_factor::Challenge),
    /// The second factor was right: somebody signed in.
    Answered(&'a backend::auth::Login),
    /// The challenge was given up or is void.
    ChallengeOver,
    /// This browser is trusted no longer.
    ForgetTrust,
    /// The session is over.
    End,
    /// The browser is sent to another provider.
    Flow {
        /// What it must bring back.
        state: &'a str,
    },
    /// Somebody came in this way: [`PASSWORD_WAY`].
    CameBy(&'a str),
    /// Somebody wants to come in by this provider; that they did is noted when they are back.
    SetsOutFor(&'a str),
}

/// Coming in by password, in [`LastWayIn`].
pub const PASSWORD_WAY: &str = "password";
/// Coming in by passkey, in [`LastWayIn`].
pub const PASSKEY_WAY: &str = "passkey";

/// How somebody came in last in this browser: by password, by passkey, or by the provider with this id. It says nothing of
/// who that was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastWayIn(pub Option<String>);

impl LastWayIn {
    /// Whether it was this way.
    pub fn is(&self, way: &str) -> bool {
        self.0.as_deref() == Some(way)
    }
}

/// The second factor that this browser owes. `server` reads it from the signed cookie.
#[derive(Clone, Debug, Default)]
pub struct OwedFactor {
    /// Names the challenge.
    pub challenge: Option<backend::auth::two_factor::ChallengeToken>,
    /// Whether the session that follows outlives the browser.
    pub remember: bool,
}

type MakeCookies = dyn Fn(CookieChange<'_>) -> Vec<HeaderValue> + Send + Sync;

/// Makes the `Set-Cookie` values of sign-in and sign-out. `server` provides it: names, signatures and
/// attributes of the cookies are HTTP, and are kept there.
#[derive(Clone)]
pub struct SignInCookies(Arc<MakeCookies>);

impl SignInCookies {
    /// Wraps the function that knows the cookies.
    pub fn new(
        make: impl Fn(CookieChange<'_>) -> Vec<HeaderValue> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(make))
    }

    /// Puts the cookies of `change` on the answer to this request.
    pub fn set(change: CookieChange<'_>) {
        let cookies: Self = expect_context();
        for value in (cookies.0)(change) {
            set_header(SET_COOKIE, value);
        }
    }
}

/// The use cases and their services.
pub fn backend() -> Backend {
    expect_context()
}

/// The current time, by the backend's clock.
pub fn now() -> OffsetDateTime {
    backend().clock.now()
}

/// Today where the caller lives.
pub async fn today() -> Result<Date, AppError> {
    let (backend, caller) = signed_in()?;
    backend::preferences::day(&backend, &caller).await.map_err(reject)
}

/// A key for a form that must have its effect once, however often it is sent.
pub fn new_key() -> String {
    backend().new_id()
}

/// The backend and the caller, or [`AppError::SignedOut`]. The first line of every server function on personal data.
pub fn signed_in() -> Result<(Backend, SignedIn), AppError> {
    let caller = use_context::<Caller>().and_then(|caller| caller.0);
    caller.map(|caller| (backend(), caller)).ok_or(AppError::SignedOut)
}

/// The caller's own row as this request found it, or [`AppError::SignedOut`].
pub fn own_row() -> Result<UserView, AppError> {
    use_context::<Option<UserView>>().flatten().ok_or(AppError::SignedOut)
}

/// As [`signed_in`], for acts that need a sign-in of a short time ago; [`AppError::NotFresh`] otherwise. A form that
/// is refused by it leads to `/confirm` and from there back to its page.
pub fn fresh() -> Result<(Backend, SignedIn), AppError> {
    let (backend, caller) = signed_in()?;
    if caller.is_fresh(&backend) { Ok((backend, caller)) } else { Err(AppError::NotFresh) }
}

/// [`AppError::PlanRequired`] where the caller's plan has no room for one more of `limit`: for pages, before anything
/// is typed.
pub async fn plan_required(limit: Limit) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    backend::billing::plan_required(&backend, &caller, limit).await.map_err(reject)
}

/// The backend and the caller as an administrator; [`AppError::NotFound`] for everybody else, and
/// [`AppError::Forbidden`] for an administrator without a second factor.
pub async fn admin() -> Result<(Backend, backend::admin::Admin), AppError> {
    let (backend, caller) = signed_in()?;
    let admin = backend::admin::require(&backend, &caller).await.map_err(reject)?;
    Ok((backend, admin))
}

/// The reference of this request, for failures on our side.
pub fn reference() -> String {
    use_context::<RequestId>().map_or_else(|| "none".to_owned(), |id| id.0)
}

/// Puts a header on the answer to this request.
pub fn set_header(name: HeaderName, value: HeaderValue) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(name, value);
    }
}

/// Sets the status of the page that is being rendered.
pub fn set_status(status: u16) {
    if let (Some(response), Ok(status)) =
        (use_context::<ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
}

/// The status of an answer that a bank kept us from giving.
pub fn bank_status(problem: BankProblem) -> u16 {
    match problem {
        BankProblem::Trouble(TroubleKind::NeedsLogin | TroubleKind::NeedsConsent)
        | BankProblem::NoneShared => 409,
        BankProblem::Trouble(TroubleKind::Gone) => 410,
        BankProblem::Trouble(
            TroubleKind::NotReady | TroubleKind::InstitutionDown | TroubleKind::RateLimited,
        )
        | BankProblem::Changed => 503,
        BankProblem::Trouble(TroubleKind::BadRequest) | BankProblem::BadAnswer => 502,
    }
}

/// What the person learns about a failed use case. Failures on our side are logged here, once.
pub fn reject(error: Error) -> AppError {
    let outage = error.is_outage();
    match error {
        Error::NotFound(_) => AppError::NotFound,
        Error::Forbidden(_) => AppError::Forbidden,
        Error::Invalid(fields) => AppError::Invalid(fields),
        Error::PlanRequired { limit, plan } => AppError::plan_required(limit, plan),
        Error::AlreadyExists(what) => {
            AppError::message(409, format!("This {what} already exists."))
        }
        Error::Expired(what) => AppError::message(410, format!("This {what} has expired.")),
        Error::Busy => AppError::Busy,
        Error::Bank { problem, bank } => {
            AppError::message(bank_status(problem), problem.sentence(&bank))
        }
        Error::KeyReused => AppError::message(
            422,
            "This form was already used for something else. Reload the page and try again.",
        ),
        Error::KeyInUse => {
            AppError::message(409, "We're still working on this. Reload the page in a moment.")
        }
        ours => {
            let reference = reference();
            tracing::error!(reference, error = chain(&ours), "a use case failed: {ours}");
            if outage { AppError::Busy } else { AppError::Internal { reference } }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Code, FieldError};

    use super::*;

    #[test]
    fn somebody_elses_thing_and_a_missing_thing_look_the_same() {
        assert_eq!(reject(Error::NotFound("account")), AppError::NotFound);
        assert_eq!(reject(Error::NotFound("account")).to_string(), "We can't find that.");
    }

    #[test]
    fn field_errors_reach_the_form_unchanged() {
        let fields = vec![FieldError::new("email", Code::EmailInvalid)];

        assert_eq!(reject(Error::Invalid(fields.clone())), AppError::Invalid(fields));
    }

    #[test]
    fn a_failure_on_our_side_shows_a_reference_and_nothing_else() {
        Owner::new().with(|| {
            provide_context(RequestId("0197-abc".into()));

            let error = reject(Error::Upstream {
                service: "mail",
                reason: "smtp://user:secret@host".into(),
            });

            assert_eq!(error, AppError::Internal { reference: "0197-abc".into() });
            assert!(!error.to_string().contains("secret"));
        });
    }

    #[test]
    fn a_full_queue_asks_for_another_try() {
        assert_eq!(reject(Error::Busy).status(), 503);
    }

    #[test]
    fn nobody_is_signed_in_without_a_caller() {
        Owner::new().with(|| {
            assert!(matches!(signed_in(), Err(AppError::SignedOut)));
            assert!(matches!(fresh(), Err(AppError::SignedOut)));
            provide_context(Caller(None));
            assert!(matches!(signed_in(), Err(AppError::SignedOut)));
        });
    }
}
