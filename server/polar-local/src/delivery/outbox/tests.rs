//! Which event is sent when.

use super::*;

fn event(number: u128, at: i64) -> Event {
    Event {
        id: Uuid::from_u128(number),
        kind: format!("order.{number}"),
        ids: Vec::new(),
        at: Moment::default().plus_seconds(at),
        body: "{}".to_owned(),
        state: EventState::Waiting,
        due: Moment::default().plus_seconds(at),
        attempts: Vec::new(),
        held: false,
    }
}

fn answer(at: Moment, succeeded: bool) -> Vec<Attempt> {
    vec![Attempt { id: Uuid::nil(), at, status: Some(500), answer: String::new(), succeeded }]
}

fn faults(text: &str) -> Vec<Fault> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn first_tries_are_made_in_order_and_retries_hold_nothing_back() {
    let (mut outbox, now) = (Outbox::default(), Moment::default().plus_seconds(100));
    (1..=3).for_each(|n| outbox.push(event(n, 1)));

    let first = outbox.take_due(now, &mut Vec::new());
    assert_eq!(first.len(), 1);
    assert!(outbox.take_due(now, &mut Vec::new()).is_empty());
    outbox.finish(&first[0], answer(now, false), |_| 0);

    let next = outbox.take_due(now, &mut Vec::new());
    assert_eq!(next.iter().map(|job| job.event.as_u128()).collect::<Vec<_>>(), [2, 1]);
    assert!(!next[1].first);
}

#[test]
fn ten_tries_are_made_and_ten_failed_events_disable() {
    let (mut outbox, now) = (Outbox::default(), Moment::default().plus_seconds(100));
    (1..=12).for_each(|n| outbox.push(event(n, 1)));
    let mut tries = 0;

    while !outbox.disabled {
        for job in outbox.take_due(now, &mut Vec::new()) {
            outbox.finish(&job, answer(now, false), |_| 0);
            tries += 1;
        }
    }

    let states = |state| outbox.events.iter().filter(|event| event.state == state).count();
    assert_eq!(states(EventState::Failed), 10);
    assert_eq!(states(EventState::Skipped), 2);
    assert!((100..120).contains(&tries), "{tries}");
    outbox.push(event(13, 1));
    assert_eq!(outbox.events.last().unwrap().state, EventState::Skipped);
    assert!(outbox.redeliver(Uuid::from_u128(13), now));
    assert_eq!(outbox.take_due(now, &mut Vec::new()).len(), 1);
}

#[test]
fn a_delay_lets_others_pass() {
    let (mut outbox, now) = (Outbox::default(), Moment::default().plus_seconds(100));
    let mut faults = faults(r#"[{"delay_ms":5000,"match":{"type":"order.1"}}]"#);
    (1..=2).for_each(|n| outbox.push(event(n, 1)));

    let first = outbox.take_due(now, &mut faults);
    assert_eq!(first[0].event.as_u128(), 2);
    outbox.finish(&first[0], answer(now, true), |_| 0);

    assert!(outbox.take_due(now, &mut faults).is_empty());
    assert_eq!(outbox.take_due(now.plus_seconds(5), &mut faults).len(), 1);
}

#[test]
fn first_tries_can_be_shuffled() {
    let (mut outbox, now) = (Outbox::default(), Moment::default().plus_seconds(100));
    let mut faults = faults(r#"[{"reorder":{"window":4,"seed":3}}]"#);
    (1..=8).for_each(|n| outbox.push(event(n, 1)));
    let mut order = Vec::new();

    while let [job] = &outbox.take_due(now, &mut faults)[..] {
        order.push(job.event.as_u128());
        outbox.finish(job, answer(now, true), |_| 0);
    }

    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=8).collect::<Vec<_>>());
    assert_ne!(order, sorted);
}

#[test]
fn waits_grow_as_polars_do() {
    let seconds = |failed| backoff(failed, 1) / 1_000_000;

    assert_eq!((1..=9).map(seconds).collect::<Vec<_>>(), [4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    assert_eq!(seconds(20), 1200);
    assert_eq!(backoff(1, 100), 40_000);
}
