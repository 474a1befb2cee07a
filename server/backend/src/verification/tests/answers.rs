//! M1 to M8, M10 and M11: answers.

use std::time::Duration;

use domain::{AccountStatus, states::verification::VerificationState};
use futures::future::join_all;

use super::*;
use crate::{both_engines, testing::mails_of};

both_engines! {
    async fn m1_the_right_amounts_in_any_order_make_the_account_active(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, (low, high)) = posted(&w, &w.alice, &account).await;
        assert_eq!(status(&w, &w.alice, &account).await, AccountStatus::Pending);

        let view = answer(&w.backend, &w.alice, &round, &amounts(high, low)).await.unwrap();

        assert_eq!((view.state, view.can_start), (VerificationState::Verified, false));
        assert_eq!(status(&w, &w.alice, &account).await, AccountStatus::Active);
    }

    async fn m2_the_third_try_may_still_be_right(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, sent) = posted(&w, &w.alice, &account).await;

        for left in [2, 1] {
            assert_eq!(code(answer(&w.backend, &w.alice, &round, &wrong(sent)).await), "amounts_wrong");
            assert_eq!(tries_left(&w, &w.alice, &account).await, left);
        }
        let view = answer(&w.backend, &w.alice, &round, &amounts(sent.0, sent.1)).await.unwrap();

        assert_eq!(view.state, VerificationState::Verified);
    }

    async fn m3_after_the_third_wrong_answer_the_right_one_comes_too_late(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, sent) = posted(&w, &w.alice, &account).await;

        let mut codes = Vec::new();
        for _ in 0..3 {
            codes.push(code(answer(&w.backend, &w.alice, &round, &wrong(sent)).await));
        }
        codes.push(code(answer(&w.backend, &w.alice, &round, &amounts(sent.0, sent.1)).await));

        assert_eq!(codes, ["amounts_wrong", "amounts_wrong", "verification_failed", "verification_closed"]);
        assert_eq!(status(&w, &w.alice, &account).await, AccountStatus::Suspended);
        let view = of_account(&w.backend, &w.alice, &account).await.unwrap();
        assert_eq!((view.state, view.can_start), (VerificationState::Failed, true));
        assert_eq!(view.next_step.map(NextStep::label), Some("Send new deposits"));
    }

    async fn m4_m5_what_cannot_be_a_deposit_uses_no_try(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, _) = posted(&w, &w.alice, &account).await;

        let cases = [
            (amounts(32, 32), "amounts_must_differ"),
            (amounts(0, 45), "amount_range"),
            (amounts(100, 45), "amount_range"),
            (amounts("x", 45), "amount_number"),
        ];
        for (form, expected) in cases {
            assert_eq!(code(answer(&w.backend, &w.alice, &round, &form).await), expected);
        }
        assert_eq!(tries_left(&w, &w.alice, &account).await, 3);
    }

    async fn m6_an_answer_before_the_deposits_post_uses_no_try(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, deposits) = sent(&w, &w.alice, &account, DepositKind::Amounts).await;
        let (low, high) = deposits.answer.split_once(',').unwrap();

        let early = answer(&w.backend, &w.alice, &round, &amounts(low, high)).await;

        assert_eq!(code(early), "deposits_not_posted");
        assert_eq!(tries_left(&w, &w.alice, &account).await, 3);
        // Whoever sees them does not wait for our next look.
        bank(&w.backend).post_deposits_now().await.unwrap();
        let view = answer(&w.backend, &w.alice, &round, &amounts(low, high)).await.unwrap();
        assert_eq!(view.state, VerificationState::Verified);
    }

    async fn m7_ten_days_and_a_second_after_they_posted_deposits_have_lapsed(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, (low, high)) = posted(&w, &w.alice, &account).await;
        w.backend.clock.advance(Duration::from_hours(240) + Duration::from_secs(1));

        let late = answer(&w.backend, &w.alice, &round, &amounts(low, high)).await;

        assert_eq!(code(late), "expired");
        let view = of_account(&w.backend, &w.alice, &account).await.unwrap();
        assert_eq!((view.state, view.can_start), (VerificationState::Expired, true));
        begin(&w, &w.alice, &account, DepositKind::Amounts).await.unwrap();
    }

    async fn m8_of_ten_wrong_answers_at_once_three_are_counted(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, sent) = posted(&w, &w.alice, &account).await;

        let form = wrong(sent);
        let guesses = (0..10).map(|_| answer(&w.backend, &w.alice, &round, &form));
        let mut codes: Vec<String> = join_all(guesses).await.into_iter().map(code).collect();

        codes.sort();
        let count = |wanted: &str| codes.iter().filter(|code| *code == wanted).count();
        assert_eq!(count("amounts_wrong"), 2, "{codes:?}");
        assert_eq!(count("verification_failed"), 1, "{codes:?}");
        assert_eq!(count("verification_closed"), 7, "{codes:?}");
        assert_eq!(tries_left(&w, &w.alice, &account).await, 0);
    }

    async fn m10_a_round_of_somebody_else_is_not_found_and_nothing_is_counted(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, (low, high)) = posted(&w, &w.alice, &account).await;

        let stolen = answer(&w.backend, &w.mallory, &round, &amounts(low, high)).await;

        assert!(matches!(stolen, Err(Error::NotFound("verification"))), "{stolen:?}");
        assert!(matches!(of_account(&w.backend, &w.mallory, &account).await, Err(Error::NotFound(_))));
        assert!(matches!(begin(&w, &w.mallory, &account, DepositKind::Code).await, Err(Error::NotFound(_))));
        assert_eq!(tries_left(&w, &w.alice, &account).await, 3);
    }

    async fn m11_the_right_answer_again_is_a_success_that_tells_nobody_twice(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, (low, high)) = posted(&w, &w.alice, &account).await;

        for _ in 0..2 {
            let view = answer(&w.backend, &w.alice, &round, &amounts(low, high)).await.unwrap();
            assert_eq!(view.state, VerificationState::Verified);
        }

        run_due(&w.backend).await.unwrap();
        let mails = mails_of(&w.backend, "alice@example.com").await;
        assert_eq!(mails.iter().filter(|mail| mail.subject.contains("verified")).count(), 1);
        assert_eq!(tries_left(&w, &w.alice, &account).await, 2);
    }

    async fn a_code_is_read_with_what_stands_before_it(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, deposits) = sent(&w, &w.alice, &account, DepositKind::Code).await;
        bank(&w.backend).post_deposits_now().await.unwrap();
        let form = AnswerForm { code: format!("cf {}", deposits.answer.to_lowercase()), ..AnswerForm::default() };

        let view = answer(&w.backend, &w.alice, &round, &form).await.unwrap();

        assert_eq!(view.method, Some(domain::verification::VerificationMethod::Code));
    }
}
