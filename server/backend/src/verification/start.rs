//! A round begins: within the limits, for numbers that have a round left.

use std::time::Duration;

use domain::{
    AccountId, Code, RoundId,
    states::verification::{Event, VerificationState},
    verification::{
        Answer, DepositKind, STARTS_PER_ADDRESS_A_DAY, STARTS_PER_USER_A_DAY, VerificationView,
        expected_on,
    },
};

use super::{
    VERIFICATION,
    rows::{self, New},
    sender,
    state::{self, Means},
    views,
};
use crate::{
    Backend, Error, Result, SignedIn, Timestamp,
    accounts::proof::{self, Proof},
    auth::address_of,
    banks::ProviderKind,
    db::UserTx,
    jobs::{self, Job, Options},
    limits::{Address, Rule},
    mail, preferences,
};

/// The field at which something is said about a start.
const KIND: &str = "kind";
const DAY: Duration = Duration::from_hours(24);
const BY_ADDRESS: Rule = Rule::rate("verification-starts", STARTS_PER_ADDRESS_A_DAY, DAY);

/// What is asked for.
pub struct Ask<'a> {
    /// The account that is to be proven.
    pub account: &'a AccountId,
    /// What is sent.
    pub kind: DepositKind,
    /// Where the person is.
    pub address: &'a Address,
}

/// Begins a round of deposits for one of the caller's accounts. They are sent by a job.
///
/// # Errors
/// [`Error::NotFound`] for an account of somebody else, and where nobody sends deposits; [`Error::Expired`] for an account
/// that can't be proven this way now; [`Error::Invalid`] when the numbers have had all their rounds, and when there were
/// enough today.
#[tracing::instrument(name = "verification.start", skip_all, fields(user.id = %caller.user()))]
pub async fn start(
    backend: &Backend,
    caller: &SignedIn,
    ask: &Ask<'_>,
) -> Result<VerificationView> {
    let user = caller.user();
    let (provider, _) = sender(backend).ok_or(Error::NotFound("provider"))?;
    let mut tx = backend.db.as_user(user).read().await?;
    let known = proof::find(&mut tx, ask.account).await?;
    drop(tx);
    may_start(&known)?;
    let number_hash = known.number_hash(backend, user).await?;
    let number_hash = number_hash.ok_or(Error::Expired(VERIFICATION))?;
    let too_many = || Error::field(KIND, Code::VerificationStarts);
    let mut charges = backend.limits.charges();
    charges.take_of(BY_ADDRESS, ask.address).await.map_err(|_| too_many())?;

    let now = backend.clock.now();
    let email = address_of(backend, user).await?;
    let mut tx = backend.db.as_user(user).write().await?;
    let means = Means {
        email: email.as_deref(),
        kind: ask.kind,
        expected_on: expected_on(preferences::today(&mut tx, backend).await?),
    };
    let mut held = proof::hold(&mut tx, ask.account, now.into()).await?;
    may_start(&held)?;
    let today = rows::started_since(&mut tx, Timestamp::from(now - DAY)).await?;
    if today >= i64::from(STARTS_PER_USER_A_DAY) {
        return Err(too_many());
    }
    if !rows::take_place(&mut tx, &number_hash, now).await? {
        state::step(&mut tx, backend, &mut held, Event::RoundsUsedUp, &means).await?;
        // As much work as a round makes: a lock tells nothing about who used the rounds.
        mail::post_nothing(&mut tx, backend).await?;
        tx.commit().await?;
        return Err(Error::field(KIND, Code::VerificationLocked));
    }
    state::step(&mut tx, backend, &mut held, Event::Started, &means).await?;
    let round = begin(&mut tx, backend, ask, provider, &means).await?;
    let view = views::view(&mut tx, backend, held).await?;
    tx.commit().await?;
    tracing::info!(round.id = %round, "a round of deposits begins");
    Ok(view)
}

/// Whether a round may begin, if there is one left.
fn may_start(proof: &Proof) -> Result<()> {
    if proof.verification == VerificationState::Locked {
        return Err(Error::field(KIND, Code::VerificationLocked));
    }
    let may =
        proof.verification.may_start() && proof.standing().awaits_proof() && proof.has_numbers();
    if may { Ok(()) } else { Err(Error::Expired(VERIFICATION)) }
}

async fn begin(
    tx: &mut UserTx,
    backend: &Backend,
    ask: &Ask<'_>,
    provider: ProviderKind,
    means: &Means<'_>,
) -> Result<RoundId> {
    let id = RoundId::new(backend.new_id());
    let answer = Answer::generate(ask.kind, || u32::from_ne_bytes(backend.random.bytes()));
    let answer = answer.canonical();
    let new = New {
        id: &id,
        account: ask.account,
        kind: ask.kind,
        answer_hash: &backend.vault.answer_hash(&id, &answer),
        provider,
        expected_on: means.expected_on,
    };
    rows::insert(tx, &new, backend.clock.now().into()).await?;
    let job = Job::SendDeposits { user: tx.user().clone(), round: id.clone(), answer };
    let options = Options { key: Some(state::key(&id)), ..Options::default() };
    jobs::enqueue(tx, backend, &job, options).await?;
    Ok(id)
}
