use std::time::Duration;

use domain::{
    AccountId, PageRequest, RuleId, TransactionFilter, TransactionId,
    batch::{BatchForm, Deed},
    entry::{EditForm, TransactionDetail},
    ledger::{
        provenance::Writer,
        splits::{PartForm, SplitForm},
    },
    rules::{ActionForm, ConditionForm, RuleForm},
};

use super::*;
use crate::{
    Error, SignedIn,
    accounts::testing::account_of,
    both_engines, categories,
    idempotency::{Key, Once},
    rules,
    testing::World,
    transactions::{
        self,
        testing::{Given, give, give_all},
    },
};

fn ticked(ids: &[&TransactionId], action: &str) -> BatchForm {
    BatchForm {
        ids: ids.iter().map(ToString::to_string).collect(),
        action: action.to_owned(),
        category: "travel".to_owned(),
        tag: "trip".to_owned(),
        ..BatchForm::default()
    }
}

fn matching(filter: &str, action: &str) -> BatchForm {
    BatchForm { all: "on".to_owned(), filter: filter.to_owned(), ..ticked(&[], action) }
}

async fn done(w: &World, form: &BatchForm) -> BatchView {
    change(&w.backend, &w.alice, form, None).await.unwrap().value
}

async fn undone(w: &World, batch: &BatchView) -> BatchView {
    undo(&w.backend, &w.alice, &batch.id).await.unwrap()
}

async fn row(w: &World, id: &TransactionId) -> TransactionDetail {
    transactions::get(&w.backend, &w.alice, id).await.unwrap()
}

/// What can be different after a batch.
async fn state(
    w: &World,
    id: &TransactionId,
) -> (String, Writer, Vec<String>, Writer, bool, Writer) {
    let row = row(w, id).await;
    (row.category, row.category_by, row.tags, row.tags_by, row.excluded, row.excluded_by)
}

async fn edit(w: &World, id: &TransactionId, form: EditForm) {
    transactions::edit(&w.backend, &w.alice, id, &form).await.unwrap();
}

async fn total(w: &World, who: &SignedIn) -> i64 {
    let request = PageRequest::Page { page: 1, limit: 50 };
    let filter = TransactionFilter::default();
    transactions::list(&w.backend, who, &filter, &request).await.unwrap().total
}

async fn coffees(w: &World, count: usize) -> (AccountId, Vec<TransactionId>) {
    let account = account_of(&w.backend, &w.alice).await;
    let ids = give_all(&w.backend, &w.alice, &account, &vec![Given::default(); count]).await;
    (account, ids)
}

async fn rule_of(w: &World, word: &str, actions: &[(&str, &str)]) -> RuleId {
    let form = RuleForm {
        conditions: vec![ConditionForm {
            field: "description".to_owned(),
            value: word.to_owned(),
            ..ConditionForm::default()
        }],
        actions: actions
            .iter()
            .map(|(kind, value)| ActionForm {
                kind: (*kind).to_owned(),
                value: (*value).to_owned(),
            })
            .collect(),
        ..RuleForm::default()
    };
    rules::create(&w.backend, &w.alice, "Cafés", &form).await.unwrap()
}

both_engines! {
    async fn ticked_rows_are_their_owners_from_now_on_and_the_undo_gives_them_back(db: TestDb) {
        let w = World::new(db).await;
        let (_, ids) = coffees(&w, 3).await;
        let before = [state(&w, &ids[0]).await, state(&w, &ids[1]).await];

        let batch = done(&w, &ticked(&[&ids[0], &ids[1]], "category")).await;

        assert_eq!((batch.deed, batch.value.as_deref()), (Deed::Category, Some("travel")));
        assert_eq!((batch.changed, batch.skipped, batch.restored, batch.undone_at), (2, 0, 0, None));
        for id in &ids[..2] {
            assert_eq!((row(&w, id).await.category, row(&w, id).await.category_by), ("travel".to_owned(), Writer::User));
        }
        assert_eq!(row(&w, &ids[2]).await.category, "food.coffee");

        let back = undone(&w, &batch).await;

        assert_eq!((back.restored, back.undone_at.is_some(), back.undo_until), (2, true, None));
        assert_eq!([state(&w, &ids[0]).await, state(&w, &ids[1]).await], before);
        assert_eq!(get_batch(&w.backend, &w.alice, &batch.id).await.unwrap(), back);
        assert_eq!(batches(&w.backend, &w.alice).await.unwrap(), [back]);
    }

    async fn each_action_is_done_and_undone(db: TestDb) {
        let w = World::new(db).await;
        let (_, ids) = coffees(&w, 2).await;
        let both = [&ids[0], &ids[1]];
        edit(&w, &ids[0], EditForm { tags: Some("trip, work".to_owned()), excluded: Some(true), ..EditForm::default() }).await;
        let before = [state(&w, &ids[0]).await, state(&w, &ids[1]).await];

        for (action, changed) in [("category", 2), ("addTag", 1), ("removeTag", 1), ("exclude", 1), ("include", 2), ("delete", 2)] {
            let batch = done(&w, &ticked(&both, action)).await;
            assert_eq!((batch.deed.as_str(), batch.changed, batch.skipped), (action, changed, 2 - changed));
            let first = transactions::get(&w.backend, &w.alice, &ids[0]).await;
            match action {
                "addTag" => assert_eq!(row(&w, &ids[1]).await.tags, ["trip"]),
                "removeTag" => assert_eq!(first.unwrap().tags, ["work"]),
                "exclude" => assert!(row(&w, &ids[1]).await.excluded),
                "include" => assert!(!first.unwrap().excluded),
                "delete" => assert!(matches!(first, Err(Error::NotFound(_)))),
                _ => assert_eq!(first.unwrap().category, "travel"),
            }
            assert_eq!(undone(&w, &batch).await.restored, changed, "{action}");
            assert_eq!([state(&w, &ids[0]).await, state(&w, &ids[1]).await], before, "{action}");
        }
    }

    async fn all_that_match_are_meant_on_every_page_and_nothing_else(db: TestDb) {
        let w = World::new(db).await;
        let (account, _) = coffees(&w, 1_203).await;
        let tea = give(&w.backend, &w.alice, &account, Given { description: "Tea", ..Given::default() }).await;

        let batch = done(&w, &matching("category=food.coffee&q=coffee", "category")).await;

        assert_eq!((batch.changed, batch.skipped), (1_203, 0));
        assert_eq!(row(&w, &tea).await.category, "food.coffee");
        let again = done(&w, &matching("q=coffee", "category")).await;
        assert_eq!((again.changed, again.skipped, again.undo_until), (0, 1_203, None));
        assert_eq!(undone(&w, &batch).await.restored, 1_203);
        assert_eq!(done(&w, &matching("category=travel", "exclude")).await.changed, 0);
    }

    async fn what_was_changed_since_stays_and_is_counted(db: TestDb) {
        let w = World::new(db).await;
        let (_, ids) = coffees(&w, 5).await;
        let all: Vec<&TransactionId> = ids.iter().collect();
        let batch = done(&w, &ticked(&all, "category")).await;
        // Another category; the same once more, as somebody wants it now; a note; gone.
        let to = |category: &str| EditForm { category: Some(category.to_owned()), ..EditForm::default() };
        edit(&w, &ids[0], to("family.gifts")).await;
        edit(&w, &ids[1], to("family.gifts")).await;
        edit(&w, &ids[1], to("travel")).await;
        edit(&w, &ids[2], EditForm { note: Some("with Bo".to_owned()), ..EditForm::default() }).await;
        transactions::delete(&w.backend, &w.alice, &ids[3]).await.unwrap();

        let back = undone(&w, &batch).await;

        assert_eq!((back.changed, back.restored), (5, 1));
        assert_eq!(row(&w, &ids[0]).await.category, "family.gifts");
        for id in &ids[1..3] {
            assert_eq!((row(&w, id).await.category, row(&w, id).await.category_by), ("travel".to_owned(), Writer::User));
        }
        assert!(matches!(transactions::get(&w.backend, &w.alice, &ids[3]).await, Err(Error::NotFound(_))));
        assert_eq!(row(&w, &ids[4]).await.category, "food.coffee");
    }

    async fn of_two_batches_the_later_wins_and_both_can_be_undone_in_turn(db: TestDb) {
        let w = World::new(db).await;
        let (_, ids) = coffees(&w, 2).await;
        let first = done(&w, &ticked(&[&ids[0], &ids[1]], "category")).await;
        let gifts = BatchForm { category: "family.gifts".to_owned(), ..ticked(&[&ids[0]], "category") };
        let second = done(&w, &gifts).await;
        done(&w, &ticked(&[&ids[1]], "addTag")).await;

        assert_eq!(undone(&w, &first).await.restored, 1);
        assert_eq!((row(&w, &ids[0]).await.category, row(&w, &ids[1]).await.category), ("family.gifts".to_owned(), "food.coffee".to_owned()));
        assert_eq!(row(&w, &ids[1]).await.tags, ["trip"]);
        assert_eq!(undone(&w, &second).await.restored, 1);
        assert_eq!(row(&w, &ids[0]).await.category, "travel");
    }

    async fn an_undo_is_had_once_and_within_thirty_days(db: TestDb) {
        let w = World::new(db).await;
        let (_, ids) = coffees(&w, 1).await;
        let (once, late) = (done(&w, &ticked(&[&ids[0]], "exclude")).await, done(&w, &ticked(&[&ids[0]], "addTag")).await);

        let first = undone(&w, &once).await;
        done(&w, &ticked(&[&ids[0]], "exclude")).await;
        assert_eq!(undone(&w, &once).await, first);
        assert!(row(&w, &ids[0]).await.excluded);

        w.backend.clock.advance(Duration::from_secs(30 * 86_400 + 1));
        let refused = undo(&w.backend, &w.alice, &late.id).await;
        assert!(matches!(refused, Err(Error::Expired(_))), "{refused:?}");
        let mut tx = w.backend.db.system().write().await.unwrap();
        assert_eq!(sweep(&mut tx, w.backend.clock.now()).await.unwrap(), 3);
        tx.commit().await.unwrap();
        assert_eq!(batches(&w.backend, &w.alice).await.unwrap(), []);
        assert_eq!(row(&w, &ids[0]).await.tags, ["trip"]);
    }

    async fn what_a_bank_brought_is_not_deleted_and_what_is_split_keeps_its_categories(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let banked = give(&w.backend, &w.alice, &account, Given { source: "simbank", ..Given::default() }).await;
        let split = give(&w.backend, &w.alice, &account, Given::default()).await;
        let part = |amount: &str| PartForm { amount: amount.to_owned(), category: "giving".to_owned(), ..PartForm::default() };
        let parts = SplitForm { parts: vec![part("4"), part("0.50")] };
        transactions::split(&w.backend, &w.alice, &split, &parts).await.unwrap();

        let deleted = done(&w, &ticked(&[&banked, &split], "delete")).await;
        assert_eq!((deleted.changed, deleted.skipped), (1, 1));
        assert_eq!(total(&w, &w.alice).await, 1);
        undone(&w, &deleted).await;
        let sorted = done(&w, &ticked(&[&banked, &split], "category")).await;
        assert_eq!((sorted.changed, sorted.skipped, total(&w, &w.alice).await), (1, 1, 2));
        assert_eq!(row(&w, &split).await.category, "food.coffee");
    }

    async fn the_same_request_again_does_nothing_more(db: TestDb) {
        let w = World::new(db).await;
        let (_, ids) = coffees(&w, 2).await;
        let form = ticked(&[&ids[0]], "delete");
        let once = Once::new(&Key::parse("0123456789abcdef").unwrap(), "tests.batch", b"{}");

        let first = change(&w.backend, &w.alice, &form, Some(&once)).await.unwrap();
        let again = change(&w.backend, &w.alice, &form, Some(&once)).await.unwrap();

        assert!(!first.replayed && again.replayed);
        assert_eq!(first.value, again.value);
        assert_eq!(batches(&w.backend, &w.alice).await.unwrap().len(), 1);
    }

    async fn a_category_that_is_gone_does_not_come_back_with_the_undo(db: TestDb) {
        let w = World::new(db).await;
        let (_, ids) = coffees(&w, 1).await;
        let lunch = categories::create(&w.backend, &w.alice, "food", "Lunch").await.unwrap();
        edit(&w, &ids[0], EditForm { category: Some(lunch.clone()), ..EditForm::default() }).await;
        let batch = done(&w, &ticked(&[&ids[0]], "category")).await;
        categories::delete(&w.backend, &w.alice, &lunch, "food").await.unwrap();

        assert_eq!(undone(&w, &batch).await.restored, 0);
        assert_eq!(row(&w, &ids[0]).await.category, "travel");
    }

    async fn everything_wrong_is_named_and_nothing_is_written(db: TestDb) {
        let w = World::new(db).await;
        let (_, ids) = coffees(&w, 1).await;
        let strange = BatchForm { category: "food.not-mine".to_owned(), ..ticked(&[&ids[0]], "category") };

        for (form, field, code) in [
            (ticked(&[], "exclude"), "ids", "selection_empty"),
            (ticked(&[&ids[0]], ""), "action", "option_unknown"),
            (strange, "category", "category_unknown"),
            (matching("from=never", "exclude"), "filter", "selection_empty"),
        ] {
            let refused = change(&w.backend, &w.alice, &form, None).await;
            let Err(Error::Invalid(errors)) = refused else { panic!("{refused:?}") };
            assert_eq!((&*errors[0].field, &*errors[0].code), (field, code));
        }
        assert_eq!(batches(&w.backend, &w.alice).await.unwrap(), []);
    }

    async fn nobody_touches_rows_or_batches_of_somebody_else(db: TestDb) {
        let w = World::new(db).await;
        let (_, ids) = coffees(&w, 1).await;
        let (b, m) = (&w.backend, &w.mallory);
        let foreign = account_of(b, m).await;
        let hers = give(b, m, &foreign, Given::default()).await;

        let refused = change(b, m, &ticked(&[&ids[0]], "delete"), None).await;
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        let mixed = change(b, m, &ticked(&[&ids[0], &hers], "delete"), None).await.unwrap().value;
        assert_eq!((mixed.changed, mixed.skipped), (1, 1));
        let all = change(b, m, &matching("", "exclude"), None).await.unwrap().value;
        assert_eq!((all.changed, total(&w, &w.alice).await), (0, 1));

        let batch = done(&w, &ticked(&[&ids[0]], "category")).await;
        assert!(matches!(get_batch(b, m, &batch.id).await, Err(Error::NotFound(_))));
        assert!(matches!(undo(b, m, &batch.id).await, Err(Error::NotFound(_))));
        assert_eq!(row(&w, &ids[0]).await.category, "travel");
        let rule = rule_of(&w, "coffee", &[("exclude", "")]).await;
        assert!(matches!(apply_rule(b, m, &rule, None).await, Err(Error::NotFound(_))));
    }

    async fn a_rule_does_to_old_rows_what_its_preview_says_and_can_be_undone(db: TestDb) {
        let w = World::new(db).await;
        let (account, ids) = coffees(&w, 3).await;
        give(&w.backend, &w.alice, &account, Given { description: "Tea", ..Given::default() }).await;
        edit(&w, &ids[0], EditForm { category: Some("family.gifts".to_owned()), ..EditForm::default() }).await;
        let actions = [("category", "travel"), ("merchant", "Blue Bottle"), ("note", "beans"), ("tag", "trip")];
        let rule = rule_of(&w, "coffee", &actions).await;

        let batch = apply_rule(&w.backend, &w.alice, &rule, None).await.unwrap().value;

        assert_eq!((batch.deed, batch.value.as_deref()), (Deed::Rule, Some("Cafés")));
        assert_eq!((batch.changed, batch.skipped), (3, 0));
        let (mine, other) = (row(&w, &ids[0]).await, row(&w, &ids[1]).await);
        assert_eq!((mine.category.as_str(), mine.category_by), ("family.gifts", Writer::User));
        assert_eq!((mine.note.as_deref(), mine.note_by), (Some("beans"), Writer::Rule));
        assert_eq!((other.category.as_str(), other.category_by), ("travel", Writer::Rule));
        assert_eq!((other.merchant.as_deref(), other.tags), (Some("Blue Bottle"), vec!["trip".to_owned()]));
        assert_eq!(done(&w, &matching("q=beans", "exclude")).await.changed, 3);
        let again = apply_rule(&w.backend, &w.alice, &rule, None).await.unwrap().value;
        assert_eq!((again.changed, again.skipped), (0, 3));

        assert_eq!(undone(&w, &batch).await.restored, 3);
        let other = row(&w, &ids[1]).await;
        assert_eq!((other.category.as_str(), other.category_by, other.merchant, other.note), ("food.coffee", Writer::Default, None, None));
        assert_eq!(done(&w, &matching("q=beans", "include")).await.skipped, 0);
    }
}
