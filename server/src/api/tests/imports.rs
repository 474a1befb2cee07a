use axum::{body::Body, http::Request};
use backend::{SignedIn, accounts::testing::account_of, both_engines};
use domain::import::MAX_BYTES;
use serde_json::{Value, json};

use super::support::{Answer, Site};

const PATH: &str = "/api/imports";
const KEY: &str = "0123456789abcdef";
const FILE: &str = "Date,Description,Amount\n2026-05-01,Rent,-900.00\n2026-05-02,Salary,3000.00\n2026-02-30,Nothing,1.00\n2026-05-04,Coffee,-4.50\n";

fn part(name: &str, content: &str) -> String {
    let file = if name == "file" { "; filename=\"bank.csv\"" } else { "" };
    format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
}

async fn upload(site: &Site, who: Option<&SignedIn>, parts: &[(&str, &str)]) -> Answer {
    upload_with(site, who, None, parts).await
}

/// The same request as any other with this key.
async fn upload_with(
    site: &Site,
    who: Option<&SignedIn>,
    key: Option<&str>,
    parts: &[(&str, &str)],
) -> Answer {
    let parts: String = parts.iter().map(|(name, content)| part(name, content)).collect();
    let mut request = Request::post(PATH).header("content-type", "multipart/form-data; boundary=x");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    site.send(who, request.body(Body::from(format!("{parts}--x--\r\n"))).unwrap()).await
}

/// The path of a draft of Alice.
async fn draft(site: &Site, text: &str) -> String {
    let account = account_of(&site.w.backend, &site.w.alice).await;
    let parts = [("accountId", account.as_str()), ("file", text)];
    let kept = upload(site, Some(&site.w.alice), &parts).await;
    kept.header("location").unwrap_or_else(|| panic!("{kept:?}")).to_owned()
}

fn lines(preview: &Value) -> Vec<i64> {
    let rows = preview["preview"]["rows"]["items"].as_array().unwrap();
    rows.iter().map(|row| row["line"].as_i64().unwrap()).collect()
}

both_engines! {
    async fn the_same_file_twice_with_one_key_is_one_import(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let account = account_of(&site.w.backend, &site.w.alice).await;
        let parts = [("accountId", account.as_str()), ("file", FILE)];
        let shorter = FILE.replace("2026-05-04,Coffee,-4.50\n", "");

        let first = upload_with(&site, alice, Some(KEY), &parts).await;
        let again = upload_with(&site, alice, Some(KEY), &parts).await;
        let other = upload_with(&site, alice, Some(KEY), &[parts[0], ("file", &shorter)]).await;
        let without = upload(&site, alice, &parts).await;
        let unknown = [("accountId", "nobodys"), ("file", FILE)];
        let unknown = upload_with(&site, alice, Some("fedcba9876543210"), &unknown).await;

        assert_eq!((first.status, first.header("idempotent-replayed")), (201, None));
        assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
        assert_eq!((again.json(), again.header("location")), (first.json(), first.header("location")));
        assert_eq!((other.status, other.code()), (422, "IDEMPOTENCY_KEY_REUSED".to_owned()));
        assert_eq!((without.status, unknown.status), (201, 404));
        assert_ne!(without.header("location"), first.header("location"));
    }

    async fn a_file_is_looked_at_committed_and_undone(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = draft(&site, FILE).await;
        let commit = format!("{path}/commit");

        let seen = site.get(alice, &path).await.json();
        let done = site.post_once(alice, &commit, KEY, &json!({ "leaveOut": [2] })).await;
        let again = site.post_once(alice, &commit, KEY, &json!({ "leaveOut": [2] })).await;
        let after = site.get(alice, &path).await.json();
        let list = site.get(alice, PATH).await.json();
        let undone = site.post(alice, &format!("{path}/undo"), &json!({})).await;

        let preview = &seen["preview"];
        assert_eq!((&seen["state"], &seen["fileName"], &preview["format"]), (&json!("uploaded"), &json!("bank.csv"), &json!("csv")));
        assert_eq!(preview["counts"], json!({ "new": 3, "here": 0, "possible": 0, "failed": 1 }));
        assert_eq!(preview["mapping"], json!({ "date": 0, "description": 1, "amount": 2 }));
        assert_eq!((&preview["questions"], &preview["rows"]["total"]), (&json!([]), &json!(4)));
        assert_eq!(preview["rows"]["items"][0], json!({
            "line": 2, "state": "new", "date": "2026-05-01", "description": "Rent", "signedAmountCents": -90_000,
            "currency": "USD", "category": "housing.rent", "note": null, "possible": null, "errors": [],
        }));
        assert_eq!(preview["rows"]["items"][2]["errors"][0]["code"], "date_invalid");
        assert_eq!((done.status, done.json()), (200, json!({ "success": true, "added": 2, "skipped": 1, "failed": 1 })));
        assert_eq!((again.json(), again.header("idempotent-replayed")), (done.json(), Some("true")));
        assert_eq!((&after["state"], &after["preview"], &after["edited"]), (&json!("applied"), &Value::Null, &json!(0)));
        assert_eq!((&list["total"], &list["items"][0]["added"]), (&json!(1), &json!(2)));
        assert_eq!((undone.status, undone.json()), (200, json!({ "success": true, "removed": 2 })));
        assert_eq!(site.get(alice, "/api/transactions").await.json()["total"], 0);
        assert_eq!(site.delete(alice, &path).await.status, 410);
    }

    async fn what_was_changed_since_is_asked_about_before_it_goes(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = draft(&site, FILE).await;
        site.post(alice, &format!("{path}/commit"), &json!({})).await;
        let row = site.get(alice, "/api/transactions?q=coffee").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        site.w.backend.clock.advance(std::time::Duration::from_mins(1));
        site.patch(alice, &format!("/api/transactions/{row}"), &json!({ "note": "mine" })).await;

        let asked = site.post(alice, &format!("{path}/undo"), &json!({})).await;
        let undone = site.post(alice, &format!("{path}/undo?edited=true"), &json!({})).await;

        assert_eq!(site.get(alice, &path).await.json()["edited"], 0);
        assert_eq!((asked.status, asked.code().as_str()), (409, "IMPORT_EDITED"));
        assert_eq!((undone.status, &undone.json()["removed"]), (200, &json!(3)));
    }

    async fn rows_follow_by_number_by_cursor_and_by_what_becomes_of_them(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = draft(&site, FILE).await;

        let first = site.get(alice, &format!("{path}?limit=3")).await.json();
        let second = site.get(alice, &format!("{path}?limit=3&page=2")).await.json();
        let cursor = first["preview"]["rows"]["nextCursor"].as_str().unwrap();
        let next = site.get(alice, &format!("{path}?limit=3&cursor={cursor}")).await.json();
        let cursor = next["preview"]["rows"]["prevCursor"].as_str().unwrap();
        let back = site.get(alice, &format!("{path}?limit=2&cursor={cursor}")).await.json();
        let failed = site.get(alice, &format!("{path}?state=failed")).await.json();
        let past = site.get(alice, &format!("{path}?page=9")).await.json();

        assert_eq!((lines(&first), lines(&second), lines(&next)), (vec![2, 3, 4], vec![5], vec![5]));
        assert_eq!((lines(&back), lines(&failed), lines(&past)), (vec![3, 4], vec![4], vec![]));
        assert_eq!(next["preview"]["rows"]["nextCursor"], Value::Null);
        assert_eq!(first["preview"]["rows"]["prevCursor"], Value::Null);
        assert_eq!(failed["preview"]["rows"]["total"], 1);
    }

    async fn what_only_the_person_knows_is_asked_and_answered(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = draft(&site, "date,what,amount\n03/04/2026,x,1\n05/06/2026,y,2\n").await;

        let open = site.get(alice, &path).await.json();
        let refused = site.post(alice, &format!("{path}/commit"), &json!({})).await;
        let answered = site.get(alice, &format!("{path}?date=dmy")).await.json();
        let options = answered["preview"]["options"].as_str().unwrap();
        let done = site.post(alice, &format!("{path}/commit"), &json!({ "options": options })).await.json();

        let question = &open["preview"]["questions"][0];
        assert_eq!((&question["kind"], &question["answeredBy"]), (&json!("dateFormat"), &json!(["date"])));
        assert_eq!(lines(&open), Vec::<i64>::new());
        assert_eq!((refused.status, refused.field("date").as_str()), (422, "option_unknown"));
        assert_eq!(answered["preview"]["rows"]["items"][0]["date"], "2026-04-03");
        assert_eq!(done["added"], 2);
    }

    async fn a_draft_is_dropped(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let path = draft(&site, FILE).await;

        assert_eq!(site.post(alice, &format!("{path}/undo"), &json!({})).await.status, 410);
        assert_eq!(site.delete(alice, &path).await.status, 200);
        assert_eq!(site.get(alice, &path).await.status, 404);
    }

    async fn what_does_not_fit_is_named(db: TestDb) {
        let site = Site::new(db).await;
        let alice = Some(&site.w.alice);
        let account = account_of(&site.w.backend, &site.w.alice).await;
        let path = draft(&site, FILE).await;

        let empty = upload(&site, alice, &[]).await;
        assert_eq!((empty.field("file").as_str(), empty.field("accountId").as_str()), ("file_required", "account_required"));
        let nothing = upload(&site, alice, &[("accountId", account.as_str()), ("file", "")]).await;
        assert_eq!((nothing.status, nothing.field("file").as_str()), (422, "file_empty"));
        let large = "x".repeat(MAX_BYTES + 1);
        assert_eq!(upload(&site, alice, &[("file", &large)]).await.status, 413);
        assert_eq!(site.post(alice, PATH, &json!({})).await.status, 415);
        for (query, field, code) in [
            ("date=x", "date", "option_unknown"),
            ("col.amount=-1", "col.amount", "column_unknown"),
            ("state=odd", "state", "option_unknown"),
            ("cursor=zzz", "cursor", "cursor_invalid"),
            ("cursor=a", "cursor", "cursor_invalid"),
            ("limit=201", "limit", "limit_range"),
            ("page=201", "page", "page_too_deep"),
        ] {
            let refused = site.get(alice, &format!("{path}?{query}")).await;
            assert_eq!((refused.status, refused.field(field).as_str()), (422, code), "{query}");
        }
        let refused = site.post(alice, &format!("{path}/commit"), &json!({ "options": "decimal=x" })).await;
        assert_eq!((refused.status, refused.field("decimal").as_str()), (422, "option_unknown"));
        assert_eq!(site.get(alice, &format!("{PATH}?limit=0")).await.field("limit"), "limit_range");
    }

    async fn nobody_brings_reads_or_takes_back_for_others(db: TestDb) {
        let site = Site::new(db).await;
        let account = account_of(&site.w.backend, &site.w.alice).await;
        let path = draft(&site, FILE).await;

        for (who, status) in [(Some(&site.w.mallory), 404), (None, 401)] {
            assert_eq!(upload(&site, who, &[("accountId", account.as_str()), ("file", FILE)]).await.status, status);
            assert_eq!(site.get(who, &path).await.status, status);
            assert_eq!(site.post(who, &format!("{path}/commit"), &json!({})).await.status, status);
            assert_eq!(site.post(who, &format!("{path}/undo"), &json!({})).await.status, status);
            assert_eq!(site.delete(who, &path).await.status, status);
        }
        assert_eq!(site.get(Some(&site.w.mallory), PATH).await.json()["total"], 0);
        assert_eq!(site.get(None, PATH).await.status, 401);
        assert_eq!(site.get(Some(&site.w.alice), &path).await.json()["state"], "uploaded");
    }
}
