//! Which zone and which first day of a week somebody has who has chosen none: what their browser says, or the country of
//! its language.

use domain::{UserId, zone::Zone};

use super::DaysFrom;
use crate::{Backend, Result, Timestamp, execute, fetch_optional};

/// Countries that live by one clock, with their zone and the first day of their weeks (1 for Monday to 7 for Sunday). A
/// country that is missing is not guessed.
#[rustfmt::skip]
const COUNTRIES: [(&str, &str, i64); 50] = [
    ("AT", "Europe/Vienna", 1), ("BD", "Asia/Dhaka", 7), ("BE", "Europe/Brussels", 1), ("BG", "Europe/Sofia", 1),
    ("CH", "Europe/Zurich", 1), ("CN", "Asia/Shanghai", 1), ("CO", "America/Bogota", 7), ("CZ", "Europe/Prague", 1),
    ("DE", "Europe/Berlin", 1), ("DK", "Europe/Copenhagen", 1), ("EE", "Europe/Tallinn", 1), ("EG", "Africa/Cairo", 6),
    ("FI", "Europe/Helsinki", 1), ("FR", "Europe/Paris", 1), ("GB", "Europe/London", 1), ("GR", "Europe/Athens", 1),
    ("HK", "Asia/Hong_Kong", 7), ("HR", "Europe/Zagreb", 1), ("HU", "Europe/Budapest", 1), ("IE", "Europe/Dublin", 1),
    ("IL", "Asia/Jerusalem", 7), ("IN", "Asia/Kolkata", 7), ("IS", "Atlantic/Reykjavik", 1), ("IT", "Europe/Rome", 1),
    ("JP", "Asia/Tokyo", 7), ("KE", "Africa/Nairobi", 7), ("KR", "Asia/Seoul", 7), ("LT", "Europe/Vilnius", 1),
    ("LU", "Europe/Luxembourg", 1), ("LV", "Europe/Riga", 1), ("NG", "Africa/Lagos", 1), ("NL", "Europe/Amsterdam", 1),
    ("NO", "Europe/Oslo", 1), ("NP", "Asia/Kathmandu", 7), ("PE", "America/Lima", 7), ("PH", "Asia/Manila", 7),
    ("PK", "Asia/Karachi", 7), ("PL", "Europe/Warsaw", 1), ("RO", "Europe/Bucharest", 1), ("RS", "Europe/Belgrade", 1),
    ("SA", "Asia/Riyadh", 7), ("SE", "Europe/Stockholm", 1), ("SG", "Asia/Singapore", 7), ("SI", "Europe/Ljubljana", 1),
    ("SK", "Europe/Bratislava", 1), ("TH", "Asia/Bangkok", 7), ("TR", "Europe/Istanbul", 1), ("TW", "Asia/Taipei", 7),
    ("UA", "Europe/Kyiv", 1), ("ZA", "Africa/Johannesburg", 7),
];

/// A guess of how somebody counts their days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    zone: Zone,
    week_start: i64,
    from: DaysFrom,
}

impl Guess {
    /// What a browser says: an IANA zone and, where it knows, the first day of a week; the country of its languages
    /// (`Accept-Language`) has the rest. `None` for what is no zone.
    pub fn by_browser(zone: &str, week_start: &str, languages: &str) -> Option<Self> {
        let zone = Zone::parse(zone).ok()?;
        let said = week_start.parse().ok().filter(|day| (1..=7).contains(day));
        let usual = country(languages).map(|(_, _, week_start)| *week_start);
        Some(Self { zone, week_start: said.or(usual).unwrap_or(1), from: DaysFrom::Browser })
    }

    /// What the country of the first language says (`Accept-Language`), if that country lives by one clock.
    pub fn by_country(languages: &str) -> Option<Self> {
        let (_, zone, week_start) = country(languages)?;
        let zone = Zone::parse(zone).ok()?;
        Some(Self { zone, week_start: *week_start, from: DaysFrom::Country })
    }
}

/// The country of the first language: `DE` of `de-DE,de;q=0.9`.
fn country(languages: &str) -> Option<&'static (&'static str, &'static str, i64)> {
    let first = languages.split([',', ';']).next()?.trim();
    let region = first.split('-').skip(1).find(|part| part.len() == 2)?;
    COUNTRIES.iter().find(|(code, ..)| region.eq_ignore_ascii_case(code))
}

/// Notes a guess for somebody who has chosen nothing. What a browser said gives way to what a browser says now, and to
/// nothing else that is guessed.
#[tracing::instrument(name = "preferences.guess", skip_all, fields(user.id = %user))]
pub async fn note(backend: &Backend, user: &UserId, guess: &Guess) -> Result<()> {
    let mut tx = backend.db.as_user(user).read().await?;
    let known: Option<(String, i64, String)> = fetch_optional!(
        tx,
        r#"select "zone", "weekStart", "daysFrom" from "preference" where "userId" = $1"#,
        user,
    )?;
    drop(tx);
    let is_settled = known.is_some_and(|(zone, week_start, from)| {
        let is_same = (&*zone, week_start) == (guess.zone.as_str(), guess.week_start);
        from == DaysFrom::Person.as_str() || (is_same && from == guess.from.as_str())
    });
    if is_settled {
        return Ok(());
    }
    let mut tx = backend.db.as_user(user).write().await?;
    execute!(
        tx,
        r#"
        insert into "preference" ("userId", "zone", "weekStart", "daysFrom", "updatedAt")
        values ($1, $2, $3, $4, $5)
        on conflict ("userId") do update
        set "zone" = excluded."zone", "weekStart" = excluded."weekStart", "daysFrom" = excluded."daysFrom",
            "updatedAt" = excluded."updatedAt"
        where "preference"."daysFrom" = 'default'
           or ("preference"."daysFrom" <> 'person' and excluded."daysFrom" = 'browser')
        "#,
        user,
        guess.zone.as_str(),
        guess.week_start,
        guess.from.as_str(),
        Timestamp::from(backend.clock.now()),
    )?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        both_engines,
        preferences::{Preferences, PreferencesForm, change, change_with, get},
        testing::World,
    };

    fn days(chosen: &Preferences) -> (&str, i64, DaysFrom) {
        (&chosen.zone, chosen.week_start, chosen.days_from)
    }

    fn guessed(guess: Option<Guess>) -> Option<(String, i64)> {
        guess.map(|guess| (guess.zone.to_string(), guess.week_start))
    }

    #[test]
    fn every_country_has_a_zone_and_stands_once() {
        assert!(COUNTRIES.is_sorted_by(|one, other| one.0 < other.0));
        for (code, zone, week_start) in COUNTRIES {
            assert_eq!(Zone::parse(zone).as_ref().map(Zone::as_str), Ok(zone), "{code}");
            assert!((1..=7).contains(&week_start), "{code}");
        }
    }

    #[test]
    fn the_country_of_the_first_language_counts_and_no_other() {
        for (languages, expected) in [
            ("de-DE,de;q=0.9,en;q=0.8", Some(("Europe/Berlin", 1))),
            ("ja-jp", Some(("Asia/Tokyo", 7))),
            ("zh-Hant-TW,zh;q=0.9", Some(("Asia/Taipei", 7))),
            ("en-US,en;q=0.9,de-DE;q=0.8", None),
            ("de,de-DE;q=0.9", None),
            ("", None),
            ("*", None),
            ("-, ;;-DE", None),
        ] {
            let expected = expected.map(|(zone, week_start)| (zone.to_owned(), week_start));
            assert_eq!(guessed(Guess::by_country(languages)), expected, "{languages}");
        }
    }

    #[test]
    fn a_browser_is_believed_where_it_names_a_zone_and_a_day() {
        let browser = |zone, week_start| guessed(Guess::by_browser(zone, week_start, "ja-JP"));

        assert_eq!(browser("America/New_York", "1"), Some(("America/New_York".to_owned(), 1)));
        for week_start in ["", "0", "8", "x"] {
            let japanese = Some(("America/New_York".to_owned(), 7));
            assert_eq!(browser("America/New_York", week_start), japanese);
        }
        assert_eq!(guessed(Guess::by_browser("UTC", "", "en-US")), Some(("UTC".to_owned(), 1)));
        for zone in ["", "undefined", "Etc/Unknown", "Mars/Base", "'; drop table"] {
            assert_eq!(browser(zone, "1"), None, "{zone}");
        }
    }

    both_engines! {
        async fn a_better_guess_replaces_a_worse_one_and_only_that(db: TestDb) {
            let w = World::new(db).await;
            let user = w.alice.user();
            let country = Guess::by_country("de-DE").unwrap();
            let browser = Guess::by_browser("Asia/Tokyo", "7", "").unwrap();
            let moved = Guess::by_browser("Europe/Paris", "1", "").unwrap();
            for (guess, expected) in [
                (&country, ("Europe/Berlin", 1, DaysFrom::Country)),
                (&browser, ("Asia/Tokyo", 7, DaysFrom::Browser)),
                (&country, ("Asia/Tokyo", 7, DaysFrom::Browser)),
                (&moved, ("Europe/Paris", 1, DaysFrom::Browser)),
            ] {
                note(&w.backend, user, guess).await.unwrap();

                assert_eq!(days(&get(&w.backend, &w.alice).await.unwrap()), expected);
            }
            assert_eq!(get(&w.backend, &w.mallory).await.unwrap(), Preferences::default());
        }

        async fn what_somebody_chose_is_never_replaced(db: TestDb) {
            let w = World::new(db).await;
            let form = PreferencesForm { zone: Some("UTC".to_owned()), ..PreferencesForm::default() };
            change(&w.backend, &w.alice, &form).await.unwrap();

            note(&w.backend, w.alice.user(), &Guess::by_browser("Asia/Tokyo", "7", "").unwrap()).await.unwrap();

            let kept = get(&w.backend, &w.alice).await.unwrap();
            assert_eq!(days(&kept), ("UTC", 1, DaysFrom::Person));
        }

        async fn another_choice_leaves_the_days_to_be_guessed(db: TestDb) {
            let w = World::new(db).await;
            let form = PreferencesForm { budget_mail: Some(false), ..PreferencesForm::default() };
            change(&w.backend, &w.alice, &form).await.unwrap();
            change_with(&w.backend, &w.alice, |chosen| chosen.checklist_hidden = true).await.unwrap();

            note(&w.backend, w.alice.user(), &Guess::by_browser("Asia/Tokyo", "7", "").unwrap()).await.unwrap();
            change(&w.backend, &w.alice, &form).await.unwrap();

            let kept = get(&w.backend, &w.alice).await.unwrap();
            assert_eq!(days(&kept), ("Asia/Tokyo", 7, DaysFrom::Browser));
            assert!(kept.checklist_hidden && !kept.mails.budgets);
        }
    }
}
