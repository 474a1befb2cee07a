//! What every way in ends with: a session, once each factor has been passed.

use domain::{activity::Action, user_agent};

use super::{
    SessionToken, SessionView, SignIn, UserView,
    devices::{self, Arrival},
    links, mails, sessions,
    two_factor::{self, Owed, TrustedDevice},
};
use crate::{
    Backend, Result,
    audit::{self, Event},
    db::SystemTx,
    mail,
};

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The client's address, after trusted proxies; empty when unknown.
    pub ip: String,
    /// The `User-Agent` header; empty when absent.
    pub user_agent: String,
    /// The random id in this browser's signed device cookie.
    pub device: Option<String>,
    /// The id that the answer gives this browser; none where answers set no such cookie.
    pub next_device: Option<String>,
    /// What this browser's signed `trust_device` cookie holds.
    pub trusted: Option<String>,
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
    /// By switching the second factor on or off: the new session takes the old one's place.
    NewFactor,
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
    /// The id for this browser's device cookie, where the answer sets one.
    pub device: Option<String>,
    /// The next `trust_device` cookie, where this browser is not to be asked for a second factor.
    pub trusted_device: Option<TrustedDevice>,
}

/// Ends a way in: with a session, or with a challenge where a second factor is owed. Commit `tx` either way.
pub(in crate::auth) async fn finish(
    tx: &mut SystemTx,
    backend: &Backend,
    user: UserView,
    client: &Client,
    remember: bool,
    method: Method,
) -> Result<SignIn> {
    let owed = two_factor::owed(tx, backend, &user, client, remember, &method).await?;
    let trusted_device = match owed {
        Owed::Factor(challenge) => return Ok(SignIn::SecondFactor(challenge)),
        Owed::Trusted(device) => Some(device),
        Owed::Nothing => None,
    };
    let login = complete(tx, backend, user, client, remember, method).await?;
    Ok(SignIn::Done(Login { trusted_device, ..login }))
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
    let mut device = None;
    if let Some((action, code)) = method.arrival() {
        let arrival = devices::arrive(tx, backend, &user.id, client).await?;
        let hardened = backend.is_hardened();
        if hardened && arrival == Arrival::Unknown {
            let device = user_agent::in_words(&client.user_agent);
            let (now, link) = (backend.clock.now(), links::page(backend, "/settings/security"));
            let letter = mails::new_device(&device, &client.ip, now, link);
            mail::post(tx, backend, &user.email, &letter).await?;
        }
        let event = Event::new(action, Some(&user.id)).session(&session.id);
        let event = event.note("method", code).note("device", arrival.code());
        audit::record(tx, backend, event).await?;
        device.clone_from(&client.next_device);
    }
    tracing::info!(user.id = %user.id, method = ?method, "signed in");
    Ok(Login { user, session, token, remember, device, trusted_device: None })
}

impl Method {
    /// What the trail says of somebody who came in this way; nothing where they were here before.
    fn arrival(&self) -> Option<(Action, &str)> {
        Some(match self {
            Self::SignUp => (Action::SignUp, "password"),
            Self::Password => (Action::SignIn, "password"),
            Self::Social(provider) => (Action::SignIn, provider),
            Self::Passkey => (Action::SignIn, "passkey"),
            Self::SecondFactor => (Action::SignIn, "second_factor"),
            Self::MailLink => (Action::SignIn, "mail_link"),
            Self::NewPassword | Self::NewAddress | Self::NewFactor => return None,
        })
    }
}
