use proptest::prelude::*;
use time::macros::date;

use super::VerificationState::{
    Expired, Failed, Locked, NotNeeded, Posted, Sent, Unstarted, Verified,
};
use super::{super::account, super::table::walk, *};

fn events() -> Vec<Event> {
    let returned = Failure::ALL.iter().map(|failure| Event::Returned(*failure));
    let others = [
        Event::Started,
        Event::Posted,
        Event::Matched,
        Event::TriesUsedUp,
        Event::Lapsed,
        Event::RoundsUsedUp,
    ];
    others.into_iter().chain(returned).collect()
}

#[test]
fn the_table_has_these_transitions_and_no_others() {
    const LOCK: &[Effect] = &[Effect::Account(AccountEvent::VerificationLocked)];
    const SENT: &[Effect] = &[Effect::Mail(Letter::DepositsOnTheWay)];
    let effects: Vec<(Failure, [Effect; 2])> = Failure::ALL
        .iter()
        .map(|failure| {
            let account = Effect::Account(AccountEvent::VerificationFailed(*failure));
            (*failure, [account, Effect::Mail(Letter::VerificationFailed)])
        })
        .collect();
    let mut legal: Vec<(VerificationState, Event, VerificationState, &[Effect])> = vec![
        (Sent, Event::Posted, Posted, &[Effect::Mail(Letter::DepositsArrived)]),
        (Posted, Event::Matched, Verified, &[Effect::Account(AccountEvent::Verified)]),
        (Posted, Event::Lapsed, Expired, &[]),
    ];
    for from in [Unstarted, Failed, Expired] {
        legal.push((from, Event::Started, Sent, SENT));
        legal.push((from, Event::RoundsUsedUp, Locked, LOCK));
    }
    for (failure, effects) in &effects {
        legal.push((Sent, Event::Returned(*failure), Failed, effects));
        legal.push((Posted, Event::Returned(*failure), Failed, effects));
        if *failure == Failure::Tries {
            legal.push((Posted, Event::TriesUsedUp, Failed, effects));
        }
    }

    walk((VerificationState::ALL, &events()), &legal, next);
}

#[test]
fn every_state_is_found_by_its_word() {
    for state in VerificationState::ALL {
        assert_eq!(state.as_str().parse(), Ok(*state));
    }
    assert_eq!("gone".parse::<VerificationState>(), Err(Code::OptionUnknown));
}

#[test]
fn a_list_says_what_to_do_next() {
    let expected = Some(date!(2026 - 06 - 10));
    let cases = [
        (NotNeeded, None),
        (Unstarted, Some("Send deposits")),
        (Sent, Some("Confirm deposits · expected 10 June")),
        (Posted, Some("Confirm deposits")),
        (Verified, None),
        (Failed, Some("Send new deposits")),
        (Expired, Some("Send new deposits")),
        (Locked, Some("Contact support")),
    ];
    for (state, line) in cases {
        assert_eq!(state.next_step_line(expected).as_deref(), line, "{state}");
    }
    assert_eq!(Sent.next_step_line(None).as_deref(), Some("Confirm deposits"));
}

proptest! {
    #[test]
    fn whatever_happens_the_account_follows(picks in proptest::collection::vec(0_usize..13, 0..40)) {
        let events = events();
        let beginning = account::beginning(account::Origin::Numbers);
        let (mut state, mut standing) = (beginning.verification, beginning.standing);
        for event in picks.iter().filter_map(|at| events.get(*at)) {
            let Ok((to, effects)) = next(state, *event) else { continue };
            prop_assert!(!matches!(state, Verified | Locked), "{} is final", state);
            for effect in effects {
                if let Effect::Account(event) = effect {
                    // A verification never asks its account for something illegal.
                    let moved = account::next(standing, event);
                    prop_assert!(moved.is_ok(), "{:?}", moved);
                    standing = moved.unwrap().0;
                }
            }
            state = to;
            prop_assert_eq!(state == Verified, standing == account::Standing::Active);
            prop_assert_eq!(
                state == Locked,
                standing == account::Standing::Suspended(account::Suspension::Locked)
            );
            prop_assert_eq!(state.may_start(), next(state, Event::Started).is_ok());
        }
    }
}
