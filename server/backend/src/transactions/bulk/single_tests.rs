use domain::{
    TransactionId,
    batch::{BatchForm, Deed},
    entry::{EditForm, TransactionDetail},
    ledger::splits::{PartForm, SplitForm},
};

use super::*;
use crate::{
    Error,
    accounts::{self, testing::account_of},
    both_engines, execute,
    testing::World,
    transactions::{
        self,
        testing::{Given, give, give_all},
    },
};

fn everything() -> EditForm {
    let text = |text: &str| Some(text.to_owned());
    EditForm {
        category: text("travel"),
        merchant: text("Corner"),
        note: text("with Bo"),
        tags: text("trip, work"),
        date: text("2026-05-01"),
        excluded: Some(true),
    }
}

fn halves(first: &str, second: &str) -> SplitForm {
    let part = |amount: &str, category: &str| PartForm {
        amount: amount.to_owned(),
        category: category.to_owned(),
        note: format!("half {category}"),
        ..PartForm::default()
    };
    SplitForm { parts: vec![part(first, "food.groceries"), part(second, "giving")] }
}

async fn row(w: &World, id: &TransactionId) -> TransactionDetail {
    transactions::get(&w.backend, &w.alice, id).await.unwrap()
}

/// What a row is, but for when it last changed.
async fn state(w: &World, id: &TransactionId) -> TransactionDetail {
    let row = row(w, id).await;
    TransactionDetail { updated_at: row.created_at, ..row }
}

async fn found(w: &World, text: &str) -> i64 {
    let filter = domain::TransactionFilter { text: Some(text.to_owned()), ..Default::default() };
    let request = domain::PageRequest::Page { page: 1, limit: 50 };
    transactions::list(&w.backend, &w.alice, &filter, &request).await.unwrap().total
}

both_engines! {
    async fn one_edit_is_undone_to_just_what_was_there(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;
        let before = state(&w, &id).await;

        let edited = transactions::edit(&w.backend, &w.alice, &id, &everything()).await.unwrap();
        assert_eq!((&*edited.row.category, edited.row.excluded, found(&w, "with bo").await), ("travel", true, 1));
        let batch = edited.undo.unwrap();
        let theirs = undo(&w.backend, &w.mallory, &batch).await;
        let undone = undo(&w.backend, &w.alice, &batch).await.unwrap();

        assert!(matches!(theirs, Err(Error::NotFound(_))));
        assert_eq!((undone.deed, undone.changed, undone.restored), (Deed::Edit, 1, 1));
        assert_eq!(state(&w, &id).await, before);
        assert_eq!(found(&w, "with bo").await, 0);
    }

    async fn an_edit_of_nothing_leaves_nothing_to_undo_and_a_second_edit_outlives_the_undo_of_the_first(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;

        let first = transactions::edit(&w.backend, &w.alice, &id, &everything()).await.unwrap();
        let again = transactions::edit(&w.backend, &w.alice, &id, &everything()).await.unwrap();
        assert_eq!(again.undo, None);
        let noted = EditForm { note: Some("later".to_owned()), ..EditForm::default() };
        let second = transactions::edit(&w.backend, &w.alice, &id, &noted).await.unwrap();
        let undone = undo(&w.backend, &w.alice, &first.undo.unwrap()).await.unwrap();
        assert_eq!((undone.restored, row(&w, &id).await.note.as_deref()), (0, Some("later")));
        undo(&w.backend, &w.alice, &second.undo.unwrap()).await.unwrap();

        assert_eq!(row(&w, &id).await.note.as_deref(), Some("with Bo"));
        assert!(batches(&w.backend, &w.alice).await.unwrap().is_empty(), "they are no changes of many");
    }

    async fn what_is_said_once_more_takes_no_undo_away(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;
        let whole = state(&w, &id).await;

        let first = transactions::split(&w.backend, &w.alice, &id, &halves("3", "1.50")).await.unwrap();
        transactions::split(&w.backend, &w.alice, &id, &halves("3", "1.50")).await.unwrap();
        let undone = undo(&w.backend, &w.alice, &first.undo.unwrap()).await.unwrap();

        assert_eq!((undone.restored, state(&w, &id).await), (1, whole));
    }

    async fn a_split_is_undone_to_the_parts_that_were_there(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;
        let whole = state(&w, &id).await;

        let first = transactions::split(&w.backend, &w.alice, &id, &halves("3", "1.50")).await.unwrap();
        let parts = state(&w, &id).await;
        let second = transactions::split(&w.backend, &w.alice, &id, &halves("4", "0.50")).await.unwrap();
        undo(&w.backend, &w.alice, &second.undo.unwrap()).await.unwrap();
        assert_eq!(state(&w, &id).await, parts);
        let late = undo(&w.backend, &w.alice, &first.undo.unwrap()).await.unwrap();
        assert_eq!(late.restored, 0, "it was said anew since");
        let joined = transactions::unsplit(&w.backend, &w.alice, &id).await.unwrap();
        assert_eq!((state(&w, &id).await, found(&w, "half giving").await), (whole, 0));
        undo(&w.backend, &w.alice, &joined.undo.unwrap()).await.unwrap();

        assert_eq!((state(&w, &id).await, found(&w, "half giving").await), (parts, 1));
    }

    async fn parts_do_not_come_back_when_the_row_is_worth_something_else_by_now(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;
        transactions::split(&w.backend, &w.alice, &id, &halves("3", "1.50")).await.unwrap();
        let joined = transactions::unsplit(&w.backend, &w.alice, &id).await.unwrap();
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        execute!(tx, r#"update "transaction" set "amountMinor" = -500 where "userId" = $1"#, w.alice.user()).unwrap();
        tx.commit().await.unwrap();

        let undone = undo(&w.backend, &w.alice, &joined.undo.unwrap()).await.unwrap();

        assert_eq!((undone.restored, row(&w, &id).await.parts), (0, vec![]));
    }

    async fn one_deletion_is_undone(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;
        let before = state(&w, &id).await;

        let batch = transactions::delete(&w.backend, &w.alice, &id).await.unwrap().unwrap();
        assert_eq!(accounts::get(&w.backend, &w.alice, &account).await.unwrap().balance_minor, 0);
        assert_eq!(batches(&w.backend, &w.alice).await.unwrap().len(), 1);
        undo(&w.backend, &w.alice, &batch).await.unwrap();

        assert_eq!(state(&w, &id).await, before);
        assert_eq!(accounts::get(&w.backend, &w.alice, &account).await.unwrap().balance_minor, -450);
    }

    async fn a_look_at_a_deletion_counts_what_goes_and_what_stays_and_changes_nothing(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let banks = Given { source: "csv", ..Given::default() };
        let ids = give_all(&w.backend, &w.alice, &account, &[Given::default(), Given::default(), banks]).await;
        let ticked = BatchForm {
            ids: ids.iter().map(ToString::to_string).collect(),
            action: "delete".to_owned(),
            ..BatchForm::default()
        };
        let all = BatchForm { all: "on".to_owned(), ids: Vec::new(), ..ticked.clone() };

        let look = deletion(&w.backend, &w.alice, &ticked).await.unwrap();

        assert_eq!((look.goes, look.stays, look.first.len()), (2, 1, 2));
        assert_eq!(look.changes.iter().map(|sum| sum.format_signed()).collect::<Vec<_>>(), ["+$9.00"]);
        assert_eq!(deletion(&w.backend, &w.alice, &all).await.unwrap(), look);
        assert!(matches!(deletion(&w.backend, &w.mallory, &ticked).await, Err(Error::NotFound(_))));
        assert!(matches!(deletion(&w.backend, &w.alice, &BatchForm::default()).await, Err(Error::Invalid(_))));
        assert_eq!(found(&w, "").await, 3);
    }
}
