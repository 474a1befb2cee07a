//! The proof of an account by deposits, by forms and without script.

use axum::http::StatusCode;
use backend::{both_engines, jobs};

use super::{leads_to, site, submit, visit, words};

const ACCOUNT: [(&str, &str); 8] = [
    ("how", "numbers"),
    ("bankName", "Harbor Bank"),
    ("accountType", "checking"),
    ("routingNumber", "021000021"),
    ("accountNumber", "000123456789"),
    ("accountNumberAgain", "000123456789"),
    ("currency", "USD"),
    ("accountNickname", ""),
];

/// What stands behind `name="…" value="` of a hidden field.
fn hidden<'a>(text: &'a str, name: &str) -> &'a str {
    let input = text.split("<input").find(|input| input.contains(&format!("name=\"{name}\"")));
    input.unwrap().split("value=\"").nth(1).unwrap().split('"').next().unwrap()
}

both_engines! {
    async fn an_account_is_proven_by_the_code_on_its_statement(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let added = submit(&mut ann, "/accounts/link", &ACCOUNT).await;
        let account = leads_to(&added).to_owned();
        let proof = format!("{account}/verify");
        let id = account.trim_start_matches("/accounts/");

        let numbers = words(&visit(&mut ann, "/accounts/link?how=numbers").await);
        let asks = words(&visit(&mut ann, &account).await);
        let begin = words(&visit(&mut ann, &proof).await);
        let unknown = submit(&mut ann, "/accounts/verify/start", &[("id", id), ("kind", ""), ("page", &proof)]).await;
        let sent = submit(&mut ann, "/accounts/verify/start", &[("id", id), ("kind", "code")]).await;
        assert!(asks.contains("Small deposits prove that this account is yours."), "{asks}");
        assert!(begin.contains("Two small deposits") && begin.contains("A deposit with a code"), "{begin}");
        assert!(numbers.contains("Step 2 of 4: Enter the account's numbers"), "{numbers}");
        assert!(begin.contains("Step 3 of 4: Send small deposits"), "{begin}");
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(leads_to(&sent), proof);

        jobs::run_due(&site.backend).await.unwrap();
        let waiting = visit(&mut ann, &proof).await;
        let round = hidden(&waiting.text, "round").to_owned();
        assert!(words(&waiting).contains("Deposits are on their way"), "{}", words(&waiting));
        assert!(words(&waiting).contains("Step 3 of 4: Deposits on their way"), "{}", words(&waiting));
        assert!(words(&visit(&mut ann, "/accounts").await).contains("Confirm deposits"));
        let early = [("round", &*round), ("code", "AAAA"), ("page", &proof)];
        let early = submit(&mut ann, "/accounts/verify", &early).await;
        assert!(words(&early).contains("haven't arrived yet"), "{}", words(&early));

        assert_eq!(leads_to(&submit(&mut ann, "/accounts/verify/arrive", &[("id", id)]).await), proof);
        let there = words(&visit(&mut ann, &proof).await);
        assert!(there.contains("Step 4 of 4: Confirm the deposits"), "{there}");
        let code = there.split("COFFER ACCTVERIFY CF").last().unwrap()[..4].to_owned();
        let done = submit(&mut ann, "/accounts/verify", &[("round", &round), ("code", &code)]).await;
        assert_eq!(leads_to(&done), account);
        let after = words(&visit(&mut ann, &account).await);
        assert!(after.contains("Account verified.") && after.contains("A deposit with a code,"), "{after}");
        assert!(words(&visit(&mut ann, &proof).await).contains("This account is verified. The deposits matched."));
    }

    async fn an_account_that_is_back_asks_for_its_numbers_and_can_be_proven(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let added = submit(&mut ann, "/accounts/link", &ACCOUNT).await;
        let account = leads_to(&added).to_owned();
        let id = account.trim_start_matches("/accounts/").to_owned();
        submit(&mut ann, "/accounts/archive", &[("id", &id)]).await;
        submit(&mut ann, "/accounts/unarchive", &[("id", &id)]).await;

        let asks = words(&visit(&mut ann, &account).await);
        let proof = words(&visit(&mut ann, &format!("{account}/verify")).await);
        assert!(asks.contains("Enter its numbers again"), "{asks}");
        assert!(proof.contains("Its numbers were erased") && !proof.contains("What shall we send?"), "{proof}");

        let typed = |again: &'static str| {
            [("id", id.clone()), ("routingNumber", "021000021".to_owned()), ("accountNumber", "000123456789".to_owned()),
             ("accountNumberAgain", again.to_owned()), ("page", account.clone())]
        };
        let fields = typed("000123456780");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = submit(&mut ann, "/accounts/verify/numbers", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = words(&refused);
        assert!(said.contains("The two account numbers don't match.") && said.contains(r#"value="021000021""#), "{said}");
        assert!(!refused.text.contains("000123456789"), "a number is never sent back");
        let fields = typed("000123456789");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let kept = submit(&mut ann, "/accounts/verify/numbers", &fields).await;
        assert_eq!(leads_to(&kept), format!("{account}/verify"));
        let begin = words(&visit(&mut ann, &format!("{account}/verify")).await);
        assert!(begin.contains("What shall we send?"), "{begin}");
        assert!(!words(&visit(&mut ann, &account).await).contains("Enter its numbers again"));
    }

    async fn the_proof_of_somebody_elses_account_is_not_there(db: TestDb) {
        let site = site(db.db.clone());
        let mut ann = site.person("ann@example.com").await;
        let mut bob = site.person("bob@example.com").await;
        let added = submit(&mut ann, "/accounts/link", &ACCOUNT).await;
        let account = leads_to(&added).to_owned();
        let id = account.trim_start_matches("/accounts/");

        assert_eq!(visit(&mut bob, &format!("{account}/verify")).await.status, StatusCode::NOT_FOUND);
        for path in ["/accounts/verify/start", "/accounts/verify/arrive"] {
            let refused = submit(&mut bob, path, &[("id", id), ("kind", "amounts")]).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(words(&visit(&mut ann, &format!("{account}/verify")).await).contains("What shall we send?"));
    }
}
