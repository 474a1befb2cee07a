//! A figure is what the list it leads to adds up to: left-out rows, refunds, parts, transfers and currencies.

use domain::{
    CurrencySum, PageRequest, TransactionFilter, TransactionPage, TransactionStatus,
    entry::EditForm,
    ledger::splits::{PartForm, SplitForm},
    query,
};
use time::macros::date;

use super::{testing::*, *};
use crate::{SignedIn, accounts::testing::account_of, both_engines, dashboard, testing::World};

async fn page(w: &World, who: &SignedIn, text: &str) -> TransactionPage {
    let pairs = query::parse(text);
    let filter = TransactionFilter::from_query(&pairs).unwrap();
    let request = PageRequest::from_query(&pairs, filter.hash()).unwrap();
    list(&w.backend, who, &filter, &request).await.unwrap()
}

/// The net of a list in its one currency, and how many rows it says it has; those it shows are as many.
async fn net(w: &World, text: &str) -> (i64, i64) {
    let page = page(w, &w.alice, text).await;
    assert_eq!(i64::try_from(page.items.len()).unwrap(), page.total, "{text}");
    let [CurrencySum { in_minor, out_minor, .. }] = page.sums.as_slice() else {
        assert!(page.sums.is_empty(), "{text}: {:?}", page.sums);
        return (0, 0);
    };
    (in_minor + out_minor, page.total)
}

/// May, with everything that a total leaves out or counts in its own way.
async fn may(w: &World) {
    let account = account_of(&w.backend, &w.alice).await;
    let on = |day: u8, category, minor| Given {
        date: date!(2026 - 05 - 01).replace_day(day).unwrap(),
        category,
        minor,
        ..Given::default()
    };
    let rows = [
        on(1, "food.groceries", -10_000),
        on(2, "food.groceries", 1_500),
        on(3, "income.salary", 300_000),
        on(4, "uncategorized", 700),
        on(5, "uncategorized", -900),
        on(6, "transfer", -20_000),
        Given { transfer: true, ..on(7, "food.coffee", -30_000) },
        Given { status: TransactionStatus::Failed, ..on(8, "food.coffee", -40) },
        Given { status: TransactionStatus::Pending, ..on(9, "food.coffee", -450) },
        on(10, "food.coffee", -50_000),
        Given { currency: "EUR", ..on(11, "food.coffee", -333) },
        on(12, "shopping.online", -6_000),
        on(13, "income.interest", -25),
    ];
    let ids = give_all(&w.backend, &w.alice, &account, &rows).await;
    let excluded = EditForm { excluded: Some(true), ..EditForm::default() };
    edit(&w.backend, &w.alice, &ids[9], &excluded).await.unwrap();
    let part = |amount: &str, category: &str| PartForm {
        amount: amount.to_owned(),
        category: category.to_owned(),
        note: String::new(),
        tags: String::new(),
    };
    let parts = vec![part("25", "food.groceries"), part("30", "transfer"), part("5", "travel")];
    split(&w.backend, &w.alice, &ids[11], &SplitForm { parts }).await.unwrap();
}

const MAY: &str = "from=2026-05-01&to=2026-05-31";

both_engines! {
    async fn spent_and_earned_are_what_their_lists_add_up_to(db: TestDb) {
        let w = World::new(db).await;
        may(&w).await;

        let found = dashboard::load(&w.backend, &w.alice, "2026-05".parse().ok()).await.unwrap();

        assert_eq!(found.month_sums.len(), 2);
        for sum in &found.month_sums {
            let of = |counted: &str| format!("currency={}&counted={counted}&{MAY}", sum.currency);
            assert_eq!(net(&w, &of("spending")).await.0, sum.out_minor, "{}", sum.currency);
            assert_eq!(net(&w, &of("income")).await.0, sum.in_minor, "{}", sum.currency);
        }
        let dollars = |counted: &str| format!("currency=USD&counted={counted}&{MAY}");
        assert_eq!(net(&w, &dollars("spending")).await, (-10_000 + 1_500 - 900 - 450 - 3_000, 5));
        assert_eq!(net(&w, &dollars("income")).await, (300_000 + 700 - 25, 3));
        assert_eq!(net(&w, &dollars("either")).await.1, 8);
        for total in &found.categories {
            let text = format!("category={}&currency={}&counted=spending&{MAY}", total.category, total.currency);
            assert_eq!(net(&w, &text).await.0, total.minor, "{text}");
        }
        for day in found.spending.iter().flat_map(|series| series.days.iter().map(move |day| (&series.currency, day))) {
            let text = format!("currency={}&counted=spending&from={}&to={}", day.0, day.1.date, day.1.date);
            assert_eq!(-net(&w, &text).await.0, day.1.minor, "{text}");
        }
    }

    async fn a_category_counts_its_parts_and_no_other(db: TestDb) {
        let w = World::new(db).await;
        may(&w).await;

        for (text, expected) in [
            ("category=food&currency=USD&counted=either", (-10_000 + 1_500 - 450 - 2_500, 4)),
            ("category=travel&counted=spending", (-500, 1)),
            ("category=transfer&counted=either", (0, 0)),
            ("category=uncategorized&counted=either", (-200, 2)),
            ("category=food&notCategory=travel&currency=USD&counted=spending", (-10_000 + 1_500 - 450, 3)),
            ("category=food&currency=USD&counted=spending&status=pending", (-450, 1)),
            ("category=food&currency=USD&counted=spending&status=failed", (0, 0)),
        ] {
            assert_eq!(net(&w, &format!("{text}&{MAY}")).await, expected, "{text}");
        }
        let hers = page(&w, &w.mallory, "counted=either").await;
        assert_eq!((hers.total, hers.items.len()), (0, 0));
    }

    async fn money_is_asked_for_by_its_way_and_currency(db: TestDb) {
        let w = World::new(db).await;
        may(&w).await;

        let euros = page(&w, &w.alice, "currency=EUR").await;
        let came = page(&w, &w.alice, "flow=in&currency=USD").await;
        let went = page(&w, &w.alice, "flow=out&currency=USD").await;

        assert_eq!((euros.total, euros.sums[0].out_minor), (1, -333));
        assert_eq!((came.total, came.sums[0].in_minor, came.sums[0].out_minor), (3, 302_200, 0));
        assert_eq!((went.total, went.sums[0].in_minor), (8, 0));
        assert!(went.items.iter().all(|row| row.signed_amount_cents < 0));
    }

    async fn cursors_walk_what_counts_both_ways(db: TestDb) {
        let w = World::new(db).await;
        may(&w).await;
        let base = "currency=USD&counted=spending&limit=2";

        let first = page(&w, &w.alice, base).await;
        let second = page(&w, &w.alice, &format!("{base}&cursor={}", first.next_cursor.clone().unwrap())).await;
        let back = page(&w, &w.alice, &format!("{base}&cursor={}", second.prev_cursor.clone().unwrap())).await;

        let minors = |page: &TransactionPage| page.items.iter().map(|row| row.signed_amount_cents).collect::<Vec<_>>();
        assert_eq!(minors(&first), [-6_000, -450]);
        assert_eq!(minors(&second), [-900, 1_500]);
        assert_eq!(minors(&back), minors(&first));
    }
}
