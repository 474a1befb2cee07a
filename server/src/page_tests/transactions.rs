//! Transactions: typed in, changed, split, deleted, found again and taken along, all by plain forms.

use axum::http::StatusCode;
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
        let list = words(&visit(&mut ann, "/transactions?q=lunch").await);
        assert!(list.contains(&format!(r#"href="/transactions?q=lunch&row={}#row-details""#, id_of(&path))), "{list}");
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

    async fn each_single_change_is_undone_from_its_message(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let path = lunch(&mut ann, &account).await;
        let before = facts(&words(&visit(&mut ann, &path).await));
        let id = id_of(&path);
        let edit = [
            ("id", id), ("merchant", "Bo's"), ("category", "travel"), ("date", "2026-05-01"), ("note", "x"), ("tags", ""), ("excluded", "true"),
        ];
        let split = [
            ("id", id),
            ("parts[0][amount]", "10"), ("parts[0][category]", "travel"),
            ("parts[1][amount]", "2.50"), ("parts[1][category]", "giving"),
        ];
        let delete = [("id", id)];

        for (action, fields, said) in [
            ("/transactions/edit", &edit[..], "Transaction saved."),
            ("/transactions/split", &split[..], "Transaction split."),
            ("/transactions/delete", &delete[..], "Transaction deleted."),
        ] {
            let done = submit(&mut ann, action, fields).await;
            let page = words(&visit(&mut ann, leads_to(&done)).await);
            assert!(page.contains(said), "{said} in {page}");
            let batch = between(&page, r#"action="/transactions/undo""#, r#"name="id" value=""#).to_owned();
            let undone = submit(&mut ann, "/transactions/undo", &[("id", &*batch), ("next", leads_to(&done))]).await;
            assert_eq!(leads_to(&undone), leads_to(&done));
            let page = words(&visit(&mut ann, leads_to(&undone)).await);
            assert!(page.contains("Undone. 1 transaction is as it was."), "{page}");
            assert_eq!(facts(&words(&visit(&mut ann, &path).await)), before, "{action}");
        }
        let saved = submit(&mut ann, "/transactions/edit", &[
            ("id", id), ("merchant", "Lunch With Bo"), ("category", "food.restaurants"), ("date", "2026-05-03"), ("tags", "trip"),
        ]).await;
        let page = words(&visit(&mut ann, leads_to(&saved)).await);
        assert!(page.contains("Transaction saved.") && !page.contains("flash-button"), "{page}");
    }

    async fn a_row_opens_beside_the_list_and_its_forms_come_back_there(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let path = lunch(&mut ann, &account).await;
        let mut eve = site.person("eve@example.com").await;
        let beside = format!("/transactions?q=lunch&row={}", id_of(&path));
        let back = beside.trim_start_matches("/transactions?");

        let page = words(&visit(&mut ann, &beside).await);
        for text in [
            r#"data-testid="tx-row""#,
            r#"data-testid="row-details""#,
            r#"data-open="true""#,
            "Set by: You",
            "Save changes",
            "Split into parts",
            "Delete this transaction",
            &format!(r#"href="/transactions?q=lunch#row-{}""#, id_of(&path)),
            &format!(r#"href="{path}?back=q%3Dlunch""#),
            &format!(r#"name="page" value="{beside}""#),
        ] {
            assert!(page.contains(text), "{text} in {page}");
        }
        let gone = words(&visit(&mut eve, &beside).await);
        assert!(!gone.contains("row-details") && gone.contains("No transactions match."), "{gone}");

        let mut fields = vec![("id", id_of(&path)), ("back", back), ("page", &*beside), ("category", "travel"), ("date", "never")];
        let refused = submit(&mut ann, "/transactions/edit", &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("row-details") && refused.text.contains(r#"value="never""#), "{}", refused.text);
        fields[4].1 = "2026-05-02";
        let saved = submit(&mut ann, "/transactions/edit", &fields).await;
        assert_eq!(leads_to(&saved), beside);
        let deleted = submit(&mut ann, "/transactions/delete", &[("id", id_of(&path)), ("back", back)]).await;
        assert_eq!(leads_to(&deleted), "/transactions?q=lunch");
    }

    async fn balance_gives_the_last_part_the_rest_without_script(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let path = lunch(&mut ann, &account).await;

        let asked = format!("{path}?parts%5B0%5D%5Bamount%5D=10&parts%5B0%5D%5Bcategory%5D=giving&parts%5B1%5D%5Bamount%5D=9&balance=1");
        let page = words(&visit(&mut ann, &asked).await);

        for text in [r#"value="10""#, r#"value="2.50""#, r#"data-minor="0""#, "The parts add up to $12.50"] {
            assert!(page.contains(text), "{text} in {page}");
        }
    }

    async fn a_filter_is_saved_under_a_name_renamed_and_deleted(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;
        let list = "/transactions?q=lunch&page=1";
        assert!(!words(&visit(&mut ann, "/transactions").await).contains("Save this view"));
        assert!(words(&visit(&mut ann, list).await).contains("Save this view"));

        let refused = submit(&mut ann, "/transactions/views", &[("name", " "), ("query", "q=lunch"), ("page", list)]).await;
        let saved = submit(&mut ann, "/transactions/views", &[("name", "Lunches"), ("query", "q=lunch"), ("page", list)]).await;
        let page = words(&visit(&mut ann, "/transactions?q=lunch").await);
        let again = submit(&mut ann, "/transactions/views", &[("name", "Lunches"), ("query", "q=bo"), ("page", "/transactions?q=bo")]).await;

        assert_eq!((refused.status, again.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
        assert!(words(&again).contains("You have a view of that name already.") && again.text.contains(r#"value="Lunches""#), "{}", again.text);
        assert_eq!(leads_to(&saved), "/transactions?q=lunch");
        assert!(page.contains("View “Lunches” saved.") && page.contains("saved-views") && !page.contains("Save this view"), "{page}");
        let id = between(&words(&visit(&mut ann, "/transactions/views").await), "saved-view-row", r#"data-id=""#).to_owned();
        let path = format!("/transactions/views/{id}");
        let mut eve = site.person("eve@example.com").await;
        assert_eq!(visit(&mut eve, &path).await.status, 404);
        assert_eq!(submit(&mut eve, "/transactions/views/delete", &[("id", &*id)]).await.status, 404);
        assert!(words(&visit(&mut ann, &path).await).contains("Delete “Lunches”"));
        submit(&mut ann, "/transactions/views/rename", &[("id", &*id), ("name", "Noon"), ("page", &*path)]).await;
        assert!(words(&visit(&mut ann, "/transactions").await).contains("Noon"));
        let gone = submit(&mut ann, "/transactions/views/delete", &[("id", &*id)]).await;
        let none = words(&visit(&mut ann, leads_to(&gone)).await);
        assert!(none.contains("View “Noon” deleted.") && none.contains("You have no saved views."), "{none}");
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

    async fn a_statement_leaves_as_a_file_with_the_sums_of_its_page_for_its_owner_alone(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;
        let (mut eve, mut nobody) = (site.person("eve@example.com").await, site.browser());
        let page = format!("/accounts/{account}/statements/2026-05");
        let file = format!("{page}.csv");

        let shown = words(&visit(&mut ann, &page).await);
        let csv = visit(&mut ann, &file).await;

        assert!(shown.contains(&format!(r#"href="{file}""#)), "{shown}");
        assert!(shown.contains(&format!(r#"href="/accounts/{account}" aria-label="Back to the account""#)), "{shown}");
        assert!(shown.contains(r##"href="#statement-rows""##), "{shown}");
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"statement-2026-05.csv\""));
        for line in [
            "2026-05-01,Opening balance,,,0.00,USD,",
            "2026-05-31,Money in,,0.00,,USD,",
            "2026-05-31,Money out,,-12.50,,USD,",
            "2026-05-31,Closing balance,,,-12.50,USD,",
        ] {
            assert!(csv.text.contains(line), "{line} in {}", csv.text);
        }
        assert_eq!(csv.text.lines().count(), 6, "{}", csv.text);
        assert_eq!(visit(&mut eve, &file).await.status, 404);
        assert_eq!(visit(&mut ann, &format!("/accounts/{account}/statements/2026-13.csv")).await.status, 404);
        assert!(leads_to(&visit(&mut nobody, &file).await).starts_with("/sign-in?next="));
    }

    async fn a_figure_of_the_dashboard_leads_to_rows_that_add_up_to_it(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;

        let dashboard = words(&visit(&mut ann, "/dashboard?month=2026-05").await);
        let link = "/transactions?currency=USD&counted=spending&from=2026-05-01&to=2026-05-";
        assert!(dashboard.contains(link), "{dashboard}");
        let rows = words(&visit(&mut ann, &format!("{link}31")).await);

        assert!(rows.contains("1 transaction · −$12.50 out"), "{rows}");
        assert!(rows.contains("Counted as spending") && rows.contains("In USD"), "{rows}");
        assert!(rows.contains(r#"type="hidden" name="counted" value="spending""#), "{rows}");
    }

    async fn a_part_of_the_dashboard_that_fails_leaves_the_rest(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;
        db.as_owner(r#"alter table "recurring_series" rename to "recurring_gone""#).await;

        let page = visit(&mut ann, "/dashboard?month=2026-05").await;

        assert_eq!(page.status, 200);
        let text = words(&page);
        assert!(text.contains("What comes and what waits can't be shown right now."), "{text}");
        assert!(text.contains("Your data is safe.") && text.contains("Try again"), "{text}");
        assert!(text.contains("Lunch With Bo") && text.contains(r#"data-testid="dashboard-spent""#), "{text}");
    }

    async fn ticked_rows_get_a_category_and_the_message_has_the_undo(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let paths = [lunch(&mut ann, &account).await, lunch(&mut ann, &account).await];
        let page = visit(&mut ann, "/transactions?q=lunch").await.text;
        assert_eq!(page.matches(r#"name="ids[]""#).count(), 2, "{page}");
        assert!(page.contains("All 2 that match"), "{page}");
        let mut fields = vec![
            ("ids[]", id_of(&paths[0])),
            ("ids[]", id_of(&paths[1])),
            ("page", "/transactions?q=lunch"),
            ("back", "q=lunch"),
            ("filter", "q=lunch"),
            ("action", "category"),
            ("category", ""),
        ];

        let refused = submit(&mut ann, "/transactions/change", &fields).await;
        fields[6].1 = "travel";
        let changed = submit(&mut ann, "/transactions/change", &fields).await;

        assert_eq!((refused.status, leads_to(&changed)), (StatusCode::UNPROCESSABLE_ENTITY, "/transactions?q=lunch"));
        assert_eq!(refused.text.matches(r#"name="ids[]""#).count(), 2, "{}", refused.text);
        let page = words(&visit(&mut ann, "/transactions?q=lunch").await);
        assert!(page.contains("2 transactions are in Travel now."), "{page}");
        let batch = between(&page, r#"action="/transactions/undo""#, r#"name="id" value=""#);
        let undo = [("id", batch), ("next", "/transactions?q=lunch")];
        submit(&mut ann, "/transactions/edit", &[("id", id_of(&paths[1])), ("category", "giving"), ("merchant", "Lunch With Bo"), ("date", "2026-05-03"), ("tags", "trip")]).await;
        let mut eve = site.person("eve@example.com").await;
        assert_eq!(submit(&mut eve, "/transactions/undo", &undo).await.status, 404);
        let undone = submit(&mut ann, "/transactions/undo", &undo).await;

        assert_eq!(leads_to(&undone), "/transactions?q=lunch");
        let page = words(&visit(&mut ann, "/transactions?q=lunch").await);
        for text in ["Undone. 1 transaction is as it was. 1 was changed since and stays.", "Restaurants", "Giving"] {
            assert!(page.contains(text), "{text} in {page}");
        }
    }

    async fn all_that_match_are_deleted_and_come_back(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        lunch(&mut ann, &account).await;
        lunch(&mut ann, &account).await;

        let fields = [("all", "on"), ("filter", "tag=trip"), ("action", "delete"), ("confirmed", "yes")];
        let asked = submit(&mut ann, "/transactions/change", &fields[..3]).await;
        let look = words(&visit(&mut ann, leads_to(&asked)).await);
        assert!(words(&visit(&mut ann, "/transactions").await).contains("2 transactions"), "nothing is gone yet");
        let deleted = submit(&mut ann, "/transactions/change", &fields).await;

        assert_eq!(leads_to(&asked), "/transactions/delete?all=on&filter=tag%3Dtrip");
        assert!(look.contains("Your balance in the app will change by $25.00."), "{look}");
        assert_eq!(leads_to(&deleted), "/transactions");
        let page = words(&visit(&mut ann, "/transactions").await);
        assert!(page.contains("2 transactions deleted."), "{page}");
        let batch = between(&page, r#"action="/transactions/undo""#, r#"name="id" value=""#);
        submit(&mut ann, "/transactions/undo", &[("id", batch)]).await;
        let page = words(&visit(&mut ann, "/transactions").await);
        assert!(page.contains("Undone. 2 transactions are as they were."), "{page}");
    }

    async fn a_deletion_of_ticked_rows_says_what_goes_before_it_happens(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let path = lunch(&mut ann, &account).await;
        let mut eve = site.person("eve@example.com").await;
        let fields = [("ids[]", id_of(&path)), ("action", "delete"), ("back", "q=lunch"), ("page", "/transactions?q=lunch")];

        let asked = submit(&mut ann, "/transactions/change", &fields).await;
        let nothing = submit(&mut ann, "/transactions/change", &fields[1..]).await;

        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = leads_to(&asked);
        assert_eq!(page, format!("/transactions/delete?ids={}&back=q%3Dlunch", id_of(&path)));
        let look = words(&visit(&mut ann, page).await);
        for text in [
            "Delete 1 transaction?",
            "Your balance in the app will change by $12.50.",
            "Lunch With Bo",
            r#"name="confirmed" value="yes""#,
            r#"href="/transactions?q=lunch""#,
            "Cancel",
        ] {
            assert!(look.contains(text), "{text} in {look}");
        }
        assert_eq!(visit(&mut eve, page).await.status, 404);
        assert_eq!(visit(&mut ann, &path).await.status, 200);
        let empty = words(&visit(&mut ann, "/transactions/delete").await);
        assert!(empty.contains("Nothing to delete") && !empty.contains("delete-submit"), "{empty}");
    }

    async fn changes_of_many_rows_are_listed_with_their_undo(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let empty = words(&visit(&mut ann, "/transactions/changes").await);
        assert!(empty.contains("Nothing was changed in the last 30 days."), "{empty}");
        lunch(&mut ann, &account).await;
        lunch(&mut ann, &account).await;
        let fields = [("all", "on"), ("filter", "tag=trip"), ("action", "category"), ("category", "travel")];
        let changed = submit(&mut ann, "/transactions/change", &fields).await;

        let said = words(&visit(&mut ann, leads_to(&changed)).await);
        let page = words(&visit(&mut ann, "/transactions/changes").await);
        let batch = between(&page, "change-row", r#"name="id" value=""#).to_owned();
        let mut eve = site.person("eve@example.com").await;
        let theirs = words(&visit(&mut eve, "/transactions/changes").await);
        let undo = [("id", &*batch), ("next", "/transactions/changes")];
        let undone = submit(&mut ann, "/transactions/undo", &undo).await;
        let after = words(&visit(&mut ann, leads_to(&undone)).await);

        assert!(said.contains("See all changes"), "{said}");
        for text in ["Category set to Travel", "Can be undone until 3 June 2026", r#"data-state="done""#] {
            assert!(page.contains(text), "{text} in {page}");
        }
        assert!(theirs.contains("Nothing was changed in the last 30 days."), "{theirs}");
        assert_eq!(leads_to(&undone), "/transactions/changes");
        for text in [r#"data-state="undone""#, "Undone. 2 transactions are as they were."] {
            assert!(after.contains(text), "{text} in {after}");
        }
        assert!(!after.contains("change-undo"), "{after}");
    }

    async fn what_a_search_can_say_is_on_the_page_at_every_width(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, _) = with_wallet(&site).await;

        let page = words(&visit(&mut ann, "/transactions").await);

        assert!(page.contains("What a search can say") && page.contains("-category:travel"), "{page}");
    }

    async fn a_rule_is_applied_from_its_preview_once_it_is_saved(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, account) = with_wallet(&site).await;
        let path = lunch(&mut ann, &account).await;
        let fields = [("name", "Bo"), ("text", "lunch"), ("exclude", "true")];
        let made = submit(&mut ann, "/rules/new", &fields).await;
        let list = visit(&mut ann, leads_to(&made)).await.text;
        let id = between(&list, "rule-row", r#"href="/rules/"#);

        let typed = words(&visit(&mut ann, &format!("/rules/{id}?name=Bo&text=bo&exclude=true&preview=1")).await);
        let saved = words(&visit(&mut ann, &format!("/rules/{id}?name=Bo&text=lunch&exclude=true&preview=1")).await);
        assert!(typed.contains("Save the rule first") && saved.contains("Apply to 1 transaction"), "{saved}");
        let applied = submit(&mut ann, "/rules/apply", &[("id", id)]).await;

        let page = words(&visit(&mut ann, leads_to(&applied)).await);
        assert!(page.contains("1 transaction changed by “Bo”.") && page.contains("/transactions/undo"), "{page}");
        assert!(words(&visit(&mut ann, &path).await).contains("Left out of budgets and sums"));
    }
}

/// What the page of a row says of it.
fn facts(page: &str) -> String {
    let (_, rest) = page.split_once("transaction-facts").unwrap_or_else(|| panic!("{page}"));
    rest.split("</section>").next().unwrap_or_default().to_owned()
}

/// What stands in a page after these two, up to the next quotation mark.
fn between<'p>(page: &'p str, first: &str, then: &str) -> &'p str {
    let (_, rest) = page.split_once(first).unwrap_or_else(|| panic!("{first} in {page}"));
    let (_, rest) = rest.split_once(then).unwrap_or_else(|| panic!("{then} in {rest}"));
    rest.split('"').next().unwrap_or_default()
}
