//! What waits for a look, answered by plain forms, and transfers made by hand.

use backend::{both_engines, jobs, transactions::testing};
use domain::{TransactionId, UserId};

use super::{Answer, Browser, Site, leads_to, site, submit, visit, words};

/// Somebody with two accounts of cash; their ids.
async fn with_two(site: &Site) -> (Browser, String, String) {
    let mut ann = site.person("ann@example.com").await;
    let mut ids = Vec::new();
    for name in ["Wallet", "Box"] {
        let fields = [("bankName", name), ("accountType", "cash"), ("currency", "USD")];
        let added = submit(&mut ann, "/accounts/link", &fields).await;
        ids.push(leads_to(&added).trim_start_matches("/accounts/").to_owned());
    }
    let second = ids.remove(1);
    (ann, ids.remove(0), second)
}

/// A row without a category; its id.
async fn row(
    ann: &mut Browser,
    account: &str,
    (description, amount, direction): (&str, &str, &str),
) -> String {
    let fields = [
        ("accountId", account),
        ("date", "2026-05-03"),
        ("description", description),
        ("amount", amount),
        ("direction", direction),
    ];
    let added = submit(ann, "/transactions/new", &fields).await;
    leads_to(&added).trim_start_matches("/transactions/").to_owned()
}

async fn review(ann: &mut Browser, kind: &str) -> String {
    let page = visit(ann, &format!("/review?kind={kind}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    words(&page)
}

/// What stands in a page after this, up to the next quotation mark.
fn after<'p>(page: &'p str, mark: &str) -> &'p str {
    let (_, rest) = page.split_once(mark).unwrap_or_else(|| panic!("{mark} in {page}"));
    rest.split('"').next().unwrap_or_default()
}

/// Presses "Undo" on a page that says this.
async fn undo(ann: &mut Browser, path: &str, said: &str) -> Answer {
    let page = words(&visit(ann, path).await);
    undo_on(ann, &page, path, said).await
}

/// The same on a page that was seen already: what it says is said once.
async fn undo_on(ann: &mut Browser, page: &str, path: &str, said: &str) -> Answer {
    assert!(page.contains(said), "{said} in {page}");
    let (_, form) = page.split_once(r#"action="/review/undo""#).unwrap();
    let what = after(form, r#"name="what" value=""#).to_owned();
    let id = after(form, r#"name="id" value=""#).to_owned();
    submit(ann, "/review/undo", &[("what", &*what), ("id", &*id), ("next", path)]).await
}

both_engines! {
    async fn nothing_waits_for_somebody_who_is_new(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let page = visit(&mut ann, "/review").await.text;
        assert!(page.contains("All reviewed.") && page.contains(r#"data-testid="review""#), "{page}");
        assert!(leads_to(&visit(&mut site.browser(), "/review").await).starts_with("/sign-in?next="));
    }

    async fn a_row_gets_a_category_and_loses_it_again(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, wallet, _) = with_two(&site).await;
        let id = row(&mut ann, &wallet, ("NETFLIX.COM", "15.49", "out")).await;
        let page = review(&mut ann, "uncategorized").await;
        assert!(page.contains("1 thing left to review") && page.contains(r#"value="entertainment.streaming""#), "{page}");
        let dashboard = words(&visit(&mut ann, "/dashboard?month=2026-05").await);
        assert!(dashboard.contains("1 transaction to review"), "{dashboard}");

        let next = "/review?kind=uncategorized";
        let none = submit(&mut ann, "/review/sort", &[("id", &*id), ("category", ""), ("next", next)]).await;
        assert_eq!(leads_to(&none), next);
        assert!(review(&mut ann, "uncategorized").await.contains("Choose a category first."));
        let fields = [("id", &*id), ("pick", "travel"), ("category", "giving"), ("next", next)];
        assert_eq!(leads_to(&submit(&mut ann, "/review/sort", &fields).await), next);

        let page = review(&mut ann, "uncategorized").await;
        assert!(page.contains("1 transaction is in Travel now.") && page.contains("All reviewed."), "{page}");
        let batch = after(page.split_once(r#"action="/transactions/undo""#).unwrap().1, r#"name="id" value=""#).to_owned();
        let undone = submit(&mut ann, "/transactions/undo", &[("id", &*batch), ("next", next)]).await;
        assert_eq!(leads_to(&undone), next);
        assert!(review(&mut ann, "uncategorized").await.contains("1 thing left to review"));
        let elsewhere = [("id", &*id), ("pick", "travel"), ("next", "https://evil.example")];
        assert_eq!(leads_to(&submit(&mut ann, "/review/sort", &elsewhere).await), "/review");
    }

    async fn a_suggested_transfer_is_turned_down_taken_back_and_confirmed(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, wallet, chest) = with_two(&site).await;
        row(&mut ann, &wallet, ("ONLINE", "500", "out")).await;
        row(&mut ann, &chest, ("DEPOSIT", "500", "in")).await;
        jobs::run_due(&site.backend).await.unwrap();
        let path = "/review?kind=transfers";
        let page = review(&mut ann, "transfers").await;
        assert!(page.contains("It is a transfer") && page.contains("Not a transfer"), "{page}");
        let id = after(&page, r#"data-testid="review-transfer" data-id=""#).to_owned();
        let answer = |choice| [("id", id.clone()), ("choice", choice), ("next", path.to_owned())];
        let post = async |who: &mut Browser, choice: &str| {
            let fields = answer(choice.to_owned());
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            submit(who, "/review/transfer", &fields).await
        };

        let mut eve = site.person("eve@example.com").await;
        post(&mut eve, "confirm").await;
        assert!(review(&mut eve, "transfers").await.contains("That was decided already"));
        assert!(review(&mut ann, "transfers").await.contains("review-transfer"));
        assert_eq!(leads_to(&post(&mut ann, "reject").await), path);
        undo(&mut ann, path, "We won't suggest these two again.").await;
        assert!(review(&mut ann, "transfers").await.contains("review-transfer"));
        post(&mut ann, "confirm").await;

        let page = review(&mut ann, "transfers").await;
        assert!(page.contains("It counts neither as spending nor as income.") && page.contains("All reviewed."), "{page}");
    }

    async fn two_rows_are_one_and_two_again(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, wallet, _) = with_two(&site).await;
        let kept = row(&mut ann, &wallet, ("Lunch", "12", "out")).await;
        let other = row(&mut ann, &wallet, ("Lunch", "12", "out")).await;
        let fields = [("id", &*other), ("note", "With Bo"), ("category", "travel"), ("date", "2026-05-03")];
        submit(&mut ann, "/transactions/edit", &fields).await;
        let session = ann.get("/api/auth/get-session").await.json();
        let user = UserId::new(session["user"]["id"].as_str().unwrap());
        let caller = backend::SignedIn::in_a_test(user, site.backend.clock.now());
        let (one, two) = (TransactionId::new(&*kept), TransactionId::new(&*other));
        testing::doubt(&site.backend, &caller, &one, &two).await;
        let path = "/review?kind=duplicates";
        let page = review(&mut ann, "duplicates").await;
        assert!(page.contains("Keep this one") && page.contains("With Bo"), "{page}");
        let detail = words(&visit(&mut ann, &format!("/transactions/{kept}")).await);
        assert!(detail.contains("This may be there twice."), "{detail}");
        let id = after(&page, r#"data-testid="review-duplicate" data-id=""#).to_owned();

        let same = [("id", &*id), ("choice", "same"), ("next", path)];
        assert_eq!(leads_to(&submit(&mut ann, "/review/duplicate", &same).await), path);
        assert_eq!(visit(&mut ann, &format!("/transactions/{other}")).await.status, 404);
        assert!(words(&visit(&mut ann, &format!("/transactions/{kept}")).await).contains("With Bo"));
        submit(&mut ann, "/review/duplicate", &same).await;
        assert!(review(&mut ann, "duplicates").await.contains("That was decided already"));
        submit(&mut ann, "/review/undo", &[("what", "duplicate"), ("id", &*id), ("next", path)]).await;
        assert_eq!(visit(&mut ann, &format!("/transactions/{other}")).await.status, 200);
        submit(&mut ann, "/review/duplicate", &[("id", &*id), ("choice", "different"), ("next", path)]).await;
        undo(&mut ann, path, "We won't ask about these two again.").await;

        assert!(review(&mut ann, "duplicates").await.contains("Keep this one"));
    }

    async fn either_of_two_rows_can_be_kept_unless_the_banks_own_has_to_stay(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, wallet, _) = with_two(&site).await;
        let kept = row(&mut ann, &wallet, ("Lunch", "12", "out")).await;
        let other = row(&mut ann, &wallet, ("Lunch", "12", "out")).await;
        let session = ann.get("/api/auth/get-session").await.json();
        let user = UserId::new(session["user"]["id"].as_str().unwrap());
        let caller = backend::SignedIn::in_a_test(user, site.backend.clock.now());
        let (one, two) = (TransactionId::new(&*kept), TransactionId::new(&*other));
        testing::doubt(&site.backend, &caller, &one, &two).await;
        let path = "/review?kind=duplicates";
        let page = review(&mut ann, "duplicates").await;
        assert_eq!((page.matches("Keep this one").count(), page.matches(">Suggested<").count()), (2, 1), "{page}");
        let id = after(&page, r#"data-testid="review-duplicate" data-id=""#).to_owned();

        let third = [("id", &*id), ("keep", "third"), ("next", path)];
        assert_eq!(leads_to(&submit(&mut ann, "/review/duplicate", &third).await), path);
        assert!(review(&mut ann, "duplicates").await.contains("Keep this one"));
        submit(&mut ann, "/review/duplicate", &[("id", &*id), ("keep", &*other), ("next", path)]).await;
        let said = words(&visit(&mut ann, path).await);
        assert_eq!(visit(&mut ann, &format!("/transactions/{kept}")).await.status, 404);
        assert_eq!(visit(&mut ann, &format!("/transactions/{other}")).await.status, 200);
        undo_on(&mut ann, &said, path, "One of the two is kept").await;
        testing::becomes(&site.backend, &caller, &one, "plaid").await;

        let page = review(&mut ann, "duplicates").await;
        assert_eq!(page.matches("Keep this one").count(), 1, "{page}");
        assert!(page.contains("The bank's own row stays") && !page.contains(">Suggested<"), "{page}");
    }

    async fn keys_are_named_on_their_buttons_until_they_are_turned_off(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, wallet, _) = with_two(&site).await;
        let id = row(&mut ann, &wallet, ("NETFLIX.COM", "15.49", "out")).await;
        let path = "/review?kind=uncategorized";
        let page = review(&mut ann, "uncategorized").await;
        assert!(page.contains(r#"data-keys="1 y""#) && page.contains("<kbd") && page.contains("Turn keys off"), "{page}");
        let past = format!("{path}&after={id}");
        assert!(page.contains(&past), "{past} in {page}");
        let skipped = words(&visit(&mut ann, &past).await);
        assert!(skipped.contains("That was the last of these."), "{skipped}");

        assert_eq!(leads_to(&submit(&mut ann, "/keys", &[("keys", "off"), ("page", path)]).await), path);
        let page = review(&mut ann, "uncategorized").await;
        assert!(!page.contains("<kbd") && page.contains("Turn keys on"), "{page}");
        assert_eq!(leads_to(&submit(&mut ann, "/keys", &[("keys", "on"), ("page", "https://evil.example")]).await), "/");

        assert!(review(&mut ann, "uncategorized").await.contains("<kbd"));
    }

    async fn the_other_side_is_chosen_beside_a_row_and_let_go_again(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, wallet, chest) = with_two(&site).await;
        let out = row(&mut ann, &wallet, ("Cash", "500", "out")).await;
        let into = row(&mut ann, &chest, ("Cash", "500", "in")).await;
        let path = format!("/transactions/{out}");
        let page = words(&visit(&mut ann, &path).await);
        assert!(page.contains("Choose the other side") && page.contains(&format!(r#"value="{into}""#)), "{page}");

        let none = submit(&mut ann, "/transactions/link", &[("id", &*out), ("page", &*path)]).await;
        assert_eq!(none.status, 422);
        assert!(words(&none).contains("Choose the other side: money"), "{}", none.text);
        let linked = submit(&mut ann, "/transactions/link", &[("id", &*out), ("other", &*into)]).await;
        assert_eq!(leads_to(&linked), path);
        let page = words(&visit(&mut ann, &path).await);
        assert!(page.contains("Transfer with Box cash") && page.contains("Marked as a transfer."), "{page}");
        let pair = after(&page, r#"name="pair" value=""#).to_owned();
        let mut eve = site.person("eve@example.com").await;
        submit(&mut eve, "/transactions/unlink", &[("pair", &*pair), ("id", &*out)]).await;
        assert!(words(&visit(&mut ann, &path).await).contains("Transfer with Box cash"));
        submit(&mut ann, "/transactions/unlink", &[("pair", &*pair), ("id", &*out)]).await;

        let page = words(&visit(&mut ann, &path).await);
        assert!(page.contains("No transfer any more.") && page.contains("Choose the other side"), "{page}");
    }

    async fn what_was_said_twice_becomes_a_rule_with_one_press(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, wallet, _) = with_two(&site).await;
        let mut path = String::new();
        for _ in 0..2 {
            let id = row(&mut ann, &wallet, ("SQ *BLUE BOTTLE", "4.50", "out")).await;
            submit(&mut ann, "/review/sort", &[("id", &*id), ("category", "food.coffee")]).await;
            path = format!("/transactions/{id}");
        }
        let page = review(&mut ann, "uncategorized").await;
        assert!(page.contains("Always do this for Blue Bottle"), "{page}");
        assert!(words(&visit(&mut ann, &path).await).contains("Always categorise Blue Bottle as Coffee?"));

        let taken = submit(&mut ann, "/transactions/always", &[("id", path.trim_start_matches("/transactions/"))]).await;

        assert_eq!(leads_to(&taken), path);
        let page = words(&visit(&mut ann, &path).await);
        assert!(page.contains("From now on Blue Bottle is Coffee."), "{page}");
        assert!(!page.contains("Always categorise"), "{page}");
        assert!(words(&visit(&mut ann, "/rules").await).contains("Blue Bottle"));
    }
}
