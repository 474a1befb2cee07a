//! When an account of a provider and a person belong together.
//!
//! Better Auth's rules, and in the hardened profile stricter ones: an address selects a person only where the
//! provider runs the mailbox, or where an operator trusts its word.

use domain::{UserId, activity::Action};

use super::{
    Identity, Provider,
    accounts::{self, Account, NewAccount},
    finish::Refusal,
    sign_in::SignInError,
    state::Link,
    tokens::Tokens,
};
use crate::{
    AuthProfile, Backend, Error, Result, Timestamp,
    audit::{self, Event},
    auth::{
        SessionToken, SignedIn, UserView,
        sessions::{self, Extend},
    },
    db::SystemTx,
    execute, fetch_optional,
};

/// Whether the issuer of an account is the one that this provider is today. The subject alone would let whoever
/// runs a provider's new address be anybody of the old one.
pub(super) fn vouches(provider: &Provider, account: &Account) -> bool {
    account.issuer.as_ref().is_none_or(|issuer| *issuer == provider.kind().issuer())
}

fn is_trusted(backend: &Backend, provider: &Provider) -> bool {
    backend.settings.oauth.trusted.iter().any(|id| id == provider.id())
}

/// Whether the address of `identity` connects it to `user`, who has the same.
pub(super) async fn may_connect(
    tx: &mut SystemTx,
    backend: &Backend,
    provider: &Provider,
    identity: &Identity,
    user: &UserView,
) -> Result<(), SignInError> {
    let trusted = is_trusted(backend, provider);
    let may = match backend.settings.auth.profile {
        AuthProfile::BetterAuth => (trusted || identity.email_verified) && user.email_verified,
        AuthProfile::Hardened => {
            let proven = identity.email_verified && (trusted || identity.runs_mailbox);
            // What an account that proves nothing wishes does not count either.
            proven && !(user.email_verified && wants_explicit(tx, &user.id).await?)
        }
    };
    if may { Ok(()) } else { Err(SignInError::Refused(Refusal::AccountNotLinked)) }
}

/// Connects an account to somebody who asked for it while signed in.
pub(super) async fn connect(
    backend: &Backend,
    provider: &Provider,
    identity: &Identity,
    tokens: &Tokens,
    user: &UserId,
    email: &str,
) -> Result<(), LinkError> {
    if !is_trusted(backend, provider) && !identity.email_verified {
        return Err(LinkError::NotAllowed);
    }
    if identity.email_lower() != Some(email.to_lowercase()) {
        return Err(LinkError::EmailDiffers);
    }
    let id = backend.random.alphanumeric(32);
    let mut tx = backend.db.system().read().await?;
    let known = accounts::of_subject(&mut tx, provider, &identity.subject).await?;
    drop(tx);
    let row = known.first().map_or(&*id, |account| &*account.id).to_owned();
    let columns = accounts::columns(backend, &row, user, tokens).await?;

    let mut tx = backend.db.system().write().await?;
    accounts::lock(&mut tx, provider, &identity.subject).await?;
    let now = accounts::of_subject(&mut tx, provider, &identity.subject).await?;
    match &*now {
        [] => {
            let new = NewAccount {
                id: &id,
                user,
                provider,
                subject: &identity.subject,
                columns: &columns,
                scopes: tokens.scopes.as_deref(),
            };
            accounts::insert(&mut tx, backend, &new).await?;
            note(&mut tx, backend, user, &id, provider).await?;
        }
        [account] if account.user_id != user.as_str() => return Err(LinkError::Elsewhere),
        // Sealed for another row, or vouched for by another issuer.
        [account] if account.id != row || !vouches(provider, account) => {
            return Err(LinkError::Failed);
        }
        [account] => {
            let scope = union(account.scope.as_deref(), tokens.scopes.as_deref());
            accounts::update(&mut tx, backend, &account.id, &columns, scope).await?;
            accounts::note_issuer(&mut tx, backend, &account.id, provider).await?;
        }
        _ => return Err(LinkError::Failed),
    }
    tx.commit().await?;
    tracing::info!(user.id = %user, provider = provider.id(), "an account was connected");
    Ok(())
}

/// Writes that an account opens the door to this person from now on.
pub(super) async fn note(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    account: &str,
    provider: &Provider,
) -> Result<()> {
    let event = Event::new(Action::ProviderLinked, Some(user)).subject("account", account);
    audit::record(tx, backend, event.note("provider", provider.id())).await
}

/// Why an account was not connected.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The provider does not say that the address is theirs, and is not trusted.
    #[error("the provider does not vouch for the address")]
    NotAllowed,
    /// The account has another address than the person.
    #[error("the addresses differ")]
    EmailDiffers,
    /// Somebody else has the account.
    #[error("the account belongs to another person")]
    Elsewhere,
    /// It could not be said whose it is.
    #[error("the account could not be connected")]
    Failed,
    /// The rows could not be written.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for LinkError {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

/// What was granted before and what was granted now, in order, each once.
fn union(before: Option<&str>, now: Option<&[String]>) -> Option<String> {
    let now = now?;
    let mut scopes: Vec<&str> =
        before.unwrap_or_default().split(',').filter(|scope| !scope.is_empty()).collect();
    for scope in now {
        if !scopes.contains(&&**scope) {
            scopes.push(scope);
        }
    }
    Some(scopes.join(","))
}

/// Whether the session that asked for a link is still there: what began in a session ends with it.
pub(super) async fn is_still_signed_in(backend: &Backend, link: &Link) -> Result<bool> {
    if let Some(sealed) = &link.encrypted_session_token {
        let secret = &backend.settings.auth.secret;
        let Some(token) = super::link_token::open(secret, sealed) else { return Ok(false) };
        let token = SessionToken::from_signed_cookie(token);
        let found = sessions::find(backend, &token, Extend::Never).await?;
        return Ok(found.is_some_and(|found| found.user.id.as_str() == link.user_id));
    }
    let mut tx = backend.db.system().read().await?;
    let alive: Option<(String,)> = fetch_optional!(
        tx,
        r#"
        select "id"
        from "session"
        where "id" = $1 and "userId" = $2 and "expiresAt" > $3
        "#,
        link.session_id.as_deref(),
        &link.user_id,
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(alive.is_some())
}

async fn wants_explicit(tx: &mut SystemTx, user: &UserId) -> Result<bool> {
    let row: Option<(String,)> = fetch_optional!(
        tx,
        r#"select "userId" from "explicit_linking" where "userId" = $1"#,
        user
    )?;
    Ok(row.is_some())
}

/// Whether the caller has switched implicit linking off: then an account of a provider is connected only in the
/// settings.
pub async fn explicit_linking_only(backend: &Backend, caller: &SignedIn) -> Result<bool> {
    let mut tx = backend.db.system().read().await?;
    wants_explicit(&mut tx, caller.user()).await
}

/// Switches implicit linking off or on for the caller.
#[tracing::instrument(name = "oauth.set_explicit_linking_only", skip_all, fields(user.id = %caller.user()))]
pub async fn set_explicit_linking_only(
    backend: &Backend,
    caller: &SignedIn,
    only: bool,
) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    if only {
        execute!(
            tx,
            r#"
            insert into "explicit_linking" ("userId", "createdAt")
            values ($1, $2)
            on conflict ("userId") do nothing
            "#,
            caller.user(),
            Timestamp::from(backend.clock.now()),
        )?;
    } else {
        execute!(tx, r#"delete from "explicit_linking" where "userId" = $1"#, caller.user())?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_added_in_order_and_once() {
        let now = ["openid".to_owned(), "calendar".to_owned()];

        assert_eq!(
            union(Some("email,openid"), Some(&now)).as_deref(),
            Some("email,openid,calendar")
        );
        assert_eq!(union(None, Some(&now)).as_deref(), Some("openid,calendar"));
        assert_eq!(union(Some("email"), None), None);
    }
}
