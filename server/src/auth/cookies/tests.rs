use axum::http::HeaderMap;
use backend::auth::SessionToken;
use domain::{SessionId, UserId};
use proptest::prelude::*;
use time::macros::datetime;

use super::*;

const SECRET: &str = "coffer-compat-secret-7f3b1c9d5e2a4806";
const TOKEN: &str = "GWZZ6DolvHNMKngXfq2f6kReAopeihQI";
/// Made by Better Auth 1.7.24 with the secret above.
const SIGNED: &str =
    "GWZZ6DolvHNMKngXfq2f6kReAopeihQI.6lERV3YYQaRIN5tG22RONy9HYPILlsq9wGI9VAWHg74%3D";
/// A `session_data` of Better Auth 1.7.24 for the session `aZBJ…`, good until 2026-11-21T13:28:45.900Z.
const THEIRS: &str = "eyJzZXNzaW9uIjp7InNlc3Npb24iOnsiZXhwaXJlc0F0IjoiMjAyNi0xMS0yOFQxMzoyMzo0NS44ODNaIiwidG9rZW4iOiJhWkJKYWt4RU5tRlhhTk1LZ1JveW13dEJOc3ltUXZsOCIsImNyZWF0ZWRBdCI6IjIwMjYtMTEtMjFUMTM6MjM6NDUuODgzWiIsInVwZGF0ZWRBdCI6IjIwMjYtMTEtMjFUMTM6MjM6NDUuODgzWiIsImlwQWRkcmVzcyI6IiIsInVzZXJBZ2VudCI6Im5vZGUiLCJ1c2VySWQiOiJUVmFwdTNINEszS2JWZWhsNEhzSm14Q2NmcDZsSmpGRiIsImlkIjoiUXFJemtKRmJPNzZzN05Hd1lvUVhMV3BQdTd5VTUzVG8ifSwidXNlciI6eyJuYW1lIjoiWm_DqyA8L3g-IFwicVwiIOKAqCBcXCIsImVtYWlsIjoicGFtY2Jxd213MGNyQHgudGVzdCIsImVtYWlsVmVyaWZpZWQiOmZhbHNlLCJpbWFnZSI6bnVsbCwiY3JlYXRlZEF0IjoiMjAyNi0xMS0yMVQxMzoyMzo0NS44ODBaIiwidXBkYXRlZEF0IjoiMjAyNi0xMS0yMVQxMzoyMzo0NS44ODBaIiwiaWQiOiJUVmFwdTNINEszS2JWZWhsNEhzSm14Q2NmcDZsSmpGRiJ9LCJ1cGRhdGVkQXQiOjE3OTUyNjc0MjU5MDAsInZlcnNpb24iOiIxIn0sImV4cGlyZXNBdCI6MTc5NTI2NzcyNTkwMCwic2lnbmF0dXJlIjoid2l6ZXRTUHVMay1LTjlGNElOZXhMRGJkTVJmR3RKMDVUMjQyNHRDZ3gwcyJ9";
const THEIR_TOKEN: &str = "aZBJakxENmFXaNMKgRoymwtBNsymQvl8";

const NOW: OffsetDateTime = datetime!(2026-11-21 13:23:45.900 UTC);

fn cookies(url: &str, prefix: CookiePrefix) -> Cookies {
    Cookies::new(&Url::parse(url).unwrap(), prefix, &SecretString::from(SECRET))
}

fn plain() -> Cookies {
    cookies("http://localhost:3000", CookiePrefix::Secure)
}

fn jar(line: &str) -> Jar {
    let mut headers = HeaderMap::new();
    headers.append(header::COOKIE, HeaderValue::from_str(line).unwrap());
    Jar::read(&headers)
}

fn token(text: &str) -> SessionToken {
    SessionToken::from_signed_cookie(text)
}

fn user(name: &str) -> UserView {
    UserView {
        id: UserId::new("TVapu3H4K3KbVehl4HsJmxCcfp6lJjFF"),
        name: name.into(),
        email: "pamcbqwmw0cr@x.test".into(),
        email_verified: false,
        image: None,
        two_factor_enabled: false,
        created_at: datetime!(2026-11-21 13:23:45.880 UTC),
        updated_at: datetime!(2026-11-21 13:23:45.880 UTC),
    }
}

fn session() -> SessionView {
    SessionView {
        id: SessionId::new("QqIzkJFbO76s7NGwYoQXLWpPu7yU53To"),
        user_id: UserId::new("TVapu3H4K3KbVehl4HsJmxCcfp6lJjFF"),
        expires_at: datetime!(2026-11-28 13:23:45.883 UTC),
        created_at: datetime!(2026-11-21 13:23:45.883 UTC),
        updated_at: datetime!(2026-11-21 13:23:45.883 UTC),
        ip_address: String::new(),
        user_agent: "node".into(),
        remembered: true,
    }
}

fn texts(cookies: &[HeaderValue]) -> Vec<&str> {
    cookies.iter().map(|cookie| cookie.to_str().unwrap()).collect()
}

/// What a browser sends back after these answers, in one line.
fn sent_back(cookies: &[HeaderValue]) -> String {
    let pairs: Vec<&str> = texts(cookies)
        .into_iter()
        .filter(|cookie| !cookie.contains("Max-Age=0"))
        .map(|cookie| cookie.split(';').next().unwrap())
        .collect();
    pairs.join("; ")
}

fn answer(cookies: &Cookies, jar: &Jar, text: &str, now: OffsetDateTime) -> Option<String> {
    match cookies.read_cache(jar, &token(text), now) {
        Cache::Valid(cached) => Some(serde_json::to_string(&cached).unwrap()),
        Cache::Refused | Cache::Absent => None,
    }
}

#[test]
fn a_signed_value_is_what_better_auth_writes() {
    let signer = Signer::new(&SecretString::from(SECRET));

    assert_eq!(signer.sign(TOKEN), SIGNED);
    assert_eq!(signer.verify(SIGNED).as_deref(), Some(TOKEN));
    assert_eq!(
        signer.verify(&SIGNED.replace("%3D", "=")).as_deref(),
        Some(TOKEN),
        "native clients"
    );
    assert_eq!(signer.verify(&signer.sign("a.b/ü+")).as_deref(), Some("a.b/ü+"), "the last dot");
}

#[test]
fn a_value_without_its_signature_is_nothing() {
    let signer = Signer::new(&SecretString::from(SECRET));
    let other = Signer::new(&SecretString::from("another secret"));
    for text in [
        "",
        ".",
        TOKEN,
        &format!("{TOKEN}."),
        &format!("x{SIGNED}"),
        &SIGNED[..SIGNED.len() - 3],
        "a%.b",
        "%zz",
    ] {
        assert_eq!(signer.verify(text), None, "{text}");
    }
    assert_eq!(signer.verify(&other.sign(TOKEN)), None);
    assert_eq!(signer.verify(&signer.sign("")), None);
}

#[test]
fn cookies_have_the_names_and_attributes_of_their_address() {
    let (user, session, token) = (user("Ann"), session(), token(TOKEN));
    let login = Login { user: &user, session: &session, token: &token, remember: true };
    for (cookies, name, secure) in [
        (plain(), "better-auth.", ""),
        (cookies("http://localhost:3000", CookiePrefix::Host), "better-auth.", ""),
        (
            cookies("https://bank.example", CookiePrefix::Secure),
            "__Secure-better-auth.",
            "; Secure",
        ),
        (cookies("https://bank.example", CookiePrefix::Host), "__Host-better-auth.", "; Secure"),
    ] {
        let set = cookies.start(&Jar::default(), NOW, &login);

        let attributes = format!("; Path=/; HttpOnly{secure}; SameSite=Lax");
        assert_eq!(
            texts(&set)[0],
            format!("{name}session_token={SIGNED}; Max-Age=604800{attributes}")
        );
        assert!(texts(&set)[1].starts_with(&format!("{name}session_data=ey")));
        assert!(texts(&set)[1].ends_with(&format!("; Max-Age=300{attributes}")));
        assert_eq!(set.len(), 2);
    }
}

#[test]
fn names_with_another_prefix_are_ignored() {
    let cookies = cookies("https://bank.example", CookiePrefix::Secure);

    assert!(cookies.token(&jar(&format!("__Secure-better-auth.session_token={SIGNED}"))).is_some());
    for name in ["better-auth", "__Host-better-auth", "__secure-better-auth"] {
        assert!(cookies.token(&jar(&format!("{name}.session_token={SIGNED}"))).is_none(), "{name}");
    }
}

#[test]
fn an_unremembered_session_ends_with_the_browser() {
    let (user, session, token) = (user("Ann"), session(), token(TOKEN));
    let login = Login { user: &user, session: &session, token: &token, remember: false };

    let set = plain().start(&Jar::default(), NOW, &login);

    // The signature is Better Auth's own.
    assert_eq!(
        texts(&set)[..2],
        [
            &*format!("better-auth.session_token={SIGNED}; Path=/; HttpOnly; SameSite=Lax"),
            "better-auth.dont_remember=true.9KSgNOg7sZ3WtKZixz406zAo5H07xll%2FwZ0cvGYXAF8%3D; Path=/; HttpOnly; SameSite=Lax",
        ]
    );
    assert!(!texts(&set)[2].contains("Max-Age"));
    let back = jar(&sent_back(&set));
    assert!(plain().is_unremembered(&back));
    assert!(!plain().is_unremembered(&jar("better-auth.dont_remember=true")));
    let minute = NOW + time::Duration::seconds(60);
    assert!(answer(&plain(), &back, TOKEN, minute - time::Duration::milliseconds(1)).is_some());
    assert!(answer(&plain(), &back, TOKEN, minute).is_none());
    let remembered = plain().start(&back, NOW, &Login { remember: true, ..login });
    assert!(
        texts(&remembered)
            .contains(&"better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax")
    );
}

#[test]
fn the_cache_is_byte_for_byte_what_better_auth_writes() {
    let (user, session, token) =
        (user("Zoë </x> \"q\" \u{2028} \\"), session(), token(THEIR_TOKEN));
    let login = Login { user: &user, session: &session, token: &token, remember: true };

    let set = plain().cache(&Jar::default(), NOW, &login);

    assert_eq!(
        texts(&set),
        [format!("better-auth.session_data={THEIRS}; Max-Age=300; Path=/; HttpOnly; SameSite=Lax")]
    );
}

#[test]
fn the_cache_answers_for_its_own_token_and_its_own_time() {
    let here = jar(&format!("better-auth.session_data={THEIRS}"));
    let end = datetime!(2026-11-21 13:28:45.900 UTC);

    let json = answer(&plain(), &here, THEIR_TOKEN, NOW).unwrap();
    assert!(
        json.starts_with(r#"{"session":{"expiresAt":"2026-11-28T13:23:45.883Z","token":"aZBJ"#),
        "{json}"
    );
    assert!(answer(&plain(), &here, THEIR_TOKEN, end - time::Duration::milliseconds(1)).is_some());
    assert!(answer(&plain(), &here, THEIR_TOKEN, end).is_none());
    assert!(answer(&plain(), &here, TOKEN, NOW).is_none());
    let padded = jar(&format!("better-auth.session_data={THEIRS}=="));
    assert!(answer(&plain(), &padded, THEIR_TOKEN, NOW).is_some());
}

/// A cache with this payload, signed with our secret.
fn sealed(payload: &str, expires_at: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use hmac::Mac;
    let open = payload.strip_suffix('}').unwrap();
    let mac = Signer::new(&SecretString::from(SECRET))
        .mac(format!(r#"{open},"expiresAt":{expires_at}}}"#).as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    let text =
        format!(r#"{{"session":{payload},"expiresAt":{expires_at},"signature":"{signature}"}}"#);
    format!("better-auth.session_data={}", URL_SAFE_NO_PAD.encode(text))
}

#[test]
fn the_signature_is_over_the_text_with_its_order() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use hmac::Mac;
    let text = r#"{"session":{"token":"T"},"user":{"name":"Zoë </x>"},"updatedAt":1795244220431,"version":"1","expiresAt":1795244520431}"#;

    let mac = Signer::new(&SecretString::from(SECRET)).mac(text.as_bytes());

    assert_eq!(
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()),
        "0F_JWswc0KKaGa5x9TUciyGDMeQhmvRG2AB08kKZGJM"
    );
}

#[test]
fn caches_of_other_versions_or_dead_sessions_are_refused() {
    let inner = format!(r#"{{"zone":1,"token":"{TOKEN}","expiresAt":"2026-11-28T13:23:45.883Z"}}"#);
    let dead = inner.replace("2026-11-28", "2026-11-20");
    let until = "1795267725900";
    for (payload, holds) in [
        (
            format!(r#"{{"session":{inner},"user":{{"b":1,"a":2}},"updatedAt":1,"version":"1"}}"#),
            true,
        ),
        (format!(r#"{{"session":{inner},"user":{{}},"updatedAt":1,"extra":null}}"#), true),
        (format!(r#"{{"session":{inner},"user":{{}},"updatedAt":1,"version":"2"}}"#), false),
        (format!(r#"{{"session":{inner},"user":{{}}}}"#), false),
        (format!(r#"{{"session":{dead},"user":{{}},"updatedAt":1,"version":"1"}}"#), false),
        (r#"{"session":{},"user":{},"updatedAt":1,"version":"1"}"#.to_owned(), false),
        (r#"{"session":null}"#.to_owned(), false),
    ] {
        let found = answer(&plain(), &jar(&sealed(&payload, until)), TOKEN, NOW);
        assert_eq!(found.is_some(), holds, "{payload}");
    }
}

#[test]
fn a_cache_too_long_for_one_cookie_is_cut_and_joined() {
    for (cookies, size) in
        [(plain(), 3977), (cookies("https://bank.example", CookiePrefix::Secure), 3960)]
    {
        let (user, session, token) = (user(&"N".repeat(9_000)), session(), token(TOKEN));
        let login = Login { user: &user, session: &session, token: &token, remember: true };

        let set = cookies.cache(&Jar::default(), NOW, &login);

        assert_eq!(set.len(), 4);
        let values: Vec<usize> = texts(&set)
            .iter()
            .map(|text| text.split(';').next().unwrap().split_once('=').unwrap().1.len())
            .collect();
        assert_eq!(values[..3], [size; 3]);
        assert!(set.iter().all(|cookie| cookie.len() <= 4_050));
        let back = sent_back(&set);
        assert!(answer(&cookies, &jar(&back), TOKEN, NOW).is_some());
        let mut mixed: Vec<&str> = back.split("; ").collect();
        mixed.reverse();
        assert!(
            answer(&cookies, &jar(&mixed.join("; ")), TOKEN, NOW).is_some(),
            "joined by number"
        );
        assert!(answer(&cookies, &jar(&mixed[1..].join("; ")), TOKEN, NOW).is_none());
    }
}

#[test]
fn what_the_new_cache_does_not_replace_is_ended() {
    let (user, session, token) = (user("Ann"), session(), token(TOKEN));
    let login = Login { user: &user, session: &session, token: &token, remember: true };
    let carried = jar(
        "better-auth.session_data.0=a; better-auth.session_data.3=b; better-auth.session_data.x=c",
    );

    let short = plain().cache(&carried, NOW, &login);
    let ends = "=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax";
    assert_eq!(texts(&short)[..2], [0, 3].map(|n| format!("better-auth.session_data.{n}{ends}")));

    let long = user_of_many_letters();
    let cut = plain().cache(
        &jar("better-auth.session_data=a; better-auth.session_data.9=b"),
        NOW,
        &Login { user: &long, ..login },
    );
    assert_eq!(
        texts(&cut)[..2],
        [format!("better-auth.session_data{ends}"), format!("better-auth.session_data.9{ends}")]
    );
}

fn user_of_many_letters() -> UserView {
    user(&"N".repeat(4_000))
}

#[test]
fn more_than_a_hundred_pieces_are_no_cache() {
    let (user, session, token) = (user(&"N".repeat(300_000)), session(), token(TOKEN));
    let login = Login { user: &user, session: &session, token: &token, remember: true };

    let set = plain().cache(&Jar::default(), NOW, &login);

    assert_eq!(
        texts(&set),
        ["better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"]
    );
}

#[test]
fn clearing_takes_all_three_cookies_and_each_piece() {
    let set = plain().clear(&jar("a=b; better-auth.session_data.1=x"));

    let ends = "=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax";
    let names = ["session_token", "session_data", "session_data.1", "dont_remember"];
    assert_eq!(texts(&set), names.map(|name| format!("better-auth.{name}{ends}")));
}

#[test]
fn of_two_cookies_with_one_name_the_first_counts() {
    let twice = jar("x=1; better-auth.session_token=a.b; x=2");
    assert_eq!(twice.get("x"), Some("1"));
    assert!(
        plain()
            .token(&jar(&format!(
                "better-auth.session_token=a.b; better-auth.session_token={SIGNED}"
            )))
            .is_none()
    );
    assert!(
        plain()
            .token(&jar(&format!(
                "better-auth.session_token={SIGNED}; better-auth.session_token=a.b"
            )))
            .is_some()
    );

    let mut headers = HeaderMap::new();
    headers.append(header::COOKIE, HeaderValue::from_static("x=1"));
    headers.append(header::COOKIE, HeaderValue::from_static("x=2; y=\"3\""));
    assert_eq!(
        (find(&headers, "x"), find(&headers, "y"), find(&headers, "z")),
        (Some("1"), Some("3"), None)
    );
}

proptest! {
    #[test]
    fn no_cookie_header_makes_us_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut headers = HeaderMap::new();
        if let Ok(line) = HeaderValue::from_bytes(&bytes) {
            headers.append(header::COOKIE, line);
        }
        let jar = Jar::read(&headers);
        let _ = plain().token(&jar);
        let _ = plain().read_cache(&jar, &token(TOKEN), NOW);
        let _ = plain().clear(&jar);
    }

    #[test]
    fn no_value_of_our_cookies_makes_us_panic(value in "[ -:<-~]{0,120}", number in 0_u32..200) {
        let jar = jar(&format!(
            "better-auth.session_token={value}; better-auth.session_data={value}; better-auth.session_data.{number}={value}"
        ));
        prop_assert!(plain().token(&jar).is_none());
        prop_assert!(answer(&plain(), &jar, TOKEN, NOW).is_none());
    }

    #[test]
    fn a_changed_signed_value_never_passes(at in 0_usize..77, to in "[A-Za-z0-9+/=.]") {
        let signer = Signer::new(&SecretString::from(SECRET));
        let bare = SIGNED.replace("%3D", "=");
        let mut changed = bare.clone();
        changed.replace_range(at..=at, &to);

        prop_assert_eq!(signer.verify(&changed).is_some(), changed == bare);
    }

    #[test]
    fn a_changed_cache_never_passes(at in 0_usize..THEIRS.len(), to in "[A-Za-z0-9_-]") {
        let mut changed = THEIRS.to_owned();
        changed.replace_range(at..=at, &to);
        let here = jar(&format!("better-auth.session_data={changed}"));

        prop_assert_eq!(answer(&plain(), &here, THEIR_TOKEN, NOW).is_some(), changed == THEIRS);
    }

    #[test]
    fn every_value_survives_signing(value in "\\PC{1,60}") {
        let signer = Signer::new(&SecretString::from(SECRET));
        let signed = signer.sign(&value);
        prop_assert!(signed.is_ascii() && !signed.contains([';', ' ', ',', '"', '\\']));
        prop_assert_eq!(signer.verify(&signed), Some(value));
    }
}
