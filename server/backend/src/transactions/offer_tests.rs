use domain::entry::EditForm;

use super::{testing::*, *};
use crate::{Error, accounts::testing::account_of, both_engines, rules, testing::World};

both_engines! {
    async fn what_was_said_twice_is_offered_once_and_taken_with_one_press(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let bottle = Given { description: "SQ *BLUE BOTTLE 0231", category: "uncategorized", ..Given::default() };
        let ids = give_all(&w.backend, &w.alice, &account, &[bottle; 3]).await;
        let coffee = EditForm { category: Some("food.coffee".to_owned()), ..EditForm::default() };
        edit(&w.backend, &w.alice, &ids[0], &coffee).await.unwrap();
        assert_eq!(offer(&w.backend, &w.alice, &ids[0]).await.unwrap(), None);

        edit(&w.backend, &w.alice, &ids[1], &coffee).await.unwrap();
        let offered = offer(&w.backend, &w.alice, &ids[1]).await.unwrap().unwrap();
        assert_eq!((&*offered.merchant, &*offered.category), ("Blue Bottle", "food.coffee"));
        assert_eq!(offer(&w.backend, &w.alice, &ids[2]).await.unwrap(), None, "nobody sorted this one");
        assert!(matches!(offer(&w.backend, &w.mallory, &ids[1]).await, Err(Error::NotFound(_))));
        assert!(matches!(take_offer(&w.backend, &w.mallory, &ids[1]).await, Err(Error::NotFound(_))));
        take_offer(&w.backend, &w.alice, &ids[1]).await.unwrap().unwrap();

        assert_eq!(offer(&w.backend, &w.alice, &ids[1]).await.unwrap(), None);
        assert_eq!(take_offer(&w.backend, &w.alice, &ids[1]).await.unwrap(), None);
        assert_eq!(rules::list(&w.backend, &w.alice).await.unwrap().len(), 1);
        let there = rules::list(&w.backend, &w.alice).await.unwrap().remove(0).id;
        let twice = [always(&w.backend, &w.alice, &ids[1]).await.unwrap(), always(&w.backend, &w.alice, &ids[0]).await.unwrap()];
        assert_eq!(twice, [(there.clone(), false), (there, false)]);
        let next = give(&w.backend, &w.alice, &account, bottle).await;
        assert_eq!(get(&w.backend, &w.alice, &next).await.unwrap().category, "food.coffee");
    }

    async fn a_program_gets_the_same_rule_however_often_it_asks(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let bottle = Given { description: "SQ *BLUE BOTTLE 0231", category: "uncategorized", ..Given::default() };
        let ids = give_all(&w.backend, &w.alice, &account, &[bottle; 2]).await;
        let coffee = EditForm { category: Some("food.coffee".to_owned()), ..EditForm::default() };
        edit(&w.backend, &w.alice, &ids[0], &coffee).await.unwrap();
        let early = always(&w.backend, &w.alice, &ids[0]).await;
        edit(&w.backend, &w.alice, &ids[1], &coffee).await.unwrap();

        let hers = always(&w.backend, &w.mallory, &ids[1]).await;
        let (one, other) = tokio::join!(always(&w.backend, &w.alice, &ids[1]), always(&w.backend, &w.alice, &ids[1]));

        assert!(matches!(early, Err(Error::NotFound("offer"))), "{early:?}");
        assert!(matches!(hers, Err(Error::NotFound(_))), "{hers:?}");
        let ((one, first), (other, second)) = (one.unwrap(), other.unwrap());
        assert_eq!((&one, first || second, first && second), (&other, true, false));
        assert_eq!(rules::list(&w.backend, &w.alice).await.unwrap().len(), 1);
    }
}
