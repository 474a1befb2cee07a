use std::path::Path;

use super::*;

const SECRET: &str = "pYH0Zb9zX3u1h7r0X8pTq7Jq0WcJrYkq3m9w0dXn2aE=";
const KEY: &str = "8f3e9a0b1c2d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071829304a5b6c7";
const OTHER_KEY: &str = "1f3e9a0b1c2d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071829304a5b6c8";

fn vars(pairs: &[(&str, &str)]) -> Vars {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Vars::from(pairs.collect::<BTreeMap<_, _>>())
}

fn counting(buffer: &mut [u8]) {
    for (value, byte) in (0_u8..).zip(buffer) {
        *byte = value.wrapping_mul(7);
    }
}

fn read(pairs: &[(&str, &str)]) -> Result<Config, Problems> {
    Config::read(&vars(pairs), &mut counting)
}

/// A production that starts, with `changes` over it. An empty value takes a variable away.
pub(crate) fn production(changes: &[(&str, &str)]) -> Result<Config, Problems> {
    let mut all = BTreeMap::from([
        ("COFFER_ENV", "production"),
        ("APP_URL", "https://bank.example"),
        ("BETTER_AUTH_SECRET", SECRET),
        ("BANK_DATA_ENCRYPTION_KEY", KEY),
        ("SMTP_URL", "smtps://user:hunter2@mail.example"),
        ("MAIL_FROM", "Coffer <hello@bank.example>"),
    ]);
    all.extend(changes.iter().copied());
    read(&all.into_iter().collect::<Vec<_>>())
}

pub(crate) fn read_in(folder: &Path, pairs: &[(&str, &str)]) -> Result<Config, Problems> {
    let folder = folder.display().to_string();
    let mut pairs = pairs.to_vec();
    pairs.push(("DATA_DIR", &folder));
    read(&pairs)
}

#[test]
fn nothing_needs_to_be_set_in_development() {
    let folder = tempfile::tempdir().unwrap();

    let config = read_in(folder.path(), &[]).unwrap();

    assert_eq!(config.address.bind.to_string(), "127.0.0.1:3000");
    assert_eq!(config.address.origin(), "http://localhost:3000");
    assert_eq!(config.address.ops_bind, None);
    assert_eq!(config.database.main.engine, Engine::Sqlite(folder.path().join("coffer.db")));
    assert_eq!(config.auth.password_min, 12);
    assert!(!config.auth.require_email_verification);
    assert_eq!(config.log.format, LogFormat::Pretty);
    assert_eq!(config.drain_delay, Duration::ZERO);
    assert_eq!(config.secrets.encryption[0].id, "1");
    assert_eq!(config.origins["BETTER_AUTH_SECRET"], Origin::Generated);
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
}

#[test]
fn every_variable_of_the_table_is_read_and_no_other() {
    let folder = tempfile::tempdir().unwrap();

    let config = read_in(folder.path(), &[]).unwrap();

    let mut names: Vec<_> = VARIABLES
        .iter()
        .filter(|variable| !variable.family)
        .map(|variable| variable.name)
        .collect();
    names.sort_unstable();
    assert_eq!(config.origins.keys().map(String::as_str).collect::<Vec<_>>(), names);
}

#[test]
fn all_problems_are_reported_together_with_the_names_of_their_variables() {
    let problems = read(&[
        ("COFFER_ENV", "staging"),
        ("BIND", "3000"),
        ("APP_URL", "https://bank.example/app"),
        ("DATABASE_URL", "mysql://x"),
        ("BETTER_AUTH_SECRET", SECRET),
        ("BANK_DATA_ENCRYPTION_KEY", "hunter2"),
        ("INDEX_KEY", "hunter2"),
        ("AUTH_PROFILE", "loose"),
        ("AUTH_TRUSTED_ORIGINS", "not an origin"),
        ("AUTH_REQUIRE_EMAIL_VERIFICATION", "maybe"),
        ("COOKIE_PREFIX", "none"),
        ("PASSWORD_MIN", "4"),
        ("HASHING_THREADS", "0"),
        ("DATABASE_CONNECTIONS", "many"),
        ("REDIS_URL", "http://hunter2@cache.example"),
        ("ALLOWED_HOSTS", "https://bank.example"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("SMTP_URL", "http://mail.example"),
        ("SUPPORT_EMAIL", "help"),
        ("MAIL_FROM", "nobody"),
        ("OPS_BIND", "everywhere"),
        ("DRAIN_SECONDS", "-1"),
        ("LOG_FORMAT", "xml"),
        ("RUST_LOG", "info,[[["),
    ])
    .unwrap_err();

    let text = problems.to_string();
    assert_eq!(problems.0.len(), 23, "{text}");
    assert_eq!(text.lines().count(), 23);
    assert!(
        text.contains("PASSWORD_MIN: The value must be a whole number from 8 to 64."),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn production_starts_when_everything_is_set() {
    let config = production(&[]).unwrap_or_else(|problems| panic!("{problems}"));

    assert!(config.auth.require_email_verification);
    assert!(config.auth.rate_limit && config.cache.is_none());
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.drain_delay, Duration::from_secs(5));
    assert_eq!(config.address.allowed_hosts, ["bank.example"]);
    assert_eq!(config.address.own_origins, ["https://bank.example"]);
    assert_eq!(config.address.ops_bind.unwrap().to_string(), "127.0.0.1:9464");
}

#[test]
fn production_refuses_what_is_unsafe_one_variable_at_a_time() {
    let wide = "a".repeat(64);
    let both = format!("2:{KEY}");
    let refusals: &[(&str, &str)] = &[
        ("BETTER_AUTH_SECRET", ""),
        ("BETTER_AUTH_SECRET", "too short"),
        ("BETTER_AUTH_SECRET", &wide),
        ("BETTER_AUTH_SECRET", "coffer-compat-secret-7f3b1c9d5e2a4806"),
        ("BANK_DATA_ENCRYPTION_KEY", ""),
        ("BANK_DATA_ENCRYPTION_KEY", &wide),
        (
            "BANK_DATA_ENCRYPTION_KEY",
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        ),
        ("INDEX_KEY", KEY),
        ("INDEX_KEY", &wide),
        ("APP_URL", ""),
        ("APP_URL", "http://bank.example"),
        ("APP_URL", "https://bank.example/app"),
        ("ALLOWED_HOSTS", "other.example"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "::/0"),
        ("AUTH_TRUSTED_ORIGINS", "https://*.bank.example"),
        ("AUTH_RATE_LIMIT", "off"),
        ("REDIS_URL", "redis://cache.example:6379"),
        ("DATABASE_URL", "postgres://u:p@db.example/coffer"),
        ("DATABASE_URL", "postgres://u:p@db.example/coffer?sslmode=require"),
        ("SMTP_URL", ""),
        ("SMTP_URL", "smtp://mail.example:587"),
        ("MAIL_FROM", ""),
    ];
    for (variable, value) in refusals {
        let problems = production(&[(variable, value)]).unwrap_err();
        assert_eq!(problems.0.len(), 1, "{variable}={value}: {problems}");
        assert!(problems.names(variable), "{variable}={value}: {problems}");
    }
    let problems = production(&[("ENCRYPTION_KEYS", &both)]).unwrap_err();
    assert!(problems.to_string().contains("also stands in"), "{problems}");
    let problems = production(&[("SMTP_URL", ""), ("MAIL_FILE", "mail.jsonl")]).unwrap_err();
    assert!(problems.names("MAIL_FILE"), "{problems}");
}

#[test]
fn production_takes_the_safe_form_of_the_same_things() {
    for (variable, value) in [
        ("DATABASE_URL", "postgres://u:p@db.example/coffer?sslmode=verify-full"),
        ("DATABASE_URL", "postgres://u:p@localhost/coffer"),
        ("SMTP_URL", "smtp://mail.example:587?tls=required"),
        ("INDEX_KEY", OTHER_KEY),
        ("REDIS_URL", "rediss://:secret@cache.example"),
        ("REDIS_URL", "redis://127.0.0.1:6379"),
        ("ALLOWED_HOSTS", "bank.example, www.bank.example"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1"),
        ("AUTH_PROFILE", "better-auth"),
    ] {
        assert!(production(&[(variable, value)]).is_ok(), "{variable}={value}");
    }
}

#[test]
fn other_origins_are_named_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let read = |text| read_in(folder.path(), &[("CORS_ORIGINS", text)]);

    let origins = read("capacitor://localhost, https://app.example").unwrap().address.cors_origins;
    let star = read("https://app.example,*").unwrap_err();

    assert_eq!(origins, ["capacitor://localhost", "https://app.example"]);
    assert!(star.names("CORS_ORIGINS"));
    assert!(read_in(folder.path(), &[]).unwrap().address.cors_origins.is_empty());
    assert!(
        production(&[("CORS_ORIGINS", "http://app.example")]).unwrap_err().names("CORS_ORIGINS")
    );
    assert!(production(&[("CORS_ORIGINS", "http://localhost:8100,ionic://app")]).is_ok());
}

#[test]
fn production_never_makes_secrets() {
    let folder = tempfile::tempdir().unwrap();

    let problems = read_in(folder.path(), &[("COFFER_ENV", "production")]).unwrap_err();

    assert!(problems.names("BETTER_AUTH_SECRET") && problems.names("BANK_DATA_ENCRYPTION_KEY"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn no_secret_is_ever_printed() {
    let config = production(&[
        ("DATABASE_URL", "postgres://ann:hunter2@localhost/coffer"),
        ("INDEX_KEY", OTHER_KEY),
    ])
    .unwrap();

    let shown = format!("{config:?}");

    for secret in ["hunter2", SECRET, KEY, OTHER_KEY] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_seed_applications_name_for_the_address_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let pairs = [("NEXT_PUBLIC_APP_URL", "http://localhost:8080")];

    let config = read_in(folder.path(), &pairs).unwrap();

    assert_eq!(config.address.origin(), "http://localhost:8080");
    assert_eq!(config.address.own_origins, ["http://localhost:8080"]);
}

#[test]
fn an_unusable_data_directory_is_one_problem_of_its_variable() {
    let problems = read(&[("DATA_DIR", "/proc/coffer")]).unwrap_err();
    assert_eq!(problems.0.len(), 1, "{problems}");
    assert!(problems.names("DATA_DIR"), "{problems}");
}

#[test]
fn slips_of_the_pen_are_warned_of() {
    let folder = tempfile::tempdir().unwrap();

    let config = read_in(folder.path(), &[("AUTH_PROFIL", "hardened")]).unwrap();

    assert_eq!(config.warnings, ["AUTH_PROFIL: This variable means nothing to Coffer."]);
}

#[test]
fn the_other_profile_is_named_at_every_start_and_has_shorter_passwords() {
    let folder = tempfile::tempdir().unwrap();

    let config = read_in(folder.path(), &[("AUTH_PROFILE", "better-auth")]).unwrap();

    assert_eq!(config.auth.password_min, 8);
    assert!(config.warnings[0].starts_with("AUTH_PROFILE:"), "{:?}", config.warnings);
}

#[test]
fn without_an_address_development_answers_to_every_loopback_name() {
    let folder = tempfile::tempdir().unwrap();

    let config = read_in(folder.path(), &[("BIND", "127.0.0.1:4123")]).unwrap();

    assert_eq!(config.address.origin(), "http://localhost:4123");
    assert!(config.address.own_origins.contains(&"http://127.0.0.1:4123".to_owned()));
    assert!(config.address.allowed_hosts.contains(&"localhost:4123".to_owned()));
    assert!(config.address.allowed_hosts.contains(&"127.0.0.1:4123".to_owned()));
}

#[test]
fn providers_are_read_with_both_halves_and_in_the_order_of_their_buttons() {
    let folder = tempfile::tempdir().unwrap();
    let pairs = [
        ("OIDC_WORK_ISSUER", "https://login.example/tenant"),
        ("OIDC_WORK_CLIENT_ID", "work"),
        ("OIDC_WORK_CLIENT_SECRET", "hunter2"),
        ("OIDC_MY_CLUB_ISSUER", "http://localhost:4600"),
        ("OIDC_MY_CLUB_CLIENT_ID", "club"),
        ("OIDC_MY_CLUB_CLIENT_SECRET", "hunter2"),
        ("OIDC_MY_CLUB_LABEL", "the club"),
        ("GITHUB_CLIENT_ID", "hub"),
        ("GITHUB_CLIENT_SECRET", "hunter2"),
        ("GOOGLE_CLIENT_ID", "goo"),
        ("GOOGLE_CLIENT_SECRET", "hunter2"),
        ("AUTH_TRUSTED_PROVIDERS", "work, google"),
        ("AUTH_SOCIAL_SIGN_UP", "requested"),
    ];

    let config = read_in(folder.path(), &pairs).unwrap();

    let names = config.oauth.names();
    let names: Vec<(&str, &str)> = names.iter().map(|(id, label)| (&**id, &**label)).collect();
    let expected =
        [("google", "Google"), ("github", "GitHub"), ("my_club", "the club"), ("work", "Work")];
    assert_eq!(names, expected);
    assert_eq!(config.oauth.trusted, ["work", "google"]);
    assert_eq!(config.oauth.sign_up, oauth::SocialSignUp::Requested);
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn half_a_provider_is_named_by_the_half_that_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    for (set, missing) in [
        (&[("GOOGLE_CLIENT_ID", "x")][..], "GOOGLE_CLIENT_SECRET"),
        (&[("GITHUB_CLIENT_SECRET", "x")], "GITHUB_CLIENT_ID"),
        (&[("OIDC_WORK_CLIENT_ID", "x"), ("OIDC_WORK_CLIENT_SECRET", "x")], "OIDC_WORK_ISSUER"),
        (&[("OIDC_WORK_ISSUER", "https://login.example")], "OIDC_WORK_CLIENT_ID"),
        (
            &[
                ("OIDC_WORK_ISSUER", "login.example"),
                ("OIDC_WORK_CLIENT_ID", "x"),
                ("OIDC_WORK_CLIENT_SECRET", "x"),
            ],
            "OIDC_WORK_ISSUER",
        ),
        (
            &[
                ("OIDC_GOOGLE_ISSUER", "https://login.example"),
                ("OIDC_GOOGLE_CLIENT_ID", "x"),
                ("OIDC_GOOGLE_CLIENT_SECRET", "x"),
            ],
            "OIDC_GOOGLE_ISSUER",
        ),
        (&[("MICROSOFT_TENANT", "my tenant")], "MICROSOFT_TENANT"),
        (&[("AUTH_TRUSTED_PROVIDERS", "google")], "AUTH_TRUSTED_PROVIDERS"),
    ] {
        let problems = read_in(folder.path(), set).unwrap_err();
        assert!(problems.0.len() == 1 && problems.names(missing), "{set:?}: {problems}");
    }
}

#[test]
fn production_asks_the_real_providers() {
    let google = [("GOOGLE_CLIENT_ID", "x"), ("GOOGLE_CLIENT_SECRET", "x")];
    let stand_in = |name, value| [google[0], google[1], (name, value)];
    for (name, value) in [
        ("GOOGLE_TOKEN_URL", "http://127.0.0.1:4599/token"),
        ("GOOGLE_JWKS_URL", "https://other.example/certs"),
    ] {
        let problems = production(&stand_in(name, value)).unwrap_err();
        assert!(problems.0.len() == 1 && problems.names(name), "{problems}");
    }
    let plain = [
        ("OIDC_WORK_ISSUER", "http://login.example"),
        ("OIDC_WORK_CLIENT_ID", "x"),
        ("OIDC_WORK_CLIENT_SECRET", "x"),
    ];
    assert!(production(&plain).unwrap_err().names("OIDC_WORK_ISSUER"));
    assert!(production(&google).is_ok());
}
