use domain::{
    DoubtId, TransactionId,
    entry::{EditForm, TransactionDetail},
    ledger::splits::{PartForm, SplitForm},
    states::doubt::DoubtKind,
};

use super::*;
use crate::{
    Error, accounts,
    accounts::testing::{account_of, by_hand},
    both_engines, execute,
    testing::World,
    transactions::{
        self,
        testing::{Given, give},
        transfers,
    },
};

struct Two {
    w: World,
    kept: TransactionId,
    other: TransactionId,
}

impl Two {
    async fn new(w: World) -> Self {
        let account = account_of(&w.backend, &w.alice).await;
        let row = Given { category: "uncategorized", source: "csv", ..Given::default() };
        let kept = give(&w.backend, &w.alice, &account, row).await;
        let other = give(&w.backend, &w.alice, &account, row).await;
        let two = Self { w, kept, other };
        two.suspect().await;
        two
    }

    async fn suspect(&self) {
        let mut tx = self.w.backend.db.as_user(self.w.alice.user()).write().await.unwrap();
        suspect(&mut tx, &self.w.backend, &self.kept, &self.other, DoubtKind::Copy).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn open(&self) -> Vec<DoubtId> {
        let mut tx = self.w.backend.db.as_user(self.w.alice.user()).read().await.unwrap();
        let found = open(&mut tx, None, 10).await.unwrap();
        assert_eq!(i64::try_from(found.len()).unwrap(), count(&mut tx).await.unwrap());
        found.into_iter().map(|one| one.id).collect()
    }

    async fn edit(&self, id: &TransactionId, form: EditForm) {
        transactions::edit(&self.w.backend, &self.w.alice, id, &form).await.unwrap();
    }

    async fn row(&self, id: &TransactionId) -> Option<TransactionDetail> {
        transactions::get(&self.w.backend, &self.w.alice, id).await.ok()
    }

    async fn spent(&self) -> i64 {
        let month = "2026-05".parse().unwrap();
        let totals = transactions::month_totals(&self.w.backend, &self.w.alice, month).await;
        totals.unwrap().iter().map(|total| total.minor).sum()
    }
}

fn said(category: &str, note: &str, tags: &str) -> EditForm {
    EditForm {
        category: Some(category.to_owned()),
        note: Some(note.to_owned()),
        tags: Some(tags.to_owned()),
        ..EditForm::default()
    }
}

both_engines! {
    async fn one_of_two_stays_with_what_was_said_about_the_other_and_both_come_back(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        t.edit(&t.other, said("food.coffee", "With Bo", "trip")).await;
        t.edit(&t.kept, EditForm { tags: Some("work".to_owned()), ..EditForm::default() }).await;
        let (kept, other) = (t.row(&t.kept).await.unwrap(), t.row(&t.other).await.unwrap());
        let doubt = t.open().await.remove(0);

        same(backend, alice, &doubt, None).await.unwrap();

        let one = t.row(&t.kept).await.unwrap();
        assert_eq!((&*one.category, one.note.as_deref(), one.tags), ("food.coffee", Some("With Bo"), vec!["trip".to_owned(), "work".to_owned()]));
        assert!(t.row(&t.other).await.is_none());
        assert_eq!((t.open().await, t.spent().await), (vec![], -450));
        assert!(matches!(same(backend, alice, &doubt, None).await, Err(Error::NotFound(_))));

        take_back(backend, alice, &doubt).await.unwrap();

        let back = |row: TransactionDetail| (row.category, row.category_by, row.note, row.tags);
        assert_eq!(back(t.row(&t.kept).await.unwrap()), back(kept));
        assert_eq!(back(t.row(&t.other).await.unwrap()), back(other));
        assert_eq!((t.open().await, t.spent().await), (vec![doubt], -900));
    }

    async fn the_other_one_stays_when_its_owner_says_so_with_what_was_said_about_the_first(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        t.edit(&t.kept, said("food.coffee", "With Bo", "trip")).await;
        t.edit(&t.other, EditForm { tags: Some("work".to_owned()), ..EditForm::default() }).await;
        let (kept, other) = (t.row(&t.kept).await.unwrap(), t.row(&t.other).await.unwrap());
        let doubt = t.open().await.remove(0);
        let refused = same(backend, alice, &doubt, Some(&TransactionId::new("third"))).await;
        assert!(matches!(refused, Err(Error::Invalid(fields)) if (&*fields[0].field, &*fields[0].code) == ("keep", "option_unknown")));
        let refused = same(backend, &t.w.mallory, &doubt, Some(&t.other)).await;
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");

        same(backend, alice, &doubt, Some(&t.other)).await.unwrap();

        let one = t.row(&t.other).await.unwrap();
        assert_eq!((&*one.category, one.note.as_deref(), one.tags), ("food.coffee", Some("With Bo"), vec!["trip".to_owned(), "work".to_owned()]));
        assert!(t.row(&t.kept).await.is_none());
        assert!(t.open().await.is_empty());
        take_back(backend, alice, &doubt).await.unwrap();
        let back = |row: TransactionDetail| (row.category, row.category_by, row.note, row.tags);
        assert_eq!(back(t.row(&t.kept).await.unwrap()), back(kept));
        assert_eq!(back(t.row(&t.other).await.unwrap()), back(other));
        assert_eq!(t.open().await, std::slice::from_ref(&doubt));
        same(backend, alice, &doubt, Some(&t.kept)).await.unwrap();
        assert!(t.row(&t.other).await.is_none());
    }

    async fn what_the_bank_reports_stays_and_so_does_what_is_booked(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let doubt = t.open().await.remove(0);
        let becomes = async |id: &TransactionId, source: &str, status: &str| {
            let mut tx = backend.db.as_user(alice.user()).write().await.unwrap();
            execute!(
                tx,
                r#"update "transaction" set "source" = $3, "status" = $4 where "userId" = $1 and "id" = $2"#,
                alice.user(),
                id,
                source,
                status,
            )
            .unwrap();
            tx.commit().await.unwrap();
        };
        let refused = async |keep: &TransactionId| match same(backend, alice, &doubt, Some(keep)).await {
            Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].code.clone()),
            done => panic!("{done:?}"),
        };
        let at_keep = |code: &str| ("keep".to_owned(), code.to_owned());

        becomes(&t.kept, "plaid", "completed").await;
        assert_eq!(refused(&t.other).await, at_keep("duplicate_bank"));
        becomes(&t.other, "plaid", "pending").await;
        assert_eq!(refused(&t.other).await, at_keep("duplicate_pending"));
        assert_eq!(t.spent().await, -900, "nothing went");
        let [first, second] = list(backend, alice).await.unwrap()[0].may_stay();
        assert_eq!((first.is_ok(), second.map_err(|code| code.as_str())), (true, Err("duplicate_pending")));
        assert!(list(backend, &t.w.mallory).await.unwrap().is_empty());
        // Booked by now, it may stay.
        becomes(&t.other, "plaid", "completed").await;
        same(backend, alice, &doubt, Some(&t.other)).await.unwrap();

        assert!(t.row(&t.kept).await.is_none());
    }

    async fn a_transfer_of_the_first_is_one_of_the_other_when_that_one_stays(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let savings = accounts::create(backend, alice, by_hand("Box", "USD"), None).await.unwrap().value.id;
        let into = Given { minor: 450, description: "TRANSFER", category: "uncategorized", ..Given::default() };
        let into = give(backend, alice, &savings, into).await;
        transfers::link(backend, alice, &t.kept, &into).await.unwrap();

        same(backend, alice, &t.open().await[0], Some(&t.other)).await.unwrap();
        transfers::look(backend, alice.user()).await.unwrap();

        assert_eq!(t.row(&into).await.unwrap().transfer.unwrap().other, t.other);
    }

    async fn what_was_said_about_both_is_kept_of_both(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        t.edit(&t.other, said("giving", "A gift", "trip")).await;
        t.edit(&t.kept, said("food.coffee", "With Bo", "")).await;

        same(&t.w.backend, &t.w.alice, &t.open().await[0], None).await.unwrap();

        let one = t.row(&t.kept).await.unwrap();
        assert_eq!((&*one.category, one.note.as_deref(), one.tags), ("food.coffee", Some("With Bo\nA gift"), vec!["trip".to_owned()]));
    }

    async fn what_was_changed_since_stays_when_it_is_taken_back(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        t.edit(&t.other, said("giving", "", "")).await;
        let doubt = t.open().await.remove(0);
        same(&t.w.backend, &t.w.alice, &doubt, None).await.unwrap();
        t.edit(&t.kept, said("travel", "", "")).await;

        take_back(&t.w.backend, &t.w.alice, &doubt).await.unwrap();

        assert_eq!(t.row(&t.kept).await.unwrap().category, "travel");
        assert_eq!(t.row(&t.other).await.unwrap().category, "giving");
    }

    async fn rows_that_are_different_are_not_asked_about_again_unless_that_was_a_slip(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let doubt = t.open().await.remove(0);

        different(&t.w.backend, &t.w.alice, &doubt).await.unwrap();
        t.suspect().await;
        assert_eq!((t.open().await, t.spent().await), (vec![], -900));
        take_back(&t.w.backend, &t.w.alice, &doubt).await.unwrap();

        assert_eq!(t.open().await, [doubt]);
    }

    async fn nobody_decides_about_somebody_elses_rows(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let (backend, mallory) = (&t.w.backend, &t.w.mallory);
        let doubt = t.open().await.remove(0);

        for refused in [
            same(backend, mallory, &doubt, None).await,
            different(backend, mallory, &doubt).await,
            take_back(backend, mallory, &doubt).await,
        ] {
            assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        }
        let mut tx = backend.db.as_user(mallory.user()).read().await.unwrap();
        assert!(open(&mut tx, None, 10).await.unwrap().is_empty());
        drop(tx);
        assert_eq!(about(backend, mallory, &t.kept).await.unwrap(), 0);
        assert_eq!(about(backend, &t.w.alice, &t.kept).await.unwrap(), 1);
        assert_eq!((t.open().await, t.spent().await), (vec![doubt], -900));
    }

    async fn a_row_in_parts_does_not_go(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let part = |amount: &str| PartForm { amount: amount.to_owned(), category: "travel".to_owned(), ..PartForm::default() };
        let halves = SplitForm { parts: vec![part("4"), part("0.50")] };
        transactions::split(&t.w.backend, &t.w.alice, &t.other, &halves).await.unwrap();

        let refused = same(&t.w.backend, &t.w.alice, &t.open().await[0], None).await;

        assert!(matches!(refused, Err(Error::Invalid(fields)) if fields[0].code == "duplicate_split"));
    }

    async fn a_transfer_of_the_row_that_goes_is_one_of_the_row_that_stays(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let savings = accounts::create(backend, alice, by_hand("Box", "USD"), None).await.unwrap().value.id;
        let into = Given { minor: 450, description: "TRANSFER", category: "uncategorized", ..Given::default() };
        let into = give(backend, alice, &savings, into).await;
        transfers::link(backend, alice, &t.other, &into).await.unwrap();

        same(backend, alice, &t.open().await[0], None).await.unwrap();
        transfers::look(backend, alice.user()).await.unwrap();

        assert_eq!(t.row(&into).await.unwrap().transfer.unwrap().other, t.kept);
    }

    async fn what_the_row_that_goes_was_as_a_side_is_not_its_owners_word_about_it(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let savings = accounts::create(backend, alice, by_hand("Box", "EUR"), None).await.unwrap().value.id;
        let into = Given { minor: 400, currency: "EUR", description: "DEPOSIT", ..Given::default() };
        let into = give(backend, alice, &savings, into).await;
        transfers::link(backend, alice, &t.other, &into).await.unwrap();

        same(backend, alice, &t.open().await[0], None).await.unwrap();

        let kept = t.row(&t.kept).await.unwrap();
        assert_eq!((kept.category.as_str(), kept.transfer.is_some()), ("uncategorized", false));
        assert_eq!(t.spent().await, 400 - 450, "no transfer is left: both count");
    }

    async fn a_row_that_never_booked_keeps_nothing(db: TestDb) {
        let t = Two::new(World::new(db).await).await;
        let (backend, alice) = (&t.w.backend, &t.w.alice);
        let doubt = t.open().await.remove(0);
        let mut tx = backend.db.as_user(alice.user()).write().await.unwrap();
        execute!(
            tx,
            r#"update "transaction" set "status" = 'failed' where "userId" = $1 and "id" = $2"#,
            alice.user(),
            &t.kept,
        )
        .unwrap();
        tx.commit().await.unwrap();

        let refused = same(backend, alice, &doubt, None).await;

        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        assert_eq!(t.spent().await, -450, "the other one still counts");
    }
}
