use domain::{Date, entry::EditForm};
use time::{Duration, macros::date};

use super::*;
use crate::{
    Error,
    accounts::testing::account_of,
    both_engines,
    testing::World,
    transactions::testing::{Given, give, give_all},
};

const PLAIN: Given = Given {
    date: date!(2026 - 05 - 04),
    description: "ZXQV 77",
    category: "uncategorized",
    transfer: false,
    status: domain::TransactionStatus::Completed,
    minor: -450,
    currency: "USD",
    source: "csv",
};

fn unsorted(page: &ReviewPage) -> &[Unsorted] {
    match &page.items {
        Items::Unsorted(rows) => rows,
        other => panic!("{other:?}"),
    }
}

/// A weekly payment that costs more since the third row before the last.
async fn rise(w: &World) {
    let account = account_of(&w.backend, &w.alice).await;
    let rows: Vec<Given> = (0..10)
        .map(|week| Given {
            date: date!(2026 - 05 - 02).saturating_sub(Duration::weeks(week)),
            minor: if week < 3 { -1_799 } else { -1_549 },
            description: "NETFLIX.COM",
            category: "entertainment.streaming",
            ..PLAIN
        })
        .collect();
    give_all(&w.backend, &w.alice, &account, &rows).await;
    recurring::look(&w.backend, w.alice.user()).await.unwrap();
}

both_engines! {
    async fn rows_come_in_pages_and_those_that_need_no_category_do_not(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let day = |n: i64| PLAIN.date - Duration::days(n / 2);
        let rows: Vec<Given> = (0..12).map(|n| Given { date: day(n), ..PLAIN }).collect();
        let ids = give_all(&w.backend, &w.alice, &account, &rows).await;
        let beside = [
            Given { transfer: true, ..PLAIN },
            Given { category: "travel", ..PLAIN },
            Given { status: domain::TransactionStatus::Failed, ..PLAIN },
        ];
        give_all(&w.backend, &w.alice, &account, &beside).await;
        let out = give(&w.backend, &w.alice, &account, PLAIN).await;
        let leave_out = EditForm { excluded: Some(true), ..EditForm::default() };
        transactions::edit(&w.backend, &w.alice, &out, &leave_out).await.unwrap();

        let first = page(&w.backend, &w.alice, None, None).await.unwrap();
        let second = page(&w.backend, &w.alice, Some(Kind::Unsorted), first.next.as_deref()).await.unwrap();

        assert_eq!((first.counts.unsorted, first.counts.all(), first.kind), (12, 12, Kind::Unsorted));
        assert_eq!((unsorted(&first).len(), unsorted(&second).len(), second.next.clone()), (10, 2, None));
        let mut seen: Vec<_> = [&first, &second].into_iter().flat_map(unsorted).map(|one| one.row.id.clone()).collect();
        let days: Vec<Date> = [&first, &second].into_iter().flat_map(unsorted).map(|one| one.row.date).collect();
        assert!(days.is_sorted_by(|one, other| one >= other));
        seen.sort();
        let mut all = ids;
        all.sort();
        assert_eq!(seen, all);
        let hers = page(&w.backend, &w.mallory, None, first.next.as_deref()).await.unwrap();
        assert_eq!((hers.counts, unsorted(&hers).len()), (Counts::default(), 0));
    }

    async fn what_somebody_said_about_a_shop_is_suggested_for_its_next_row(db: TestDb) {
        let w = World::new(db).await;
        let account = account_of(&w.backend, &w.alice).await;
        let ids = give_all(&w.backend, &w.alice, &account, &[Given { description: "NETFLIX.COM", ..PLAIN }; 2]).await;
        let form = EditForm { category: Some("giving".to_owned()), ..EditForm::default() };
        transactions::edit(&w.backend, &w.alice, &ids[0], &form).await.unwrap();

        let found = page(&w.backend, &w.alice, Some(Kind::Unsorted), None).await.unwrap();

        let likely: Vec<_> = unsorted(&found).iter().map(|one| one.likely.clone()).collect();
        assert_eq!(likely, [["giving", "entertainment.streaming"]]);
    }

    async fn a_price_that_rose_waits_until_it_was_seen(db: TestDb) {
        let w = World::new(db).await;
        rise(&w).await;
        let found = page(&w.backend, &w.alice, None, None).await.unwrap();
        assert_eq!((found.counts, found.kind), (Counts { prices: 1, ..Counts::default() }, Kind::Prices));
        let series = waiting(&w.backend, &w.alice).await.unwrap().rises.remove(0).id;
        let skipped = page(&w.backend, &w.alice, Some(Kind::Prices), Some(series.as_str())).await.unwrap();
        assert_eq!((skipped.items, skipped.counts.prices), (Items::Prices(vec![]), 1));

        let hers = recurring::see_price(&w.backend, &w.mallory, &series).await;
        assert!(matches!(hers, Err(Error::NotFound(_))));
        let hers = recurring::forget_price(&w.backend, &w.mallory, &series).await;
        assert!(matches!(hers, Err(Error::NotFound(_))));
        recurring::see_price(&w.backend, &w.alice, &series).await.unwrap();
        recurring::look(&w.backend, w.alice.user()).await.unwrap();
        assert_eq!(waiting(&w.backend, &w.alice).await.unwrap(), Waiting::default());
        recurring::forget_price(&w.backend, &w.alice, &series).await.unwrap();

        assert_eq!(waiting(&w.backend, &w.alice).await.unwrap().counts.prices, 1);
    }
}
