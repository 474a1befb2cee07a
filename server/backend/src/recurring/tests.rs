use domain::{
    AccountId, Date, SeriesId, TransactionId,
    recurring::{Cadence, Kind},
    states::series::{Choice, SeriesDecision, SeriesStatus},
};
use time::macros::date;

use super::*;
use crate::{
    Error,
    accounts::testing::account_of,
    both_engines,
    testing::World,
    transactions::testing::{Given, give, give_all},
};

const DAY: std::time::Duration = std::time::Duration::from_hours(24);

/// A subscription that came on the 15th of four months, the last time for more, and rent.
async fn flat(w: &World, account: &AccountId) -> Vec<TransactionId> {
    let film = |date: Date, minor: i64| Given {
        date,
        minor,
        description: "NETFLIX.COM",
        ..Given::default()
    };
    let rent = |date: Date| Given {
        date,
        minor: -180_000,
        description: "Oak Street Rent",
        ..Given::default()
    };
    let rows = [
        film(date!(2026 - 01 - 15), -1_549),
        film(date!(2026 - 02 - 15), -1_549),
        film(date!(2026 - 03 - 16), -1_549),
        film(date!(2026 - 04 - 15), -1_799),
        rent(date!(2026 - 02 - 28)),
        rent(date!(2026 - 03 - 31)),
        rent(date!(2026 - 04 - 30)),
    ];
    let ids = give_all(&w.backend, &w.alice, account, &rows).await;
    look(&w.backend, w.alice.user()).await.unwrap();
    ids
}

async fn ids_of(w: &World) -> Vec<(String, SeriesId)> {
    let page = page(&w.backend, &w.alice).await.unwrap();
    page.series.into_iter().map(|series| (series.merchant, series.id)).collect()
}

async fn film(w: &World) -> SeriesId {
    let found = ids_of(w).await.into_iter().find(|(merchant, _)| merchant.starts_with("Netflix"));
    found.expect("the subscription").1
}

both_engines! {
    async fn what_repeats_is_found_with_what_comes_next(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        flat(&w, &account).await;

        let page = page(&w.backend, &w.alice).await.unwrap();

        let film = &page.series[0];
        assert_eq!((film.cadence, film.kind, film.status), (Cadence::Monthly, Kind::Fixed, SeriesStatus::Active));
        assert_eq!((film.amount_minor, film.next_date, film.rows), (-1_799, date!(2026 - 05 - 15), 4));
        assert_eq!(film.change_label().unwrap(), "+$2.50 on 15 April");
        assert_eq!((page.monthly[0].out_minor, page.monthly[0].in_minor), (-181_799, 0));
        let coming: Vec<(Date, i64)> = page.coming.iter().map(|row| (row.date, row.amount_minor)).collect();
        assert_eq!(coming, [(date!(2026 - 05 - 15), -1_799), (date!(2026 - 05 - 31), -180_000)]);
    }

    async fn what_comes_in_one_account_is_its_owners_and_of_that_account_alone(db: TestDb) {
        let w = World::new(db).await;
        let (account, other) = (account_of(&w.backend, &w.alice).await, account_of(&w.backend, &w.alice).await);
        flat(&w, &account).await;
        let today = date!(2026 - 05 - 04);
        let of = async |who, account| coming_in(&w.backend, who, account, today).await.unwrap();

        let before = w.backend.db.statements_so_far();
        let coming: Vec<(Date, i64)> =
            of(&w.alice, &account).await.iter().map(|row| (row.date, row.amount_minor)).collect();

        assert_eq!(w.backend.db.statements_so_far() - before, 1);
        assert_eq!(coming, [(date!(2026 - 05 - 15), -1_799), (date!(2026 - 05 - 31), -180_000)]);
        assert_eq!(of(&w.alice, &other).await, []);
        assert_eq!(of(&w.mallory, &account).await, []);
    }

    async fn a_series_is_late_and_ends_as_days_pass_without_another_look(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        flat(&w, &account).await;
        let id = film(&w).await;
        let guess = |date: Date| Given { date, minor: -2_000, description: "ACME GYM", ..Given::default() };
        give_all(&w.backend, &w.alice, &account, &[guess(date!(2026 - 03 - 20)), guess(date!(2026 - 04 - 20))]).await;
        look(&w.backend, w.alice.user()).await.unwrap();
        assert_eq!(page(&w.backend, &w.alice).await.unwrap().series.len(), 3);

        // 21 May: six days after 15 May, one more than the grace of a month.
        w.backend.clock.advance(DAY * 17);
        let late = page(&w.backend, &w.alice).await.unwrap();
        let status = get(&w.backend, &w.alice, &id).await.unwrap().series.status;
        assert_eq!((late.series[0].status, status), (SeriesStatus::Missed, SeriesStatus::Missed));
        assert_eq!(late.monthly[0].out_minor, -181_799);

        // 16 June: 32 days after it; the rent of 31 May is late, and the guess of 20 May not yet over.
        w.backend.clock.advance(DAY * 26);
        let over = page(&w.backend, &w.alice).await.unwrap();
        let running: Vec<SeriesStatus> = over.series.iter().map(|series| series.status).collect();
        assert_eq!(running, [SeriesStatus::Early, SeriesStatus::Missed]);
        assert_eq!((over.ended.len(), &over.ended[0].id), (1, &id));
        assert_eq!(over.monthly[0].out_minor, -180_000);
        assert_eq!(get(&w.backend, &w.alice, &id).await.unwrap().series.status, SeriesStatus::Ended);

        // 21 June: the guess did not come true; nobody said anything about it.
        w.backend.clock.advance(DAY * 5);
        let gone = page(&w.backend, &w.alice).await.unwrap();
        assert_eq!((gone.series.len(), gone.ended.len()), (1, 1));
    }

    async fn looking_again_changes_nothing(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        flat(&w, &account).await;
        let before = page(&w.backend, &w.alice).await.unwrap();

        look(&w.backend, w.alice.user()).await.unwrap();

        assert_eq!(page(&w.backend, &w.alice).await.unwrap(), before);
    }

    async fn what_its_owner_said_outlives_new_rows(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        flat(&w, &account).await;
        let id = film(&w).await;
        choose(&w.backend, &w.alice, &id, Choice::Confirm).await.unwrap();
        choose(&w.backend, &w.alice, &id, Choice::Confirm).await.unwrap();

        let row = Given { date: date!(2026 - 05 - 03), minor: -1_799, description: "NETFLIX.COM", ..Given::default() };
        give(&w.backend, &w.alice, &account, row).await;
        look(&w.backend, w.alice.user()).await.unwrap();

        let series = get(&w.backend, &w.alice, &id).await.unwrap().series;
        assert_eq!(series.decision, SeriesDecision::Confirmed);
    }

    async fn what_is_ignored_counts_nowhere_and_comes_back(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        flat(&w, &account).await;
        let id = film(&w).await;

        choose(&w.backend, &w.alice, &id, Choice::Ignore).await.unwrap();
        let without = page(&w.backend, &w.alice).await.unwrap();
        choose(&w.backend, &w.alice, &id, Choice::Confirm).await.unwrap();
        let with = page(&w.backend, &w.alice).await.unwrap();

        assert_eq!((without.series.len(), without.ignored.len(), without.coming.len()), (1, 1, 1));
        assert_eq!(without.monthly[0].out_minor, -180_000);
        assert_eq!((with.series.len(), with.ignored.len()), (2, 0));
    }

    async fn rows_of_a_merged_series_count_as_the_others(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        flat(&w, &account).await;
        let ids = ids_of(&w).await;
        let (film, rent) = (&ids[0].1, &ids[1].1);

        let itself = merge(&w.backend, &w.alice, film, film).await;
        merge(&w.backend, &w.alice, film, rent).await.unwrap();
        look(&w.backend, w.alice.user()).await.unwrap();

        assert!(matches!(itself, Err(Error::Invalid(_))), "{itself:?}");
        let detail = get(&w.backend, &w.alice, rent).await.unwrap();
        assert_eq!((detail.series.rows, detail.rows.len()), (7, 7));
        assert_eq!(ids_of(&w).await.len(), 1);
        assert!(matches!(get(&w.backend, &w.alice, film).await, Err(Error::NotFound(_))));
        let again = choose(&w.backend, &w.alice, film, Choice::Confirm).await;
        assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
    }

    async fn a_row_that_was_left_out_stays_out(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let rows = flat(&w, &account).await;
        let id = film(&w).await;

        leave_out(&w.backend, &w.alice, &id, &rows[0]).await.unwrap();
        let twice = leave_out(&w.backend, &w.alice, &id, &rows[0]).await;
        look(&w.backend, w.alice.user()).await.unwrap();

        let detail = get(&w.backend, &w.alice, &id).await.unwrap();
        assert_eq!(detail.rows.iter().map(|row| row.date).min(), Some(date!(2026 - 02 - 15)));
        assert_eq!(detail.series.rows, 3);
        assert!(matches!(twice, Err(Error::NotFound(_))), "{twice:?}");
    }

    async fn a_row_that_was_left_out_is_put_back(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let rows = flat(&w, &account).await;
        let rent = ids_of(&w).await.remove(1).1;
        let before = get(&w.backend, &w.alice, &rent).await.unwrap();

        // Of three rows one goes: two are a guess, as they were before the third.
        leave_out(&w.backend, &w.alice, &rent, &rows[4]).await.unwrap();
        look(&w.backend, w.alice.user()).await.unwrap();
        let without = get(&w.backend, &w.alice, &rent).await.unwrap();
        leave_out(&w.backend, &w.alice, &rent, &rows[5]).await.unwrap();
        look(&w.backend, w.alice.user()).await.unwrap();
        let alone = get(&w.backend, &w.alice, &rent).await.unwrap();
        let theirs = put_back(&w.backend, &w.mallory, &rent, &rows[4]).await;
        for row in [&rows[4], &rows[5]] {
            put_back(&w.backend, &w.alice, &rent, row).await.unwrap();
        }
        let twice = put_back(&w.backend, &w.alice, &rent, &rows[4]).await;
        let at_once = get(&w.backend, &w.alice, &rent).await.unwrap();
        look(&w.backend, w.alice.user()).await.unwrap();

        assert_eq!((without.series.status, without.series.rows), (SeriesStatus::Early, 2));
        assert_eq!(without.left_out.iter().map(|row| &row.id).collect::<Vec<_>>(), [&rows[4]]);
        assert_eq!((alone.series.status, alone.left_out.len()), (SeriesStatus::Ended, 2));
        assert_eq!((at_once.rows.len(), at_once.left_out.len()), (3, 0));
        assert_eq!(get(&w.backend, &w.alice, &rent).await.unwrap(), before);
        for refused in [theirs, twice] {
            assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        }
    }

    async fn what_was_said_is_taken_back_to_what_was_said_before(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        flat(&w, &account).await;
        let id = film(&w).await;
        let say = async |choice: Choice| choose(&w.backend, &w.alice, &id, choice).await.unwrap();

        for said in [[Choice::Confirm, Choice::Reopen], [Choice::Ignore, Choice::Reopen]] {
            let [said, back] = said;
            assert_eq!(say(said).await, SeriesDecision::Open);
            say(back).await;
            assert_eq!(get(&w.backend, &w.alice, &id).await.unwrap().series.decision, SeriesDecision::Open);
        }
        // Nothing was said: nothing to take back.
        assert_eq!(say(Choice::Reopen).await, SeriesDecision::Open);
        say(Choice::Confirm).await;
        let before = say(Choice::Ignore).await;
        say(before.back().unwrap()).await;

        assert_eq!(get(&w.backend, &w.alice, &id).await.unwrap().series.decision, SeriesDecision::Confirmed);
        assert_eq!(page(&w.backend, &w.alice).await.unwrap().series.len(), 2);
    }

    async fn a_merge_is_looked_at_and_nothing_is_written(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        flat(&w, &account).await;
        let ids = ids_of(&w).await;
        let (film, rent) = (&ids[0].1, &ids[1].1);
        let before = page(&w.backend, &w.alice).await.unwrap();

        let seen = look_at_merge(&w.backend, &w.alice, film, rent).await.unwrap();

        assert_eq!((&seen.series.id, &seen.into.id), (film, rent));
        let minors = |rows: &[SeriesRow]| rows.iter().map(|row| row.amount_minor).collect::<Vec<_>>();
        assert_eq!(minors(&seen.rows), [-1_799, -1_549, -1_549, -1_549]);
        assert_eq!(minors(&seen.into_rows), [-180_000; 3]);
        assert_eq!(page(&w.backend, &w.alice).await.unwrap(), before);
        let itself = look_at_merge(&w.backend, &w.alice, film, film).await;
        assert!(matches!(itself, Err(Error::Invalid(_))), "{itself:?}");
    }

    async fn a_series_that_had_ended_goes_on_when_its_rows_come_again(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        flat(&w, &account).await;
        let id = film(&w).await;
        choose(&w.backend, &w.alice, &id, Choice::Confirm).await.unwrap();
        // 16 June: the row of 15 May is later than a whole period. It comes with the next one.
        w.backend.clock.advance(DAY * 43);
        look(&w.backend, w.alice.user()).await.unwrap();
        let ended = get(&w.backend, &w.alice, &id).await.unwrap().series.status;

        let row = |date: Date| Given { date, minor: -1_799, description: "NETFLIX.COM", ..Given::default() };
        give_all(&w.backend, &w.alice, &account, &[row(date!(2026 - 05 - 15)), row(date!(2026 - 06 - 15))]).await;
        look(&w.backend, w.alice.user()).await.unwrap();

        let again = get(&w.backend, &w.alice, &id).await.unwrap().series;
        assert_eq!((ended, again.status), (SeriesStatus::Ended, SeriesStatus::Active));
        assert_eq!((again.decision, again.rows), (SeriesDecision::Confirmed, 6));
    }

    async fn series_go_with_their_rows_and_end_when_something_was_said(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let rows = flat(&w, &account).await;
        choose(&w.backend, &w.alice, &film(&w).await, Choice::Confirm).await.unwrap();
        for row in &rows {
            let leave_out = domain::entry::EditForm { excluded: Some(true), ..Default::default() };
            crate::transactions::edit(&w.backend, &w.alice, row, &leave_out).await.unwrap();
        }

        look(&w.backend, w.alice.user()).await.unwrap();

        let page = page(&w.backend, &w.alice).await.unwrap();
        assert_eq!((page.series.len(), page.ended.len()), (0, 1));
        assert!(page.coming.is_empty() && page.monthly.is_empty());
    }

    async fn nobody_reaches_the_series_of_somebody_else(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let rows = flat(&w, &account).await;
        let ids = ids_of(&w).await;
        let (film, rent) = (&ids[0].1, &ids[1].1);

        assert!(page(&w.backend, &w.mallory).await.unwrap().series.is_empty());
        for refused in [
            get(&w.backend, &w.mallory, film).await.map(drop),
            choose(&w.backend, &w.mallory, film, Choice::Ignore).await.map(drop),
            look_at_merge(&w.backend, &w.mallory, film, rent).await.map(drop),
            merge(&w.backend, &w.mallory, film, rent).await,
            leave_out(&w.backend, &w.mallory, film, &rows[0]).await,
        ] {
            assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        }
    }
}
