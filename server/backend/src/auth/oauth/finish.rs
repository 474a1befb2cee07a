//! The way back: what the provider says of the person whom we sent there.

use super::{
    Provider, exchange, identity,
    link::{self, LinkError},
    sign_in::{self, Arrival, SignInError},
    start::redirect_url,
    state::{self, Spent, State},
};
use crate::{
    Backend, Error, Result,
    auth::{Client, Login, SignIn, SignedIn, two_factor::Challenge},
};

/// What comes back with the browser.
#[derive(Clone, Default)]
pub struct Callback {
    /// The provider's id, from the path.
    pub provider: String,
    /// The state.
    pub state: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The provider's error.
    pub error: Option<String>,
    /// Its words about it.
    pub error_description: Option<String>,
    /// Who answers (RFC 9207).
    pub issuer: Option<String>,
    /// The state in this browser's signed cookie.
    pub cookie: Option<String>,
    /// Where the request comes from.
    pub client: Client,
    /// The session this browser still has.
    pub replaces: Option<SignedIn>,
}

/// Where a flow ends.
pub struct Finished {
    /// What became of it.
    pub landing: Landing,
    /// Whether the state is spent, so that its cookie goes.
    pub spent: bool,
}

/// What became of a flow.
pub enum Landing {
    /// Somebody is signed in and goes there.
    SignedIn(Box<Login>, String),
    /// The provider's word is good, and a second factor is owed before they go there.
    SecondFactor(Challenge, String),
    /// The account is connected; back to there.
    Linked(String),
    /// It failed: to the caller's error page, or ours where there is none, with a code.
    Refused {
        /// The caller's error page.
        to: Option<String>,
        /// Our code, or the provider's.
        code: String,
        /// The provider's words.
        description: Option<String>,
    },
}

/// Why a flow ends without a session, in Better Auth's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No state came.
    StateNotFound,
    /// It is unknown, spent, over, or another browser's.
    StateMismatch,
    /// No code came.
    NoCode,
    /// The provider is not configured.
    ProviderNotFound,
    /// Another provider answers than the one that was asked.
    IssuerMismatch,
    /// The provider gives no tokens for the code.
    InvalidCode,
    /// The tokens do not say who it is.
    NoUserInfo,
    /// The provider gives no address.
    EmailNotFound,
    /// Somebody has the address, and it alone does not connect the two.
    AccountNotLinked,
    /// Nobody may sign up this way.
    SignUpDisabled,
    /// The address has to be proven first.
    EmailNotVerified,
    /// The person could not be written.
    UnableToCreateUser,
    /// The session could not be written.
    UnableToCreateSession,
    /// The account could not be connected.
    UnableToLinkAccount,
    /// The account has another address than the person.
    EmailDoesNotMatch,
    /// Somebody else has the account.
    LinkedElsewhere,
}

impl Refusal {
    /// Better Auth's code.
    pub fn code(self) -> &'static str {
        match self {
            Self::StateNotFound => "state_not_found",
            Self::StateMismatch => "state_mismatch",
            Self::NoCode => "no_code",
            Self::ProviderNotFound => "oauth_provider_not_found",
            Self::IssuerMismatch => "issuer_mismatch",
            Self::InvalidCode => "invalid_code",
            Self::NoUserInfo => "unable_to_get_user_info",
            Self::EmailNotFound => "email_not_found",
            Self::AccountNotLinked => "account_not_linked",
            Self::SignUpDisabled => "signup_disabled",
            Self::EmailNotVerified => "email_not_verified",
            Self::UnableToCreateUser => "unable_to_create_user",
            Self::UnableToCreateSession => "unable_to_create_session",
            Self::UnableToLinkAccount => "unable_to_link_account",
            Self::EmailDoesNotMatch => "email_does_not_match",
            Self::LinkedElsewhere => "account_already_linked_to_different_user",
        }
    }

    fn at(self, to: Option<String>) -> Landing {
        Landing::Refused { to, code: self.code().to_owned(), description: None }
    }
}

/// Finishes a flow. Whatever the person or the provider did wrong is a [`Landing`]; errors are ours.
#[tracing::instrument(name = "oauth.finish", skip_all, fields(provider = %callback.provider))]
pub async fn finish(backend: &Backend, callback: &Callback) -> Result<Finished> {
    let kept = |landing| Finished { landing, spent: false };
    let spent = |landing| Finished { landing, spent: true };
    let Some(text) = callback.state.as_deref().filter(|state| !state.is_empty()) else {
        return Ok(kept(Refusal::StateNotFound.at(None)));
    };
    let Some(state) = state::peek(backend, text).await? else {
        return Ok(kept(Refusal::StateMismatch.at(None)));
    };
    let foreign = callback.cookie.as_deref() != Some(text);
    if foreign && !backend.is_hardened() {
        // The right browser can still finish.
        return Ok(kept(Refusal::StateMismatch.at(state.error_url)));
    }
    let Some(state) = state::spend(backend, text).await? else {
        return Ok(kept(Refusal::StateMismatch.at(None)));
    };
    let errors = state.state.error_url.clone();
    if foreign || state.state.is_over(backend.clock.now()) {
        return Ok(spent(Refusal::StateMismatch.at(errors)));
    }
    if let Some(code) = callback.error.clone().filter(|error| !error.is_empty()) {
        let description = callback.error_description.clone().filter(|text| !text.is_empty());
        return Ok(spent(Landing::Refused { to: errors, code, description }));
    }
    let landing = match exchanged(backend, callback, &state).await {
        Ok(landing) => landing,
        Err(refusal) => {
            tracing::info!(code = refusal.code(), "a social sign-in was refused");
            refusal.at(errors)
        }
    };
    Ok(spent(landing))
}

/// The part of the flow in which the provider is asked.
async fn exchanged(
    backend: &Backend,
    callback: &Callback,
    spent: &Spent,
) -> Result<Landing, Refusal> {
    let code = callback.code.as_deref().filter(|code| !code.is_empty()).ok_or(Refusal::NoCode)?;
    let provider = backend.providers.get(&callback.provider).ok_or(Refusal::ProviderNotFound)?;
    check_issuer(provider, callback, spent)?;
    let redirect = redirect_url(backend, provider);
    let tokens = exchange::code(provider, &redirect, code, &spent.verifier).await;
    let tokens = tokens.map_err(|error| {
        tracing::warn!(provider = provider.id(), "no tokens for a code: {error}");
        Refusal::InvalidCode
    })?;
    let identity = identity::of_new_tokens(provider, &tokens, spent.nonce.as_deref()).await;
    let identity = identity.map_err(|error| noted(&error, Refusal::NoUserInfo))?;
    let identity = identity.ok_or(Refusal::NoUserInfo)?;

    if let Some(link) = &spent.state.link {
        let still = link::is_still_signed_in(backend, link).await;
        if !still.map_err(|error| noted(&error, Refusal::UnableToLinkAccount))? {
            return Err(Refusal::UnableToLinkAccount);
        }
        let user = link.user_id.clone().into();
        link::connect(backend, provider, &identity, &tokens, &user, &link.email)
            .await
            .map_err(refused_link)?;
        return Ok(Landing::Linked(spent.state.callback_url.clone()));
    }
    let arrival = Arrival {
        provider,
        identity: &identity,
        tokens: &tokens,
        client: &callback.client,
        replaces: callback.replaces.as_ref(),
        request_sign_up: spent.state.request_sign_up == Some(true),
    };
    let arrived = sign_in::sign_in(backend, &arrival).await.map_err(|error| match error {
        SignInError::Refused(refusal) => refusal,
        SignInError::Failed(error) => noted(&error, Refusal::UnableToCreateSession),
    })?;
    let to = target(&spent.state, arrived.new);
    Ok(match arrived.outcome {
        SignIn::Done(login) => Landing::SignedIn(Box::new(login), to),
        SignIn::SecondFactor(challenge) => Landing::SecondFactor(challenge, to),
    })
}

fn target(state: &State, new: bool) -> String {
    let welcome = state.new_user_url.clone().filter(|_| new);
    welcome.unwrap_or_else(|| state.callback_url.clone())
}

/// Whoever answers must be whom we asked (RFC 9207; RFC 9700 4.4).
fn check_issuer(provider: &Provider, callback: &Callback, spent: &Spent) -> Result<(), Refusal> {
    let asked = spent.provider.as_deref().is_none_or(|asked| asked == provider.id());
    let issuer = callback.issuer.as_deref();
    let answers =
        issuer.is_none_or(|issuer| provider.kind().is_issuer(issuer, &serde_json::Map::new()));
    if asked && answers { Ok(()) } else { Err(Refusal::IssuerMismatch) }
}

fn refused_link(error: LinkError) -> Refusal {
    match error {
        LinkError::NotAllowed | LinkError::Failed => Refusal::UnableToLinkAccount,
        LinkError::EmailDiffers => Refusal::EmailDoesNotMatch,
        LinkError::Elsewhere => Refusal::LinkedElsewhere,
        LinkError::Other(error) => noted(&error, Refusal::UnableToLinkAccount),
    }
}

fn noted(error: &Error, refusal: Refusal) -> Refusal {
    tracing::error!(code = refusal.code(), "a callback failed: {}", crate::error::chain(error));
    refusal
}
