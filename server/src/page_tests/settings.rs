//! Preferences and categories: plain forms, errors at their fields, nothing of anybody else.

use axum::body::Body;
use backend::{both_engines, testing};

use super::{Browser, Site, leads_to, site, submit, visit, words};

/// Somebody with a leaf of their own; the path of its page.
async fn with_lunch(site: &Site) -> (Browser, &'static str) {
    let mut ann = site.person("ann@example.com").await;
    let fields = [("group", "food"), ("label", "School lunch")];
    let added = submit(&mut ann, "/settings/categories", &fields).await;
    assert_eq!(leads_to(&added), "/settings/categories");
    (ann, "/settings/categories/food.school-lunch")
}

both_engines! {
    async fn preferences_are_saved_and_shown_again(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let before = visit(&mut ann, "/settings/preferences").await.text;
        assert!(before.contains(r#"value="UTC""#), "{before}");
        let fields = [
            ("zone", "europe/berlin"),
            ("weekStart", "7"),
            ("monthStart", "25"),
            ("yearMonth", "4"),
            ("yearDay", "6"),
        ];

        let saved = submit(&mut ann, "/settings/preferences", &fields).await;

        assert_eq!(leads_to(&saved), "/settings/preferences");
        let page = words(&visit(&mut ann, "/settings/preferences").await);
        for text in ["Preferences saved.", r#"value="Europe/Berlin""#, r#"value="7" selected"#, r#"value="25" selected"#, r#"value="4" selected"#, r#"value="6" selected"#] {
            assert!(page.contains(text), "{text} in {page}");
        }
        assert!(!ticked(&page, "matchTransfers"), "{page}");
    }

    async fn the_days_are_the_browsers_until_somebody_saves_theirs(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let german = ann.request("GET", "/dashboard").header("accept", "text/html").header("accept-language", "de-DE,de;q=0.9");
        let first = ann.send(german.body(Body::empty()).unwrap()).await;
        assert!(first.cookies().contains(&"coffer.days".to_owned()), "{:?}", first.headers);
        let again = visit(&mut ann, "/settings/preferences").await;
        let page = words(&again);
        assert!(page.contains(r#"value="Europe/Berlin""#) && page.contains("the country of your browser's language"), "{page}");
        assert!(!again.cookies().contains(&"coffer.days".to_owned()), "noted once: {:?}", again.headers);

        ann.cookies.insert("coffer.days".to_owned(), "Asia/Tokyo:7:".to_owned());
        let page = visit(&mut ann, "/settings/preferences").await.text;
        assert!(page.contains(r#"value="Asia/Tokyo""#) && page.contains(r#"value="7" selected"#), "{page}");
        assert!(page.contains("as your browser has them"), "{page}");

        submit(&mut ann, "/settings/preferences", &[("zone", "Europe/Paris"), ("weekStart", "1"), ("monthStart", "1"), ("yearMonth", "1"), ("yearDay", "1")]).await;
        ann.cookies.insert("coffer.days".to_owned(), "Asia/Tokyo:7:".to_owned());
        let page = visit(&mut ann, "/settings/preferences").await.text;
        assert!(page.contains(r#"value="Europe/Paris""#) && !page.contains("as your browser has them"), "{page}");
    }

    async fn a_person_who_signs_up_by_a_program_has_the_days_of_its_language(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.browser();
        let body = serde_json::json!({ "name": "Ann Lee", "email": "ann@example.com", "password": "correct horse battery staple" });
        let request = ann.request("POST", "/api/auth/sign-up/email").header("content-type", "application/json");
        let request = request.header("accept-language", "ja-JP").body(Body::from(body.to_string())).unwrap();

        let signed_up = ann.send(request).await;

        assert_eq!(signed_up.status, 200, "{}", signed_up.text);
        assert!(!signed_up.cookies().contains(&"coffer.days".to_owned()), "{:?}", signed_up.headers);
        let page = visit(&mut ann, "/settings/preferences").await.text;
        assert!(page.contains(r#"value="Asia/Tokyo""#), "{page}");
    }

    async fn a_preference_that_does_not_fit_is_named_and_nothing_typed_is_lost(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let fields = [
            ("zone", "Mars/Base"),
            ("weekStart", "8"),
            ("monthStart", "3"),
            ("yearMonth", "2"),
            ("yearDay", "31"),
            ("matchTransfers", "true"),
        ];

        let refused = submit(&mut ann, "/settings/preferences", &fields).await;

        assert_eq!(refused.status, 422);
        let page = words(&refused);
        for text in [r#"value="Mars/Base""#, r##"href="#zone""##, r##"href="#weekStart""##, r##"href="#yearDay""##, r#"value="31" selected"#, r#"value="3" selected"#] {
            assert!(page.contains(text), "{text} in {page}");
        }
        assert!(ticked(&page, "matchTransfers"), "{page}");
        let kept = visit(&mut ann, "/settings/preferences").await.text;
        assert!(kept.contains(r#"value="UTC""#), "{kept}");
    }

    async fn each_mail_is_chosen_by_itself_and_the_rest_of_the_preferences_stays(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let before = visit(&mut ann, "/settings/notifications").await.text;
        for name in ["budgetMail", "connectionMail", "depositMail"] {
            assert!(ticked(&before, name), "{name} in {before}");
        }
        submit(&mut ann, "/settings/preferences", &[("zone", "Europe/Berlin"), ("weekStart", "1"), ("monthStart", "1"), ("yearMonth", "1"), ("yearDay", "1")]).await;

        let saved = submit(&mut ann, "/settings/notifications", &[("connectionMail", "true")]).await;

        assert_eq!(leads_to(&saved), "/settings/notifications");
        let page = words(&visit(&mut ann, "/settings/notifications").await);
        assert!(page.contains("Notifications saved.") && page.contains("Always on"), "{page}");
        assert!(ticked(&page, "connectionMail") && !ticked(&page, "budgetMail") && !ticked(&page, "depositMail"), "{page}");
        let kept = words(&visit(&mut ann, "/settings/preferences").await);
        assert!(kept.contains(r#"value="Europe/Berlin""#) && !ticked(&kept, "matchTransfers"), "{kept}");
    }

    async fn a_test_mail_goes_to_whoever_asks(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let sent = submit(&mut ann, "/settings/notifications/test", &[]).await;

        assert_eq!(leads_to(&sent), "/settings/notifications");
        let page = words(&visit(&mut ann, "/settings/notifications").await);
        assert!(page.contains("A test is on its way to ann@example.com."), "{page}");
        let mails = testing::mails_of(&site.backend, "ann@example.com").await;
        assert!(mails.iter().any(|mail| mail.subject == "A test mail from Coffer"));
    }

    async fn the_data_page_leads_to_everything(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let page = words(&visit(&mut ann, "/settings/data").await);

        for text in ["Take your data along", "Nothing was imported yet.", "400 days", r#"href="/transactions.csv""#, r#"href="/settings/export""#] {
            assert!(page.contains(text), "{text} in {page}");
        }
    }

    async fn single_keys_are_turned_off_for_a_browser(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let on = visit(&mut ann, "/dashboard").await.text;
        assert!(on.contains(r#"id="keys-help""#) && !on.contains("data-keys=\"off\""), "{on}");

        let saved = submit(&mut ann, "/keys", &[("keys", "off"), ("page", "/settings/preferences")]).await;

        assert_eq!(leads_to(&saved), "/settings/preferences");
        let off = visit(&mut ann, "/dashboard").await.text;
        assert!(off.contains("data-keys=\"off\"") && !off.contains(r#"id="keys-help""#), "{off}");
        let list = words(&visit(&mut site.browser(), "/keys").await);
        assert!(list.contains("Go to transactions"), "{list}");
    }

    async fn a_category_is_added_to_its_group_once(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, path) = with_lunch(&site).await;

        let page = words(&visit(&mut ann, "/settings/categories").await);
        let again = submit(&mut ann, "/settings/categories", &[("group", "food"), ("label", "school LUNCH")]).await;
        let nameless = submit(&mut ann, "/settings/categories", &[("group", "food.coffee"), ("label", "Tea")]).await;

        for text in ["Category added.", "School lunch", "Yours", "Groceries", path] {
            assert!(page.contains(text), "{text} in {page}");
        }
        assert_eq!((again.status.as_u16(), nameless.status.as_u16()), (422, 422));
        let (again, nameless) = (words(&again), words(&nameless));
        assert!(again.contains("This group has a category of that name already."), "{again}");
        assert!(again.contains(r#"value="school LUNCH""#), "{again}");
        assert!(nameless.contains(r##"href="#group""##) && nameless.contains(r#"value="Tea""#), "{nameless}");
    }

    async fn a_category_of_ours_gets_another_name_and_its_own_again(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let path = "/settings/categories/food.coffee";
        let before = words(&visit(&mut ann, path).await);
        assert!(before.contains("We call it Coffee.") && !before.contains("Call it Coffee again"), "{before}");

        let empty = [("key", "food.coffee"), ("label", " "), ("page", path)];
        let refused = submit(&mut ann, "/settings/categories/rename", &empty).await;
        let renamed = submit(&mut ann, "/settings/categories/rename", &[("key", "food.coffee"), ("label", "Caffeine")]).await;
        let list = words(&visit(&mut ann, leads_to(&renamed)).await);
        let page = words(&visit(&mut ann, path).await);
        submit(&mut ann, "/settings/categories/reset", &[("key", "food.coffee")]).await;
        let after = words(&visit(&mut ann, "/settings/categories").await);

        assert_eq!(refused.status, 422);
        assert!(words(&refused).contains("Name the category."), "{}", refused.text);
        assert!(list.contains("Caffeine") && list.contains("Renamed"), "{list}");
        assert!(page.contains("Call it Coffee again") && !page.contains("Delete this category"), "{page}");
        assert!(after.contains("It is called Coffee again.") && !after.contains("Caffeine"), "{after}");
    }

    async fn a_category_says_what_is_in_it_before_it_goes(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, path) = with_lunch(&site).await;
        let cash = [("bankName", "Wallet"), ("accountType", "cash"), ("currency", "USD")];
        let account = leads_to(&submit(&mut ann, "/accounts/link", &cash).await).to_owned();
        let row = [
            ("accountId", account.trim_start_matches("/accounts/")),
            ("date", "2026-05-03"),
            ("description", "Canteen"),
            ("amount", "4.50"),
            ("category", "food.school-lunch"),
        ];
        submit(&mut ann, "/transactions/new", &row).await;
        let rule = [("name", "Lunches"), ("text", "canteen"), ("category", "food.school-lunch")];
        submit(&mut ann, "/rules/new", &rule).await;

        let page = words(&visit(&mut ann, path).await);
        let fields = [("key", "food.school-lunch"), ("to", ""), ("page", path)];
        let refused = submit(&mut ann, "/settings/categories/delete", &fields).await;
        let fields = [("key", "food.school-lunch"), ("to", "food.restaurants")];
        let gone = submit(&mut ann, "/settings/categories/delete", &fields).await;

        assert!(page.contains("In it: 1 transaction, 1 rule. All of it goes to the category that you choose."), "{page}");
        assert!(!page.contains(r#"<option value="food.school-lunch""#), "{page}");
        assert_eq!(refused.status, 422);
        assert!(words(&refused).contains("Choose a category."), "{}", refused.text);
        let list = words(&visit(&mut ann, leads_to(&gone)).await);
        assert!(list.contains("School lunch deleted. 1 transaction is in Restaurants now."), "{list}");
        assert_eq!(visit(&mut ann, path).await.status, 404);
        let rules = words(&visit(&mut ann, "/rules").await);
        assert!(rules.contains("Category: Restaurants"), "{rules}");
    }

    async fn what_somebody_made_is_nobody_elses(db: TestDb) {
        let site = site(db.db.clone());
        let (_ann, path) = with_lunch(&site).await;
        let mut eve = site.person("eve@example.com").await;
        let key = ("key", "food.school-lunch");

        assert_eq!(visit(&mut eve, path).await.status, 404);
        for (form, field) in [("rename", ("label", "Mine")), ("reset", ("x", "")), ("delete", ("to", "food"))] {
            let answer = submit(&mut eve, &format!("/settings/categories/{form}"), &[key, field]).await;
            assert_eq!(answer.status, 404, "{form}");
        }
        let mut nobody = site.browser();
        for path in [path, "/settings/categories", "/settings/preferences", "/transactions/changes"] {
            assert!(leads_to(&visit(&mut nobody, path).await).starts_with("/sign-in?next="), "{path}");
        }
    }
}

/// Whether the box of this name is ticked.
fn ticked(page: &str, name: &str) -> bool {
    let (_, rest) =
        page.split_once(&format!(r#"name="{name}""#)).unwrap_or_else(|| panic!("{name} in {page}"));
    rest.split('>').next().is_some_and(|tag| tag.contains("checked"))
}
