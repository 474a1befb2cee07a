//! The cases M1 to M11 of the product's rules for deposits, as far as they are rules: whose round it is (M10) is asked in
//! the database.

use proptest::prelude::*;
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

use super::*;
use crate::Code;
use crate::states::verification::{Event, VerificationState, next};

const POSTED: OffsetDateTime = datetime!(2026-06-10 09:00 UTC);
const SOON: OffsetDateTime = datetime!(2026-06-10 12:00 UTC);

/// A round with 32 and 45 cents that posted, and how often its state was changed.
struct Trial {
    round: Round,
    sent: Answer,
    events: u32,
}

impl Trial {
    fn posted() -> Self {
        let trial = Self::on_the_way();
        let posted_at = Some(POSTED);
        let round = Round { state: VerificationState::Posted, posted_at, ..trial.round };
        Self { round, ..trial }
    }

    fn on_the_way() -> Self {
        let round = Round {
            kind: DepositKind::Amounts,
            state: VerificationState::Sent,
            tries: 0,
            max_tries: DepositKind::Amounts.tries(),
            expected_on: date!(2026 - 06 - 10),
            posted_at: None,
            expires_at: None,
        };
        let sent = Answer::from_canonical(DepositKind::Amounts, "32,45").unwrap();
        Self { round, sent, events: 0 }
    }

    /// What a use case does with an answer: form, refusal, count, compare, move.
    fn answer(
        &mut self,
        one: &str,
        other: &str,
        now: OffsetDateTime,
    ) -> Result<Outcome, Vec<String>> {
        let form = AnswerForm {
            amount1: one.to_owned(),
            amount2: other.to_owned(),
            ..AnswerForm::default()
        };
        let typed = form
            .parse(self.round.kind)
            .map_err(|errors| errors.into_iter().map(|error| error.code).collect::<Vec<_>>())?;
        let before = self.round;
        let outcome = before.outcome(now, typed == self.sent);
        if before.refusal(now).is_none() {
            self.round.tries += 1;
        }
        if let Some(event) = before.event(outcome) {
            self.round.state = next(before.state, event).unwrap().0;
            self.events += 1;
        }
        Ok(outcome)
    }
}

fn wrong(left: u32) -> Outcome {
    Outcome::Wrong { left }
}

#[test]
fn m1_the_amounts_may_be_given_in_any_order() {
    let mut trial = Trial::posted();

    assert_eq!(trial.answer("45", "32", SOON), Ok(Outcome::Verified));
    assert_eq!(trial.round.state, VerificationState::Verified);
}

#[test]
fn m2_the_third_try_may_still_be_right() {
    let mut trial = Trial::posted();

    assert_eq!(trial.answer("32", "46", SOON), Ok(wrong(2)));
    assert_eq!(trial.answer("33", "45", SOON), Ok(wrong(1)));
    assert_eq!(trial.answer("32", "45", SOON), Ok(Outcome::Verified));
}

#[test]
fn m3_after_the_third_wrong_answer_the_right_one_comes_too_late() {
    let mut trial = Trial::posted();

    assert_eq!(trial.answer("1", "2", SOON), Ok(wrong(2)));
    assert_eq!(trial.answer("3", "4", SOON), Ok(wrong(1)));
    assert_eq!(trial.answer("5", "6", SOON), Ok(Outcome::Failed));
    assert_eq!(trial.round.state, VerificationState::Failed);
    let late = trial.answer("32", "45", SOON).unwrap();
    assert_eq!(late.code(DepositKind::Amounts), Some(Code::VerificationClosed));
}

#[test]
fn m4_two_equal_amounts_use_no_try() {
    let mut trial = Trial::posted();

    assert_eq!(trial.answer("32", "32", SOON), Err(vec!["amounts_must_differ".to_owned()]));
    assert_eq!(trial.round.tries_left(), 3);
}

#[test]
fn m5_what_cannot_be_a_deposit_uses_no_try() {
    let mut trial = Trial::posted();

    for (one, code) in [("0", "amount_range"), ("100", "amount_range"), ("x", "amount_number")] {
        assert_eq!(trial.answer(one, "45", SOON), Err(vec![code.to_owned()]), "{one}");
    }
    assert_eq!(trial.round.tries_left(), 3);
}

#[test]
fn m6_an_answer_before_the_deposits_post_uses_no_try() {
    let mut trial = Trial::on_the_way();

    let outcome = trial.answer("32", "45", SOON).unwrap();

    let code = Code::DepositsNotPosted(date!(2026 - 06 - 10));
    assert_eq!(outcome.code(DepositKind::Amounts), Some(code));
    assert_eq!((trial.round.tries_left(), trial.events), (3, 0));
}

#[test]
fn m7_deposits_lapse_ten_days_after_they_posted() {
    let mut trial = Trial::posted();
    let last = POSTED + Duration::days(10);

    assert_eq!(trial.round.outcome(last, true), Outcome::Verified);
    let late = trial.answer("32", "45", last + Duration::SECOND).unwrap();

    assert_eq!(late.code(DepositKind::Amounts), Some(Code::VerificationExpired));
    assert_eq!(trial.round.state, VerificationState::Expired);
    assert_eq!(trial.answer("32", "45", SOON), Ok(Outcome::Expired));
    assert_eq!((trial.events, trial.round.tries), (1, 0));
    assert!(next(trial.round.state, Event::Started).is_ok());
}

#[test]
fn m8_of_ten_wrong_answers_three_are_counted() {
    let mut trial = Trial::posted();

    let outcomes: Vec<Outcome> =
        (1..=10).map(|n| trial.answer(&n.to_string(), "98", SOON).unwrap()).collect();

    assert_eq!(trial.round.tries, 3);
    assert_eq!(trial.events, 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Failed).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Closed).count(), 7);
}

#[test]
fn m9_a_fourth_round_within_thirty_days_is_refused() {
    let now = SOON;
    let ago = |days| now - Duration::days(days);

    assert_eq!(rounds_left([], now), 3);
    assert_eq!(rounds_left([ago(1), ago(10)], now), 1);
    assert_eq!(rounds_left([ago(1), ago(10), ago(29)], now), 0);
    assert_eq!(rounds_left([ago(1), ago(10), ago(29), ago(2)], now), 0);
    assert_eq!(rounds_left([ago(1), ago(10), ago(30)], now), 1);
    let locked = next(VerificationState::Failed, Event::RoundsUsedUp).unwrap().0;
    let round = Round { state: locked, ..Trial::posted().round };
    assert_eq!(round.outcome(now, true).code(DepositKind::Code), Some(Code::VerificationLocked));
}

#[test]
fn m11_the_right_answer_sent_again_is_a_success_without_a_second_event() {
    let mut trial = Trial::posted();
    trial.answer("32", "45", SOON).unwrap();

    let again = trial.answer("32", "45", SOON).unwrap();

    assert_eq!(again, Outcome::AlreadyVerified);
    assert!(again.is_verified());
    assert_eq!(again.code(DepositKind::Amounts), None);
    assert_eq!((trial.events, trial.round.tries), (1, 1));
}

#[test]
fn a_code_may_be_wrong_five_times() {
    let round = Round {
        kind: DepositKind::Code,
        tries: 3,
        max_tries: DepositKind::Code.tries(),
        ..Trial::posted().round
    };

    let outcome = round.outcome(SOON, false);
    assert_eq!(outcome.code(round.kind), Some(Code::DepositCodeWrong(1)));
    let last = Round { tries: 4, ..round };
    assert_eq!(last.outcome(SOON, false), Outcome::Failed);
    assert_eq!(last.outcome(SOON, true), Outcome::Verified);
}

#[test]
fn a_round_whose_last_try_was_counted_and_never_judged_has_failed() {
    let round = Round { tries: 3, ..Trial::posted().round };

    assert_eq!(round.outcome(SOON, true), Outcome::Failed);
    assert_eq!(round.event(Outcome::Failed), Some(Event::TriesUsedUp));
}

#[test]
fn the_end_that_was_promised_counts_before_the_rule() {
    let promised = POSTED + Duration::days(7);
    let round = Round { expires_at: Some(promised), ..Trial::posted().round };

    assert!(!round.is_lapsed(promised));
    assert!(round.is_lapsed(promised + Duration::SECOND));
}

#[test]
fn two_days_before_the_end_their_receiver_is_reminded() {
    let round = Trial::posted().round;
    let end = POSTED + Duration::days(10);

    assert!(!round.is_to_be_reminded(end - Duration::days(2) - Duration::SECOND));
    assert!(round.is_to_be_reminded(end - Duration::days(2)));
    assert!(round.is_to_be_reminded(end));
    assert!(!round.is_to_be_reminded(end + Duration::SECOND));
    assert!(!Trial::on_the_way().round.is_to_be_reminded(end));
}

#[test]
fn an_open_round_says_what_to_look_for_and_until_when() {
    let last_day = Some(date!(2026 - 06 - 20));
    let amounts = Trial::posted().round;
    let code = Round { kind: DepositKind::Code, tries: 4, max_tries: 5, ..amounts };
    let cases = [
        (
            Trial::on_the_way().round,
            "Two small deposits marked COFFER ACCTVERIFY should arrive by Wednesday 10 June. You then have 10 days to confirm them.",
        ),
        (
            Round { state: VerificationState::Sent, ..code },
            "One deposit of 1 cent marked COFFER ACCTVERIFY CF and 4 characters should arrive by Wednesday 10 June. You then have 10 days to confirm it.",
        ),
        (
            amounts,
            "Enter the amounts of the two deposits marked COFFER ACCTVERIFY by 20 June 2026. 3 tries left.",
        ),
        (
            code,
            "Enter the 4 characters after COFFER ACCTVERIFY CF on your statement by 20 June 2026. 1 try left.",
        ),
    ];
    for (round, sentence) in cases {
        assert_eq!(round.instruction(last_day).as_deref(), Some(sentence));
    }
    let ended = Round { state: VerificationState::Failed, ..amounts };
    assert_eq!(ended.instruction(last_day), None);
    assert_eq!(
        amounts.instruction(None).as_deref(),
        Some("Enter the amounts of the two deposits marked COFFER ACCTVERIFY. 3 tries left.")
    );
}

#[test]
fn deposits_are_expected_on_the_second_banking_day() {
    assert_eq!(expected_on(date!(2026 - 07 - 02)), date!(2026 - 07 - 06));
}

#[test]
fn the_limits_are_the_ones_promised() {
    assert_eq!((ROUNDS, STARTS_PER_USER_A_DAY, STARTS_PER_ADDRESS_A_DAY), (3, 3, 20));
    assert_eq!((LAPSES_AFTER.whole_days(), ROUNDS_WINDOW.whole_days()), (10, 30));
    assert_eq!(VerificationMethod::from(DepositKind::Code).as_str(), DepositKind::Code.as_str());
    assert_eq!(
        VerificationMethod::from(DepositKind::Amounts).as_str(),
        DepositKind::Amounts.as_str()
    );
}

proptest! {
    #[test]
    fn no_order_of_answers_counts_more_than_the_allowed_tries(
        answers in proptest::collection::vec((30_u8..=33, 44_u8..=47), 0..12),
    ) {
        let mut trial = Trial::posted();
        for (one, other) in answers {
            let was_open = trial.round.refusal(SOON).is_none();
            let is_right = (one.min(other), one.max(other)) == (32, 45);
            let outcome = trial.answer(&one.to_string(), &other.to_string(), SOON);
            let verified = outcome.is_ok_and(|outcome| outcome == Outcome::Verified);
            prop_assert_eq!(verified, was_open && is_right);
            prop_assert!(trial.round.tries <= 3);
            prop_assert!(trial.events <= 1);
        }
    }
}
