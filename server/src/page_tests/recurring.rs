//! What repeats, decided on by plain forms: each answer can be taken back, and a merge is looked at first.

use axum::http::StatusCode;
use backend::{
    SignedIn, both_engines,
    recurring::{self, testing::subscription},
    transactions::testing::{Given, give_all},
};
use domain::{AccountId, UserId};
use time::{Date, macros::date};

use super::{Browser, Site, leads_to, site, submit, visit, words};

const DAYS: [Date; 3] = [date!(2026 - 02 - 15), date!(2026 - 03 - 15), date!(2026 - 04 - 15)];

/// Somebody with a gym and a subscription, and the ids of both: the subscription comes first.
async fn subscriber(site: &Site) -> (Browser, SignedIn, [String; 2]) {
    let mut ann = site.person("ann@example.com").await;
    let fields = [("bankName", "Wallet"), ("accountType", "cash"), ("currency", "USD")];
    let added = submit(&mut ann, "/accounts/link", &fields).await;
    let account = AccountId::new(leads_to(&added).trim_start_matches("/accounts/"));
    let session = ann.get("/api/auth/get-session").await.json();
    let user = UserId::new(session["user"]["id"].as_str().unwrap());
    let caller = SignedIn::in_a_test(user, site.backend.clock.now());
    let gym = |day: &Date| Given {
        date: day.replace_day(20).unwrap(),
        minor: -2_000,
        description: "ACME GYM",
        ..Given::default()
    };
    give_all(&site.backend, &caller, &account, &DAYS.iter().map(gym).collect::<Vec<_>>()).await;
    subscription(&site.backend, &caller, &account, &DAYS).await;
    let found = recurring::page(&site.backend, &caller).await.unwrap().series;
    let ids = [0, 1].map(|at: usize| found[at].id.to_string());
    (ann, caller, ids)
}

/// The hidden fields of the button in the message on top of a page.
fn undo(page: &str) -> Vec<(String, String)> {
    let (_, flash) = page.split_once(r#"data-testid="flash""#).expect("a message");
    let (_, form) = flash.split_once("<form").expect("a button");
    let (form, _) = form.split_once("</form>").unwrap();
    let value = |input: &str, name: &str| {
        let (_, rest) = input.split_once(&format!(r#"{name}=""#)).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let inputs = form.split("<input").skip(1);
    inputs.map(|input| (value(input, " name"), value(input, " value"))).collect()
}

async fn press_undo(ann: &mut Browser, page: &str, action: &str) -> String {
    assert!(page.contains(&format!(r#"action="{action}""#)), "{page}");
    let fields = undo(page);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let answer = submit(ann, action, &fields).await;
    let path = leads_to(&answer).to_owned();
    words(&visit(ann, &path).await)
}

both_engines! {
    async fn what_was_said_is_undone_with_one_press(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, caller, [film, _]) = subscriber(&site).await;
        let decision = async || {
            let detail = recurring::get(&site.backend, &caller, &domain::SeriesId::new(film.as_str())).await;
            detail.unwrap().series.decision.as_str()
        };

        for (said, after, undone) in [("confirm", "confirmed", "open"), ("ignore", "ignored", "open")] {
            let fields = [("id", &*film), ("choice", said)];
            assert_eq!(leads_to(&submit(&mut ann, "/recurring/choose", &fields).await), "/recurring");
            let page = words(&visit(&mut ann, "/recurring").await);
            assert_eq!(decision().await, after);

            let page = press_undo(&mut ann, &page, "/recurring/choose").await;
            assert!(page.contains("Undone."), "{page}");
            assert_eq!(decision().await, undone);
        }

        // What was confirmed before it was ignored is confirmed again.
        for said in ["confirm", "ignore"] {
            submit(&mut ann, "/recurring/choose", &[("id", &*film), ("choice", said)]).await;
        }
        let page = words(&visit(&mut ann, "/recurring").await);
        press_undo(&mut ann, &page, "/recurring/choose").await;
        assert_eq!(decision().await, "confirmed");
        let unknown = [("id", &*film), ("choice", "merge"), ("page", "/recurring")];
        let unknown = submit(&mut ann, "/recurring/choose", &unknown).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_row_that_was_taken_out_is_put_back_from_the_message_or_the_list(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, caller, [film, _]) = subscriber(&site).await;
        let id = domain::SeriesId::new(film.as_str());
        let rows = recurring::get(&site.backend, &caller, &id).await.unwrap().rows;
        let path = format!("/recurring/{film}");
        let fields = [("id", &*film), ("transaction", rows[0].id.as_str())];

        assert_eq!(leads_to(&submit(&mut ann, "/recurring/leave-out", &fields).await), path);
        let page = words(&visit(&mut ann, &path).await);
        assert!(page.contains(r#"data-testid="series-left-out""#) && page.contains("Put back"), "{page}");
        let page = press_undo(&mut ann, &page, "/recurring/put-back").await;
        assert!(page.contains("It is part of this series again."), "{page}");
        assert!(!page.contains(r#"data-testid="series-left-out""#), "{page}");

        submit(&mut ann, "/recurring/leave-out", &fields).await;
        for said in ["It is part of this series again.", "It is not left out any more."] {
            assert_eq!(leads_to(&submit(&mut ann, "/recurring/put-back", &fields).await), path);
            let page = words(&visit(&mut ann, &path).await);
            assert!(page.contains(said), "{said} in {page}");
        }
        assert_eq!(recurring::get(&site.backend, &caller, &id).await.unwrap().rows.len(), 3);
    }

    async fn a_merge_is_looked_at_before_it_is_made(db: TestDb) {
        let site = site(db.db.clone());
        let (mut ann, caller, [film, gym]) = subscriber(&site).await;
        let (page, fields) = (format!("/recurring/{film}"), [("id", &*film), ("into", &*gym)]);

        let nothing = [("id", &*film), ("into", ""), ("page", &*page)];
        let nothing = submit(&mut ann, "/recurring/merge/look", &nothing).await;
        let look = leads_to(&submit(&mut ann, "/recurring/merge/look", &fields).await).to_owned();
        let seen = words(&visit(&mut ann, &look).await);
        let made_up = visit(&mut ann, &format!("/recurring/{film}/merge?into=x")).await;
        let before = recurring::page(&site.backend, &caller).await.unwrap().series.len();
        let merged = submit(&mut ann, "/recurring/merge", &fields).await;
        let again = visit(&mut ann, &look).await;

        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.text.contains(r#"aria-invalid="true""#), "{}", nothing.text);
        assert_eq!(look, format!("/recurring/{film}/merge?into={gym}"));
        for text in ["3 transactions of", "6 in all.", "This can't be undone.", "−$15.49", "−$20.00"] {
            assert!(seen.contains(text), "{text} in {seen}");
        }
        assert_eq!(seen.matches(r#"data-testid="merge-row""#).count(), 6);
        assert_eq!((made_up.status, before), (StatusCode::NOT_FOUND, 2));
        assert_eq!((leads_to(&merged), again.status), (&*format!("/recurring/{gym}"), StatusCode::NOT_FOUND));
        assert_eq!(recurring::page(&site.backend, &caller).await.unwrap().series.len(), 1);
    }
}
