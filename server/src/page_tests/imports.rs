//! Files of transactions, looked at and taken in by plain forms.

use std::fmt::Write as _;

use axum::http::StatusCode;
use backend::{SignedIn, both_engines, imports};
use domain::{AccountId, ImportId, UserId};

use super::{Browser, Site, leads_to, site, submit, visit, words};

/// Somebody with an account of cash, and its id.
async fn with_wallet(site: &Site) -> (Browser, SignedIn, AccountId) {
    let mut ann = site.person("ann@example.com").await;
    let fields = [("bankName", "Wallet"), ("accountType", "cash"), ("currency", "USD")];
    let added = submit(&mut ann, "/accounts/link", &fields).await;
    let account = AccountId::new(leads_to(&added).trim_start_matches("/accounts/"));
    let session = ann.get("/api/auth/get-session").await.json();
    let user = UserId::new(session["user"]["id"].as_str().unwrap());
    let caller = SignedIn::in_a_test(user, site.backend.clock.now());
    (ann, caller, account)
}

/// A file that waits for its preview.
async fn draft(site: &Site, caller: &SignedIn, account: &AccountId, text: &str) -> ImportId {
    let content = text.as_bytes().to_vec();
    imports::upload(&site.backend, caller, account, "bank.csv", content).await.unwrap()
}

async fn apply(ann: &mut Browser, id: &ImportId, more: &[(&str, &str)]) -> String {
    let fields: Vec<(&str, &str)> =
        [("id", id.as_str())].into_iter().chain(more.iter().copied()).collect();
    let applied = submit(ann, "/import/apply", &fields).await;
    let path = leads_to(&applied).to_owned();
    words(&visit(ann, &path).await)
}

/// So many purchases, as a table and as Quicken writes them.
fn table(rows: i64) -> String {
    let mut text = "Date,Description,Amount\n".to_owned();
    for n in 1..=rows {
        writeln!(text, "2026-05-01,Shop {n},-{n}.00").unwrap();
    }
    text
}

fn quicken(rows: i64) -> String {
    let mut text = "!Type:Cash\nD4/30'26\nT1,000.00\nPOpening Balance\nL[Wallet]\n^\n".to_owned();
    for n in 1..=rows {
        write!(text, "D5/1'26\nT-{n}.00\nPPurchase {n}\n^\n").unwrap();
    }
    text
}

both_engines! {
    async fn possible_rows_beyond_those_that_are_printed_are_taken_in_with_one_tick(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, caller, account) = with_wallet(&site).await;
        let first = draft(&site, &caller, &account, &table(120)).await;
        apply(&mut ann, &first, &[]).await;
        let second = draft(&site, &caller, &account, &quicken(120)).await;

        let page = words(&visit(&mut ann, &format!("/import/{second}")).await);
        let done = apply(&mut ann, &second, &[("takeAll", "true")]).await;

        assert!(page.contains("The first 100 of 120 rows."), "{page}");
        assert!(page.contains("Import all 120 of them too") && page.contains(r#"name="takeAll""#), "{page}");
        assert!(page.contains("Import the ticked rows"), "{page}");
        let list = visit(&mut ann, "/transactions?limit=1").await;
        assert!(words(&list).contains("240 transactions"), "{} {done}", list.text);
    }

    async fn ticks_stay_when_another_tab_is_looked_at(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, caller, account) = with_wallet(&site).await;
        let first = draft(&site, &caller, &account, &table(3)).await;
        apply(&mut ann, &first, &[]).await;
        let second = draft(&site, &caller, &account, &quicken(3)).await;
        let possible = visit(&mut ann, &format!("/import/{second}?tab=possible")).await;
        let line = possible.text.split(r#"name="takeIn[]" value=""#).nth(2).unwrap().split('"').next().unwrap().to_owned();

        let look = async |ann: &mut Browser, tab: &str, ticks: &[(&str, &str)]| {
            let fields: Vec<(&str, &str)> =
                [("id", second.as_str()), ("options", "date=mdy"), ("tab", tab)].into_iter().chain(ticks.iter().copied()).collect();
            let there = leads_to(&submit(ann, "/import/look", &fields).await).to_owned();
            (there.clone(), visit(ann, &there).await.text)
        };
        let (address, errors) = look(&mut ann, "errors", &[("takeIn[]", &line), ("takeIn[]", "x")]).await;
        assert_eq!(address, format!("/import/{second}?date=mdy&tab=errors&take={line}"));
        let carried = format!(r#"<input type="hidden" name="takeIn[]" value="{line}""#);
        assert!(errors.contains(&carried), "{errors}");
        assert!(errors.contains("Import the ticked rows"), "they count from every tab: {errors}");
        let (_, back) = look(&mut ann, "possible", &[("takeIn[]", &line), ("takeAll", "true")]).await;
        for box_ in [r#"name="takeAll" value="true" checked"#.to_owned(), format!(r#"name="takeIn[]" value="{line}" checked"#)] {
            assert!(back.contains(&box_), "{box_}: {back}");
        }
        let strange = submit(&mut ann, "/import/look", &[("id", "nobody"), ("tab", "new")]).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
    }

    async fn a_preview_says_what_becomes_of_the_balances_of_a_file(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, caller, account) = with_wallet(&site).await;
        let file = draft(&site, &caller, &account, &quicken(1)).await;
        let statement = "OFXHEADER:100\nDATA:OFXSGML\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD\n\
             <BANKACCTFROM><BANKID>021000021<ACCTID>111<ACCTTYPE>CHECKING</BANKACCTFROM>\n\
             <BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260504<TRNAMT>-34.51<FITID>A1<NAME>POWER</STMTTRN>\n\
             </BANKTRANLIST><LEDGERBAL><BALAMT>100.00<DTASOF>20260531</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>";
        let statement = draft(&site, &caller, &account, statement).await;

        let opening = words(&visit(&mut ann, &format!("/import/{file}?date=mdy")).await);
        let gap = words(&visit(&mut ann, &format!("/import/{statement}")).await);

        assert!(opening.contains("Importing makes $1,000.00 the opening balance of the account."), "{opening}");
        assert!(gap.contains("The bank says $100.00 on "), "{gap}");
        assert!(gap.contains("your transactions come to −$34.51, $134.51 less."), "{gap}");
    }
}
