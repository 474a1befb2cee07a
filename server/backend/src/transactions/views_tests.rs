use domain::{SavedViewId, saved_view::ViewForm};

use super::views::{create, delete, get, list, update};
use crate::{Error, Result, both_engines, testing::World};

fn view(name: &str, query: &str) -> ViewForm {
    ViewForm { name: name.to_owned(), query: query.to_owned() }
}

fn code<T: std::fmt::Debug>(refused: Result<T>) -> (String, String) {
    let Err(Error::Invalid(errors)) = refused else { panic!("{refused:?}") };
    (errors[0].field.clone(), errors[0].code.clone())
}

fn said(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

both_engines! {
    async fn a_view_is_made_renamed_and_deleted_by_its_owner_alone(db: TestDb) {
        let w = World::new(db).await;

        let made = create(&w.backend, &w.alice, &view(" Coffee  out ", "q=coffee&limit=9&type=debit")).await.unwrap();
        assert_eq!((&*made.name, &*made.query), ("Coffee out", "q=coffee&type=debit"));
        for refused in [
            get(&w.backend, &w.mallory, &made.id).await,
            update(&w.backend, &w.mallory, &made.id, Some("Hers"), None).await,
            delete(&w.backend, &w.mallory, &made.id).await,
        ] {
            assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        }
        assert!(list(&w.backend, &w.mallory).await.unwrap().is_empty());

        let renamed = update(&w.backend, &w.alice, &made.id, Some("Cafés"), None).await.unwrap();
        assert_eq!((&*renamed.name, &renamed.query), ("Cafés", &made.query));
        let other = update(&w.backend, &w.alice, &made.id, None, Some("q=tea")).await.unwrap();
        assert_eq!((&*other.name, &*other.query), ("Cafés", "q=tea"));
        assert_eq!(list(&w.backend, &w.alice).await.unwrap(), [other]);

        delete(&w.backend, &w.alice, &made.id).await.unwrap();
        assert!(list(&w.backend, &w.alice).await.unwrap().is_empty());
        assert!(matches!(delete(&w.backend, &w.alice, &SavedViewId::new("x")).await, Err(Error::NotFound(_))));
    }

    async fn what_is_wrong_with_a_view_is_named_at_its_field(db: TestDb) {
        let w = World::new(db).await;
        let tea = create(&w.backend, &w.alice, &view("Tea", "q=tea")).await.unwrap();
        create(&w.backend, &w.alice, &view("Coffee", "q=coffee")).await.unwrap();

        let again = create(&w.backend, &w.alice, &view("Coffee", "q=x")).await;
        let renamed = update(&w.backend, &w.alice, &tea.id, Some("Coffee"), None).await;
        let long = create(&w.backend, &w.alice, &view(&"x".repeat(41), "q=x")).await;
        let whole = create(&w.backend, &w.alice, &view("All", "")).await;
        let wrong = create(&w.backend, &w.alice, &view("Never", "from=never")).await;

        assert_eq!(code(again), said("name", "view_exists"));
        assert_eq!(code(renamed), said("name", "view_exists"));
        assert_eq!(code(long), said("name", "text_length"));
        assert_eq!(code(whole), said("query", "view_query"));
        assert_eq!(code(wrong), said("query", "view_query"));
        create(&w.backend, &w.mallory, &view("Coffee", "q=coffee")).await.unwrap();
        update(&w.backend, &w.alice, &tea.id, Some("Tea"), None).await.unwrap();
    }

    async fn twenty_views_are_enough(db: TestDb) {
        let w = World::new(db).await;
        for n in 0..20 {
            create(&w.backend, &w.alice, &view(&format!("View {n}"), "q=x")).await.unwrap();
        }

        let one_more = create(&w.backend, &w.alice, &view("One more", "q=x")).await;

        assert_eq!(code(one_more), said("name", "views_full"));
    }
}
