use std::time::Duration;

use backend::both_engines;
use secrecy::ExposeSecret;
use serde_json::json;

use super::{connections::link, support::Site};

both_engines! {
    async fn a_bank_is_linked_by_program_and_its_accounts_are_chosen(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let ask = json!({ "provider": "simbank", "institution": "sim_first_harbor" });

        let begun = site.post(Some(&alice), "/api/connections/link", &ask).await;
        let bank = backend.banks.simbank().unwrap();
        let token = bank.arrive(alice.user(), "sim_first_harbor", "demo").await.unwrap();
        let back = json!({ "state": begun.json()["state"], "publicToken": token.expose_secret() });
        let theirs = site.post(Some(&mallory), "/api/connections/finish", &back).await;
        let finished = site.post(Some(&alice), "/api/connections/finish", &back).await;
        let again = site.post(Some(&alice), "/api/connections/finish", &back).await;
        let id = finished.json()["connectionId"].as_str().unwrap().to_owned();
        let path = format!("/api/connections/{id}/accounts");
        let offered = site.get(Some(&alice), &path).await.json();
        let choice = json!({ "accounts": [offered["items"][0]["providerId"]] });
        let nothing = site.post(Some(&alice), &path, &json!({ "accounts": [] })).await;
        let chosen = site.post(Some(&alice), &path, &choice).await.json();
        let after = site.get(Some(&alice), &path).await.json();

        assert_eq!(begun.status, 200, "{}", begun.text);
        assert!(begun.json()["url"].is_string() && begun.json()["linkToken"].is_null(), "{}", begun.text);
        assert_eq!((theirs.status, finished.status, again.status), (410, 200, 410));
        assert_eq!(finished.json()["outcome"], json!("linked"));
        assert_eq!(offered["items"].as_array().unwrap().len(), 3);
        assert_eq!((nothing.status, nothing.field("accounts")), (422, "account_required".to_owned()));
        assert_eq!((chosen["added"].as_array().unwrap().len(), &chosen["refused"]), (1, &json!([])));
        assert_eq!((&after["items"][0]["added"], &after["items"][1]["added"]), (&json!(true), &json!(false)));
        assert_eq!(site.get(Some(&mallory), &path).await.status, 404);
        assert_eq!(site.post(Some(&mallory), &path, &choice).await.status, 404);
    }

    async fn a_repair_begins_anew_and_all_of_it_needs_a_recent_sign_in(db: TestDb) {
        let site = Site::new(db).await;
        let (backend, alice, mallory) = (&site.w.backend, site.w.alice.clone(), site.w.mallory.clone());
        let id = link(backend, &alice, "sim_expired").await;
        let path = format!("/api/connections/{id}/repair");
        let ask = json!({ "provider": "simbank" });

        let begun = site.post(Some(&alice), &path, &json!({})).await;
        let theirs = site.post(Some(&mallory), &path, &json!({})).await;
        let nobody = site.post(Some(&alice), "/api/connections/link", &json!({ "provider": "bank" })).await;
        backend.clock.advance(Duration::from_mins(16));
        let stale = site.post(Some(&alice), &path, &json!({})).await;
        let stale_new = site.post(Some(&alice), "/api/connections/link", &ask).await;

        assert_eq!((begun.status, theirs.status), (200, 404), "{}", begun.text);
        assert_eq!(nobody.field("provider"), "option_unknown");
        assert_eq!((stale.status, stale_new.status), (403, 403));
    }
}
