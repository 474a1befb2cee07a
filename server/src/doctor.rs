//! `coffer doctor`: what is configured, what is stood in for, and what is wrong.

use std::{fmt::Write, time::Duration};

use tokio::net::TcpStream;

use crate::config::{
    Config, CookiePrefix, Engine, Environment, Origin, PasswordHash, Problems, billing::Server,
    data_dir, oauth::SocialSignUp, plaid,
};

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The real thing, and it works.
    Good,
    /// A built-in replacement works in its place.
    StandIn,
    /// It works, and somebody should look at it.
    Odd,
    /// It does not work.
    Wrong,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::StandIn => "stand-in",
            Self::Odd => "look",
            Self::Wrong => "wrong",
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How it is.
    pub state: State,
    /// What was looked at.
    pub name: String,
    /// What was found, and what to do when it is wrong.
    pub found: String,
}

impl Check {
    /// A line of the report.
    pub fn new(state: State, name: &str, found: impl Into<String>) -> Self {
        Self { state, name: name.to_owned(), found: found.into() }
    }

    /// A line that is [`State::Good`] or [`State::Wrong`], each with its own words.
    pub fn outcome(name: &str, outcome: Result<String, String>) -> Self {
        match outcome {
            Ok(found) => Self::new(State::Good, name, found),
            Err(found) => Self::new(State::Wrong, name, found),
        }
    }
}

/// The finished report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What to print.
    pub text: String,
    /// Whether nothing is wrong.
    pub healthy: bool,
}

/// The report on a configuration that could be read. `checks` come after what the configuration itself tells.
pub fn report(config: &Config, checks: &[Check]) -> Report {
    let mut lines = settings(config);
    lines.extend_from_slice(checks);
    let warnings = config.warnings.iter().map(|warning| {
        let (name, found) = warning.split_once(": ").unwrap_or(("configuration", warning));
        Check::new(State::Odd, name, found)
    });
    lines.extend(warnings);

    let heading = format!("Coffer {}, {}", env!("CARGO_PKG_VERSION"), config.environment.as_str());
    let mut report = write(&heading, &lines);
    let set = origins(config);
    if !set.is_empty() {
        let _ = write!(report.text, "\nSet: {}\n", set.join(", "));
    }
    report
}

/// The report on a configuration that could not be read.
pub fn refusal(problems: &Problems) -> Report {
    let lines = problems.0.iter().map(|p| Check::new(State::Wrong, &p.variable, &p.sentence));
    let heading = format!("Coffer {}", env!("CARGO_PKG_VERSION"));
    write(&heading, &lines.collect::<Vec<_>>())
}

fn write(heading: &str, lines: &[Check]) -> Report {
    let width = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
    let mut text = format!("{heading}\n\n");
    for line in lines {
        let word = line.state.word();
        // Writing into a String cannot fail.
        let _ = writeln!(text, "  {word:<8}  {:<width$}  {}", line.name, line.found);
    }
    let wrong = lines.iter().filter(|line| line.state == State::Wrong).count();
    let summary = match wrong {
        0 => "Nothing is wrong.".to_owned(),
        1 => "1 thing is wrong.".to_owned(),
        wrong => format!("{wrong} things are wrong."),
    };
    let _ = writeln!(text, "\n{summary}");
    Report { text, healthy: wrong == 0 }
}

/// What the configuration says by itself.
fn settings(config: &Config) -> Vec<Check> {
    let address = &config.address;
    let ops =
        address.ops_bind.map_or_else(|| "off".to_owned(), |at| format!("http://{at}/metrics"));
    let mut lines = vec![
        Check::new(
            State::Good,
            "address",
            format!("{}, listening on {}", address.origin(), address.bind),
        ),
        database(config),
        limits(config),
        mail(config),
        support(config),
        billing(config),
        banks(config),
        sign_in(config),
        cookies(config),
        origins_of_others(config),
        providers(config),
        secrets(config),
        Check::new(State::Good, "metrics", ops),
    ];
    lines.extend(sign_in_elsewhere(config));
    if !address.trusted_proxies.is_empty() {
        let count = address.trusted_proxies.len();
        let found = format!("{count} trusted; others cannot name a client's address");
        lines.push(Check::new(State::Good, "proxies", found));
    }
    lines
}

fn database(config: &Config) -> Check {
    let main = &config.database.main;
    let shared = main.engine == Engine::Postgres && config.database.app.is_none();
    if shared && config.environment == Environment::Production {
        let found = format!(
            "{}, one login for everything. Set DATABASE_AUTH_URL, DATABASE_APP_URL and DATABASE_MIGRATE_URL",
            main.shown()
        );
        return Check::new(State::Odd, "database", found);
    }
    Check::new(State::Good, "database", main.shown())
}

fn sign_in(config: &Config) -> Check {
    let auth = &config.auth;
    let profile = if auth.profile.is_better_auth() { "better-auth" } else { "hardened" };
    let hash = match auth.password_hash {
        PasswordHash::Argon2id => "argon2id",
        PasswordHash::Scrypt => "scrypt",
    };
    let proven = if auth.require_email_verification { "proven first" } else { "not proven first" };
    let on = |switch: bool| if switch { "on" } else { "off" };
    let found = format!(
        "profile {profile}; addresses {proven}; passwords from {} characters, kept by {hash}; \
         breach check {}; change of address {}; deletion {}; limits {}",
        auth.password_min,
        on(auth.breached_passwords.is_some()),
        on(auth.change_email),
        on(auth.delete_user),
        on(auth.rate_limit),
    );
    Check::new(State::Good, "sign-in", found)
}

fn cookies(config: &Config) -> Check {
    let found = match (config.address.is_https(), config.auth.cookie_prefix) {
        (false, _) => "named better-auth.…: COOKIE_PREFIX counts over https alone",
        (true, CookiePrefix::Secure) => {
            "named __Secure-better-auth.…, as Better Auth's (COOKIE_PREFIX=secure)"
        }
        (true, CookiePrefix::Host) => {
            "named __Host-better-auth.…: no other host of the domain can set them (COOKIE_PREFIX=host)"
        }
    };
    Check::new(State::Good, "cookies", found)
}

/// Who besides ourselves may send people's requests, take people over, and read answers.
fn origins_of_others(config: &Config) -> Check {
    let trusted = match &*config.auth.trusted_origins {
        [] => "none may send requests or be redirected to".to_owned(),
        some => format!(
            "{} may send requests and be redirected to (AUTH_TRUSTED_ORIGINS)",
            some.join(", ")
        ),
    };
    let readers = match &*config.address.cors_origins {
        [] => "none reads answers".to_owned(),
        some => format!("{} read answers with cookies (CORS_ORIGINS)", some.join(", ")),
    };
    Check::new(State::Good, "origins", format!("of others: {trusted}; {readers}"))
}

/// What signing in with other accounts leads to; nothing where there is no provider.
fn sign_in_elsewhere(config: &Config) -> Option<Check> {
    let oauth = &config.oauth;
    if oauth.names().is_empty() {
        return None;
    }
    let new = match oauth.sign_up {
        SocialSignUp::On => "makes an account for whoever is new (AUTH_SOCIAL_SIGN_UP=on)",
        SocialSignUp::Requested => {
            "makes an account only where it is asked for (AUTH_SOCIAL_SIGN_UP=requested)"
        }
        SocialSignUp::Off => "makes no accounts (AUTH_SOCIAL_SIGN_UP=off)",
    };
    let connects = match &*oauth.trusted {
        [] => "no provider's word alone connects an account to an address".to_owned(),
        some => format!(
            "the word of {} connects an account to the person with its address (AUTH_TRUSTED_PROVIDERS)",
            some.join(", ")
        ),
    };
    let takes = oauth.id_tokens.unwrap_or(config.auth.profile.is_better_auth());
    let tokens = if takes {
        "applications may post ID tokens (AUTH_ID_TOKEN_SIGN_IN=on)"
    } else {
        "ID tokens of applications are refused (AUTH_ID_TOKEN_SIGN_IN=off)"
    };
    Some(Check::new(State::Good, "provider rules", format!("{new}; {connects}; {tokens}")))
}

fn limits(config: &Config) -> Check {
    match &config.cache {
        // Production refuses this.
        _ if !config.auth.rate_limit => {
            Check::new(State::StandIn, "limits", "none outside production. Set AUTH_RATE_LIMIT=on")
        }
        None => Check::new(State::Good, "limits", "counted in this process"),
        Some(url) => {
            Check::new(State::Good, "limits", format!("counted together at {}", url.shown()))
        }
    }
}

fn mail(config: &Config) -> Check {
    let mail = &config.mail;
    match (mail.smtp_host(), &mail.file) {
        (Some((host, port)), _) => Check::new(State::Good, "mail", format!("{host}:{port}")),
        (None, Some(file)) => {
            Check::new(State::StandIn, "mail", format!("written to {}", file.display()))
        }
        (None, None) => {
            let found = "the built-in mailbox at /dev/mail. Set SMTP_URL to send";
            Check::new(State::StandIn, "mail", found)
        }
    }
}

fn support(config: &Config) -> Check {
    let found = match &config.mail.support {
        Some(address) => format!("people may write to {address}"),
        None => "nobody is named. Set SUPPORT_EMAIL to be".to_owned(),
    };
    Check::new(State::Good, "support", found)
}

fn billing(config: &Config) -> Check {
    let Some(billing) = &config.billing else {
        let found = "nothing is sold, and everybody may use everything. Set POLAR_ACCESS_TOKEN to sell plans";
        return Check::new(State::Good, "plans", found);
    };
    let products = format!("{} products", billing.products.len());
    match &billing.server {
        Server::Production => Check::new(State::Good, "plans", format!("Polar, {products}")),
        Server::Sandbox => {
            Check::new(State::StandIn, "plans", format!("Polar's sandbox, {products}"))
        }
        Server::Local(url) => {
            Check::new(State::StandIn, "plans", format!("a stand-in of Polar at {url}"))
        }
        Server::StandIn => {
            let found =
                "the built-in stand-in of Polar at /dev/polar. Set POLAR_ACCESS_TOKEN to sell";
            Check::new(State::StandIn, "plans", found)
        }
    }
}

fn banks(config: &Config) -> Check {
    let Some(plaid) = &config.plaid else {
        return if config.simbank {
            let found = "the built-in bank. Set PLAID_CLIENT_ID to reach real ones";
            Check::new(State::StandIn, "banks", found)
        } else {
            let found =
                "none: accounts are kept by numbers and by hand. Set PLAID_CLIENT_ID to link banks";
            Check::new(State::Good, "banks", found)
        };
    };
    let beside = if config.simbank { ", and the built-in bank" } else { "" };
    let (state, found) = match &plaid.server {
        plaid::Server::Production if !config.address.is_https() => {
            (State::Odd, "Plaid, which cannot tell us what is new: APP_URL is not https".to_owned())
        }
        plaid::Server::Production => (State::Good, "Plaid".to_owned()),
        plaid::Server::Sandbox => (State::StandIn, "Plaid's sandbox".to_owned()),
        plaid::Server::Local(url) => (State::StandIn, format!("a stand-in of Plaid at {url}")),
    };
    Check::new(state, "banks", format!("{found}{beside}"))
}

fn providers(config: &Config) -> Check {
    let names = config.oauth.names();
    let stand_in =
        config.oauth.google_token_url.is_some() || config.oauth.google_jwks_url.is_some();
    let labels: Vec<String> = names.into_iter().map(|(_, label)| label).collect();
    match (labels.is_empty(), stand_in) {
        (true, _) => Check::new(State::Good, "providers", "none: people sign in here alone"),
        (false, true) => {
            let found = format!("{}; Google's tokens come from a stand-in", labels.join(", "));
            Check::new(State::StandIn, "providers", found)
        }
        (false, false) => Check::new(State::Good, "providers", labels.join(", ")),
    }
}

fn secrets(config: &Config) -> Check {
    let made = config.origins.values().any(|origin| *origin == Origin::Generated);
    let keys = config.secrets.encryption.len();
    if made {
        let file = config.data_dir.join("secrets.toml");
        let found = format!("made for development, kept in {}", file.display());
        return Check::new(State::StandIn, "secrets", found);
    }
    let keys =
        if keys == 1 { "1 encryption key".to_owned() } else { format!("{keys} encryption keys") };
    Check::new(State::Good, "secrets", format!("given, {keys}"))
}

/// Names of what was set, each with its place; never values.
fn origins(config: &Config) -> Vec<String> {
    let placed = config.origins.iter().filter_map(|(name, origin)| {
        let place = match origin {
            Origin::Default | Origin::Generated => return None,
            Origin::DotEnv => ".env".to_owned(),
            Origin::Environment => "environment".to_owned(),
            Origin::File(path) => path.display().to_string(),
        };
        Some(format!("{name} ({place})"))
    });
    placed.collect()
}

/// Whether the data directory can be written.
pub fn check_data_dir(config: &Config) -> Check {
    let written = data_dir::prepare(&config.data_dir);
    Check::outcome(
        "data directory",
        written.map(|()| format!("{} can be written", config.data_dir.display())),
    )
}

/// Whether the shared store answers; nothing if there is none to ask.
pub async fn check_cache(config: &Config) -> Option<Check> {
    let url = config.cache.as_ref()?;
    let shown = url.shown();
    let answer = backend::limits::ping(url.secret()).await;
    Some(Check::outcome(
        "shared store",
        match answer {
            Ok(()) => Ok(format!("{shown} answers")),
            Err(reason) => Err(format!("{shown} can't be used ({reason}). Check REDIS_URL")),
        },
    ))
}

/// Whether the mail server takes connections; nothing if there is none to ask.
pub async fn check_smtp(config: &Config) -> Option<Check> {
    const PATIENCE: Duration = Duration::from_secs(5);
    let (host, port) = config.mail.smtp_host()?;
    let name = host.trim_matches(['[', ']']);
    let reached = tokio::time::timeout(PATIENCE, TcpStream::connect((name, port))).await;
    let outcome = match reached {
        Ok(Ok(_)) => Ok(format!("{host}:{port} answers")),
        Ok(Err(error)) => Err(format!("{host}:{port} can't be reached ({error}). Check SMTP_URL")),
        Err(_) => Err(format!("{host}:{port} does not answer in 5 seconds. Check SMTP_URL")),
    };
    Some(Check::outcome("mail server", outcome))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::Vars;

    fn config(pairs: &[(&str, &str)]) -> Config {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let vars = Vars::from(pairs.collect::<BTreeMap<_, _>>());
        Config::read(&vars, &mut |buffer| buffer.fill(7)).unwrap()
    }

    #[test]
    fn a_first_start_has_stand_ins_and_nothing_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&[("DATA_DIR", folder.path().to_str().unwrap())]);

        let report = report(&config, &[check_data_dir(&config)]);

        assert!(report.healthy, "{}", report.text);
        let text = report.text;
        assert!(text.contains("\n  ok        address         http://localhost:3000"), "{text}");
        assert!(text.contains("\n  stand-in  mail            the built-in mailbox"), "{text}");
        assert!(text.contains("\n  stand-in  secrets         made for development"), "{text}");
        assert!(text.contains("\nNothing is wrong.\n"), "{text}");
        assert!(text.contains("Set: DATA_DIR (environment)"), "{text}");
    }

    #[test]
    fn the_line_of_banks_says_who_is_asked() {
        let home = tempfile::tempdir().unwrap();
        let data_dir = home.path().to_str().unwrap();
        let check = |more: &[(&str, &str)]| {
            let pairs = [&[("DATA_DIR", data_dir)][..], more].concat();
            let check = banks(&config(&pairs));
            (check.state, check.found)
        };
        let id = ("PLAID_CLIENT_ID", "5f0c3a9e6b7d8c0012345678");
        let secret = ("PLAID_SECRET", "hunter2hunter2hunter2hunter2");
        let closed = ("COFFER_SIMBANK", "0");

        assert_eq!(check(&[]).0, State::StandIn);
        assert_eq!(check(&[closed]).0, State::Good);
        let both = "Plaid's sandbox, and the built-in bank".to_owned();
        assert_eq!(check(&[id, secret]), (State::StandIn, both));
        let sandbox = "Plaid's sandbox".to_owned();
        assert_eq!(check(&[id, secret, closed]), (State::StandIn, sandbox));
        // Nobody reaches a webhook at http://localhost.
        let (state, found) = check(&[id, secret, closed, ("PLAID_ENV", "production")]);
        assert_eq!(state, State::Odd, "{found}");
        let (state, found) = check(&[id, secret, closed, ("PLAID_URL", "http://127.0.0.1:4600")]);
        assert!(state == State::StandIn && found.ends_with("http://127.0.0.1:4600/"), "{found}");
        assert!(!found.contains("hunter2"), "{found}");
    }

    #[test]
    fn one_wrong_thing_makes_the_report_unhealthy() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&[("DATA_DIR", folder.path().to_str().unwrap())]);
        let down = Check::outcome("migrations", Err("3 are missing. Run coffer migrate".into()));

        let report = report(&config, &[down]);

        assert!(!report.healthy);
        assert!(
            report.text.contains("\n  wrong     migrations  3 are missing."),
            "{}",
            report.text
        );
        assert!(report.text.contains("\n1 thing is wrong.\n"));
    }

    #[test]
    fn values_and_passwords_are_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&[
            ("DATA_DIR", folder.path().to_str().unwrap()),
            ("SMTP_URL", "smtps://ann:hunter2@mail.example"),
            ("DATABASE_URL", "postgres://ann:hunter2@localhost/coffer"),
            ("BETTER_AUTH_SECRET", "hunter2hunter2hunter2hunter2"),
        ]);

        let text = report(&config, &[]).text;

        assert!(!text.contains("hunter2"), "{text}");
        assert!(
            text.contains("mail.example:465") && text.contains("coffer on localhost"),
            "{text}"
        );
    }

    #[test]
    fn what_the_rules_of_sign_in_lead_to_is_said_with_the_variable_that_changes_it() {
        let folder = tempfile::tempdir().unwrap();
        let home = ("DATA_DIR", folder.path().to_str().unwrap());
        let text =
            |pairs: &[(&str, &str)]| report(&config(&[&[home][..], pairs].concat()), &[]).text;
        let google = [("GOOGLE_CLIENT_ID", "id"), ("GOOGLE_CLIENT_SECRET", "secret")];

        let usual = text(&google);
        let other = text(
            &[
                &google[..],
                &[
                    ("APP_URL", "https://bank.example"),
                    ("COOKIE_PREFIX", "host"),
                    ("AUTH_TRUSTED_ORIGINS", "https://app.example,cofferapp://"),
                    ("CORS_ORIGINS", "capacitor://localhost"),
                    ("AUTH_TRUSTED_PROVIDERS", "google"),
                    ("AUTH_SOCIAL_SIGN_UP", "off"),
                    ("AUTH_ID_TOKEN_SIGN_IN", "on"),
                ][..],
            ]
            .concat(),
        );
        let shared = text(&[("AUTH_PROFILE", "better-auth"), ("APP_URL", "https://bank.example")]);

        for found in [
            "named better-auth.…",
            "none may send requests or be redirected to; none reads answers",
            "makes an account for whoever is new (AUTH_SOCIAL_SIGN_UP=on)",
            "no provider's word alone connects an account",
            "ID tokens of applications are refused (AUTH_ID_TOKEN_SIGN_IN=off)",
        ] {
            assert!(usual.contains(found), "{found} is missing in\n{usual}");
        }
        for found in [
            "named __Host-better-auth.…",
            "https://app.example, cofferapp:// may send requests and be redirected to (AUTH_TRUSTED_ORIGINS)",
            "capacitor://localhost read answers with cookies (CORS_ORIGINS)",
            "the word of google connects an account to the person with its address (AUTH_TRUSTED_PROVIDERS)",
            "makes no accounts (AUTH_SOCIAL_SIGN_UP=off)",
            "applications may post ID tokens (AUTH_ID_TOKEN_SIGN_IN=on)",
        ] {
            assert!(other.contains(found), "{found} is missing in\n{other}");
        }
        assert!(
            shared.contains("named __Secure-better-auth.…") && !shared.contains("provider rules"),
            "{shared}"
        );
    }

    #[test]
    fn a_warning_is_something_to_look_at() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&[
            ("DATA_DIR", folder.path().to_str().unwrap()),
            ("AUTH_PROFILE", "better-auth"),
        ]);

        let report = report(&config, &[]);

        assert!(report.healthy);
        assert!(
            report.text.contains("\n  look      AUTH_PROFILE  better-auth keeps"),
            "{}",
            report.text
        );
    }

    #[test]
    fn a_configuration_that_cannot_be_read_is_reported_line_by_line() {
        let mut problems = Problems::default();
        problems.push("BIND", "The value must be an address.");
        problems.push("APP_URL", "The value must be an address.");

        let report = refusal(&problems);

        assert!(!report.healthy);
        assert!(report.text.contains("wrong     BIND     The value"), "{}", report.text);
        assert!(report.text.contains("\n2 things are wrong.\n"));
    }

    #[tokio::test]
    async fn a_mail_server_that_is_not_there_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let open = taken.local_addr().unwrap().port();
        let at = |port: u16| {
            config(&[
                ("DATA_DIR", folder.path().to_str().unwrap()),
                ("SMTP_URL", &format!("smtp://127.0.0.1:{port}")),
            ])
        };

        assert_eq!(check_smtp(&at(open)).await.unwrap().state, State::Good);
        drop(taken);
        assert_eq!(check_smtp(&at(open)).await.unwrap().state, State::Wrong);
        assert_eq!(
            check_smtp(&config(&[("DATA_DIR", folder.path().to_str().unwrap())])).await,
            None
        );
    }
}
