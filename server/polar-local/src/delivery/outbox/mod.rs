//! The queue: which event is sent next, and when again.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    faults::{self, About, Fault, Switch},
    ids::Ids,
    moment::Moment,
};

/// The first one and nine more.
const TRIES: usize = 10;
/// Two seconds, doubled with each failure, …
const BACKOFF_MICROS: u64 = 2_000_000;
/// … and at most twenty minutes.
const LONGEST_MICROS: u64 = 20 * 60 * 1_000_000;
/// So many events that failed for good, one after the other, disable the endpoint.
const FAILED_TO_DISABLE: usize = 10;
/// Older events that are finished are forgotten beyond this number.
const KEPT: usize = 500;

/// Every event, oldest first.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Outbox {
    pub events: Vec<Event>,
    pub disabled: bool,
    /// Ten failures in a row do not disable it.
    pub never_disable: bool,
    #[serde(skip)]
    first_under_way: bool,
    #[serde(skip)]
    under_way: Vec<Uuid>,
}

/// An event, printed once.
#[derive(Clone, Serialize, Deserialize)]
pub struct Event {
    pub id: Uuid,
    pub kind: String,
    /// The object's id and those of its owners, for the switches.
    pub ids: Vec<String>,
    pub at: Moment,
    pub body: String,
    pub state: EventState,
    pub due: Moment,
    pub attempts: Vec<Attempt>,
    /// A delay was already spent on it.
    #[serde(default)]
    pub held: bool,
}

/// Where an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    Waiting,
    Delivered,
    /// Ten tries, none succeeded.
    Failed,
    /// The endpoint was disabled.
    Skipped,
    /// Lost by a switch.
    Dropped,
}

/// One request and its answer.
#[derive(Clone, Serialize, Deserialize)]
pub struct Attempt {
    pub id: Uuid,
    pub at: Moment,
    /// `None`: no answer.
    pub status: Option<u16>,
    pub answer: String,
    pub succeeded: bool,
}

/// What has to be sent now.
pub struct Job {
    pub event: Uuid,
    pub body: String,
    pub tricks: Vec<Switch>,
    pub first: bool,
}

impl Outbox {
    /// The event of an id.
    pub fn find(&self, id: Uuid) -> Option<&Event> {
        self.events.iter().find(|event| event.id == id)
    }

    /// Adds an event; a disabled endpoint skips it.
    pub fn push(&mut self, mut event: Event) {
        if self.disabled && event.state == EventState::Waiting {
            event.state = EventState::Skipped;
        }
        self.events.push(event);
        if self.events.len() > KEPT && self.events[0].state != EventState::Waiting {
            self.events.remove(0);
        }
    }

    /// What is to be sent now: at most one first try, and every retry that is due.
    pub fn take_due(&mut self, now: Moment, faults: &mut Vec<Fault>) -> Vec<Job> {
        let mut jobs = Vec::new();
        while !self.first_under_way {
            let Some(at) = self.next_first(now, faults) else { break };
            if self.hold_back(at, now, faults) {
                continue;
            }
            self.first_under_way = true;
            jobs.push(at);
        }
        let is_retry = |event: &Event| !event.attempts.is_empty() && event.is_due(now);
        for (at, event) in self.events.iter().enumerate() {
            if is_retry(event) && !self.under_way.contains(&event.id) {
                jobs.push(at);
            }
        }
        jobs.into_iter().map(|at| self.start(at, faults)).collect()
    }

    /// The oldest event that was never tried; a switch picks another one of the oldest.
    fn next_first(&self, now: Moment, faults: &mut Vec<Fault>) -> Option<usize> {
        let untried: Vec<usize> = self
            .events
            .iter()
            .enumerate()
            .filter(|(_, event)| event.attempts.is_empty() && event.is_due(now))
            .map(|(at, _)| at)
            .collect();
        let first = *untried.first()?;
        let event = &self.events[first];
        let about = About { kind: &event.kind, ids: &event.ids };
        let shuffled = faults::take(faults, about, |s| matches!(s, Switch::Reorder { .. }));
        let Some(Switch::Reorder { window, seed }) = shuffled.first() else { return Some(first) };
        let reach = untried.len().min((*window).max(1));
        let mut step = u64::try_from(self.events.len()).unwrap_or(0) + seed;
        let chosen = Ids::new(Some(*seed)).ok()?.below(&mut step, u64::try_from(reach).ok()?);
        untried.get(usize::try_from(chosen).ok()?).copied()
    }

    fn hold_back(&mut self, at: usize, now: Moment, faults: &mut Vec<Fault>) -> bool {
        let event = &mut self.events[at];
        if event.held {
            return false;
        }
        let about = About { kind: &event.kind, ids: &event.ids };
        let taken = faults::take(faults, about, |s| matches!(s, Switch::DelayMs(_)));
        let Some(Switch::DelayMs(wait)) = taken.first() else { return false };
        event.held = true;
        event.due = now.plus_micros(i64::try_from(wait.saturating_mul(1_000)).unwrap_or(i64::MAX));
        event.due > now
    }

    fn start(&mut self, at: usize, faults: &mut Vec<Fault>) -> Job {
        let event = &self.events[at];
        self.under_way.push(event.id);
        let about = About { kind: &event.kind, ids: &event.ids };
        Job {
            event: event.id,
            body: event.body.clone(),
            tricks: faults::take(faults, about, Switch::is_of_attempts),
            first: event.attempts.is_empty(),
        }
    }

    /// Writes down how a job ended. `wait` is the delay before the next try, from how often it failed.
    pub fn finish(&mut self, job: &Job, attempts: Vec<Attempt>, wait: impl FnOnce(usize) -> i64) {
        self.under_way.retain(|id| *id != job.event);
        self.first_under_way &= !job.first;
        let Some(event) = self.events.iter_mut().find(|event| event.id == job.event) else {
            return;
        };
        let last = attempts.last().map(|attempt| attempt.at).unwrap_or_default();
        let succeeded = attempts.iter().any(|attempt| attempt.succeeded);
        event.attempts.extend(attempts);
        if succeeded {
            event.state = EventState::Delivered;
        } else if event.state == EventState::Waiting {
            let failed = event.attempts.len();
            if failed >= TRIES {
                event.state = EventState::Failed;
            }
            event.due = last.plus_micros(wait(failed));
        }
        self.disable_if_dead();
    }

    fn disable_if_dead(&mut self) {
        let finished = self
            .events
            .iter()
            .rev()
            .filter(|event| matches!(event.state, EventState::Delivered | EventState::Failed));
        let failed = finished.take_while(|event| event.state == EventState::Failed).count();
        if failed < FAILED_TO_DISABLE || self.never_disable || self.disabled {
            return;
        }
        self.disabled = true;
        for event in &mut self.events {
            if event.state == EventState::Waiting {
                event.state = EventState::Skipped;
            }
        }
    }

    /// Sends an event once more, whatever became of it.
    pub fn redeliver(&mut self, id: Uuid, now: Moment) -> bool {
        let Some(event) = self.events.iter_mut().find(|event| event.id == id) else { return false };
        event.state = EventState::Waiting;
        event.due = now;
        true
    }

    /// Lets every retry be due.
    pub fn hurry(&mut self, now: Moment) {
        for event in self.events.iter_mut().filter(|event| event.state == EventState::Waiting) {
            event.due = event.due.min(now);
        }
    }

    /// Nothing is under way and nothing is due.
    pub fn is_settled(&self, now: Moment) -> bool {
        self.under_way.is_empty() && !self.events.iter().any(|event| event.is_due(now))
    }

    /// Something waits, now or later.
    pub fn has_waiting(&self) -> bool {
        self.events.iter().any(|event| event.state == EventState::Waiting)
    }

    /// When something is due next.
    pub fn next_due(&self) -> Option<Moment> {
        let idle = |event: &&Event| {
            event.state == EventState::Waiting
                && !self.under_way.contains(&event.id)
                && !(event.attempts.is_empty() && self.first_under_way)
        };
        self.events.iter().filter(idle).map(|event| event.due).min()
    }
}

impl Event {
    fn is_due(&self, now: Moment) -> bool {
        self.state == EventState::Waiting && self.due <= now
    }
}

/// The longest wait after so many failures, in microseconds; the shortest is half of it.
pub fn backoff(failed: usize, divisor: u32) -> u64 {
    let doubled = u32::try_from(failed)
        .ok()
        .and_then(|failed| 2_u64.checked_pow(failed))
        .and_then(|factor| BACKOFF_MICROS.checked_mul(factor))
        .unwrap_or(LONGEST_MICROS);
    doubled.min(LONGEST_MICROS) / u64::from(divisor.max(1))
}
