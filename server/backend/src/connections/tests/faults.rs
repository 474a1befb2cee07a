//! Banks that fail, and providers that lie: the ledger is whole or as it was.

use domain::{connection::BankProblem, provider::TroubleKind, states::connection::ConnectionState};
use time::OffsetDateTime;

use super::*;
use crate::{accounts, banks::simbank::Fault, both_engines};

/// A linked and read connection, and the provider's id of it.
async fn healthy(w: &World) -> (ConnectionId, String) {
    let connection = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
    run(&w.backend).await;
    let item = item_of(&w.backend, &w.alice, &connection).await.unwrap();
    (connection, item)
}

async fn switch(w: &World, item: &str, fault: Option<Fault>) {
    bank(&w.backend).set(item, fault).await.unwrap();
}

fn wait(from: OffsetDateTime, view: &ConnectionView) -> i64 {
    (view.next_sync_at.expect("a next sync") - from).whole_minutes()
}

both_engines! {
    async fn a_bank_that_is_down_is_asked_again_later_and_later(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;
        switch(&w, &item, Some(Fault::Down)).await;

        let mut waits = Vec::new();
        for _ in 0..6 {
            let now = w.backend.clock.now();
            let down = read(&w.backend, &w.alice, &connection).await;
            assert_eq!(down.state, ConnectionState::InstitutionDown);
            waits.push(wait(now, &down));
        }

        assert_eq!(waits, [5, 15, 60, 360, 720, 720]);
        let down = view(&w, &connection).await;
        assert_eq!(down.message.as_deref(), Some("First Harbor isn't answering. We'll keep trying; nothing is lost."));
        assert_eq!((banner(&w).await, subjects(&w).await), (None, Vec::new()), "nobody is asked to do anything");
        switch(&w, &item, None).await;
        w.backend.clock.advance(MINUTE * 720);
        sync_due_now(&w).await;
        let up = view(&w, &connection).await;
        assert_eq!((up.state, up.problem), (ConnectionState::Healthy, None));
        switch(&w, &item, Some(Fault::Down)).await;
        let now = w.backend.clock.now();
        assert_eq!(wait(now, &read(&w.backend, &w.alice, &connection).await), 5, "the count begins anew");
    }

    async fn every_third_sync_of_flaky_trust_fails_and_nothing_is_lost(db: TestDb) {
        let w = World::new(db).await;
        let connection = link(&w.backend, &w.alice, "sim_flaky", "demo").await;
        run(&w.backend).await;

        let mut states = Vec::new();
        for _ in 0..6 {
            bank(&w.backend).advance_clock(4).await.unwrap();
            states.push(read(&w.backend, &w.alice, &connection).await.state);
        }

        let down: Vec<bool> = states.iter().map(|state| *state == ConnectionState::InstitutionDown).collect();
        assert_eq!(down, [false, true, false, false, true, false]);
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
    }

    async fn expired_federal_wants_its_customer_after_the_first_sync(db: TestDb) {
        let w = World::new(db).await;
        let connection = link(&w.backend, &w.alice, "sim_expired", "demo").await;
        run(&w.backend).await;
        assert_eq!(view(&w, &connection).await.state, ConnectionState::Healthy);
        let rows = lines(&w.backend, &w.alice).await;

        let expired = read(&w.backend, &w.alice, &connection).await;
        assert_eq!(expired.state, ConnectionState::LoginRequired);
        assert_eq!(lines(&w.backend, &w.alice).await, rows);
        repair(&w.backend, &w.alice, &connection, "demo").await;
        run(&w.backend).await;

        assert_eq!(view(&w, &connection).await.state, ConnectionState::Healthy);
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
    }

    async fn big_ledger_arrives_whole(db: TestDb) {
        let w = World::new(db).await;
        let connection = link(&w.backend, &w.alice, "sim_big", "demo").await;
        run(&w.backend).await;

        let account = &accounts::list(&w.backend, &w.alice).await.unwrap()[0];
        assert_eq!(account.transactions, 100_000);
        let side = &bank_sides(&w.backend, &w.alice).await.unwrap()[0];
        assert_eq!(side.balance_minor, Some(account.balance_minor));
        bank(&w.backend).advance_clock(1).await.unwrap();
        read(&w.backend, &w.alice, &connection).await;
        let account = &accounts::list(&w.backend, &w.alice).await.unwrap()[0];
        assert_eq!(account.transactions, 100_136);
    }

    async fn a_list_that_changes_while_it_is_read_is_read_again_from_its_beginning(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;
        let cursor = stored_cursor(&w.backend, &w.alice, &connection).await;
        bank(&w.backend).advance_clock(60).await.unwrap();
        switch(&w, &item, Some(Fault::Changing(2))).await;

        let mut tries = 0;
        sync_now(&w.backend, &w.alice, &connection).await.unwrap();
        while stored_cursor(&w.backend, &w.alice, &connection).await == cursor {
            run(&w.backend).await;
            tries += 1;
            assert!(tries < 60, "it never ended");
            w.backend.clock.advance(Duration::from_secs(1));
        }

        assert_eq!(tries, 1 + 2 + 4, "at once, after two seconds, after four");
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
    }

    async fn after_five_tries_a_changing_list_waits_and_says_so(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;
        let (rows, cursor) = (lines(&w.backend, &w.alice).await, stored_cursor(&w.backend, &w.alice, &connection).await);
        bank(&w.backend).advance_clock(60).await.unwrap();
        switch(&w, &item, Some(Fault::Changing(5))).await;

        sync_now(&w.backend, &w.alice, &connection).await.unwrap();
        for _ in 0..40 {
            run(&w.backend).await;
            w.backend.clock.advance(Duration::from_secs(1));
        }

        let changed = view(&w, &connection).await;
        assert_eq!(changed.problem, Some(BankProblem::Changed));
        assert_eq!(lines(&w.backend, &w.alice).await, rows);
        assert_eq!(stored_cursor(&w.backend, &w.alice, &connection).await, cursor);
        w.backend.clock.advance(MINUTE * 6);
        sync_due_now(&w).await;
        assert_eq!(view(&w, &connection).await.problem, None);
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
    }

    async fn rows_that_are_not_ready_are_not_no_rows(db: TestDb) {
        let w = World::new(db).await;
        let connection = linked(link_only(&w.backend, &w.alice, "sim_first_harbor", "demo").await);
        let item = item_of(&w.backend, &w.alice, &connection).await.unwrap();
        switch(&w, &item, Some(Fault::NotReady)).await;
        choose_all(&w.backend, &w.alice, &connection).await;
        run(&w.backend).await;

        let waiting = view(&w, &connection).await;
        assert_eq!(waiting.problem, Some(BankProblem::Trouble(TroubleKind::NotReady)));
        assert_eq!((waiting.state, waiting.last_sync_at), (ConnectionState::Healthy, None));
        assert_eq!(stored_cursor(&w.backend, &w.alice, &connection).await, None);
        switch(&w, &item, None).await;
        run(&w.backend).await;
        assert!(lines(&w.backend, &w.alice).await.is_empty(), "not before its time");
        w.backend.clock.advance(Duration::from_secs(15));
        run(&w.backend).await;

        assert_eq!(view(&w, &connection).await.problem, None);
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
    }

    async fn a_provider_that_lies_changes_nothing_and_the_connection_says_why(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;
        bank(&w.backend).advance_clock(30).await.unwrap();
        let (rows, cursor) = (lines(&w.backend, &w.alice).await, stored_cursor(&w.backend, &w.alice, &connection).await);
        let balances = bank_sides(&w.backend, &w.alice).await.unwrap();

        for fault in [Fault::Repeated, Fault::Endless, Fault::Nonsense] {
            switch(&w, &item, Some(fault)).await;
            let lied = read(&w.backend, &w.alice, &connection).await;
            assert_eq!(lied.problem, Some(BankProblem::BadAnswer), "{fault}");
            assert!(lied.message.unwrap().contains("can't be right"));
            assert_eq!(lines(&w.backend, &w.alice).await, rows, "{fault}");
            assert_eq!(stored_cursor(&w.backend, &w.alice, &connection).await, cursor, "{fault}");
            assert_eq!(bank_sides(&w.backend, &w.alice).await.unwrap(), balances, "{fault}");
        }

        switch(&w, &item, None).await;
        let honest = read(&w.backend, &w.alice, &connection).await;
        assert_eq!((honest.state, honest.problem), (ConnectionState::Healthy, None));
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
        assert!(jobs::dead(&w.backend, 1).await.unwrap().is_empty());
    }

    async fn what_was_revoked_at_the_bank_ends_and_keeps_the_rows(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;
        let rows = live(&w.backend, &w.alice).await.len();
        bank(&w.backend).revoke(&item).await.unwrap();

        let ended = read(&w.backend, &w.alice, &connection).await;

        assert_eq!((ended.state, ended.next_sync_at), (ConnectionState::Revoked, None));
        assert_eq!(live(&w.backend, &w.alice).await.len(), rows);
        let accounts = accounts::list(&w.backend, &w.alice).await.unwrap();
        assert!(accounts.iter().all(|account| account.status == domain::AccountStatus::Suspended));
        assert!(bank_sides(&w.backend, &w.alice).await.unwrap().iter().all(|side| side.balance_minor.is_none()));
        assert_eq!(subjects(&w).await, ["The connection to First Harbor has ended"]);
        assert_eq!(banner(&w).await.unwrap().state, ConnectionState::Revoked);
        assert!(matches!(begin(&w.backend, &w.alice, Purpose::Repair(connection.clone())).await, Err(Error::Expired(_))));

        let anew = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        run(&w.backend).await;
        let accounts = accounts::list(&w.backend, &w.alice).await.unwrap();
        assert_eq!(accounts.len(), 3, "the same accounts");
        assert!(accounts.iter().all(|account| account.status == domain::AccountStatus::Active));
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &anew).await);
    }

    async fn numbers_that_were_typed_in_meanwhile_keep_no_bank_out(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;
        let ready = candidates::ready(&w.backend, &w.alice, &connection).await.unwrap();
        let ids: Vec<String> = ready.accounts().await.unwrap().into_iter().map(|account| account.id).collect();
        let numbers = ready.provider.numbers(&ready.token, &ids).await.unwrap();
        bank(&w.backend).revoke(&item).await.unwrap();
        read(&w.backend, &w.alice, &connection).await;
        let typed = accounts::testing::checking(numbers[0].routing.as_str(), numbers[0].number.expose());
        accounts::create(&w.backend, &w.alice, typed, None).await.unwrap();

        let anew = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;

        run(&w.backend).await;
        assert_eq!(view(&w, &anew).await.state, ConnectionState::Healthy);
        let accounts = accounts::list(&w.backend, &w.alice).await.unwrap();
        assert_eq!(accounts.len(), 4, "the three that were there, and the one that has the numbers now");
    }

    async fn what_arrives_while_a_sync_runs_is_read_after_it(db: TestDb) {
        let w = World::new(db).await;
        let (connection, _) = healthy(&w).await;
        mark_syncing(&w, &connection).await;

        let asked = sync_now(&w.backend, &w.alice, &connection).await.unwrap();
        assert_eq!(asked, SyncAsked::Follows);
        assert_eq!(jobs::run_due(&w.backend).await.unwrap(), 0, "nothing is queued: it is noted");
        let tx = sync(&w.backend, w.alice.user(), &connection, 0).await.unwrap();
        tx.commit().await.unwrap();

        assert!(jobs::run_due(&w.backend).await.unwrap() > 0, "another sync follows");
        assert_eq!(view(&w, &connection).await.state, ConnectionState::Healthy);
    }

    async fn two_readings_at_once_take_their_rows_in_once(db: TestDb) {
        let w = World::new(db).await;
        let (connection, _) = healthy(&w).await;
        bank(&w.backend).advance_clock(40).await.unwrap();

        let reading = || sync(&w.backend, w.alice.user(), &connection, 0);
        let (one, two) = futures::future::join(
            async { reading().await.unwrap().commit().await.unwrap() },
            async {
                // On SQLite the second must not hold the writer that the first waits for.
                if w.backend.db.engine_name() == "postgres" {
                    reading().await.unwrap().commit().await.unwrap();
                }
            },
        )
        .await;
        assert_eq!((one, two), ((), ()));
        run(&w.backend).await;

        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
        assert_eq!(view(&w, &connection).await.state, ConnectionState::Healthy);
    }
}

/// Enqueues what is due, and runs it.
async fn sync_due_now(w: &World) {
    crate::connections::sync_due(&w.backend).await.unwrap().commit().await.unwrap();
    run(&w.backend).await;
}

async fn mark_syncing(w: &World, connection: &ConnectionId) {
    let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
    let mut row = rows::hold(&mut tx, connection).await.unwrap();
    row.state = ConnectionState::Syncing;
    rows::save(&mut tx, &row, w.backend.clock.now().into()).await.unwrap();
    tx.commit().await.unwrap();
}
