//! A connection by way of Plaid: recorded answers over real HTTP, from the link to its end.

use std::sync::LazyLock;

use domain::{connection::BankProblem, provider::TroubleKind, states::connection::ConnectionState};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    testing::{begin_at_plaid, choose_at_plaid, link_at_plaid},
    *,
};
use crate::{
    banks::plaid::testing::{
        ACCESS_TOKEN, ITEM, JSON, PlaidStandIn, SECRET, recorded_plaid, webhook_headers, with_plaid,
    },
    both_engines,
};

const SYNC: &str = "POST /transactions/sync";
const REMOVE: &str = "POST /item/remove";
const EXCHANGE: &str = "POST /item/public_token/exchange";

/// The rows of the recorded checking account, in our sign.
const GROCERIES: (&str, i64) = ("tGroc1pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk01", -7_210);
const SALARY: (&str, i64) = ("tPay01pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk02", 207_850);
const TRANSFER: (&str, i64) = ("tXfer1pQ2mXeRwZ4tNbYg9LvJdSfU1oAiTk03", -50_000);

async fn world(db: crate::testing::TestDb) -> (World, PlaidStandIn) {
    let stand_in = PlaidStandIn::start().await;
    let mut w = World::new(db).await;
    w.backend = with_plaid(w.backend.clone(), &stand_in);
    (w, stand_in)
}

/// A world with a connection that was read once.
async fn healthy(db: crate::testing::TestDb) -> (World, PlaidStandIn, ConnectionId) {
    let (w, stand_in) = world(db).await;
    let connection = choose_at_plaid(&w.backend, &w.alice).await;
    run(&w.backend).await;
    assert_eq!(view(&w, &connection).await.problem, None);
    (w, stand_in, connection)
}

/// Ids and amounts of everything that was read.
async fn amounts(w: &World) -> BTreeMap<String, i64> {
    let rows = live(&w.backend, &w.alice).await.into_iter();
    rows.filter_map(|line| Some((line.provider_id?, line.minor))).collect()
}

/// The cursors that pages were asked for with: null is the beginning.
fn cursors(stand_in: &PlaidStandIn) -> Vec<Value> {
    let asked = stand_in.asked().into_iter().filter(|asked| asked.what == SYNC);
    asked.map(|asked| asked.body["cursor"].clone()).collect()
}

fn last_of(stand_in: &PlaidStandIn, what: &str) -> Value {
    let asked = stand_in.asked().into_iter().rfind(|asked| asked.what == what);
    asked.unwrap_or_else(|| panic!("nobody asked {what}")).body
}

/// The next link makes an item of its own, at the same bank.
fn another_item(stand_in: &PlaidStandIn) {
    for (path, body) in [
        ("/item/public_token/exchange", recorded_plaid!("calls/public_token_exchange")),
        ("/accounts/get", recorded_plaid!("calls/accounts_get")),
    ] {
        stand_in.refuse(path, 200, body.replace(ITEM, "aNoTheRpR2mXeHwZ4tNbYc9LgJdSfU1oAiTk3"));
    }
}

/// What Plaid's window gives to the browser.
fn brought(begun: &Begun) -> FinishAsk<'_> {
    static TOKEN: LazyLock<SecretString> = LazyLock::new(|| "public-sandbox-b0e2c4ee".into());
    FinishAsk { state: &begun.state, public_token: &TOKEN, hint: None }
}

fn count_of(stand_in: &PlaidStandIn, what: &str) -> usize {
    stand_in.calls().iter().filter(|call| *call == what).count()
}

/// A webhook as it comes in: signed, believed, kept, applied.
async fn hear(w: &World, body: &str) {
    let plaid = w.backend.banks.provider(ProviderKind::Plaid).unwrap();
    let headers = webhook_headers(body.as_bytes(), w.backend.clock.now());
    let event = plaid.parse_webhook(&headers, body.as_bytes()).await.unwrap();
    receive(&w.backend, ProviderKind::Plaid, &event, body.as_bytes()).await.unwrap();
    run(&w.backend).await;
}

both_engines! {
    async fn a_bank_is_linked_and_read_to_its_end(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;

        let read = view(&w, &connection).await;
        assert_eq!((&*read.provider, &*read.institution_name), ("plaid", "First Platypus Bank"));
        assert_eq!((read.state, read.accounts, read.history_complete), (ConnectionState::Healthy, 5, true));
        let amounts = amounts(&w).await;
        for (id, minor) in [GROCERIES, SALARY, TRANSFER] {
            assert_eq!(amounts.get(id), Some(&minor), "{amounts:?}");
        }
        assert_eq!(cursors(&stand_in), [json!(null), json!("cur-1")]);
        let cursor = stored_cursor(&w.backend, &w.alice, &connection).await;
        assert_eq!(cursor.as_deref(), Some("cur-2"));
        assert_eq!(item_of(&w.backend, &w.alice, &connection).await.unwrap(), ITEM);
        let sides = bank_sides(&w.backend, &w.alice).await.unwrap();
        assert_eq!(sides.iter().filter(|side| side.number_is_token).count(), 1);
        assert!(sides.iter().any(|side| side.balance_minor == Some(121_035)), "{sides:?}");
        assert!(sides.iter().any(|side| side.balance_minor == Some(-41_000)), "{sides:?}");
    }

    async fn the_next_reading_begins_where_the_last_one_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        let before = amounts(&w).await;

        let read = read(&w.backend, &w.alice, &connection).await;

        assert_eq!(cursors(&stand_in), [json!(null), json!("cur-1"), json!("cur-2")]);
        assert_eq!(read.problem, None);
        assert_eq!(amounts(&w).await, before, "the same rows said twice are the same rows");
    }

    async fn pages_that_change_while_they_are_read_are_read_from_where_the_reading_began(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let changed = recorded_plaid!("errors/TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION");
        stand_in.forget(SYNC);
        stand_in.answer("/transactions/sync", recorded_plaid!("calls/sync.first"));
        stand_in.on_with(SYNC, 400, JSON, changed);
        stand_in.answer("/transactions/sync", recorded_plaid!("calls/sync.first"));
        stand_in.answer("/transactions/sync", recorded_plaid!("calls/sync.last"));
        let connection = choose_at_plaid(&w.backend, &w.alice).await;

        run(&w.backend).await;
        assert!(lines(&w.backend, &w.alice).await.is_empty(), "the first page alone is nothing");
        assert_eq!(stored_cursor(&w.backend, &w.alice, &connection).await, None);
        w.backend.clock.advance(Duration::from_secs(2));
        run(&w.backend).await;

        assert_eq!(cursors(&stand_in), [json!(null), json!("cur-1"), json!(null), json!("cur-1")]);
        assert_eq!(view(&w, &connection).await.problem, None);
        assert_eq!(amounts(&w).await.get(SALARY.0), Some(&SALARY.1));
    }

    async fn an_answer_that_cannot_be_is_stored_in_no_part(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let connection = choose_at_plaid(&w.backend, &w.alice).await;
        let first = recorded_plaid!("calls/sync.first");
        let last = recorded_plaid!("calls/sync.last");
        let no_number = last.replacen("\"amount\": 1980", "\"amount\": \"1980\"", 1);
        let no_day = last.replacen("\"date\": \"2026-05-03\"", "\"date\": \"2106-05-03\"", 1);
        let cut = &last[..last.len() / 2];
        let ours = BankProblem::Trouble(TroubleKind::BadRequest);

        for (body, problem) in [
            // A page that leads to itself.
            (first, BankProblem::BadAnswer),
            (&*no_day, BankProblem::BadAnswer),
            (&*no_number, ours),
            (cut, ours),
        ] {
            stand_in.refuse("/transactions/sync", 200, body);
            let lied = read(&w.backend, &w.alice, &connection).await;
            assert_eq!(lied.problem, Some(problem));
            assert!(lines(&w.backend, &w.alice).await.is_empty());
            assert_eq!(stored_cursor(&w.backend, &w.alice, &connection).await, None);
        }

        stand_in.refuse("/transactions/sync", 200, last);
        let honest = read(&w.backend, &w.alice, &connection).await;
        assert_eq!((honest.state, honest.problem), (ConnectionState::Healthy, None));
        assert!(!lines(&w.backend, &w.alice).await.is_empty());
    }

    async fn rows_that_plaid_still_fetches_are_asked_for_again(db: TestDb) {
        let (w, stand_in) = world(db).await;
        stand_in.refuse("/transactions/sync", 200, recorded_plaid!("calls/sync.not_ready"));
        let connection = choose_at_plaid(&w.backend, &w.alice).await;
        run(&w.backend).await;

        let waiting = view(&w, &connection).await;
        assert_eq!(waiting.problem, Some(BankProblem::Trouble(TroubleKind::NotReady)));
        assert_eq!((waiting.last_sync_at, stored_cursor(&w.backend, &w.alice, &connection).await), (None, None));
        stand_in.refuse("/transactions/sync", 200, recorded_plaid!("calls/sync.last"));
        w.backend.clock.advance(Duration::from_secs(15));
        run(&w.backend).await;

        assert_eq!(view(&w, &connection).await.problem, None);
        assert!(!lines(&w.backend, &w.alice).await.is_empty());
    }

    async fn a_webhook_has_the_rows_read(db: TestDb) {
        let (w, stand_in, _) = healthy(db).await;
        let before = count_of(&stand_in, SYNC);

        hear(&w, recorded_plaid!("webhooks/transactions.default_update")).await;
        assert_eq!(count_of(&stand_in, SYNC), before, "of the older interface");
        hear(&w, recorded_plaid!("webhooks/transactions.sync_updates_available")).await;

        assert_eq!(count_of(&stand_in, SYNC), before + 1);
    }

    async fn a_login_that_is_wanted_is_repaired_in_plaids_window_with_the_same_token(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;

        hear(&w, recorded_plaid!("webhooks/item.error")).await;
        assert_eq!(view(&w, &connection).await.state, ConnectionState::LoginRequired);
        assert_eq!(subjects(&w).await, ["First Platypus Bank needs you"]);
        let begun = begin(&w.backend, &w.alice, Purpose::Repair(connection.clone())).await.unwrap();
        let asked = last_of(&stand_in, "POST /link/token/create");
        assert_eq!(asked["access_token"], ACCESS_TOKEN);
        assert!(asked.get("products").is_none(), "a repair asks for none");
        let public_token = SecretString::from("nothing");
        let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
        let exchanged = count_of(&stand_in, "POST /item/public_token/exchange");
        let finished = finish_link(&w.backend, &w.alice, &ask).await.unwrap();
        run(&w.backend).await;

        assert_eq!(finished, Finished::Repaired { connection: connection.clone() });
        assert_eq!(count_of(&stand_in, "POST /item/public_token/exchange"), exchanged);
        let repaired = view(&w, &connection).await;
        assert_eq!((repaired.state, repaired.problem), (ConnectionState::Healthy, None));
        assert_eq!(testing::token(&w.backend, &w.alice, &connection).await.expose_secret(), ACCESS_TOKEN);
    }

    async fn trouble_while_reading_becomes_the_state_of_the_connection(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        let rows = amounts(&w).await;

        for (body, state) in [
            (recorded_plaid!("errors/INSTITUTION_DOWN"), ConnectionState::InstitutionDown),
            (recorded_plaid!("errors/ITEM_LOGIN_REQUIRED"), ConnectionState::LoginRequired),
        ] {
            stand_in.refuse("/transactions/sync", 400, body);
            let read = read(&w.backend, &w.alice, &connection).await;
            assert_eq!(read.state, state, "{read:?}");
            let message = read.message.unwrap_or_default();
            assert!(message.contains("First Platypus Bank") && !message.contains("Words"), "{message}");
        }

        assert_eq!(amounts(&w).await, rows);
        let cursor = stored_cursor(&w.backend, &w.alice, &connection).await;
        assert_eq!(cursor.as_deref(), Some("cur-2"));
    }

    async fn a_connection_that_is_gone_at_plaid_has_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        let rows = amounts(&w).await;
        stand_in.refuse("/accounts/get", 400, recorded_plaid!("errors/ITEM_NOT_FOUND"));

        let ended = read(&w.backend, &w.alice, &connection).await;

        assert_eq!((ended.state, ended.next_sync_at), (ConnectionState::Revoked, None));
        assert_eq!(amounts(&w).await, rows);
        let again = begin(&w.backend, &w.alice, Purpose::Repair(connection)).await;
        assert!(matches!(again, Err(Error::Expired(_))), "{again:?}");
    }

    async fn permission_that_was_taken_back_ends_it(db: TestDb) {
        let (w, _, connection) = healthy(db).await;

        hear(&w, recorded_plaid!("webhooks/item.user_permission_revoked")).await;

        assert_eq!(view(&w, &connection).await.state, ConnectionState::Revoked);
    }

    async fn numbers_that_plaid_calls_old_are_fetched_anew(db: TestDb) {
        let (w, stand_in, _) = healthy(db).await;
        let before = count_of(&stand_in, "POST /auth/get");

        hear(&w, recorded_plaid!("webhooks/auth.default_update")).await;

        assert_eq!(count_of(&stand_in, "POST /auth/get"), before + 1);
        let accounts = crate::accounts::list(&w.backend, &w.alice).await.unwrap();
        assert!(accounts.iter().all(|account| account.status == domain::AccountStatus::Active));
    }

    async fn numbers_that_are_not_shared_are_none_and_no_error(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        for code in ["NO_AUTH_ACCOUNTS", "ACCESS_NOT_GRANTED"] {
            let body = json!({ "error_type": "ITEM_ERROR", "error_code": code });
            stand_in.refuse("/auth/get", 400, body.to_string());
            let before = count_of(&stand_in, "POST /auth/get");

            hear(&w, recorded_plaid!("webhooks/auth.automatically_verified")).await;
            w.backend.clock.advance(Duration::from_hours(1));
            run(&w.backend).await;

            assert_eq!(count_of(&stand_in, "POST /auth/get"), before + 1, "{code}: asked once");
        }
        assert!(jobs::dead(&w.backend, 1).await.unwrap().is_empty());
        let accounts = crate::accounts::list(&w.backend, &w.alice).await.unwrap();
        assert!(accounts.iter().all(|account| account.status == domain::AccountStatus::Active));
        assert_eq!(view(&w, &connection).await.problem, None);
    }

    async fn access_that_comes_to_nothing_is_ended_however_long_that_takes(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let begun = begin_at_plaid(&w.backend, &w.alice).await;
        stand_in.refuse("/accounts/get", 400, recorded_plaid!("errors/NO_ACCOUNTS"));
        stand_in.refuse("/item/remove", 400, recorded_plaid!("errors/INSTITUTION_DOWN"));

        let refused = finish_link(&w.backend, &w.alice, &brought(&begun)).await;
        run(&w.backend).await;

        let problem = BankProblem::Trouble(TroubleKind::NeedsConsent);
        assert!(matches!(&refused, Err(Error::Bank { problem: told, .. }) if *told == problem), "{refused:?}");
        assert_eq!(count_of(&stand_in, REMOVE), 1);
        stand_in.refuse("/item/remove", 200, recorded_plaid!("calls/item_remove"));
        w.backend.clock.advance(MINUTE * 10);
        run(&w.backend).await;
        assert_eq!(last_of(&stand_in, REMOVE), json!({ "access_token": ACCESS_TOKEN }));
        assert_eq!(count_of(&stand_in, REMOVE), 2);
        assert!(list(&w.backend, &w.alice).await.unwrap().is_empty());
    }

    async fn one_that_is_removed_is_ended_at_plaid(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;

        remove(&w.backend, &w.alice, &connection, History::Keep).await.unwrap();
        run(&w.backend).await;

        assert_eq!(last_of(&stand_in, REMOVE), json!({ "access_token": ACCESS_TOKEN }));
        assert_eq!(view(&w, &connection).await.state, ConnectionState::Removed);
        assert!(jobs::dead(&w.backend, 1).await.unwrap().is_empty());
    }

    async fn a_plaid_that_is_down_is_asked_again_until_the_access_has_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        stand_in.refuse("/item/remove", 400, recorded_plaid!("errors/INSTITUTION_DOWN"));
        remove(&w.backend, &w.alice, &connection, History::Keep).await.unwrap();
        run(&w.backend).await;
        assert_eq!(count_of(&stand_in, REMOVE), 1);

        stand_in.refuse("/item/remove", 200, recorded_plaid!("calls/item_remove"));
        w.backend.clock.advance(MINUTE * 10);
        run(&w.backend).await;

        assert_eq!(count_of(&stand_in, REMOVE), 2);
    }

    async fn the_same_bank_linked_twice_leads_to_the_first_and_the_second_is_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        another_item(&stand_in);

        let again = link_at_plaid(&w.backend, &w.alice).await;
        run(&w.backend).await;

        let institution_name = "First Platypus Bank".to_owned();
        assert_eq!(again, Finished::AlreadyLinked { connection: connection.clone(), institution_name });
        assert_eq!(count_of(&stand_in, REMOVE), 1);
        assert_eq!(list(&w.backend, &w.alice).await.unwrap().len(), 1);
        let theirs = get(&w.backend, &w.mallory, &connection).await;
        assert!(matches!(theirs, Err(Error::NotFound(_))), "{theirs:?}");
    }

    async fn the_same_access_brought_twice_is_not_ended(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;

        let again = link_at_plaid(&w.backend, &w.alice).await;
        let begun = begin_at_plaid(&w.backend, &w.mallory).await;
        let theirs = finish_link(&w.backend, &w.mallory, &brought(&begun)).await;
        run(&w.backend).await;

        assert!(matches!(&again, Finished::AlreadyLinked { connection: first, .. } if *first == connection));
        assert!(matches!(theirs, Err(Error::AlreadyExists(_))), "{theirs:?}");
        assert_eq!(count_of(&stand_in, REMOVE), 0);
        assert_eq!(read(&w.backend, &w.alice, &connection).await.problem, None);
    }

    async fn whoever_leaves_while_plaid_answers_has_the_connection_all_the_same(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let begun = begin_at_plaid(&w.backend, &w.alice).await;
        let ask = brought(&begun);
        let go = stand_in.hold(EXCHANGE);

        tokio::select! {
            biased;
            finished = finish_link(&w.backend, &w.alice, &ask) => panic!("nobody answered: {finished:?}"),
            () = stand_in.until(EXCHANGE) => {}
        }
        assert!(list(&w.backend, &w.alice).await.unwrap().is_empty());
        go.notify_one();
        w.backend.tasks.close();
        w.backend.tasks.wait().await;

        let kept = list(&w.backend, &w.alice).await.unwrap();
        let [kept] = &*kept else { panic!("{kept:?}") };
        assert_eq!(testing::token(&w.backend, &w.alice, &kept.id).await.expose_secret(), ACCESS_TOKEN);
        assert_eq!((count_of(&stand_in, EXCHANGE), count_of(&stand_in, REMOVE)), (1, 0));
        let again = finish_link(&w.backend, &w.alice, &ask).await;
        assert!(matches!(again, Err(Error::Expired(_))), "{again:?}");
    }

    async fn access_that_cannot_be_kept_is_ended(db: TestDb) {
        let (w, stand_in) = world(db).await;
        let begun = begin_at_plaid(&w.backend, &w.alice).await;
        let ask = brought(&begun);
        let go = stand_in.hold(EXCHANGE);

        let closing = async {
            stand_in.until(EXCHANGE).await;
            w.backend.db.close().await;
            go.notify_one();
        };
        let (finished, ()) = tokio::join!(finish_link(&w.backend, &w.alice, &ask), closing);

        assert!(matches!(finished, Err(Error::Database(_))), "{finished:?}");
        assert_eq!(last_of(&stand_in, REMOVE), json!({ "access_token": ACCESS_TOKEN }));
    }

    async fn a_bank_that_sends_back_without_a_state_is_answered_by_the_latest_attempt(db: TestDb) {
        let (w, _) = world(db).await;
        let none = resume_latest(&w.backend, &w.alice, ProviderKind::Plaid).await;
        assert!(matches!(none, Err(Error::Expired(_))), "{none:?}");
        begin_at_plaid(&w.backend, &w.alice).await;
        w.backend.clock.advance(MINUTE);
        let last = begin_at_plaid(&w.backend, &w.alice).await;
        w.backend.clock.advance(MINUTE);
        begin(&w.backend, &w.alice, Purpose::New).await.unwrap();

        let found = resume_latest(&w.backend, &w.alice, ProviderKind::Plaid).await.unwrap();
        let theirs = resume_latest(&w.backend, &w.mallory, ProviderKind::Plaid).await;
        w.backend.clock.advance(MINUTE * 31);
        let late = resume_latest(&w.backend, &w.alice, ProviderKind::Plaid).await;

        assert_eq!(found.state, last.state);
        assert!(matches!(found.start, crate::banks::LinkStart::Script { .. }), "{found:?}");
        assert!(matches!(theirs, Err(Error::Expired(_))), "{theirs:?}");
        assert!(matches!(late, Err(Error::Expired(_))), "{late:?}");
    }

    async fn nothing_that_opens_a_bank_is_stored_or_told(db: TestDb) {
        let (w, stand_in, connection) = healthy(db).await;
        stand_in.refuse("/accounts/get", 400, recorded_plaid!("errors/MISSING_FIELDS"));

        let refused = candidates(&w.backend, &w.alice, &connection).await.unwrap_err();

        let told = format!("{refused:?} {refused} {}", crate::error::chain(&refused));
        let mut tx = w.backend.db.as_user(w.alice.user()).read().await.unwrap();
        let sealed = rows::find(&mut tx, &connection).await.unwrap().token.unwrap();
        for secret in [ACCESS_TOKEN, SECRET] {
            assert!(!told.contains(secret) && !sealed.contains(secret), "{told}");
        }
    }
}
