//! From an identity to a session: whose account it is, whether there is one, and whether there may be.

use domain::{Email, UserId};

use super::{
    Identity, Provider, SocialSignUp,
    accounts::{self, Account, Columns, NewAccount},
    claim,
    finish::Refusal,
    link,
    tokens::Tokens,
};
use crate::{
    Backend, Error, Result,
    auth::{Client, Method, SignIn, SignedIn, UserView, email, login, sessions, users},
    db::SystemTx,
};

/// Somebody else may write between the look and the act: then everything is looked at anew.
const TRIES: u32 = 3;

/// Somebody whom a provider has named.
pub(super) struct Arrival<'a> {
    pub(super) provider: &'a Provider,
    pub(super) identity: &'a Identity,
    pub(super) tokens: &'a Tokens,
    pub(super) client: &'a Client,
    /// The session this browser still has. The hardened profile ends it.
    pub(super) replaces: Option<&'a SignedIn>,
    pub(super) request_sign_up: bool,
}

/// A session or the challenge before it, and whether its person is new.
pub(super) struct Arrived {
    pub(super) outcome: SignIn,
    pub(super) new: bool,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub(super) enum SignInError {
    /// A rule says no.
    #[error("{0:?}")]
    Refused(Refusal),
    /// The rows could not be written; with the words for it.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<sqlx::Error> for SignInError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What is to be done.
enum Plan {
    Known { account: Account, user: UserView },
    Link { user: UserView, claim: bool },
    New { email: String },
}

impl Plan {
    /// Whether two looks found the same.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known { account: a, .. }, Self::Known { account: b, .. }) => a == b,
            (Self::Link { user: a, claim: c }, Self::Link { user: b, claim: d }) => {
                a.id == b.id && c == d
            }
            (Self::New { email: a }, Self::New { email: b }) => a == b,
            _ => false,
        }
    }

    /// What people are told when its rows cannot be written.
    fn failure(&self) -> Refusal {
        match self {
            Self::Known { .. } => Refusal::UnableToCreateSession,
            Self::Link { .. } => Refusal::UnableToLinkAccount,
            Self::New { .. } => Refusal::UnableToCreateUser,
        }
    }
}

/// Starts a session for somebody whom a provider has named.
pub(super) async fn sign_in(
    backend: &Backend,
    arrival: &Arrival<'_>,
) -> Result<Arrived, SignInError> {
    for _ in 0..TRIES {
        let mut tx = backend.db.system().read().await?;
        let plan = decide(&mut tx, backend, arrival).await?;
        drop(tx);
        match act(backend, arrival, &plan).await {
            Ok(Some(arrived)) => return Ok(arrived),
            // Somebody was quicker.
            Ok(None) | Err(SignInError::Failed(Error::AlreadyExists(_))) => {}
            Err(SignInError::Failed(error)) => {
                tracing::error!("a social sign-in failed: {}", crate::error::chain(&error));
                return Err(SignInError::Refused(plan.failure()));
            }
            Err(refused) => return Err(refused),
        }
    }
    Err(SignInError::Refused(Refusal::UnableToCreateSession))
}

async fn decide(
    tx: &mut SystemTx,
    backend: &Backend,
    arrival: &Arrival<'_>,
) -> Result<Plan, SignInError> {
    let Arrival { provider, identity, .. } = arrival;
    let hardened = backend.is_hardened();
    let address = identity.email_lower().ok_or(SignInError::Refused(Refusal::EmailNotFound))?;
    let mut accounts = accounts::of_subject(tx, provider, &identity.subject).await?;
    if accounts.len() > 1 {
        return Err(SignInError::Refused(Refusal::UnableToLinkAccount));
    }
    let known = accounts.pop();
    if known.as_ref().is_some_and(|account| !link::vouches(provider, account)) {
        return Err(SignInError::Refused(Refusal::AccountNotLinked));
    }
    let plan = if let Some(account) = known {
        let user = users::by_id(tx, &UserId::new(account.user_id.clone())).await?;
        Plan::Known { user: user.ok_or(Error::NotFound("user"))?, account }
    } else if let Some(user) = users::by_email(tx, &address).await? {
        link::may_connect(tx, backend, provider, identity, &user).await?;
        let claim = hardened && !user.email_verified;
        Plan::Link { user, claim }
    } else {
        may_sign_up(backend, arrival)?;
        if hardened && Email::parse(&address).is_err() {
            return Err(SignInError::Refused(Refusal::EmailNotFound));
        }
        Plan::New { email: address }
    };
    if hardened && backend.settings.auth.require_email_verification && !proves(&plan, identity) {
        return Err(SignInError::Refused(Refusal::EmailNotVerified));
    }
    Ok(plan)
}

fn may_sign_up(backend: &Backend, arrival: &Arrival<'_>) -> Result<(), SignInError> {
    let may = match backend.settings.oauth.sign_up {
        SocialSignUp::On => true,
        SocialSignUp::Requested => arrival.request_sign_up,
        SocialSignUp::Off => false,
    };
    if may { Ok(()) } else { Err(SignInError::Refused(Refusal::SignUpDisabled)) }
}

/// Whether the person's address is proven once the plan is done.
fn proves(plan: &Plan, identity: &Identity) -> bool {
    match plan {
        Plan::Known { user, .. } => user.email_verified || newly_proven(user, identity),
        Plan::Link { .. } => true,
        Plan::New { .. } => identity.email_verified,
    }
}

/// Whether the provider has just proven the address that the person has here.
fn newly_proven(user: &UserView, identity: &Identity) -> bool {
    !user.email_verified
        && identity.email_verified
        && identity.email_lower().is_some_and(|email| email == user.email.to_lowercase())
}

/// Does what was planned, unless the same look finds something else by now.
async fn act(
    backend: &Backend,
    arrival: &Arrival<'_>,
    plan: &Plan,
) -> Result<Option<Arrived>, SignInError> {
    let Arrival { provider, identity, tokens, .. } = arrival;
    let hardened = backend.is_hardened();
    let (account, mut user) = match plan {
        Plan::Known { account, user } => (account.id.clone(), user.clone()),
        Plan::Link { user, .. } => (backend.random.alphanumeric(32), user.clone()),
        Plan::New { email } => {
            (backend.random.alphanumeric(32), accounts::new_user(backend, identity, email.clone()))
        }
    };
    let columns = accounts::columns(backend, &account, &user.id, tokens).await?;

    let mut tx = backend.db.system().write().await?;
    accounts::lock(&mut tx, provider, &identity.subject).await?;
    if !decide(&mut tx, backend, arrival).await?.is_same(plan) {
        return Ok(None);
    }
    match plan {
        Plan::Known { .. } => {
            accounts::update(&mut tx, backend, &account, &columns, None).await?;
            accounts::note_issuer(&mut tx, backend, &account, provider).await?;
            if newly_proven(&user, identity) {
                accounts::verify_email(&mut tx, backend, &mut user).await?;
            }
        }
        Plan::Link { claim, .. } => {
            if *claim {
                claim::claim(&mut tx, backend, &mut user, identity).await?;
            }
            insert(&mut tx, backend, arrival, &account, &user.id, &columns).await?;
            link::note(&mut tx, backend, &user.id, &account, provider).await?;
        }
        Plan::New { .. } => {
            accounts::insert_user(&mut tx, backend, &user).await?;
            insert(&mut tx, backend, arrival, &account, &user.id, &columns).await?;
            if !user.email_verified {
                email::mail_verification(&mut tx, backend, &user, "").await?;
            }
        }
    }
    if let Some(old) = arrival.replaces.filter(|_| hardened) {
        sessions::replace(&mut tx, old).await?;
    }
    let method = Method::Social(provider.id().to_owned());
    let outcome = login::finish(&mut tx, backend, user, arrival.client, true, method).await?;
    tx.commit().await?;
    Ok(Some(Arrived { outcome, new: matches!(plan, Plan::New { .. }) }))
}

async fn insert(
    tx: &mut SystemTx,
    backend: &Backend,
    arrival: &Arrival<'_>,
    account: &str,
    user: &UserId,
    columns: &Columns,
) -> Result<()> {
    let new = NewAccount {
        id: account,
        user,
        provider: arrival.provider,
        subject: &arrival.identity.subject,
        columns,
        scopes: arrival.tokens.scopes.as_deref(),
    };
    accounts::insert(tx, backend, &new).await
}
