//! What pages say about mailed links.

use std::time::Duration;

use backend::{
    both_engines,
    testing::{link_in, mails_of},
};

use super::{Browser, Site, site, submit, visit, with_pages, words};

/// A site of each profile, and how long its two kinds of links work.
fn profiles(db: &backend::Db) -> [(Site, &'static str, &'static str, &'static str); 2] {
    let better_auth = with_pages(Site::better_auth(db.clone()));
    [
        (site(db.clone()), "ann@example.com", "24 hours", "60 minutes"),
        (better_auth, "ben@example.com", "60 minutes", "24 hours"),
    ]
}

/// Asks for a new password; answers the path of the mailed link.
async fn reset_link(site: &Site, browser: &mut Browser, email: &str) -> String {
    site.backend.clock.advance(Duration::from_mins(2));
    submit(browser, "/forgot-password", &[("email", email)]).await;
    let link = link_in(&mails_of(&site.backend, email).await[0]);
    link[url::Position::BeforePath..].to_owned()
}

/// Follows a link to the page it ends on.
async fn follow(browser: &mut Browser, path: &str) -> String {
    let answer = visit(browser, path).await;
    match answer.header("location").map(str::to_owned) {
        Some(next) => {
            words(&visit(browser, next.trim_start_matches("http://localhost:3000")).await)
        }
        None => words(&answer),
    }
}

both_engines! {
    async fn a_link_that_no_longer_works_says_why_where_that_is_known(db: TestDb) {
        let used = "It was used already, and a link works once.";
        let late = "It's older than 60 minutes. Your password";
        let either = "It's older than 60 minutes, was used already, or a newer one was sent.";
        let better_auth = with_pages(Site::better_auth(db.db.clone()));
        for (site, email, used, late) in [(site(db.db.clone()), "ann@example.com", used, late), (better_auth, "ben@example.com", either, either)] {
            site.person(email).await;
            let mut browser = site.browser();

            let link = reset_link(&site, &mut browser, email).await;
            let page = visit(&mut browser, &link).await;
            let token = page.header("location").unwrap().split_once("token=").unwrap().1.to_owned();
            let fields = [("token", &*token), ("password", "an entirely different phrase")];
            submit(&mut browser, "/reset-password", &fields).await;
            for path in [link, format!("/reset-password?token={token}")] {
                let text = follow(&mut browser, &path).await;
                assert!(text.contains(used), "{path}: {text}");
            }
            let again = submit(&mut browser, "/reset-password", &fields).await;
            let text = follow(&mut browser, again.header("location").unwrap()).await;
            assert!(text.contains(used), "{text}");

            let link = reset_link(&site, &mut browser, email).await;
            site.backend.clock.advance(Duration::from_hours(1));
            let text = follow(&mut browser, &link).await;
            assert!(text.contains(late), "{text}");
        }
    }

    async fn pages_say_how_long_the_links_of_their_profile_work(db: TestDb) {
        for (site, email, proof, deletion) in profiles(&db.db) {
            let mut browser = site.person(email).await;

            let waiting = words(&visit(&mut browser, "/verify-email").await);
            let spent = words(&visit(&mut browser, "/delete-account?error=INVALID_TOKEN").await);

            assert!(waiting.contains(&format!("that the address is yours. It works for {proof}.")), "{waiting}");
            assert!(spent.contains(&format!("It's older than {deletion}, was used already")), "{spent}");
        }
    }
}
