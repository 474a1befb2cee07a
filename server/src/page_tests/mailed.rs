//! What pages say about mailed links.

use backend::both_engines;

use super::{Site, site, visit, with_pages, words};

/// A site of each profile, and how long its two kinds of links work.
fn profiles(db: &backend::Db) -> [(Site, &'static str, &'static str, &'static str); 2] {
    let better_auth = with_pages(Site::better_auth(db.clone()));
    [
        (site(db.clone()), "ann@example.com", "24 hours", "60 minutes"),
        (better_auth, "ben@example.com", "60 minutes", "24 hours"),
    ]
}

both_engines! {
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
