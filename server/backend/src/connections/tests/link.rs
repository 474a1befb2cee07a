//! Linking, choosing, repairing, removing.

use domain::{
    AccountStatus, Code,
    plan::{Limit, Plan},
    states::connection::ConnectionState,
};

use super::*;
use crate::{
    accounts, auth, billing, both_engines,
    connections::{Hint, HintAccount, History, SyncAsked},
    testing::{self, with_billing},
    transactions::testing::{Given, give},
};

both_engines! {
    async fn a_linked_bank_brings_active_accounts_their_rows_and_balances_that_agree(db: TestDb) {
        let w = World::new(db).await;

        let connection = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        assert_eq!(view(&w, &connection).await.accounts, 3);
        run(&w.backend).await;

        let accounts = accounts::list(&w.backend, &w.alice).await.unwrap();
        let named: Vec<_> = accounts.iter().map(|a| (a.account_nickname.as_deref().unwrap(), a.status, &*a.bank_name)).collect();
        assert_eq!(named, [
            ("Everyday Checking", AccountStatus::Active, "First Harbor"),
            ("Rainy Day Savings", AccountStatus::Active, "First Harbor"),
            ("Travel Euro", AccountStatus::Active, "First Harbor"),
        ]);
        assert!(accounts.iter().all(|account| account.mask.as_ref().is_some_and(|mask| mask.len() == 4)));
        for (account, side) in accounts.iter().zip(bank_sides(&w.backend, &w.alice).await.unwrap()) {
            assert_eq!(side.balance_minor, Some(account.balance_minor), "{}", account.display_name());
            assert_eq!((side.gap_minor, side.connection.as_ref()), (None, Some(&connection)));
            assert!(side.balance_at.is_some());
        }
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);
        let view = view(&w, &connection).await;
        assert_eq!((view.state, view.problem, view.message), (ConnectionState::Healthy, None, None));
        assert!(view.history_complete && view.last_sync_at.is_some() && view.next_sync_at > view.last_sync_at);
        assert!(jobs::dead(&w.backend, 1).await.unwrap().is_empty());
    }

    async fn a_state_is_bound_to_its_person_used_once_and_for_half_an_hour(db: TestDb) {
        let w = World::new(db).await;
        let arrive = async |who: &SignedIn| bank(&w.backend).arrive(who.user(), "sim_flaky", "demo").await.unwrap();
        let begun = begin(&w.backend, &w.alice, Purpose::New).await.unwrap();
        assert!(resume_link(&w.backend, &w.alice, &begun.state).await.is_ok());
        assert!(resume_link(&w.backend, &w.mallory, &begun.state).await.is_err());

        let token = arrive(&w.mallory).await;
        let ask = FinishAsk { state: &begun.state, public_token: &token, hint: None };
        assert!(matches!(finish_link(&w.backend, &w.mallory, &ask).await, Err(Error::Expired("link"))));
        let token = arrive(&w.alice).await;
        let ask = FinishAsk { state: &begun.state, public_token: &token, hint: None };
        assert!(matches!(finish_link(&w.backend, &w.alice, &ask).await, Ok(Finished::Linked { .. })));
        assert!(matches!(finish_link(&w.backend, &w.alice, &ask).await, Err(Error::Expired("link"))));

        let begun = begin(&w.backend, &w.alice, Purpose::New).await.unwrap();
        w.backend.clock.advance(MINUTE * 31);
        let token = arrive(&w.alice).await;
        let ask = FinishAsk { state: &begun.state, public_token: &token, hint: None };
        assert!(matches!(finish_link(&w.backend, &w.alice, &ask).await, Err(Error::Expired("link"))));
    }

    async fn a_bank_that_is_linked_already_is_offered_for_repair_and_the_second_access_is_ended(db: TestDb) {
        let w = World::new(db).await;
        let first = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;

        let again = link_only(&w.backend, &w.alice, "sim_first_harbor", "demo").await;

        let expected = Finished::AlreadyLinked { connection: first.clone(), institution_name: "First Harbor".to_owned() };
        assert_eq!(again, expected);
        assert_eq!(bank(&w.backend).open_logins().await.unwrap(), 2);
        run(&w.backend).await;
        assert_eq!(bank(&w.backend).open_logins().await.unwrap(), 1, "the second access is ended");
        assert_eq!(list(&w.backend, &w.alice).await.unwrap().len(), 1);
        // Another login at the same bank has other accounts, and another person has their own.
        linked(link_only(&w.backend, &w.alice, "sim_first_harbor", "mfa").await);
        linked(link_only(&w.backend, &w.mallory, "sim_first_harbor", "demo").await);
    }

    async fn a_hint_spares_the_exchange(db: TestDb) {
        let w = World::new(db).await;
        let first = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        let offered = candidates(&w.backend, &w.alice, &first).await.unwrap();
        let begun = begin(&w.backend, &w.alice, Purpose::New).await.unwrap();
        let public_token = bank(&w.backend).arrive(w.alice.user(), "sim_first_harbor", "demo").await.unwrap();
        let hint = Hint {
            institution_id: "sim_first_harbor".to_owned(),
            accounts: vec![HintAccount { account_type: offered[0].account_type, mask: offered[0].mask.clone() }],
        };

        let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: Some(hint) };
        let found = finish_link(&w.backend, &w.alice, &ask).await.unwrap();

        assert!(matches!(found, Finished::AlreadyLinked { connection, .. } if connection == first));
        let begun = begin(&w.backend, &w.alice, Purpose::New).await.unwrap();
        let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
        assert!(finish_link(&w.backend, &w.alice, &ask).await.is_ok(), "the token was not spent");
    }

    async fn accounts_are_chosen_once_and_more_of_them_later(db: TestDb) {
        let w = World::new(db).await;
        let connection = linked(link_only(&w.backend, &w.alice, "sim_first_harbor", "demo").await);
        let offered = candidates(&w.backend, &w.alice, &connection).await.unwrap();
        assert!(offered.iter().all(|account| !account.added && account.balance_minor.is_some()));
        let nothing = choose(&w.backend, &w.alice, &connection, &["nobody's".to_owned()]).await;
        assert!(matches!(nothing, Err(Error::Invalid(_))));

        let first = [offered[1].provider_id.clone()];
        let chosen = choose(&w.backend, &w.alice, &connection, &first).await.unwrap();
        assert_eq!(chosen.added.len(), 1);
        assert_eq!(choose(&w.backend, &w.alice, &connection, &first).await.unwrap(), Chosen::default());
        run(&w.backend).await;
        let some = in_ledger(&w.backend, &w.alice).await;
        assert!(!some.is_empty());
        assert_eq!(candidates(&w.backend, &w.alice, &connection).await.unwrap().iter().filter(|a| a.added).count(), 1);

        let more = choose_all(&w.backend, &w.alice, &connection).await;
        assert_eq!((more.added.len(), more.refused.len()), (2, 0));
        run(&w.backend).await;
        let all = in_ledger(&w.backend, &w.alice).await;
        assert_eq!(all, at_bank(&w.backend, &w.alice, &connection).await);
        assert!(some.iter().all(|(id, row)| all.get(id) == Some(row)));
        for (account, side) in accounts::list(&w.backend, &w.alice).await.unwrap().iter().zip(bank_sides(&w.backend, &w.alice).await.unwrap()) {
            assert_eq!(side.balance_minor, Some(account.balance_minor));
        }
    }

    async fn a_plan_without_room_adds_none_of_the_accounts(db: TestDb) {
        let w = World::new(db).await;
        let sold = with_billing(w.backend.clone(), &"http://127.0.0.1:9".parse().unwrap());
        accounts::testing::account_of(&sold, &w.alice).await;
        let connection = linked(link_only(&sold, &w.alice, "sim_first_harbor", "demo").await);
        let offered = candidates(&sold, &w.alice, &connection).await.unwrap();
        let ids: Vec<String> = offered.into_iter().map(|account| account.provider_id).collect();

        let refused = choose(&sold, &w.alice, &connection, &ids).await;

        assert!(matches!(refused, Err(Error::PlanRequired { limit: Limit::Accounts, plan: Plan::Free })), "{refused:?}");
        assert_eq!(accounts::list(&sold, &w.alice).await.unwrap().len(), 1);
        billing::give_plan(&sold, "alice@example.com", Plan::Plus).await.unwrap();
        assert_eq!(choose(&sold, &w.alice, &connection, &ids).await.unwrap().added.len(), 3);
    }

    async fn an_account_that_another_connection_reads_is_refused_politely(db: TestDb) {
        let w = World::new(db).await;
        let first = linked(link_only(&w.backend, &w.alice, "sim_first_harbor", "demo").await);
        let second = linked(link_only(&w.backend, &w.alice, "sim_first_harbor", "demo").await);
        assert_eq!(choose_all(&w.backend, &w.alice, &first).await.added.len(), 3);

        let offered = candidates(&w.backend, &w.alice, &second).await.unwrap();
        assert!(offered.iter().all(|account| account.added));
        let chosen = choose_all(&w.backend, &w.alice, &second).await;

        assert!(chosen.added.is_empty());
        let codes: Vec<Code> = chosen.refused.iter().map(|refused| refused.code).collect();
        assert_eq!(codes, [Code::AccountDuplicate; 3]);
    }

    async fn an_account_added_by_its_numbers_is_proven_by_its_bank(db: TestDb) {
        let w = World::new(db).await;
        let connection = linked(link_only(&w.backend, &w.alice, "sim_first_harbor", "demo").await);
        let ready = candidates::ready(&w.backend, &w.alice, &connection).await.unwrap();
        let ids: Vec<String> = ready.accounts().await.unwrap().into_iter().map(|account| account.id).collect();
        let numbers = ready.provider.numbers(&ready.token, &ids).await.unwrap();
        let typed = accounts::testing::checking(numbers[0].routing.as_str(), numbers[0].number.expose());
        let by_hand = accounts::create(&w.backend, &w.alice, typed, None).await.unwrap().value;
        assert_eq!(by_hand.status, AccountStatus::Pending);

        let chosen = choose_all(&w.backend, &w.alice, &connection).await;

        assert!(chosen.added.contains(&by_hand.id));
        let accounts = accounts::list(&w.backend, &w.alice).await.unwrap();
        assert_eq!(accounts.len(), 3);
        assert!(accounts.iter().all(|account| account.status == AccountStatus::Active));
    }

    async fn a_broken_login_asks_its_owner_once_and_is_repaired(db: TestDb) {
        let w = World::new(db).await;
        let connection = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        run(&w.backend).await;
        let item = item_of(&w.backend, &w.alice, &connection).await.unwrap();
        bank(&w.backend).break_login(&item).await.unwrap();

        let broken = read(&w.backend, &w.alice, &connection).await;
        assert_eq!(broken.state, ConnectionState::LoginRequired);
        assert_eq!(broken.message.as_deref(), Some("First Harbor needs you to sign in again."));
        assert_eq!(broken.next_sync_at, None);
        assert_eq!(sync_now(&w.backend, &w.alice, &connection).await.unwrap(), SyncAsked::NeedsOwner);
        assert_eq!(banner(&w).await.unwrap().message, "First Harbor needs you to sign in again.");
        assert_eq!(subjects(&w).await, ["First Harbor needs you"]);

        repair(&w.backend, &w.alice, &connection, "demo").await;
        assert_eq!(banner(&w).await, None);
        bank(&w.backend).advance_clock(3).await.unwrap();
        let repaired = read(&w.backend, &w.alice, &connection).await;
        assert_eq!((repaired.state, repaired.problem), (ConnectionState::Healthy, None));
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &connection).await);

        bank(&w.backend).break_login(&item).await.unwrap();
        read(&w.backend, &w.alice, &connection).await;
        assert_eq!(subjects(&w).await.len(), 2, "another problem, another mail");
    }

    async fn mallory_reaches_nothing_of_alices_connections(db: TestDb) {
        let w = World::new(db).await;
        let connection = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        run(&w.backend).await;
        let (b, mallory) = (&w.backend, &w.mallory);

        assert!(list(b, mallory).await.unwrap().is_empty());
        assert!(bank_sides(b, mallory).await.unwrap().is_empty());
        let missing = |result: Result<()>| assert!(matches!(result, Err(Error::NotFound("connection"))), "{result:?}");
        missing(get(b, mallory, &connection).await.map(drop));
        missing(candidates(b, mallory, &connection).await.map(drop));
        missing(choose(b, mallory, &connection, &["x".to_owned()]).await.map(drop));
        missing(sync_now(b, mallory, &connection).await.map(drop));
        missing(remove(b, mallory, &connection, History::Delete).await);
        missing(item_of(b, mallory, &connection).await.map(drop));
        missing(begin(b, mallory, Purpose::Repair(connection.clone())).await.map(drop));
        assert_eq!(view(&w, &connection).await.accounts, 3);
    }

    async fn a_removed_connection_keeps_its_history_and_linked_anew_nothing_is_doubled(db: TestDb) {
        let w = World::new(db).await;
        let connection = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        run(&w.backend).await;
        let before = live(&w.backend, &w.alice).await;

        remove(&w.backend, &w.alice, &connection, History::Keep).await.unwrap();
        run(&w.backend).await;

        assert_eq!(bank(&w.backend).open_logins().await.unwrap(), 0);
        assert!(list(&w.backend, &w.alice).await.unwrap().is_empty());
        assert_eq!(live(&w.backend, &w.alice).await, before);
        assert!(matches!(remove(&w.backend, &w.alice, &connection, History::Keep).await, Err(Error::NotFound(_))));
        assert!(matches!(sync_now(&w.backend, &w.alice, &connection).await, Err(Error::Expired(_))));

        let anew = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        run(&w.backend).await;
        assert_eq!(accounts::list(&w.backend, &w.alice).await.unwrap().len(), 3);
        assert_eq!(in_ledger(&w.backend, &w.alice).await, at_bank(&w.backend, &w.alice, &anew).await);
        let after = live(&w.backend, &w.alice).await;
        let ids = |lines: &[Line]| lines.iter().map(|line| line.id.clone()).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(ids(&after), ids(&before), "the rows are the same rows");
    }

    async fn a_removed_connection_takes_its_accounts_along_when_its_owner_says_so(db: TestDb) {
        let w = World::new(db).await;
        let wallet = accounts::testing::account_of(&w.backend, &w.alice).await;
        give(&w.backend, &w.alice, &wallet, Given::default()).await;
        let connection = link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        run(&w.backend).await;

        remove(&w.backend, &w.alice, &connection, History::Delete).await.unwrap();
        run(&w.backend).await;

        assert_eq!(accounts::list(&w.backend, &w.alice).await.unwrap().len(), 1);
        assert_eq!(lines(&w.backend, &w.alice).await.len(), 1);
        assert_eq!(bank(&w.backend).open_logins().await.unwrap(), 0);
    }

    async fn somebody_who_leaves_leaves_no_access_behind(db: TestDb) {
        let w = World::new(db).await;
        link(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        link(&w.backend, &w.mallory, "sim_first_harbor", "demo").await;

        auth::delete_account(&w.backend, &w.alice, "alice@example.com").await.unwrap();
        run(&w.backend).await;

        assert_eq!(bank(&w.backend).open_logins().await.unwrap(), 1);
        assert!(testing::mails_of(&w.backend, "alice@example.com").await.len() == 1);
        assert!(jobs::dead(&w.backend, 1).await.unwrap().is_empty());
    }
}
