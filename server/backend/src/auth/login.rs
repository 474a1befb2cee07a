//! What every way in ends with: a session, once each factor has been passed.

use super::{SessionToken, SessionView, UserView, sessions};
use crate::{Backend, Result, db::SystemTx};

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The client's address, after trusted proxies; empty when unknown.
    pub ip: String,
    /// The `User-Agent` header; empty when absent.
    pub user_agent: String,
    /// The random id in this browser's signed device cookie.
    pub device: Option<String>,
}

/// How somebody came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// By signing up.
    SignUp,
    /// By address and password.
    Password,
    /// By an account at this provider.
    Social(String),
    /// By a passkey.
    Passkey,
    /// By a code or passkey after a password.
    SecondFactor,
    /// By a link in a mail.
    MailLink,
    /// By changing the password: the new session takes the old one's place.
    NewPassword,
    /// By proving a new address: the new session takes the old one's place.
    NewAddress,
}

/// A new session.
#[derive(Clone, Debug)]
pub struct Login {
    /// The person.
    pub user: UserView,
    /// The session.
    pub session: SessionView,
    /// Its secret, for the cookie.
    pub token: SessionToken,
    /// Whether the cookie outlives the browser.
    pub remember: bool,
}

/// Starts the session of somebody who has passed every factor.
pub(in crate::auth) async fn complete(
    tx: &mut SystemTx,
    backend: &Backend,
    user: UserView,
    client: &Client,
    remember: bool,
    method: Method,
) -> Result<Login> {
    let (session, token) = sessions::start(tx, backend, &user.id, client, remember).await?;
    tracing::info!(user.id = %user.id, method = ?method, "signed in");
    Ok(Login { user, session, token, remember })
}
