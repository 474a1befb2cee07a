//! The configuration: every variable, read once, typed, with all problems reported together.

mod address;
pub mod billing;
mod cache;
pub mod data_dir;
mod database;
mod keys;
mod mail;
pub mod oauth;
pub mod plaid;
mod problem;
mod production;
mod reader;
mod secrets;
mod variables;
mod vars;

#[cfg(test)]
pub(crate) mod tests;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

pub use address::AddressConfig;
pub use billing::BillingConfig;
pub use cache::CacheUrl;
pub use database::{DatabaseUrl, Engine};
pub use keys::NamedKey;
pub use mail::MailConfig;
pub use oauth::OAuthConfig;
pub use plaid::PlaidConfig;
pub use problem::{Problem, Problems};
pub use secrets::Secrets;
pub use variables::{VARIABLES, Variable};
pub use vars::{Origin, Vars};

use reader::Reader;
use url::Url;

/// Where the program runs. Production refuses what the others put up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A developer's machine: secrets are made, errors explain themselves.
    Development,
    /// Under tests: as development, but nothing is shown that only people need.
    Test,
    /// People's money.
    Production,
}

impl Environment {
    /// The word of `COFFER_ENV`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Production => "production",
        }
    }
}

/// How closely Better Auth's protocol is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthProfile {
    /// Its routes, bodies and codes, with stricter rules behind them.
    Hardened,
    /// The protocol to the letter, for a database shared with a Better Auth application.
    BetterAuth,
}

impl AuthProfile {
    /// Whether the protocol is kept to the letter.
    pub fn is_better_auth(self) -> bool {
        self == Self::BetterAuth
    }
}

/// What the names of cookies begin with over https.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookiePrefix {
    /// `__Secure-`, as Better Auth has it.
    Secure,
    /// `__Host-`, which no sibling host can set.
    Host,
}

/// How new passwords are hashed. Both forms can be checked, whatever is set here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordHash {
    /// argon2id (RFC 9106).
    Argon2id,
    /// scrypt as Better Auth writes it, for the time in which one of its applications shares the database.
    Scrypt,
}

/// Where the databases are.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// For everything, unless one of the others is set.
    pub main: DatabaseUrl,
    /// For sign-in and sessions.
    pub auth: Option<DatabaseUrl>,
    /// For personal rows.
    pub app: Option<DatabaseUrl>,
    /// For migrations.
    pub migrate: Option<DatabaseUrl>,
    /// Most connections of one pool.
    pub connections: u32,
}

/// Rules of sign-in.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the environment")]
#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// Which profile is spoken.
    pub profile: AuthProfile,
    /// Origins besides our own: `https://app.example`, `cofferapp://`; with `*` only in the `better-auth` profile.
    pub trusted_origins: Vec<String>,
    /// No session before the address is proven.
    pub require_email_verification: bool,
    /// Whether attempts are limited.
    pub rate_limit: bool,
    /// What the names of cookies begin with.
    pub cookie_prefix: CookiePrefix,
    /// Fewest characters of a password.
    pub password_min: usize,
    /// How new passwords are hashed.
    pub password_hash: PasswordHash,
    /// Whether new passwords are looked up among those of known breaches, and where.
    pub breached_passwords: Option<Url>,
    /// Whether people may change their address.
    pub change_email: bool,
    /// Whether people may delete their account.
    pub delete_user: bool,
    /// Passwords hashed at the same time.
    pub hashing_threads: usize,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// How lines look.
    pub format: LogFormat,
    /// Which lines appear, as `tracing` writes it: `info,sqlx=warn`.
    pub filter: String,
}

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the program runs.
    pub environment: Environment,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// Names and addresses.
    pub address: AddressConfig,
    /// Databases.
    pub database: DatabaseConfig,
    /// The store that processes share; none where there is one process.
    pub cache: Option<CacheUrl>,
    /// Sign-in.
    pub auth: AuthConfig,
    /// Sign-in with other people's accounts.
    pub oauth: OAuthConfig,
    /// Who sells our plans; none: everybody may use everything.
    pub billing: Option<BillingConfig>,
    /// Whether the built-in bank is open.
    pub simbank: bool,
    /// Who asks real banks; none: nobody does.
    pub plaid: Option<PlaidConfig>,
    /// Outgoing mail.
    pub mail: MailConfig,
    /// What signs and encrypts.
    pub secrets: Secrets,
    /// Log lines.
    pub log: LogConfig,
    /// How long a leaving process still accepts connections after it reported not ready.
    pub drain_delay: Duration,
    /// What is odd but no reason to stay down.
    pub warnings: Vec<String>,
    /// Where each value came from.
    pub origins: BTreeMap<String, Origin>,
}

const QUIET: &str = "info,sqlx=warn,hyper=warn,h2=warn,rustls=warn";

impl Config {
    /// Reads everything in `vars`. `random` makes the development secrets on the very first start.
    ///
    /// # Errors
    /// Every problem there is, each with the name of its variable.
    pub fn read(vars: &Vars, random: &mut dyn FnMut(&mut [u8])) -> Result<Self, Problems> {
        let mut reader = Reader::new(vars);
        let reader = &mut reader;
        let words = [Environment::Development, Environment::Test, Environment::Production]
            .map(|environment| (environment.as_str(), environment));
        let environment = reader.choice("COFFER_ENV", &words).unwrap_or(Environment::Development);
        let data_dir = PathBuf::from(reader.text("DATA_DIR").unwrap_or_else(|| "data".to_owned()));

        let mut config = Self {
            environment,
            address: address::read(reader, environment),
            database: read_database(reader, &data_dir),
            cache: reader.parsed(
                "REDIS_URL",
                "an address like rediss://user:password@host:6379 or redis://127.0.0.1",
            ),
            auth: read_auth(reader, environment),
            oauth: oauth::read(reader),
            billing: billing::read(reader, environment),
            simbank: reader
                .switch("COFFER_SIMBANK")
                .unwrap_or(environment != Environment::Production),
            plaid: plaid::read(reader, environment),
            mail: mail::read(reader),
            secrets: secrets::read(reader, environment, &data_dir, random),
            log: read_log(reader, environment),
            drain_delay: read_drain(reader, environment),
            data_dir,
            warnings: Vec::new(),
            origins: BTreeMap::new(),
        };
        if config.billing.as_ref().is_some_and(|billing| billing.server == billing::Server::StandIn)
        {
            // The program reaches its own stand-in, and is reached by it, over loopback.
            config.address.allowed_hosts.push(format!("127.0.0.1:{}", config.address.bind.port()));
        }
        config.warn(vars, reader);
        config.warnings = std::mem::take(&mut reader.warnings);
        config.origins = std::mem::take(&mut reader.origins);

        let mut problems = std::mem::take(&mut reader.problems);
        if environment == Environment::Production {
            production::refuse(&config, &mut problems);
        }
        if problems.0.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// Whether this is a developer's machine.
    pub fn is_development(&self) -> bool {
        self.environment == Environment::Development
    }

    fn warn(&self, vars: &Vars, reader: &mut Reader<'_>) {
        let unknown = vars.unknown().into_iter();
        reader
            .warnings
            .extend(unknown.map(|name| format!("{name}: This variable means nothing to Coffer.")));
        if self.auth.profile.is_better_auth() {
            reader.warnings.push(
                "AUTH_PROFILE: better-auth keeps tokens readable in the database. Use hardened once no other application shares it.".to_owned(),
            );
        } else if self.auth.trusted_origins.iter().any(|origin| origin.contains('*')) {
            reader.warnings.push(
                "AUTH_TRUSTED_ORIGINS: Entries with * count in the better-auth profile alone."
                    .to_owned(),
            );
        }
    }
}

fn read_database(reader: &mut Reader<'_>, data_dir: &std::path::Path) -> DatabaseConfig {
    let mut url = |name| {
        reader.parsed::<DatabaseUrl>(
            name,
            "an address like postgres://user:password@host/name or sqlite://data/coffer.db",
        )
    };
    let main = url("DATABASE_URL");
    let (auth, app, migrate) =
        (url("DATABASE_AUTH_URL"), url("DATABASE_APP_URL"), url("DATABASE_MIGRATE_URL"));
    let main = main.unwrap_or_else(|| DatabaseUrl::in_directory(data_dir));
    for (name, other) in [
        ("DATABASE_AUTH_URL", &auth),
        ("DATABASE_APP_URL", &app),
        ("DATABASE_MIGRATE_URL", &migrate),
    ] {
        if other
            .as_ref()
            .is_some_and(|url| url.engine != Engine::Postgres || main.engine != Engine::Postgres)
        {
            reader.problems.push(name, "Separate roles need Postgres in DATABASE_URL and here.");
        }
    }
    let connections = reader.number("DATABASE_CONNECTIONS", 2..=200).unwrap_or(10);
    DatabaseConfig { main, auth, app, migrate, connections }
}

fn read_auth(reader: &mut Reader<'_>, environment: Environment) -> AuthConfig {
    let profiles = [("hardened", AuthProfile::Hardened), ("better-auth", AuthProfile::BetterAuth)];
    let profile = reader.choice("AUTH_PROFILE", &profiles).unwrap_or(AuthProfile::Hardened);
    let trusted_origins = reader.list("AUTH_TRUSTED_ORIGINS");
    if let Some(wrong) = trusted_origins.iter().find(|origin| !is_origin(origin)) {
        reader.problems.push(
            "AUTH_TRUSTED_ORIGINS",
            format!("{wrong} is not an origin like https://app.example or cofferapp://"),
        );
    }
    let prefixes = [("secure", CookiePrefix::Secure), ("host", CookiePrefix::Host)];
    let usual_min = if profile.is_better_auth() { 8 } else { 12 };
    let hashes = [("argon2id", PasswordHash::Argon2id), ("scrypt", PasswordHash::Scrypt)];
    let usual_hash =
        if profile.is_better_auth() { PasswordHash::Scrypt } else { PasswordHash::Argon2id };
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    AuthConfig {
        profile,
        trusted_origins,
        require_email_verification: reader
            .switch("AUTH_REQUIRE_EMAIL_VERIFICATION")
            .unwrap_or(environment == Environment::Production),
        rate_limit: reader
            .switch("AUTH_RATE_LIMIT")
            .unwrap_or(environment == Environment::Production),
        cookie_prefix: reader.choice("COOKIE_PREFIX", &prefixes).unwrap_or(CookiePrefix::Secure),
        password_min: reader.number("PASSWORD_MIN", 8..=64).unwrap_or(usual_min),
        password_hash: reader.choice("PASSWORD_HASH", &hashes).unwrap_or(usual_hash),
        breached_passwords: read_breached(reader),
        change_email: reader.switch("AUTH_CHANGE_EMAIL").unwrap_or(true),
        delete_user: reader.switch("AUTH_DELETE_USER").unwrap_or(true),
        hashing_threads: reader.number("HASHING_THREADS", 1..=64).unwrap_or(cores.min(64)),
    }
}

/// Have I Been Pwned, or whatever answers like it.
fn read_breached(reader: &mut Reader<'_>) -> Option<Url> {
    let usual = "https://api.pwnedpasswords.com/";
    let on = reader.switch("HIBP").unwrap_or(false);
    let named = reader.parsed::<Url>("HIBP_URL", "an address like https://api.pwnedpasswords.com/");
    on.then(|| named.or_else(|| usual.parse().ok())).flatten()
}

/// An origin, an origin with `*`, a host with `*`, or a scheme of an application.
fn is_origin(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-*_:[]".contains(&byte);
    match text.split_once("://") {
        Some(("http" | "https", host)) => !host.is_empty() && host.bytes().all(plain),
        Some((scheme, rest)) => {
            scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
                && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && rest.bytes().all(|byte| plain(byte) || byte == b'/')
        }
        None => text.starts_with("*.") && text.bytes().all(plain),
    }
}

fn read_log(reader: &mut Reader<'_>, environment: Environment) -> LogConfig {
    let formats = [("json", LogFormat::Json), ("pretty", LogFormat::Pretty)];
    let usual = match environment {
        Environment::Production => LogFormat::Json,
        Environment::Development | Environment::Test => LogFormat::Pretty,
    };
    let format = reader.choice("LOG_FORMAT", &formats).unwrap_or(usual);
    let filter = reader.text("RUST_LOG").unwrap_or_else(|| QUIET.to_owned());
    if tracing_subscriber::EnvFilter::try_new(&filter).is_err() {
        reader.problems.push("RUST_LOG", "The value must be a filter like info,sqlx=warn.");
    }
    LogConfig { format, filter }
}

fn read_drain(reader: &mut Reader<'_>, environment: Environment) -> Duration {
    let usual = if environment == Environment::Production { 5 } else { 0 };
    Duration::from_secs(reader.number("DRAIN_SECONDS", 0..=60).unwrap_or(usual))
}
