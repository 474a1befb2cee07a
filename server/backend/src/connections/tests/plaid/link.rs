//! What is linked, what is not, and what becomes of access that nobody has.

use super::*;

both_engines! {
    async fn access_that_comes_to_nothing_is_ended_however_long_that_takes(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let begun = begin_at_plaid(&w.backend, &w.alice).await;
        stand_in.refuse("/accounts/get", 400, recorded_plaid!("errors/NO_ACCOUNTS"));
        stand_in.refuse("/item/remove", 400, recorded_plaid!("errors/INSTITUTION_DOWN"));

        let refused = finish_link(&w.backend, &w.alice, &brought(&begun)).await;
        run(&w.backend).await;

        let problem = BankProblem::NoneShared;
        assert!(matches!(&refused, Err(Error::Bank { problem: told, .. }) if *told == problem), "{refused:?}");
        assert_eq!(count_of(&stand_in, REMOVE), 1);
        stand_in.refuse("/item/remove", 200, recorded_plaid!("calls/item_remove"));
        w.backend.clock.advance(MINUTE * 10);
        run(&w.backend).await;
        assert_eq!(last_of(&stand_in, REMOVE), json!({ "access_token": ACCESS_TOKEN }));
        assert_eq!(count_of(&stand_in, REMOVE), 2);
        assert!(list(&w.backend, &w.alice).await.unwrap().is_empty());
    }

    async fn the_same_bank_linked_twice_leads_to_the_first_and_the_second_is_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        another_item(&stand_in);

        let again = link_at_plaid(&w.backend, &w.alice).await;
        run(&w.backend).await;

        let institution_name = "First Platypus Bank".to_owned();
        assert_eq!(again, Finished::AlreadyLinked { connection: connection.clone(), institution_name });
        assert_eq!(count_of(&stand_in, REMOVE), 1);
        assert_eq!(list(&w.backend, &w.alice).await.unwrap().len(), 1);
        let theirs = get(&w.backend, &w.mallory, &connection).await;
        assert!(matches!(theirs, Err(Error::NotFound(_))), "{theirs:?}");
    }

    async fn the_same_access_brought_twice_is_not_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;

        let again = link_at_plaid(&w.backend, &w.alice).await;
        let begun = begin_at_plaid(&w.backend, &w.mallory).await;
        let theirs = finish_link(&w.backend, &w.mallory, &brought(&begun)).await;
        run(&w.backend).await;

        assert!(matches!(&again, Finished::AlreadyLinked { connection: first, .. } if *first == connection));
        assert!(matches!(theirs, Err(Error::AlreadyExists(_))), "{theirs:?}");
        assert_eq!(count_of(&stand_in, REMOVE), 0);
        assert_eq!(read(&w.backend, &w.alice, &connection).await.problem, None);
    }

    async fn whoever_leaves_while_plaid_answers_has_the_connection_all_the_same(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let begun = begin_at_plaid(&w.backend, &w.alice).await;
        let ask = brought(&begun);
        let go = stand_in.hold(EXCHANGE);

        tokio::select! {
            biased;
            finished = finish_link(&w.backend, &w.alice, &ask) => panic!("nobody answered: {finished:?}"),
            () = stand_in.until(EXCHANGE) => {}
        }
        assert!(list(&w.backend, &w.alice).await.unwrap().is_empty());
        go.notify_one();
        w.backend.tasks.close();
        w.backend.tasks.wait().await;

        let kept = list(&w.backend, &w.alice).await.unwrap();
        let [kept] = &*kept else { panic!("{kept:?}") };
        assert_eq!(testing::token(&w.backend, &w.alice, &kept.id).await.expose_secret(), ACCESS_TOKEN);
        assert_eq!((count_of(&stand_in, EXCHANGE), count_of(&stand_in, REMOVE)), (1, 0));
        let again = finish_link(&w.backend, &w.alice, &ask).await;
        assert!(matches!(again, Err(Error::Expired(_))), "{again:?}");
    }

    async fn access_that_cannot_be_kept_is_ended(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let begun = begin_at_plaid(&w.backend, &w.alice).await;
        let ask = brought(&begun);
        let go = stand_in.hold(EXCHANGE);

        let closing = async {
            stand_in.until(EXCHANGE).await;
            w.backend.db.close().await;
            go.notify_one();
        };
        let (finished, ()) = tokio::join!(finish_link(&w.backend, &w.alice, &ask), closing);

        assert!(matches!(finished, Err(Error::Database(_))), "{finished:?}");
        assert_eq!(last_of(&stand_in, REMOVE), json!({ "access_token": ACCESS_TOKEN }));
    }

    async fn a_bank_that_sends_back_without_a_state_is_answered_by_the_latest_attempt(db: TestDb) {
        let (w, _) = world(db).await;
        let none = resume_latest(&w.backend, &w.alice, ProviderKind::Plaid).await;
        assert!(matches!(none, Err(Error::Expired(_))), "{none:?}");
        begin_at_plaid(&w.backend, &w.alice).await;
        w.backend.clock.advance(MINUTE);
        let last = begin_at_plaid(&w.backend, &w.alice).await;
        w.backend.clock.advance(MINUTE);
        begin(&w.backend, &w.alice, Purpose::New).await.unwrap();

        let found = resume_latest(&w.backend, &w.alice, ProviderKind::Plaid).await.unwrap();
        let theirs = resume_latest(&w.backend, &w.mallory, ProviderKind::Plaid).await;
        w.backend.clock.advance(MINUTE * 31);
        let late = resume_latest(&w.backend, &w.alice, ProviderKind::Plaid).await;

        assert_eq!(found.state, last.state);
        assert!(matches!(found.start, crate::banks::LinkStart::Script { .. }), "{found:?}");
        assert!(matches!(theirs, Err(Error::Expired(_))), "{theirs:?}");
        assert!(matches!(late, Err(Error::Expired(_))), "{late:?}");
    }

    async fn nothing_that_opens_a_bank_is_stored_or_told(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        stand_in.refuse("/accounts/get", 400, recorded_plaid!("errors/MISSING_FIELDS"));

        let refused = candidates(&w.backend, &w.alice, &connection).await.unwrap_err();

        let told = format!("{refused:?} {refused} {}", crate::error::chain(&refused));
        let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
        let sealed = rows::find(&mut tx, &connection).await.unwrap().token.unwrap();
        for secret in [ACCESS_TOKEN, SECRET] {
            assert!(!told.contains(secret) && !sealed.contains(secret), "{told}");
        }
    }
}
