//! `/settings/preferences`: how somebody counts their days, and what is done for them.

use backend::preferences::{self, DaysFrom, Preferences, PreferencesForm};
use domain::zone::Zone;
use leptos::prelude::*;
use leptos_axum::redirect;
use time::{Month, Weekday};

use super::{
    at_field,
    frame::{SettingsShell, SettingsTab},
};
use crate::{
    AppError, flash,
    flash::Flash,
    preferences::Keys,
    routes,
    server::{reject, signed_in},
    ui::{
        Button, Card, Checkbox, Choice, HiddenField, PostForm, RadioGroup, SelectField, TextField,
        Variant, load::load,
    },
};

/// The id of the zones that are offered.
const ZONES: &str = "zones";

/// What the caller chose, or what holds until they do.
#[server(prefix = "/api/fn", endpoint = "preferences/get")]
pub async fn get_preferences() -> Result<Preferences, AppError> {
    let (backend, caller) = signed_in()?;
    preferences::get(&backend, &caller).await.map_err(reject)
}

/// `POST /settings/preferences`: changes all of it at once. A box that isn't ticked sends nothing.
#[server(prefix = "", endpoint = "settings/preferences")]
pub async fn save_preferences(
    #[server(default)] zone: String,
    #[server(default)]
    #[server(rename = "weekStart")]
    week_start: String,
    #[server(default)]
    #[server(rename = "monthStart")]
    month_start: String,
    #[server(default)]
    #[server(rename = "yearMonth")]
    year_month: String,
    #[server(default)]
    #[server(rename = "yearDay")]
    year_day: String,
    #[server(default)]
    #[server(rename = "matchTransfers")]
    match_transfers: bool,
) -> Result<(), AppError> {
    let (backend, caller) = signed_in()?;
    let form = PreferencesForm {
        zone: Some(zone),
        week_start: Some(number(&week_start)),
        month_start: Some(number(&month_start)),
        year_start: Some(format!("{:0>2}-{:0>2}", year_month.trim(), year_day.trim())),
        match_transfers: Some(match_transfers),
        ..PreferencesForm::default()
    };
    let saved = preferences::change(&backend, &caller, &form).await;
    saved.map_err(|error| at_field(reject(error), "yearStart", "yearDay"))?;

    flash::set(&Flash::done("Preferences saved."));
    redirect(routes::PREFERENCES);
    Ok(())
}

/// What was chosen as a number; anything else is none of the choices.
fn number(typed: &str) -> i64 {
    typed.trim().parse().unwrap_or(0)
}

/// Every preference in one form.
#[component]
pub fn PreferencesPage() -> AnyView {
    load(async move {
        let chosen = get_preferences().await?;
        Ok(view! {
            <SettingsShell tab=SettingsTab::Preferences>
                <PostForm action=routes::PREFERENCES class="flex flex-col gap-6">
                    <Days chosen=chosen.clone()/>
                    <Help chosen/>
                    <div><Button busy="Saving…" attr:data-testid="settings-preferences-save">"Save preferences"</Button></div>
                </PostForm>
                <Keyboard/>
            </SettingsShell>
        })
    })
}

/// Which day it is, and where weeks, months and years begin.
#[component]
fn Days(chosen: Preferences) -> AnyView {
    let zones = Zone::COMMON.iter().map(|zone| view! { <option value=*zone></option> });
    let (month, day) = (chosen.year_start / 100, chosen.year_start % 100);
    let guessed = from(chosen.days_from).map(|sentence| {
        view! { <p class="text-sm text-ink-2" data-testid="settings-preferences-guessed">{sentence}</p> }
    });
    view! {
        <Card id="days" title="Days">
            <div class="flex flex-col gap-5">
                {guessed}
                <TextField
                    name="zone"
                    label="Time zone"
                    hint="A region and a city, such as Europe/Berlin. It decides which day today is."
                    value=chosen.zone
                    list=ZONES
                    maxlength=64
                />
                <datalist id=ZONES>{zones.collect_view()}</datalist>
                <p class="text-sm text-ink-2">
                    "New budgets begin on the days below. Budgets that you have keep theirs."
                </p>
                <div class="grid gap-5 sm:grid-cols-2">
                    <SelectField name="weekStart" label="First day of a week" choices=weekdays() value=chosen.week_start.to_string()/>
                    <SelectField name="monthStart" label="First day of a month" choices=days() value=chosen.month_start.to_string()/>
                    <SelectField name="yearMonth" label="First month of a year" choices=months() value=month.to_string()/>
                    <SelectField name="yearDay" label="First day in that month" choices=days() value=day.to_string()/>
                </div>
                <p class="text-sm text-ink-2">"Where a month has no such day, it begins on its last one."</p>
            </div>
        </Card>
    }
    .into_any()
}

/// Where the zone and the first day of a week are from that nobody has chosen.
fn from(days: DaysFrom) -> Option<&'static str> {
    match days {
        DaysFrom::Browser => Some(
            "The time zone and the first day of a week are as your browser has them, until you save yours.",
        ),
        DaysFrom::Country => Some(
            "The time zone and the first day of a week are those of the country of your browser's language, until you save yours.",
        ),
        DaysFrom::Default | DaysFrom::Person => None,
    }
}

/// What is done without being asked each time.
#[component]
fn Help(chosen: Preferences) -> AnyView {
    view! {
        <Card id="help" title="What we do for you">
            <div class="flex flex-col gap-2">
                <Checkbox name="matchTransfers" label="Find transfers between my accounts" checked=chosen.match_transfers/>
            </div>
            <p class="mt-3 text-sm">
                <a href=routes::NOTIFICATIONS class="link inline-flex min-h-6 items-center">"Choose which mails come"</a>
            </p>
        </Card>
    }
    .into_any()
}

/// Whether single keys do something in this browser: like the theme, for each browser by itself.
#[component]
fn Keyboard() -> AnyView {
    let choices = [(Keys::On, "On"), (Keys::Off, "Off")]
        .map(|(keys, label)| Choice::new(keys.as_str(), label))
        .to_vec();
    view! {
        <Card id="keyboard" title="Keyboard">
            <PostForm action=routes::KEYS>
                <HiddenField name="page" value=routes::PREFERENCES/>
                <RadioGroup name="keys" legend="Single-key shortcuts" choices value=Keys::current().as_str()/>
                <p class="text-sm text-ink-2">
                    "In this browser. Turn them off if you speak to your computer, or press keys by accident. "
                    <a href=routes::KEYS class="link">"What each key does"</a>
                </p>
                <div><Button variant=Variant::Secondary attr:data-testid="settings-keys-save">"Save keys"</Button></div>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// Monday to Sunday, by the numbers 1 to 7.
fn weekdays() -> Vec<Choice> {
    (0..7)
        .map(|n| {
            let day = Weekday::Monday.nth_next(n);
            Choice::new(day.number_from_monday().to_string(), day.to_string())
        })
        .collect()
}

fn months() -> Vec<Choice> {
    (1..=12)
        .filter_map(|n| Month::try_from(n).ok())
        .map(|month| Choice::new(u8::from(month).to_string(), month.to_string()))
        .collect()
}

fn days() -> Vec<Choice> {
    (1..=31).map(|day| Choice::new(day.to_string(), day.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choices_have_the_numbers_that_are_kept() {
        let shown = |choices: Vec<Choice>| {
            let (first, last) = (&choices[0], &choices[choices.len() - 1]);
            format!("{} {}, {} {}", first.value, first.label, last.value, last.label)
        };

        assert_eq!(shown(weekdays()), "1 Monday, 7 Sunday");
        assert_eq!(shown(months()), "1 January, 12 December");
        assert_eq!(shown(days()), "1 1, 31 31");
        assert_eq!((number(" 7 "), number("x")), (7, 0));
    }
}
