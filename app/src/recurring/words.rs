//! How a series is told in words.

use domain::{recurring::SeriesView, states::series::SeriesStatus};
use leptos::prelude::*;

use crate::ui::{Badge, Tone};

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
    notes.extend(series.change_label());
    notes.push(series.account_name.clone());
    notes.join(" · ")
}
