//! Signing in at the bank, and what it hands over.

use std::collections::HashMap;

use domain::AccountType;
use url::Url;

use super::*;
use crate::{
    Error,
    banks::{BeginLink, LinkStart, TroubleKind},
    both_engines,
    testing::World,
};

const STATE: &str = "a-state-of-a-test";

async fn ticket(w: &World, institution: Option<&str>) -> String {
    let return_url = "http://localhost:3000/accounts/link/return".parse().unwrap();
    let ask = BeginLink {
        user: w.alice.user(),
        purpose: &Purpose::New,
        token: None,
        institution,
        return_url: &return_url,
        state: STATE,
    };
    ticket_of(bank(&w.backend).begin_link(ask).await.unwrap())
}

fn ticket_of(start: LinkStart) -> String {
    let LinkStart::Redirect { url } = start else { panic!("a page") };
    let url: Url = url.parse().unwrap();
    assert_eq!(url.path(), PAGE);
    pairs(&url).remove("ticket").unwrap()
}

fn pairs(url: &Url) -> HashMap<String, String> {
    url.query_pairs().into_owned().collect()
}

fn form(login: &str, password: &str, code: &str) -> BankSignIn {
    let text = str::to_owned;
    BankSignIn {
        institution: String::new(),
        login: text(login),
        password: text(password),
        code: text(code),
    }
}

async fn answer(w: &World, ticket: &str, form: BankSignIn) -> BankAnswer {
    bank(&w.backend).sign_in(ticket, &form).await.unwrap()
}

both_engines! {
    async fn first_harbor_links_at_once_and_sends_its_customer_back(db: TestDb) {
        let w = World::new(db).await;
        let ticket = ticket(&w, Some("sim_first_harbor")).await;
        assert_eq!(bank(&w.backend).page(&ticket).unwrap().institution.unwrap().name, "First Harbor");

        assert_eq!(answer(&w, &ticket, form("demo", "nope", "")).await, BankAnswer::Wrong);
        let BankAnswer::Return { url } = answer(&w, &ticket, form("demo", "demo", "")).await else { panic!("a return") };

        let url: Url = url.parse().unwrap();
        assert_eq!(url.path(), "/accounts/link/return");
        let pairs = pairs(&url);
        assert_eq!(pairs["state"], STATE);
        let public_token = pairs["public_token"].clone().into();
        let ask = FinishLink { user: w.alice.user(), purpose: &Purpose::New, token: None, public_token: &public_token };
        let made = bank(&w.backend).finish_link(ask).await.unwrap();
        assert_eq!(made.institution_name, "First Harbor");
        let kinds: Vec<_> = made.accounts.iter().map(|a| (&*a.name, a.account_type, a.currency.code())).collect();
        assert_eq!(kinds, [
            ("Everyday Checking", AccountType::Checking, "USD"),
            ("Rainy Day Savings", AccountType::Savings, "USD"),
            ("Travel Euro", AccountType::Other, "EUR"),
        ]);

        let ask = FinishLink { user: w.alice.user(), purpose: &Purpose::New, token: None, public_token: &public_token };
        let again = bank(&w.backend).finish_link(ask).await.unwrap_err();
        assert_eq!(again.trouble.kind, TroubleKind::BadRequest, "a public token is spent");
    }

    async fn the_login_mfa_is_asked_for_its_code_and_locked_is_locked(db: TestDb) {
        let w = World::new(db).await;
        let ticket = ticket(&w, Some("sim_first_harbor")).await;

        let BankAnswer::CodeNeeded { ticket: second } = answer(&w, &ticket, form("mfa", "demo", "")).await else {
            panic!("a code is asked for")
        };
        let page = |ticket: &str| bank(&w.backend).page(ticket).unwrap();
        assert!(page(&second).code_asked && !page(&ticket).code_asked);
        assert_eq!(page(&second).institution.unwrap().name, "First Harbor");
        assert_eq!(answer(&w, &second, form("", "", "")).await, BankAnswer::CodeWrong);
        assert!(matches!(answer(&w, &second, form("", "", " 1234 ")).await, BankAnswer::Return { .. }));
        assert_eq!(answer(&w, &ticket, form("mfa", "demo", "4321")).await, BankAnswer::CodeWrong);
        assert!(matches!(answer(&w, &ticket, form("mfa", "demo", "1234")).await, BankAnswer::Return { .. }));
        assert_eq!(answer(&w, &ticket, form("locked", "demo", "")).await, BankAnswer::Locked);
    }

    async fn a_bank_may_be_chosen_on_the_page_and_banks_without_logins_are_not_offered(db: TestDb) {
        let w = World::new(db).await;
        let ticket = ticket(&w, None).await;
        let page = bank(&w.backend).page(&ticket).unwrap();
        assert!(page.institution.is_none() && page.choices.iter().all(|bank| bank.deposits.is_none()));

        let chosen = BankSignIn { institution: "sim_flaky".to_owned(), ..form("demo", "demo", "") };
        assert!(matches!(answer(&w, &ticket, chosen).await, BankAnswer::Return { .. }));
        let none = BankSignIn { institution: "sim_quiet".to_owned(), ..form("demo", "demo", "") };
        assert_eq!(answer(&w, &ticket, none).await, BankAnswer::Wrong);

        let return_url = "http://localhost:3000/".parse().unwrap();
        let ask = BeginLink {
            user: w.alice.user(), purpose: &Purpose::New, token: None, institution: Some("sim_northwind"),
            return_url: &return_url, state: STATE,
        };
        assert_eq!(bank(&w.backend).begin_link(ask).await.unwrap_err().kind, TroubleKind::BadRequest);
    }

    async fn a_ticket_that_was_changed_or_is_old_opens_nothing(db: TestDb) {
        let w = World::new(db).await;
        let ticket = ticket(&w, Some("sim_first_harbor")).await;
        let url: Url = bank(&w.backend).cancel(&ticket).unwrap().parse().unwrap();
        assert_eq!(pairs(&url)["error"], "cancelled");

        let forged = ticket.replace("cfr1", "cfr2");
        assert!(matches!(bank(&w.backend).page(&forged), Err(Error::NotFound(_))));
        w.backend.clock.advance(std::time::Duration::from_mins(31));
        assert!(matches!(bank(&w.backend).page(&ticket), Err(Error::Expired(_))));
    }

    async fn a_broken_login_is_repaired_on_the_page_and_keeps_its_token(db: TestDb) {
        let w = World::new(db).await;
        let made = linked(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        bank(&w.backend).break_login(&made.item_id).await.unwrap();
        assert_eq!(bank(&w.backend).accounts(&made.token).await.unwrap_err().kind, TroubleKind::NeedsLogin);

        let purpose = Purpose::Repair("con".into());
        let return_url = "http://localhost:3000/accounts/link/return".parse().unwrap();
        let ask = BeginLink {
            user: w.alice.user(), purpose: &purpose, token: Some(&made.token), institution: None,
            return_url: &return_url, state: STATE,
        };
        let ticket = ticket_of(bank(&w.backend).begin_link(ask).await.unwrap());
        assert!(bank(&w.backend).page(&ticket).unwrap().repairing);
        assert_eq!(answer(&w, &ticket, form("mfa", "demo", "1234")).await, BankAnswer::Wrong, "another login");
        let BankAnswer::Return { url } = answer(&w, &ticket, form("demo", "demo", "")).await else { panic!("a return") };
        let public_token = pairs(&url.parse().unwrap())["public_token"].clone().into();
        let ask = FinishLink { user: w.alice.user(), purpose: &purpose, token: Some(&made.token), public_token: &public_token };
        let repaired = bank(&w.backend).finish_link(ask).await.unwrap();

        assert_eq!(repaired.item_id, made.item_id);
        assert_eq!(bank(&w.backend).accounts(&made.token).await.unwrap(), made.accounts);
    }

    async fn the_same_account_keeps_its_lasting_id_and_its_number_when_it_is_linked_anew(db: TestDb) {
        let w = World::new(db).await;
        let first = linked(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        let second = linked(&w.backend, &w.alice, "sim_first_harbor", "demo").await;
        let other = linked(&w.backend, &w.mallory, "sim_first_harbor", "demo").await;

        assert_ne!(first.accounts[0].id, second.accounts[0].id);
        assert_eq!(first.accounts[0].persistent_id, second.accounts[0].persistent_id);
        assert_ne!(first.accounts[0].persistent_id, other.accounts[0].persistent_id);
        let ids = |made: &NewConnection| made.accounts.iter().map(|account| account.id.clone()).collect::<Vec<_>>();
        let one = bank(&w.backend).numbers(&first.token, &ids(&first)).await.unwrap();
        let two = bank(&w.backend).numbers(&second.token, &ids(&second)).await.unwrap();
        assert_eq!(one.len(), 2, "numbers of checking and savings");
        assert!(one[0].number.is_same(&two[0].number) && !one[0].number.is_same(&one[1].number));
        assert_eq!(one[0].number.mask(), first.accounts[0].mask);
    }
}
