use domain::{
    AccountId, TransactionStatus, TransactionType,
    entry::{EditForm, EntryForm},
    ledger::provenance::Writer,
};
use time::macros::date;

use super::{
    add, edit, get, list,
    testing::{Given, give},
};
use crate::{Error, accounts, accounts::testing::account_of, both_engines, testing::World};

fn coffee(account: &AccountId) -> EntryForm {
    EntryForm {
        account_id: account.to_string(),
        date: "2026-05-03".to_owned(),
        description: "SQ *BLUE BOTTLE 0231 SEATTLE WA".to_owned(),
        amount: "4.50".to_owned(),
        category: "food.coffee".to_owned(),
        note: "with Ann".to_owned(),
        tags: "Work, #trip".to_owned(),
        ..EntryForm::default()
    }
}

both_engines! {
    async fn a_row_by_hand_is_its_owners_in_all_they_typed(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;

        let row = add(&w.backend, &w.alice, &coffee(&account), None).await.unwrap().value;

        assert_eq!((row.signed_amount_cents, row.r#type, row.status), (-450, TransactionType::Debit, TransactionStatus::Completed));
        assert_eq!((&*row.category, row.category_by, &*row.source), ("food.coffee", Writer::User, "manual"));
        assert_eq!((row.note.as_deref(), row.note_by), (Some("with Ann"), Writer::User));
        assert_eq!((row.tags.clone(), row.tags_by), (vec!["trip".to_owned(), "work".to_owned()], Writer::User));
        assert_eq!((row.merchant.as_deref(), row.merchant_by), (Some("Blue Bottle"), Writer::Default));
        assert_eq!(get(&w.backend, &w.alice, &row.id).await.unwrap(), row);
        assert_eq!(accounts::get(&w.backend, &w.alice, &account).await.unwrap().balance_minor, -450);
    }

    async fn a_row_that_breaks_rules_is_not_added_and_says_why(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let wrong = EntryForm { amount: "0".to_owned(), category: "food.mine".to_owned(), ..coffee(&account) };

        let refused = add(&w.backend, &w.alice, &wrong, None).await;

        let Err(Error::Invalid(errors)) = refused else { panic!("{refused:?}") };
        let codes: Vec<(&str, &str)> = errors.iter().map(|error| (&*error.field, &*error.code)).collect();
        assert_eq!(codes, [("amount", "amount_zero"), ("category", "category_unknown")]);
        let page = list(&w.backend, &w.alice, &domain::TransactionFilter::default(), &domain::PageRequest::Page { page: 1, limit: 50 }).await;
        assert_eq!(page.unwrap().total, 0);
    }

    async fn what_is_not_edited_stays_as_it_was_and_whose_it_was(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;
        let wish = EditForm { merchant: Some("Corner".to_owned()), date: Some("2026-05-01".to_owned()), ..EditForm::default() };

        let row = edit(&w.backend, &w.alice, &id, &wish).await.unwrap().row;

        assert_eq!((row.merchant.as_deref(), row.merchant_by), (Some("Corner"), Writer::User));
        assert_eq!((row.date, row.date_by), (date!(2026 - 05 - 01), Writer::User));
        assert_eq!((&*row.category, row.category_by), ("food.coffee", Writer::Default));
        assert_eq!((row.note_by, row.tags_by, row.excluded, row.excluded_by), (Writer::Default, Writer::Default, false, Writer::Default));
    }

    async fn an_edited_row_is_found_by_its_new_words_and_not_by_the_old(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let row = add(&w.backend, &w.alice, &coffee(&account), None).await.unwrap().value;
        let found = async |text: &str| {
            let filter = domain::TransactionFilter { text: Some(text.to_owned()), ..Default::default() };
            let request = domain::PageRequest::Page { page: 1, limit: 50 };
            list(&w.backend, &w.alice, &filter, &request).await.unwrap().total
        };
        assert_eq!((found("with ann").await, found("espresso").await), (1, 0));

        let wish = EditForm { note: Some(String::new()), merchant: Some("Espresso".to_owned()), ..EditForm::default() };
        edit(&w.backend, &w.alice, &row.id, &wish).await.unwrap();

        assert_eq!((found("with ann").await, found("espresso").await, found("blue bottle").await), (0, 1, 1));
    }

    async fn somebody_elses_row_and_account_are_not_found(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let row = add(&w.backend, &w.alice, &coffee(&account), None).await.unwrap().value;
        let wish = EditForm { note: Some("hers".to_owned()), ..EditForm::default() };

        assert!(matches!(add(&w.backend, &w.mallory, &coffee(&account), None).await, Err(Error::NotFound(_))));
        assert!(matches!(get(&w.backend, &w.mallory, &row.id).await, Err(Error::NotFound(_))));
        assert!(matches!(edit(&w.backend, &w.mallory, &row.id, &wish).await, Err(Error::NotFound(_))));
        assert_eq!(get(&w.backend, &w.alice, &row.id).await.unwrap(), row);
    }
}
