//! Numbers of an account: not read to begin a round, and typed again when they were erased.

use domain::{AccountStatus, NumbersForm, states::verification::VerificationState};

use super::*;
use crate::{
    accounts::{archive, unarchive},
    both_engines, execute,
    verification::enter_numbers,
};

const NUMBER: &str = "000123456789";

fn typed(number: &str) -> NumbersForm {
    NumbersForm {
        routing_number: "021000021".to_owned(),
        account_number: number.to_owned(),
        account_number_again: Some(number.to_owned()),
    }
}

/// An account that was put away before it was proven, and brought back.
async fn back(w: &World) -> AccountId {
    let account = account(w, &w.alice, NUMBER).await;
    archive(&w.backend, &w.alice, &account).await.unwrap();
    unarchive(&w.backend, &w.alice, &account).await.unwrap();
    account
}

both_engines! {
    async fn a_round_begins_without_the_numbers_in_plain_text(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, NUMBER).await;
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        execute!(
            tx,
            r#"update "bank_account" set "accountNumber" = 'cfr1.unreadable' where "userId" = $1 and "id" = $2"#,
            w.alice.user(),
            &account,
        )
        .unwrap();
        tx.commit().await.unwrap();

        let view = begin(&w, &w.alice, &account, DepositKind::Code).await.unwrap();

        assert_eq!(view.state, VerificationState::Sent);
    }

    async fn an_account_that_was_put_away_is_asked_for_its_numbers_and_proven(db: TestDb) {
        let w = World::new(db).await;
        let account = back(&w).await;
        let view = of_account(&w.backend, &w.alice, &account).await.unwrap();
        assert_eq!((view.needs_numbers, view.can_start), (true, false));
        assert!(matches!(begin(&w, &w.alice, &account, DepositKind::Code).await, Err(Error::Expired(_))));

        enter_numbers(&w.backend, &w.alice, &account, typed(NUMBER)).await.unwrap();
        // The same form sent twice.
        enter_numbers(&w.backend, &w.alice, &account, typed(NUMBER)).await.unwrap();

        let view = of_account(&w.backend, &w.alice, &account).await.unwrap();
        assert_eq!((view.needs_numbers, view.can_start), (false, true));
        let (round, (low, high)) = posted(&w, &w.alice, &account).await;
        answer(&w.backend, &w.alice, &round, &amounts(low, high)).await.unwrap();
        assert_eq!(status(&w, &w.alice, &account).await, AccountStatus::Active);
    }

    async fn numbers_are_taken_only_where_they_are_asked_for(db: TestDb) {
        let w = World::new(db).await;
        let other = account(&w, &w.alice, "000123456780").await;
        let account = back(&w).await;

        let taken = enter_numbers(&w.backend, &w.alice, &account, typed("000123456780")).await;
        assert_eq!(code(taken), "account_duplicate");
        let apart = NumbersForm { account_number_again: Some("12345".to_owned()), ..typed(NUMBER) };
        let apart = enter_numbers(&w.backend, &w.alice, &account, apart).await;
        assert_eq!(code(apart), "account_number_mismatch");
        assert_eq!(code(enter_numbers(&w.backend, &w.alice, &account, NumbersForm::default()).await), "routing_length");
        let unasked = enter_numbers(&w.backend, &w.alice, &other, typed("000123456781")).await;
        assert!(matches!(unasked, Err(Error::Expired(_))), "{unasked:?}");
        let hers = enter_numbers(&w.backend, &w.mallory, &account, typed(NUMBER)).await;
        assert!(matches!(hers, Err(Error::NotFound(_))), "{hers:?}");
        archive(&w.backend, &w.alice, &account).await.unwrap();
        let away = enter_numbers(&w.backend, &w.alice, &account, typed(NUMBER)).await;
        assert!(matches!(away, Err(Error::NotFound(_))), "{away:?}");
    }
}
