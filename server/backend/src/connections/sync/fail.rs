//! A reading that came to nothing: nothing is stored but why, and when it is tried again.

use domain::states::connection::Event;

use super::{Halt, Reader};
use crate::{
    Backend, Error, Result,
    auth::address_of,
    banks::TroubleKind,
    connections::{
        self, rows,
        state::{self, Means},
    },
};

/// A list that changes while it is read is read again so often, in one go.
const TRIES: u32 = 5;
/// The first pause before that, in seconds; doubled for each of the next.
const CHANGED_PAUSE: u32 = 2;
/// The first pause before asking a bank again that is still fetching, in seconds; doubled, up to an hour.
const READY_PAUSE: u32 = 15;
const READY_LONGEST: u32 = 3_600;
/// Nobody is asked again sooner than this after too many requests, in seconds.
const SHORTEST: u32 = 5;

/// What to do about it.
enum Plan {
    /// Begin again after so many seconds, as the same sync.
    Again(u32),
    /// A step of the connection, which knows its own time.
    Step(Event),
    /// A step, and a sync after so many seconds.
    Later(Event, u32),
}

fn plan(halt: &Halt, tries: u32) -> Plan {
    let doubled = |first: u32| first.saturating_mul(1_u32.checked_shl(tries).unwrap_or(u32::MAX));
    match halt {
        Halt::NotReady => {
            Plan::Later(Event::SyncPostponed, doubled(READY_PAUSE).min(READY_LONGEST))
        }
        Halt::Nonsense(_) => Plan::Step(Event::SyncPostponed),
        Halt::Trouble(trouble) => match trouble.kind {
            TroubleKind::Changed if tries + 1 < TRIES => Plan::Again(doubled(CHANGED_PAUSE)),
            TroubleKind::Changed | TroubleKind::BadRequest => Plan::Step(Event::SyncPostponed),
            TroubleKind::NeedsLogin | TroubleKind::NeedsConsent | TroubleKind::NoneShared => {
                Plan::Step(Event::LoginRequired)
            }
            TroubleKind::NotReady => {
                Plan::Later(Event::SyncPostponed, doubled(READY_PAUSE).min(READY_LONGEST))
            }
            TroubleKind::InstitutionDown => Plan::Step(Event::InstitutionDown),
            TroubleKind::RateLimited(seconds) => {
                Plan::Later(Event::SyncPostponed, seconds.max(SHORTEST))
            }
            TroubleKind::Gone => Plan::Step(Event::Revoked),
        },
    }
}

/// One line for us, with the provider's code where there is one.
fn log(reader: &Reader, halt: &Halt) {
    match halt {
        Halt::Trouble(trouble) => connections::note(reader.provider.kind(), trouble),
        Halt::NotReady => tracing::info!("the bank's rows are not ready"),
        Halt::Nonsense(what) => {
            tracing::error!(what, "a provider of bank data said what cannot be");
        }
    }
}

/// Notes a reading that came to nothing.
pub(super) async fn note(backend: &Backend, reader: &Reader, halt: Halt) -> Result<()> {
    log(reader, &halt);
    let email = address_of(backend, &reader.user).await?;
    let means = Means { email, token: None };
    let now = backend.clock.now();
    let mut tx = backend.db.as_user(&reader.user).write().await?;
    let mut row = match rows::hold(&mut tx, &reader.row.id).await {
        Err(Error::NotFound(_)) => return Ok(()),
        row => row?,
    };
    // Somebody who read meanwhile knows better.
    let was_read = row.cursor != reader.row.cursor || row.last_sync_at != reader.row.last_sync_at;
    if was_read || !row.state.may_call() {
        return Ok(());
    }
    let plan = plan(&halt, reader.tries);
    if let Plan::Again(seconds) = plan {
        let at = now + time::Duration::seconds(seconds.into());
        state::enqueue(&mut tx, backend, &row, Some(at), reader.tries + 1).await?;
        tx.commit().await?;
        return Ok(());
    }
    let failures = row.failures;
    let (Plan::Step(event) | Plan::Later(event, _)) = plan else { return Ok(()) };
    if state::step(&mut tx, backend, &mut row, event, &means).await? {
        row.problem = Some(halt.problem());
    }
    if let Plan::Later(_, seconds) = plan {
        // A bank that is busy has not failed.
        row.failures = failures;
        row.next_sync_at = Some(state::in_seconds(backend, seconds));
        let at = now + time::Duration::seconds(seconds.into());
        state::enqueue(&mut tx, backend, &row, Some(at), reader.tries + 1).await?;
    }
    // What came meanwhile is read with the next sync.
    row.sync_again = false;
    rows::save(&mut tx, &row, now.into()).await?;
    tx.commit().await?;
    Ok(())
}
