//! Answering a challenge: the last step of a sign-in.

use domain::{UserId, activity::Action};
use secrecy::{ExposeSecret, SecretString};

use super::{
    ChallengeToken, FactorFailure, backup_codes,
    challenge::{self, Attempt},
    otp,
    rows::{self, Row},
    secret, totp, trust,
};
use crate::{
    AuthProfile, Backend, Result,
    audit::{self, Event},
    auth::{Client, Login, Method, UserView, login, member},
    db::SystemTx,
};

/// What somebody typed.
#[derive(Clone, Debug)]
pub enum FactorCode {
    /// A code of an authenticator app.
    Totp(SecretString),
    /// A mailed code.
    Otp(SecretString),
    /// A backup code.
    Backup(SecretString),
}

/// An answer to a challenge.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The code.
    pub code: FactorCode,
    /// Whether this browser is not to be asked for 30 days.
    pub trust_device: bool,
    /// Whether the code is to be spent without a session (Better Auth's `disableSession`).
    pub without_session: bool,
    /// Whether the session outlives the browser.
    pub remember: bool,
}

/// A code that was right.
#[derive(Clone, Debug)]
pub struct Passed {
    /// Whose it was.
    pub user: UserView,
    /// The session that began with it, if one did.
    pub login: Option<Login>,
    /// After a backup code: how many are left.
    pub backup_codes_left: Option<usize>,
}

/// Ends the sign-in of whoever holds the challenge and a right code.
#[tracing::instrument(name = "two_factor.answer", skip_all)]
pub async fn answer(
    backend: &Backend,
    token: &ChallengeToken,
    answer: &Answer,
    client: &Client,
) -> Result<Passed, FactorFailure> {
    let mut tx = backend.db.system().read().await?;
    let user = challenge::owner(&mut tx, backend, token).await?;
    let row = rows::find(&mut tx, &user.id).await?;
    drop(tx);
    let attempt = Try { backend, token, user: &user, answer, client };
    super::counted(backend, &user.id, async {
        match &answer.code {
            FactorCode::Totp(code) => attempt.totp(row.as_ref(), code.expose_secret()).await,
            FactorCode::Otp(code) => attempt.otp(row.as_ref(), code.expose_secret()).await,
            FactorCode::Backup(code) => attempt.backup(row.as_ref(), code.expose_secret()).await,
        }
    })
    .await
}

/// Ends the challenge and begins the session.
pub(in crate::auth) async fn finish(
    tx: &mut SystemTx,
    backend: &Backend,
    token: &ChallengeToken,
    user: &UserView,
    client: &Client,
    remember: bool,
    trust_device: bool,
) -> Result<Login, FactorFailure> {
    challenge::spend(tx, backend, token, &user.id).await?;
    let user = user.clone();
    let mut login =
        login::complete(tx, backend, user, client, remember, Method::SecondFactor).await?;
    member::note_factor(tx, backend, &login.session.id).await?;
    if trust_device {
        let event = Event::new(Action::DeviceTrusted, Some(&login.user.id));
        audit::record(tx, backend, event.session(&login.session.id)).await?;
        login.trusted_device = Some(trust::trust(tx, backend, &login.user.id, client).await?);
    }
    Ok(login)
}

struct Try<'a> {
    backend: &'a Backend,
    token: &'a ChallengeToken,
    user: &'a UserView,
    answer: &'a Answer,
    client: &'a Client,
}

impl<'a> Try<'a> {
    async fn totp(&self, row: Option<&Row>, code: &str) -> Result<Passed, FactorFailure> {
        let row = row.filter(|row| row.verified).ok_or(FactorFailure::TotpNotEnabled)?;
        let now = self.backend.clock.now();
        row.check_lock(now)?;
        let key = secret::open(self.backend, &row.id, &self.user.id, &row.secret).await?;
        let step = totp::matching_step(&key, code, now);

        let (mut tx, attempt) = self.begin().await?;
        let right = match step {
            Some(step) => rows::accept_step(&mut tx, self.backend, row, step).await?,
            None => false,
        };
        if right {
            return self.passed(tx, None).await;
        }
        self.failed(tx, Some(attempt), Some(row)).await?;
        Err(FactorFailure::CodeWrong)
    }

    async fn otp(&self, row: Option<&Row>, code: &str) -> Result<Passed, FactorFailure> {
        if let Some(row) = row {
            row.check_lock(self.backend.clock.now())?;
        }
        // Better Auth counts wrong answers at the mailed code alone, and a new code begins a new count.
        let (mut tx, attempt) = match self.backend.settings.auth.profile {
            AuthProfile::Hardened => self.begin().await.map(|(tx, attempt)| (tx, Some(attempt)))?,
            AuthProfile::BetterAuth => (self.backend.db.system().write().await?, None),
        };
        match otp::check(&mut tx, self.backend, self.token.expose(), &self.user.id, code).await {
            Ok(()) => {
                if let Some(row) = row {
                    rows::forgive(&mut tx, row).await?;
                }
                self.passed(tx, None).await
            }
            Err(FactorFailure::CodeWrong) => {
                self.failed(tx, attempt, row).await?;
                Err(FactorFailure::CodeWrong)
            }
            Err(failure) => {
                if let Some(attempt) = attempt {
                    attempt.undone(&mut tx, self.backend).await?;
                }
                tx.commit().await?;
                Err(failure)
            }
        }
    }

    async fn backup(&self, row: Option<&Row>, code: &str) -> Result<Passed, FactorFailure> {
        let row = row.ok_or(FactorFailure::NoBackupCodes)?;
        row.check_lock(self.backend.clock.now())?;
        let (mut tx, attempt) = self.begin().await?;
        let left = spend_backup_code(&mut tx, self.backend, &self.user.id, row, code).await?;
        if left.is_some() {
            rows::forgive(&mut tx, row).await?;
            return self.passed(tx, left).await;
        }
        self.failed(tx, Some(attempt), Some(row)).await?;
        Err(FactorFailure::BackupCodeWrong)
    }

    /// Takes one of the challenge's tries. That there are none left is written down as well.
    async fn begin(&self) -> Result<(SystemTx, Attempt<'a>), FactorFailure> {
        let mut tx = self.backend.db.system().write().await?;
        match Attempt::begin(&mut tx, self.backend, self.token, &self.user.id).await {
            Err(FactorFailure::TooManyAttempts) => {
                tx.commit().await?;
                Err(FactorFailure::TooManyAttempts)
            }
            attempt => Ok((tx, attempt?)),
        }
    }

    async fn passed(
        &self,
        mut tx: SystemTx,
        backup_codes_left: Option<usize>,
    ) -> Result<Passed, FactorFailure> {
        let Answer { remember, trust_device, without_session, .. } = *self.answer;
        let login = if without_session {
            None
        } else {
            let (backend, token, user) = (self.backend, self.token, self.user);
            Some(finish(&mut tx, backend, token, user, self.client, remember, trust_device).await?)
        };
        tx.commit().await?;
        Ok(Passed { user: self.user.clone(), login, backup_codes_left })
    }

    async fn failed(
        &self,
        mut tx: SystemTx,
        attempt: Option<Attempt<'_>>,
        row: Option<&Row>,
    ) -> Result<()> {
        if let Some(attempt) = attempt {
            attempt.failed(&mut tx, self.backend).await?;
        }
        if let Some(row) = row {
            rows::count_failure(&mut tx, self.backend, row).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Takes a code out of the list; answers how many are left, or nothing when it is not among them.
pub(super) async fn spend_backup_code(
    tx: &mut SystemTx,
    backend: &Backend,
    user: &UserId,
    row: &Row,
    code: &str,
) -> Result<Option<usize>> {
    let Some(stored) = rows::lock_backup_codes(tx, row).await? else { return Ok(None) };
    let Some(rest) = backup_codes::spend(backend, user, &stored, code)? else { return Ok(None) };
    rows::set_backup_codes(tx, &row.id, &rest).await?;
    audit::record(tx, backend, Event::new(Action::BackupCodeUsed, Some(user))).await?;
    Ok(Some(backup_codes::left(backend, &rest)?))
}

impl FactorCode {
    /// Six digits are a code of an app; anything else is a backup code.
    pub fn of_app_or_backup(text: String) -> Self {
        let six = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        if six { Self::Totp(text.into()) } else { Self::Backup(text.into()) }
    }
}
