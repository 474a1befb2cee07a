use proptest::prelude::*;
use time::macros::date;

use super::ConnectionState::{
    Expiring, Healthy, InstitutionDown, LoginRequired, Removed, Revoked, Syncing,
};
use super::{super::table::walk, *};

const DAY: Option<Date> = Some(date!(2026 - 06 - 17));

const EVENTS: [Event; 10] = [
    Event::SyncStarted,
    Event::SyncFinished,
    Event::SyncPostponed,
    Event::InstitutionDown,
    Event::LoginRequired,
    Event::LoginRepaired,
    Event::Expiring(DAY),
    Event::Expiring(None),
    Event::Revoked,
    Event::Removed,
];

type Row = (ConnectionState, Event, ConnectionState, &'static [Effect]);

const REPAIRED: &[Effect] = &[Effect::ForgetFailures, Effect::KeepExpiry(None), Effect::Sync];
const ENDS: &[Effect] = &[Effect::KeepExpiry(DAY), Effect::Mail(Letter::ConnectionExpires)];
const ENDS_SOON: &[Effect] = &[Effect::KeepExpiry(None), Effect::Mail(Letter::ConnectionExpires)];
const REVOKED: &[Effect] = &[
    Effect::EraseToken,
    Effect::DeleteProviderData,
    Effect::Accounts(AccountEvent::Revoked),
    Effect::Mail(Letter::ConnectionEnded),
    Effect::Audit,
];
const REMOVED: &[Effect] = &[Effect::EndAtProvider, Effect::EraseToken, Effect::Audit];

/// What the states have in common in which a reader may run and nobody is asked.
fn working(from: ConnectionState) -> [Row; 8] {
    [
        (from, Event::SyncStarted, Syncing, &[]),
        (from, Event::SyncFinished, Healthy, &[Effect::ForgetFailures]),
        (from, Event::SyncPostponed, Healthy, &[Effect::Retry]),
        (from, Event::InstitutionDown, InstitutionDown, &[Effect::Retry]),
        (from, Event::LoginRequired, LoginRequired, &[Effect::Mail(Letter::SignInNeeded)]),
        (from, Event::LoginRepaired, from, &[]),
        (from, Event::Expiring(DAY), Expiring, ENDS),
        (from, Event::Expiring(None), Expiring, ENDS_SOON),
    ]
}

#[test]
fn the_table_has_these_transitions_and_no_others() {
    let mut legal: Vec<Row> = vec![
        (Expiring, Event::SyncStarted, Expiring, &[]),
        (Expiring, Event::SyncFinished, Expiring, &[Effect::ForgetFailures]),
        (Expiring, Event::SyncPostponed, Expiring, &[Effect::Retry]),
        (Expiring, Event::InstitutionDown, Expiring, &[Effect::Retry]),
        (Expiring, Event::LoginRequired, LoginRequired, &[Effect::Mail(Letter::SignInNeeded)]),
        (Expiring, Event::LoginRepaired, Healthy, REPAIRED),
        (Expiring, Event::Expiring(DAY), Expiring, &[Effect::KeepExpiry(DAY)]),
        (Expiring, Event::Expiring(None), Expiring, &[Effect::KeepExpiry(None)]),
        (LoginRequired, Event::SyncFinished, LoginRequired, &[]),
        (LoginRequired, Event::SyncPostponed, LoginRequired, &[]),
        (LoginRequired, Event::InstitutionDown, LoginRequired, &[]),
        (LoginRequired, Event::LoginRequired, LoginRequired, &[]),
        (LoginRequired, Event::LoginRepaired, Healthy, REPAIRED),
        (LoginRequired, Event::Expiring(DAY), LoginRequired, &[]),
        (LoginRequired, Event::Expiring(None), LoginRequired, &[]),
        (Revoked, Event::Revoked, Revoked, &[]),
        (Revoked, Event::Removed, Removed, &[Effect::Audit]),
    ];
    for from in [Healthy, Syncing, InstitutionDown] {
        legal.extend(working(from));
    }
    for from in [Healthy, Syncing, InstitutionDown, Expiring, LoginRequired] {
        legal.push((from, Event::Revoked, Revoked, REVOKED));
        legal.push((from, Event::Removed, Removed, REMOVED));
    }

    walk((ConnectionState::ALL, &EVENTS), &legal, next);
}

#[test]
fn only_two_states_ask_the_person_to_act() {
    let asking: Vec<_> =
        ConnectionState::ALL.iter().copied().filter(|state| state.asks_person()).collect();

    assert_eq!(asking, [LoginRequired, Expiring]);
}

#[test]
fn a_bank_that_is_down_is_tried_less_and_less_often() {
    let waits: Vec<i64> = (1..=7).map(|failures| retry_after(failures).whole_minutes()).collect();

    assert_eq!(waits, [5, 15, 60, 360, 720, 720, 720]);
    assert_eq!(retry_after(0), Duration::minutes(5));
    assert_eq!(retry_after(u32::MAX), Duration::hours(12));
}

#[test]
fn every_state_is_found_by_its_word() {
    for state in ConnectionState::ALL {
        assert_eq!(state.as_str().parse(), Ok(*state));
    }
    assert_eq!("gone".parse::<ConnectionState>(), Err(Code::OptionUnknown));
}

#[test]
fn what_its_owner_reads_names_the_bank_and_the_day() {
    let cases = [
        (LoginRequired, None, "First Harbor needs you to sign in again."),
        (
            Expiring,
            DAY,
            "Your permission at First Harbor ends on 17 June 2026. Reconnect before then.",
        ),
        (Expiring, None, "Your permission at First Harbor ends soon. Reconnect to keep it."),
        (
            InstitutionDown,
            None,
            "First Harbor isn't answering. We'll keep trying; nothing is lost.",
        ),
        (Revoked, None, "This connection has ended. Link the bank again."),
    ];
    for (state, day, sentence) in cases {
        assert_eq!(state.sentence("First Harbor", day), sentence);
    }
}

proptest! {
    #[test]
    fn once_it_has_ended_nothing_is_read_and_nobody_is_asked(
        picks in proptest::collection::vec(0..EVENTS.len(), 0..60),
    ) {
        let mut state = Healthy;
        for event in picks.iter().filter_map(|at| EVENTS.get(*at)) {
            let Ok((to, effects)) = next(state, *event) else { continue };
            if !state.may_call() {
                prop_assert!(!to.may_call(), "{} after {}", to, state);
                let reads = |effect: &Effect| {
                    matches!(effect, Effect::Sync | Effect::Retry | Effect::EndAtProvider)
                };
                prop_assert!(!effects.iter().any(reads));
            }
            // Nobody is written to twice about the same thing.
            if to == state {
                prop_assert!(!effects.iter().any(|effect| matches!(effect, Effect::Mail(_))));
            }
            state = to;
        }
    }
}
