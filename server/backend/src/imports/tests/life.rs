//! Applied once, undone, applied again.

use super::*;

both_engines! {
    async fn a_preview_writes_nothing_and_applying_twice_adds_once(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = put(&w, &account, TWO_COFFEES).await;

        look(&w, &id, "").await;
        let before = rows(&w, &w.alice).await.len();
        let first = apply(&w.backend, &w.alice, &id, &options(""), &Choice::default(), None).await.unwrap();
        let again = apply(&w.backend, &w.alice, &id, &options(""), &Choice::default(), None).await.unwrap();

        assert_eq!(before, 0);
        assert!(!first.replayed && again.replayed);
        assert_eq!(first.value, again.value);
        assert_eq!(rows(&w, &w.alice).await.len(), 2);
        let gone = preview(&w.backend, &w.alice, &id, &options("")).await;
        assert!(matches!(gone, Err(Error::Expired("import"))), "{gone:?}");
    }

    async fn the_same_request_with_a_key_is_answered_from_memory(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = put(&w, &account, TWO_COFFEES).await;
        let once = Once::new(&Key::parse("a-key-of-a-form-01").unwrap(), "imports.apply", id.as_str().as_bytes());

        let (options, choice) = (options(""), Choice::default());
        let tries = (0..4).map(|_| apply(&w.backend, &w.alice, &id, &options, &choice, Some(&once)));
        let answers: Vec<Result<Outcome<Applied>>> = futures::future::join_all(tries).await;

        assert_eq!(answers.iter().flatten().filter(|answer| !answer.replayed).count(), 1);
        for answer in answers {
            match answer {
                Ok(answer) => assert_eq!(answer.value.added, 2),
                Err(error) => assert!(matches!(error, Error::KeyInUse), "{error:?}"),
            }
        }
        assert_eq!(rows(&w, &w.alice).await.len(), 2);
    }

    async fn two_files_with_the_same_rows_at_once_add_them_once(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let drafts = [put(&w, &account, TWO_COFFEES).await, put(&w, &account, TWO_COFFEES).await];

        let both = drafts.iter().map(|id| take(&w, id, ""));
        let added: i64 = futures::future::join_all(both).await.iter().map(|applied| applied.added).sum();

        assert_eq!(added, 2);
        assert_eq!(rows(&w, &w.alice).await.len(), 2);
    }

    async fn rows_that_are_not_wanted_stay_out_and_can_come_later(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let text = format!("{TWO_COFFEES}\n2026-05-05,Rent,-900");
        let id = put(&w, &account, &text).await;
        let choice = Choice { leave_out: [2, 4].into(), ..Choice::default() };

        let some = apply(&w.backend, &w.alice, &id, &options(""), &choice, None).await.unwrap().value;
        let (_, rest) = bring(&w, &account, &text).await;

        assert_eq!(some, Applied { added: 1, skipped: 2, failed: 0 });
        assert_eq!(rest, Applied { added: 2, skipped: 1, failed: 0 });
        assert_eq!(rows(&w, &w.alice).await.len(), 3);
    }

    async fn a_row_of_another_source_near_by_is_possible_and_left_out_unless_wanted(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        give(&w.backend, &w.alice, &account, Given { description: "BLUE BOTTLE", date: date!(2026 - 05 - 02), ..Given::default() }).await;
        give(&w.backend, &w.alice, &account, Given { date: date!(2026 - 05 - 08), ..Given::default() }).await;
        let id = put(&w, &account, TWO_COFFEES).await;

        let seen = look(&w, &id, "").await;
        let wanted = Choice { take_in: [2].into(), ..Choice::default() };
        let left_out = apply(&w.backend, &w.alice, &id, &options(""), &Choice::default(), None).await.unwrap().value;
        let second = put(&w, &account, TWO_COFFEES).await;
        let next = look(&w, &second, "").await;
        let taken = apply(&w.backend, &w.alice, &second, &options(""), &Choice { take_in: [3].into(), ..wanted }, None).await.unwrap().value;

        assert_eq!(counts(&seen), (1, 0, 1, 0));
        let RowState::Possible(found) = &seen.rows[0].state else { panic!("{:?}", seen.rows[0]) };
        assert_eq!((found.date, found.description.as_str()), (date!(2026 - 05 - 02), "BLUE BOTTLE"));
        assert_eq!(left_out, Applied { added: 1, skipped: 1, failed: 0 });
        assert_eq!(counts(&next), (0, 1, 1, 0));
        assert_eq!(taken.added, 1);
    }

    async fn undoing_removes_the_rows_and_the_same_file_adds_them_again(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        give(&w.backend, &w.alice, &account, Given { description: "Kept", minor: -1, ..Given::default() }).await;
        let (id, _) = bring(&w, &account, TWO_COFFEES).await;
        let before = rows(&w, &w.alice).await;

        let undone = undo(&w.backend, &w.alice, &id).await.unwrap();
        let between = rows(&w, &w.alice).await.len();
        let twice = undo(&w.backend, &w.alice, &id).await.unwrap();
        let (_, again) = bring(&w, &account, TWO_COFFEES).await;

        assert_eq!((undone.removed, twice.removed, between), (2, 0, 1));
        assert_eq!(again.added, 2);
        assert_eq!(rows(&w, &w.alice).await, before);
        let states: Vec<_> = history(&w.backend, &w.alice).await.unwrap().into_iter().map(|i| i.state).collect();
        assert_eq!(states.len(), 2);
        assert!(states.contains(&ImportState::Reverted) && states.contains(&ImportState::Applied));
    }

    async fn undoing_the_first_of_two_leaves_no_gap_that_hides_or_doubles_a_row(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let (first, _) = bring(&w, &account, TWO_COFFEES).await;
        bring(&w, &account, &format!("{TWO_COFFEES}\n2026-05-04,Coffee,-4.50")).await;

        undo(&w.backend, &w.alice, &first).await.unwrap();
        let (_, one) = bring(&w, &account, TWO_COFFEES).await;
        let (_, none) = bring(&w, &account, TWO_COFFEES).await;

        assert_eq!((one.added, none.added), (1, 0));
        assert_eq!(rows(&w, &w.alice).await.len(), 2);
    }

    async fn thirty_days_later_an_import_stays(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let (id, _) = bring(&w, &account, TWO_COFFEES).await;
        let until = get(&w.backend, &w.alice, &id).await.unwrap().undo_until.unwrap();
        assert_eq!(until - w.backend.clock.now(), time::Duration::days(30));

        w.backend.clock.advance(Duration::from_secs(30 * 86_400 + 1));
        let late = undo(&w.backend, &w.alice, &id).await;

        assert!(matches!(late, Err(Error::Expired("import"))), "{late:?}");
        assert_eq!(rows(&w, &w.alice).await.len(), 2);
    }

    async fn a_draft_cannot_be_undone_and_an_undone_import_cannot_be_applied(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let draft = put(&w, &account, TWO_COFFEES).await;

        let undone = undo(&w.backend, &w.alice, &draft).await;
        take(&w, &draft, "").await;
        undo(&w.backend, &w.alice, &draft).await.unwrap();
        let applied = apply(&w.backend, &w.alice, &draft, &options(""), &Choice::default(), None).await;

        assert!(matches!(undone, Err(Error::Expired("import"))), "{undone:?}");
        assert!(matches!(applied, Err(Error::Expired("import"))), "{applied:?}");
        assert!(rows(&w, &w.alice).await.is_empty());
    }

    async fn edits_are_counted_before_an_undo(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let (id, _) = bring(&w, &account, TWO_COFFEES).await;
        let none = edited_since(&w.backend, &w.alice, &id).await.unwrap();
        w.backend.clock.advance(Duration::from_mins(1));
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        execute!(
            tx,
            r#"update "transaction" set "note" = 'mine', "updatedAt" = $2 where "userId" = $1"#,
            w.alice.user(),
            crate::Timestamp::from(w.backend.clock.now()),
        )
        .unwrap();
        tx.commit().await.unwrap();

        assert_eq!((none, edited_since(&w.backend, &w.alice, &id).await.unwrap()), (0, 2));
    }

    async fn the_next_file_of_the_same_make_is_read_the_same_way(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = put(&w, &account, "date,what,amount\n03/04/2026,x,1\n05/06/2026,y,2").await;
        take(&w, &id, "date=dmy").await;

        let next = put(&w, &account, "date,what,amount\n07/08/2026,z,1").await;
        let next = look(&w, &next, "").await;
        let other = put(&w, &account, "date,text,amount\n07/08/2026,z,1").await;
        let other = look(&w, &other, "").await;

        assert!(next.remembered && next.questions.is_empty());
        assert_eq!(next.rows[0].date, Some(date!(2026 - 08 - 07)));
        assert!(!other.remembered && !other.questions.is_empty());
    }

    async fn a_category_column_is_believed_and_the_rest_is_guessed(db: TestDb) {
        #[derive(Debug, PartialEq, sqlx::FromRow)]
        #[sqlx(rename_all = "camelCase")]
        struct Row {
            category: String,
            category_by: String,
            note: Option<String>,
        }
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        bring(&w, &account, "Date,Description,Amount,Category,Note\n2026-05-01,Shop,-1,Groceries,for two\n2026-05-02,SQ *BLUE BOTTLE 0231,-4.50,,").await;

        let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
        let rows: Vec<Row> = fetch_all!(
            tx,
            r#"select "category", "categoryBy", "note" from "transaction" where "userId" = $1 order by "date""#,
            w.alice.user(),
        )
        .unwrap();
        let wanted = |category: &str, by: &str, note: Option<&str>| Row { category: category.to_owned(), category_by: by.to_owned(), note: note.map(str::to_owned) };
        assert_eq!(rows, [wanted("food.groceries", "provider", Some("for two")), wanted("food.coffee", "default", None)]);
    }

    async fn rows_of_one_day_are_listed_in_the_order_of_the_file(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        bring(&w, &account, "Date,Description,Amount\n2026-05-01,first,-1\n2026-05-02,second,-1\n2026-05-02,third,-1\n2026-05-02,fourth,-1").await;
        bring(&w, &account, "Date,Description,Amount\n2026-06-02,d,-1\n2026-06-02,c,-1\n2026-06-02,b,-1\n2026-06-01,a,-1").await;

        let page = crate::transactions::list(&w.backend, &w.alice, &domain::TransactionFilter::default(), &domain::PageRequest::default()).await.unwrap();

        let texts: Vec<_> = page.items.iter().map(|item| item.description.as_str()).collect();
        assert_eq!(texts, ["d", "c", "b", "a", "fourth", "third", "second", "first"]);
    }
}
