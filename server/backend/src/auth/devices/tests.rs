use super::*;
use crate::{
    auth, both_engines, fetch_one,
    testing::{World, backend, mails_of},
};

const PASSWORD: &str = "correct horse battery staple";

const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// A form of our pages: the browser shows one id and is given the next.
fn page(device: Option<&str>, next: &str) -> Client {
    let (device, next_device) = (device.map(str::to_owned), Some(next.to_owned()));
    Client { device, next_device, user_agent: CHROME.into(), ..Client::default() }
}

/// A route, whose answers set no device cookie.
fn route(user_agent: &str) -> Client {
    Client { user_agent: user_agent.into(), ..Client::default() }
}

async fn arrives(w: &World, who: &crate::SignedIn, client: &Client) -> Arrival {
    let mut tx = w.backend.db.system().write().await.unwrap();
    let arrival = arrive(&mut tx, &w.backend, who.user(), client).await.unwrap();
    tx.commit().await.unwrap();
    arrival
}

async fn is_known(w: &World, email: &str, device: &str) -> bool {
    let email = Email::parse(email).unwrap();
    let client = Client { device: Some(device.to_owned()), ..Client::default() };
    known(&w.backend, &email, &client).await.unwrap().is_some()
}

both_engines! {
    async fn a_browser_is_known_from_its_second_sign_in(db: TestDb) {
        let w = World::new(db).await;

        assert_eq!(arrives(&w, &w.alice, &page(None, "one")).await, Arrival::First);
        assert_eq!(arrives(&w, &w.alice, &page(Some("one"), "two")).await, Arrival::Known);
        assert_eq!(arrives(&w, &w.alice, &page(None, "other")).await, Arrival::Unknown);
        assert_eq!(arrives(&w, &w.alice, &page(Some("made up"), "third")).await, Arrival::Unknown);
    }

    async fn an_id_is_good_for_one_sign_in(db: TestDb) {
        let w = World::new(db).await;
        arrives(&w, &w.alice, &page(None, "one")).await;

        arrives(&w, &w.alice, &page(Some("one"), "two")).await;

        assert!(is_known(&w, "alice@example.com", "two").await);
        assert!(!is_known(&w, "alice@example.com", "one").await);
    }

    async fn a_planted_id_is_worth_nothing_to_whoever_planted_it(db: TestDb) {
        let w = World::new(db).await;
        arrives(&w, &w.mallory, &page(None, "planted")).await;

        arrives(&w, &w.alice, &page(Some("planted"), "fresh")).await;

        assert!(!is_known(&w, "alice@example.com", "planted").await);
        assert!(is_known(&w, "alice@example.com", "fresh").await);
    }

    async fn people_who_share_a_browser_are_known_to_it_each(db: TestDb) {
        let w = World::new(db).await;
        arrives(&w, &w.alice, &page(None, "one")).await;
        arrives(&w, &w.mallory, &page(Some("one"), "two")).await;

        assert_eq!(arrives(&w, &w.alice, &page(Some("two"), "three")).await, Arrival::Known);
        assert_eq!(arrives(&w, &w.mallory, &page(Some("three"), "four")).await, Arrival::Known);
    }

    async fn where_no_cookie_is_set_a_browser_is_what_it_calls_itself(db: TestDb) {
        let w = World::new(db).await;

        assert_eq!(arrives(&w, &w.alice, &route(CHROME)).await, Arrival::First);
        assert_eq!(arrives(&w, &w.alice, &route(&CHROME.replace("142", "143"))).await, Arrival::Known);
        assert_eq!(arrives(&w, &w.alice, &route(FIREFOX)).await, Arrival::Unknown);
        assert_eq!(arrives(&w, &w.mallory, &route(CHROME)).await, Arrival::First);
        assert_eq!(
            arrives(&w, &w.alice, &page(None, "one")).await,
            Arrival::Unknown,
            "a page goes by its cookie alone"
        );
        let both = Client { device: Some("one".into()), ..route(FIREFOX) };
        assert_eq!(arrives(&w, &w.alice, &both).await, Arrival::Known);
        assert!(is_known(&w, "alice@example.com", "one").await, "and the cookie stays good");
    }

    async fn a_device_is_known_to_its_own_account_alone(db: TestDb) {
        let w = World::new(db).await;
        arrives(&w, &w.alice, &page(None, "one")).await;

        assert!(is_known(&w, "alice@example.com", "one").await);
        assert!(!is_known(&w, "mallory@example.com", "one").await);
        assert!(!is_known(&w, "nobody@example.com", "one").await);
    }

    async fn a_reset_forgets_every_browser_of_that_person(db: TestDb) {
        let w = World::new(db).await;
        arrives(&w, &w.alice, &page(None, "one")).await;
        arrives(&w, &w.mallory, &page(None, "hers")).await;

        let mut tx = w.backend.db.system().write().await.unwrap();
        forget(&mut tx, w.alice.user()).await.unwrap();
        tx.commit().await.unwrap();

        assert!(!is_known(&w, "alice@example.com", "one").await);
        assert!(is_known(&w, "mallory@example.com", "hers").await);
    }

    async fn a_browser_that_stays_away_for_400_days_is_forgotten(db: TestDb) {
        let w = World::new(db).await;
        arrives(&w, &w.alice, &page(None, "old")).await;
        w.backend.clock.advance(std::time::Duration::from_hours(24 * 399));
        arrives(&w, &w.alice, &page(None, "young")).await;
        w.backend.clock.advance(std::time::Duration::from_hours(24));

        let mut tx = w.backend.db.system().write().await.unwrap();
        assert_eq!(sweep(&mut tx, w.backend.clock.now()).await.unwrap(), 1);
        tx.commit().await.unwrap();

        assert!(is_known(&w, "alice@example.com", "young").await);
        assert!(!is_known(&w, "alice@example.com", "old").await);
    }

    async fn the_database_keeps_no_id(db: TestDb) {
        let w = World::new(db).await;
        arrives(&w, &w.alice, &page(None, "one")).await;

        let mut tx = w.backend.db.system().read().await.unwrap();
        let (hash,): (String,) = fetch_one!(tx, r#"select "hash" from "known_device""#).unwrap();

        assert_eq!(hash.len(), 64);
        assert_eq!(new_id(&backend(w.backend.db.clone())).len(), 32);
    }
}

async fn enter(backend: &Backend, client: Client) {
    let request = auth::SignInRequest {
        email: "ann@example.com".into(),
        password: PASSWORD.into(),
        remember: true,
        client,
        replaces: None,
    };
    auth::sign_in(backend, &request).await.unwrap();
    backend.clock.advance(std::time::Duration::from_secs(1));
}

/// Ann, who has just signed up on a page.
async fn signed_up(backend: &Backend) {
    let request = auth::SignUpRequest {
        name: "Ann Lee".into(),
        email: "ann@example.com".into(),
        password: PASSWORD.into(),
        image: None,
        callback: String::new(),
        remember: true,
        client: page(None, "one"),
    };
    auth::sign_up(backend, &request).await.unwrap();
    backend.clock.advance(std::time::Duration::from_secs(1));
}

async fn news(backend: &Backend) -> Vec<String> {
    let mails = mails_of(backend, "ann@example.com").await;
    let told = mails.into_iter().filter(|mail| mail.subject == "New sign-in to your account");
    told.map(|mail| mail.text).collect()
}

both_engines! {
    async fn a_sign_in_with_an_unknown_browser_is_told_by_mail_and_the_first_is_not(db: TestDb) {
        let backend = backend(db.db.clone());
        signed_up(&backend).await;
        enter(&backend, page(Some("one"), "two")).await;
        assert!(news(&backend).await.is_empty());

        enter(&backend, Client { ip: "198.51.100.7".into(), ..page(None, "other") }).await;

        let told = news(&backend).await;
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("Chrome on Windows, from 198.51.100.7."), "{}", told[0]);
        assert!(told[0].contains("http://localhost:3000/settings/security"), "{}", told[0]);
        enter(&backend, page(Some("other"), "other again")).await;
        assert_eq!(news(&backend).await.len(), 1);
    }

    async fn better_auths_profile_sends_no_mail_that_better_auth_does_not(db: TestDb) {
        let mut backend = backend(db.db.clone());
        let mut settings = crate::Settings::clone(&backend.settings);
        settings.auth.profile = crate::AuthProfile::BetterAuth;
        backend.settings = std::sync::Arc::new(settings);
        signed_up(&backend).await;

        enter(&backend, route(FIREFOX)).await;

        assert!(news(&backend).await.is_empty());
    }
}
