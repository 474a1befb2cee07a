use std::sync::LazyLock;

use time::macros::date;

use super::*;

static CHECKING: LazyLock<AccountId> = LazyLock::new(|| AccountId::new("checking"));
static CARD: LazyLock<AccountId> = LazyLock::new(|| AccountId::new("card"));

const POSTED_ON: Date = date!(2026 - 05 - 20);

fn posted(minor: i64) -> Reported<'static> {
    Reported {
        id: "posted",
        pending_id: None,
        account: &CHECKING,
        currency: Currency::USD,
        date: POSTED_ON,
        authorized: None,
        minor,
        merchant_key: "blue bottle",
        is_fuel: false,
        is_pending: false,
    }
}

/// A pending row so many days before [`POSTED_ON`]; its provider id is its own with a `p-` in front.
fn pending(id: &str, minor: i64, days: i64) -> Kept {
    Kept {
        id: id.into(),
        account: CHECKING.clone(),
        currency: Currency::USD,
        provider_id: format!("p-{id}"),
        pending_id: None,
        date: POSTED_ON - time::Duration::days(days),
        minor,
        merchant_key: "blue bottle".to_owned(),
        is_fuel: false,
        state: State::Pending,
    }
}

fn of(kept: Kept, merchant_key: &str) -> Kept {
    Kept { merchant_key: merchant_key.to_owned(), ..kept }
}

fn update(id: &str, step: Step) -> Decision {
    Decision::Update(id.into(), step)
}

fn possible(ids: &[&str]) -> Decision {
    Decision::InsertPossibleDuplicate(ids.iter().map(|id| TransactionId::new(*id)).collect())
}

fn suggest(id: &str) -> Decision {
    Decision::InsertAndSuggest(id.into())
}

#[test]
fn step_1_takes_the_row_that_is_named_whatever_it_says() {
    let row = Reported { pending_id: Some("p-b"), ..posted(-450) };
    let other = Kept { minor: -9900, date: date!(2026 - 01 - 01), ..pending("b", 0, 0) };

    assert_eq!(decide(&row, &[pending("a", -450, 1), other]), update("b", Step::Named));
}

#[test]
fn step_1_takes_a_row_that_was_released_before_the_bank_said_what_became_of_it() {
    let row = Reported { pending_id: Some("p-b"), ..posted(-450) };
    let released = Kept { state: State::Released, ..pending("b", -450, 1) };
    let deleted = Kept { state: State::Deleted, ..pending("b", -450, 1) };

    assert_eq!(decide(&row, &[released]), update("b", Step::Named));
    assert_eq!(decide(&row, &[deleted]), Decision::Insert);
}

#[test]
fn an_id_that_is_not_here_leaves_the_other_steps() {
    let row = Reported { pending_id: Some("gone"), ..posted(-450) };
    assert_eq!(decide(&row, &[pending("a", -450, 1)]), update("a", Step::OnlyOne));
}

#[test]
fn step_2_takes_the_only_row_of_equal_amount_up_to_eight_days_before() {
    let cases = [
        (0, update("a", Step::OnlyOne)),
        (8, update("a", Step::OnlyOne)),
        (9, Decision::Insert),
        (-1, Decision::Insert),
    ];
    for (days, expected) in cases {
        let kept = of(pending("a", -450, days), "another shop");
        assert_eq!(decide(&posted(-450), &[kept]), expected, "{days} days before");
    }
}

#[test]
fn another_account_currency_or_state_is_another_row() {
    let others = [
        Kept { account: CARD.clone(), ..pending("a", -450, 1) },
        Kept { currency: Currency::parse("EUR").unwrap(), ..pending("a", -450, 1) },
        Kept { state: State::Completed, ..pending("a", -450, 1) },
        Kept { state: State::Released, ..pending("a", -450, 1) },
        pending("a", 450, 1),
    ];
    for kept in others {
        let row = Reported { pending_id: Some("p-a"), ..posted(-450) };
        let is_elsewhere = kept.account != *CHECKING || kept.currency != Currency::USD;
        if is_elsewhere {
            assert_eq!(decide(&row, std::slice::from_ref(&kept)), Decision::Insert, "{kept:?}");
        }
        assert_eq!(
            decide(&posted(-450), std::slice::from_ref(&kept)),
            Decision::Insert,
            "{kept:?}"
        );
    }
}

#[test]
fn step_3_prefers_the_same_shop_to_the_nearer_date() {
    let kept = [of(pending("a", -450, 1), "other"), pending("b", -450, 6)];
    assert_eq!(decide(&posted(-450), &kept), update("b", Step::Preferred));
}

#[test]
fn step_3_takes_the_nearest_date_of_one_shop_or_of_none() {
    let of_shop = [pending("a", -450, 3), pending("b", -450, 2)];
    assert_eq!(decide(&posted(-450), &of_shop), update("b", Step::Preferred));

    let of_others = of_shop.map(|kept| of(kept, "other"));
    assert_eq!(decide(&posted(-450), &of_others), update("b", Step::Preferred));
}

#[test]
fn step_3_decides_nothing_between_equals() {
    let twins = [pending("b", -450, 2), pending("a", -450, 2), pending("c", -450, 3)];
    assert_eq!(decide(&posted(-450), &twins), possible(&["a", "b"]));

    let no_shop = twins.map(|kept| of(kept, ""));
    let row = Reported { merchant_key: "", ..posted(-450) };
    assert_eq!(decide(&row, &no_shop), possible(&["a", "b"]));
}

#[test]
fn step_4_suggests_a_row_that_may_have_got_a_tip() {
    let cases = [
        (-4000, -5200, 5, suggest("a")),
        (-4000, -5201, 5, Decision::Insert),
        (-4000, -4001, 0, suggest("a")),
        (-4000, -3999, 0, Decision::Insert),
        (-4000, -4800, 6, Decision::Insert),
        (-4000, 4800, 1, Decision::Insert),
        // Exactly equal, but too long ago for step 2 and for this one.
        (-4000, -4000, 9, Decision::Insert),
    ];
    for (before, after, days, expected) in cases {
        let kept = pending("a", before, days);
        assert_eq!(decide(&posted(after), &[kept]), expected, "{before} then {after}, {days} days");
    }
    let elsewhere = of(pending("a", -4000, 1), "other");
    assert_eq!(decide(&posted(-4800), &[elsewhere]), Decision::Insert);
    let nowhere = of(pending("a", -4000, 1), "");
    let row = Reported { merchant_key: "", ..posted(-4800) };
    assert_eq!(decide(&row, &[nowhere]), Decision::Insert);
}

#[test]
fn step_4_suggests_a_hold_for_fuel_whatever_the_amount() {
    let hold = Kept { is_fuel: true, ..pending("a", -100, 2) };
    assert_eq!(decide(&posted(-4320), std::slice::from_ref(&hold)), suggest("a"));
    let large = Kept { minor: -17_500, ..hold.clone() };
    assert_eq!(decide(&posted(-4320), std::slice::from_ref(&large)), suggest("a"));
    let row = Reported { is_fuel: true, ..posted(-4320) };
    assert_eq!(decide(&row, &[pending("a", -100, 5)]), suggest("a"));
    assert_eq!(decide(&row, &[pending("a", -100, 6)]), Decision::Insert);
    assert_eq!(decide(&posted(4320), &[hold]), Decision::Insert);
}

#[test]
fn step_4_suggests_the_nearest_of_several() {
    let kept = [pending("a", -4000, 2), pending("b", -4100, 1), pending("c", -4200, 1)];
    assert_eq!(decide(&posted(-4300), &kept), suggest("c"));
    let twins = [pending("b", -4000, 1), pending("a", -4000, 1)];
    assert_eq!(decide(&posted(-4300), &twins), suggest("a"));
}

#[test]
fn a_row_with_a_known_id_is_the_same_one_until_it_is_gone() {
    let same = Receipt::Same("a".into());
    let cases = [
        (State::Pending, true, same.clone()),
        (State::Pending, false, same.clone()),
        (State::Completed, false, same),
        (State::Completed, true, Receipt::Stale),
        (State::Released, true, Receipt::Stale),
        (State::Released, false, Receipt::Stale),
        (State::Deleted, false, Receipt::Stale),
    ];
    for (state, is_pending, expected) in cases {
        let kept = Kept { state, ..pending("a", -450, 1) };
        let row = Reported { id: "p-a", is_pending, ..posted(-450) };
        assert_eq!(receive(&row, &[kept]), expected, "{state:?}, pending {is_pending}");
    }
}

#[test]
fn a_pending_row_is_old_news_once_it_was_booked() {
    let booked = Kept {
        provider_id: "posted".to_owned(),
        pending_id: Some("p-a".to_owned()),
        state: State::Completed,
        ..pending("a", -450, 1)
    };
    let late = Reported { id: "p-a", is_pending: true, ..posted(-450) };
    let new = Reported { id: "p-b", is_pending: true, ..posted(-450) };

    assert_eq!(receive(&late, std::slice::from_ref(&booked)), Receipt::Stale);
    assert_eq!(receive(&new, &[booked]), Receipt::New(Decision::Insert));
}

#[test]
fn a_pending_row_is_never_taken_for_another_pending_one() {
    let row = Reported { id: "p-b", is_pending: true, ..posted(-450) };
    assert_eq!(receive(&row, &[pending("a", -450, 0)]), Receipt::New(Decision::Insert));
}

#[test]
fn a_removed_id_fails_what_was_pending_and_deletes_what_was_booked() {
    let row = |state| Kept { state, ..pending("a", -450, 1) };
    assert_eq!(remove("p-a", &[row(State::Pending)]), Removal::Release("a".into()));
    assert_eq!(remove("p-a", &[row(State::Completed)]), Removal::Delete("a".into()));
    assert_eq!(remove("p-a", &[row(State::Released)]), Removal::Nothing);
    assert_eq!(remove("p-a", &[row(State::Deleted)]), Removal::Nothing);
    assert_eq!(remove("p-z", &[row(State::Pending)]), Removal::Nothing);
}

#[test]
fn a_removed_id_that_became_another_row_is_ignored() {
    let booked = Kept {
        provider_id: "posted".to_owned(),
        pending_id: Some("p-a".to_owned()),
        state: State::Completed,
        ..pending("a", -450, 1)
    };
    assert_eq!(remove("p-a", &[booked]), Removal::Nothing);
}

#[test]
fn the_day_it_happened_is_shown_then_the_pending_day_then_the_booking() {
    let (happened, seen) = (date!(2026 - 05 - 17), date!(2026 - 05 - 18));
    assert_eq!(shown_date(Some(happened), Some(seen), POSTED_ON), happened);
    assert_eq!(shown_date(None, Some(seen), POSTED_ON), seen);
    assert_eq!(shown_date(None, None, POSTED_ON), POSTED_ON);
}

fn own(id: &str, minor: i64, days: i64) -> OwnRow {
    OwnRow {
        id: id.into(),
        account: CHECKING.clone(),
        currency: Currency::USD,
        minor,
        date: POSTED_ON - time::Duration::days(days),
    }
}

fn claimed(rows: &[Reported<'_>], own: &[OwnRow]) -> Vec<(String, String)> {
    claims(rows, own).into_iter().map(|(row, own)| (row, own.into_string())).collect()
}

fn pair(row: &str, own: &str) -> (String, String) {
    (row.to_owned(), own.to_owned())
}

#[test]
fn a_typed_row_of_equal_amount_is_claimed_within_three_days() {
    let cases = [(3, true), (-3, true), (4, false), (-4, false)];
    for (days, is_claimed) in cases {
        let found = claims(&[posted(-450)], &[own("m", -450, days)]);
        assert_eq!(!found.is_empty(), is_claimed, "{days} days");
    }
    assert_eq!(claimed(&[posted(-450)], &[own("m", -451, 0)]), []);
    let elsewhere = OwnRow { account: CARD.clone(), ..own("m", -450, 0) };
    assert_eq!(claimed(&[posted(-450)], &[elsewhere]), []);
    let other_money = OwnRow { currency: Currency::parse("EUR").unwrap(), ..own("m", -450, 0) };
    assert_eq!(claimed(&[posted(-450)], &[other_money]), []);
}

#[test]
fn the_day_it_happened_counts_for_a_claim() {
    let row = Reported { authorized: Some(date!(2026 - 05 - 15)), ..posted(-450) };
    assert_eq!(claimed(&[row], &[own("m", -450, 8)]), [pair("posted", "m")]);
    assert_eq!(claimed(&[row], &[own("m", -450, 0)]), []);
}

#[test]
fn the_nearest_typed_row_is_claimed_and_each_once() {
    let rows = [
        Reported { id: "x", ..posted(-450) },
        Reported { id: "y", date: POSTED_ON - time::Duration::days(2), ..posted(-450) },
    ];
    let typed = [own("m", -450, 2), own("n", -450, 3)];

    assert_eq!(claimed(&rows, &typed), [pair("x", "n"), pair("y", "m")]);
    assert_eq!(claimed(&rows, &typed[..1]), [pair("y", "m")]);
    assert_eq!(claimed(&rows[..1], &typed), [pair("x", "m")]);
}

#[test]
fn equal_claims_are_settled_by_date_and_id() {
    let rows = [Reported { id: "y", ..posted(-450) }, Reported { id: "x", ..posted(-450) }];
    assert_eq!(claimed(&rows, &[own("m", -450, 1)]), [pair("x", "m")]);
    let typed = [own("late", -450, -1), own("early", -450, 1)];
    assert_eq!(claimed(&rows[..1], &typed), [pair("y", "early")]);
}
