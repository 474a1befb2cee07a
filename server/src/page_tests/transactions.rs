//! Transactions: typed in, changed, split, deleted, found again and taken along, all by plain forms.

use backend::both_engines;

use super::{Browser, Site, leads_to, site, submit, visit, words};

/// Somebody with an account of cash; its id.
async fn with_wallet(site: &Site) -> (Browser, String) {
    let mut ann = site.person("ann@example.com").await;
    let fields = [("bankName", "Wallet"), ("accountType", "cash"), ("currency", "USD")];
    let added = submit(&mut ann, "/accounts/link", &fields).await;
    let id = leads_to(&added).trim_start_matches("/accounts/").to_owned();
    (ann, id)
}

/// A lunch of $12.50; the path of its page.
async fn lunch(ann: &mut Browser, account: &str) -> String {
    let fields = [
        ("accountId", account),
        ("date", "2026-05-03"),
        ("description", "Lunch With Bo"),
        ("amount", "12.50"),
        ("category", "food.restaurants"),
        ("tags", "trip"),
    ];
    leads_to(&submit(ann, "/transactions/new", &fields).await).to_owned()
}

fn id_of(path: &str) -> &str {
    path.trim_start_matches("/transactions/")
}

both_engines! {
    async fn a_row_is_typed_in_and_shown_with_who_set_what(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        assert!(words(&visit(&mut ann, "/transactions/new").await).contains("Add a transaction"));

        let path = lunch(&mut ann, &account).await;

        let page = words(&visit(&mut ann, &path).await);
        for text in ["Lunch With Bo", "−$12.50", "Restaurants", "#trip", "Set by: You", "Typed in by you", "Delete this transaction"] {
            assert!(page.contains(text), "{text} in {page}");
        }
        let list = visit(&mut ann, "/transactions?q=lunch").await.text;
        assert!(list.contains(&format!(r#"href="{path}?back=q%3Dlunch""#)), "{list}");
    }

    async fn a_refused_row_comes_back_with_what_was_typed(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let fields = [("accountId", &*account), ("date", "2026-05-03"), ("description", "Lunch"), ("amount", "0")];

        let refused = submit(&mut ann, "/transactions/new", &fields).await;

        assert_eq!(refused.status, 422);
        assert!(refused.text.contains(r#"value="Lunch""#), "{}", refused.text);
        assert_eq!(refused.text.matches(r#"aria-invalid="true""#).count(), 1);
    }

    async fn what_is_changed_is_the_persons_and_the_rest_stays(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let path = lunch(&mut ann, &account).await;
        let fields = [
            ("id", id_of(&path)),
            ("back", "q=lunch&page=2"),
            ("merchant", "Lunch With Bo"),
            ("category", "food.restaurants"),
            ("group", "food"),
            ("label", "School lunch"),
            ("date", "2026-05-03"),
            ("note", ""),
            ("tags", "trip"),
            ("excluded", "true"),
        ];

        let saved = submit(&mut ann, "/transactions/edit", &fields).await;

        assert_eq!(leads_to(&saved), format!("{path}?back=q%3Dlunch%26page%3D2"));
        let page = words(&visit(&mut ann, leads_to(&saved)).await);
        for text in ["School lunch", "Left out of budgets and sums", r#"href="/transactions?q=lunch&page=2""#] {
            assert!(page.contains(text), "{text} in {page}");
        }
        let found = words(&visit(&mut ann, "/transactions?q=category%3A%22school+lunch%22").await);
        assert!(found.contains("Read as: School lunch.") && found.contains("Lunch With Bo"), "{found}");
    }

    async fn a_row_is_split_without_script_and_made_whole_again(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let path = lunch(&mut ann, &account).await;
        let more = format!("{path}?parts%5B0%5D%5Bamount%5D=10&parts%5B1%5D%5Bamount%5D=&lines=3");
        let page = visit(&mut ann, &more).await.text;
        assert_eq!(page.matches(r#"data-testid="split-part""#).count(), 3, "{page}");
        assert!(page.contains(r#"data-minor="250""#), "{page}");
        let mut fields = vec![
            ("id", id_of(&path)),
            ("page", &*path),
            ("parts[0][amount]", "10"),
            ("parts[0][category]", "food.restaurants"),
            ("parts[1][amount]", "2"),
            ("parts[1][category]", "giving"),
        ];

        let refused = submit(&mut ann, "/transactions/split", &fields).await;
        fields[4].1 = "2.50";
        let split = submit(&mut ann, "/transactions/split", &fields).await;

        assert_eq!(refused.status, 422);
        assert!(words(&refused).contains("The parts add up to $12.00, not $12.50."), "{}", refused.text);
        assert!(refused.text.contains(r#"value="10""#), "{}", refused.text);
        assert_eq!(leads_to(&split), path);
        let found = words(&visit(&mut ann, "/transactions?category=giving").await);
        assert!(found.contains("Lunch With Bo") && found.contains("Split"), "{found}");
        submit(&mut ann, "/transactions/split", &[("id", id_of(&path)), ("whole", "1")]).await;
        let none = words(&visit(&mut ann, "/transactions?category=giving").await);
        assert!(none.contains("No transactions match.") && none.contains("Show all transactions"), "{none}");
    }

    async fn a_row_is_deleted_by_its_owner_and_leads_back_to_the_list(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let path = lunch(&mut ann, &account).await;
        let mut eve = site.person("eve@example.com").await;
        let fields = [("id", id_of(&path)), ("back", "tag=trip")];

        for page in [path.clone(), format!("{path}?back=x")] {
            assert_eq!(visit(&mut eve, &page).await.status, 404);
        }
        assert_eq!(submit(&mut eve, "/transactions/delete", &fields).await.status, 404);
        let deleted = submit(&mut ann, "/transactions/delete", &fields).await;

        assert_eq!(leads_to(&deleted), "/transactions?tag=trip");
        assert_eq!(visit(&mut ann, &path).await.status, 404);
    }

    async fn a_search_says_what_it_did_not_understand(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;

        let found = words(&visit(&mut ann, "/transactions?q=lunch+%3E5+-tag%3Awork+account%3Awallet").await);
        let odd = words(&visit(&mut ann, "/transactions?q=amount%3Aabc").await);

        assert!(found.contains("1 transaction ·") && found.contains("not #work"), "{found}");
        assert!(odd.contains("We don't know what “amount:abc” means"), "{odd}");
        assert!(odd.contains("No transactions match."), "{odd}");
    }

    async fn the_list_leaves_as_a_file_with_its_filters_for_its_owner_alone(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;
        let (mut eve, mut nobody) = (site.person("eve@example.com").await, site.browser());

        let csv = visit(&mut ann, "/transactions.csv?tag=trip").await;
        let json = visit(&mut ann, "/transactions.json?tag=other").await;

        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        assert_eq!(csv.text.lines().count(), 2, "{}", csv.text);
        assert!(csv.text.contains(",-12.50,USD,"), "{}", csv.text);
        assert_eq!(json.json(), serde_json::json!([]));
        assert_eq!(visit(&mut ann, "/transactions.csv?from=never").await.status, 422);
        assert_eq!(visit(&mut eve, "/transactions.csv").await.text.lines().count(), 1);
        let elsewhere = visit(&mut nobody, "/transactions.csv").await;
        assert_eq!(leads_to(&elsewhere), "/sign-in?next=%2Ftransactions.csv");
    }
}
