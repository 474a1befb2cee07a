//! The sign-in page.

use app::server::{ProviderButton, SiteSettings};
use backend::both_engines;

use super::{Browser, Site, leads_to, submit, visit, with_settings};
use crate::auth::tests::support::PASSWORD;

const MARK: &str = r#"data-testid="last-used""#;

/// A site with one provider, and Ann's browser, which has just signed out.
async fn signed_out(db: backend::Db) -> (Site, Browser) {
    let button = ProviderButton { id: "google".into(), label: "Google".into() };
    let settings = SiteSettings { providers: vec![button], ..SiteSettings::default() };
    let site = with_settings(Site::new(db), settings);
    let mut ann = site.person("ann@example.com").await;
    submit(&mut ann, "/sign-out", &[]).await;
    (site, ann)
}

/// The part of the page from `start` to `end`.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let rest = page.split_once(start).map_or("", |(_, rest)| rest);
    rest.split_once(end).map_or(rest, |(part, _)| part)
}

both_engines! {
    async fn only_a_session_that_ends_unused_is_warned_about(db: TestDb) {
        const WARNING: &str = r#"data-testid="session-ends""#;
        let (_site, mut ann) = signed_out(db.db.clone()).await;
        let fields = [("email", "ann@example.com"), ("password", PASSWORD), ("rememberMe", "true")];

        submit(&mut ann, "/sign-in", &fields).await;
        assert!(!visit(&mut ann, "/dashboard").await.text.contains(WARNING));
        submit(&mut ann, "/sign-out", &[]).await;
        submit(&mut ann, "/sign-in", &fields[..2]).await;

        let page = visit(&mut ann, "/dashboard").await.text;
        assert!(page.contains(WARNING) && page.contains(r#""idleSeconds":1800"#), "{page}");
    }

    async fn the_way_that_was_used_last_is_marked_and_no_other(db: TestDb) {
        let (_site, mut ann) = signed_out(db.db.clone()).await;
        assert!(!visit(&mut ann, "/sign-in").await.text.contains(MARK), "nobody came in by a page");
        let fields = [("email", "ann@example.com"), ("password", PASSWORD)];
        assert_eq!(leads_to(&submit(&mut ann, "/sign-in", &fields).await), "/dashboard");
        assert_eq!(ann.cookies["coffer.way_in"], "password");
        submit(&mut ann, "/sign-out", &[]).await;

        let page = visit(&mut ann, "/sign-in").await.text;
        assert_eq!(page.matches(MARK).count(), 1);
        assert!(between(&page, r#"data-testid="sign-in-submit""#, "</form>").contains(MARK), "{page}");
        for (way, start, end) in [("google", "continue-with-google", "</form>"), ("passkey", "Sign in with a passkey", "or with your e-mail")] {
            ann.cookies.insert("coffer.way_in".into(), way.into());
            let page = visit(&mut ann, "/sign-in").await.text;
            assert_eq!(page.matches(MARK).count(), 1, "{way}");
            assert!(between(&page, start, end).contains(MARK), "{way}: {page}");
        }
        ann.cookies.insert("coffer.way_in".into(), "<script>".into());
        assert!(!visit(&mut ann, "/sign-in").await.text.contains(MARK));
        assert!(!visit(&mut ann, "/sign-up").await.text.contains(MARK));
    }

    async fn the_address_field_is_one_that_passkeys_are_offered_in(db: TestDb) {
        let (_site, mut ann) = signed_out(db.db.clone()).await;

        let page = visit(&mut ann, "/sign-in").await.text;

        assert!(page.contains(r#"autocomplete="username webauthn""#), "{page}");
        assert!(page.contains("PasskeyAutofill"), "the island that asks the browser for them");
    }
}
