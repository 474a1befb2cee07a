//! Delivers what is queued and fires what is due, until it is told to stop.

use std::time::Duration;

use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    Attempt, Job,
    outbox::backoff,
    send::{client, send},
};
use crate::{shared::Handle, state_file};

/// It looks at least so often whether something is due.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// The state is written at most so often.
const BETWEEN_SAVES: Duration = Duration::from_millis(500);

/// Runs until `stop`.
pub async fn run(shared: Handle, stop: CancellationToken) {
    let sender = client();
    let mut under_way = JoinSet::new();
    let mut saved = Instant::now();
    loop {
        let (jobs, mut wait) = due(&shared);
        let idle = jobs.is_empty();
        for job in jobs {
            let (shared, sender) = (shared.clone(), sender.clone());
            under_way.spawn(async move {
                let attempts = send(&shared, &sender, &job).await;
                finish(&shared, &job, attempts);
            });
        }
        if saved.elapsed() >= BETWEEN_SAVES {
            state_file::save_if_changed(&shared).await;
            saved = Instant::now();
        } else if state_file::wants_saving(&shared) {
            wait = wait.min(BETWEEN_SAVES);
        }
        shared.progress.notify_waiters();
        if !idle {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = shared.wake.notified() => {}
            Some(_) = under_way.join_next() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    under_way.shutdown().await;
    state_file::save_if_changed(&shared).await;
}

/// What has to be sent now, and how long nothing else is due.
fn due(shared: &Handle) -> (Vec<Job>, Duration) {
    let mut engine = shared.lock();
    engine.fire_due();
    let now = engine.now();
    let world = &mut engine.world;
    let jobs = world.outbox.take_due(now, &mut world.faults);
    let next = [engine.next_timer_at(), engine.world.outbox.next_due()];
    let next = next.into_iter().flatten().min();
    let micros = next.map_or(i64::MAX, |at| at.micros().saturating_sub(now.micros()));
    let wait = Duration::from_micros(u64::try_from(micros).unwrap_or(0).saturating_add(500));
    (jobs, wait.min(LONGEST_SLEEP))
}

fn finish(shared: &Handle, job: &Job, mut attempts: Vec<Attempt>) {
    let mut engine = shared.lock();
    for attempt in &mut attempts {
        attempt.id = engine.draw();
    }
    let jitter = engine.draw().as_u128();
    engine.dirty = true;
    let divisor = shared.backoff_divisor;
    engine.world.outbox.finish(job, attempts, |failed| {
        let longest = backoff(failed, divisor);
        let part = u64::try_from(jitter % u128::from(longest / 2 + 1)).unwrap_or(0);
        i64::try_from(longest / 2 + part).unwrap_or(i64::MAX)
    });
}
