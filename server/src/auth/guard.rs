//! Who may use a route. Handlers ask after the body was read, in Better Auth's order of checks.

use super::{
    Auth,
    cookies::{Jar, Login, append},
    error::AuthError,
};
use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use backend::{
    Error, SignedIn,
    auth::{
        SessionToken, SessionView, UserView,
        sessions::{self, Extend, Found},
    },
};

/// Somebody signed in, proven by the database during this request.
#[derive(Clone, Debug)]
pub(super) struct Guarded {
    /// The proof.
    pub(super) caller: SignedIn,
    /// Who it is.
    pub(super) user: UserView,
    /// Their session.
    pub(super) session: SessionView,
    /// Its secret.
    pub(super) token: SessionToken,
}

/// What a route asks of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// A session. In Better Auth's profile the display cache may prove it, also after it was ended.
    Session,
    /// One that began a short time ago.
    Fresh,
    /// One that was looked up in the database. Ours always are; the display cache is renewed on the answer.
    Sensitive,
    /// As [`Guard::Sensitive`], and fresh in the hardened profile: the route gives others a way in or takes one.
    StepUp,
    /// As [`Guard::Sensitive`]; a missing session is answered without a body.
    Authoritative,
}

/// Runs `act` for somebody who passes `guard`. What the look-up changes of the cookies goes onto the answer,
/// also when `act` refuses.
pub(super) async fn guarded<F>(
    auth: &Auth,
    headers: &HeaderMap,
    guard: Guard,
    act: impl FnOnce(Guarded) -> F,
) -> Result<Response, AuthError>
where
    F: Future<Output = Result<Response, AuthError>>,
{
    let jar = Jar::read(headers);
    let (who, cookies) = match admit(auth, &jar, guard).await? {
        Admission::Granted(who, cookies) => (who, cookies),
        Admission::Refused(response) => return Ok(response),
    };
    let mut response = if guard.asks_for_fresh(auth) && !who.caller.is_fresh(&auth.backend) {
        AuthError::forbidden("SESSION_NOT_FRESH", "Session is not fresh").into_response()
    } else {
        act(who).await.unwrap_or_else(IntoResponse::into_response)
    };
    // A handler that has just set or ended the session's cookies has the last word.
    if !auth.cookies.are_set_by(&response) {
        append(&mut response, cookies);
    }
    Ok(response)
}

/// Whoever is signed in, or nobody: for routes that serve both.
pub(super) async fn optional(
    auth: &Auth,
    headers: &HeaderMap,
) -> Result<Option<Guarded>, AuthError> {
    let jar = Jar::read(headers);
    let Some(token) = auth.cookies.token(&jar) else { return Ok(None) };
    let found = find(auth, &token, Extend::Never).await?;
    Ok(found.map(|found| Guarded::new(found, token)))
}

impl Guarded {
    fn new(found: Found, token: SessionToken) -> Self {
        Self { caller: found.caller, user: found.user, session: found.session, token }
    }
}

#[expect(
    clippy::large_enum_variant,
    reason = "one lives for a moment, and almost always as the larger"
)]
enum Admission {
    Granted(Guarded, Vec<axum::http::HeaderValue>),
    Refused(Response),
}

async fn admit(auth: &Auth, jar: &Jar, guard: Guard) -> Result<Admission, AuthError> {
    let Some(token) = auth.cookies.token(jar) else {
        return Ok(Admission::Refused(nobody(guard)));
    };
    if guard == Guard::Session
        && let Some(who) = by_cache(auth, jar, &token)
    {
        return Ok(Admission::Granted(who, Vec::new()));
    }
    let unremembered = auth.cookies.is_unremembered(jar);
    let extend = if unremembered { Extend::Never } else { Extend::WhenDue };
    let Some(found) = find(auth, &token, extend).await? else {
        let mut response = nobody(guard);
        append(&mut response, auth.cookies.clear(jar));
        return Ok(Admission::Refused(response));
    };
    let hardened = auth.backend.is_hardened();
    let remember = !unremembered && (found.session.remembered || !hardened);
    let now = auth.backend.clock.now();
    let login = Login { user: &found.user, session: &found.session, token: &token, remember };
    let stale = !auth.cookies.has_cache(jar, &token, now);
    let cookies = if found.extended {
        auth.cookies.start(jar, now, &login)
    } else if remember && (stale || guard.renews_cache()) {
        auth.cookies.cache(jar, now, &login)
    } else {
        Vec::new()
    };
    Ok(Admission::Granted(Guarded::new(found, token), cookies))
}

/// What the display cache says, where it may: a cache that answers is neither renewed nor ended.
fn by_cache(auth: &Auth, jar: &Jar, token: &SessionToken) -> Option<Guarded> {
    let (session, user) = auth.cookies.cached_login(jar, token, auth.backend.clock.now())?;
    let caller = SignedIn::by_display_cache(&auth.backend, &session)?;
    Some(Guarded { caller, user, session, token: token.clone() })
}

impl Guard {
    fn renews_cache(self) -> bool {
        matches!(self, Self::Sensitive | Self::StepUp | Self::Authoritative)
    }

    fn asks_for_fresh(self, auth: &Auth) -> bool {
        let hardened = auth.backend.is_hardened();
        self == Self::Fresh || (self == Self::StepUp && hardened)
    }
}

async fn find(
    auth: &Auth,
    token: &SessionToken,
    extend: Extend,
) -> Result<Option<Found>, AuthError> {
    match sessions::find(&auth.backend, token, extend).await {
        // Ended elsewhere while it was being extended.
        Err(Error::Expired(_)) => Ok(None),
        found => found.map_err(|error| auth.refuse(error.into())),
    }
}

fn nobody(guard: Guard) -> Response {
    if guard == Guard::Authoritative {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    AuthError::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Unauthorized").into_response()
}
