//! The balances of a file: the opening one taken over and given back, the closing one compared.

use domain::{Currency, TransactionFilter, TransactionType};

use super::*;
use crate::transactions::{self, testing::give_all};

const QUICKEN: &str = "!Type:Bank\nD5/1'26\nT1,000.00\nPOpening Balance\nL[Everyday]\n^\nD5/13'26\nT-34.50\nPCorner Market\n^\n";
const YEAR_BEFORE: &str = "!Type:Bank\nD5/13'25\nT700.00\nPOpening Balance\nL[Everyday]\n^\nD5/14'25\nT300.00\nPRefund\n^\n";

/// A statement of one entry, and what stands behind the list.
fn ofx_with(behind: &str) -> String {
    format!(
        "OFXHEADER:100\nDATA:OFXSGML\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD\n\
         <BANKACCTFROM><BANKID>021000021<ACCTID>111<ACCTTYPE>CHECKING</BANKACCTFROM>\n\
         <BANKTRANLIST><DTSTART>20260501<DTEND>20260531\n\
         <STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260504<TRNAMT>-34.51<FITID>A1<NAME>CITY POWER</STMTTRN>\n\
         </BANKTRANLIST>{behind}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
}

async fn balance(w: &World, account: &AccountId) -> i64 {
    accounts::get(&w.backend, &w.alice, account).await.unwrap().balance_minor
}

fn on(day: time::Date) -> Given {
    Given { date: day, minor: -100, ..Given::default() }
}

both_engines! {
    async fn the_opening_balance_of_a_file_becomes_that_of_an_empty_account_and_undo_takes_it_back(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let draft = put(&w, &account, QUICKEN).await;

        let seen = look(&w, &draft, "").await;
        let untouched = balance(&w, &account).await;
        take(&w, &draft, "").await;

        assert_eq!((seen.opening, untouched), (Some(Opening::Taken), 0));
        assert_eq!(balance(&w, &account).await, 100_000 - 3_450);
        let again = put(&w, &account, QUICKEN).await;
        assert_eq!(look(&w, &again, "").await.opening, Some(Opening::Same));
        undo(&w.backend, &w.alice, &draft).await.unwrap();
        assert_eq!(balance(&w, &account).await, 0);
    }

    async fn an_account_with_older_rows_keeps_its_opening_balance(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        give(&w.backend, &w.alice, &account, on(date!(2026 - 04 - 30))).await;
        let draft = put(&w, &account, QUICKEN).await;

        let seen = look(&w, &draft, "").await;
        take(&w, &draft, "").await;

        assert_eq!(seen.opening, Some(Opening::Kept));
        assert_eq!(balance(&w, &account).await, -100 - 3_450);
    }

    async fn the_balance_of_a_bank_stands_over_that_of_a_file(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        execute!(
            tx,
            r#"update "bank_account" set "bankBalanceAt" = $2 where "userId" = $1"#,
            w.alice.user(),
            crate::Timestamp::from(w.backend.clock.now()),
        )
        .unwrap();
        tx.commit().await.unwrap();

        let draft = put(&w, &account, QUICKEN).await;
        take(&w, &draft, "").await;

        assert_eq!(balance(&w, &account).await, -3_450);
    }

    async fn of_two_files_the_older_opening_counts_in_whatever_order_they_go(db: TestDb) {
        let w = World::new(db).await;
        for newer_goes_first in [true, false] {
            let account = accounts::create(&w.backend, &w.alice, by_hand("New", "USD"), None).await.unwrap().value.id;
            let (newer, _) = bring(&w, &account, QUICKEN).await;
            w.backend.clock.advance(Duration::from_mins(1));
            let (older, _) = bring(&w, &account, YEAR_BEFORE).await;
            assert_eq!(balance(&w, &account).await, 70_000 + 30_000 - 3_450);

            let (first, second, between) =
                if newer_goes_first { (newer, older, 100_000) } else { (older, newer, 100_000 - 3_450) };
            undo(&w.backend, &w.alice, &first).await.unwrap();
            assert_eq!(balance(&w, &account).await, between);
            undo(&w.backend, &w.alice, &second).await.unwrap();
            assert_eq!(balance(&w, &account).await, 0);
        }
    }

    async fn signs_that_are_turned_turn_the_opening_balance_too(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let draft = put(&w, &account, QUICKEN).await;

        take(&w, &draft, "sign=flipped").await;

        assert_eq!(balance(&w, &account).await, -100_000 + 3_450);
    }

    async fn the_banks_closing_balance_is_held_against_ours_with_the_new_rows(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        // After the day of the bank's word, and another currency: neither is in its balance.
        let later = [on(date!(2026 - 06 - 01)), Given { currency: "EUR", ..on(date!(2026 - 05 - 02)) }];
        give_all(&w.backend, &w.alice, &account, &later).await;
        give(&w.backend, &w.alice, &account, Given { minor: 10_000, ..on(date!(2026 - 05 - 01)) }).await;
        let file = |balance: &str| ofx_with(&format!("<LEDGERBAL><BALAMT>{balance}<DTASOF>20260531</LEDGERBAL>"));

        let right = put(&w, &account, &file("65.49")).await;
        let wrong = put(&w, &account, &file("70.00")).await;

        assert_eq!(look(&w, &right, "").await.gap, None);
        let gap = LedgerGap { bank_minor: 7_000, ledger_minor: 6_549, currency: Currency::USD, date: Some(date!(2026 - 05 - 31)) };
        assert_eq!(look(&w, &wrong, "").await.gap, Some(gap.clone()));
        // It stops nothing; and what is here already is counted once.
        assert_eq!(take(&w, &right, "").await.added, 1);
        assert_eq!(look(&w, &wrong, "").await.gap, Some(gap));
    }

    async fn a_row_that_may_be_one_of_two_own_accounts_is_a_hint_and_no_transfer(db: TestDb) {
        #[derive(Debug, PartialEq, sqlx::FromRow)]
        #[sqlx(rename_all = "camelCase")]
        struct Row {
            r#type: TransactionType,
            category: String,
            provider_transfer: bool,
        }
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let file = ofx_with("").replace("<TRNTYPE>DEBIT", "<TRNTYPE>XFER");

        let draft = put(&w, &account, &file).await;
        let seen = look(&w, &draft, "").await;
        take(&w, &draft, "").await;

        let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
        let rows: Vec<Row> = fetch_all!(
            tx,
            r#"select "type", "category", "providerTransfer" from "transaction" where "userId" = $1"#,
            w.alice.user(),
        )
        .unwrap();
        drop(tx);
        assert!(!seen.rows[0].category.starts_with("transfer"), "{:?}", seen.rows[0]);
        let category = seen.rows[0].category.clone();
        assert_eq!(rows, [Row { r#type: TransactionType::Debit, category, provider_transfer: true }]);
        let totals = transactions::month_totals(&w.backend, &w.alice, "2026-05".parse().unwrap()).await.unwrap();
        assert_eq!(totals.iter().map(|total| total.minor).sum::<i64>(), -3_451, "it counts until its other side is found");
    }

    async fn the_notes_on_parts_of_a_file_are_found(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        bring(&w, &account, "!Type:Bank\nD5/13'26\nT-34.50\nPCorner Market\nSFood\nEWedding cake\n$-30.00\nSFun\n$-4.50\n^\n").await;

        let filter = TransactionFilter::from_query(&query::parse("q=wedding")).unwrap();
        let page = transactions::list(&w.backend, &w.alice, &filter, &domain::PageRequest::default()).await.unwrap();

        assert_eq!(page.total, 1);
    }

    async fn every_possible_row_is_taken_in_at_once(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        give_all(&w.backend, &w.alice, &account, &[Given { minor: -450, ..Given::default() }; 3]).await;
        let text = format!("{TWO_COFFEES}\n2026-05-04,Coffee,-4.50");
        let draft = put(&w, &account, &text).await;
        assert_eq!(counts(&look(&w, &draft, "").await), (0, 0, 3, 0));

        let all = Choice { take_all: true, ..Choice::default() };
        let applied = apply(&w.backend, &w.alice, &draft, &options(""), &all, None).await.unwrap().value;

        assert_eq!((applied.added, rows(&w, &w.alice).await.len()), (3, 6));
    }
}
