//! M9 and the limits: how often a round may begin.

use std::time::Duration;

use domain::{AccountStatus, states::verification::VerificationState};
use time::macros::date;

use super::*;
use crate::{
    both_engines,
    preferences::{self, Preferences},
    testing::{limited, person},
};

const DAY: Duration = Duration::from_hours(24);

/// A round that nobody answers in time.
async fn lapsed(w: &World, who: &SignedIn, account: &AccountId) {
    posted(w, who, account).await;
    w.backend.clock.advance(DAY * 10 + Duration::from_secs(1));
    look(w).await;
    let view = of_account(&w.backend, who, account).await.unwrap();
    assert_eq!(view.state, VerificationState::Expired);
}

both_engines! {
    async fn m9_a_fourth_round_for_the_same_numbers_within_thirty_days_is_refused_whoever_asks(db: TestDb) {
        let w = World::new(db).await;
        let alices = account(&w, &w.alice, "000123456789").await;
        let mallorys = account(&w, &w.mallory, "000123456789").await;
        let (round, sent) = posted(&w, &w.mallory, &mallorys).await;
        for _ in 0..3 {
            answer(&w.backend, &w.mallory, &round, &wrong(sent)).await.unwrap_err();
        }
        lapsed(&w, &w.mallory, &mallorys).await;
        lapsed(&w, &w.alice, &alices).await;

        let own = begin(&w, &w.alice, &alices, DepositKind::Amounts).await;
        let others = begin(&w, &w.mallory, &mallorys, DepositKind::Amounts).await;

        assert_eq!((code(own), code(others)), ("locked".to_owned(), "locked".to_owned()));
        assert_eq!(status(&w, &w.alice, &alices).await, AccountStatus::Suspended);
        let view = of_account(&w.backend, &w.alice, &alices).await.unwrap();
        assert_eq!((view.state, view.can_start), (VerificationState::Locked, false));
        assert_eq!(view.next_step.map(NextStep::label), Some("Contact support"));
        assert_eq!(code(begin(&w, &w.alice, &alices, DepositKind::Code).await), "locked");
    }

    async fn the_day_of_the_deposits_is_counted_where_somebody_lives(db: TestDb) {
        let w = World::new(db).await;
        let zone = "Pacific/Auckland".to_owned();
        preferences::set(&w.backend, &w.alice, &Preferences { zone, ..Preferences::default() }).await.unwrap();
        let alices = account(&w, &w.alice, "000123456789").await;
        let mallorys = account(&w, &w.mallory, "000123456780").await;

        // It is noon of Monday, 4 May in Greenwich, and Tuesday in Auckland.
        let hers = begin(&w, &w.alice, &alices, DepositKind::Amounts).await.unwrap();
        let others = begin(&w, &w.mallory, &mallorys, DepositKind::Amounts).await.unwrap();

        assert_eq!(hers.round.unwrap().expected_on, date!(2026 - 05 - 07));
        assert_eq!(others.round.unwrap().expected_on, date!(2026 - 05 - 06));
    }

    async fn other_numbers_have_rounds_of_their_own_and_places_come_back(db: TestDb) {
        let w = World::new(db).await;
        let first = account(&w, &w.alice, "000123456789").await;
        for _ in 0..3 {
            lapsed(&w, &w.alice, &first).await;
        }
        let other = account(&w, &w.alice, "000123456780").await;
        begin(&w, &w.alice, &other, DepositKind::Amounts).await.unwrap();

        // The first of the three was thirty days ago by now.
        begin(&w, &w.alice, &first, DepositKind::Amounts).await.unwrap();
    }

    async fn two_who_ask_for_the_last_place_at_once_get_one(db: TestDb) {
        let w = World::new(db).await;
        let alices = account(&w, &w.alice, "000123456789").await;
        lapsed(&w, &w.alice, &alices).await;
        lapsed(&w, &w.alice, &alices).await;
        let bob = person(&w.backend, "bob").await;
        let bobs = account(&w, &bob, "000123456789").await;

        let (one, other) = tokio::join!(
            begin(&w, &w.alice, &alices, DepositKind::Amounts),
            begin(&w, &bob, &bobs, DepositKind::Amounts),
        );

        assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
    }

    async fn a_person_starts_three_rounds_a_day(db: TestDb) {
        let w = World::new(db).await;
        for number in ["000123456781", "000123456782", "000123456783"] {
            let account = account(&w, &w.alice, number).await;
            begin(&w, &w.alice, &account, DepositKind::Amounts).await.unwrap();
        }
        let fourth = account(&w, &w.alice, "000123456784").await;

        let refused = begin(&w, &w.alice, &fourth, DepositKind::Amounts).await;

        assert_eq!(code(refused), "verification_starts");
        w.backend.clock.advance(DAY);
        begin(&w, &w.alice, &fourth, DepositKind::Amounts).await.unwrap();
    }

    async fn one_address_starts_twenty_rounds_a_day_whoever_is_there(db: TestDb) {
        let mut w = World::new(db).await;
        w.backend = limited(w.backend);
        let here = Address::parse("198.51.100.7");
        let begin_at = async |who: &SignedIn, account: &AccountId, address: &Address| {
            start(&w.backend, who, &Ask { account, kind: DepositKind::Amounts, address }).await
        };
        let mut people = Vec::new();
        for n in 0..7 {
            people.push(person(&w.backend, &format!("person{n}")).await);
        }
        for n in 0..20 {
            let who = &people[n / 3];
            let account = account(&w, who, &format!("0001234567{n:02}")).await;
            begin_at(who, &account, &here).await.unwrap();
        }
        let who = &people[6];
        let last = account(&w, who, "000123456799").await;

        let refused = begin_at(who, &last, &here).await;

        assert_eq!(code(refused), "verification_starts");
        let view = of_account(&w.backend, who, &last).await.unwrap();
        assert_eq!(view.state, VerificationState::Unstarted, "nothing was begun");
        // Another address has its own, and a day later this one has some again.
        begin_at(who, &last, &Address::parse("198.51.100.8")).await.unwrap();
        w.backend.clock.advance(DAY);
        let next = account(&w, who, "000123456798").await;
        begin_at(who, &next, &here).await.unwrap();
    }

    async fn an_open_round_and_an_account_without_numbers_begin_none(db: TestDb) {
        let w = World::new(db).await;
        let open = account(&w, &w.alice, "000123456789").await;
        begin(&w, &w.alice, &open, DepositKind::Amounts).await.unwrap();
        let by_hand = crate::accounts::testing::account_of(&w.backend, &w.alice).await;

        for account in [&open, &by_hand] {
            let refused = begin(&w, &w.alice, account, DepositKind::Amounts).await;
            assert!(matches!(refused, Err(Error::Expired("verification"))), "{refused:?}");
        }
    }
}
