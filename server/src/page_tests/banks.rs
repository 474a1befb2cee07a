//! From a bank's page to its accounts, and what is done with a connection: everything by forms, without script.

use std::time::Duration;

use axum::http::StatusCode;
use backend::{
    Backend, Banks, Random,
    banks::ProviderKind,
    both_engines, jobs,
    testing::{self, PlaidStandIn, TestDb, with_plaid},
};

use super::{Answer, Browser, Site, leads_to, of, sent_to, site, submit, visit, words};

/// Path and query of where an answer leads: the bank's own page is named by its whole address.
fn local(answer: &Answer) -> String {
    sent_to(answer).trim_start_matches("http://localhost:3000").to_owned()
}

/// The ticket in the address of the bank's page.
fn ticket(address: &str) -> String {
    let pairs = address.strip_prefix("/dev/bank?").unwrap_or_else(|| panic!("{address}"));
    let mut pairs = url::form_urlencoded::parse(pairs.as_bytes());
    pairs.find(|(name, _)| name == "ticket").unwrap().1.into_owned()
}

/// Every value of an input with this name.
fn values(answer: &Answer, name: &str) -> Vec<String> {
    let inputs = answer.text.split("<input").skip(1);
    let inputs = inputs
        .filter(|input| input.split('>').next().unwrap().contains(&format!("name=\"{name}\"")));
    inputs
        .map(|input| input.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
        .collect()
}

/// Chooses a bank and signs in there; answers where the bank sends its customer.
async fn sign_in(browser: &mut Browser, institution: &str, login: &str) -> String {
    let begun = submit(browser, "/accounts/link/begin", &[("institution", institution)]).await;
    at_bank(browser, &local(&begun), login).await
}

async fn at_bank(browser: &mut Browser, page: &str, login: &str) -> String {
    assert_eq!(visit(browser, page).await.status, StatusCode::OK);
    let ticket = ticket(page);
    let fields = [("ticket", &*ticket), ("login", login), ("password", "demo")];
    local(&submit(browser, "/dev/bank", &fields).await)
}

/// The path of the first account of a list.
fn first_account(page: &Answer) -> String {
    let id = page.text.split("data-testid=\"accounts-row\" data-id=\"").nth(1).unwrap();
    format!("/accounts/{}", id.split('"').next().unwrap())
}

/// The first amount in the row of an account.
fn held_by(page: &Answer, account: &str) -> String {
    let id = account.trim_start_matches("/accounts/");
    let row =
        page.text.split(&format!("data-testid=\"accounts-row\" data-id=\"{id}\"")).nth(1).unwrap();
    row.split("data-minor=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// The path of the first transaction of a list.
fn first_row(page: &Answer) -> String {
    let id = page.text.split("data-testid=\"tx-row\" data-id=\"").nth(1).unwrap();
    format!("/transactions/{}", id.split('"').next().unwrap())
}

/// A site with a Plaid that answers as recorded, and the built-in bank beside it.
async fn at_plaid(db: &TestDb) -> (Site, PlaidStandIn) {
    let plaid = PlaidStandIn::start().await;
    let backend = Backend { random: Random::system(), ..testing::backend(db.db.clone()) };
    (of(with_plaid(backend, &plaid)), plaid)
}

/// Goes to Plaid's window; answers its address.
async fn to_window(browser: &mut Browser) -> String {
    let begun = submit(browser, "/accounts/link/begin", &[("provider", "plaid")]).await;
    let window = leads_to(&begun).to_owned();
    assert!(window.starts_with("/accounts/link/window?state="), "{window}");
    window
}

/// What the page of the window posts once Plaid's script has an answer.
async fn bring(browser: &mut Browser, window: &str) -> Answer {
    let page = visit(browser, window).await;
    let state = values(&page, "state").remove(0);
    let accounts = r#"[{"type":"depository","subtype":"checking","mask":"0000"}]"#;
    let fields = [
        ("state", &*state),
        ("public_token", "public-sandbox-b0e2c4ee"),
        ("institution", "ins_109508"),
        ("accounts", accounts),
    ];
    submit(browser, "/accounts/link/finish", &fields).await
}

/// Links a bank with all of its accounts and reads it; answers the path of the connection.
pub(super) async fn linked(site: &Site, browser: &mut Browser, institution: &str) -> String {
    let back = sign_in(browser, institution, "demo").await;
    let choose = local(&visit(browser, &back).await);
    let path = choose.strip_suffix("/accounts").unwrap().to_owned();
    let page = visit(browser, &choose).await;
    let mut fields = vec![("id", path.trim_start_matches("/connections/").to_owned())];
    fields.extend(values(&page, "accounts[]").into_iter().map(|id| ("accounts[]", id)));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    let chosen = submit(browser, "/connections/choose", &fields).await;
    assert_eq!(leads_to(&chosen), format!("{path}/added"));
    jobs::run_due(&site.backend).await.unwrap();
    path
}

both_engines! {
    async fn where_the_built_in_bank_is_closed_its_banks_are_not_shown(db: TestDb) {
        let plaid = PlaidStandIn::start().await;
        let backend = with_plaid(testing::backend(db.db.clone()), &plaid);
        let banks = Banks::new(None, backend.banks.provider(ProviderKind::Plaid));
        let site = of(Backend { banks, ..backend });
        let mut ann = site.person("ann@example.com").await;

        let page = words(&visit(&mut ann, "/accounts/link").await);

        assert!(page.contains("With account numbers") && page.contains("Find your bank with Plaid"), "{page}");
        assert!(!page.contains("First Harbor") && !page.contains("built-in test bank"), "{page}");
        assert!(page.contains("My bank isn't listed") && page.contains("From a file"), "{page}");
        let begun = submit(&mut ann, "/accounts/link/begin", &[("institution", "sim_first_harbor")]).await;
        assert!(plaid.calls().is_empty(), "{}", begun.text);
    }

    async fn where_nobody_sends_deposits_an_account_is_told_what_else_there_is(db: TestDb) {
        let plaid = PlaidStandIn::start().await;
        let backend = with_plaid(testing::backend(db.db.clone()), &plaid);
        let banks = Banks::new(None, backend.banks.provider(ProviderKind::Plaid));
        let site = of(Backend { banks, ..backend });
        let mut ann = site.person("ann@example.com").await;
        let fields = [
            ("how", "numbers"), ("bankName", "Harbor Bank"), ("accountType", "checking"), ("routingNumber", "021000021"),
            ("accountNumber", "000123456789"), ("accountNumberAgain", "000123456789"), ("currency", "USD"),
        ];

        let numbers = words(&visit(&mut ann, "/accounts/link?how=numbers").await);
        let account = leads_to(&submit(&mut ann, "/accounts/link", &fields).await).to_owned();

        assert!(numbers.contains("Step 2 of 2: Enter the account's numbers"), "{numbers}");
        for path in ["/accounts", &account, &format!("{account}/verify")] {
            let page = words(&visit(&mut ann, path).await);
            assert!(page.contains("no small deposits are sent from here. Link its bank to verify it."), "{path}: {page}");
            assert!(page.contains("/accounts/link?how=bank"), "{path}: {page}");
        }
    }

    async fn where_a_bank_says_another_balance_it_comes_first_and_rows_make_the_total(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let connection = linked(&site, &mut ann, "sim_first_harbor").await;
        let before = visit(&mut ann, "/accounts").await;
        let account = first_account(&before);
        let said = |page: &Answer| page.text.matches(r#"data-testid="in-app""#).count();
        let fields = [
            ("accountId", account.trim_start_matches("/accounts/")), ("date", "2026-05-01"), ("description", "Lunch"),
            ("direction", "out"), ("amount", "12.40"), ("category", "food.restaurants"),
        ];
        let held = held_by(&before, &account);

        submit(&mut ann, "/transactions/new", &fields).await;

        let after = visit(&mut ann, "/accounts").await;
        assert_eq!(held_by(&after, &account), held, "the bank's word stands");
        assert_eq!(said(&after), said(&before) + 2, "the row and the total: {}", after.text);
        let page = visit(&mut ann, &account).await;
        let text = words(&page);
        assert_eq!(said(&page), 1, "{text}");
        assert!(text.contains("By the transactions in the app; the bank says "), "{text}");
        assert!(text.contains(&format!("{connection}/disconnect")) && text.contains("and 2 other accounts"), "{text}");
        let dashboard = words(&visit(&mut ann, "/dashboard").await);
        assert!(dashboard.contains("By what your banks say:") && dashboard.contains("In the app "), "{dashboard}");
    }

    async fn a_real_bank_is_linked_in_plaids_window(db: TestDb) {
        let (site, plaid) = at_plaid(&db).await;
        let mut ann = site.person("ann@example.com").await;
        let mut mallory = site.person("mallory@example.com").await;
        let both = words(&visit(&mut ann, "/accounts/link").await);
        assert!(both.contains("Find your bank with Plaid") && both.contains("First Harbor"), "{both}");

        let window = to_window(&mut ann).await;
        let page = visit(&mut ann, &window).await;
        let theirs = visit(&mut mallory, &window).await;

        assert!(page.text.contains(r#"src="https://cdn.plaid.com/link/v2/stable/link-initialize.js""#), "{}", page.text);
        assert!(page.text.contains(r#"data-token="link-sandbox-"#) && !page.text.contains("data-received"), "{}", page.text);
        let text = words(&page);
        assert!(text.contains("Step 2 of 4") && text.contains("<noscript>"), "{text}");
        assert!(text.contains("This bank's sign-in needs JavaScript, in this one step."), "{text}");
        assert!(text.contains("Use account numbers instead") && text.contains("how=numbers"), "{text}");
        assert!(words(&theirs).contains("This sign-in was used already") && !theirs.text.contains("cdn.plaid"), "{}", theirs.text);

        let finished = bring(&mut ann, &window).await;
        let choose = leads_to(&finished).to_owned();
        let offered = words(&visit(&mut ann, &choose).await);
        assert!(choose.starts_with("/connections/") && choose.ends_with("/accounts"), "{choose}");
        assert!(offered.contains("First Platypus Bank") && offered.contains("Step 3 of 4"), "{offered}");
        assert_eq!(plaid.calls().iter().filter(|call| call.contains("exchange")).count(), 1);
        // Back to the window: nothing is spent twice.
        let over = visit(&mut ann, &window).await;
        assert!(words(&over).contains("This sign-in was used already") && !over.text.contains("cdn.plaid"), "{}", over.text);
        for path in ["/accounts/link", "/accounts/link?how=bank", "/accounts", &choose] {
            assert!(!visit(&mut ann, path).await.text.contains("cdn.plaid"), "{path}");
        }
    }

    async fn a_bank_with_a_page_of_its_own_leads_back_into_the_window(db: TestDb) {
        let (site, _) = at_plaid(&db).await;
        let mut ann = site.person("ann@example.com").await;
        let lost = visit(&mut ann, "/accounts/link/return?oauth_state_id=0f1e").await;
        assert!(words(&lost).contains("Nothing was linked"), "{}", lost.text);
        let window = to_window(&mut ann).await;

        let back = local(&visit(&mut ann, "/accounts/link/return?oauth_state_id=0f1e").await);
        let page = visit(&mut ann, &back).await;

        assert_eq!(back, format!("{window}&oauth_state_id=0f1e"));
        let received = r#"data-received="http://localhost:3000/accounts/link/return?oauth_state_id=0f1e""#;
        assert!(page.text.contains(received) && page.text.contains("cdn.plaid"), "{}", page.text);
        assert!(leads_to(&bring(&mut ann, &back).await).ends_with("/accounts"));
    }

    async fn what_goes_wrong_in_the_window_is_told_where_accounts_are_added(db: TestDb) {
        let (site, plaid) = at_plaid(&db).await;
        let mut ann = site.person("ann@example.com").await;
        let window = to_window(&mut ann).await;
        let refused = include_str!("../../backend/fixtures/plaid/errors/INVALID_PUBLIC_TOKEN.json");
        plaid.refuse("/item/public_token/exchange", 400, refused);

        let failed = bring(&mut ann, &window).await;
        assert_eq!(leads_to(&failed), "/accounts/link");
        let told = words(&visit(&mut ann, "/accounts/link").await);
        let made_up = submit(&mut ann, "/accounts/link/finish", &[("state", "x"), ("public_token", "x")]).await;
        assert_eq!(leads_to(&made_up), "/accounts/link");
        let lapsed = words(&visit(&mut ann, "/accounts/link").await);

        assert!(told.contains("Something is wrong on our side."), "{told}");
        assert!(lapsed.contains("This sign-in was used already"), "{lapsed}");
        let window = visit(&mut ann, "/accounts/link/window").await;
        assert!(words(&window).contains("Nothing was linked") && !window.text.contains("cdn.plaid"), "{}", window.text);
    }

    async fn a_connection_of_plaids_is_repaired_in_its_window(db: TestDb) {
        let (site, plaid) = at_plaid(&db).await;
        let mut ann = site.person("ann@example.com").await;
        let window = to_window(&mut ann).await;
        let choose = leads_to(&bring(&mut ann, &window).await).to_owned();
        let path = choose.strip_suffix("/accounts").unwrap().to_owned();
        let id = ("id", path.trim_start_matches("/connections/"));

        let begun = submit(&mut ann, "/connections/repair", &[id]).await;
        let repaired = bring(&mut ann, leads_to(&begun)).await;

        assert_eq!(leads_to(&repaired), path);
        let told = words(&visit(&mut ann, &path).await);
        assert!(told.contains("You're signed in again."), "{told}");
        assert_eq!(plaid.calls().iter().filter(|call| call.contains("exchange")).count(), 1);
    }

    async fn a_bank_is_found_signed_in_to_and_its_accounts_come_in(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let all = words(&visit(&mut ann, "/accounts/link").await);
        let found = words(&visit(&mut ann, "/accounts/link?how=bank&q=harbor").await);
        let none = words(&visit(&mut ann, "/accounts/link?how=bank&q=zzz").await);
        assert!(all.contains("Step 1 of 4") && all.contains("Flaky Trust"), "{all}");
        assert!(found.contains("First Harbor") && !found.contains("Flaky Trust"), "{found}");
        assert!(none.contains("No bank here is called “zzz”.") && none.contains("add the account by hand"), "{none}");
        assert!(none.contains("My bank isn't listed") && all.contains("My bank isn't listed"), "{all}");

        let back = sign_in(&mut ann, "sim_first_harbor", "demo").await;
        assert!(back.starts_with("/accounts/link/return?state="), "{back}");
        let choose = local(&visit(&mut ann, &back).await);
        let page = visit(&mut ann, &choose).await;
        assert!(words(&page).contains("Everyday Checking") && words(&page).contains("Step 3 of 4"), "{}", page.text);
        let id = choose.trim_start_matches("/connections/").trim_end_matches("/accounts").to_owned();
        let ids = values(&page, "accounts[]");
        assert_eq!(ids.len(), 3);

        let fields = [("id", &*id), ("accounts[]", &*ids[0]), ("accounts[]", &*ids[2])];
        let chosen = submit(&mut ann, "/connections/choose", &fields).await;
        let added = leads_to(&chosen).to_owned();
        let waiting = words(&visit(&mut ann, &added).await);
        jobs::run_due(&site.backend).await.unwrap();
        let done = words(&visit(&mut ann, &added).await);

        assert!(waiting.contains("The first sync is running.") && waiting.contains("Check again"), "{waiting}");
        assert!(done.contains("Everything the bank has is here.") && done.contains("See transactions"), "{done}");
        let list = words(&visit(&mut ann, "/accounts").await);
        assert!(list.contains("Everyday Checking") && list.contains("Synced ") && !list.contains("Rainy Day"), "{list}");
        // The same form once more, and the way back, do no harm.
        assert_eq!(leads_to(&submit(&mut ann, "/connections/choose", &fields).await), added);
        let again = visit(&mut ann, &back).await;
        assert!(words(&again).contains("This sign-in was used already"), "{}", again.text);
        let rest = visit(&mut ann, &choose).await;
        assert_eq!(words(&rest).matches("Already here").count(), 2);
    }

    async fn demonstration_data_comes_and_goes_by_one_click(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        assert!(words(&visit(&mut ann, "/dashboard").await).contains("Try with demo data"));

        let linked = submit(&mut ann, "/accounts/demo", &[("page", "/dashboard")]).await;
        let path = leads_to(&linked).strip_suffix("/added").unwrap().to_owned();
        jobs::run_due(&site.backend).await.unwrap();

        for page in ["/dashboard", "/accounts"] {
            let text = words(&visit(&mut ann, page).await);
            assert!(text.contains("First Harbor is a test bank: its accounts and transactions are invented."), "{text}");
            assert!(text.contains("Remove demo data"), "{text}");
        }
        let row = words(&visit(&mut ann, "/accounts").await);
        assert!(row.contains("Test bank") && row.contains("Synced "), "{row}");
        let id = path.trim_start_matches("/connections/");
        // Long after the sign-in it is one click still.
        site.backend.clock.advance(Duration::from_mins(16));
        let gone = submit(&mut ann, "/connections/disconnect", &[("id", id), ("history", "delete")]).await;
        assert_eq!(leads_to(&gone), "/accounts");
        let empty = words(&visit(&mut ann, "/dashboard").await);
        assert!(empty.contains("Try with demo data") && !empty.contains("is a test bank"), "{empty}");
    }

    async fn a_refused_sign_in_keeps_the_name_and_never_the_password(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let begun = submit(&mut ann, "/accounts/link/begin", &[("institution", "sim_first_harbor")]).await;
        let ticket = ticket(&local(&begun));
        let sent = |login: &'static str, password: &'static str| {
            [("ticket", ticket.clone()), ("login", login.to_owned()), ("password", password.to_owned())]
        };

        for (login, password, sentence) in [
            ("", "", "Enter your user name."),
            ("demo", "hunter2", "That user name and password don't match."),
            ("locked", "demo", "This login is locked at the bank."),
        ] {
            let fields = sent(login, password);
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            let page = submit(&mut ann, "/dev/bank", &fields).await;

            assert!(page.status.is_client_error(), "{}", page.status);
            assert!(words(&page).contains(sentence), "{}", page.text);
            assert_eq!(values(&page, "login"), [login]);
            assert!(!page.text.contains("hunter2"));
            // The same sign-in goes on from here.
            assert_eq!(values(&page, "ticket"), [ticket.as_str()]);
        }
    }

    async fn a_bank_that_wants_a_code_asks_for_it_on_a_page_of_its_own(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;

        let second = sign_in(&mut ann, "sim_first_harbor", "mfa").await;
        let page = visit(&mut ann, &second).await;
        let ticket = ticket(&second);
        let wrong = submit(&mut ann, "/dev/bank", &[("ticket", &ticket), ("code", "4321")]).await;
        let right = submit(&mut ann, "/dev/bank", &[("ticket", &ticket), ("code", "1234")]).await;

        assert!(page.text.contains("One-time code") && !page.text.contains("name=\"password\""), "{}", page.text);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(words(&wrong).contains("That code isn't right."), "{}", wrong.text);
        let choose = local(&visit(&mut ann, &local(&right)).await);
        assert!(choose.ends_with("/accounts") && choose.starts_with("/connections/"), "{choose}");
    }

    async fn nothing_chosen_and_nothing_known_are_named_where_they_stand(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let back = sign_in(&mut ann, "sim_flaky", "demo").await;
        let choose = local(&visit(&mut ann, &back).await);
        let id = choose.trim_start_matches("/connections/").trim_end_matches("/accounts").to_owned();

        let none = submit(&mut ann, "/connections/choose", &[("id", &id), ("page", &choose)]).await;
        let page = ("page", "/accounts/link?how=bank");
        let bank = submit(&mut ann, "/accounts/link/begin", &[("institution", "sim_northwind"), page]).await;
        let cancelled = visit(&mut ann, "/accounts/link/return?state=x&error=cancelled").await;
        let told = words(&visit(&mut ann, "/accounts/link").await);
        let lapsed = visit(&mut ann, "/dev/bank?ticket=made-up").await;

        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(words(&none).contains("Choose an account."), "{}", none.text);
        assert_eq!(bank.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(words(&bank).contains("Choose one from the list."), "{}", bank.text);
        assert_eq!(local(&cancelled), "/accounts/link");
        assert!(told.contains("Nothing was linked."), "{told}");
        assert_eq!(lapsed.status, StatusCode::NOT_FOUND);
    }

    async fn a_bank_that_wants_its_customer_says_so_and_is_repaired(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let path = linked(&site, &mut ann, "sim_expired").await;
        let id = ("id", path.trim_start_matches("/connections/"));

        assert_eq!(leads_to(&submit(&mut ann, "/connections/sync", &[id]).await), path);
        let asked = words(&visit(&mut ann, &path).await);
        jobs::run_due(&site.backend).await.unwrap();
        let broken = words(&visit(&mut ann, &path).await);
        let list = words(&visit(&mut ann, "/accounts").await);
        let settings = words(&visit(&mut ann, "/settings/connections").await);

        assert!(asked.contains("Syncing Expired Federal now."), "{asked}");
        assert!(broken.contains("Expired Federal needs you to sign in again.") && !broken.contains("Sync now"), "{broken}");
        assert!(list.contains("Needs you to sign in again") && list.contains("Reconnect"), "{list}");
        assert!(settings.contains("Needs you to sign in again"), "{settings}");

        let begun = submit(&mut ann, "/connections/repair", &[id]).await;
        let back = at_bank(&mut ann, &local(&begun), "demo").await;
        assert_eq!(local(&visit(&mut ann, &back).await), path);
        jobs::run_due(&site.backend).await.unwrap();
        let well = words(&visit(&mut ann, &path).await);
        assert!(well.contains("Connected") && well.contains("Sync now") && !well.contains("needs you"), "{well}");
    }

    async fn a_connection_ends_once_and_what_was_read_is_kept(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let path = linked(&site, &mut ann, "sim_first_harbor").await;
        let id = ("id", path.trim_start_matches("/connections/"));
        let here = format!("{path}/disconnect");
        // Of the test bank nothing is anybody's: no sign-in of long ago is confirmed for it.
        site.backend.clock.advance(Duration::from_mins(16));

        let asks = words(&visit(&mut ann, &here).await);
        let unsaid = submit(&mut ann, "/connections/disconnect", &[id, ("page", &here)]).await;
        let first = submit(&mut ann, "/connections/disconnect", &[id, ("history", "keep")]).await;
        let list = words(&visit(&mut ann, leads_to(&first)).await);
        let second = submit(&mut ann, "/connections/disconnect", &[id, ("history", "delete")]).await;
        let after = words(&visit(&mut ann, leads_to(&second)).await);
        let gone = words(&visit(&mut ann, &path).await);

        assert!(asks.contains("3 accounts and ") && asks.contains("Keep them"), "{asks}");
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(list.contains("First Harbor is disconnected. Its accounts and transactions are kept."), "{list}");
        assert!(list.contains("Everyday Checking") && !list.contains("Synced "), "{list}");
        // What was invented says so, also where nothing is connected any more.
        let account = first_account(&visit(&mut ann, "/accounts").await);
        let row = first_row(&visit(&mut ann, "/transactions").await);
        for page in ["/accounts", "/dashboard", "/transactions", &account, &row] {
            let text = words(&visit(&mut ann, page).await);
            assert!(text.contains("Test bank"), "{page}: {text}");
        }
        assert!(after.contains("First Harbor was disconnected already.") && after.contains("Everyday Checking"), "{after}");
        assert!(gone.contains("You removed the connection to First Harbor."), "{gone}");
    }

    async fn a_sign_in_of_long_ago_is_confirmed_before_a_bank_is_linked_repaired_or_ended(db: TestDb) {
        let (site, _plaid) = at_plaid(&db).await;
        let mut ann = site.person("ann@example.com").await;
        let window = to_window(&mut ann).await;
        let choose = leads_to(&bring(&mut ann, &window).await).to_owned();
        let path = choose.strip_suffix("/accounts").unwrap().to_owned();
        let id = ("id", path.trim_start_matches("/connections/"));
        let ask = format!("{path}/disconnect");
        site.backend.clock.advance(Duration::from_mins(16));

        let page = visit(&mut ann, &ask).await;
        let ended = submit(&mut ann, "/connections/disconnect", &[id, ("history", "delete"), ("page", &ask)]).await;
        let repaired = submit(&mut ann, "/connections/repair", &[id, ("page", &path)]).await;
        let bank = [("institution", "sim_expired"), ("page", "/accounts/link")];
        let begun = submit(&mut ann, "/accounts/link/begin", &bank).await;

        let confirm = |next: &str| format!("/confirm?next={}", next.replace('/', "%2F"));
        assert_eq!([sent_to(&page), leads_to(&ended)], [confirm(&ask), confirm(&ask)]);
        assert_eq!([leads_to(&repaired), leads_to(&begun)], [confirm(&path), confirm("/accounts/link")]);
        let still = words(&visit(&mut ann, &path).await);
        assert!(!still.contains("You removed"), "{still}");
    }

    async fn the_test_bank_fails_works_again_and_books_as_its_owner_says(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let mut mallory = site.person("mallory@example.com").await;
        let path = linked(&site, &mut ann, "sim_first_harbor").await;
        let id = ("id", path.trim_start_matches("/connections/"));
        jobs::run_due(&site.backend).await.unwrap();
        let page = visit(&mut ann, &path).await;
        let account = page.text.split("<option").skip(1).find(|option| option.contains("Everyday Checking"));
        let account = account.unwrap().split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let row = [id, ("account", &*account), ("description", "Corner shop"), ("amount", "-12.50"), ("page", &path)];

        let booked = submit(&mut ann, "/dev/bank/row", &row).await;
        jobs::run_due(&site.backend).await.unwrap();
        let found = words(&visit(&mut ann, "/transactions?q=corner+shop").await);
        let broken = submit(&mut ann, "/dev/bank/fault", &[id, ("fault", "login"), ("page", &path)]).await;
        jobs::run_due(&site.backend).await.unwrap();
        let asks = words(&visit(&mut ann, &path).await);

        assert_eq!([leads_to(&booked), leads_to(&broken)], [&path, &path]);
        assert!(found.contains("Corner shop") && found.contains("−$12.50"), "{found}");
        assert!(asks.contains("needs you to sign in again"), "{asks}");
        let bad = submit(&mut ann, "/dev/bank/row", &[id, ("account", &account), ("description", "x"), ("amount", "lots"), ("page", &path)]).await;
        let unknown = submit(&mut ann, "/dev/bank/fault", &[id, ("fault", "fire"), ("page", &path)]).await;
        let theirs = submit(&mut mallory, "/dev/bank/row", &row).await;
        assert_eq!([bad.status, unknown.status], [StatusCode::UNPROCESSABLE_ENTITY; 2]);
        assert!(bad.text.contains("value=\"lots\""), "{}", bad.text);
        assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    }

    async fn somebody_elses_connection_is_not_there(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let path = linked(&site, &mut ann, "sim_first_harbor").await;
        let id = ("id", path.trim_start_matches("/connections/"));
        let mut mallory = site.person("mallory@example.com").await;

        for below in ["", "/accounts", "/added", "/disconnect"] {
            let page = visit(&mut mallory, &format!("{path}{below}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{below}");
            let stranger = visit(&mut site.browser(), &format!("{path}{below}")).await;
            assert!(leads_to(&stranger).starts_with("/sign-in?next=%2Fconnections%2F"), "{below}");
        }
        for form in ["sync", "repair", "choose", "disconnect"] {
            let fields = [id, ("history", "delete"), ("accounts[]", "x")];
            let answer = submit(&mut mallory, &format!("/connections/{form}"), &fields).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{form}");
        }
        assert!(words(&visit(&mut ann, &path).await).contains("Connected"));
        // What the bank sends back is for whoever began.
        let back = sign_in(&mut ann, "sim_flaky", "demo").await;
        let taken = words(&visit(&mut mallory, &back).await);
        assert!(taken.contains("Nothing was linked"), "{taken}");
    }
}
