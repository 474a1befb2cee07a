use std::time::Duration;

use domain::{AccountId, ImportId, import::{ImportOptions, Question}, query};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use time::macros::date;

use super::{preview::RowState, *};
use crate::{
    Error, Result, SignedIn,
    accounts::{self, testing::{account_of, by_hand}},
    both_engines, execute, fetch_all,
    idempotency::{Key, Once, Outcome},
    testing::World,
    transactions::testing::{Given, give},
};

const TWO_COFFEES: &str = "Date,Description,Amount\n2026-05-04,Coffee,-4.50\n2026-05-04,Coffee,-4.50";

fn options(query: &str) -> ImportOptions {
    ImportOptions::from_query(&query::parse(query)).unwrap()
}

async fn put(w: &World, account: &AccountId, text: &str) -> ImportId {
    upload(&w.backend, &w.alice, account, "bank.csv", text.as_bytes().to_vec()).await.unwrap()
}

async fn look(w: &World, import: &ImportId, query: &str) -> Preview {
    preview(&w.backend, &w.alice, import, &options(query)).await.unwrap()
}

async fn take(w: &World, import: &ImportId, query: &str) -> Applied {
    apply(&w.backend, &w.alice, import, &options(query), &Choice::default(), None).await.unwrap().value
}

/// Uploads and applies at once.
async fn bring(w: &World, account: &AccountId, text: &str) -> (ImportId, Applied) {
    let id = put(w, account, text).await;
    let applied = take(w, &id, "").await;
    (id, applied)
}

/// What is in the ledger: date, amount, currency, text, in the order of the list.
async fn rows(w: &World, who: &SignedIn) -> Vec<(String, i64, String, String)> {
    #[derive(sqlx::FromRow)]
    #[sqlx(rename_all = "camelCase")]
    struct Row {
        date: time::Date,
        amount_minor: i64,
        currency: String,
        description: String,
    }
    let mut tx = w.backend.db.as_user(who.user()).read().await.unwrap();
    let rows: Vec<Row> = fetch_all!(
        tx,
        r#"
        select "date", "amountMinor", "currency", "description"
        from "transaction"
        where "userId" = $1
        order by "date", "amountMinor", "description", "id"
        "#,
        who.user(),
    )
    .unwrap();
    rows.into_iter().map(|r| (r.date.to_string(), r.amount_minor, r.currency, r.description)).collect()
}

fn row(date: &str, minor: i64, currency: &str, text: &str) -> (String, i64, String, String) {
    (date.to_owned(), minor, currency.to_owned(), text.to_owned())
}

fn counts(preview: &Preview) -> (i64, i64, i64, i64) {
    let c = preview.counts;
    (c.new, c.here, c.possible, c.failed)
}

fn codes(preview: &Preview) -> Vec<(i64, String, String)> {
    let of = |row: &PreviewRow| match &row.state {
        RowState::Failed(errors) => errors.iter().map(|e| (row.line, e.column.clone(), e.code.clone())).collect(),
        _ => Vec::new(),
    };
    preview.rows.iter().flat_map(of).collect()
}

fn refused<T: std::fmt::Debug>(result: Result<T>) -> (String, String) {
    let Err(Error::Invalid(fields)) = result else { panic!("{result:?}") };
    (fields[0].field.clone(), fields[0].code.clone())
}

both_engines! {
    async fn c1_two_equal_rows_are_two_and_a_third_copy_is_one_more(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let (_, first) = bring(&w, &account, TWO_COFFEES).await;

        let again = put(&w, &account, TWO_COFFEES).await;
        let same = look(&w, &again, "").await;
        let (_, second) = bring(&w, &account, TWO_COFFEES).await;
        let (_, third) = bring(&w, &account, &format!("{TWO_COFFEES}\n2026-05-04,Coffee,-4.50")).await;

        assert_eq!(first, Applied { added: 2, skipped: 0, failed: 0 });
        assert_eq!(counts(&same), (0, 2, 0, 0));
        assert_eq!(second, Applied { added: 0, skipped: 2, failed: 0 });
        assert_eq!(third, Applied { added: 1, skipped: 2, failed: 0 });
        assert_eq!(rows(&w, &w.alice).await, vec![row("2026-05-04", -450, "USD", "Coffee"); 3]);
    }

    async fn c2_semicolons_decimal_commas_and_days_first(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;

        bring(&w, &account, "Buchungstag;Text;Betrag\n04.05.2026;Miete;-1.234,56\n15.05.2026;Lohn;3.000,00").await;

        assert_eq!(rows(&w, &w.alice).await, [row("2026-05-04", -123_456, "USD", "Miete"), row("2026-05-15", 300_000, "USD", "Lohn")]);
    }

    async fn c3_debit_and_credit_columns_and_quotes(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;

        bring(&w, &account, "Date,Memo,Debit,Credit\n05/13/2026,\"ACME, Inc\",12.00,\n05/14/2026,\"Pay \"\"May\"\"\",,100").await;

        assert_eq!(rows(&w, &w.alice).await, [row("2026-05-13", -1_200, "USD", "ACME, Inc"), row("2026-05-14", 10_000, "USD", "Pay \"May\"")]);
    }

    async fn c4_dates_that_could_be_either_are_asked_and_not_applied_before_the_answer(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = put(&w, &account, "date,what,amount\n03/04/2026,x,1\n05/06/2026,y,2").await;

        let asked = look(&w, &id, "").await;
        let early = apply(&w.backend, &w.alice, &id, &options(""), &Choice::default(), None).await;
        take(&w, &id, "date=mdy").await;

        assert!(matches!(asked.questions.as_slice(), [Question::DateFormat { .. }]));
        assert!(asked.rows.is_empty());
        assert_eq!(refused(early), ("date".to_owned(), "option_unknown".to_owned()));
        assert_eq!(rows(&w, &w.alice).await, [row("2026-03-04", 100, "USD", "x"), row("2026-05-06", 200, "USD", "y")]);
    }

    async fn c5_three_decimals_are_asked_until_a_row_decides(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let text = "d,t,a\n2026-05-01,x,3.000\n2026-05-02,y,12.000";

        let asked = put(&w, &account, text).await;
        let asked = look(&w, &asked, "").await;
        bring(&w, &account, &format!("{text}\n2026-05-03,z,5.678")).await;

        assert!(matches!(asked.questions.as_slice(), [Question::Decimal { .. }]));
        let amounts: Vec<i64> = rows(&w, &w.alice).await.into_iter().map(|row| row.1).collect();
        assert_eq!(amounts, [300_000, 1_200_000, 567_800]);
    }

    async fn c6_a_byte_order_mark_a_line_break_in_a_cell_and_parentheses(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;

        bring(&w, &account, "\u{FEFF}Date,Description,Amount\n2026-05-01,\"two\nlines\",(7.25)").await;

        assert_eq!(rows(&w, &w.alice).await, [row("2026-05-01", -725, "USD", "two lines")]);
    }

    async fn c7_decimals_beyond_the_currency_are_an_error_of_their_row(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let text = "date,desc,amount,currency\n2026-05-01,x,-500,JPY\n2026-05-01,y,1.5,JPY";

        let id = put(&w, &account, text).await;
        let preview = look(&w, &id, "").await;
        let applied = take(&w, &id, "").await;

        assert_eq!(codes(&preview), [(3, "amount".to_owned(), "amount_precision".to_owned())]);
        assert_eq!(applied, Applied { added: 1, skipped: 0, failed: 1 });
        assert_eq!(rows(&w, &w.alice).await, [row("2026-05-01", -500, "JPY", "x")]);
    }

    async fn c8_broken_rows_are_named_by_line_and_column(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;

        let id = put(&w, &account, "date,desc,amount\n2026-02-30,x,1\n,y,2\n2026-05-01,,3").await;
        let preview = look(&w, &id, "").await;

        assert_eq!(codes(&preview), [(2, "date".to_owned(), "date_invalid".to_owned()), (3, "date".to_owned(), "date_required".to_owned())]);
        assert_eq!(counts(&preview), (1, 0, 0, 2));
        assert_eq!(preview.rows[2].description, "(no description)");
    }

    async fn c9_a_balance_column_proves_the_sign(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;

        let id = put(&w, &account, "date,desc,amount,balance\n2026-05-02,b,-5.00,95.00\n2026-05-03,c,10.00,105.00").await;

        let preview = look(&w, &id, "").await;
        assert!(preview.sign_proven && !preview.flipped);
        assert_eq!(preview.sums[0].out_minor, -500);
    }

    async fn c10_what_is_no_table_of_text_is_refused_at_the_file(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let many: String = "date,desc,amount\n".chars().chain("2026-05-01,x,1\n".repeat(51_000).chars()).collect();
        let big = vec![b'a'; 10 * 1024 * 1024 + 1];

        for (content, code) in [
            (Vec::new(), "file_empty"),
            (b"date,desc,amount\n".to_vec(), "file_no_rows"),
            (many.into_bytes(), "file_too_many_rows"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "file_not_text"),
            (big, "file_too_large"),
        ] {
            let refusal = upload(&w.backend, &w.alice, &account, "f", content).await;
            assert_eq!(refused(refusal), ("file".to_owned(), code.to_owned()));
        }
        assert!(history(&w.backend, &w.alice).await.unwrap().is_empty());
    }

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
        w.backend.clock.advance(Duration::from_secs(60));
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
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        #[derive(Debug, PartialEq, sqlx::FromRow)]
        #[sqlx(rename_all = "camelCase")]
        struct Row {
            category: String,
            category_by: String,
            note: Option<String>,
        }

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
