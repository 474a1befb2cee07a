use domain::{
    PageRequest, TransactionFilter, TransactionId, TransactionStatus,
    entry::EditForm,
    ledger::splits::{PartForm, SplitForm},
    query,
};
use time::macros::date;

use super::{testing::*, *};
use crate::{Error, accounts, accounts::testing::account_of, both_engines, testing::World};

fn part(amount: &str, category: &str, tags: &str, note: &str) -> PartForm {
    let [amount, category, note, tags] = [amount, category, note, tags].map(str::to_owned);
    PartForm { amount, category, note, tags }
}

fn halves() -> SplitForm {
    let parts =
        vec![part("3", "food.groceries", "", "Milk and eggs"), part("1.50", "giving", "gift", "")];
    SplitForm { parts }
}

async fn found(w: &World, text: &str) -> Vec<TransactionId> {
    let filter = TransactionFilter::from_query(&query::parse(text)).unwrap();
    let page = list(&w.backend, &w.alice, &filter, &PageRequest::default()).await.unwrap();
    page.items.into_iter().map(|item| item.id).collect()
}

both_engines! {
    async fn a_split_row_is_found_and_counted_by_its_parts(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;

        let row = split(&w.backend, &w.alice, &id, &halves()).await.unwrap().row;

        let parts: Vec<_> = row.parts.iter().map(|part| (&*part.category, part.signed_amount_cents)).collect();
        assert_eq!(parts, [("food.groceries", -300), ("giving", -150)]);
        assert_eq!(row.category, "food.coffee");
        for text in ["category=food.groceries", "category=giving", "category=food&tag=gift", "q=eggs", "notCategory=food.coffee", "notTag=trip"] {
            assert_eq!(found(&w, text).await, std::slice::from_ref(&id), "{text}");
        }
        for text in ["category=food.coffee", "notCategory=food", "notTag=gift", "tag=trip"] {
            assert!(found(&w, text).await.is_empty(), "{text}");
        }
        let spent = month_totals(&w.backend, &w.alice, "2026-05".parse().unwrap()).await.unwrap();
        let spent: Vec<_> = spent.iter().map(|total| (&*total.category, total.minor)).collect();
        assert_eq!(spent, [("food.groceries", -300), ("giving", -150)]);
        assert_eq!(accounts::get(&w.backend, &w.alice, &account).await.unwrap().balance_minor, -450);
    }

    async fn other_parts_take_the_place_of_the_first_and_a_whole_row_has_its_category_back(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;
        split(&w.backend, &w.alice, &id, &halves()).await.unwrap();
        let parts = vec![part("5", "travel", "", ""), part("-0.50", "food", "", "back")];

        let other = split(&w.backend, &w.alice, &id, &SplitForm { parts }).await.unwrap().row;
        let noted = EditForm { note: Some("x".to_owned()), ..EditForm::default() };
        edit(&w.backend, &w.alice, &id, &noted).await.unwrap();
        let kept = (found(&w, "q=back").await, found(&w, "q=eggs").await);
        let whole = unsplit(&w.backend, &w.alice, &id).await.unwrap().row;

        assert_eq!(other.parts.iter().map(|part| part.signed_amount_cents).collect::<Vec<_>>(), [-500, 50]);
        assert_eq!(kept, (vec![id.clone()], vec![]));
        assert_eq!((whole.parts.len(), &*whole.category), (0, "food.coffee"));
        assert_eq!((found(&w, "category=food.coffee").await, found(&w, "q=back").await), (vec![id], vec![]));
    }

    async fn parts_that_do_not_add_up_or_name_nothing_change_nothing(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let id = give(&w.backend, &w.alice, &account, Given::default()).await;
        let pending = Given { status: TransactionStatus::Pending, date: date!(2026 - 05 - 03), ..Given::default() };
        let pending = give(&w.backend, &w.alice, &account, pending).await;
        let codes = |refused: Result<_, Error>| match refused {
            Err(Error::Invalid(errors)) => errors.into_iter().map(|error| (error.field, error.code)).collect::<Vec<_>>(),
            other => panic!("{:?}", other.map(|_: Edited| ())),
        };
        let of = |parts: Vec<PartForm>| SplitForm { parts };
        let said = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];

        let short = of(vec![part("3", "food", "", ""), part("1", "food", "", "")]);
        assert_eq!(codes(split(&w.backend, &w.alice, &id, &short).await), said("parts", "split_sum"));
        let unknown = of(vec![part("3", "food.mine", "", ""), part("1.50", "food", "", "")]);
        assert_eq!(codes(split(&w.backend, &w.alice, &id, &unknown).await), said("parts[0].category", "category_unknown"));
        assert_eq!(codes(split(&w.backend, &w.alice, &pending, &halves()).await), said("parts", "split_pending"));
        assert!(matches!(split(&w.backend, &w.mallory, &id, &halves()).await, Err(Error::NotFound(_))));
        assert!(matches!(unsplit(&w.backend, &w.mallory, &id).await, Err(Error::NotFound(_))));
        assert!(get(&w.backend, &w.alice, &id).await.unwrap().parts.is_empty());
    }

    async fn only_what_was_typed_in_can_be_deleted_and_by_its_owner_alone(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let own = give(&w.backend, &w.alice, &account, Given::default()).await;
        let banks = give(&w.backend, &w.alice, &account, Given { source: "csv", ..Given::default() }).await;

        assert!(matches!(delete(&w.backend, &w.mallory, &own).await, Err(Error::NotFound(_))));
        assert!(matches!(delete(&w.backend, &w.alice, &banks).await, Err(Error::Forbidden(_))));
        delete(&w.backend, &w.alice, &own).await.unwrap();

        assert!(matches!(get(&w.backend, &w.alice, &own).await, Err(Error::NotFound(_))));
        assert_eq!(found(&w, "").await, [banks]);
        assert_eq!(accounts::get(&w.backend, &w.alice, &account).await.unwrap().balance_minor, -450);
    }
}
