//! The way out: writes the state and says where to send the browser.

use serde_json::{Map, Value};
use url::Url;

use super::{
    Provider,
    exchange::{self, Ask},
    link_token,
    state::{self, Link},
};
use crate::{
    AuthProfile, Backend, Error, Result,
    auth::{SessionToken, SignedIn},
};

/// What a flow is started with. Every target has been checked.
#[derive(Clone, Default)]
pub struct Start {
    /// The provider's id.
    pub provider: String,
    /// Where to go afterwards.
    pub callback_url: String,
    /// Where to go when it fails.
    pub error_url: Option<String>,
    /// Where to go after a sign-up.
    pub new_user_url: Option<String>,
    /// What to ask for besides the usual.
    pub scopes: Vec<String>,
    /// The address the provider may fill in.
    pub login_hint: Option<String>,
    /// Whether the person wants a new account.
    pub request_sign_up: bool,
    /// More parameters for the provider; none of those that are ours.
    pub parameters: Vec<(String, String)>,
    /// What the caller wants carried along.
    pub data: Map<String, Value>,
    /// Who connects the account to their own; nobody signs in with it.
    pub link: Option<LinkTo>,
}

/// Somebody signed in who connects another account.
#[derive(Clone)]
pub struct LinkTo {
    /// Who, and in which session.
    pub caller: SignedIn,
    /// Their address: the account must have the same.
    pub email: String,
    /// The session's secret. Better Auth's state carries it, encrypted; ours carries the session's id.
    pub token: Option<SessionToken>,
}

/// Where to send the browser.
#[derive(Clone, Debug)]
pub struct Started {
    /// The provider's page.
    pub url: Url,
    /// The value of the signed state cookie.
    pub state: String,
}

/// Starts a flow.
///
/// # Errors
/// [`Error::NotFound`] for a provider that is not configured; [`Error::Upstream`] when it has to be asked where
/// its page is and does not say.
#[tracing::instrument(name = "oauth.start", skip_all, fields(provider = %start.provider))]
pub async fn start(backend: &Backend, start: &Start) -> Result<Started> {
    let provider = backend.providers.get(&start.provider).ok_or(Error::NotFound("provider"))?;
    // Before the rows: a provider that cannot be reached leaves nothing behind.
    provider.discover().await?;
    let link = start.link.as_ref().map(|link| link_of(backend, link));
    let begun = state::begin(backend, provider, start, link).await?;
    let ask = Ask {
        state: &begun.state,
        verifier: &begun.verifier,
        nonce: begun.nonce.as_deref(),
        scopes: &start.scopes,
        login_hint: start.login_hint.as_deref(),
        parameters: &start.parameters,
    };
    let url = exchange::authorization_url(provider, &redirect_url(backend, provider), &ask).await?;
    Ok(Started { url, state: begun.state })
}

/// Where the provider sends the browser back to: always on the configured origin.
pub(super) fn redirect_url(backend: &Backend, provider: &Provider) -> Url {
    let mut url = backend.settings.app_url.clone();
    url.set_path(&format!("/api/auth/callback/{}", provider.id()));
    url.set_query(None);
    url.set_fragment(None);
    url
}

fn link_of(backend: &Backend, link: &LinkTo) -> Link {
    let auth = &backend.settings.auth;
    let (encrypted_session_token, session_id) = match (auth.profile, &link.token) {
        (AuthProfile::BetterAuth, Some(token)) => {
            (Some(link_token::seal(&backend.random, &auth.secret, token.expose())), None)
        }
        _ => (None, Some(link.caller.session().to_string())),
    };
    let (user_id, email) = (link.caller.user().to_string(), link.email.clone());
    Link { user_id, email, encrypted_session_token, session_id }
}
