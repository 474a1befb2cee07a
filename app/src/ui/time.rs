//! Days and moments.

use domain::day::{Date, format_day};
use leptos::prelude::*;
use time::{Duration, OffsetDateTime};

/// A day: "10 June 2026".
#[component]
pub fn Day(
    /// The day.
    date: Date,
) -> impl IntoView {
    view! { <time datetime=date.to_string()>{format_day(date)}</time> }
}

/// How long ago, relative within a day, else the day; the exact time is in the title, and for whoever hears the page
/// behind it.
#[component]
pub fn Ago(
    /// The moment.
    at: OffsetDateTime,
    /// The current time, from the backend's clock.
    now: OffsetDateTime,
    /// Leaves the "on" before a day out, where a heading says what it is.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let exact = format!("{} at {:02}:{:02} UTC", format_day(at.date()), at.hour(), at.minute());
    let machine = format!("{}T{:02}:{:02}Z", at.date(), at.hour(), at.minute());
    let text = relative(at, now);
    let text = if bare { text.trim_start_matches("on ").to_owned() } else { text };
    let heard = format!(" ({exact})");
    view! { <time datetime=machine title=exact>{text} <span class="sr-only">{heard}</span></time> }
}

/// "just now", "5 minutes ago", "2 hours ago", then the day.
fn relative(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let passed = now - at;
    if passed < Duration::minutes(1) {
        return "a moment ago".to_owned();
    }
    if passed < Duration::hours(1) {
        return plural(passed.whole_minutes(), "minute");
    }
    if passed < Duration::days(1) {
        return plural(passed.whole_hours(), "hour");
    }
    format!("on {}", format_day(at.date()))
}

fn plural(n: i64, unit: &str) -> String {
    if n == 1 { format!("1 {unit} ago") } else { format!("{n} {unit}s ago") }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_moment_is_relative_within_a_day_and_exact_after() {
        let now = datetime!(2026-06-10 12:00 UTC);
        let cases = [
            (datetime!(2026-06-10 11:59:30 UTC), "a moment ago"),
            (datetime!(2026-06-10 11:59 UTC), "1 minute ago"),
            (datetime!(2026-06-10 11:15 UTC), "45 minutes ago"),
            (datetime!(2026-06-10 10:00 UTC), "2 hours ago"),
            (datetime!(2026-06-09 11:00 UTC), "on 9 June 2026"),
        ];

        for (at, expected) in cases {
            assert_eq!(relative(at, now), expected);
        }
    }
}
