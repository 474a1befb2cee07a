//! How a person counts their days, and what they want done for them. Without a row, the defaults.

mod guess;

use domain::{Date, FieldError, budget::StartsForm, zone::Zone};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{Backend, Error, Result, SignedIn, Timestamp, db::UserTx, execute, fetch_optional};

pub use guess::{Guess, note};

/// What a person chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
#[sqlx(rename_all = "camelCase")]
pub struct Preferences {
    /// An IANA zone: which day today is.
    pub zone: String,
    /// The first day of a week, 1 for Monday to 7 for Sunday.
    pub week_start: i64,
    /// The first day of a month, 1 to 31.
    pub month_start: i64,
    /// The first day of a year: month * 100 + day.
    pub year_start: i64,
    /// Whether transfers between own accounts are found.
    pub match_transfers: bool,
    /// Which mails come.
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub mails: Mails,
    /// Whether the first steps are put away.
    pub checklist_hidden: bool,
    /// Where the zone and the first day of a week are from.
    #[sqlx(try_from = "String")]
    pub days_from: DaysFrom,
}

/// Where somebody's zone and the first day of their weeks are from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DaysFrom {
    /// Nowhere yet.
    #[default]
    Default,
    /// The country of the browser's language.
    Country,
    /// The browser.
    Browser,
    /// The person: nothing that is guessed replaces it.
    Person,
}

impl DaysFrom {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Country => "country",
            Self::Browser => "browser",
            Self::Person => "person",
        }
    }
}

impl From<String> for DaysFrom {
    fn from(word: String) -> Self {
        let guessed = [Self::Default, Self::Country, Self::Browser];
        guessed.into_iter().find(|from| from.as_str() == word).unwrap_or(Self::Person)
    }
}

/// Which mails a person wants, of those that are theirs to choose. What keeps an account safe is always told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Mails {
    /// A budget is near its limit, or over it.
    #[serde(rename = "budgetMail")]
    #[sqlx(rename = "budgetMail")]
    pub budgets: bool,
    /// A connection to a bank needs its owner, or ended.
    #[serde(rename = "connectionMail")]
    #[sqlx(rename = "connectionMail")]
    pub connections: bool,
    /// Deposits that prove an account are on their way, should be there, or lapse soon.
    #[serde(rename = "depositMail")]
    #[sqlx(rename = "depositMail")]
    pub deposits: bool,
}

impl Default for Mails {
    fn default() -> Self {
        Self { budgets: true, connections: true, deposits: true }
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            zone: "UTC".to_owned(),
            week_start: 1,
            month_start: 1,
            year_start: 101,
            match_transfers: true,
            mails: Mails::default(),
            checklist_hidden: false,
            days_from: DaysFrom::default(),
        }
    }
}

impl Preferences {
    /// The first day of a year as `MM-DD`.
    pub fn year_start_text(&self) -> String {
        format!("{:02}-{:02}", self.year_start / 100, self.year_start % 100)
    }
}

/// What is to be different, as typed. Absent means: as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreferencesForm {
    /// `zone`: an IANA zone in any case.
    pub zone: Option<String>,
    /// `weekStart`: 1 for Monday to 7 for Sunday.
    pub week_start: Option<i64>,
    /// `monthStart`: 1 to 31.
    pub month_start: Option<i64>,
    /// `yearStart`: `MM-DD`.
    pub year_start: Option<String>,
    /// `matchTransfers`
    pub match_transfers: Option<bool>,
    /// `budgetMail`
    pub budget_mail: Option<bool>,
    /// `connectionMail`
    pub connection_mail: Option<bool>,
    /// `depositMail`
    pub deposit_mail: Option<bool>,
}

impl PreferencesForm {
    fn days_from(&self, before: DaysFrom) -> DaysFrom {
        let is_chosen = self.zone.is_some() || self.week_start.is_some();
        if is_chosen { DaysFrom::Person } else { before }
    }

    fn mails(&self, before: Mails) -> Mails {
        Mails {
            budgets: self.budget_mail.unwrap_or(before.budgets),
            connections: self.connection_mail.unwrap_or(before.connections),
            deposits: self.deposit_mail.unwrap_or(before.deposits),
        }
    }

    /// Checks everything and gives all errors at once. What is absent is taken from `before`.
    fn over(&self, before: Preferences) -> Result<Preferences, Vec<FieldError>> {
        let zone = match &self.zone {
            Some(typed) => Zone::parse(typed).map(|zone| zone.as_str().to_owned()),
            None => Ok(before.zone.clone()),
        };
        let zone = zone.map_err(|code| FieldError::new("zone", code));
        let starts = StartsForm {
            week_start: self.week_start.unwrap_or(before.week_start).to_string(),
            month_start: self.month_start.unwrap_or(before.month_start).to_string(),
            year_start: self.year_start.clone().unwrap_or_else(|| before.year_start_text()),
        };
        match (zone, starts.parse()) {
            (Ok(zone), Ok(starts)) => Ok(Preferences {
                zone,
                week_start: starts.week,
                month_start: starts.month,
                year_start: starts.year,
                match_transfers: self.match_transfers.unwrap_or(before.match_transfers),
                mails: self.mails(before.mails),
                checklist_hidden: before.checklist_hidden,
                days_from: self.days_from(before.days_from),
            }),
            (zone, starts) => {
                Err(zone.err().into_iter().chain(starts.err().unwrap_or_default()).collect())
            }
        }
    }
}

/// What the caller chose.
#[tracing::instrument(name = "preferences.get", skip_all, fields(user.id = %caller.user()))]
pub async fn get(backend: &Backend, caller: &SignedIn) -> Result<Preferences> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    of(&mut tx).await
}

/// What the person of this transaction chose.
pub(crate) async fn of(tx: &mut UserTx) -> Result<Preferences> {
    let user = tx.user().clone();
    let found: Option<Preferences> = fetch_optional!(
        tx,
        r#"
        select "zone", "weekStart", "monthStart", "yearStart", "matchTransfers", "budgetMail", "connectionMail",
               "depositMail", "checklistHidden", "daysFrom"
        from "preference"
        where "userId" = $1
        "#,
        user,
    )?;
    Ok(found.unwrap_or_default())
}

/// Replaces what the caller chose.
#[tracing::instrument(name = "preferences.set", skip_all, fields(user.id = %caller.user()))]
pub async fn set(backend: &Backend, caller: &SignedIn, chosen: &Preferences) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    write(&mut tx, backend, chosen).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes some of what the caller chose; answers all of it.
///
/// # Errors
/// [`Error::Invalid`] names each field.
#[tracing::instrument(name = "preferences.change", skip_all, fields(user.id = %caller.user()))]
pub async fn change(
    backend: &Backend,
    caller: &SignedIn,
    form: &PreferencesForm,
) -> Result<Preferences> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    hold(&mut tx).await?;
    let chosen = form.over(of(&mut tx).await?).map_err(Error::Invalid)?;
    write(&mut tx, backend, &chosen).await?;
    tx.commit().await?;
    Ok(chosen)
}

/// Changes what the caller chose by `change`, and leaves the rest as it is.
pub(crate) async fn change_with(
    backend: &Backend,
    caller: &SignedIn,
    change: impl FnOnce(&mut Preferences),
) -> Result<()> {
    let mut tx = backend.db.as_user(caller.user()).write().await?;
    hold(&mut tx).await?;
    let mut chosen = of(&mut tx).await?;
    change(&mut chosen);
    write(&mut tx, backend, &chosen).await?;
    tx.commit().await?;
    Ok(())
}

/// Holds the person's row until the transaction ends: what another request changes meanwhile is not overwritten.
async fn hold(tx: &mut UserTx) -> Result<()> {
    let user = tx.user().clone();
    execute!(tx, r#"update "preference" set "updatedAt" = "updatedAt" where "userId" = $1"#, user)?;
    Ok(())
}

async fn write(tx: &mut UserTx, backend: &Backend, chosen: &Preferences) -> Result<()> {
    let user = tx.user().clone();
    execute!(
        tx,
        r#"
        insert into "preference" ("userId", "zone", "weekStart", "monthStart", "yearStart", "matchTransfers",
                                  "budgetMail", "connectionMail", "depositMail", "checklistHidden", "daysFrom",
                                  "updatedAt")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict ("userId") do update
        set "zone" = excluded."zone", "weekStart" = excluded."weekStart", "monthStart" = excluded."monthStart",
            "yearStart" = excluded."yearStart", "matchTransfers" = excluded."matchTransfers",
            "budgetMail" = excluded."budgetMail",
            "connectionMail" = excluded."connectionMail", "depositMail" = excluded."depositMail",
            "checklistHidden" = excluded."checklistHidden", "daysFrom" = excluded."daysFrom",
            "updatedAt" = excluded."updatedAt"
        "#,
        user,
        &chosen.zone,
        chosen.week_start,
        chosen.month_start,
        chosen.year_start,
        chosen.match_transfers,
        chosen.mails.budgets,
        chosen.mails.connections,
        chosen.mails.deposits,
        chosen.checklist_hidden,
        chosen.days_from.as_str(),
        Timestamp::from(backend.clock.now()),
    )?;
    Ok(())
}

/// Today where the caller lives.
#[tracing::instrument(name = "preferences.day", skip_all, fields(user.id = %caller.user()))]
pub async fn day(backend: &Backend, caller: &SignedIn) -> Result<Date> {
    let mut tx = backend.db.as_user(caller.user()).read().await?;
    today(&mut tx, backend).await
}

/// Today where the person of this transaction lives.
pub(crate) async fn today(tx: &mut UserTx, backend: &Backend) -> Result<Date> {
    day_of(tx, backend.clock.now()).await
}

/// Which day an instant belongs to where the person of this transaction lives.
pub(crate) async fn day_of(tx: &mut UserTx, instant: OffsetDateTime) -> Result<Date> {
    let chosen = of(tx).await?;
    // A name that is in the database and no zone any more, after the world changed its mind.
    let zone = Zone::parse(&chosen.zone).unwrap_or_else(|_| Zone::utc());
    Ok(zone.today(instant))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::{both_engines, testing::World};

    both_engines! {
        async fn what_was_chosen_stays_and_is_nobody_elses(db: TestDb) {
            let w = World::new(db).await;
            assert_eq!(get(&w.backend, &w.alice).await.unwrap(), Preferences::default());
            let chosen = Preferences {
                zone: "Pacific/Auckland".to_owned(),
                week_start: 7,
                match_transfers: false,
                mails: Mails { deposits: false, ..Mails::default() },
                ..Preferences::default()
            };

            set(&w.backend, &w.alice, &chosen).await.unwrap();
            set(&w.backend, &w.alice, &chosen).await.unwrap();

            assert_eq!(get(&w.backend, &w.alice).await.unwrap(), chosen);
            assert_eq!(get(&w.backend, &w.mallory).await.unwrap(), Preferences::default());
        }

        async fn today_is_the_day_where_somebody_lives(db: TestDb) {
            let w = World::new(db).await;
            let chosen = Preferences { zone: "Pacific/Auckland".to_owned(), ..Preferences::default() };
            set(&w.backend, &w.alice, &chosen).await.unwrap();
            // It is noon of 4 May in Greenwich, and midnight in Auckland.
            for (who, day) in [(&w.alice, date!(2026 - 05 - 05)), (&w.mallory, date!(2026 - 05 - 04))] {
                let mut tx = w.backend.db.as_user(who.user()).read().await.unwrap();

                assert_eq!(today(&mut tx, &w.backend).await.unwrap(), day);
                drop(tx);
                assert_eq!(super::day(&w.backend, who).await.unwrap(), day);
            }
        }
    }
}
