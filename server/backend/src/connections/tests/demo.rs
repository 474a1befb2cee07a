//! Demonstration data: linked in one step, once, and within the plan.

use domain::plan::Plan;

use super::*;
use crate::{accounts, both_engines, testing::with_billing};

both_engines! {
    async fn the_demonstration_bank_is_linked_once_and_read_like_any_other(db: TestDb) {
        let w = World::new(db).await;

        let linked = link_demo(&w.backend, &w.alice, &return_url()).await.unwrap();
        let again = link_demo(&w.backend, &w.alice, &return_url()).await.unwrap();
        jobs::run_due(&w.backend).await.unwrap();

        assert_eq!(again, linked);
        let accounts = accounts::list(&w.backend, &w.alice).await.unwrap();
        assert_eq!(accounts.len(), 3);
        assert!(accounts.iter().any(|account| account.transactions > 100));
        assert_eq!(list(&w.backend, &w.alice).await.unwrap().len(), 1);
        remove(&w.backend, &w.alice, &linked, History::Delete).await.unwrap();
        assert_eq!(accounts::list(&w.backend, &w.alice).await.unwrap(), []);
    }

    async fn a_small_plan_takes_as_many_accounts_as_it_holds(db: TestDb) {
        let w = World::new(db).await;
        let sold = with_billing(w.backend.clone(), &"http://127.0.0.1:9".parse().unwrap());
        let most = usize::try_from(Plan::Free.limits().accounts.unwrap()).unwrap();

        link_demo(&sold, &w.alice, &return_url()).await.unwrap();

        assert_eq!(accounts::list(&sold, &w.alice).await.unwrap().len(), most.min(3));
    }

    async fn without_room_nothing_is_linked(db: TestDb) {
        let w = World::new(db).await;
        let sold = with_billing(w.backend.clone(), &"http://127.0.0.1:9".parse().unwrap());
        for _ in 0..Plan::Free.limits().accounts.unwrap() {
            accounts::testing::account_of(&sold, &w.alice).await;
        }

        let refused = link_demo(&sold, &w.alice, &return_url()).await;

        assert!(matches!(refused, Err(Error::PlanRequired { .. })), "{refused:?}");
        assert_eq!(list(&sold, &w.alice).await.unwrap(), []);
    }
}
