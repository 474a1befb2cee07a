//! Codes of somebody signed in: the first one switches the factor on, any other proves it once more.

use domain::activity::Action;
use secrecy::{ExposeSecret, SecretString};

use super::{
    FactorCode, FactorFailure, Passed,
    answer::spend_backup_code,
    letters, otp,
    rows::{self, Row},
    secret, totp,
};
use crate::{
    AuthProfile, Backend, Result, SignedIn,
    audit::{self, Event},
    auth::{
        Client, Login, Method, UserView, login,
        member::{self, Member},
        sessions,
    },
    db::SystemTx,
    mail,
};

/// Checks a code of the caller. The first right one switches the factor on and replaces the session:
/// [`Passed::login`] is the new one.
#[tracing::instrument(name = "two_factor.confirm", skip_all, fields(user.id = %caller.user()))]
pub async fn confirm(
    backend: &Backend,
    caller: &SignedIn,
    code: &FactorCode,
    client: &Client,
) -> Result<Passed, FactorFailure> {
    let member = Member::load(backend, caller).await?;
    let mut tx = backend.db.system().read().await?;
    let row = rows::find(&mut tx, caller.user()).await?;
    drop(tx);
    let check = Check { backend, caller, member: &member, client };
    super::counted(backend, caller.user(), async {
        match code {
            FactorCode::Totp(code) => check.totp(row, code).await,
            FactorCode::Otp(code) => check.otp(row, code).await,
            FactorCode::Backup(code) => check.backup(row, code).await,
        }
    })
    .await
}

struct Check<'a> {
    backend: &'a Backend,
    caller: &'a SignedIn,
    member: &'a Member,
    client: &'a Client,
}

impl Check<'_> {
    async fn totp(&self, row: Option<Row>, code: &SecretString) -> Result<Passed, FactorFailure> {
        let row = row.ok_or(FactorFailure::TotpNotEnabled)?;
        let now = self.backend.clock.now();
        self.check_lock(&row)?;
        let user = &self.member.user.id;
        let key = secret::open(self.backend, &row.id, user, &row.secret).await?;
        let Some(step) = totp::matching_step(&key, code.expose_secret(), now) else {
            self.count_failure(&row).await?;
            return Err(FactorFailure::CodeWrong);
        };

        let mut tx = self.backend.db.system().write().await?;
        if !rows::accept_step(&mut tx, self.backend, &row, step).await? {
            drop(tx);
            self.count_failure(&row).await?;
            return Err(FactorFailure::CodeWrong);
        }
        if !row.verified {
            rows::verify(&mut tx, &row).await?;
        }
        self.proved(tx).await
    }

    async fn otp(&self, row: Option<Row>, code: &SecretString) -> Result<Passed, FactorFailure> {
        // Switching the factor on by mail alone asks for no password.
        if !self.member.user.two_factor_enabled && !self.member.is_recent(self.backend) {
            return Err(FactorFailure::NotFresh);
        }
        if let Some(row) = &row {
            self.check_lock(row)?;
        }
        let mut tx = self.backend.db.system().write().await?;
        let (key, user) = (otp::key_of(self.caller), self.caller.user());
        let checked = otp::check(&mut tx, self.backend, &key, user, code.expose_secret()).await;
        if let Err(failure) = checked {
            tx.commit().await?;
            if let (FactorFailure::CodeWrong, Some(row)) = (&failure, &row) {
                self.count_failure(row).await?;
            }
            return Err(failure);
        }
        self.proved(tx).await
    }

    async fn backup(&self, row: Option<Row>, code: &SecretString) -> Result<Passed, FactorFailure> {
        let row = row.ok_or(FactorFailure::NoBackupCodes)?;
        self.check_lock(&row)?;
        let mut tx = self.backend.db.system().write().await?;
        let (user, code) = (self.caller.user(), code.expose_secret());
        let left = spend_backup_code(&mut tx, self.backend, user, &row, code).await?;
        if left.is_none() {
            drop(tx);
            self.count_failure(&row).await?;
            return Err(FactorFailure::BackupCodeWrong);
        }
        rows::forgive(&mut tx, &row).await?;
        member::note_factor(&mut tx, self.backend, self.caller.session()).await?;
        tx.commit().await?;
        let user = self.member.user.clone();
        Ok(Passed { user, login: None, backup_codes_left: left })
    }

    /// Switches the factor on, or notes that this session has just proved it.
    async fn proved(&self, mut tx: SystemTx) -> Result<Passed, FactorFailure> {
        let login = if self.member.user.two_factor_enabled {
            member::note_factor(&mut tx, self.backend, self.caller.session()).await?;
            None
        } else {
            let login = switch(&mut tx, self.backend, self.caller, self.member, self.client, true);
            Some(login.await?)
        };
        tx.commit().await?;
        let user =
            login.as_ref().map_or_else(|| self.member.user.clone(), |login| login.user.clone());
        Ok(Passed { user, login, backup_codes_left: None })
    }

    /// Better Auth counts answers to challenges alone. Here a stolen session cannot be used to guess either.
    fn check_lock(&self, row: &Row) -> Result<(), FactorFailure> {
        match self.backend.settings.auth.profile {
            AuthProfile::Hardened => row.check_lock(self.backend.clock.now()),
            AuthProfile::BetterAuth => Ok(()),
        }
    }

    async fn count_failure(&self, row: &Row) -> Result<()> {
        if self.backend.is_hardened() {
            let mut tx = self.backend.db.system().write().await?;
            rows::count_failure(&mut tx, self.backend, row).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Switches the factor on or off, tells the person, and puts a new session in the place of the caller's.
pub(super) async fn switch(
    tx: &mut SystemTx,
    backend: &Backend,
    caller: &SignedIn,
    member: &Member,
    client: &Client,
    on: bool,
) -> Result<Login> {
    rows::set_enabled(tx, backend, caller.user(), on).await?;
    if on || member.user.two_factor_enabled {
        let letter =
            if on { letters::switched_on(backend) } else { letters::switched_off(backend) };
        mail::post(tx, backend, &member.user.email, &letter).await?;
        let action = if on { Action::SecondFactorOn } else { Action::SecondFactorOff };
        audit::record(tx, backend, Event::by(action, caller)).await?;
    }
    let user =
        UserView { two_factor_enabled: on, updated_at: backend.clock.now(), ..member.user.clone() };
    sessions::replace(tx, caller).await?;
    let remember = member.remembered;
    let login = login::complete(tx, backend, user, client, remember, Method::NewFactor).await?;
    if on {
        member::note_factor(tx, backend, &login.session.id).await?;
    }
    Ok(login)
}
