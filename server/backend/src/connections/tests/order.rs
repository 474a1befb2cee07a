//! Any order and repetition of what a bank says gives one ledger, through the real store.

use super::{
    scripted::{Scripted, page},
    *,
};
use crate::{Random, banks::SyncPage, both_engines};

/// What First Harbor says over some weeks, run by run, in small pages. One account of it, so that the script fits.
async fn history(w: &World) -> Vec<Vec<SyncPage>> {
    let bank = super::bank(&w.backend);
    let public_token = bank.arrive(w.mallory.user(), "sim_expired", "demo").await.unwrap();
    let ask = crate::banks::FinishLink {
        user: w.mallory.user(),
        purpose: &Purpose::New,
        token: None,
        public_token: &public_token,
    };
    let made = bank.finish_link(ask).await.unwrap();
    let (mut runs, mut cursor) = (Vec::new(), None::<String>);
    for days in [0_u16, 3, 1, 2, 9, 1, 1] {
        bank.advance_clock(days).await.unwrap();
        if runs.len() == 1 {
            // That bank wants a sign-in after the first run.
            bank.return_to(&made.item_id, "demo").await.unwrap();
        }
        let mut pages = Vec::new();
        loop {
            let limit = if runs.is_empty() { 400 } else { 3 };
            let page = bank.sync(&made.token, cursor.as_deref(), limit).await.unwrap();
            cursor = Some(page.next_cursor.clone());
            let has_more = page.has_more;
            pages.push(renamed(page));
            if !has_more {
                break;
            }
        }
        runs.push(pages);
    }
    runs
}

fn renamed(mut page: SyncPage) -> SyncPage {
    for row in page.added.iter_mut().chain(&mut page.modified) {
        row.account = scripted::ACCOUNT.to_owned();
    }
    page
}

/// The pages of each run in another order, some of them twice.
fn shuffled(runs: &[Vec<SyncPage>], seed: u64) -> Vec<Vec<SyncPage>> {
    let random = Random::seeded(seed);
    let below = |bound: usize| usize::try_from(random.below(bound as u64)).unwrap();
    let mix = |run: &Vec<SyncPage>| {
        let mut pages = run.clone();
        for _ in 0..below(3) {
            pages.push(run[below(run.len())].clone());
        }
        for at in (1..pages.len()).rev() {
            pages.swap(at, below(at + 1));
        }
        pages
    };
    runs.iter().map(mix).collect()
}

/// The ledger that a person has in the end who hears these runs, and where their reader stood after each.
async fn told(
    w: &World,
    name: &str,
    runs: Vec<Vec<SyncPage>>,
) -> (Backend, SignedIn, ConnectionId) {
    let bank = Scripted::default();
    let backend = bank.behind(&w.backend);
    let who = crate::testing::person(&backend, name).await;
    let connection = bank.link(&backend, &who).await;
    for pages in runs {
        bank.then(pages);
        let view = read(&backend, &who, &connection).await;
        assert_eq!(view.problem, None);
    }
    (backend, who, connection)
}

async fn ledger(backend: &Backend, who: &SignedIn) -> Vec<Line> {
    let mut lines: Vec<Line> =
        live(backend, who).await.into_iter().map(Line::without_ids).collect();
    lines.sort();
    lines
}

both_engines! {
    async fn pages_in_any_order_and_said_twice_give_one_ledger(db: TestDb) {
        let w = World::new(db).await;
        let runs = history(&w).await;
        assert!(runs.iter().skip(1).any(|run| run.len() > 3), "there is something to shuffle");
        let (backend, who, _) = told(&w, "in-order", runs.clone()).await;
        let in_order = ledger(&backend, &who).await;
        assert!(in_order.len() > 500, "{}", in_order.len());

        for seed in 0..5 {
            let (backend, who, _) = told(&w, &format!("shuffled-{seed}"), shuffled(&runs, seed)).await;
            assert_eq!(ledger(&backend, &who).await, in_order, "seed {seed}");
        }
    }

    async fn a_reader_put_back_to_any_point_comes_to_the_same_ledger(db: TestDb) {
        let w = World::new(db).await;
        let runs = history(&w).await;
        let last = runs.len();
        let (backend, who, connection) = told(&w, "put-back", runs).await;
        let before = lines(&backend, &who).await;

        for point in [None, Some("c1"), Some("c3"), Some("c5")] {
            rewind(&backend, &who, &connection, point).await;
            while stored_cursor(&backend, &who, &connection).await.as_deref() != Some(&*format!("c{last}")) {
                read(&backend, &who, &connection).await;
            }
            assert_eq!(lines(&backend, &who).await, before, "from {point:?}");
        }
    }

    async fn one_reading_of_everything_is_the_same_as_many(db: TestDb) {
        let w = World::new(db).await;
        let runs = history(&w).await;
        let (backend, who, _) = told(&w, "many", runs.clone()).await;
        let (all, other, _) = told(&w, "one", vec![runs.concat(), vec![page(vec![], vec![], &[])]]).await;

        assert_eq!(in_ledger(&all, &other).await, in_ledger(&backend, &who).await);
    }
}
