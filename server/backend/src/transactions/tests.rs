use std::time::Duration;

use domain::{
    AccountId, Cursor, Direction, PageRequest, TransactionFilter, TransactionPage,
    TransactionStatus, TransactionType, query,
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use time::macros::date;

use super::{testing::*, *};
use crate::{
    Error, SignedIn,
    accounts::{
        self,
        testing::{account_of, by_hand},
    },
    both_engines,
    db::{Conn, UserTx},
    execute,
    testing::World,
};

fn filter(query: &str) -> TransactionFilter {
    TransactionFilter::from_query(&query::parse(query)).unwrap()
}

async fn page(w: &World, who: &SignedIn, query: &str) -> TransactionPage {
    let pairs = query::parse(query);
    let filter = TransactionFilter::from_query(&pairs).unwrap();
    let request = PageRequest::from_query(&pairs, filter.hash()).unwrap();
    list(&w.backend, who, &filter, &request).await.unwrap()
}

fn texts(page: &TransactionPage) -> Vec<&str> {
    page.items.iter().map(|item| item.description.as_str()).collect()
}

/// A small ledger with something for each filter.
async fn ledger(w: &World) -> (AccountId, AccountId) {
    let wallet = account_of(&w.backend, &w.alice).await;
    let euros = accounts::create(&w.backend, &w.alice, by_hand("Purse", "EUR"), None)
        .await
        .unwrap()
        .value
        .id;
    let coffee = Given::default();
    let given = [
        Given {
            date: date!(2026 - 05 - 01),
            description: "Salary",
            category: "income.salary",
            minor: 300_000,
            ..coffee
        },
        Given {
            date: date!(2026 - 05 - 02),
            description: "Market 50%_off",
            category: "food.groceries",
            minor: -2_500,
            ..coffee
        },
        Given { date: date!(2026 - 05 - 03), description: "CAFÉ NOIR", ..coffee },
        Given {
            date: date!(2026 - 05 - 04),
            description: "To savings",
            transfer: true,
            minor: -50_000,
            ..coffee
        },
        Given {
            date: date!(2026 - 05 - 05),
            description: "Hold",
            status: TransactionStatus::Pending,
            minor: -100,
            ..coffee
        },
        Given {
            date: date!(2026 - 05 - 06),
            description: "Declined",
            status: TransactionStatus::Failed,
            minor: -700,
            ..coffee
        },
    ];
    give_all(&w.backend, &w.alice, &wallet, &given).await;
    let bread = Given {
        date: date!(2026 - 05 - 07),
        description: "Brot",
        category: "food.groceries",
        minor: -390,
        currency: "EUR",
        ..coffee
    };
    give(&w.backend, &w.alice, &euros, bread).await;
    (wallet, euros)
}

both_engines! {
    async fn the_newest_come_first_and_failed_rows_only_when_asked_for(db: TestDb) {
        let w = World::new(db).await;
        ledger(&w).await;

        let all = page(&w, &w.alice, "").await;
        let failed = page(&w, &w.alice, "status=failed").await;

        assert_eq!(texts(&all), ["Brot", "Hold", "To savings", "CAFÉ NOIR", "Market 50%_off", "Salary"]);
        assert_eq!((all.page, all.limit, all.total, all.total_pages), (1, 50, 6, 1));
        assert_eq!((all.next_cursor, all.prev_cursor), (None, None));
        assert_eq!(texts(&failed), ["Declined"]);
        assert_eq!((failed.sums[0].in_minor, failed.sums[0].out_minor), (0, 0));
    }

    async fn a_row_says_where_it_is_and_how_much_it_was(db: TestDb) {
        let w = World::new(db).await;
        let (wallet, _) = ledger(&w).await;

        let row = page(&w, &w.alice, "q=noir").await.items.remove(0);

        assert_eq!((row.account_id, row.account_name.as_str(), row.account_mask), (wallet, "Wallet cash", None));
        assert_eq!((row.amount_cents, row.signed_amount_cents, row.currency.as_str()), (450, -450, "USD"));
        assert_eq!((row.r#type, row.status, row.date), (TransactionType::Debit, TransactionStatus::Completed, date!(2026 - 05 - 03)));
        assert_eq!((row.category.as_str(), row.merchant, row.note), ("food.coffee", None, None));
    }

    async fn each_filter_lets_through_what_it_names(db: TestDb) {
        let w = World::new(db).await;
        let (wallet, euros) = ledger(&w).await;

        for (query, wanted) in [
            ("q=café", vec!["CAFÉ NOIR"]),
            ("q=50%25_o", vec!["Market 50%_off"]),
            ("q=_", vec!["Market 50%_off"]),
            ("q=%5C", vec![]),
            ("category=food", vec!["Brot", "Hold", "To savings", "CAFÉ NOIR", "Market 50%_off"]),
            ("category=food.groceries", vec!["Brot", "Market 50%_off"]),
            ("category=income", vec!["Salary"]),
            ("category=uncategorized", vec![]),
            ("type=credit", vec!["Salary"]),
            ("type=transfer", vec!["To savings"]),
            ("status=pending", vec!["Hold"]),
            ("min=25.00&max=500.00", vec!["To savings", "Market 50%_off"]),
            ("min=3000", vec!["Salary"]),
            ("from=2026-05-04&to=2026-05-05", vec!["Hold", "To savings"]),
            ("from=2026-05-07", vec!["Brot"]),
            ("to=2026-05-01", vec!["Salary"]),
        ] {
            assert_eq!(texts(&page(&w, &w.alice, query).await), wanted, "{query}");
        }
        let of = |id: &AccountId, more: &str| format!("account={id}{more}");
        assert_eq!(texts(&page(&w, &w.alice, &of(&euros, "")).await), ["Brot"]);
        assert_eq!(page(&w, &w.alice, &of(&wallet, "")).await.total, 5);
        assert_eq!(texts(&page(&w, &w.alice, &of(&wallet, "&category=food.groceries")).await), ["Market 50%_off"]);
        assert_eq!(texts(&page(&w, &w.alice, &of(&wallet, "&from=2026-05-02&to=2026-05-03")).await), ["CAFÉ NOIR", "Market 50%_off"]);
    }

    async fn an_amount_filter_means_whole_units_in_every_currency(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;
        let given = |currency, minor| Given { currency, minor, description: currency, ..Given::default() };
        let rows = [given("JPY", -500), given("USD", -50_000), given("KWD", -500_000), given("CLF", -5_000_000), given("EUR", -49_999)];
        give_all(&w.backend, &w.alice, &id, &rows).await;

        let mut found: Vec<String> = page(&w, &w.alice, "min=500&max=500").await.items.into_iter().map(|i| i.currency).collect();

        found.sort();
        assert_eq!(found, ["CLF", "JPY", "KWD", "USD"]);
    }

    async fn sums_are_those_of_the_whole_list_by_currency(db: TestDb) {
        let w = World::new(db).await;
        let (wallet, _) = ledger(&w).await;

        let all = page(&w, &w.alice, "limit=1").await;
        let one = page(&w, &w.alice, &format!("account={wallet}&limit=1")).await;
        let food = page(&w, &w.alice, "category=food.groceries&limit=1").await;

        let sums = |page: &TransactionPage| -> Vec<(String, i64, i64)> {
            page.sums.iter().map(|s| (s.currency.clone(), s.in_minor, s.out_minor)).collect()
        };
        assert_eq!(sums(&all), [("EUR".to_owned(), 0, -390), ("USD".to_owned(), 300_000, -53_050)]);
        assert_eq!(sums(&one), [("USD".to_owned(), 300_000, -53_050)]);
        assert_eq!(sums(&food), [("EUR".to_owned(), 0, -390), ("USD".to_owned(), 0, -2_500)]);
        assert_eq!((all.total, one.total, food.total), (6, 5, 2));
    }

    async fn what_is_only_moved_is_in_the_list_and_in_no_sum(db: TestDb) {
        let w = World::new(db).await;
        let (wallet, _) = ledger(&w).await;
        let savings = accounts::create(&w.backend, &w.alice, by_hand("Box", "USD"), None).await.unwrap().value.id;
        let row = |minor| Given { minor, category: "uncategorized", description: "MOVED", ..Given::default() };
        let out = give(&w.backend, &w.alice, &wallet, row(-70_000)).await;
        let into = give(&w.backend, &w.alice, &savings, row(70_000)).await;
        let (box_alone, one_day) = (format!("account={savings}"), format!("account={wallet}&from=2026-05-04&to=2026-05-04"));
        let queries = ["", "from=2026-05-01&to=2026-05-31", "q=moved", "type=transfer", box_alone.as_str(), one_day.as_str()];
        let seen = async || {
            let mut seen = Vec::new();
            for query in queries {
                let page = page(&w, &w.alice, query).await;
                let usd = page.sums.iter().find(|sum| sum.currency == "USD").map(|sum| (sum.in_minor, sum.out_minor));
                seen.push((page.total, page.transfers, usd));
            }
            seen
        };
        let before = seen().await;

        let pair = transfers::link(&w.backend, &w.alice, &out, &into).await.unwrap();
        let linked = seen().await;
        let (kept, added_up) = (page(&w, &w.alice, "").await, page(&w, &w.alice, "from=1900-01-01").await);
        assert_eq!((kept.sums, kept.transfers), (added_up.sums, 2));
        transfers::unlink(&w.backend, &w.alice, &pair).await.unwrap();

        let counts = [&before, &linked].map(|seen| seen.iter().map(|one| one.1).collect::<Vec<_>>());
        assert_eq!(counts, [vec![0; 6], vec![2, 2, 2, 2, 1, 1]]);
        let less = |at: usize, came: i64, went: i64| {
            let (was, is) = (before[at].2.unwrap(), linked[at].2.unwrap());
            assert_eq!((was.0 - is.0, was.1 - is.1, before[at].0 - linked[at].0), (came, went, 0), "{}", queries[at]);
        };
        less(0, 70_000, -70_000);
        less(1, 70_000, -70_000);
        less(2, 70_000, -70_000);
        less(4, 70_000, 0);
        less(5, 0, -70_000);
        assert_eq!(seen().await, before, "apart, both count again");
        assert_eq!(page(&w, &w.mallory, "").await.transfers, 0);
    }

    async fn numbered_pages_follow_each_other_and_one_past_the_end_is_empty(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;
        give_all(&w.backend, &w.alice, &id, &[Given::default(); 7]).await;

        let pages = [page(&w, &w.alice, "limit=3").await, page(&w, &w.alice, "limit=3&page=2").await, page(&w, &w.alice, "limit=3&page=3").await];
        let past = page(&w, &w.alice, "limit=3&page=4").await;

        assert_eq!(pages.each_ref().map(|p| p.items.len()), [3, 3, 1]);
        assert_eq!(pages.each_ref().map(|p| (p.page, p.total, p.total_pages)), [(1, 7, 3), (2, 7, 3), (3, 7, 3)]);
        assert_eq!(pages.each_ref().map(|p| (p.prev_cursor.is_some(), p.next_cursor.is_some())), [(false, true), (true, true), (true, false)]);
        let mut ids: Vec<_> = pages.iter().flat_map(|p| p.items.iter().map(|i| i.id.clone())).collect();
        ids.dedup();
        assert_eq!(ids.len(), 7);
        assert!(past.items.is_empty() && past.next_cursor.is_none() && past.prev_cursor.is_none());
        assert_eq!(past.total, 7);
    }

    async fn cursors_walk_the_whole_list_both_ways_under_every_kind_of_filter(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;
        let day = |n: i64| Given { date: date!(2026 - 05 - 04) - time::Duration::days(n / 3), ..Given::default() };
        let given: Vec<Given> = (0..23).map(day).collect();
        give_all(&w.backend, &w.alice, &id, &given).await;

        for base in [String::new(), format!("account={id}"), "q=coffee".to_owned(), "from=2026-04-29&to=2026-05-03".to_owned()] {
            let whole = page(&w, &w.alice, &format!("{base}&limit=200")).await;
            let mut down = Vec::new();
            let mut at = page(&w, &w.alice, &format!("{base}&limit=4")).await;
            loop {
                down.extend(at.items.iter().map(|item| item.id.clone()));
                let Some(next) = at.next_cursor.clone() else { break };
                at = page(&w, &w.alice, &format!("{base}&limit=4&cursor={next}")).await;
            }
            let mut up: Vec<_> = at.items.iter().rev().map(|item| item.id.clone()).collect();
            while let Some(prev) = at.prev_cursor.clone() {
                at = page(&w, &w.alice, &format!("{base}&limit=4&cursor={prev}")).await;
                up.extend(at.items.iter().rev().map(|item| item.id.clone()));
            }
            up.reverse();

            let ids: Vec<_> = whole.items.iter().map(|item| item.id.clone()).collect();
            assert_eq!(ids.len(), if base.starts_with("from") { 15 } else { 23 }, "{base}");
            assert_eq!(down, ids, "{base}");
            assert_eq!(up, ids, "{base}");
        }
    }

    async fn rows_that_come_in_on_top_neither_repeat_nor_hide_others(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;
        let before: Vec<_> = give_all(&w.backend, &w.alice, &id, &[Given::default(); 9]).await;

        let mut seen = Vec::new();
        let mut at = page(&w, &w.alice, "limit=2").await;
        loop {
            seen.extend(at.items.iter().map(|item| item.id.clone()));
            w.backend.clock.advance(Duration::from_secs(1));
            give(&w.backend, &w.alice, &id, Given { date: date!(2026 - 05 - 06), ..Given::default() }).await;
            give(&w.backend, &w.alice, &id, Given::default()).await;
            let Some(next) = at.next_cursor.clone() else { break };
            at = page(&w, &w.alice, &format!("limit=2&cursor={next}")).await;
        }

        let mut expected = before;
        expected.sort_by(|a, b| b.cmp(a));
        assert_eq!(seen, expected);
    }

    async fn pages_are_the_list_of_the_beginning_whatever_is_added_between_them(db: TestDb) {
        let w = World::new(db).await;
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let days = || prop::collection::vec(-6_i64..7, 0..5);
        let course = (prop::collection::vec(-6_i64..7, 0..24), 1_i64..7, prop::collection::vec(days(), 30), any::<bool>());
        let on = |offset: i64| Given { date: date!(2026 - 05 - 04) + time::Duration::days(offset), ..Given::default() };

        for _ in 0..24 {
            let (first, limit, between, is_upwards) = course.new_tree(&mut runner).unwrap().current();
            let account = accounts::create(&w.backend, &w.alice, by_hand("New", "USD"), None).await.unwrap().value.id;
            let put = async |offsets: &[i64]| {
                let given: Vec<Given> = offsets.iter().map(|offset| on(*offset)).collect();
                give_all(&w.backend, &w.alice, &account, &given).await
            };
            let here = put(&first).await;
            let base = format!("account={account}&limit={limit}");
            let whole = page(&w, &w.alice, &format!("account={account}&limit=200")).await;
            let expected: Vec<_> = whole.items.iter().map(|item| item.id.clone()).collect();
            assert_eq!(expected.len(), here.len());

            // Upwards it begins at the end of the list.
            let mut at = page(&w, &w.alice, &base).await;
            while let Some(next) = at.next_cursor.clone().filter(|_| is_upwards) {
                at = page(&w, &w.alice, &format!("{base}&cursor={next}")).await;
            }
            let mut seen = Vec::new();
            for offsets in between.iter().cycle() {
                let mut ids: Vec<_> = at.items.iter().map(|item| item.id.clone()).collect();
                if is_upwards {
                    ids.reverse();
                }
                seen.extend(ids);
                w.backend.clock.advance(Duration::from_secs(1));
                let cursor = if is_upwards { at.prev_cursor.clone() } else { at.next_cursor.clone() };
                let Some(cursor) = cursor else { break };
                // As many as fit into a page at most come in, or whoever walks up would never arrive.
                put(&offsets[..offsets.len().min(usize::try_from(limit - 1).unwrap())]).await;
                at = page(&w, &w.alice, &format!("{base}&cursor={cursor}")).await;
            }

            let mut once = seen.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), seen.len(), "no row is seen twice");
            seen.retain(|id| here.contains(id));
            if is_upwards {
                seen.reverse();
            }
            assert_eq!(seen, expected, "no row of the beginning is missed");
        }
    }

    async fn mallory_sees_nothing_of_alice_by_page_filter_or_cursor(db: TestDb) {
        let w = World::new(db).await;
        let (wallet, _) = ledger(&w).await;
        let everything = TransactionFilter::default();
        let cursor = Cursor {
            date: date!(2026 - 05 - 07),
            id: "z".into(),
            direction: Direction::Next,
            filter: everything.hash(),
        };

        for query in [String::new(), format!("account={wallet}"), "q=coffee".to_owned(), format!("cursor={}", cursor.encode())] {
            let seen = page(&w, &w.mallory, &query).await;
            assert_eq!((seen.items.len(), seen.total, seen.sums.len()), (0, 0, 0), "{query}");
        }
        let month = "2026-05".parse().unwrap();
        assert_eq!(month_totals(&w.backend, &w.mallory, month).await.unwrap(), []);
        assert_eq!(spending(&w.backend, &w.mallory, date!(2026 - 05 - 01), date!(2026 - 05 - 31)).await.unwrap(), []);
        assert!(page(&w, &w.alice, &format!("cursor={}", cursor.encode())).await.total > 0);
    }

    async fn mallory_cannot_hang_a_row_on_an_account_of_alice(db: TestDb) {
        let w = World::new(db).await;
        let (wallet, _) = ledger(&w).await;
        let (id, text) = (w.backend.new_id(), "Planted".to_owned());
        let row =
            NewTransaction::plain(id, date!(2026 - 05 - 04), text, -1, "USD".to_owned(), "manual");
        let mut tx = w.backend.db.as_user(w.mallory.user()).write().await.unwrap();

        let planted = insert(&mut tx, &wallet, None, &[row], w.backend.clock.now().into()).await;

        assert!(matches!(planted, Err(Error::Database(_))), "{planted:?}");
    }

    async fn month_totals_are_those_of_the_month(db: TestDb) {
        let w = World::new(db).await;
        ledger(&w).await;

        let totals = month_totals(&w.backend, &w.alice, "2026-05".parse().unwrap()).await.unwrap();

        let totals: Vec<_> = totals.iter().map(|t| (&*t.category, &*t.currency, t.minor, t.count)).collect();
        assert_eq!(totals, [("food.groceries", "EUR", -390, 1), ("food.groceries", "USD", -2_500, 1), ("food.coffee", "USD", -550, 2)]);
        assert_eq!(month_totals(&w.backend, &w.alice, "2026-06".parse().unwrap()).await.unwrap(), []);
    }

    async fn spending_has_a_value_for_every_day_of_the_period(db: TestDb) {
        let w = World::new(db).await;
        ledger(&w).await;

        let series = spending(&w.backend, &w.alice, date!(2026 - 05 - 02), date!(2026 - 05 - 05)).await.unwrap();

        assert_eq!(series.len(), 1);
        let days: Vec<i64> = series[0].days.iter().map(|day| day.minor).collect();
        assert_eq!((series[0].currency.as_str(), days), ("USD", vec![2_500, 450, 0, 100]));
    }

    async fn the_sums_that_are_kept_stay_those_of_the_rows(db: TestDb) {
        let w = World::new(db).await;
        let (wallet, euros) = ledger(&w).await;
        let at = crate::Timestamp::from(w.backend.clock.now());
        assert_sums_are_right(&w).await;

        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        for change in 0..6 {
            let user = w.alice.user();
            match change {
                0 => execute!(tx, r#"update "transaction" set "amountMinor" = "amountMinor" * 2 where "userId" = $1"#, user),
                1 => execute!(tx, r#"update "transaction" set "status" = 'completed' where "userId" = $1 and "status" = 'pending'"#, user),
                2 => execute!(tx, r#"update "transaction" set "deletedAt" = $2 where "userId" = $1 and "category" = 'food.groceries'"#, user, at),
                3 => execute!(tx, r#"update "transaction" set "deletedAt" = null where "userId" = $1 and "accountId" = $2"#, user, &euros),
                4 => execute!(tx, r#"update "transaction" set "accountId" = $3 where "userId" = $1 and "accountId" = $2"#, user, &euros, &wallet),
                _ => execute!(tx, r#"delete from "transaction" where "userId" = $1 and "type" = 'credit'"#, user),
            }
            .unwrap();
        }
        tx.commit().await.unwrap();
        assert_sums_are_right(&w).await;
        accounts::delete(&w.backend, &w.alice, &wallet).await.unwrap();
        assert_sums_are_right(&w).await;
    }

    async fn lists_are_served_by_their_index(db: TestDb) {
        let w = World::new(db).await;
        let id = account_of(&w.backend, &w.alice).await;
        for n in 0..40 {
            let day = Given { date: date!(2026 - 05 - 04) - time::Duration::days(n), ..Given::default() };
            give_all(&w.backend, &w.alice, &id, &[day; 100]).await;
        }
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        analyze(&mut tx).await;

        let (rows, sums) = (include_str!("rows.rs"), include_str!("sums.rs"));
        let account = format!("'{id}'");
        let (who, day, first, last) = ("'alice'", "'2026-04-20'", "'2026-03-01'", "'2026-05-31'");
        for (source, at, index, values) in [
            (rows, 0, "transaction_by_date", vec![who, day, "'x'", first, "51", "0"]),
            (rows, 1, "transaction_by_date", vec![who, day, "'x'", last, "51"]),
            (rows, 2, "transaction_by_account", vec![who, &account, day, "'x'", first, "51", "0"]),
            (rows, 3, "transaction_by_account", vec![who, &account, day, "'x'", last, "51"]),
            (sums, 1, "transaction_by_", vec![who, "'2026-04-28'", last]),
            (sums, 2, "transaction_by_account", vec![who, &account, "'2026-04-28'", last]),
            (include_str!("period.rs"), 0, "transaction_counted", vec![who, first, last]),
        ] {
            let plan = plan(&mut tx, &statement(source, at, &values)).await;
            assert!(plan.contains(index), "{at} of {values:?}: {plan}");
            // The rows that were found are put in order again; those that were looked at are in order already.
            let sorts = plan.matches("ORDER BY").count() + plan.matches("Sort Key").count();
            assert!(sorts <= 1, "{at} of {values:?}: {plan}");
        }
        // Postgres has no statistics here, and takes any index of the person for as good.
        if matches!(tx.conn(), Conn::Sqlite(_)) {
            let plan = plan(&mut tx, &statement(sums, 4, &[who, "null", first, last])).await;
            assert!(plan.contains("transaction_transfer"), "{plan}");
        }
    }
}

/// Compares the sums that the database keeps with the rows, through the two ways a list is summed up.
async fn assert_sums_are_right(w: &World) {
    let accounts = accounts::list(&w.backend, &w.alice).await.unwrap();
    let queries =
        accounts.iter().map(|account| format!("account={}", account.id)).chain([String::new()]);
    for query in queries {
        let kept = page(w, &w.alice, &query).await;
        let added_up = page(w, &w.alice, &format!("{query}&from=1900-01-01")).await;
        assert_eq!(
            (kept.total, kept.transfers, &kept.sums),
            (added_up.total, added_up.transfers, &added_up.sums),
            "{query}"
        );
    }
    for account in &accounts {
        let completed =
            page(w, &w.alice, &format!("account={}&status=completed", account.id)).await;
        let own = completed.sums.iter().filter(|sum| sum.currency == account.currency);
        assert_eq!(account.balance_minor, own.map(|sum| sum.in_minor + sum.out_minor).sum::<i64>());
        assert_eq!(
            account.transactions,
            page(w, &w.alice, &format!("account={}", account.id)).await.total
        );
    }
}

/// The `at`-th statement of a source file with values in the places of its parameters.
fn statement(source: &str, at: usize, values: &[&str]) -> String {
    let text = source.split("r#\"").nth(at + 1).and_then(|rest| rest.split("\"#").next()).unwrap();
    let filled =
        |text: String, (n, value): (usize, &&str)| text.replace(&format!("${}", n + 1), value);
    values.iter().enumerate().rev().fold(text.to_owned(), filled)
}

async fn analyze(tx: &mut UserTx) {
    use sqlx::Executor;
    match tx.conn() {
        Conn::Sqlite(connection) => drop(connection.execute("analyze").await.unwrap()),
        // Statistics are the owner's business; without any the planner assumes enough rows for an index.
        Conn::Postgres(_) => {}
    }
}

/// How the engine would run a statement, as text.
async fn plan(tx: &mut UserTx, statement: &str) -> String {
    use sqlx::{Executor, Row};
    match tx.conn() {
        Conn::Sqlite(connection) => {
            let rows =
                connection.fetch_all(&*format!("explain query plan {statement}")).await.unwrap();
            rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n")
        }
        Conn::Postgres(connection) => {
            connection.execute("set local enable_seqscan = off").await.unwrap();
            let rows = connection.fetch_all(&*format!("explain {statement}")).await.unwrap();
            rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn the_currencies_named_in_the_statements_are_those_with_other_decimals() {
    let text = include_str!("rows.rs");
    for currency in domain::Currency::all() {
        let named = text.contains(&format!("'{}'", currency.code()));
        assert_eq!(named, currency.exponent() != 2, "{currency}");
    }
    assert_eq!(filter("").hash(), TransactionFilter::default().hash());
}
