//! What a developer does to the bank, its deposits and its webhooks.

use domain::{AccountNumber, RoutingNumber};
use http::HeaderMap;
use time::macros::date;

use super::*;
use crate::{
    Error,
    banks::{DepositKind, DepositStatus, EventKind, StartDeposits, TroubleKind},
    both_engines,
    testing::World,
};

async fn send(w: &World, number: &str) -> String {
    let ask = StartDeposits {
        key: number,
        routing: &RoutingNumber::parse("311077023").unwrap(),
        number: &AccountNumber::parse(number).ok().unwrap(),
        number_hash: number,
        kind: DepositKind::Amounts,
        answer: "32,45",
        expected_on: date!(2026 - 05 - 06),
    };
    bank(&w.backend).start_deposits(ask).await.unwrap().reference
}

async fn status(w: &World, reference: &str) -> DepositStatus {
    bank(&w.backend).check_deposits(reference).await.unwrap()
}

both_engines! {
    async fn a_row_added_by_hand_is_told_once(db: TestDb) {
        let w = World::new(db).await;
        let made = linked(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        let (_, cursor) = read(&w.backend, &made.token, None, 500).await;
        let before = bank(&w.backend).accounts(&made.token).await.unwrap()[0].balance_minor.unwrap();
        let row = ExtraRow {
            account: "checking".to_owned(),
            date: date!(2026 - 05 - 04),
            description: "CORNER MARKET".to_owned(),
            minor: -1_234,
            pending: false,
        };

        bank(&w.backend).add_transaction(&made.item_id, &row).await.unwrap();
        let nowhere = ExtraRow { account: "card".to_owned(), ..row };
        let refused = bank(&w.backend).add_transaction(&made.item_id, &nowhere).await;
        assert!(matches!(refused, Err(Error::NotFound("account"))));

        let (new, cursor) = read(&w.backend, &made.token, Some(&cursor), 500).await;
        assert_eq!((new.added.len(), new.added[0].minor), (1, -1_234));
        assert!(read(&w.backend, &made.token, Some(&cursor), 500).await.0.added.is_empty());
        let after = bank(&w.backend).accounts(&made.token).await.unwrap()[0].balance_minor.unwrap();
        assert_eq!(after, before - 1_234);
    }

    async fn what_was_revoked_or_removed_is_gone(db: TestDb) {
        let w = World::new(db).await;
        let revoked = linked(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        let removed = linked(&w.backend, &w.alice, "sim_flaky", "demo").await;

        bank(&w.backend).revoke(&revoked.item_id).await.unwrap();
        bank(&w.backend).remove(&removed.token).await.unwrap();

        for made in [&revoked, &removed] {
            let trouble = bank(&w.backend).sync(&made.token, None, 10).await.unwrap_err();
            assert_eq!(trouble.kind, TroubleKind::Gone);
        }
        assert_eq!(bank(&w.backend).remove(&removed.token).await.unwrap_err().kind, TroubleKind::Gone);
        assert!(matches!(bank(&w.backend).revoke("nobody").await, Err(Error::NotFound("login"))));
    }

    async fn deposits_arrive_on_their_day_by_the_banks_clock(db: TestDb) {
        let w = World::new(db).await;
        let reference = send(&w, "000123456789").await;
        assert_eq!(status(&w, &reference).await, DepositStatus::Sent);

        bank(&w.backend).advance_clock(1).await.unwrap();
        assert_eq!(status(&w, &reference).await, DepositStatus::Sent);
        bank(&w.backend).advance_clock(1).await.unwrap();
        assert_eq!(status(&w, &reference).await, DepositStatus::Posted(w.backend.clock.now()));

        let seen = bank(&w.backend).deposits_to("000123456789").await.unwrap();
        assert_eq!((&*seen[0].answer, seen[0].posted), ("32,45", true));
        assert_eq!(bank(&w.backend).deposits(&reference).await.unwrap().as_ref(), seen.first());
    }

    async fn deposits_arrive_at_once_when_somebody_says_so_and_some_numbers_send_them_back(db: TestDb) {
        let w = World::new(db).await;
        let (good, bad) = (send(&w, "000123456789").await, send(&w, "998800000003").await);

        assert_eq!(bank(&w.backend).post_deposits_now().await.unwrap(), 2);

        assert!(matches!(status(&w, &good).await, DepositStatus::Posted(_)));
        assert_eq!(status(&w, &bad).await, DepositStatus::Returned("R03".to_owned()));
        assert!(bank(&w.backend).check_deposits("nobody's").await.is_err());
    }

    async fn a_webhook_is_believed_only_as_it_was_signed(db: TestDb) {
        let w = World::new(db).await;
        let (header, signature, body) = bank(&w.backend).webhook(Some("item"), "expiring", Some(date!(2026 - 06 - 01)));
        let mut headers = HeaderMap::new();
        headers.insert(header, signature.parse().unwrap());

        let event = bank(&w.backend).parse_webhook(&headers, body.as_bytes()).await.unwrap();

        assert_eq!(event.item_id.as_deref(), Some("item"));
        assert_eq!(event.kind, EventKind::Expiring { on: Some(date!(2026 - 06 - 01)) });
        let changed = body.replace("item", "itfm");
        assert!(bank(&w.backend).parse_webhook(&headers, changed.as_bytes()).await.is_err());
        assert!(bank(&w.backend).parse_webhook(&HeaderMap::new(), body.as_bytes()).await.is_err());
    }
}
