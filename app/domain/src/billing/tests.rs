use proptest::prelude::*;
use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);
const GRACE: Duration = Duration::days(7);

fn standing(status: Status) -> Standing {
    Standing { status, cancel_at_period_end: false, ends_at: None, past_due_at: None }
}

fn view(standing: Standing) -> SubscriptionView {
    SubscriptionView {
        id: "s".to_owned(),
        product_id: "p".to_owned(),
        product_name: None,
        plan: Some(Plan::Plus),
        status: "active".to_owned(),
        state: standing.state(),
        access: standing.has_access(NOW, GRACE),
        amount: 1_900,
        currency: "usd".to_owned(),
        recurring_interval: "month".to_owned(),
        recurring_interval_count: 1,
        current_period_start: NOW,
        current_period_end: Some(datetime!(2026-12-21 12:00 UTC)),
        cancel_at_period_end: standing.cancel_at_period_end,
        pause_at_period_end: false,
        canceled_at: None,
        ends_at: standing.ends_at,
        ended_at: None,
        trial_end: Some(datetime!(2026-11-28 12:00 UTC)),
        grace_until: standing.grace_until(GRACE),
        resumes_at: None,
        pending_product_id: None,
        pending_product_name: None,
        pending_applies_at: None,
    }
}

#[test]
fn each_status_gives_what_the_table_of_the_rules_says() {
    let cases = [
        (Status::Incomplete, false),
        (Status::Trialing, true),
        (Status::Active, true),
        (Status::Unpaid, false),
        (Status::Canceled, false),
        (Status::Paused, false),
    ];
    for (status, access) in cases {
        assert_eq!(standing(status).has_access(NOW, GRACE), access, "{status:?}");
    }
}

#[test]
fn grace_ends_to_the_second_and_needs_a_beginning() {
    let late = |at| Standing { past_due_at: at, ..standing(Status::PastDue) };

    assert!(late(Some(NOW - GRACE + Duration::SECOND)).has_access(NOW, GRACE));
    assert!(!late(Some(NOW - GRACE)).has_access(NOW, GRACE));
    assert!(!late(None).has_access(NOW, GRACE));
    assert!(!late(Some(NOW)).has_access(NOW, Duration::ZERO));
}

#[test]
fn an_announced_end_gives_access_until_a_day_after_it() {
    let ending = |ends_at| Standing {
        cancel_at_period_end: true,
        ends_at: Some(ends_at),
        ..standing(Status::Active)
    };

    assert!(ending(NOW + Duration::DAY).has_access(NOW, GRACE));
    assert!(ending(NOW - Duration::hours(23)).has_access(NOW, GRACE));
    assert!(!ending(NOW - END_SLACK).has_access(NOW, GRACE));
    let renewing = Standing { ends_at: Some(NOW - Duration::days(40)), ..standing(Status::Active) };
    assert!(renewing.has_access(NOW, GRACE), "no date of ours ends what Polar calls active");
}

#[test]
fn every_state_has_its_sentence() {
    let ending = Standing {
        cancel_at_period_end: true,
        ends_at: Some(datetime!(2026-12-21 12:00 UTC)),
        ..standing(Status::Active)
    };
    let late = Standing { past_due_at: Some(NOW), ..standing(Status::PastDue) };
    let lost = Standing { past_due_at: Some(NOW - GRACE), ..standing(Status::PastDue) };
    let cases = [
        (
            standing(Status::Trialing),
            "Your trial of Plus runs until 28 November 2026. Then it is paid.",
        ),
        (standing(Status::Active), "Plus renews on 21 December 2026."),
        (ending, "Plus ends on 21 December 2026. Until then nothing changes."),
        (late, "Your last payment failed. Update your card by 28 November 2026 to keep Plus."),
        (lost, "Your last payment failed, and Plus has stopped. Update your card to go on."),
        (standing(Status::Paused), "Plus is paused."),
        (standing(Status::Canceled), "Plus has ended. Your data is all here."),
    ];
    for (standing, sentence) in cases {
        assert_eq!(view(standing).sentence(), sentence);
    }
}

#[test]
fn the_four_words_of_the_old_front_end() {
    let word = |subscription: Option<SubscriptionView>| {
        Entitlement { subscription, ..Entitlement::default() }.status_word()
    };
    let in_grace = Standing { past_due_at: Some(NOW), ..standing(Status::PastDue) };
    let after = Standing { past_due_at: Some(NOW - GRACE), ..standing(Status::PastDue) };
    let canceled = SubscriptionView { canceled_at: Some(NOW), ..view(standing(Status::Canceled)) };

    assert_eq!(word(None), "none");
    assert_eq!(word(Some(view(standing(Status::Trialing)))), "active");
    assert_eq!(word(Some(view(in_grace))), "active");
    assert_eq!(word(Some(view(after))), "expired");
    assert_eq!(word(Some(view(standing(Status::Paused)))), "expired");
    assert_eq!(word(Some(canceled)), "canceled");
    assert_eq!(word(Some(view(standing(Status::Canceled)))), "expired");
}

#[test]
fn why_nothing_is_given_in_the_words_of_the_old_front_end() {
    let lapse = |standing: Standing| view(standing).lapse().map(Lapse::code);
    let late = Standing { past_due_at: Some(NOW - GRACE), ..standing(Status::PastDue) };
    let canceled = SubscriptionView { canceled_at: Some(NOW), ..view(standing(Status::Canceled)) };
    let foreign = SubscriptionView { access: false, ..view(standing(Status::Active)) };

    assert_eq!(lapse(standing(Status::Active)), None);
    assert_eq!(lapse(standing(Status::Canceled)), Some("EXPIRED"), "nobody canceled it");
    assert_eq!(canceled.lapse(), Some(Lapse::Canceled));
    assert_eq!(lapse(late), Some("EXPIRED"));
    assert_eq!(lapse(standing(Status::Paused)), Some("EXPIRED"));
    assert_eq!(lapse(standing(Status::Incomplete)), Some("GENERAL"));
    assert_eq!(foreign.lapse(), Some(Lapse::General), "a product that nobody configured");
}

proptest! {
    #[test]
    fn more_grace_never_takes_access_away(days in 0_i64..40, late in 0_i64..40) {
        let standing = Standing {
            past_due_at: Some(NOW - Duration::days(late)),
            ..standing(Status::PastDue)
        };
        let less = standing.has_access(NOW, Duration::days(days));
        let more = standing.has_access(NOW, Duration::days(days + 1));
        prop_assert!(!less || more);
    }

    #[test]
    fn polars_words_are_read_or_left_unknown(word in "[a-z_]{1,20}") {
        let known = ["incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "canceled", "paused"];
        prop_assert_eq!(Status::from_polar(&word).is_some(), known.contains(&&*word));
    }
}
