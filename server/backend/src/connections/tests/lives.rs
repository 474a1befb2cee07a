//! The life of a row between the bank and the ledger: pending, booked, let go, taken back; and what its owner set.

use domain::{
    PageRequest, TransactionFilter, TransactionId,
    balance::BalanceRange,
    ledger::provenance::Writer,
    query,
    rules::{ActionForm, ConditionForm, RuleForm},
};
use time::macros::date;

use super::{
    scripted::{MAY_4, booked, page, pending, scripted, tell},
    *,
};
use crate::{
    accounts::{GapKind, balances},
    banks::ProviderRow,
    both_engines, rules,
    transactions::{
        self, delete,
        testing::{Given, give},
    },
};

/// A person sets the category, a note and a tag of a row.
async fn arrange(w: &World, id: &str) {
    let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
    execute!(
        tx,
        r#"
        update "transaction"
        set "category" = 'family.gifts', "categoryBy" = 'user', "note" = 'for Sam', "noteBy" = 'user',
            "merchant" = 'Sam''s Place', "merchantBy" = 'user', "tags" = '|trip|', "tagsBy" = 'user'
        where "userId" = $1 and "id" = $2
        "#,
        w.alice.user(),
        id,
    )
    .unwrap();
    tx.commit().await.unwrap();
}

async fn doubts(w: &World) -> Vec<(String, String, String)> {
    let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
    fetch_all!(
        tx,
        r#"
        select k."providerId", o."providerId", p."kind"
        from "duplicate_pair" p
        join "transaction" k on k."userId" = p."userId" and k."id" = p."keptId"
        join "transaction" o on o."userId" = p."userId" and o."id" = p."otherId"
        where p."userId" = $1 and p."state" = 'open'
        order by 1, 2
        "#,
        w.alice.user(),
    )
    .unwrap()
}

/// How many rows a search finds.
async fn search(w: &World, words: &str) -> i64 {
    let text = format!("q={}", words.replace(' ', "+"));
    let filter = TransactionFilter::from_query(&query::parse(&text)).unwrap();
    let request = PageRequest::default();
    transactions::list(&w.backend, &w.alice, &filter, &request).await.unwrap().total
}

async fn only(w: &World) -> Line {
    let mut lines = live(&w.backend, &w.alice).await;
    assert_eq!(lines.len(), 1, "{lines:#?}");
    lines.remove(0)
}

fn text(line: &Line) -> (&str, Option<&str>, &str, Option<&str>) {
    (&line.description, line.merchant.as_deref(), &line.category, line.note.as_deref())
}

both_engines! {
    async fn a_pending_row_becomes_the_booked_one_that_names_it_and_keeps_what_its_owner_set(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        tell(&w, &bank, &connection, page(vec![pending("p1", MAY_4, -2_000, "TST* NOODLE HOUSE")], vec![], &[])).await;
        let before = only(&w).await;
        assert_eq!((before.status, before.posted_date), (TransactionStatus::Pending, None));
        arrange(&w, &before.id).await;

        let row = ProviderRow {
            pending_id: Some("p1".to_owned()),
            merchant: Some("Noodle House".to_owned()),
            category: Some("food.restaurants"),
            ..booked("b1", date!(2026 - 05 - 06), -2_400, "TST* NOODLE HOUSE 0231")
        };
        tell(&w, &bank, &connection, page(vec![row], vec![], &["p1"])).await;

        let after = only(&w).await;
        assert_eq!(after.id, before.id, "it is the same row");
        assert_eq!((after.status, after.minor), (TransactionStatus::Completed, -2_400));
        assert_eq!((after.date, after.posted_date), (MAY_4, Some(date!(2026 - 05 - 06))), "the day it happened is shown");
        assert_eq!(text(&after), ("TST* NOODLE HOUSE 0231", Some("Sam's Place"), "family.gifts", Some("for Sam")));
        assert_eq!(lines(&w.backend, &w.alice).await.len(), 1, "the removed id became this row");
    }

    async fn the_only_pending_row_of_that_amount_becomes_the_booked_one(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        tell(&w, &bank, &connection, page(vec![pending("p1", MAY_4, -450, "COFFEE"), pending("p2", MAY_4, -460, "COFFEE")], vec![], &[])).await;

        let authorized = ProviderRow { authorized_date: Some(date!(2026 - 05 - 03)), ..booked("b1", date!(2026 - 05 - 07), -450, "BLUE BOTTLE") };
        tell(&w, &bank, &connection, page(vec![authorized], vec![], &[])).await;

        let rows = live(&w.backend, &w.alice).await;
        let found: Vec<_> = rows.iter().map(|line| (line.provider_id.as_deref().unwrap(), line.date, line.status)).collect();
        assert_eq!(found, [
            ("b1", date!(2026 - 05 - 03), TransactionStatus::Completed),
            ("p2", MAY_4, TransactionStatus::Pending),
        ]);
        // What is said again is old news.
        tell(&w, &bank, &connection, page(vec![pending("p1", MAY_4, -450, "COFFEE")], vec![], &["p1"])).await;
        assert_eq!(live(&w.backend, &w.alice).await, rows);
    }

    async fn a_tip_is_suggested_and_never_taken_for_granted(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        tell(&w, &bank, &connection, page(vec![pending("p1", MAY_4, -2_000, "TST* NOODLE HOUSE")], vec![], &[])).await;

        tell(&w, &bank, &connection, page(vec![booked("b1", date!(2026 - 05 - 06), -2_400, "TST* NOODLE HOUSE")], vec![], &[])).await;
        assert_eq!(live(&w.backend, &w.alice).await.len(), 2);
        assert_eq!(doubts(&w).await, [("b1".to_owned(), "p1".to_owned(), "final_amount".to_owned())]);

        tell(&w, &bank, &connection, page(vec![], vec![], &["p1"])).await;
        assert_eq!(only(&w).await.minor, -2_400);
        assert_eq!(doubts(&w).await, [], "nothing is counted twice any more");
        let released = lines(&w.backend, &w.alice).await.into_iter().find(|line| !line.is_live()).unwrap();
        assert_eq!((released.status, released.flag.as_deref()), (TransactionStatus::Failed, Some("released")));
    }

    async fn equal_pending_rows_that_nothing_tells_apart_are_doubts(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        let twins = vec![pending("p1", MAY_4, -275, "METRO"), pending("p2", MAY_4, -275, "METRO")];
        tell(&w, &bank, &connection, page(twins, vec![], &[])).await;

        tell(&w, &bank, &connection, page(vec![booked("b1", date!(2026 - 05 - 05), -275, "METRO")], vec![], &[])).await;

        let pair = |other: &str| ("b1".to_owned(), other.to_owned(), "copy".to_owned());
        assert_eq!(doubts(&w).await, [pair("p1"), pair("p2")]);
    }

    async fn a_booked_row_that_the_bank_takes_back_is_put_away_and_written_down(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -450, "COFFEE")], vec![], &[])).await;

        tell(&w, &bank, &connection, page(vec![], vec![], &["b1"])).await;

        assert_eq!(live(&w.backend, &w.alice).await, []);
        assert!(lines(&w.backend, &w.alice).await[0].deleted_at.is_some());
        let trail = crate::audit::recent(&w.backend, &w.alice).await.unwrap();
        assert_eq!(trail.iter().filter(|line| line.action == domain::activity::Action::BankRowsRemoved).count(), 1);
        // Said again, it stays away.
        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -450, "COFFEE")], vec![], &[])).await;
        assert_eq!(live(&w.backend, &w.alice).await, []);
    }

    async fn what_the_provider_changes_is_changed_unless_somebody_stronger_set_it(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -450, "PARCELWAY*1"), booked("b2", MAY_4, -900, "OTHER")], vec![], &[])).await;
        let mine = lines(&w.backend, &w.alice).await.into_iter().find(|line| line.minor == -900).unwrap();
        arrange(&w, &mine.id).await;

        let named = |row: ProviderRow| ProviderRow { merchant: Some("Parcelway".to_owned()), category: Some("shopping.online"), ..row };
        let changed = vec![
            named(booked("b1", MAY_4, -455, "PARCELWAY*1")),
            named(booked("b2", MAY_4, -905, "OTHER")),
        ];
        tell(&w, &bank, &connection, page(vec![], changed, &[])).await;

        let rows = live(&w.backend, &w.alice).await;
        let found: Vec<_> = rows.iter().map(|line| (line.minor, text(line))).collect();
        assert_eq!(found, [
            (-455, ("PARCELWAY*1", Some("Parcelway"), "shopping.online", None)),
            (-905, ("OTHER", Some("Sam's Place"), "family.gifts", Some("for Sam"))),
        ]);
    }

    async fn rules_are_asked_again_when_the_bank_changes_a_text_and_a_person_outranks_them(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        let rule = |field: &str, value: &str, actions: &[(&str, &str)]| RuleForm {
            conditions: vec![ConditionForm { field: field.to_owned(), value: value.to_owned(), ..ConditionForm::default() }],
            actions: actions.iter().map(|(kind, value)| ActionForm { kind: (*kind).to_owned(), value: (*value).to_owned() }).collect(),
            ..RuleForm::default()
        };
        let sorted = rule("description", "noodle", &[("category", "food.restaurants"), ("merchant", "Noodles"), ("tag", "out"), ("note", "by rule")]);
        rules::create(&w.backend, &w.alice, "Noodles", &sorted).await.unwrap();
        let before = vec![pending("p1", MAY_4, -2_000, "CARD 1"), booked("b2", MAY_4, -900, "CARD 2"), booked("b3", MAY_4, -700, "CARD 3")];
        tell(&w, &bank, &connection, page(before, vec![], &[])).await;
        let mine = live(&w.backend, &w.alice).await.into_iter().find(|line| line.minor == -900).unwrap();
        arrange(&w, &mine.id).await;

        let row = ProviderRow {
            pending_id: Some("p1".to_owned()),
            category: Some("shopping.online"),
            ..booked("b1", date!(2026 - 05 - 06), -2_400, "TST* NOODLE HOUSE")
        };
        let changed = vec![booked("b2", MAY_4, -900, "NOODLE BAR"), booked("b3", MAY_4, -705, "CARD 3")];
        tell(&w, &bank, &connection, page(vec![row.clone()], changed, &["p1"])).await;

        let rows = live(&w.backend, &w.alice).await;
        let mut found: Vec<_> = rows.iter().map(|line| (line.minor, text(line))).collect();
        found.sort_unstable();
        assert_eq!(found, [
            (-2_400, ("TST* NOODLE HOUSE", Some("Noodles"), "food.restaurants", Some("by rule"))),
            (-900, ("NOODLE BAR", Some("Sam's Place"), "family.gifts", Some("for Sam"))),
            (-705, ("CARD 3", None, "uncategorized", None)),
        ]);
        let noodles = rows.iter().find(|line| line.minor == -2_400).unwrap();
        let detail = transactions::get(&w.backend, &w.alice, &TransactionId::new(&*noodles.id)).await.unwrap();
        assert_eq!((detail.tags, detail.category_by), (vec!["out".to_owned()], Writer::Rule));
        assert_eq!(search(&w, "by rule").await, 1, "a search finds what the rule wrote");
        // Said again, nothing is new.
        tell(&w, &bank, &connection, page(vec![], vec![row], &[])).await;
        assert_eq!(live(&w.backend, &w.alice).await, rows);
    }

    async fn a_row_of_a_person_that_the_bank_claims_is_sorted_by_its_text(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        tell(&w, &bank, &connection, page(vec![booked("b0", MAY_4, -1, "FIRST")], vec![], &[])).await;
        let account = crate::accounts::list(&w.backend, &w.alice).await.unwrap()[0].id.clone();
        give(&w.backend, &w.alice, &account, Given { description: "Lunch", category: "uncategorized", ..Given::default() }).await;
        let exclude = RuleForm {
            conditions: vec![ConditionForm { field: "description".to_owned(), value: "bistro".to_owned(), ..ConditionForm::default() }],
            actions: vec![ActionForm { kind: "exclude".to_owned(), value: String::new() }],
            ..RuleForm::default()
        };
        rules::create(&w.backend, &w.alice, "Bistro", &exclude).await.unwrap();

        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -450, "BISTRO")], vec![], &[])).await;

        let rows = live(&w.backend, &w.alice).await;
        let claimed = rows.iter().find(|line| line.minor == -450).unwrap();
        let detail = transactions::get(&w.backend, &w.alice, &TransactionId::new(&*claimed.id)).await.unwrap();
        assert_eq!((rows.len(), detail.excluded, detail.excluded_by), (2, true, Writer::Rule));
    }

    async fn a_search_finds_a_row_by_the_notes_on_its_parts_after_the_bank_changed_it(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -1_000, "MARKET")], vec![], &[])).await;
        let row = only(&w).await;
        split(&w, &row.id, &[-600, -400]).await;
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        execute!(
            tx,
            r#"update "transaction_part" set "note" = 'wedding cake' where "userId" = $1 and "position" = 1"#,
            w.alice.user(),
        )
        .unwrap();
        tx.commit().await.unwrap();

        tell(&w, &bank, &connection, page(vec![], vec![booked("b1", MAY_4, -1_100, "CORNER MARKET")], &[])).await;
        assert_eq!((search(&w, "wedding").await, search(&w, "corner").await), (1, 1));
        // The part goes, and what is written on it.
        tell(&w, &bank, &connection, page(vec![], vec![booked("b1", MAY_4, -600, "CORNER MARKET")], &[])).await;
        assert_eq!((search(&w, "wedding").await, search(&w, "corner").await), (0, 1));
    }

    async fn the_city_that_the_provider_knows_is_no_part_of_a_shop(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        let known = ProviderRow { city: Some("Oakland".to_owned()), ..booked("b1", MAY_4, -450, "CORNER MARKET OAKLAND CA") };
        tell(&w, &bank, &connection, page(vec![known.clone(), booked("b2", MAY_4, -460, "CORNER MARKET OAKLAND CA")], vec![], &[])).await;
        let keys = async || -> Vec<(String,)> {
            let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
            fetch_all!(
                tx,
                r#"select "merchantKey" from "transaction" where "userId" = $1 order by "amountMinor" desc"#,
                w.alice.user(),
            )
            .unwrap()
        };
        let expected = |first: &str, second: &str| vec![(first.to_owned(),), (second.to_owned(),)];
        assert_eq!(keys().await, expected("corner market", "corner market oakland"));

        let changed = ProviderRow { description: "MARKET ON BROADWAY OAKLAND CA".to_owned(), ..known };
        tell(&w, &bank, &connection, page(vec![], vec![changed], &[])).await;

        assert_eq!(keys().await, expected("market on broadway", "corner market oakland"));
    }

    async fn the_parts_of_a_row_follow_its_new_amount_and_somebody_should_look(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -1_000, "MARKET")], vec![], &[])).await;
        let row = only(&w).await;
        split(&w, &row.id, &[-600, -400]).await;

        tell(&w, &bank, &connection, page(vec![], vec![booked("b1", MAY_4, -1_100, "MARKET")], &[])).await;
        assert_eq!(parts(&w, &row.id).await, [-600, -500]);
        assert_eq!(only(&w).await.flag.as_deref(), Some("split_adjusted"));
        tell(&w, &bank, &connection, page(vec![], vec![booked("b1", MAY_4, -600, "MARKET")], &[])).await;
        assert_eq!(parts(&w, &row.id).await, [] as [i64; 0], "one part is no split");
    }

    async fn ids_differ_by_case_and_odd_currencies_are_kept_apart(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        let odd = ProviderRow { currency: Err("DOGE".to_owned()), ..booked("odd", MAY_4, -450, "EXCHANGE") };
        tell(&w, &bank, &connection, page(vec![booked("aB", MAY_4, -450, "ONE"), booked("Ab", MAY_4, -450, "TWO"), odd.clone()], vec![], &[])).await;

        let rows = live(&w.backend, &w.alice).await;
        assert_eq!(rows.len(), 3);
        let strange = rows.iter().find(|line| line.provider_id.as_deref() == Some("odd")).unwrap();
        assert_eq!(strange.flag.as_deref(), Some("currency_unsupported"));
        tell(&w, &bank, &connection, page(vec![odd], vec![], &[])).await;
        assert_eq!(live(&w.backend, &w.alice).await, rows, "said again, it is the same row");
        tell(&w, &bank, &connection, page(vec![], vec![], &["odd"])).await;
        assert_eq!(live(&w.backend, &w.alice).await.len(), 2);
    }

    async fn the_banks_balance_stands_beside_ours_and_a_gap_is_shown_after_two_days(db: TestDb) {
        let (w, bank, connection) = scripted(db).await;
        bank.holds(100_000);
        tell(&w, &bank, &connection, page(vec![booked("b1", MAY_4, -450, "COFFEE")], vec![], &[])).await;
        let account = &crate::accounts::list(&w.backend, &w.alice).await.unwrap()[0];
        assert_eq!(account.balance_minor, 100_000, "what lies before the first row is the bank's word");

        bank.holds(98_760);
        tell(&w, &bank, &connection, page(vec![], vec![], &[])).await;
        let side = async || bank_sides(&w.backend, &w.alice).await.unwrap().remove(0);
        assert_eq!((side().await.balance_minor, side().await.gap_minor), (Some(98_760), None));
        w.backend.clock.advance(MINUTE * 60 * 49);
        tell(&w, &bank, &connection, page(vec![], vec![], &[])).await;
        assert_eq!(side().await.gap_minor, Some(-1_240));

        // What may be behind it: a row that the bank never told of, and one that has not posted.
        let by_hand = Given { minor: 1_500, currency: "USD", ..Given::default() };
        let typed = give(&w.backend, &w.alice, &account.id, by_hand).await;
        tell(&w, &bank, &connection, page(vec![pending("p1", MAY_4, -260, "TAXI")], vec![], &[])).await;
        let balances =
            balances(&w.backend, &w.alice, &account.id, BalanceRange::default()).await.unwrap();
        let gap = balances.bank.unwrap().gap.unwrap();
        assert_eq!(gap.minor, -2_740);
        let causes: Vec<_> = gap.causes.iter().map(|cause| (cause.kind, cause.rows, cause.minor)).collect();
        assert_eq!(causes, [(GapKind::Pending, 1, -260), (GapKind::NotFromTheBank, 1, 1_500)]);
        delete(&w.backend, &w.alice, &typed).await.unwrap();

        tell(&w, &bank, &connection, page(vec![booked("b2", MAY_4, -1_240, "LATE")], vec![], &[])).await;
        assert_eq!(side().await.gap_minor, None, "the row that was missing came");
    }

    async fn a_month_at_first_harbor_ends_where_the_bank_is(db: TestDb) {
        let w = World::new(db).await;
        let connection = link(&w.backend, &w.alice, "sim_first_harbor", "mfa").await;
        run(&w.backend).await;
        let mut seen = (0, 0, 0);
        for _ in 0..30 {
            super::bank(&w.backend).advance_clock(1).await.unwrap();
            read(&w.backend, &w.alice, &connection).await;
            assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
            let rows = lines(&w.backend, &w.alice).await;
            seen.0 = seen.0.max(rows.iter().filter(|line| line.status == TransactionStatus::Pending).count());
            seen.1 = rows.iter().filter(|line| line.status == TransactionStatus::Failed).count();
            seen.2 = seen.2.max(doubts(&w).await.len());
        }
        assert!(seen.0 > 0 && seen.1 > 0 && seen.2 > 0, "{seen:?}");
        for (account, side) in crate::accounts::list(&w.backend, &w.alice).await.unwrap().iter().zip(bank_sides(&w.backend, &w.alice).await.unwrap()) {
            assert_eq!(side.balance_minor, Some(account.balance_minor));
        }
    }
}

async fn split(w: &World, row: &str, parts: &[i64]) {
    let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
    for (position, minor) in (0_i64..).zip(parts) {
        execute!(
            tx,
            r#"
            insert into "transaction_part" ("id", "userId", "transactionId", "position", "category", "amountMinor")
            values ($1, $2, $3, $4, 'food', $5)
            "#,
            w.backend.new_id(),
            w.alice.user(),
            row,
            position,
            *minor,
        )
        .unwrap();
    }
    execute!(
        tx,
        r#"update "transaction" set "hasParts" = true where "userId" = $1 and "id" = $2"#,
        w.alice.user(),
        row,
    )
    .unwrap();
    tx.commit().await.unwrap();
}

async fn parts(w: &World, row: &str) -> Vec<i64> {
    let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
    let parts: Vec<(i64,)> = fetch_all!(
        tx,
        r#"
        select "amountMinor" from "transaction_part" where "userId" = $1 and "transactionId" = $2 order by "position"
        "#,
        w.alice.user(),
        row,
    )
    .unwrap();
    parts.into_iter().map(|(minor,)| minor).collect()
}
