//! Files of banks as they come.

use super::*;

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
}
