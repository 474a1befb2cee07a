use proptest::prelude::*;
use time::{Duration, macros::date};

use super::*;
use crate::{Code, Date};

fn grid(period: Period, anchor: i64) -> Grid {
    Grid::new(period, anchor).unwrap()
}

#[test]
fn windows_are_those_of_the_calendar() {
    use Period::{Monthly, Weekly, Yearly};
    for (name, period, anchor, day, from, to) in [
        ("B1", Weekly, 1, date!(2026 - 01 - 01), date!(2025 - 12 - 29), date!(2026 - 01 - 04)),
        ("B2", Weekly, 1, date!(2026 - 01 - 04), date!(2025 - 12 - 29), date!(2026 - 01 - 04)),
        ("B3", Weekly, 7, date!(2026 - 01 - 04), date!(2026 - 01 - 04), date!(2026 - 01 - 10)),
        ("B4", Monthly, 1, date!(2024 - 02 - 29), date!(2024 - 02 - 01), date!(2024 - 02 - 29)),
        ("B5", Monthly, 31, date!(2026 - 02 - 15), date!(2026 - 01 - 31), date!(2026 - 02 - 27)),
        ("B6", Monthly, 31, date!(2026 - 02 - 28), date!(2026 - 02 - 28), date!(2026 - 03 - 30)),
        ("B7", Monthly, 31, date!(2026 - 03 - 31), date!(2026 - 03 - 31), date!(2026 - 04 - 29)),
        ("B8", Monthly, 30, date!(2024 - 02 - 28), date!(2024 - 01 - 30), date!(2024 - 02 - 28)),
        ("B9", Monthly, 15, date!(2026 - 01 - 14), date!(2025 - 12 - 15), date!(2026 - 01 - 14)),
        ("B10", Yearly, 406, date!(2026 - 03 - 31), date!(2025 - 04 - 06), date!(2026 - 04 - 05)),
        ("B11", Yearly, 229, date!(2026 - 02 - 27), date!(2025 - 02 - 28), date!(2026 - 02 - 27)),
    ] {
        assert_eq!(grid(period, anchor).window(day), Window { from, to }, "{name}");
    }
}

#[test]
fn an_anchor_that_no_period_has_is_none() {
    for (period, anchor) in [
        (Period::Weekly, 0),
        (Period::Weekly, 8),
        (Period::Monthly, 32),
        (Period::Yearly, 230),
        (Period::Yearly, 1301),
        (Period::Yearly, 100),
        (Period::Monthly, -1),
    ] {
        assert_eq!(Grid::new(period, anchor), None, "{period} {anchor}");
    }
}

fn limits(period: Period, anchor: i64, start: Date, minor: i64) -> Limits {
    Limits {
        grid: grid(period, anchor),
        start,
        end: None,
        rollover: Rollover::None,
        cap: None,
        prorate: true,
        revisions: vec![Revision { from: start, minor }],
    }
}

#[test]
fn a_window_cut_short_is_worth_its_share() {
    use Period::{Monthly, Weekly, Yearly};
    for (name, period, anchor, minor, start, end, limit) in [
        ("P1", Monthly, 1, 50_000, date!(2026 - 06 - 20), None, 18_333),
        ("P2", Monthly, 1, 50_000, date!(2026 - 02 - 10), None, 33_929),
        ("P3", Weekly, 1, 10_000, date!(2026 - 01 - 01), None, 5_714),
        ("P4", Yearly, 101, 120_000, date!(2026 - 07 - 01), None, 60_493),
        ("P5", Monthly, 1, 50_000, date!(2026 - 06 - 01), Some(date!(2026 - 06 - 10)), 16_667),
        ("P6", Monthly, 1, 105, date!(2026 - 04 - 16), Some(date!(2026 - 04 - 30)), 52),
        ("P7", Monthly, 1, 107, date!(2026 - 04 - 16), Some(date!(2026 - 04 - 30)), 54),
    ] {
        let limits = Limits { end, ..limits(period, anchor, start, minor) };
        let window = limits.window(start).unwrap();
        assert_eq!(limits.limit(window), limit, "{name}");
        let whole = Limits { prorate: false, ..limits };
        assert_eq!(whole.limit(window), minor, "{name} without shares");
    }
}

fn rolled(rollover: Rollover, cap: Option<i64>, spent: &[i64]) -> (Vec<i64>, Vec<i64>) {
    let start = date!(2026 - 01 - 01);
    let limits = Limits { rollover, cap, ..limits(Period::Monthly, 1, start, 30_000) };
    let months = i32::try_from(spent.len()).unwrap();
    let until = start.replace_month(time::Month::try_from(u8::try_from(months).unwrap()).unwrap());
    let chain = limits
        .chain(until.unwrap(), |window| spent[usize::from(u8::from(window.from.month())) - 1]);
    let standings = chain.links.iter().map(|link| link.standing);
    standings.map(|standing| (standing.carry, standing.remaining())).unzip()
}

#[test]
fn what_is_left_goes_where_the_rollover_says() {
    let spent = [20_000, 49_500, 10_000, 30_000];
    for (rollover, cap, carry, remaining) in [
        (Rollover::None, None, [0, 0, 0, 0], [10_000, -19_500, 20_000, 0]),
        (Rollover::Surplus, None, [0, 10_000, 0, 20_000], [10_000, -9_500, 20_000, 20_000]),
        (Rollover::Full, None, [0, 10_000, -9_500, 10_500], [10_000, -9_500, 10_500, 10_500]),
        (Rollover::Surplus, Some(10_000), [0, 10_000, 0, 10_000], [10_000, -9_500, 20_000, 10_000]),
    ] {
        let expected = (carry.to_vec(), remaining.to_vec());
        assert_eq!(rolled(rollover, cap, &spent), expected, "{rollover} {cap:?}");
    }
    let refunded = rolled(Rollover::Full, None, &[5_000, -2_000, 30_000]);
    assert_eq!(refunded, (vec![0, 25_000, 57_000], vec![25_000, 57_000, 57_000]));
}

#[test]
fn another_amount_holds_from_its_day_on() {
    let start = date!(2026 - 01 - 01);
    let mut budget = limits(Period::Monthly, 1, start, 100);
    budget.revisions.push(Revision { from: date!(2026 - 03 - 01), minor: 200 });

    let chain = budget.chain(date!(2026 - 04 - 15), |_| 0);

    let worth: Vec<i64> = chain.links.iter().map(|link| link.standing.limit).collect();
    assert_eq!(worth, [100, 100, 200, 200]);
}

fn standing(limit: i64, carry: i64, spent: i64) -> Standing {
    Standing { limit, carry, spent }
}

#[test]
fn a_state_follows_from_what_is_spent_of_what_is_available() {
    for (limit, carry, spent, state) in [
        (1_000, 0, 799, State::Fine),
        (1_000, 0, 800, State::Near),
        (1_000, 0, 1_000, State::Near),
        (1_000, 0, 1_001, State::Over),
        (1_000, -1_000, 1, State::Over),
        (1_000, -1_000, 0, State::Fine),
        (1_000, -1_500, -3, State::Fine),
        (1_000, 1_000, 1_599, State::Fine),
    ] {
        assert_eq!(standing(limit, carry, spent).state(), state, "{limit} {carry} {spent}");
    }
}

#[test]
fn pace_counts_today_and_says_nothing_near_the_limit() {
    let june = Window { from: date!(2026 - 06 - 01), to: date!(2026 - 06 - 30) };
    let day = date!(2026 - 06 - 03);

    assert_eq!(standing(3_000, 0, 0).pace(june, day), 300);
    assert!(standing(3_000, 0, 301).is_ahead_of_pace(june, day));
    assert!(!standing(3_000, 0, 300).is_ahead_of_pace(june, day));
    assert!(!standing(3_000, 0, 2_500).is_ahead_of_pace(june, day));
    assert!(!standing(3_000, 0, 301).is_ahead_of_pace(june, date!(2026 - 07 - 03)));
}

#[test]
fn what_is_left_is_divided_over_the_days_with_today() {
    let june = Window { from: date!(2026 - 06 - 01), to: date!(2026 - 06 - 30) };

    assert_eq!(standing(1_000, 0, 0).left_per_day(june, date!(2026 - 06 - 28)), Some(333));
    assert_eq!(standing(1_000, 0, 1_000).left_per_day(june, date!(2026 - 06 - 28)), None);
    assert_eq!(standing(1_000, 0, 0).left_per_day(june, date!(2026 - 07 - 01)), None);
}

#[test]
fn somebody_is_told_once_of_each_threshold() {
    let due = |standing, told: &[i64]| due(standing, &Alerts::default(), told);
    assert_eq!(due(standing(1_000, 0, 799), &[]), [0_i64; 0]);
    assert_eq!(due(standing(1_000, 0, 800), &[]), [80]);
    assert_eq!(due(standing(1_000, 0, 1_000), &[80]), [0_i64; 0]);
    assert_eq!(due(standing(1_000, 0, 1_001), &[]), [80, 100]);
    assert_eq!(due(standing(1_000, 0, 1_001), &[80]), [100]);
    // A refund lowered it and it rose again: nothing more.
    assert_eq!(due(standing(1_000, 0, 1_200), &[80, 100]), [0_i64; 0]);
}

#[test]
fn a_budget_has_thresholds_of_its_own() {
    let due = |alerts: &str, spent: i64, told: &[i64]| {
        due(standing(1_000, 0, spent), &alerts.parse().unwrap(), told)
    };
    assert_eq!(due("", 2_000, &[]), [0_i64; 0]);
    assert_eq!(due("100", 900, &[]), [0_i64; 0]);
    assert_eq!(due("100", 1_001, &[]), [100]);
    assert_eq!(due("60,90", 650, &[]), [60]);
    assert_eq!(due("60,90", 2_000, &[60]), [90]);
    // Somebody was told of 80 before they chose these.
    assert_eq!(due("60,90", 850, &[80]), [0_i64; 0]);
    assert_eq!(due("60,90", 900, &[80]), [90]);
}

#[test]
fn the_last_twelve_windows_are_replayed() {
    let today = date!(2026 - 06 - 10);
    let budget = limits(Period::Monthly, 1, today, 1_000);

    let replay =
        Replay::of(
            &budget,
            today,
            |window| {
                if u8::from(window.from.month()) % 4 == 0 { 1_500 } else { 10 }
            },
        );

    assert_eq!((replay.windows.len(), replay.over), (12, 3));
    assert_eq!(replay.windows[0].from, date!(2025 - 06 - 01));
    assert_eq!(replay.windows[11].to, date!(2026 - 05 - 31));
    assert_eq!(replay.sentence(Period::Monthly), "You would have gone over in 3 of 12 months.");
}

#[test]
fn a_median_is_half_to_even() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[5, 1, 3]), Some(3));
    assert_eq!(median(&[1, 2]), Some(2));
    assert_eq!(median(&[3, 4]), Some(4));
    assert_eq!(median(&[100, 200, 400, 300]), Some(250));
}

fn form() -> BudgetForm {
    BudgetForm {
        category: "food".to_owned(),
        amount: "500".to_owned(),
        start_date: "2026-06-20".to_owned(),
        ..BudgetForm::default()
    }
}

fn parse(form: &BudgetForm) -> Result<NewBudget, Vec<(String, String)>> {
    let anchor = |period| if period == Period::Yearly { 101 } else { 1 };
    form.parse(date!(2026 - 06 - 25), anchor, |key| key == "food.mine")
        .map_err(|errors| errors.into_iter().map(|error| (error.field, error.code)).collect())
}

#[test]
fn a_budget_begins_where_it_was_told_or_with_its_window() {
    assert_eq!(parse(&form()).unwrap().start, date!(2026 - 06 - 20));
    let whole = BudgetForm { from_start: true, ..form() };
    assert_eq!(parse(&whole).unwrap().start, date!(2026 - 06 - 01));
    let today = BudgetForm { start_date: String::new(), ..form() };
    assert_eq!(parse(&today).unwrap().start, date!(2026 - 06 - 25));
}

#[test]
fn every_problem_of_a_budget_is_named_at_once() {
    let wrong = BudgetForm {
        category: "income.salary".to_owned(),
        amount: "0".to_owned(),
        period: "daily".to_owned(),
        end_date: "2026-02-30".to_owned(),
        rollover: "some".to_owned(),
        cap: "-1".to_owned(),
        ..form()
    };

    let errors = parse(&wrong).unwrap_err();

    let codes: Vec<(&str, &str)> = errors.iter().map(|(field, code)| (&**field, &**code)).collect();
    assert_eq!(
        codes,
        [
            ("category", "category_unknown"),
            ("amount", "budget_amount"),
            ("period", "option_unknown"),
            ("rollover", "option_unknown"),
            ("endDate", "date_invalid"),
            ("cap", "budget_amount"),
        ]
    );
    let backwards = BudgetForm { end_date: "2026-06-19".to_owned(), ..form() };
    assert_eq!(parse(&backwards).unwrap_err(), [("endDate".to_owned(), "budget_dates".to_owned())]);
    assert_eq!(Code::BudgetDates.message(), "The end can't be before the start.");
    assert!(parse(&BudgetForm { category: "food.mine".to_owned(), ..form() }).is_ok());
}

#[test]
fn a_budget_says_when_its_owner_is_mailed() {
    let read = |percents: &str, own: &str| {
        let form =
            BudgetForm { alert_percents: percents.to_owned(), alert_own: own.to_owned(), ..form() };
        parse(&form).map(|new| new.alerts.as_str().to_owned())
    };
    for (percents, own, kept) in [
        ("", "", "80,100"),
        ("none", "60", ""),
        ("100", "", "100"),
        ("90, 60", "", "60,90"),
        ("own", "75 %", "75"),
    ] {
        assert_eq!(read(percents, own), Ok(kept.to_owned()), "{percents} {own}");
    }
    for (percents, own, field) in [
        ("own", "", "alertOwn"),
        ("own", " , ", "alertOwn"),
        ("own", "40", "alertOwn"),
        ("some", "60", "alertPercents"),
        ("101", "", "alertPercents"),
    ] {
        let refused = vec![(field.to_owned(), "budget_alert".to_owned())];
        assert_eq!(read(percents, own), Err(refused), "{percents} {own}");
    }
}

fn any_grid() -> impl Strategy<Value = Grid> {
    let yearly = (1_i64..=12, 1_i64..=31).prop_filter_map("a day of the year", |(month, day)| {
        Grid::new(Period::Yearly, month * 100 + day)
    });
    prop_oneof![
        (1_i64..=7).prop_map(|day| grid(Period::Weekly, day)),
        (1_i64..=31).prop_map(|day| grid(Period::Monthly, day)),
        yearly,
    ]
}

proptest! {
    #[test]
    fn windows_tile_the_calendar(grid in any_grid(), offset in 0_i64..47_847) {
        let day = date!(1970 - 01 - 01) + Duration::days(offset);
        let window = grid.window(day);

        prop_assert!(window.contains(day));
        prop_assert_eq!(grid.window(window.from), window);
        prop_assert_eq!(grid.window(window.to), window);
        prop_assert_eq!(grid.next(window).from, window.to.next_day().unwrap());
        prop_assert_eq!(grid.previous(window).to, window.from.previous_day().unwrap());
        prop_assert_eq!(grid.previous(grid.next(window)), window);
    }

    #[test]
    fn with_a_full_rollover_nothing_is_lost(spent in prop::collection::vec(-50_000_i64..90_000, 1..30)) {
        let start = date!(2024 - 01 - 01);
        let limits = Limits { rollover: Rollover::Full, ..limits(Period::Weekly, 1, start, 30_000) };
        let weeks = i64::try_from(spent.len()).unwrap() - 1;
        let chain = limits.chain(start + Duration::weeks(weeks), |window| {
            spent[usize::try_from((window.from - start).whole_weeks()).unwrap()]
        });

        prop_assert_eq!(chain.links.len(), spent.len());
        let worth: i64 = chain.links.iter().map(|link| link.standing.limit).sum();
        let left = chain.links.last().unwrap().standing.remaining();
        prop_assert_eq!(left, worth - spent.iter().sum::<i64>());
    }
}
