//! How open rounds stand: deposits arrive or come back, their receiver is reminded, and those that nobody answers lapse.

use domain::{
    RoundId, UserId,
    states::verification::{Event, VerificationState},
    verification::{Failure, lapses_at},
};
use time::OffsetDateTime;

use super::{
    letters::{self, About},
    rows::{self, Row},
    state::{self, Means},
};
use crate::{
    Backend, Error, Result,
    accounts::proof::{self, Proof},
    auth::address_of,
    banks::DepositStatus,
    db::{SystemTx, UserTx},
    jobs::{self, Job, Options},
    mail, preferences,
};

/// Tries of one look before the next one comes anyway.
const ATTEMPTS: i64 = 3;

/// Enqueues a look at each open round.
#[tracing::instrument(name = "verification.check_deposits", skip_all)]
pub(crate) async fn check_deposits(backend: &Backend) -> Result<SystemTx> {
    let mut tx = backend.db.system().write().await?;
    let open = rows::open(&mut tx).await?;
    for (round, user) in open {
        let key = Some(state::key(&round));
        let options = Options { key, max_attempts: Some(ATTEMPTS), ..Options::default() };
        jobs::enqueue(&mut tx, backend, &Job::CheckRound { user, round }, options).await?;
    }
    Ok(tx)
}

/// Looks how one round stands.
#[tracing::instrument(name = "verification.check_round", skip_all, fields(user.id = %user, round.id = %round))]
pub(crate) async fn check_round(
    backend: &Backend,
    user: &UserId,
    round: &RoundId,
) -> Result<SystemTx> {
    look(backend, user, round).await?;
    Ok(backend.db.system().write().await?)
}

/// Asks the provider about a round, and notes what it says.
pub(super) async fn look(backend: &Backend, user: &UserId, round: &RoundId) -> Result<()> {
    let mut tx = backend.db.as_user(user).read().await?;
    let row = match rows::find(&mut tx, round).await {
        Err(Error::NotFound(_)) => return Ok(()),
        row => row?,
    };
    drop(tx);
    if !row.state.is_open() {
        return Ok(());
    }
    let status = ask(backend, &row).await?;
    let email = address_of(backend, user).await?;
    let mut tx = backend.db.as_user(user).write().await?;
    let Some(mut held) = hold(&mut tx, backend, round).await? else { return Ok(()) };
    held.note(&mut tx, backend, status, email.as_deref()).await?;
    rows::save(&mut tx, &held.row).await?;
    tx.commit().await?;
    Ok(())
}

/// What the provider says; nothing when it can't be asked now, which keeps nothing from lapsing.
async fn ask(backend: &Backend, row: &Row) -> Result<Option<DepositStatus>> {
    let (Some(reference), Some(provider)) =
        (&row.reference, backend.banks.provider(row.provider()?))
    else {
        return Ok(None);
    };
    match provider.check_deposits(reference).await {
        Ok(status) => Ok(Some(status)),
        Err(trouble) => {
            tracing::warn!(
                code = trouble.code,
                request_id = trouble.request_id,
                "nobody says how deposits stand"
            );
            Ok(None)
        }
    }
}

/// An open round with its account.
pub(super) struct Held {
    pub row: Row,
    pub proof: Proof,
}

/// Holds an open round. One whose account was proven another way is closed: nothing is asked for it any more.
pub(super) async fn hold(
    tx: &mut UserTx,
    backend: &Backend,
    round: &RoundId,
) -> Result<Option<Held>> {
    let now = backend.clock.now();
    let account = match rows::find(tx, round).await {
        Err(Error::NotFound(_)) => return Ok(None),
        row => row?.account_id,
    };
    let proof = match proof::hold(tx, &account, now.into()).await {
        Err(Error::NotFound(_)) => return Ok(None),
        proof => proof?,
    };
    // The account is held, and with it every round of it: read again what may have changed meanwhile.
    let mut row = rows::find(tx, round).await?;
    if row.state.is_open() && row.state != proof.verification {
        (row.state, row.ended_at) = (VerificationState::Expired, Some(now.into()));
    }
    Ok(Some(Held { row, proof }))
}

impl Held {
    /// Takes a step with everything that follows; the caller saves the row.
    pub async fn step(
        &mut self,
        tx: &mut UserTx,
        backend: &Backend,
        event: Event,
        email: Option<&str>,
    ) -> Result<bool> {
        let means = Means { email, kind: self.row.kind, expected_on: self.row.expected_on };
        if !state::step(tx, backend, &mut self.proof, event, &means).await? {
            return Ok(false);
        }
        self.row.state = self.proof.verification;
        self.row.reason = state::failure(event);
        if !self.row.state.is_open() {
            self.row.ended_at = Some(backend.clock.now().into());
        }
        Ok(true)
    }

    async fn note(
        &mut self,
        tx: &mut UserTx,
        backend: &Backend,
        status: Option<DepositStatus>,
        email: Option<&str>,
    ) -> Result<()> {
        if !self.row.state.is_open() {
            return Ok(());
        }
        let now = backend.clock.now();
        match status {
            Some(DepositStatus::Posted(at)) if self.row.state == VerificationState::Sent => {
                (self.row.posted_at, self.row.expires_at) =
                    (Some(at.into()), Some(lapses_at(at).into()));
                self.step(tx, backend, Event::Posted, email).await?;
            }
            Some(DepositStatus::Returned(code)) => {
                let event = Event::Returned(Failure::of_return(&code));
                self.step(tx, backend, event, email).await?;
            }
            Some(DepositStatus::Sent | DepositStatus::Posted(_)) | None => {}
        }
        let round = self.row.round();
        if round.is_overdue(now) {
            self.step(tx, backend, Event::Returned(Failure::Overdue), email).await?;
        } else if round.is_lapsed(now) {
            self.step(tx, backend, Event::Lapsed, email).await?;
        } else if round.is_to_be_reminded(now) && self.row.reminded_at.is_none() {
            self.row.reminded_at = Some(now.into());
            if let (Some(email), Some(end)) = (email, round.ends_at()) {
                self.remind(tx, backend, email, end).await?;
            }
        }
        Ok(())
    }

    async fn remind(
        &self,
        tx: &mut UserTx,
        backend: &Backend,
        email: &str,
        end: OffsetDateTime,
    ) -> Result<()> {
        let about = About {
            account: &self.proof.id,
            bank: &self.proof.bank_name,
            expected_on: None,
            failure: None,
        };
        if !preferences::of(tx).await?.mails.deposits {
            return Ok(());
        }
        let last_day = preferences::day_of(tx, end).await?;
        mail::post(tx, backend, email, &letters::reminder(backend, &about, last_day)).await
    }
}
