//! What a provider's word makes of a connection.

use domain::{AccountStatus, states::connection::ConnectionState};
use http::HeaderMap;
use time::macros::date;

use super::*;
use crate::{
    accounts,
    banks::BankEvent,
    both_engines,
    preferences::{self, Mails, Preferences},
};

/// A webhook as it comes in: signed, believed, kept, applied.
async fn hear(w: &World, item: Option<&str>, event: &str, on: Option<Date>) {
    keep(w, item, event, on).await;
    run(&w.backend).await;
}

async fn keep(w: &World, item: Option<&str>, event: &str, on: Option<Date>) {
    let (header, signature, body) = bank(&w.backend).webhook(item, event, on);
    let mut headers = HeaderMap::new();
    headers.insert(header, signature.parse().unwrap());
    let event: BankEvent = bank(&w.backend).parse_webhook(&headers, body.as_bytes()).await.unwrap();
    receive(&w.backend, ProviderKind::Simbank, &event, body.as_bytes()).await.unwrap();
}

async fn inbox(w: &World) -> Vec<(String, String)> {
    let mut tx = w.backend.db.system().read().await.unwrap();
    fetch_all!(tx, r#"select "kind", "state" from "bank_webhook" order by "kind", "id""#).unwrap()
}

async fn healthy(w: &World) -> (ConnectionId, String) {
    let connection = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
    run(&w.backend).await;
    let item = item_of(&w.backend, &w.alice, &connection).await.unwrap();
    (connection, item)
}

both_engines! {
    async fn rows_that_are_there_are_read(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;
        bank(&w.backend).advance_clock(5).await.unwrap();

        hear(&w, Some(&item), "rows", None).await;

        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
        assert_eq!(inbox(&w).await, [("rows_available".to_owned(), "applied".to_owned())]);
    }

    async fn many_of_one_kind_are_one_sync_while_one_runs(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;
        let mut tx = w.backend.db.as_user(w.alice.user()).write().await.unwrap();
        let mut row = rows::hold(&mut tx, &connection).await.unwrap();
        row.state = ConnectionState::Syncing;
        rows::save(&mut tx, &row, w.backend.clock.now().into()).await.unwrap();
        tx.commit().await.unwrap();

        for _ in 0..5 {
            keep(&w, Some(&item), "rows", None).await;
        }
        assert_eq!(jobs::run_due(&w.backend).await.unwrap(), 5, "five webhooks, and no sync");
        sync(&w.backend, w.alice.user(), &connection, 0).await.unwrap().commit().await.unwrap();

        assert_eq!(jobs::run_due(&w.backend).await.unwrap(), 1, "one sync follows");
    }

    async fn a_login_that_is_wanted_and_repaired_comes_and_goes_with_its_banner(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;

        hear(&w, Some(&item), "login_required", None).await;
        hear(&w, Some(&item), "login_required", None).await;
        assert_eq!(view(&w, &connection).await.state, ConnectionState::LoginRequired);
        assert!(banner(&w).await.is_some());
        assert_eq!(subjects(&w).await, ["First Harbor needs you"], "said twice, told once");
        hear(&w, Some(&item), "login_repaired", None).await;

        let repaired = view(&w, &connection).await;
        assert_eq!((repaired.state, repaired.problem, repaired.message), (ConnectionState::Healthy, None, None));
        assert_eq!(banner(&w).await, None);
    }

    async fn whoever_wants_no_mails_is_told_on_the_pages_alone(db: TestDb) {
        let w = World::new(db).await;
        let (_, item) = healthy(&w).await;
        let mails = Mails { connections: false, ..Mails::default() };
        preferences::set(&w.backend, &w.alice, &Preferences { mails, ..Preferences::default() }).await.unwrap();

        hear(&w, Some(&item), "login_required", None).await;

        assert!(banner(&w).await.is_some());
        assert!(subjects(&w).await.is_empty());
    }

    async fn one_that_expires_says_when_and_is_read_until_then(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;

        hear(&w, Some(&item), "expiring", Some(date!(2026 - 05 - 11))).await;

        let expiring = view(&w, &connection).await;
        assert_eq!((expiring.state, expiring.expires_on), (ConnectionState::Expiring, Some(date!(2026 - 05 - 11))));
        assert!(banner(&w).await.unwrap().message.contains("11 May 2026"));
        assert_eq!(subjects(&w).await, ["Your permission at First Harbor ends soon"]);
        bank(&w.backend).advance_clock(2).await.unwrap();
        assert_eq!(read(&w.backend, &w.alice, &connection).await.state, ConnectionState::Expiring);
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
        repair(&w.backend, &w.alice, &connection, "demo").await;
        let repaired = view(&w, &connection).await;
        assert_eq!((repaired.state, repaired.expires_on), (ConnectionState::Healthy, None));
    }

    async fn one_that_was_revoked_ends(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;

        hear(&w, Some(&item), "revoked", None).await;
        hear(&w, Some(&item), "rows", None).await;

        assert_eq!(view(&w, &connection).await.state, ConnectionState::Revoked);
        let settled = [("revoked", "applied"), ("rows_available", "ignored")];
        assert_eq!(inbox(&w).await, settled.map(|(kind, state)| (kind.to_owned(), state.to_owned())));
    }

    async fn new_accounts_are_offered_and_never_added(db: TestDb) {
        let w = World::new(db).await;
        let (connection, item) = healthy(&w).await;

        hear(&w, Some(&item), "new_accounts", None).await;

        let offered = view(&w, &connection).await;
        assert!(offered.new_accounts && offered.accounts == 3);
    }

    async fn numbers_that_changed_are_fetched_anew_and_not_used_until_then(db: TestDb) {
        let w = World::new(db).await;
        let (_, item) = healthy(&w).await;
        let before = numbers(&w).await;
        assert_eq!(before.iter().flatten().count(), 2, "the bank gives no numbers for the third");
        bank(&w.backend).set(&item, Some(crate::banks::simbank::Fault::Down)).await.unwrap();

        hear(&w, Some(&item), "numbers_changed", None).await;
        assert_eq!(numbers(&w).await, [const { None::<String> }; 3]);
        assert_eq!(statuses(&w).await, [AccountStatus::Suspended, AccountStatus::Suspended, AccountStatus::Active]);
        bank(&w.backend).set(&item, None).await.unwrap();
        w.backend.clock.advance(MINUTE);
        run(&w.backend).await;

        assert_eq!(statuses(&w).await, [AccountStatus::Active; 3]);
        let after = numbers(&w).await;
        assert_eq!(after.iter().flatten().count(), 2);
        assert!(before.iter().flatten().all(|sealed| !after.iter().flatten().any(|other| other == sealed)));
    }

    async fn an_unknown_login_is_noted_and_what_nobody_acts_on_is_kept(db: TestDb) {
        let w = World::new(db).await;

        hear(&w, Some("nobody"), "rows", None).await;
        hear(&w, None, "weather", None).await;

        let settled = [("ignored", "ignored"), ("rows_available", "unknown")];
        assert_eq!(inbox(&w).await, settled.map(|(kind, state)| (kind.to_owned(), state.to_owned())));
        assert!(jobs::dead(&w.backend, 1).await.unwrap().is_empty());
    }
}

async fn statuses(w: &World) -> Vec<AccountStatus> {
    let accounts = accounts::list(&w.backend, &w.alice).await.unwrap();
    accounts.into_iter().map(|account| account.status).collect()
}

/// The sealed numbers of the accounts.
async fn numbers(w: &World) -> Vec<Option<String>> {
    let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
    let numbers: Vec<(Option<String>,)> = fetch_all!(
        tx,
        r#"select "accountNumber" from "bank_account" where "userId" = $1 order by "createdAt", "id""#,
        w.alice.user(),
    )
    .unwrap();
    numbers.into_iter().map(|(number,)| number).collect()
}
