//! Files of banks that are no tables.

use domain::{TransactionId, entry::EditForm, import::FileFormat};

use super::*;
use crate::transactions;

/// A statement of one account with these entries.
fn ofx(account: &str, entries: &str) -> String {
    format!(
        "OFXHEADER:100\nDATA:OFXSGML\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD\n\
         <BANKACCTFROM><BANKID>021000021<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>\n\
         <BANKTRANLIST><DTSTART>20260501<DTEND>20260531\n{entries}\n</BANKTRANLIST></STMTRS></STMTTRNRS>\
         </BANKMSGSRSV1></OFX>"
    )
}

fn entry(id: &str, amount: &str, name: &str, more: &str) -> String {
    format!(
        "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260504<TRNAMT>{amount}<FITID>{id}{more}<NAME>{name}</STMTTRN>"
    )
}

async fn only_id(w: &World) -> TransactionId {
    #[derive(sqlx::FromRow)]
    struct Row {
        id: TransactionId,
    }
    let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
    let mut rows: Vec<Row> = fetch_all!(
        tx,
        r#"select "id" from "transaction" where "userId" = $1 and "deletedAt" is null"#,
        w.alice.user(),
    )
    .unwrap();
    assert_eq!(rows.len(), 1);
    rows.remove(0).id
}

async fn category(w: &World, id: &TransactionId) -> String {
    transactions::get(&w.backend, &w.alice, id).await.unwrap().category
}

const QIF: &str =
    "!Type:Bank\nD5/13'26\nT-34.50\nPCorner Market\nSFood:Groceries\n$-30.00\nSCoffee\n$-4.50\n^\n";

both_engines! {
    async fn a_row_with_an_id_of_the_bank_comes_once(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let first = ofx("111", &[entry("A1", "-34.51", "CITY POWER", ""), entry("A2", "-4.50", "COFFEE", "")].concat());
        let next = ofx("111", &[entry("A2", "-4.50", "COFFEE", ""), entry("A3", "-4.50", "COFFEE", "")].concat());

        let (_, one) = bring(&w, &account, &first).await;
        let (_, again) = bring(&w, &account, &first).await;
        let draft = put(&w, &account, &next).await;
        let seen = look(&w, &draft, "").await;
        let two = take(&w, &draft, "").await;

        assert_eq!((one.added, again.added, again.skipped, two.added), (2, 0, 2, 1));
        assert_eq!((seen.format, counts(&seen)), (FileFormat::Ofx1, (1, 1, 0, 0)));
        assert_eq!(rows(&w, &w.alice).await.len(), 3);
    }

    async fn an_id_that_the_bank_gave_twice_keeps_both_rows(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let file = ofx("111", &[entry("A2", "-4.50", "COFFEE", ""), entry("A2", "-9.99", "STREAMCO", "")].concat());

        let (_, one) = bring(&w, &account, &file).await;
        let (_, again) = bring(&w, &account, &file).await;

        assert_eq!((one.added, again.added), (2, 0));
    }

    async fn a_correction_takes_the_place_of_its_row_and_undo_brings_that_back(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let first = ofx("111", &entry("A1", "-34.51", "CITY POWER", ""));
        let corrected = ofx("111", &entry("B1", "-43.51", "CITY POWER", "<CORRECTFITID>A1<CORRECTACTION>REPLACE"));
        bring(&w, &account, &first).await;
        let old = only_id(&w).await;
        let edit = EditForm { category: Some("family.gifts".to_owned()), ..EditForm::default() };
        transactions::edit(&w.backend, &w.alice, &old, &edit).await.unwrap();

        let draft = put(&w, &account, &corrected).await;
        let seen = look(&w, &draft, "").await;
        take(&w, &draft, "").await;
        let new = only_id(&w).await;
        let older_again = bring(&w, &account, &first).await.1;

        assert_eq!(seen.rows[0].state, RowState::Replaces);
        assert_eq!(rows(&w, &w.alice).await, [row("2026-05-04", -4_351, "USD", "CITY POWER")]);
        assert_eq!(category(&w, &new).await, "family.gifts");
        assert_eq!(older_again.added, 0);

        undo(&w.backend, &w.alice, &draft).await.unwrap();
        assert_eq!(rows(&w, &w.alice).await, [row("2026-05-04", -3_451, "USD", "CITY POWER")]);
        assert_eq!((only_id(&w).await, category(&w, &old).await), (old.clone(), "family.gifts".to_owned()));
    }

    async fn what_the_bank_takes_back_leaves_the_ledger(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        bring(&w, &account, &ofx("111", &entry("A1", "-34.51", "CITY POWER", ""))).await;
        let deletion = ofx("111", &[
            entry("A9", "-34.51", "CITY POWER", "<CORRECTFITID>A1<CORRECTACTION>DELETE"),
            entry("A2", "-4.50", "COFFEE", ""),
        ].concat());

        let draft = put(&w, &account, &deletion).await;
        let seen = look(&w, &draft, "").await;
        take(&w, &draft, "").await;

        assert_eq!(seen.taken_back, 1);
        assert_eq!(rows(&w, &w.alice).await, [row("2026-05-04", -450, "USD", "COFFEE")]);
        undo(&w.backend, &w.alice, &draft).await.unwrap();
        assert_eq!(rows(&w, &w.alice).await, [row("2026-05-04", -3_451, "USD", "CITY POWER")]);
    }

    async fn a_split_of_the_file_is_a_split_of_the_ledger(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;

        bring(&w, &account, QIF).await;

        let found = transactions::get(&w.backend, &w.alice, &only_id(&w).await).await.unwrap();
        let parts: Vec<(i64, &str)> =
            found.parts.iter().map(|part| (part.signed_amount_cents, part.category.as_str())).collect();
        assert_eq!(parts, [(-3_000, "food.groceries"), (-450, "food.coffee")]);
    }

    async fn of_several_statements_one_is_asked_for(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let statement = |account: &str, id: &str| {
            let file = ofx(account, &entry(id, "-4.50", account, ""));
            let (_, rest) = file.split_once("<BANKMSGSRSV1>").unwrap();
            rest.split_once("</BANKMSGSRSV1>").unwrap().0.to_owned()
        };
        let file = format!(
            "OFXHEADER:100\nDATA:OFXSGML\n<OFX><BANKMSGSRSV1>{}{}</BANKMSGSRSV1></OFX>",
            statement("000011111111", "1"),
            statement("000022222222", "1"),
        );

        let draft = put(&w, &account, &file).await;
        let asked = look(&w, &draft, "").await;
        let refusal = apply(&w.backend, &w.alice, &draft, &options(""), &Choice::default(), None).await;
        take(&w, &draft, "statement=1").await;

        assert!(matches!(asked.questions.as_slice(), [Question::Statement { .. }]));
        assert_eq!(refused(refusal), ("statement".to_owned(), "option_unknown".to_owned()));
        assert_eq!(rows(&w, &w.alice).await, [row("2026-05-04", -450, "USD", "000022222222")]);
    }

    async fn the_same_purchase_from_a_table_and_a_statement_is_a_question(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        bring(&w, &account, "Date,Description,Amount\n2026-05-03,Coffee bar,-4.50").await;

        let draft = put(&w, &account, &ofx("111", &entry("A2", "-4.50", "COFFEE", ""))).await;

        assert_eq!(counts(&look(&w, &draft, "").await), (0, 0, 1, 0));
    }
}
