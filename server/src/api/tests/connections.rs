use backend::{
    Backend, SignedIn, accounts,
    banks::{ProviderKind, Purpose},
    both_engines,
    connections::{self, BeginAsk, FinishAsk, Finished, testing::choose_at_plaid},
    jobs,
    testing::{PlaidStandIn, World, with_plaid},
};
use serde_json::json;

use super::support::Site;

/// Links a bank with every account of it; nothing is read yet.
pub(crate) async fn link(backend: &Backend, who: &SignedIn, institution: &str) -> String {
    let return_url = "http://localhost:3000/accounts/link/return".parse().unwrap();
    let ask = BeginAsk {
        provider: ProviderKind::Simbank,
        purpose: Purpose::New,
        institution: None,
        return_url: &return_url,
    };
    let begun = connections::begin_link(backend, who, &ask).await.unwrap();
    let bank = backend.banks.simbank().unwrap();
    let public_token = bank.arrive(who.user(), institution, "demo").await.unwrap();
    let ask = FinishAsk { state: &begun.state, public_token: &public_token, hint: None };
    let finished = connections::finish_link(backend, who, &ask).await.unwrap();
    let Finished::Linked { connection } = finished else { panic!("{finished:?}") };
    let offered = connections::candidates(backend, who, &connection).await.unwrap();
    let ids: Vec<String> = offered.into_iter().map(|account| account.provider_id).collect();
    connections::choose(backend, who, &connection, &ids).await.unwrap();
    connection.into_string()
}

both_engines! {
    async fn a_connection_is_listed_read_now_and_ended_with_its_history_kept(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let id = link(backend, &alice, "sim_first_harbor").await;
        let path = format!("/api/connections/{id}");
        jobs::run_due(backend).await.unwrap();

        let list = site.get(Some(&alice), "/api/connections").await.json();
        let asked = site.send(Some(&alice), post(&format!("{path}/sync"))).await;
        let ended = site.delete(Some(&alice), &path).await;
        let after = site.get(Some(&alice), &path).await.json();

        assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &json!(id)));
        assert_eq!((&list["items"][0]["state"], &list["items"][0]["accounts"]), (&json!("healthy"), &json!(3)));
        assert!(list["items"][0]["lastSyncAt"].is_string(), "{list}");
        assert_eq!((asked.status, asked.json()), (202, json!({ "sync": "begins" })));
        assert_eq!((ended.status, &after["state"]), (204, &json!("removed")));
        assert_eq!(site.get(Some(&alice), "/api/connections").await.json()["total"], json!(0));
        assert_eq!(accounts::list(backend, &alice).await.unwrap().len(), 3);
        assert_eq!(site.delete(Some(&alice), &path).await.status, 404);
        assert_eq!(site.send(Some(&alice), post(&format!("{path}/sync"))).await.status, 410);
    }

    async fn the_accounts_go_along_where_that_is_asked_for(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let id = link(backend, &alice, "sim_expired").await;
        let path = format!("/api/connections/{id}");

        let refused = site.delete(Some(&alice), &format!("{path}?history=burn")).await;
        let ended = site.delete(Some(&alice), &format!("{path}?history=delete")).await;

        assert_eq!((refused.status, refused.field("history")), (422, "option_unknown".to_owned()));
        assert_eq!(ended.status, 204);
        assert!(accounts::list(backend, &alice).await.unwrap().is_empty());
    }

    async fn a_bank_that_wants_its_customer_says_so(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let id = link(backend, &alice, "sim_expired").await;
        let path = format!("/api/connections/{id}");
        jobs::run_due(backend).await.unwrap();
        assert_eq!(site.send(Some(&alice), post(&format!("{path}/sync"))).await.status, 202);
        jobs::run_due(backend).await.unwrap();

        let asked = site.send(Some(&alice), post(&format!("{path}/sync"))).await;
        let one = site.get(Some(&alice), &path).await.json();

        assert_eq!((asked.status, asked.json()), (409, json!({ "sync": "needs_owner" })));
        assert_eq!((&one["state"], &one["problem"]), (&json!("login_required"), &json!("needs_login")));
        assert_eq!(one["message"], json!("Expired Federal needs you to sign in again."));
        assert_eq!(one["nextSyncAt"], json!(null));
    }

    async fn a_sign_in_of_long_ago_ends_no_connection_but_one_to_a_test_bank(db: TestDb) {
        let plaid = PlaidStandIn::start().await;
        let mut w = World::new(db).await;
        w.backend = with_plaid(w.backend.clone(), &plaid);
        let site = Site::of(w);
        let (backend, alice) = (&site.w.backend, site.w.alice.clone());
        let invented = format!("/api/connections/{}", link(backend, &alice, "sim_first_harbor").await);
        let real = format!("/api/connections/{}", choose_at_plaid(backend, &alice).await);
        backend.clock.advance(std::time::Duration::from_mins(16));

        let stale = site.delete(Some(&alice), &real).await;
        let ended = site.delete(Some(&alice), &invented).await;

        assert_eq!((stale.status, stale.code().as_str()), (403, "SESSION_NOT_FRESH"));
        assert_ne!(site.get(Some(&alice), &real).await.json()["state"], json!("removed"));
        assert_eq!((ended.status, site.delete(Some(&alice), &invented).await.status), (204, 404));
        assert_eq!(site.delete(Some(&site.w.mallory), &real).await.status, 404);
        assert_eq!(site.delete(None, &real).await.status, 401);
    }

    async fn nobody_sees_or_ends_what_is_somebody_elses(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let id = link(backend, &alice, "sim_first_harbor").await;
        let path = format!("/api/connections/{id}");

        assert_eq!(site.get(Some(&mallory), &path).await.status, 404);
        assert_eq!(site.send(Some(&mallory), post(&format!("{path}/sync"))).await.status, 404);
        assert_eq!(site.delete(Some(&mallory), &path).await.status, 404);
        assert_eq!(site.get(Some(&mallory), "/api/connections").await.json()["total"], json!(0));
        assert_eq!(site.get(None, "/api/connections").await.status, 401);
        assert_eq!(site.get(Some(&alice), "/api/connections?limit=0").await.status, 422);
        assert_eq!(site.get(Some(&alice), &path).await.json()["state"], json!("healthy"));
    }
}

fn post(path: &str) -> axum::http::Request<axum::body::Body> {
    axum::http::Request::post(path).body(axum::body::Body::empty()).unwrap()
}
