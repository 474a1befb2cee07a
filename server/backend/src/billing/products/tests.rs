use domain::{
    Money,
    plan::{Interval, Plan},
};
use serde_json::{Value, json};

use super::*;
use crate::{
    billing::{
        client::server::{fixture, with},
        given,
    },
    both_engines,
    jobs::{self, Job, Options, run_due},
};

const LIST: &str = "GET /v1/products/";

fn item(n: usize) -> Value {
    let list: Value = serde_json::from_str(&fixture!("products.list.response")).unwrap();
    list["items"][n].clone()
}

fn page(items: &[Value], pages: i64) -> String {
    json!({ "items": items, "pagination": { "total_count": 6, "max_page": pages } }).to_string()
}

both_engines! {
    async fn the_page_of_plans_has_polars_prices(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(LIST, 200, fixture!("products.list.response"));

        let problems = sync_products(&w.backend).await.unwrap();
        let offers = catalogue(&w.backend).await.unwrap();

        let shown = |offer: &OfferView| (offer.slug.clone(), offer.price.map(Money::format));
        let first = &offers[0];
        assert_eq!((first.plan, first.interval, first.trial_days), (Plan::Starter, Interval::Month, Some(7)));
        assert_eq!(
            offers.iter().map(shown).collect::<Vec<_>>(),
            [
                ("starter".to_owned(), Some("$9.00".to_owned())),
                ("plus".to_owned(), Some("$19.00".to_owned())),
                ("premium".to_owned(), Some("$49.00".to_owned())),
                ("starter-yearly".to_owned(), None),
                ("plus-yearly".to_owned(), None),
                ("premium-yearly".to_owned(), None),
            ]
        );
        let missing: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(missing.len(), 3, "{missing:?}");
        assert_eq!(
            missing[0],
            "plus-yearly (5f6f0c53-6d0e-4f0b-9a35-3a3c8f6d1a02) does not exist at this Polar"
        );
    }

    async fn what_is_archived_cannot_be_bought(db: TestDb) {
        let (w, polar) = given::world(db).await;
        given::have_products(&w.backend).await;
        let archived = with(
            &item(0).to_string(),
            json!({ "is_archived": true, "modified_at": "2026-05-04T07:00:00Z" }),
        );
        polar
            .on(LIST, 200, page(&[item(1)], 1))
            .on(&format!("GET /v1/products/{}", given::product("starter")), 200, archived);

        let problems = sync_products(&w.backend).await.unwrap();

        let starter = problems.iter().find(|problem| problem.slug == "starter").unwrap();
        assert!(starter.archived);
        let offers = catalogue(&w.backend).await.unwrap();
        assert!(offers.iter().all(|offer| offer.slug != "starter"));
    }

    async fn a_long_catalogue_is_read_to_its_end(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(LIST, 200, page(&[item(0)], 2)).on(LIST, 200, page(&[item(1)], 2));

        sync_products(&w.backend).await.unwrap();

        let asked = polar.asked();
        assert_eq!((&*asked[0].query["page"], &*asked[1].query["page"]), ("1", "2"));
        let offers = catalogue(&w.backend).await.unwrap();
        assert!(offers[0].price.is_some() && offers[1].price.is_some());
    }

    async fn the_job_reads_it_and_fails_while_polar_is_down(db: TestDb) {
        let (w, polar) = given::world(db).await;
        polar.on(LIST, 503, "");
        let mut tx = w.backend.db.system().write().await.unwrap();
        jobs::enqueue(&mut tx, &w.backend, &Job::SyncProducts, Options::default()).await.unwrap();
        tx.commit().await.unwrap();

        run_due(&w.backend).await.unwrap();
        assert_eq!(given::waiting(&w.backend, "syncProducts").await, 1);

        polar.forget(LIST).on(LIST, 200, fixture!("products.list.response"));
        w.backend.clock.advance(std::time::Duration::from_hours(1));
        run_due(&w.backend).await.unwrap();
        assert_eq!(given::waiting(&w.backend, "syncProducts").await, 0);
    }

    async fn where_nothing_is_sold_there_is_no_catalogue(db: TestDb) {
        let w = crate::testing::World::new(db).await;

        assert_eq!(catalogue(&w.backend).await.unwrap(), []);
        assert_eq!(sync_products(&w.backend).await.unwrap(), []);
    }
}
