//! Deposits leave, by a job: once, however often it runs.

use domain::{
    RoundId, UserId,
    states::verification::{Event, VerificationState},
    verification::Failure,
};

use super::{
    check,
    rows::{self, Row},
};
use crate::{
    Backend, Error, Result,
    accounts::proof::{self, Proof},
    auth::address_of,
    banks::{StartDeposits, TroubleKind},
    db::SystemTx,
};

/// Sends the deposits of a round. A round that is gone, or has ended, needs none.
#[tracing::instrument(name = "verification.send", skip_all, fields(user.id = %user, round.id = %round))]
pub(crate) async fn send(
    backend: &Backend,
    user: &UserId,
    round: &RoundId,
    answer: &str,
) -> Result<SystemTx> {
    let Some((row, account)) = unsent(backend, user, round).await? else {
        return Ok(backend.db.system().write().await?);
    };
    let sent = match account.numbers(backend, user).await? {
        Some((routing, number)) => {
            let provider = backend.banks.provider(row.provider()?);
            let provider = provider.ok_or_else(|| unreachable("not configured"))?;
            let ask = StartDeposits {
                key: round.as_str(),
                number_hash: &backend.vault.number_hash(&routing, &number),
                routing: &routing,
                number: &number,
                kind: row.kind,
                answer,
                expected_on: row.expected_on,
            };
            match provider.start_deposits(ask).await {
                Ok(deposits) => Some(deposits.reference),
                Err(trouble)
                    if matches!(trouble.kind, TroubleKind::BadRequest | TroubleKind::Gone) =>
                {
                    tracing::error!(
                        code = trouble.code,
                        request_id = trouble.request_id,
                        "deposits were refused"
                    );
                    None
                }
                Err(trouble) => return Err(unreachable(&trouble.to_string())),
            }
        }
        // The numbers were erased meanwhile.
        None => None,
    };
    note(backend, user, round, sent).await?;
    Ok(backend.db.system().write().await?)
}

/// A round whose deposits are still here, with its account.
async fn unsent(backend: &Backend, user: &UserId, round: &RoundId) -> Result<Option<(Row, Proof)>> {
    let mut tx = backend.db.as_user(user).read().await?;
    let row = match rows::find(&mut tx, round).await {
        Err(Error::NotFound(_)) => return Ok(None),
        row => row?,
    };
    if row.state != VerificationState::Sent || row.reference.is_some() {
        return Ok(None);
    }
    match proof::find(&mut tx, &row.account_id).await {
        Err(Error::NotFound(_)) => Ok(None),
        account => Ok(Some((row, account?))),
    }
}

fn unreachable(reason: &str) -> Error {
    Error::Upstream { service: "bank", reason: reason.to_owned() }
}

async fn note(
    backend: &Backend,
    user: &UserId,
    round: &RoundId,
    reference: Option<String>,
) -> Result<()> {
    let email = address_of(backend, user).await?;
    let mut tx = backend.db.as_user(user).write().await?;
    let Some(mut held) = check::hold(&mut tx, backend, round).await? else { return Ok(()) };
    if reference.is_some() {
        held.row.reference = reference;
    } else {
        let event = Event::Returned(Failure::Returned);
        held.step(&mut tx, backend, event, email.as_deref()).await?;
    }
    rows::save(&mut tx, &held.row).await?;
    tx.commit().await?;
    Ok(())
}
