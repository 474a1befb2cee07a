//! Rows that a person typed or imported, and that the bank reports later.

use domain::{TransactionId, TransactionType, import::ImportOptions, review::Kind};
use time::macros::date;

use super::{
    scripted::{MAY_4, booked, page, scripted, tell},
    *,
};
use crate::{
    accounts,
    accounts::testing::by_hand,
    both_engines, imports, jobs, review,
    transactions::{
        self,
        testing::{Given, give_all},
        transfers,
    },
};

both_engines! {
    async fn a_typed_row_is_claimed_by_the_banks_and_stays_the_same_row(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        let account = accounts::list(&w.backend, &w.alice).await.unwrap()[0].id.clone();
        let typed = [
            Given { date: date!(2026 - 05 - 01), minor: -450, description: "coffee with Sam", ..Given::default() },
            Given { date: date!(2026 - 05 - 03), minor: -450, description: "coffee alone", source: "csv", ..Given::default() },
            Given { date: date!(2026 - 05 - 20), minor: -450, description: "too far away", ..Given::default() },
        ];
        let ids = give_all(&w.backend, &w.alice, &account, &typed).await;

        let rows = vec![booked("b1", date!(2026 - 05 - 02), -450, "BLUE BOTTLE"), booked("b2", MAY_4, -450, "BLUE BOTTLE")];
        tell(&w, &bank, &connection, page(rows, vec![], &[])).await;

        let rows = live(&w.backend, &w.alice).await;
        assert_eq!(rows.len(), 3, "{rows:#?}");
        let by = |id: &str| rows.iter().find(|line| line.provider_id.as_deref() == Some(id)).unwrap();
        assert_eq!((by("b1").id.as_str(), by("b2").id.as_str()), (ids[0].as_str(), ids[1].as_str()), "the nearest, each once");
        assert!(rows.iter().filter(|line| line.provider_id.is_some()).all(|line| line.source == "plaid"));
        assert_eq!(by("b1").description, "BLUE BOTTLE");
        // Taken back by the bank, the row goes; said again from the start, nothing is doubled.
        rewind(&w.backend, &w.alice, &connection, None).await;
        read(&w.backend, &w.alice, &connection).await;
        assert_eq!(live(&w.backend, &w.alice).await, rows);
    }

    async fn a_row_that_another_program_reported_is_a_doubt(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        let account = accounts::list(&w.backend, &w.alice).await.unwrap()[0].id.clone();
        let ids = give_all(&w.backend, &w.alice, &account, &[Given { source: "ofx", ..Given::default() }]).await;
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        execute!(
            tx,
            r#"update "transaction" set "providerId" = 'FITID1' where "userId" = $1 and "id" = $2"#,
            w.alice.user(),
            &ids[0],
        )
        .unwrap();
        tx.commit().await.unwrap();

        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -450, "COFFEE")], vec![], &[])).await;

        assert_eq!(live(&w.backend, &w.alice).await.len(), 2);
        let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
        let doubts: Vec<(String, String)> = fetch_all!(
            tx,
            r#"select "otherId", "kind" from "duplicate_pair" where "userId" = $1"#,
            w.alice.user(),
        )
        .unwrap();
        assert_eq!(doubts, [(ids[0].to_string(), "copy".to_owned())]);
    }

    async fn a_transfer_is_none_any_more_when_the_bank_changes_an_amount(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        let (backend, alice) = (&w.backend, &w.alice);
        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -50_000, "ONLINE")], vec![], &[])).await;
        let out = TransactionId::new(live(backend, alice).await.remove(0).id);
        let savings = accounts::create(backend, alice, by_hand("Box", "USD"), None).await.unwrap().value.id;
        let into = Given { date: MAY_4, minor: 50_000, description: "DEPOSIT", category: "uncategorized", ..Given::default() };
        let into = give_all(backend, alice, &savings, &[into]).await.remove(0);
        let pair = transfers::link(backend, alice, &out, &into).await.unwrap();

        tell(&w, &bank, &connection, page(vec![], vec![booked("b1", MAY_4, -52_300, "ONLINE")], &[])).await;
        jobs::run_due(backend).await.unwrap();

        let waits = review::page(backend, alice, Some(Kind::Transfers), None).await.unwrap();
        let review::Items::Transfers(found) = waits.items else { panic!("{waits:?}") };
        assert_eq!((found.len(), &found[0].id, found[0].fits()), (1, &pair, false));
        let out = transactions::get(backend, alice, &out).await.unwrap();
        assert_eq!((out.signed_amount_cents, out.r#type, out.transfer), (-52_300, TransactionType::Debit, None));
    }

    async fn a_row_that_the_bank_claims_outlives_the_undo_of_its_import(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        tell(&w, &bank, &connection, page(vec![], vec![], &[])).await;
        let account = accounts::list(&w.backend, &w.alice).await.unwrap().remove(0).id;
        let file = "Date,Description,Amount\n2026-05-04,COFFEE,-4.50\n2026-05-04,TEA,-3.00";
        let import = imports::upload(&w.backend, &w.alice, &account, "bank.csv", file.as_bytes().to_vec()).await.unwrap();
        let (options, choice) = (ImportOptions::default(), imports::Choice::default());
        imports::apply(&w.backend, &w.alice, &import, &options, &choice, None).await.unwrap();
        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -450, "COFFEE")], vec![], &[])).await;
        assert_eq!(live(&w.backend, &w.alice).await.len(), 2, "it is the same row");

        let undone = imports::undo(&w.backend, &w.alice, &import).await.unwrap();

        assert_eq!(undone.removed, 1, "the tea alone");
        let left = live(&w.backend, &w.alice).await;
        assert_eq!(left.iter().map(|line| line.provider_id.as_deref()).collect::<Vec<_>>(), [Some("b1")]);
    }
}
