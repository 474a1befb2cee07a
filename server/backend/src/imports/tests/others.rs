//! Other people, other days, many rows.

use super::*;

both_engines! {
    async fn mallory_cannot_reach_an_import_or_an_account_of_alice(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let draft = put(&w, &account, TWO_COFFEES).await;
        let (applied, _) = bring(&w, &account, TWO_COFFEES).await;
        let (b, m) = (&w.backend, &w.mallory);

        let nothing = options("");
        assert!(matches!(upload(b, m, &account, "f", TWO_COFFEES.into()).await, Err(Error::NotFound("account"))));
        for id in [&draft, &applied] {
            assert!(matches!(get(b, m, id).await, Err(Error::NotFound("import"))));
            assert!(matches!(preview(b, m, id, &nothing).await, Err(Error::NotFound("import"))));
            assert!(matches!(apply(b, m, id, &nothing, &Choice::default(), None).await, Err(Error::NotFound("import"))));
            assert!(matches!(undo(b, m, id).await, Err(Error::NotFound("import"))));
            assert!(matches!(discard(b, m, id).await, Err(Error::NotFound("import"))));
            assert!(matches!(edited_since(b, m, id).await, Err(Error::NotFound("import"))));
        }
        assert!(history(b, m).await.unwrap().is_empty());
        assert!(rows(&w, m).await.is_empty());
        assert_eq!(rows(&w, &w.alice).await.len(), 2);
    }

    async fn how_alice_reads_a_file_is_nothing_to_mallory(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let text = "date,what,amount\n03/04/2026,x,1";
        let id = put(&w, &account, text).await;
        take(&w, &id, "date=dmy").await;

        let hers = account_of(&w.backend, &w.mallory).await;
        let id = upload(&w.backend, &w.mallory, &hers, "f.csv", text.into()).await.unwrap();

        assert!(!preview(&w.backend, &w.mallory, &id, &options("")).await.unwrap().remembered);
    }

    async fn drafts_go_when_nobody_wants_them_and_after_a_day(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let unwanted = put(&w, &account, TWO_COFFEES).await;
        discard(&w.backend, &w.alice, &unwanted).await.unwrap();
        let old = put(&w, &account, TWO_COFFEES).await;
        let (applied, _) = bring(&w, &account, TWO_COFFEES).await;
        w.backend.clock.advance(Duration::from_secs(86_401));
        let fresh = put(&w, &account, TWO_COFFEES).await;

        let mut tx = w.backend.db.system().write().await.unwrap();
        let swept = sweep(&mut tx, w.backend.clock.now()).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(swept, 1);
        for (id, there) in [(&unwanted, false), (&old, false), (&applied, true), (&fresh, true)] {
            assert_eq!(get(&w.backend, &w.alice, id).await.is_ok(), there);
        }
        assert!(matches!(discard(&w.backend, &w.alice, &applied).await, Err(Error::Expired("import"))));
    }

    async fn any_file_twice_adds_nothing_and_undone_it_comes_back_as_it_was(db: TestDb) {
        let w = World::new(db).await;
        let mut runner = TestRunner::new_with_rng(Config::default(), prop::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha));
        let line = (1_u8..5, "[a-c]{1,2}", -3_i64..3).prop_map(|(day, text, units)| format!("2026-05-{day:02},{text},{units}.00"));
        let file = prop::collection::vec(line, 1..14);

        for _ in 0..12 {
            let lines = file.new_tree(&mut runner).unwrap().current();
            let text = format!("Date,Description,Amount\n{}", lines.join("\n"));
            let account = accounts::create(&w.backend, &w.alice, by_hand("New", "USD"), None).await.unwrap().value.id;

            let (_, first) = bring(&w, &account, &text).await;
            let after_one = rows(&w, &w.alice).await;
            let (second_id, second) = bring(&w, &account, &text).await;
            undo(&w.backend, &w.alice, &second_id).await.unwrap();
            assert_eq!(rows(&w, &w.alice).await, after_one, "{text}");
            assert_eq!((first.added, second.added), (i64::try_from(lines.len()).unwrap(), 0), "{text}");

            let ids: Vec<ImportId> = history(&w.backend, &w.alice).await.unwrap().into_iter().filter(|i| i.account_id == account && i.state == ImportState::Applied).map(|i| i.id).collect();
            for id in ids {
                undo(&w.backend, &w.alice, &id).await.unwrap();
            }
            bring(&w, &account, &text).await;
            assert_eq!(rows(&w, &w.alice).await, after_one, "{text}");
        }
    }

    async fn fifty_thousand_rows_are_one_import(db: TestDb) {
        use std::fmt::Write as _;
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let mut text = "Date,Description,Amount\n".to_owned();
        for n in 0..50_000 {
            let day = date!(2024 - 06 - 01) + time::Duration::days(n / 100);
            writeln!(text, "{day},Payment {n},-{}.{:02}", n % 90 + 1, n % 100).unwrap();
        }

        let (id, applied) = bring(&w, &account, &text).await;
        let (_, again) = bring(&w, &account, &text).await;
        let undone = undo(&w.backend, &w.alice, &id).await.unwrap();

        assert_eq!((applied.added, again.added, undone.removed), (50_000, 0, 50_000));
    }
}
