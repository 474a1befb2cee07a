//! What Plaid says by itself.

use super::*;

both_engines! {
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
}
