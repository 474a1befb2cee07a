use proptest::prelude::*;
use time::macros::date;

use super::*;

fn frame() -> Frame {
    Frame {
        width: 120,
        height: 60,
        left: 10,
        right: 10,
        top: 5,
        bottom: 5,
        ticks: 5,
        labels: 6,
        from_zero: false,
    }
}

fn days(values: &[(Date, i64)]) -> Vec<DayTotal> {
    values.iter().map(|(date, minor)| DayTotal { date: *date, minor: *minor }).collect()
}

#[test]
fn days_become_points_of_a_line_and_an_area() {
    let chart = layout(
        &days(&[
            (date!(2026 - 05 - 01), 0),
            (date!(2026 - 05 - 02), 5000),
            (date!(2026 - 05 - 03), 10_000),
        ]),
        &frame(),
    )
    .unwrap();

    assert_eq!(chart.line, "M10 55L60 30L110 5");
    assert_eq!(chart.area, "M10 55L60 30L110 5L110 55L10 55Z");
    assert_eq!(chart.zero, Some(55));
    assert_eq!(chart.points[1], Point { x: 60, y: 30, date: date!(2026 - 05 - 02), minor: 5000 });
}

#[test]
fn a_missing_day_is_a_gap_and_a_day_alone_a_dot() {
    let chart = layout(
        &days(&[
            (date!(2026 - 05 - 01), 0),
            (date!(2026 - 05 - 02), 100),
            (date!(2026 - 05 - 05), 100),
        ]),
        &frame(),
    )
    .unwrap();

    assert_eq!(chart.line, "M10 55L35 5M110 5h0");
    assert_eq!(chart.area, "M10 55L35 5L35 55L10 55Z");
}

#[test]
fn lines_across_stand_at_round_values() {
    let ticks = |min, max, from_zero| {
        let days = days(&[(date!(2026 - 05 - 01), min), (date!(2026 - 05 - 02), max)]);
        let chart = layout(&days, &Frame { from_zero, ..frame() }).unwrap();
        chart.ticks.into_iter().map(|tick| tick.minor).collect::<Vec<_>>()
    };
    assert_eq!(ticks(0, 10_000, false), [0, 5000, 10_000]);
    assert_eq!(ticks(0, 8000, false), [0, 2000, 4000, 6000, 8000]);
    assert_eq!(ticks(-3412, 5120, false), [-5000, 0, 5000, 10_000]);
    assert_eq!(ticks(101_000, 103_900, false), [101_000, 102_000, 103_000, 104_000]);
    assert_eq!(ticks(101_000, 103_900, true), [0, 50_000, 100_000, 150_000]);
    assert_eq!(ticks(700, 700, false), [700, 701]);
    assert_eq!(ticks(0, 0, false), [0, 1]);
    assert_eq!(ticks(-700, -500, true).last(), Some(&0));
}

#[test]
fn zero_is_marked_only_where_it_is() {
    let chart = |min, max| {
        layout(&days(&[(date!(2026 - 05 - 01), min), (date!(2026 - 05 - 02), max)]), &frame())
            .unwrap()
    };
    assert_eq!(chart(101_000, 103_900).zero, None);
    assert_eq!(chart(-100, 100).zero, Some(30));
    assert!(chart(-100, 100).area.ends_with("L110 30L10 30Z"));
    assert!(
        chart(-200, -100).area.ends_with("L110 5L10 5Z"),
        "below zero the area hangs from above"
    );
}

#[test]
fn labels_are_thinned_to_what_fits() {
    let labels = |first, last| {
        let chart = layout(&days(&[(first, 0), (last, 1)]), &frame()).unwrap();
        chart.labels.into_iter().map(|label| label.text).collect::<Vec<_>>()
    };
    assert_eq!(
        labels(date!(2026 - 05 - 01), date!(2026 - 05 - 30)),
        ["1 May", "6 May", "11 May", "16 May", "21 May", "26 May"]
    );
    assert_eq!(labels(date!(2026 - 05 - 01), date!(2026 - 05 - 03)), ["1 May", "2 May", "3 May"]);
    assert_eq!(
        labels(date!(2025 - 06 - 15), date!(2026 - 06 - 10)),
        ["Jul 2025", "Sep", "Nov", "Jan 2026", "Mar", "May"]
    );
    assert_eq!(
        labels(date!(2021 - 01 - 01), date!(2026 - 06 - 10)),
        ["Jan 2021", "Jan 2022", "Jan 2023", "Jan 2024", "Jan 2025", "Jan 2026"]
    );
}

#[test]
fn one_day_lies_in_the_middle() {
    let chart = layout(&days(&[(date!(2026 - 05 - 01), 5)]), &frame()).unwrap();
    assert_eq!(chart.points[0].x, 60);
    assert_eq!(chart.labels[0].x, 60);
}

#[test]
fn nothing_to_draw_is_no_chart() {
    assert_eq!(layout(&[], &frame()), None);
    assert_eq!(layout(&days(&[(date!(2026 - 05 - 01), 5)]), &Frame { width: 20, ..frame() }), None);
}

#[test]
fn of_a_day_given_twice_the_last_counts() {
    let day = date!(2026 - 05 - 01);
    let chart = layout(&days(&[(date!(2026 - 05 - 02), 3), (day, 1), (day, 2)]), &frame()).unwrap();
    let values: Vec<i64> = chart.points.iter().map(|point| point.minor).collect();
    assert_eq!(values, [2, 3]);
}

proptest! {
    #[test]
    fn every_point_lies_inside_the_frame(values in prop::collection::vec((2_400_000_i32..2_470_000, any::<i64>()), 1..60)) {
        let days: Vec<DayTotal> = values
            .iter()
            .map(|(day, minor)| DayTotal { date: Date::from_julian_day(*day).unwrap(), minor: *minor })
            .collect();
        let frame = Frame::default();
        let chart = layout(&days, &frame).unwrap();

        for point in &chart.points {
            prop_assert!((frame.left..=frame.width - frame.right).contains(&point.x));
            prop_assert!((frame.top..=frame.height - frame.bottom).contains(&point.y));
        }
        prop_assert!(chart.ticks.len() <= 5);
        prop_assert!(chart.labels.len() <= 6);
        prop_assert!(chart.ticks.windows(2).all(|pair| pair[0].minor < pair[1].minor && pair[0].y > pair[1].y));
        prop_assert!(chart.labels.windows(2).all(|pair| pair[0].x <= pair[1].x));
    }
}

#[test]
fn two_months_lie_over_each_other_on_one_scale() {
    let day = |date, minor| DayTotal { date, minor };
    let june = [day(date!(2026 - 06 - 01), 100), day(date!(2026 - 06 - 02), 200)];
    let may = [
        day(date!(2026 - 05 - 01), 0),
        day(date!(2026 - 05 - 02), 300),
        day(date!(2026 - 05 - 03), 400),
    ];
    let frame =
        Frame { width: 100, height: 100, left: 0, right: 0, top: 0, bottom: 0, ..Frame::default() };

    let (june, may) = layout_pair(&june, &may, &frame).unwrap();

    assert_eq!(june.line, "M0 75L50 50");
    assert_eq!(may.line, "M0 100L50 25L100 0");
    assert_eq!(june.ticks, may.ticks);
    assert_eq!(may.points[2].date, date!(2026 - 05 - 03));
}

#[test]
fn a_long_past_is_thinned_and_stays_one_line() {
    let first = date!(2000 - 01 - 01);
    let days: Vec<DayTotal> = (0..7_000_i64)
        .map(|n| DayTotal { date: first + time::Duration::days(n), minor: (n * 7_919) % 1_000 })
        .collect();

    let chart = layout(&days, &Frame::default()).unwrap();

    assert_eq!(chart.points.len(), MOST_POINTS);
    assert_eq!((chart.points[0].date, chart.points[999].date), (first, days[6_999].date));
    assert_eq!(chart.line.matches('M').count(), 1, "what was left out is no gap");
    let gap = [&days[..3_000], &days[3_001..]].concat();
    let chart = layout(&gap, &Frame::default()).unwrap();
    assert_eq!(chart.line.matches('M').count(), 2);
    assert!(chart.points.len() <= MOST_POINTS);
}

#[test]
fn three_lines_share_one_scale() {
    let line = |minor| days(&[(date!(2026 - 06 - 01), 0), (date!(2026 - 06 - 02), minor)]);
    let frame =
        Frame { width: 100, height: 100, left: 0, right: 0, top: 0, bottom: 0, ..Frame::default() };

    let charts = layout_all(&[&line(100), &[], &line(400)], &frame).unwrap();

    let lines: Vec<&str> = charts.iter().map(|chart| &*chart.line).collect();
    assert_eq!(lines, ["M0 100L100 75", "", "M0 100L100 0"]);
    assert_eq!(layout_all(&[&[], &line(1)], &frame), None);
}
