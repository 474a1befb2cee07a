//! The statement of the built-in bank, and its switch.

use domain::states::verification::VerificationState;

use super::*;
use crate::{
    both_engines,
    verification::{open, post_now, statement},
};

both_engines! {
    async fn the_receiver_reads_the_statement_and_lets_the_deposits_arrive(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        assert_eq!(statement(&w.backend, &w.alice, &account).await.unwrap(), None);
        let (_, deposits) = sent(&w, &w.alice, &account, DepositKind::Amounts).await;

        let before = statement(&w.backend, &w.alice, &account).await.unwrap().unwrap();
        post_now(&w.backend, &w.alice, &account).await.unwrap();
        let after = statement(&w.backend, &w.alice, &account).await.unwrap().unwrap();

        assert_eq!((before.posted, after.posted), (false, true));
        assert_eq!((&before.answer, &after.answer), (&deposits.answer, &deposits.answer));
        let view = of_account(&w.backend, &w.alice, &account).await.unwrap();
        assert_eq!(view.state, VerificationState::Posted);
    }

    async fn nobody_reads_the_statement_of_another_person(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        sent(&w, &w.alice, &account, DepositKind::Amounts).await;

        let read = statement(&w.backend, &w.mallory, &account).await;
        let switched = post_now(&w.backend, &w.mallory, &account).await;

        assert!(matches!(read, Err(Error::NotFound("account"))), "{read:?}");
        assert!(matches!(switched, Err(Error::NotFound("account"))), "{switched:?}");
        assert_eq!(open(&w.backend, &w.mallory).await.unwrap(), []);
    }

    async fn accounts_that_wait_for_an_answer_are_listed_until_it_comes(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        assert_eq!(open(&w.backend, &w.alice).await.unwrap(), []);
        let (round, (low, high)) = posted(&w, &w.alice, &account).await;

        // Monday 4 May 2026, and two banking days.
        let waiting = [(account.clone(), time::macros::date!(2026 - 05 - 06))];
        assert_eq!(open(&w.backend, &w.alice).await.unwrap(), waiting);
        answer(&w.backend, &w.alice, &round, &amounts(low, high)).await.unwrap();

        assert_eq!(open(&w.backend, &w.alice).await.unwrap(), []);
        assert_eq!(statement(&w.backend, &w.alice, &account).await.unwrap(), None);
        let late = post_now(&w.backend, &w.alice, &account).await;
        assert!(matches!(late, Err(Error::NotFound("verification"))), "{late:?}");
    }
}
