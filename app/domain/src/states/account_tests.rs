use super::{super::table::walk, *};

const REASONS: [Suspension; 12] = [
    Suspension::Failed(Failure::Tries),
    Suspension::Failed(Failure::Closed),
    Suspension::Failed(Failure::NoAccount),
    Suspension::Failed(Failure::InvalidNumber),
    Suspension::Failed(Failure::Frozen),
    Suspension::Failed(Failure::NotTransactional),
    Suspension::Failed(Failure::Returned),
    Suspension::Failed(Failure::Overdue),
    Suspension::Locked,
    Suspension::Revoked,
    Suspension::NumbersChanged,
    Suspension::Admin,
];

fn standings() -> Vec<Standing> {
    let suspended = REASONS.into_iter().map(Standing::Suspended);
    [Standing::Pending, Standing::Active].into_iter().chain(suspended).collect()
}

fn events() -> Vec<Event> {
    let failed = Failure::ALL.iter().map(|failure| Event::VerificationFailed(*failure));
    let others = [
        Event::Verified,
        Event::VerificationLocked,
        Event::Revoked,
        Event::NumbersChanged,
        Event::Suspended,
        Event::Restored,
        Event::Archived,
    ];
    others.into_iter().chain(failed).collect()
}

#[test]
fn the_table_has_these_transitions_and_no_others() {
    use Standing::{Active, Pending, Suspended};
    const VERIFIED: &[Effect] = &[Effect::Mail(Letter::AccountVerified), Effect::Audit];
    let mut legal: Vec<(Standing, Event, Standing, &[Effect])> = vec![
        (Active, Event::Revoked, Suspended(Suspension::Revoked), &[Effect::EraseNumbers]),
        (
            Active,
            Event::NumbersChanged,
            Suspended(Suspension::NumbersChanged),
            &[Effect::EraseNumbers, Effect::FetchNumbers],
        ),
        (
            Active,
            Event::Suspended,
            Suspended(Suspension::Admin),
            &[Effect::Audit, Effect::Mail(Letter::AccountSuspended)],
        ),
        (
            Suspended(Suspension::Admin),
            Event::Restored,
            Active,
            &[Effect::Audit, Effect::Mail(Letter::AccountRestored)],
        ),
    ];
    let failed = Failure::ALL.iter().map(|failure| Suspended(Suspension::Failed(*failure)));
    let others = [Suspended(Suspension::Revoked), Suspended(Suspension::NumbersChanged)];
    for from in [Pending].into_iter().chain(failed).chain(others) {
        legal.push((from, Event::Verified, Active, VERIFIED));
        legal.push((from, Event::VerificationLocked, Suspended(Suspension::Locked), &[]));
        for failure in Failure::ALL {
            let to = Suspended(Suspension::Failed(*failure));
            legal.push((from, Event::VerificationFailed(*failure), to, &[]));
        }
    }
    for from in standings() {
        legal.push((from, Event::Archived, from, &[Effect::Hide, Effect::EraseNumbers]));
    }

    walk((&standings(), &events()), &legal, next);
}

#[test]
fn an_account_begins_by_its_origin() {
    let cases = [
        (Origin::Numbers, AccountStatus::Pending, VerificationState::Unstarted, None),
        (
            Origin::Provider,
            AccountStatus::Active,
            VerificationState::Verified,
            Some(VerificationMethod::Instant),
        ),
        (Origin::Manual, AccountStatus::Active, VerificationState::NotNeeded, None),
    ];
    for (origin, status, verification, method) in cases {
        let beginning = beginning(origin);
        assert_eq!(beginning.standing.status(), status, "{origin:?}");
        assert_eq!(beginning.verification, verification, "{origin:?}");
        assert_eq!(beginning.method, method, "{origin:?}");
    }
}

#[test]
fn an_account_of_a_provider_begins_as_far_as_the_providers_proof_is() {
    use crate::provider::plaid_verification;
    let cases = [
        (None, AccountStatus::Active, VerificationState::Verified),
        (Some("automatically_verified"), AccountStatus::Active, VerificationState::Verified),
        (Some("database_insights_pass"), AccountStatus::Active, VerificationState::Verified),
        (Some("unsent"), AccountStatus::Pending, VerificationState::Sent),
        (Some("pending_automatic_verification"), AccountStatus::Pending, VerificationState::Sent),
        (Some("pending_manual_verification"), AccountStatus::Pending, VerificationState::Posted),
        (
            Some("database_insights_pass_with_caution"),
            AccountStatus::Pending,
            VerificationState::Unstarted,
        ),
        (Some("database_insights_fail"), AccountStatus::Suspended, VerificationState::Failed),
        (Some("verification_failed"), AccountStatus::Suspended, VerificationState::Failed),
        (Some("verification_expired"), AccountStatus::Pending, VerificationState::Expired),
    ];
    for (word, status, verification) in cases {
        let beginning = beginning_of(word.map(|word| plaid_verification(word).unwrap()));
        assert_eq!(beginning.standing.status(), status, "{word:?}");
        assert_eq!(beginning.verification, verification, "{word:?}");
        let proven = verification == VerificationState::Verified;
        assert_eq!(beginning.method.is_some(), proven, "{word:?}");
    }
}

#[test]
fn a_standing_survives_its_columns() {
    for standing in standings() {
        let word = standing.reason().map(Suspension::as_str);
        let reason = word.map(|word| word.parse().unwrap());
        assert_eq!(Standing::new(standing.status(), reason), standing);
    }
    assert_eq!("gone".parse::<Suspension>(), Err(Code::OptionUnknown));
}

#[test]
fn only_an_administrator_lifts_a_suspension_that_nobody_explained() {
    let standing = Standing::new(AccountStatus::Suspended, None);

    assert!(next(standing, Event::Verified).is_err());
    assert_eq!(next(standing, Event::Restored).unwrap().0, Standing::Active);
}

#[test]
fn an_administrator_cannot_stand_in_for_a_proof() {
    for reason in REASONS.into_iter().filter(|reason| *reason != Suspension::Admin) {
        assert!(next(Standing::Suspended(reason), Event::Restored).is_err(), "{reason}");
    }
}

#[test]
fn a_lock_reads_the_same_everywhere() {
    assert_eq!(Suspension::Locked.sentence(), Code::VerificationLocked.message());
    assert_eq!(Suspension::Locked.next_step(), NextStep::ContactSupport);
}
