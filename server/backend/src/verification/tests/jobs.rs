//! What happens by itself: deposits leave once, arrive, come back, and lapse.

use std::time::Duration;

use domain::{AccountStatus, states::verification::VerificationState};

use super::*;
use crate::{
    both_engines,
    preferences::{self, Mails, Preferences},
    testing::mails_of,
};

const DAY: Duration = Duration::from_hours(24);

async fn subjects(w: &World) -> Vec<String> {
    mails_of(&w.backend, "alice@example.com").await.into_iter().map(|mail| mail.subject).collect()
}

both_engines! {
    async fn deposits_arrive_on_their_banking_day_and_their_receiver_is_told(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (_, deposits) = sent(&w, &w.alice, &account, DepositKind::Amounts).await;
        look(&w).await;
        let view = of_account(&w.backend, &w.alice, &account).await.unwrap();
        assert_eq!(view.state, VerificationState::Sent);
        let round = view.round.unwrap();
        // Monday 4 May 2026, and two banking days.
        assert_eq!(round.expected_on, time::macros::date!(2026 - 05 - 06));
        assert_eq!(deposits.posts_on, round.expected_on);
        assert!(round.instruction.unwrap().contains("Wednesday 6 May"));

        w.backend.clock.advance(DAY * 2);
        look(&w).await;
        look(&w).await;

        let view = of_account(&w.backend, &w.alice, &account).await.unwrap();
        assert_eq!(view.state, VerificationState::Posted);
        let subjects = subjects(&w).await;
        let count = |words: &str| subjects.iter().filter(|subject| subject.contains(words)).count();
        assert_eq!((count("on their way"), count("should be there")), (1, 1), "{subjects:?}");
    }

    async fn whoever_wants_no_mails_about_deposits_hears_how_they_ended(db: TestDb) {
        let w = World::new(db).await;
        let mails = Mails { deposits: false, ..Mails::default() };
        preferences::set(&w.backend, &w.alice, &Preferences { mails, ..Preferences::default() }).await.unwrap();
        let account = account(&w, &w.alice, "000123450003").await;
        sent(&w, &w.alice, &account, DepositKind::Amounts).await;
        assert!(subjects(&w).await.is_empty());
        bank(&w.backend).post_deposits_now().await.unwrap();

        look(&w).await;

        let subjects = subjects(&w).await;
        assert!(matches!(&*subjects, [one] if one.starts_with("We couldn't verify")), "{subjects:?}");
    }

    async fn the_same_round_sends_its_deposits_once(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, deposits) = sent(&w, &w.alice, &account, DepositKind::Amounts).await;

        let tx = crate::verification::send(&w.backend, w.alice.user(), &round, &deposits.answer).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(statement(&w, &w.alice, &round).await, deposits);
    }

    async fn deposits_that_come_back_end_the_round_and_say_why(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123450003").await;
        sent(&w, &w.alice, &account, DepositKind::Amounts).await;
        bank(&w.backend).post_deposits_now().await.unwrap();

        look(&w).await;

        let view = of_account(&w.backend, &w.alice, &account).await.unwrap();
        assert_eq!(view.state, VerificationState::Failed);
        assert!(view.message.unwrap().contains("no account with this number"));
        assert_eq!(view.next_step.map(NextStep::label), Some("Add an account"));
        assert_eq!(status(&w, &w.alice, &account).await, AccountStatus::Suspended);
    }

    async fn deposits_that_nobody_sent_are_given_up_and_new_ones_can_be_sent(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        // The job that sends them failed for good.
        let begun = begin(&w, &w.alice, &account, DepositKind::Amounts).await.unwrap();
        let round = begun.round.unwrap().id;
        let look = async || {
            let tx = crate::verification::check_round(&w.backend, w.alice.user(), &round).await.unwrap();
            tx.commit().await.unwrap();
        };

        w.backend.clock.advance(DAY * 10);
        look().await;
        let waiting = of_account(&w.backend, &w.alice, &account).await.unwrap();
        w.backend.clock.advance(DAY * 5);
        look().await;
        let given_up = of_account(&w.backend, &w.alice, &account).await.unwrap();

        assert_eq!((waiting.state, given_up.state), (VerificationState::Sent, VerificationState::Failed));
        assert!(given_up.message.unwrap().contains("never arrived"));
        assert_eq!(given_up.next_step.map(NextStep::label), Some("Send new deposits"));
        begin(&w, &w.alice, &account, DepositKind::Amounts).await.unwrap();
    }

    async fn every_return_code_has_its_sentence_and_its_effect(db: TestDb) {
        use crate::banks::simbank::RETURNS;
        let w = World::new(db).await;
        let told = [
            ("R02", "this account is closed", "Add an account"),
            ("R03", "no account with this number", "Add an account"),
            ("R04", "isn't valid", "Add an account"),
            ("R16", "has frozen this account", "Send new deposits"),
            ("R20", "can't take deposits like ours", "Add an account"),
        ];
        assert_eq!(told.map(|(code, ..)| code), RETURNS.map(|(_, code)| code), "every code is met");
        let mut accounts = Vec::new();
        for (n, (ending, _)) in RETURNS.iter().enumerate() {
            // Three rounds a day for each person.
            let who = if n < 3 { &w.alice } else { &w.mallory };
            let account = account(&w, who, &format!("00012345{ending}")).await;
            sent(&w, who, &account, DepositKind::Amounts).await;
            accounts.push((who, account));
        }
        bank(&w.backend).post_deposits_now().await.unwrap();

        look(&w).await;

        for ((return_code, sentence, step), (who, account)) in told.into_iter().zip(accounts) {
            let view = of_account(&w.backend, who, &account).await.unwrap();
            assert_eq!(view.state, VerificationState::Failed, "{return_code}");
            assert!(view.message.as_deref().unwrap().contains(sentence), "{return_code}: {:?}", view.message);
            assert_eq!(view.next_step.map(NextStep::label), Some(step), "{return_code}");
            let account = crate::accounts::get(&w.backend, who, &account).await.unwrap();
            assert_eq!(account.status, AccountStatus::Suspended, "{return_code}");
            assert_eq!(account.suspended, view.message, "{return_code}");
        }
    }

    async fn two_days_before_they_lapse_their_receiver_is_reminded_once(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        posted(&w, &w.alice, &account).await;
        w.backend.clock.advance(DAY * 8);
        look(&w).await;
        look(&w).await;
        let reminders = subjects(&w).await;
        assert_eq!(reminders.iter().filter(|subject| subject.starts_with("Confirm")).count(), 1);

        w.backend.clock.advance(DAY * 2 + Duration::from_secs(1));
        look(&w).await;

        let view = of_account(&w.backend, &w.alice, &account).await.unwrap();
        assert_eq!((view.state, view.can_start), (VerificationState::Expired, true));
        assert_eq!(status(&w, &w.alice, &account).await, AccountStatus::Pending);
    }

    async fn a_new_round_after_a_failed_one_makes_the_account_active(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, sent) = posted(&w, &w.alice, &account).await;
        for _ in 0..3 {
            answer(&w.backend, &w.alice, &round, &wrong(sent)).await.unwrap_err();
        }
        w.backend.clock.advance(Duration::from_mins(1));
        let (round, (low, high)) = posted(&w, &w.alice, &account).await;

        answer(&w.backend, &w.alice, &round, &amounts(low, high)).await.unwrap();

        assert_eq!(status(&w, &w.alice, &account).await, AccountStatus::Active);
    }

    async fn no_mail_tells_an_amount_and_no_row_does(db: TestDb) {
        let w = World::new(db).await;
        let account = account(&w, &w.alice, "000123456789").await;
        let (round, deposits) = sent(&w, &w.alice, &account, DepositKind::Code).await;
        bank(&w.backend).post_deposits_now().await.unwrap();
        look(&w).await;

        let mails = mails_of(&w.backend, "alice@example.com").await;
        assert!(mails.len() >= 2);
        assert!(mails.iter().all(|mail| !mail.text.contains(&deposits.answer)));
        let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
        let row = crate::verification::rows::find(&mut tx, &round).await.unwrap();
        assert!(!row.answer_hash.contains(&deposits.answer));
    }
}
