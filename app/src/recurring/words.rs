//! How a series is told in words.

use domain::{day, recurring::SeriesView, states::series::SeriesStatus};
use leptos::prelude::*;

use crate::ui::{AmountText, Badge, Tone};

/// How far a series is.
#[component]
pub(super) fn StatusWord(status: SeriesStatus) -> impl IntoView {
    let tone = match status {
        SeriesStatus::Early => Tone::Accent,
        SeriesStatus::Active => Tone::Positive,
        SeriesStatus::Missed => Tone::Warning,
        SeriesStatus::Ended => Tone::Neutral,
    };
    view! { <Badge tone attr:data-state=status.as_str()>{status.label()}</Badge> }
}

/// "Monthly · +$2.50 on 15 May · Checking".
pub(super) fn notes(series: &SeriesView) -> String {
    let mut notes = vec![series.cadence.label().to_owned()];
    notes.extend(series.change_label_with(AmountText::shown_signed));
    notes.push(series.account_name.clone());
    notes.join(" · ")
}

/// "Next on 15 May", "Was due on 15 May", "Last on 15 May 2026".
pub(super) fn when(series: &SeriesView) -> String {
    match series.status {
        SeriesStatus::Missed => format!("Was due on {}", day::format_day_short(series.next_date)),
        SeriesStatus::Ended => format!("Last on {}", day::format_day(series.last_date)),
        SeriesStatus::Early | SeriesStatus::Active => {
            format!("Next on {}", day::format_day_short(series.next_date))
        }
    }
}
