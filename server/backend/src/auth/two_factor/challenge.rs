//! What is owed after a right password: a challenge, named by a signed cookie, and no session until it is answered.

use domain::UserId;
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

use super::{FactorFailure, rows};
use crate::{
    Backend, Result,
    auth::{
        UserView, users,
        verification::{self, New, Purpose},
    },
    db::SystemTx,
    fetch_one,
};

/// How long a challenge waits for its answer.
pub const CHALLENGE_LIFE: Duration = Duration::minutes(10);
/// Wrong answers that one challenge takes.
const MOST_ATTEMPTS: u32 = 5;
const MARK: &str = "2fa-";
const LENGTH: usize = 20;

/// Names one challenge; whoever holds it has given the right password. Never printed.
#[derive(Clone, Debug)]
pub struct ChallengeToken(SecretString);

impl ChallengeToken {
    /// One that came in a cookie whose signature was right.
    pub fn from_signed_cookie(text: &str) -> Option<Self> {
        text.starts_with(MARK).then(|| Self(text.into()))
    }

    /// The text, for the cookie: `2fa-…`.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What finds the row: the text without its mark.
    pub(super) fn token(&self) -> &str {
        self.expose().strip_prefix(MARK).unwrap_or_default()
    }
}

/// A way to answer, in Better Auth's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorMethod {
    /// A code of an authenticator app.
    Totp,
    /// A mailed code.
    Otp,
}

/// A second factor that is owed.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// For the cookie.
    pub token: ChallengeToken,
    /// How it can be answered.
    pub methods: Vec<FactorMethod>,
    /// Whether the session that follows outlives the browser.
    pub remember: bool,
}

/// What the page of a challenge shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingChallenge {
    /// The person's address.
    pub email: String,
    /// Codes of an app, mailed codes.
    pub methods: Vec<FactorMethod>,
    /// Whether a backup code is left to be used.
    pub has_backup_codes: bool,
    /// Whether a passkey can answer.
    pub has_passkeys: bool,
}

/// Begins a challenge, in the transaction of the sign-in.
pub(in crate::auth) async fn start(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    remember: bool,
) -> Result<Challenge> {
    let token = ChallengeToken(format!("{MARK}{}", backend.random.alphanumeric(LENGTH)).into());
    let row = |purpose, token, value| New {
        purpose,
        token,
        value,
        user: Some(user),
        life: CHALLENGE_LIFE,
    };
    verification::put(tx, backend, row(Purpose::TwoFactor, token.token(), user.as_str())).await?;
    verification::put(tx, backend, row(Purpose::TwoFactorAttempts, token.expose(), "0")).await?;
    let methods = methods(rows::find(tx, user).await?.as_ref());
    Ok(Challenge { token, methods, remember })
}

fn methods(row: Option<&rows::Row>) -> Vec<FactorMethod> {
    let totp = row.filter(|row| row.verified).map(|_| FactorMethod::Totp);
    totp.into_iter().chain([FactorMethod::Otp]).collect()
}

/// Whose challenge it is; it stays open.
pub(in crate::auth) async fn owner(
    tx: &mut SystemTx,
    backend: &Backend,
    token: &ChallengeToken,
) -> Result<UserView, FactorFailure> {
    let user = verification::peek(tx, backend, Purpose::TwoFactor, token.token()).await?;
    let user = UserId::new(user.ok_or(FactorFailure::ChallengeOver)?);
    users::by_id(tx, &user).await?.ok_or(FactorFailure::ChallengeOver)
}

/// Ends the challenge for whoever answers it; of two that come at once, one gets it.
pub(in crate::auth) async fn spend(
    tx: &mut SystemTx,
    backend: &Backend,
    token: &ChallengeToken,
    user: &UserId,
) -> Result<(), FactorFailure> {
    verification::take(tx, backend, Purpose::TwoFactorAttempts, token.expose()).await?;
    let owner = verification::take(tx, backend, Purpose::TwoFactor, token.token()).await?;
    if owner.as_deref() == Some(user.as_str()) { Ok(()) } else { Err(FactorFailure::ChallengeOver) }
}

/// What the page of a challenge shows.
///
/// # Errors
/// [`FactorFailure::ChallengeOver`].
pub async fn pending(
    backend: &Backend,
    token: &ChallengeToken,
) -> Result<PendingChallenge, FactorFailure> {
    let mut tx = backend.db.system().read().await?;
    let user = owner(&mut tx, backend, token).await?;
    let row = rows::find(&mut tx, &user.id).await?;
    let (passkeys,): (i64,) =
        fetch_one!(tx, r#"select count(*) from "passkey" where "userId" = $1"#, &user.id)?;
    let codes = row.as_ref().map(|row| super::backup_codes::left(backend, &row.backup_codes));
    Ok(PendingChallenge {
        email: user.email,
        methods: methods(row.as_ref()),
        has_backup_codes: codes.transpose()?.is_some_and(|left| left > 0),
        has_passkeys: passkeys > 0,
    })
}

/// One try at a challenge. The count is taken out of its row first, so that tries come one after the other; it is
/// written back by [`Attempt::failed`] or [`Attempt::undone`].
pub(super) struct Attempt<'a> {
    token: &'a ChallengeToken,
    user: &'a UserId,
    so_far: u32,
}

impl<'a> Attempt<'a> {
    /// Begins a try.
    ///
    /// # Errors
    /// [`FactorFailure::TooManyAttempts`] ends the challenge: commit `tx` then as well.
    pub(super) async fn begin(
        tx: &mut SystemTx,
        backend: &Backend,
        token: &'a ChallengeToken,
        user: &'a UserId,
    ) -> Result<Self, FactorFailure> {
        let count =
            verification::take(tx, backend, Purpose::TwoFactorAttempts, token.expose()).await?;
        let count = count.ok_or(FactorFailure::ChallengeOver)?;
        let so_far = count.parse().unwrap_or(MOST_ATTEMPTS);
        if so_far >= MOST_ATTEMPTS {
            verification::take(tx, backend, Purpose::TwoFactor, token.token()).await?;
            return Err(FactorFailure::TooManyAttempts);
        }
        Ok(Self { token, user, so_far })
    }

    /// The answer was wrong.
    pub(super) async fn failed(self, tx: &mut SystemTx, backend: &Backend) -> Result<()> {
        self.write(tx, backend, self.so_far + 1).await
    }

    /// There was nothing to compare the answer with.
    pub(super) async fn undone(self, tx: &mut SystemTx, backend: &Backend) -> Result<()> {
        self.write(tx, backend, self.so_far).await
    }

    async fn write(&self, tx: &mut SystemTx, backend: &Backend, count: u32) -> Result<()> {
        let new = New {
            purpose: Purpose::TwoFactorAttempts,
            token: self.token.expose(),
            value: &count.to_string(),
            user: Some(self.user),
            life: CHALLENGE_LIFE,
        };
        verification::put(tx, backend, new).await
    }
}
