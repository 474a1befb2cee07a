//! Reading, run by run, and the faults of the banks.

use super::*;
use crate::{
    banks::{Readiness, TroubleKind},
    both_engines,
    testing::World,
};

both_engines! {
    async fn pages_of_any_size_tell_the_same_and_the_next_run_tells_only_what_is_new(db: TestDb) {
        let w = World::new(db).await;
        let made = linked(&w.backend, &w.alice, "sim_first_harbor", "demo").await;

        let (small, cursor) = read(&w.backend, &made.token, None, 37).await;
        let (large, same) = read(&w.backend, &made.token, None, 500).await;
        assert_eq!((&small.added, &cursor), (&large.added, &same));
        assert!(small.added.len() > 500, "{}", small.added.len());
        let (nothing, still) = read(&w.backend, &made.token, Some(&cursor), 500).await;
        assert!(nothing.added.is_empty() && nothing.modified.is_empty() && nothing.removed.is_empty());
        assert_eq!(still, cursor);

        bank(&w.backend).advance_clock(30).await.unwrap();
        let (new, later) = read(&w.backend, &made.token, Some(&cursor), 500).await;
        assert!(later > cursor);
        assert!(new.added.len() > 20 && new.added.len() < 200, "{}", new.added.len());
        assert_eq!(named(&new, "RENT").len(), 1);
        let held = named(&small, "HOTEL HOLD")[0].id.clone();
        assert!(new.removed.contains(&held), "the hold is let go");
    }

    async fn a_run_that_began_ends_on_the_day_it_began_on(db: TestDb) {
        let w = World::new(db).await;
        let made = linked(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        let first = bank(&w.backend).sync(&made.token, None, 100).await.unwrap();

        bank(&w.backend).advance_clock(10).await.unwrap();
        let (rest, cursor) = read(&w.backend, &made.token, Some(&first.next_cursor), 100).await;

        assert!(rest.added.iter().all(|row| row.date <= w.backend.clock.today()));
        let (new, _) = read(&w.backend, &made.token, Some(&cursor), 100).await;
        assert!(!new.added.is_empty());
    }

    async fn every_third_run_finds_flaky_trust_down(db: TestDb) {
        let w = World::new(db).await;
        let made = linked(&w.backend, &w.alice, "sim_flaky", "demo").await;

        let mut down = Vec::new();
        for run in 1..=7 {
            if let Err(trouble) = bank(&w.backend).sync(&made.token, None, 100).await {
                assert_eq!(trouble.kind, TroubleKind::InstitutionDown);
                down.push(run);
            }
        }

        assert_eq!(down, [3, 6]);
    }

    async fn expired_federal_wants_a_sign_in_after_the_first_run(db: TestDb) {
        let w = World::new(db).await;
        let made = linked(&w.backend, &w.alice, "sim_expired", "demo").await;
        let (_, cursor) = read(&w.backend, &made.token, None, 100).await;

        for _ in 0..2 {
            let trouble = bank(&w.backend).sync(&made.token, Some(&cursor), 100).await.unwrap_err();
            assert_eq!(trouble.kind, TroubleKind::NeedsLogin);
        }
        let purpose = Purpose::Repair("con".into());
        let public_token = bank(&w.backend).reopen_login(&made.item_id, "demo").await.unwrap().unwrap();
        let ask = FinishLink { user: w.alice.user(), purpose: &purpose, token: Some(&made.token), public_token: &public_token };
        bank(&w.backend).finish_link(ask).await.unwrap();

        for _ in 0..3 {
            assert!(bank(&w.backend).sync(&made.token, Some(&cursor), 100).await.is_ok());
        }
    }

    async fn lies_are_told_as_they_were_switched_on(db: TestDb) {
        let w = World::new(db).await;
        let made = linked(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        let switch = async |fault| bank(&w.backend).set(&made.item_id, fault).await.unwrap();
        let sync = async |cursor: Option<&str>| bank(&w.backend).sync(&made.token, cursor, 50).await;

        switch(Some(Fault::NotReady)).await;
        let page = sync(None).await.unwrap();
        assert_eq!((page.readiness, &*page.next_cursor), (Readiness::NotReady, ""));
        switch(Some(Fault::Repeated)).await;
        let page = sync(None).await.unwrap();
        assert_eq!(page.added[0].id, page.added.last().unwrap().id);
        switch(Some(Fault::Endless)).await;
        let page = sync(None).await.unwrap();
        assert!(page.has_more);
        switch(Some(Fault::Changing(2))).await;
        let page = sync(None).await.unwrap();
        for _ in 0..2 {
            let trouble = sync(Some(&page.next_cursor)).await.unwrap_err();
            assert_eq!(trouble.kind, TroubleKind::Changed);
        }
        assert!(sync(Some(&page.next_cursor)).await.is_ok());
        switch(Some(Fault::Down)).await;
        assert_eq!(sync(None).await.unwrap_err().kind, TroubleKind::InstitutionDown);
        switch(None).await;
        assert!(sync(None).await.is_ok());
    }

    async fn a_cursor_of_another_bank_is_our_fault(db: TestDb) {
        let w = World::new(db).await;
        let made = linked(&w.backend, &w.alice, "sim_first_harbor", "demo").await;

        let trouble = bank(&w.backend).sync(&made.token, Some("CAESJ…"), 10).await.unwrap_err();

        assert_eq!(trouble.kind, TroubleKind::BadRequest);
    }
}
