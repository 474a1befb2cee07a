//! Every field of the filter, in the list, in its sums and along its cursors.

use domain::{
    PageRequest, TransactionFilter, TransactionId, TransactionPage, TransactionStatus,
    entry::EditForm, query,
};
use time::macros::date;

use super::{testing::*, *};
use crate::{SignedIn, accounts::testing::account_of, both_engines, testing::World};

async fn page(w: &World, who: &SignedIn, text: &str) -> TransactionPage {
    let pairs = query::parse(text);
    let filter = TransactionFilter::from_query(&pairs).unwrap();
    let request = PageRequest::from_query(&pairs, filter.hash()).unwrap();
    list(&w.backend, who, &filter, &request).await.unwrap()
}

/// What a list shows, by the amounts, with its number of rows and the sum of its amounts.
async fn shown(w: &World, text: &str) -> (Vec<i64>, i64, i64) {
    let page = page(w, &w.alice, text).await;
    let sum: i64 = page.sums.iter().map(|sum| sum.in_minor + sum.out_minor).sum();
    (page.items.iter().map(|item| -item.signed_amount_cents).collect(), page.total, -sum)
}

async fn tag(w: &World, id: &TransactionId, tags: &str) {
    let wish = EditForm { tags: Some(tags.to_owned()), ..EditForm::default() };
    edit(&w.backend, &w.alice, id, &wish).await.unwrap();
}

/// Five rows, a day apart, the newest first: 500 groceries, 400 coffee (trip), 300 flights (trip, work), 200 uncategorized, 100 failed (trip).
async fn ledger(w: &World) -> Vec<TransactionId> {
    let account = account_of(&w.backend, &w.alice).await;
    let given = |category, minor| Given { category, minor, ..Given::default() };
    let rows = [
        Given { status: TransactionStatus::Failed, ..given("food.coffee", -100) },
        Given { status: TransactionStatus::Pending, ..given("uncategorized", -200) },
        given("travel.flights", -300),
        given("food.coffee", -400),
        given("food.groceries", -500),
    ];
    let mut ids = Vec::new();
    for (row, day) in rows.into_iter().zip(1..) {
        let row = Given { date: date!(2026 - 05 - 01).replace_day(day).unwrap(), ..row };
        ids.push(give(&w.backend, &w.alice, &account, row).await);
    }
    tag(w, &ids[0], "trip").await;
    tag(w, &ids[2], "trip, work").await;
    tag(w, &ids[3], "trip").await;
    ids
}

both_engines! {
    async fn several_values_of_a_kind_let_through_what_has_any_of_them(db: TestDb) {
        let w = World::new(db).await;
        ledger(&w).await;

        for (text, rows) in [
            ("category=food.coffee&category=travel", vec![400, 300]),
            ("category=food&category=uncategorized", vec![500, 400, 200]),
            ("notCategory=food", vec![300, 200]),
            ("category=food&notCategory=food.coffee", vec![500]),
            ("notCategory=food.coffee&notCategory=travel.flights", vec![500, 200]),
            ("tag=trip", vec![400, 300]),
            ("tag=work&tag=nothing", vec![300]),
            ("tag=tri", vec![]),
            ("tag=trip&notTag=work", vec![400]),
            ("notTag=trip", vec![500, 200]),
            ("notTag=trip&notTag=work&category=food", vec![500]),
            ("tag=trip&category=food", vec![400]),
            ("tag=trip&status=failed", vec![100]),
            ("status=pending&status=failed", vec![200, 100]),
            ("tag=trip&min=3&max=3.50", vec![300]),
            ("tag=trip&q=coffee&type=debit", vec![400, 300]),
            ("tag=trip&type=credit", vec![]),
        ] {
            let (found, total, sum) = shown(&w, text).await;
            assert_eq!(found, rows, "{text}");
            let counted: i64 = rows.iter().filter(|minor| **minor != 100).sum();
            assert_eq!((total, sum), (i64::try_from(rows.len()).unwrap(), counted), "{text}");
        }
    }

    async fn rows_of_any_of_several_accounts_are_listed(db: TestDb) {
        let w = World::new(db).await;
        let (one, two, three) =
            (account_of(&w.backend, &w.alice).await, account_of(&w.backend, &w.alice).await, account_of(&w.backend, &w.alice).await);
        for (account, minor) in [(&one, -1), (&two, -2), (&three, -3)] {
            give(&w.backend, &w.alice, account, Given { minor, ..Given::default() }).await;
        }

        let (mut found, total, sum) = shown(&w, &format!("account={one}&account={three}")).await;

        found.sort_unstable();
        assert_eq!((found, total, sum), (vec![1, 3], 2, 4));
        let hers = page(&w, &w.mallory, &format!("account={one}&account={three}")).await;
        assert_eq!((hers.items.len(), hers.total), (0, 0));
    }

    async fn cursors_walk_a_narrow_list_both_ways(db: TestDb) {
        let w = World::new(db).await;
        ledger(&w).await;

        let base = "notTag=work&category=food&category=uncategorized&limit=1";
        let first = page(&w, &w.alice, base).await;
        let second = page(&w, &w.alice, &format!("{base}&cursor={}", first.next_cursor.clone().unwrap())).await;
        let third = page(&w, &w.alice, &format!("{base}&cursor={}", second.next_cursor.clone().unwrap())).await;
        let back = page(&w, &w.alice, &format!("{base}&cursor={}", third.prev_cursor.clone().unwrap())).await;

        let minor = |page: &TransactionPage| page.items[0].signed_amount_cents;
        assert_eq!([&first, &second, &third, &back].map(minor), [-500, -400, -200, -400]);
        assert_eq!((third.next_cursor.is_none(), third.total), (true, 3));
    }

    async fn a_row_of_a_list_says_its_tags_and_what_is_left_out(db: TestDb) {
        let w = World::new(db).await;
        let ids = ledger(&w).await;
        let wish = EditForm { excluded: Some(true), ..EditForm::default() };
        edit(&w.backend, &w.alice, &ids[2], &wish).await.unwrap();

        let row = page(&w, &w.alice, "tag=work").await.items.remove(0);

        assert_eq!((row.tags, row.excluded, row.split), (vec!["trip".to_owned(), "work".to_owned()], true, false));
    }
}
