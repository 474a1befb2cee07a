use proptest::prelude::*;
use time::{Duration, Month, macros::date};

use super::*;
use crate::SeriesId;

const TODAY: Date = date!(2026 - 06 - 10);

fn day(text: &str) -> Date {
    crate::day::parse_iso(text).unwrap()
}

fn row(date: Date, minor: i64) -> Row {
    Row {
        id: TransactionId::new(format!("{date}{minor}")),
        account: AccountId::new("acc_1"),
        date,
        minor,
        currency: Currency::USD,
        merchant: "acme".to_owned(),
    }
}

fn rows(rows: &[(&str, i64)]) -> Vec<Row> {
    rows.iter().map(|(date, minor)| row(day(date), *minor)).collect()
}

fn found(typed: &[(&str, i64)]) -> Vec<Series> {
    detect(&rows(typed), TODAY, &[])
}

/// `monthly fixed -1549 2026-06-15 active`: cadence, kind, amount, next date, status.
fn facts(series: &[Series]) -> Vec<String> {
    let of = |s: &Series| {
        let next = crate::day::format_iso(s.next);
        format!("{} {} {} {next} {}", s.cadence, s.kind, s.minor, s.status)
    };
    series.iter().map(of).collect()
}

/// The name, the rows, and what is found on 10 June 2026.
const VECTORS: [(&str, &str, &[&str]); 13] = [
    (
        "D1",
        "2026-01-15 -1549, 2026-02-15 -1549, 2026-03-16 -1549, 2026-04-15 -1549, 2026-05-15 -1549",
        &["monthly fixed -1549 2026-06-15 active"],
    ),
    (
        "D2",
        "2026-01-15 -1549, 2026-02-15 -1549, 2026-03-16 -1549, 2026-04-15 -1549, 2026-05-15 -1799",
        &["monthly fixed -1799 2026-06-15 active"],
    ),
    (
        "D3",
        "2026-01-31 -180000, 2026-02-28 -180000, 2026-03-31 -180000, 2026-04-30 -180000, 2026-05-31 -180000",
        &["monthly fixed -180000 2026-06-30 active"],
    ),
    (
        "D4",
        "2026-04-03 240000, 2026-04-17 240000, 2026-05-01 241500, 2026-05-15 240000, 2026-05-29 240000",
        &["biweekly fixed 240000 2026-06-12 active"],
    ),
    (
        "D5",
        "2026-01-05 -999, 2026-02-05 -999, 2026-04-05 -999, 2026-05-05 -999, 2026-06-05 -999",
        &["monthly fixed -999 2026-07-05 active"],
    ),
    (
        "D6",
        "2026-05-01 -450, 2026-05-03 -475, 2026-05-04 -450, 2026-05-11 -510, 2026-05-30 -450",
        &[],
    ),
    (
        "D7",
        "2025-11-20 -1200, 2025-12-20 -1200, 2026-01-20 -1200",
        &["monthly fixed -1200 2026-02-20 ended"],
    ),
    (
        "D8",
        "2026-02-25 -1200, 2026-03-25 -1200, 2026-04-25 -1200",
        &["monthly fixed -1200 2026-05-25 missed"],
    ),
    ("D9", "2024-06-22 -11900, 2025-06-21 -11900", &["yearly fixed -11900 2026-06-22 active"]),
    ("D10", "2026-04-09 -2000, 2026-05-09 -2000", &["monthly fixed -2000 2026-06-09 early"]),
    (
        "D11",
        "2026-02-12 -9100, 2026-03-13 -8450, 2026-04-12 -8020, 2026-05-12 -9980",
        &["monthly variable -8775 2026-06-12 active"],
    ),
    (
        "D12",
        "2026-03-02 -299, 2026-04-02 -299, 2026-05-02 -299, 2026-06-02 -299, \
         2026-03-18 -1099, 2026-04-18 -1099, 2026-05-18 -1099",
        &["monthly fixed -299 2026-07-02 active", "monthly fixed -1099 2026-06-18 active"],
    ),
    (
        "D13",
        "2025-09-30 -4500, 2025-12-31 -4500, 2026-03-31 -4500",
        &["quarterly fixed -4500 2026-06-30 active"],
    ),
];

#[test]
fn what_repeats_is_found_with_its_cadence_amount_and_next_date() {
    for (name, typed, expected) in VECTORS {
        let rows: Vec<Row> = typed
            .split(", ")
            .map(|typed| typed.split_once(' ').unwrap())
            .map(|(date, minor)| row(day(date), minor.parse().unwrap()))
            .collect();
        assert_eq!(facts(&detect(&rows, TODAY, &[])), expected, "{name}");
    }
}

#[test]
fn a_new_price_is_dated_at_its_first_row() {
    let d2 = found(&[
        ("2026-01-15", -1549),
        ("2026-02-15", -1549),
        ("2026-03-16", -1549),
        ("2026-04-15", -1549),
        ("2026-05-15", -1799),
    ]);

    assert_eq!(d2[0].changes, [PriceChange { on: date!(2026 - 05 - 15), by_minor: 250 }]);
    assert_eq!(d2[0].members.len(), 5);
    assert_eq!((d2[0].first, d2[0].last), (date!(2026 - 01 - 15), date!(2026 - 05 - 15)));
}

#[test]
fn prices_may_change_twice_and_fall() {
    let series = found(&[
        ("2025-12-03", -1000),
        ("2026-01-03", -1000),
        ("2026-02-03", -1200),
        ("2026-03-03", -1200),
        ("2026-04-03", -1100),
        ("2026-05-03", -1100),
    ]);

    assert_eq!(series.len(), 1);
    assert_eq!(series[0].minor, -1100);
    let changes: Vec<i64> = series[0].changes.iter().map(|change| change.by_minor).collect();
    assert_eq!(changes, [200, -100]);
}

#[test]
fn a_change_of_less_than_fifty_units_is_none() {
    let small = found(&[
        ("2026-02-03", -1000),
        ("2026-03-03", -1000),
        ("2026-04-03", -1049),
        ("2026-05-03", -1049),
    ]);

    assert_eq!((small.len(), small[0].minor), (1, -1049));
    assert_eq!(small[0].changes, []);
}

#[test]
fn a_price_more_than_twice_as_high_is_another_series() {
    let series = found(&[
        ("2026-01-03", -1000),
        ("2026-02-03", -1000),
        ("2026-03-03", -1000),
        ("2026-04-03", -2001),
        ("2026-05-03", -2001),
        ("2026-06-03", -2001),
    ]);

    let minors: Vec<i64> = series.iter().map(|series| series.minor).collect();
    assert_eq!(minors, [-1000, -2001]);
}

#[test]
fn rows_around_the_turn_of_a_month_belong_to_the_day_between_them() {
    let rent = found(&[
        ("2026-01-01", -90_000),
        ("2026-01-30", -90_000),
        ("2026-03-01", -90_000),
        ("2026-04-01", -90_000),
        ("2026-04-30", -90_000),
        ("2026-06-01", -90_000),
    ]);

    assert_eq!((rent.len(), rent[0].anchor), (1, 1));
    assert_eq!(rent[0].next, date!(2026 - 07 - 01));

    let early = found(&[
        ("2026-02-01", -90_000),
        ("2026-03-01", -90_000),
        ("2026-04-01", -90_000),
        ("2026-04-30", -90_000),
        ("2026-05-31", -90_000),
    ]);
    assert_eq!(early[0].next, date!(2026 - 07 - 01), "the row of 31 May was June's");
}

#[test]
fn a_leap_day_bill_comes_on_the_last_of_february() {
    let rows = rows(&[("2024-02-29", -5000), ("2025-02-28", -5000)]);

    let series = detect(&rows, date!(2025 - 03 - 10), &[]);

    assert_eq!(series[0].next, date!(2026 - 02 - 28));
    assert_eq!(
        series[0].cadence.following(date!(2027 - 02 - 28), series[0].anchor),
        date!(2028 - 02 - 29)
    );
}

#[test]
fn money_in_and_out_other_accounts_and_currencies_stand_apart() {
    let mut all = rows(&[("2026-03-02", -500), ("2026-04-02", -500), ("2026-05-02", -500)]);
    let other = |change: &dyn Fn(&mut Row)| {
        all.iter()
            .cloned()
            .map(|mut row| {
                row.id = TransactionId::new(format!("{}x", row.id));
                change(&mut row);
                row
            })
            .collect::<Vec<_>>()
    };
    let yen = Currency::parse("JPY").unwrap();
    let inward = other(&|row| row.minor = 500);
    let elsewhere = other(&|row| row.account = AccountId::new("acc_2"));
    let foreign = other(&|row| row.currency = yen);
    let named = other(&|row| row.merchant = "other".to_owned());
    let nameless = other(&|row| row.merchant = String::new());
    for more in [inward, elsewhere, foreign, named, nameless] {
        all.extend(more);
    }

    let series = detect(&all, TODAY, &[]);

    assert_eq!(series.len(), 5);
    assert!(series.iter().all(|series| series.members.len() == 3));
}

#[test]
fn rows_after_today_out_of_reach_or_without_amount_are_left_alone() {
    let far = TODAY - Duration::days(REACH + 1);
    let mut all = rows(&[("2026-04-20", -700), ("2026-05-20", -700), ("2026-06-20", -700)]);
    all.extend([row(far, -11_900), row(far + Duration::days(365), -11_900)]);
    all.extend(rows(&[("2026-03-01", 0), ("2026-04-01", 0), ("2026-05-01", 0)]));

    let series = detect(&all, TODAY, &[]);

    assert_eq!(facts(&series).len(), 1);
    assert_eq!((series[0].minor, series[0].status), (-700, SeriesStatus::Early));
}

#[test]
fn the_smallest_of_all_amounts_does_no_harm() {
    let all =
        rows(&[("2026-03-01", i64::MIN), ("2026-04-01", i64::MIN + 1), ("2026-05-01", i64::MAX)]);

    assert_eq!(detect(&all, TODAY, &[]), []);
}

#[test]
fn a_series_grows_late_and_ends_as_days_pass_and_a_guess_is_forgotten() {
    let three = rows(&[("2026-02-25", -1200), ("2026-03-25", -1200), ("2026-04-25", -1200)]);
    let status = |rows: &[Row], day| detect(rows, day, &[]).first().map(|series| series.status);
    for (day, expected) in [
        (date!(2026 - 04 - 25), SeriesStatus::Active),
        (date!(2026 - 05 - 30), SeriesStatus::Active),
        (date!(2026 - 05 - 31), SeriesStatus::Missed),
        (date!(2026 - 06 - 25), SeriesStatus::Missed),
        (date!(2026 - 06 - 26), SeriesStatus::Ended),
    ] {
        assert_eq!(status(&three, day), Some(expected), "{day}");
    }
    assert_eq!(status(&three[1..], date!(2026 - 06 - 25)), Some(SeriesStatus::Early));
    assert_eq!(status(&three[1..], date!(2026 - 06 - 26)), None);
}

#[test]
fn a_row_that_comes_after_all_brings_the_series_back() {
    let mut late = rows(&[("2026-01-25", -1200), ("2026-02-25", -1200), ("2026-03-25", -1200)]);
    let missed = detect(&late, date!(2026 - 05 - 20), &[]);
    late.push(row(date!(2026 - 05 - 25), -1200));
    let known: Vec<Known> = missed.iter().map(Known::from).collect();

    let back = detect(&late, TODAY, &known);

    assert_eq!(missed[0].status, SeriesStatus::Missed);
    assert_eq!((back.len(), back[0].status), (1, SeriesStatus::Active));
    assert_eq!(back[0].key, missed[0].key);
}

fn known(series: &[Series]) -> Vec<Known> {
    series.iter().map(Known::from).collect()
}

#[test]
fn a_series_stays_the_same_under_a_new_price_another_name_and_lost_rows() {
    let mut all = rows(&[
        ("2026-01-15", -1549),
        ("2026-02-15", -1549),
        ("2026-03-16", -1549),
        ("2026-04-15", -1549),
    ]);
    let before = detect(&all, date!(2026 - 04 - 20), &[]);
    all.remove(0);
    all.push(row(date!(2026 - 05 - 15), -1799));
    for row in &mut all {
        "acme streaming".clone_into(&mut row.merchant);
    }

    let after = detect(&all, TODAY, &known(&before));

    assert_eq!((after[0].minor, after[0].merchant.as_str()), (-1799, "acme streaming"));
    assert_eq!(after[0].key, before[0].key);
}

#[test]
fn rows_that_came_anew_under_other_ids_are_the_same_series() {
    let mut all = rows(&[("2026-03-02", -299), ("2026-04-02", -299), ("2026-05-02", -299)]);
    let before = detect(&all, TODAY, &[]);
    for row in &mut all {
        row.id = TransactionId::new(format!("again {}", row.id));
    }

    assert_eq!(detect(&all, TODAY, &known(&before))[0].key, before[0].key);
}

#[test]
fn of_two_alike_none_is_taken_for_the_other() {
    let typed = [
        ("2026-03-02", -299),
        ("2026-04-02", -299),
        ("2026-05-02", -299),
        ("2026-03-18", -1099),
        ("2026-04-18", -1099),
        ("2026-05-18", -1099),
    ];
    let before = found(&typed);
    let mut all = rows(&typed);
    for row in &mut all {
        row.id = TransactionId::new(format!("again {}", row.id));
    }

    let after = detect(&all, TODAY, &known(&before));

    let keys = |series: &[Series]| series.iter().map(|s| s.key.clone()).collect::<Vec<_>>();
    assert_eq!(after.len(), 2);
    assert!(keys(&after).iter().all(|key| !keys(&before).contains(key)));
}

#[test]
fn a_new_series_never_takes_a_key_that_is_in_use() {
    let all = rows(&[("2026-03-02", -299), ("2026-04-02", -299), ("2026-05-02", -299)]);
    let foreign = |key: &TransactionId| Known {
        key: key.to_string(),
        merchant: "something else".to_owned(),
        members: Vec::new(),
        ..Known::from(&detect(&all, TODAY, &[])[0])
    };

    let one = detect(&all, TODAY, &[foreign(&all[0].id)]);
    assert_eq!(one[0].key, all[1].id.as_str());
    let every: Vec<Known> = all.iter().map(|row| foreign(&row.id)).collect();
    let none = detect(&all, TODAY, &every);
    assert!(every.iter().all(|known| known.key != none[0].key));
}

#[test]
fn a_view_says_what_changed_and_what_a_month_costs() {
    let view = SeriesView {
        id: SeriesId::new("s"),
        account_id: AccountId::new("acc_1"),
        account_name: "Checking".to_owned(),
        merchant: "Streamco".to_owned(),
        cadence: Cadence::Monthly,
        kind: Kind::Fixed,
        status: SeriesStatus::Active,
        decision: SeriesDecision::Open,
        amount_minor: -1799,
        currency: "USD".to_owned(),
        next_date: date!(2026 - 06 - 15),
        last_date: date!(2026 - 05 - 15),
        change: Some(PriceChange { on: date!(2026 - 05 - 15), by_minor: 250 }),
        rows: 5,
    };

    assert_eq!(view.change_label().as_deref(), Some("+$2.50 on 15 May"));
    assert_eq!(view.amount().unwrap().format(), "−$17.99");
    assert_eq!(view.monthly_minor(), Some(-1799));
    let json = serde_json::to_value(&view).unwrap();
    assert_eq!(json["change"], serde_json::json!({ "on": "2026-05-15", "byMinor": 250 }));
    assert_eq!(serde_json::from_value::<SeriesView>(json).unwrap(), view);
}

#[test]
fn a_month_has_its_share_of_a_year() {
    for (cadence, minor, monthly) in [
        (Cadence::Weekly, -1200, Some(-5200)),
        (Cadence::Biweekly, 240_000, Some(520_000)),
        (Cadence::Monthly, -1549, Some(-1549)),
        (Cadence::Quarterly, -4500, Some(-1500)),
        // 2.5 and 3.5 go to the even neighbour.
        (Cadence::Yearly, -30, Some(-2)),
        (Cadence::Yearly, -42, Some(-4)),
        (Cadence::Weekly, i64::MAX, None),
    ] {
        assert_eq!(monthly_minor(cadence, minor), monthly, "{cadence} {minor}");
    }
}

/// Rows of one merchant: about every so many days, about one amount, which may change on the way.
fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let steps = prop::sample::select(vec![7_i64, 14, 30, 91, 365]);
    let amounts = (200_i64..20_000, prop::bool::ANY, 0_usize..12);
    let jitters = prop::collection::vec((-2_i64..=2, 0_i64..30, prop::bool::weighted(0.1)), 2..12);
    (steps, amounts, jitters, 0_u8..3).prop_map(
        |(step, (base, inward, turn), jitters, merchant)| {
            let count = i64::try_from(jitters.len()).unwrap();
            let start = TODAY - Duration::days((step * count).min(REACH - 5));
            jitters
                .iter()
                .enumerate()
                .filter(|(_, (.., missing))| !missing)
                .map(|(at, (off, more, _))| {
                    let days = step * i64::try_from(at).unwrap() + off;
                    let size = if at > turn { base * 5 / 4 } else { base } + more;
                    let mut row =
                        row(start + Duration::days(days), if inward { size } else { -size });
                    row.merchant = format!("merchant {merchant}");
                    row.id = TransactionId::new(format!("{merchant} {step} {at} {size}"));
                    row
                })
                .collect()
        },
    )
}

fn any_ledger() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(any_rows(), 1..5).prop_map(|rows| {
        let mut all = rows.concat();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all.dedup_by(|a, b| a.id == b.id);
        all
    })
}

proptest! {
    #[test]
    fn the_order_of_rows_does_not_matter(
        (rows, shuffled) in any_ledger().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        prop_assert_eq!(detect(&rows, TODAY, &[]), detect(&shuffled, TODAY, &[]));
    }

    #[test]
    fn looking_again_changes_nothing(rows in any_ledger()) {
        let once = detect(&rows, TODAY, &[]);
        let mut stored = known(&once);
        stored.reverse();

        prop_assert_eq!(&detect(&rows, TODAY, &stored), &once);
    }

    #[test]
    fn no_row_is_in_two_series_and_no_key_is_given_twice(rows in any_ledger(), skip in 0_usize..8) {
        let before = detect(&rows[..rows.len().saturating_sub(skip)], TODAY, &[]);
        let series = detect(&rows, TODAY, &known(&before));

        let count = |mut all: Vec<String>| {
            let len = all.len();
            all.sort();
            all.dedup();
            (len, all.len())
        };
        let (keys, different) = count(series.iter().map(|series| series.key.clone()).collect());
        prop_assert_eq!(keys, different);
        let members = series.iter().flat_map(|series| &series.members);
        let (members, different) = count(members.map(ToString::to_string).collect());
        prop_assert_eq!(members, different);
    }

    #[test]
    fn the_next_row_of_a_monthly_bill_keeps_its_series(
        day in 1_u8..=31,
        count in 4_i32..20,
        minor in 100_i64..1_000_000,
        jitter in prop::collection::vec(-1_i64..=1, 20),
    ) {
        let mut month = crate::Month::new(2025, 1).unwrap();
        let mut all = Vec::new();
        let mut stored: Vec<Known> = Vec::new();
        for at in 0..count {
            let due = month.first_day().replace_day(day.min(month.days())).unwrap();
            let date = due + Duration::days(jitter[usize::try_from(at).unwrap()]);
            all.push(row(date, -minor));
            let found = detect(&all, date, &stored);
            if at > 1 {
                prop_assert_eq!(found.len(), 1);
                prop_assert_eq!(found[0].cadence, Cadence::Monthly);
                let next = month.next();
                let due = next.first_day().replace_day(day.min(next.days())).unwrap();
                prop_assert!(cadence::days(found[0].next, due).abs() <= 5, "{} {due}", found[0].next);
            }
            if let Some(before) = stored.first() {
                prop_assert_eq!(&found[0].key, &before.key);
            }
            stored = known(&found);
            month = month.next();
        }
    }

    #[test]
    fn rows_are_never_expected_before_the_last_one(days in 0_i64..60_000, anchor in 0_u8..=40) {
        let date = Date::from_calendar_date(1960, Month::January, 1).unwrap() + Duration::days(days);
        for cadence in Cadence::ALL {
            prop_assert!(cadence.following(date, anchor) > date, "{cadence} {date} {anchor}");
        }
    }
}
