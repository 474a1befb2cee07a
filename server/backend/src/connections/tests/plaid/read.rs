//! What is read, from the link to its end.

use super::*;

both_engines! {
    async fn a_bank_is_linked_and_read_to_its_end(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;

        let read = view(&w, &connection).await;
        assert_eq!((&*read.provider, &*read.institution_name), ("plaid", "First Platypus Bank"));
        assert_eq!((read.state, read.accounts, read.history_complete), (ConnectionState::Healthy, 5, true));
        let amounts = amounts(&w).await;
        for (id, minor) in [GROCERIES, SALARY, TRANSFER] {
            assert_eq!(amounts.get(id), Some(&minor), "{amounts:?}");
        }
        assert_eq!(cursors(&stand_in), [json!(null), json!("cur-1")]);
        let cursor = stored_cursor(&w.backend, &w.alice, &connection).await;
        assert_eq!(cursor.as_deref(), Some("cur-2"));
        assert_eq!(item_of(&w.backend, &w.alice, &connection).await.unwrap(), ITEM);
        let sides = bank_sides(&w.backend, &w.alice).await.unwrap();
        assert_eq!(sides.iter().filter(|side| side.number_is_token).count(), 1);
        assert!(sides.iter().any(|side| side.balance_minor == Some(121_035)), "{sides:?}");
        assert!(sides.iter().any(|side| side.balance_minor == Some(-41_000)), "{sides:?}");
    }

    async fn the_next_reading_begins_where_the_last_one_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        let before = amounts(&w).await;

        let read = read(&w.backend, &w.alice, &connection).await;

        assert_eq!(cursors(&stand_in), [json!(null), json!("cur-1"), json!("cur-2")]);
        assert_eq!(read.problem, None);
        assert_eq!(amounts(&w).await, before, "the same rows said twice are the same rows");
    }

    async fn pages_that_change_while_they_are_read_are_read_from_where_the_reading_began(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let changed = recorded_plaid!("errors/TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION");
        stand_in.forget(SYNC);
        stand_in.answer("/transactions/sync", recorded_plaid!("calls/sync.first"));
        stand_in.on_with(SYNC, 400, JSON, changed);
        stand_in.answer("/transactions/sync", recorded_plaid!("calls/sync.first"));
        stand_in.answer("/transactions/sync", recorded_plaid!("calls/sync.last"));
        let connection = choose_at_plaid(&w.backend, &w.alice).await;

        run(&w.backend).await;
        assert!(lines(&w.backend, &w.alice).await.is_empty(), "the first page alone is nothing");
        assert_eq!(stored_cursor(&w.backend, &w.alice, &connection).await, None);
        w.backend.clock.advance(Duration::from_secs(2));
        run(&w.backend).await;

        assert_eq!(cursors(&stand_in), [json!(null), json!("cur-1"), json!(null), json!("cur-1")]);
        assert_eq!(view(&w, &connection).await.problem, None);
        assert_eq!(amounts(&w).await.get(SALARY.0), Some(&SALARY.1));
    }

    async fn an_answer_that_cannot_be_is_stored_in_no_part(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let connection = choose_at_plaid(&w.backend, &w.alice).await;
        let first = recorded_plaid!("calls/sync.first");
        let last = recorded_plaid!("calls/sync.last");
        let no_number = last.replacen("\"amount\": 1980", "\"amount\": \"1980\"", 1);
        let no_day = last.replacen("\"date\": \"2026-05-03\"", "\"date\": \"2106-05-03\"", 1);
        let cut = &last[..last.len() / 2];
        let ours = BankProblem::Trouble(TroubleKind::BadRequest);

        for (body, problem) in [
            // A page that leads to itself.
            (first, BankProblem::BadAnswer),
            (&*no_day, BankProblem::BadAnswer),
            (&*no_number, ours),
            (cut, ours),
        ] {
            stand_in.refuse("/transactions/sync", 200, body);
            let lied = read(&w.backend, &w.alice, &connection).await;
            assert_eq!(lied.problem, Some(problem));
            assert!(lines(&w.backend, &w.alice).await.is_empty());
            assert_eq!(stored_cursor(&w.backend, &w.alice, &connection).await, None);
        }

        stand_in.refuse("/transactions/sync", 200, last);
        let honest = read(&w.backend, &w.alice, &connection).await;
        assert_eq!((honest.state, honest.problem), (ConnectionState::Healthy, None));
        assert!(!lines(&w.backend, &w.alice).await.is_empty());
    }

    async fn rows_that_plaid_still_fetches_are_asked_for_again(db: TestDb) {
        let (w, stand_in) = world(db).await;
        stand_in.refuse("/transactions/sync", 200, recorded_plaid!("calls/sync.not_ready"));
        let connection = choose_at_plaid(&w.backend, &w.alice).await;
        run(&w.backend).await;

        let waiting = view(&w, &connection).await;
        assert_eq!(waiting.problem, Some(BankProblem::Trouble(TroubleKind::NotReady)));
        assert_eq!((waiting.last_sync_at, stored_cursor(&w.backend, &w.alice, &connection).await), (None, None));
        stand_in.refuse("/transactions/sync", 200, recorded_plaid!("calls/sync.last"));
        w.backend.clock.advance(Duration::from_secs(15));
        run(&w.backend).await;

        assert_eq!(view(&w, &connection).await.problem, None);
        assert!(!lines(&w.backend, &w.alice).await.is_empty());
    }

    async fn trouble_while_reading_becomes_the_state_of_the_connection(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        let rows = amounts(&w).await;

        for (body, state) in [
            (recorded_plaid!("errors/INSTITUTION_DOWN"), ConnectionState::InstitutionDown),
            (recorded_plaid!("errors/ITEM_LOGIN_REQUIRED"), ConnectionState::LoginRequired),
        ] {
            stand_in.refuse("/transactions/sync", 400, body);
            let read = read(&w.backend, &w.alice, &connection).await;
            assert_eq!(read.state, state, "{read:?}");
            let message = read.message.unwrap_or_default();
            assert!(message.contains("First Platypus Bank") && !message.contains("Words"), "{message}");
        }

        assert_eq!(amounts(&w).await, rows);
        let cursor = stored_cursor(&w.backend, &w.alice, &connection).await;
        assert_eq!(cursor.as_deref(), Some("cur-2"));
    }

    async fn a_connection_that_is_gone_at_plaid_has_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        let rows = amounts(&w).await;
        stand_in.refuse("/accounts/get", 400, recorded_plaid!("errors/ITEM_NOT_FOUND"));

        let ended = read(&w.backend, &w.alice, &connection).await;

        assert_eq!((ended.state, ended.next_sync_at), (ConnectionState::Revoked, None));
        assert_eq!(amounts(&w).await, rows);
        let again = begin(&w.backend, &w.alice, Purpose::Repair(connection)).await;
        assert!(matches!(again, Err(Error::Expired(_))), "{again:?}");
    }

    async fn one_that_is_removed_is_ended_at_plaid(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;

        remove(&w.backend, &w.alice, &connection, History::Keep).await.unwrap();
        run(&w.backend).await;

        assert_eq!(last_of(&stand_in, REMOVE), json!({ "access_token": ACCESS_TOKEN }));
        assert_eq!(view(&w, &connection).await.state, ConnectionState::Removed);
        assert!(jobs::dead(&w.backend, 1).await.unwrap().is_empty());
    }

    async fn a_plaid_that_is_down_is_asked_again_until_the_access_has_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        stand_in.refuse("/item/remove", 400, recorded_plaid!("errors/INSTITUTION_DOWN"));
        remove(&w.backend, &w.alice, &connection, History::Keep).await.unwrap();
        run(&w.backend).await;
        assert_eq!(count_of(&stand_in, REMOVE), 1);

        stand_in.refuse("/item/remove", 200, recorded_plaid!("calls/item_remove"));
        w.backend.clock.advance(MINUTE * 10);
        run(&w.backend).await;

        assert_eq!(count_of(&stand_in, REMOVE), 2);
    }
}
